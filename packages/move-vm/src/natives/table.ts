/** Making native tables: short names in, full addresses out. */
import { normalizeAddress } from '../common/address.ts';
import type { NativeFunction, NativeTable } from '../runtime/api.ts';

/** Natives of one module by function name. */
export type ModuleNatives = Readonly<Record<string, NativeFunction>>;

/** `{ event: { emit } }` at `0x2` becomes `0x000…2::event::emit`. */
export function nativesAt(
  address: string,
  modules: Readonly<Record<string, ModuleNatives>>,
): [string, NativeFunction][] {
  const full = normalizeAddress(address);
  return Object.entries(modules).flatMap(([module, functions]) =>
    Object.entries(functions).map(([name, native]): [string, NativeFunction] => [
      `${full}::${module}::${name}`,
      native,
    ]),
  );
}

/** One table; a later entry replaces an earlier one of the same name. */
export function nativeTable(
  ...entries: readonly (readonly [string, NativeFunction])[]
): NativeTable {
  return new Map(entries);
}
