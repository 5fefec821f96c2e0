/** How the Sui passes recognise framework types and functions in a module's handles. */

import type { CompiledModule, SignatureToken } from '../../binary/module.ts';
import { datatypeModule, datatypeName, functionModule, functionName } from '../../binary/view.ts';
import { SUI_FRAMEWORK_ADDRESS } from '../../common/address.ts';
import type { ModuleId } from '../../common/errors.ts';

/** True if `token` is the datatype `0x2::module::name`, whatever its arguments. */
export function isSuiType(
  module: CompiledModule,
  token: SignatureToken,
  suiModule: string,
  name: string,
): boolean {
  if (token.kind !== 'datatype') return false;
  const handle = module.datatypeHandles[token.handle]!;
  const id = datatypeModule(module, handle);
  return (
    id.address === SUI_FRAMEWORK_ADDRESS &&
    id.name === suiModule &&
    datatypeName(module, handle) === name
  );
}

/** `address::module::function` of a function handle. */
export function qualifiedFunction(module: CompiledModule, handleIndex: number): string {
  const handle = module.functionHandles[handleIndex]!;
  const id = functionModule(module, handle);
  return `${id.address}::${id.name}::${functionName(module, handle)}`;
}

/** The key under which `qualifiedFunction` finds `0x2::module::function`. */
export function suiFunction(module: string, name: string): string {
  return `${SUI_FRAMEWORK_ADDRESS}::${module}::${name}`;
}

export function isSuiModule(id: ModuleId, name: string): boolean {
  return id.address === SUI_FRAMEWORK_ADDRESS && id.name === name;
}
