/**
 * The generator behind the reference's DKG vectors: rand 0.8 `StdRng`, which is the ChaCha12
 * keystream with a 64-bit block counter, read as little-endian words. Test data only.
 */

import type { RandomSource } from '@seal-ts/crypto';

const ROUNDS = 12;
const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
const rotl = (x: number, n: number) => (x << n) | (x >>> (32 - n));

function quarter(s: Uint32Array, [a, b, c, d]: readonly [number, number, number, number]): void {
  const steps = [
    [a, b, d, 16],
    [c, d, b, 12],
    [a, b, d, 8],
    [c, d, b, 7],
  ] as const;
  for (const [x, y, z, n] of steps) {
    s[x] = s[x]! + s[y]!;
    s[z] = rotl(s[z]! ^ s[x]!, n);
  }
}

const COLUMNS_AND_DIAGONALS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function block(key: Uint32Array, counter: number): Uint8Array {
  const start = Uint32Array.of(...SIGMA, ...key, counter, 0, 0, 0);
  const state = start.slice();
  for (let round = 0; round < ROUNDS; round += 2) {
    for (const lanes of COLUMNS_AND_DIAGONALS) quarter(state, lanes);
  }
  const out = new DataView(new ArrayBuffer(64));
  for (let i = 0; i < 16; i++) out.setUint32(4 * i, state[i]! + start[i]!, true);
  return new Uint8Array(out.buffer);
}

/** `StdRng::from_seed([byte; 32])` as a random source. */
export function stdRng(byte: number): RandomSource {
  const key = new Uint32Array(8).fill(byte * 0x01010101);
  let counter = 0;
  let rest = new Uint8Array(0);
  return (n) => {
    while (rest.length < n) rest = Uint8Array.of(...rest, ...block(key, counter++));
    const out = rest.slice(0, n);
    rest = rest.slice(n);
    return out;
  };
}
