/**
 * Functions whose type arguments must be types of the calling module: what makes `transfer`,
 * `share_object`, `emit` and their like the business of the type's own module.
 * Source: move-vm.md §7 (private_generics).
 */

import type { CompiledModule, SignatureToken } from '../../binary/module.ts';
import { OP } from '../../binary/opcodes.ts';
import { datatypeModule, datatypeName, functionModule, selfId } from '../../binary/view.ts';
import { MOVE_STDLIB_ADDRESS, SUI_FRAMEWORK_ADDRESS, shortAddress } from '../../common/address.ts';
import { suiRejected } from '../../common/errors.ts';
import { isSuiModule, qualifiedFunction, suiFunction } from './names.ts';

/** Module whose calls are free: Move unit tests move anything. */
const EXEMPT_MODULE = 'test_scenario';

const INTERNAL_FUNCTIONS: ReadonlySet<string> = new Set([
  `${MOVE_STDLIB_ADDRESS}::internal::permit`,
  suiFunction('event', 'emit'),
  suiFunction('event', 'emit_authenticated'),
  suiFunction('transfer', 'transfer'),
  suiFunction('transfer', 'freeze_object'),
  suiFunction('transfer', 'share_object'),
  suiFunction('transfer', 'receive'),
  suiFunction('transfer', 'party_transfer'),
  suiFunction('coin_registry', 'new_currency'),
]);

/** Every one of them checks its first type parameter only. */
const INTERNAL_PARAMETER = 0;

/**
 * Public functions of `sui::event` and `sui::transfer` that any module may call with any type. A
 * function of those two modules that stands in neither table is a mistake of the framework.
 */
const FREE_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  event: ['num_events', 'events_by_type'],
  transfer: [
    'public_transfer',
    'public_freeze_object',
    'public_share_object',
    'public_receive',
    'public_party_transfer',
    'receiving_object_id',
  ],
};

/** True if `address::module::function` takes only types of the calling module. */
export function hasInternalTypeParameter(address: string, module: string, name: string): boolean {
  return INTERNAL_FUNCTIONS.has(`${address}::${module}::${name}`);
}

function typeText(module: CompiledModule, token: SignatureToken): string {
  if (token.kind === 'typeParameter') return `T${token.index}`;
  if (token.kind !== 'datatype') return token.kind;
  const handle = module.datatypeHandles[token.handle]!;
  const id = datatypeModule(module, handle);
  return `${shortAddress(id.address)}::${id.name}::${datatypeName(module, handle)}`;
}

function checkCall(module: CompiledModule, instantiation: number): void {
  const { handle: index, typeArgs } = module.functionInstantiations[instantiation]!;
  const handle = module.functionHandles[index]!;
  if (handle.module === module.selfHandle) return;
  const callee = qualifiedFunction(module, index);
  if (!INTERNAL_FUNCTIONS.has(callee)) return;
  const argument = module.signatures[typeArgs]![INTERNAL_PARAMETER]!;
  if (
    argument.kind === 'datatype' &&
    module.datatypeHandles[argument.handle]!.module === module.selfHandle
  ) {
    return;
  }
  const id = functionModule(module, handle);
  const name = callee.slice(callee.lastIndexOf('::') + 2);
  const library = id.address === MOVE_STDLIB_ADDRESS ? 'std' : 'sui';
  throw suiRejected(
    `Invalid call to '${library}::${id.name}::${name}'. Type argument #${INTERNAL_PARAMETER} must ` +
      `be a type defined in the current module, found '${typeText(module, argument)}'`,
    selfId(module),
  );
}

function checkExhaustive(module: CompiledModule): void {
  const self = selfId(module);
  const free = self.address === SUI_FRAMEWORK_ADDRESS ? FREE_FUNCTIONS[self.name] : undefined;
  if (free === undefined) return;
  for (const { handle, visibility } of module.functions) {
    if (visibility !== 'public') continue;
    const name = module.identifiers[module.functionHandles[handle]!.name]!;
    if (free.includes(name) || INTERNAL_FUNCTIONS.has(suiFunction(self.name, name))) continue;
    throw suiRejected(`'sui::${self.name}::${name}' is in no private-generics table`, self);
  }
}

export function checkPrivateGenerics(module: CompiledModule): void {
  if (isSuiModule(selfId(module), EXEMPT_MODULE)) return;
  checkExhaustive(module);
  for (const { code } of module.functions) {
    if (code === undefined) continue;
    for (let pc = 0; pc < code.ops.length; pc++) {
      if (code.ops[pc] === OP.CallGeneric) checkCall(module, code.args[pc]!);
    }
  }
}
