/**
 * Package digest, as an upgrade ticket names it: Blake2b-256 over 32-byte items in byte order, the
 * items being the Blake2b-256 of each module's bytes as sent, and the storage id of each
 * dependency.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { MoveBuildError } from './errors.ts';

const ITEM_LENGTH = 32;

/**
 * @param modules bytes of each module, as they go into the transaction
 * @param dependencies storage ids, `0x` + 64 hex digits
 * @returns 32 bytes
 */
export function packageDigest(
  modules: readonly Uint8Array[],
  dependencies: readonly string[],
): Uint8Array {
  const items: Uint8Array[] = modules.map((module) => blake2b(module, { dkLen: ITEM_LENGTH }));
  for (const id of dependencies) items.push(idBytes(id));
  items.sort(compareBytes);
  const joined = new Uint8Array(items.length * ITEM_LENGTH);
  for (const [index, item] of items.entries()) joined.set(item, index * ITEM_LENGTH);
  return blake2b(joined, { dkLen: ITEM_LENGTH });
}

function idBytes(id: string): Uint8Array {
  if (!/^0x[0-9a-f]{64}$/.test(id)) {
    throw new MoveBuildError(
      'MOVE_BUILD_INVALID_INPUT',
      `dependency id ${JSON.stringify(id)} is not 0x and 64 lower-case hex digits`,
    );
  }
  return Uint8Array.from({ length: ITEM_LENGTH }, (_, i) =>
    Number.parseInt(id.slice(2 + 2 * i, 4 + 2 * i), 16),
  );
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < ITEM_LENGTH; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
