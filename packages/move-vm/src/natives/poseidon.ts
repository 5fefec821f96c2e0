/**
 * `sui::poseidon`: Poseidon over the scalar field of BN254 with the parameters of circomlib.
 *
 * Width is inputs + 1, S-box x^5, 8 full rounds; constants come from the paper's Grain generator.
 * Source: move-vm.md §6.4; Grassi et al., "Poseidon", 2019.
 */
import { grainGenConstants, poseidon } from '@noble/curves/abstract/poseidon.js';
import { bn254 } from '@noble/curves/bn254.js';
import { bytesOf, bytesValue, itemsOf } from './arguments.ts';
import { COST } from './costs.ts';
import type { ModuleNatives } from './table.ts';

const E_NON_CANONICAL = 0;
const E_EMPTY = 1;
const E_TOO_MANY = 2;

const FULL_ROUNDS = 8;
/** Partial rounds by number of inputs, from one input on. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
export const MAX_POSEIDON_INPUTS = PARTIAL_ROUNDS.length;
const FIELD_BYTES = 32;

const field = bn254.fields.Fr;
type Permutation = (state: bigint[]) => bigint[];

/** Permutations by number of inputs; constants take a while to generate. */
const permutations: (Permutation | undefined)[] = [];

function permutation(inputs: number): Permutation {
  const known = permutations[inputs];
  if (known !== undefined) return known;
  const shape = {
    Fp: field,
    t: inputs + 1,
    roundsFull: FULL_ROUNDS,
    roundsPartial: PARTIAL_ROUNDS[inputs - 1]!,
    sboxPower: 5,
  };
  const made = poseidon({ ...grainGenConstants(shape, 0), ...shape });
  permutations[inputs] = made;
  return made;
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

function toLittleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(FIELD_BYTES);
  let rest = value;
  for (let i = 0; i < FIELD_BYTES; i++) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

export const poseidonNatives: ModuleNatives = {
  poseidon_bn254_internal(context, _types, [inputs]) {
    const items = itemsOf(inputs);
    if (items.length === 0) context.abort(E_EMPTY);
    if (items.length > MAX_POSEIDON_INPUTS) context.abort(E_TOO_MANY);
    context.charge(COST.poseidon + COST.poseidonPerInput * items.length);
    const elements = items.map((item) => {
      const bytes = bytesOf(item);
      const value = fromLittleEndian(bytes);
      if (bytes.length > FIELD_BYTES || value >= field.ORDER) context.abort(E_NON_CANONICAL);
      return value;
    });
    return bytesValue(toLittleEndian(permutation(items.length)([0n, ...elements])[0]!));
  },
};
