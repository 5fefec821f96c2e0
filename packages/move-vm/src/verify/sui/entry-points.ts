/**
 * `init` and `entry` functions. Source: move-vm.md §7 (entry_points), protocol 118: signatures of
 * entry functions are free, except that the clock and the randomness are read-only.
 */

import type { CompiledModule, FunctionDefinition, SignatureToken } from '../../binary/module.ts';
import { OP } from '../../binary/opcodes.ts';
import { definedFunctionName, findFunction, selfId } from '../../binary/view.ts';
import { suiRejected } from '../../common/errors.ts';
import { isSuiType } from './names.ts';
import { INIT_FUNCTION } from './one-time-witness.ts';

const MAX_INIT_PARAMETERS = 2;

function isContextReference(module: CompiledModule, token: SignatureToken): boolean {
  return token.kind === 'reference' && isSuiType(module, token.to, 'tx_context', 'TxContext');
}

/** The function definition called `init`, or undefined. */
export function initFunction(module: CompiledModule): FunctionDefinition | undefined {
  return module.functions[findFunction(module, INIT_FUNCTION)];
}

function checkInit(module: CompiledModule): void {
  const init = initFunction(module);
  if (init === undefined) return;
  const refuse = (message: string): Error =>
    suiRejected(`init function ${message}`, selfId(module));
  const handle = module.functionHandles[init.handle]!;
  const parameters = module.signatures[handle.parameters]!;
  if (init.visibility !== 'private') throw refuse('must be private');
  if (init.isEntry) throw refuse("cannot be 'entry'");
  if (handle.typeParameters.length > 0) throw refuse('cannot have type parameters');
  if (module.signatures[handle.returns]!.length > 0) throw refuse('cannot have return values');
  if (parameters.length < 1 || parameters.length > MAX_INIT_PARAMETERS) {
    throw refuse(`must have 1 or 2 parameters, has ${parameters.length}`);
  }
  if (!isContextReference(module, parameters[parameters.length - 1]!)) {
    throw refuse('must have &TxContext or &mut TxContext as the last parameter');
  }
}

function calledHandle(module: CompiledModule, op: number, arg: number): number {
  if (op === OP.Call) return arg;
  return op === OP.CallGeneric ? module.functionInstantiations[arg]!.handle : -1;
}

function checkInitNotCalled(module: CompiledModule): void {
  module.functions.forEach(({ code }, index) => {
    if (code === undefined) return;
    for (let pc = 0; pc < code.ops.length; pc++) {
      const handle = calledHandle(module, code.ops[pc]!, code.args[pc]!);
      if (handle < 0) continue;
      if (module.identifiers[module.functionHandles[handle]!.name] !== INIT_FUNCTION) continue;
      throw suiRejected(
        `${definedFunctionName(module, index)} calls an init function; ` +
          'only the publisher of a package may',
        selfId(module),
      );
    }
  });
}

const READ_ONLY = [
  { module: 'clock', name: 'Clock' },
  { module: 'random', name: 'Random' },
] as const;

function checkEntryParameter(module: CompiledModule, token: SignatureToken): void {
  const target = token.kind === 'reference' ? token.to : token;
  if (token.kind === 'reference' && !token.mutable) return;
  for (const type of READ_ONLY) {
    if (!isSuiType(module, target, type.module, type.name)) continue;
    throw suiRejected(
      `Invalid entry point parameter type. ${type.name} must be passed by immutable reference`,
      selfId(module),
    );
  }
}

export function checkEntryPoints(module: CompiledModule): void {
  checkInit(module);
  checkInitNotCalled(module);
  for (const { handle, isEntry } of module.functions) {
    if (!isEntry) continue;
    for (const token of module.signatures[module.functionHandles[handle]!.parameters]!) {
      checkEntryParameter(module, token);
    }
  }
}
