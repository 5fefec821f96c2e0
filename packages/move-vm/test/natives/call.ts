/** Calls a native directly, as the interpreter does. */
import {
  ByteVector,
  gasMeter,
  MoveRuntime,
  type MoveType,
  type NativeTable,
  nativeTable,
  normalizeAddress,
  pureSuiNatives,
  stdNatives,
  type Value,
} from '../../src/index.ts';

export const natives: NativeTable = nativeTable(...stdNatives, ...pureSuiNatives);

export const printed: string[] = [];

/** `call('0x2::hash::blake2b256', [bytes])`. */
export function call(
  name: string,
  args: readonly Value[],
  typeArguments: readonly MoveType[] = [],
): Value | undefined {
  const [address, ...path] = name.split('::');
  const native = natives.get([normalizeAddress(address!), ...path].join('::'));
  if (native === undefined) throw new Error(`there is no native ${name}`);
  const runtime = new MoveRuntime(
    { natives, print: (text) => printed.push(text) },
    { packages: { package: () => undefined } },
  );
  return native(runtime.session({ gas: gasMeter(1_000_000) }), typeArguments, [...args]);
}

export function hex(text: string): ByteVector {
  return new ByteVector(Uint8Array.from(Buffer.from(text, 'hex')));
}

export function utf8(text: string): ByteVector {
  return new ByteVector(new TextEncoder().encode(text));
}

export function toHex(value: Value | undefined): string {
  if (!(value instanceof ByteVector)) throw new Error('expected bytes');
  return Buffer.from(value.view()).toString('hex');
}
