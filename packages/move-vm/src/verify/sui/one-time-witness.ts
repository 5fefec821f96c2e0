/**
 * One-time witness: a type of which exactly one value ever exists, made by the VM for `init`.
 * Source: move-vm.md §7 (one_time_witness).
 */

import { ABILITY, type CompiledModule } from '../../binary/module.ts';
import { OP } from '../../binary/opcodes.ts';
import {
  datatypeName,
  definedFunctionName,
  findFunction,
  findStruct,
  selfId,
} from '../../binary/view.ts';
import { suiRejected } from '../../common/errors.ts';
import { isSuiModule } from './names.ts';

export const INIT_FUNCTION = 'init';

/**
 * Index of the struct that is the module's one-time witness candidate, or -1: named like the module
 * in upper case, with a single field of type bool.
 */
export function oneTimeWitnessCandidate(module: CompiledModule): number {
  const index = findStruct(module, selfId(module).name.toUpperCase());
  if (index < 0) return -1;
  const { fields } = module.structs[index]!;
  return fields.length === 1 && fields[0]!.type.kind === 'bool' ? index : -1;
}

function checkCandidate(module: CompiledModule, candidate: number): void {
  const handle = module.datatypeHandles[module.structs[candidate]!.handle]!;
  const name = datatypeName(module, handle);
  const refuse = (message: string): Error =>
    suiRejected(`one-time witness type candidate ${name} ${message}`, selfId(module));
  if (handle.abilities !== ABILITY.drop) throw refuse("must have a single ability: 'drop'");
  if (handle.typeParameters.length > 0) throw refuse('cannot have type parameters');
  module.functions.forEach(({ code }, index) => {
    if (code === undefined) return;
    for (let pc = 0; pc < code.ops.length; pc++) {
      if (code.ops[pc] === OP.Pack && code.args[pc] === candidate) {
        throw refuse(`is instantiated in ${definedFunctionName(module, index)} and must never be`);
      }
    }
  });
}

export function checkOneTimeWitness(module: CompiledModule): void {
  const self = selfId(module);
  // The native coin's type was there before the rule.
  if (isSuiModule(self, 'sui')) return;
  const candidate = oneTimeWitnessCandidate(module);
  if (candidate >= 0) checkCandidate(module, candidate);
  const init = findFunction(module, INIT_FUNCTION);
  if (init < 0) return;
  const handle = module.functionHandles[module.functions[init]!.handle]!;
  const parameters = module.signatures[handle.parameters]!;
  if (candidate < 0) {
    if (parameters.length === 1) return;
    throw suiRejected(
      `init function of a module without a one-time witness takes 1 parameter, not ${parameters.length}`,
      self,
    );
  }
  const first = parameters[0];
  const isWitness =
    first?.kind === 'datatype' && first.handle === module.structs[candidate]!.handle;
  if (parameters.length !== 2 || !isWitness) {
    throw suiRejected(
      'init function of a module with a one-time witness takes it as the first of 2 parameters',
      self,
    );
  }
}
