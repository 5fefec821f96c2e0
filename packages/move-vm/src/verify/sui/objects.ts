/**
 * Objects: a struct with `key` begins with `id: UID`, enums never have `key`, and there is no global
 * storage. Source: move-vm.md §7 (struct_with_key, global_storage_access).
 */

import { ABILITY, type CompiledModule } from '../../binary/module.ts';
import { OP, opcodeName } from '../../binary/opcodes.ts';
import { datatypeName, definedFunctionName, selfId } from '../../binary/view.ts';
import { suiRejected } from '../../common/errors.ts';
import { isSuiType } from './names.ts';

function isGlobalStorage(op: number): boolean {
  return (
    (op >= OP.ExistsDeprecated && op <= OP.MoveToDeprecated) ||
    (op >= OP.ExistsGenericDeprecated && op <= OP.MoveToGenericDeprecated)
  );
}

export function checkNoGlobalStorage(module: CompiledModule): void {
  module.functions.forEach(({ code }, index) => {
    const op = code?.ops.find(isGlobalStorage);
    if (op === undefined) return;
    throw suiRejected(
      'Access to Move global storage is not allowed. ' +
        `Found in '${definedFunctionName(module, index)}': ${opcodeName(op)}`,
      selfId(module),
    );
  });
}

export function checkKeyStructs(module: CompiledModule): void {
  const refuse = (message: string): Error => suiRejected(message, selfId(module));
  for (const { handle: index } of module.enums) {
    const handle = module.datatypeHandles[index]!;
    if ((handle.abilities & ABILITY.key) !== 0) {
      throw refuse(`Enum ${datatypeName(module, handle)} cannot have the 'key' ability`);
    }
  }
  for (const { handle: index, fields } of module.structs) {
    const handle = module.datatypeHandles[index]!;
    if ((handle.abilities & ABILITY.key) === 0) continue;
    const name = datatypeName(module, handle);
    const first = fields[0];
    if (first === undefined || module.identifiers[first.name] !== 'id') {
      throw refuse(`First field of struct ${name} must be 'id'`);
    }
    if (!isSuiType(module, first.type, 'object', 'UID')) {
      throw refuse(`First field of struct ${name} must be of type 0x2::object::UID`);
    }
  }
}
