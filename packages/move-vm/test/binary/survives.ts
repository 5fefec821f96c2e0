/** Holds the parser, writer and verifier to typed errors, whatever bytes they get. */
import { expect } from 'vitest';
import { parseModule, writeModule } from '../../src/binary/index.ts';
import { isVmError } from '../../src/common/index.ts';
import { verifyModule, verifySui } from '../../src/verify/index.ts';

/** Bits to flip in one byte: the lowest, the continuation bit of a ULEB128 number, all. */
export const FLIPS: readonly number[] = [0x01, 0x80, 0xff];

/** What became of the bytes; anything but a VmError is thrown on. */
export function survives(bytes: Uint8Array): 'module' | 'error' {
  try {
    const module = parseModule(bytes);
    // Another order of tables is a valid file too, so only a second round must be stable.
    const written = writeModule(module);
    expect(writeModule(parseModule(written))).toEqual(written);
    verifyModule(module);
    verifySui(module);
    return 'module';
  } catch (error) {
    if (!isVmError(error)) throw error;
    return 'error';
  }
}

/** Flips bits of every byte in turn; `flips` says which at a position. */
export function flipEveryByte(original: Uint8Array, flips: (at: number) => readonly number[]) {
  const outcomes = { module: 0, error: 0 };
  for (let at = 0; at < original.length; at++) {
    for (const flip of flips(at)) {
      const bytes = original.slice();
      bytes[at]! ^= flip;
      outcomes[survives(bytes)] += 1;
    }
  }
  return outcomes;
}
