/**
 * Canonical text of types: 64-digit addresses, `,` without space (sui-ledger.md §2.3), and the
 * few system types the ledger itself must recognise.
 */
import type { StructTag, TypeTag } from './vm.ts';

/** `0x` + 64 digits of a small number. */
export function systemAddress(id: number): string {
  return `0x${id.toString(16).padStart(64, '0')}`;
}

export const STD_ADDRESS = systemAddress(1);
export const SUI_ADDRESS = systemAddress(2);
export const SUI_SYSTEM_ADDRESS = systemAddress(3);

const structTexts = new WeakMap<StructTag, string>();

/** Canonical text; remembered for struct tags, which objects share. */
export function typeText(type: TypeTag): string {
  if (type.kind === 'vector') return `vector<${typeText(type.element)}>`;
  if (type.kind !== 'struct') return type.kind;
  const known = structTexts.get(type);
  if (known !== undefined) return known;
  const head = `${type.address}::${type.module}::${type.name}`;
  const args = type.typeArgs.map(typeText).join(',');
  const text = args === '' ? head : `${head}<${args}>`;
  structTexts.set(type, text);
  return text;
}

export function struct(
  address: string,
  module: string,
  name: string,
  typeArgs: readonly TypeTag[] = [],
): StructTag {
  return { kind: 'struct', address, module, name, typeArgs };
}

/** True for `address::module::name` with any type arguments. */
export function isStruct(type: TypeTag, address: string, module: string, name: string): boolean {
  return (
    type.kind === 'struct' &&
    type.name === name &&
    type.module === module &&
    type.address === address
  );
}

const SUI_TYPE = struct(SUI_ADDRESS, 'sui', 'SUI');
export const SUI_COIN_TYPE = struct(SUI_ADDRESS, 'coin', 'Coin', [SUI_TYPE]);
export const SUI_COIN_TEXT = typeText(SUI_COIN_TYPE);
export const SUI_TEXT = typeText(SUI_TYPE);

/** The `T` of a `0x2::coin::Coin<T>`, else undefined. */
export function coinTypeOf(type: TypeTag): TypeTag | undefined {
  if (!isStruct(type, SUI_ADDRESS, 'coin', 'Coin')) return undefined;
  return type.kind === 'struct' ? type.typeArgs[0] : undefined;
}
