/**
 * Multiplication of a group's generator by a one-time secret, from a table: 64 additions, no
 * doublings. Encryption and the nonce check of decryption each need one such product in G2.
 *
 * The scalar is written with 64 digits from 1 to 16 (not 0 to 15): with `C = Σ 16^i`, the ordinary
 * digits of `k − C mod r`, each plus one. No digit is zero, so every scalar takes the same
 * additions.
 */

import { GROUP_ORDER, scalarToBigint } from '../scalar.ts';
import type { Scratch } from './memory.ts';
import type { MclModule, Pointer } from './module.ts';

const WINDOWS = 64;
const DIGITS = 16;
const DIGIT_OFFSET = (16n ** 64n - 1n) / 15n;

interface FixedBaseFunctions {
  readonly add: MclModule['_mclBnG1_add'];
  readonly normalizeVec: MclModule['_mclBnG1_normalizeVec'];
}

/** Fills a permanent block of module memory with `d · 16^i · base` for d from 1 to 16. */
function buildTable(
  scratch: Scratch,
  call: FixedBaseFunctions,
  base: Uint8Array,
  rawLength: number,
): Pointer {
  const table = scratch.permanent(WINDOWS * DIGITS * rawLength);
  scratch.frame(() => {
    let step = scratch.put(base);
    for (let window = 0; window < WINDOWS; window++) {
      const row = table + window * DIGITS * rawLength;
      scratch.write(row, scratch.take(step, rawLength));
      for (let digit = 1; digit < DIGITS; digit++) {
        const at = row + digit * rawLength;
        call.add(at, at - rawLength, step);
      }
      step = row + (DIGITS - 1) * rawLength;
    }
    // Affine entries make every later addition cheaper.
    call.normalizeVec(table, table, WINDOWS * DIGITS);
  });
  return table;
}

/** Returns `multiply(scalar)`; the table (a few hundred KiB) is built at the first call. */
export function fixedBase(
  scratch: Scratch,
  call: FixedBaseFunctions,
  base: Uint8Array,
  rawLength: number,
): (scalar: Uint8Array) => Uint8Array {
  let table: Pointer | undefined;
  return (scalar) => {
    let digits = scalarToBigint(scalar) - (DIGIT_OFFSET % GROUP_ORDER);
    if (digits < 0n) digits += GROUP_ORDER;
    table ??= buildTable(scratch, call, base, rawLength);
    let row = table;
    return scratch.secretFrame(() => {
      const sum = scratch.alloc(rawLength);
      for (let word = 0; word < WINDOWS; word += 8) {
        let nibbles = Number(BigInt.asUintN(32, digits));
        digits >>= 32n;
        for (let i = 0; i < 8; i++) {
          const entry = row + (nibbles & 15) * rawLength;
          if (word + i === 0) scratch.write(sum, scratch.take(entry, rawLength));
          else call.add(sum, sum, entry);
          nibbles >>>= 4;
          row += DIGITS * rawLength;
        }
      }
      return scratch.take(sum, rawLength);
    });
  };
}
