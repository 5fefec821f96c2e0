/**
 * `sui::groth16`: preparing verifying keys and checking proofs on BLS12-381 and BN254.
 *
 * A key is alpha (G1), beta, gamma, delta (G2), a count (u64 LE) and that many G1 points; a proof is
 * A (G1), B (G2), C (G1); inputs are scalars of 32 bytes, little-endian. The proof holds when
 * e(A, B) · e(Σ input · point, −gamma) · e(C, −delta) = e(alpha, beta).
 * Source: move-vm.md §6.4; Groth, "On the Size of Pairing-based Non-interactive Arguments", 2016.
 */
import type { NativeContext } from '../runtime/api.ts';
import { bytesOf, bytesValue, smallOf } from './arguments.ts';
import {
  bls12381Curve,
  bn254Curve,
  littleEndian,
  MalformedPoint,
  type PairingCurve,
} from './pairing-curves.ts';
import type { ModuleNatives } from './table.ts';

const E_INVALID_KEY = 0;
const E_INVALID_CURVE = 1;
const E_TOO_MANY_INPUTS = 2;

const SCALAR_BYTES = 32;
const COUNT_BYTES = 8;
export const MAX_GROTH16_INPUTS = 8;

/** Gas units by curve code. */
const VERIFY_COST = [72_090, 115_502];
const PREPARE_COST = [53_838, 82_010];
const INPUT_COST = [8_213, 9_484];

const CURVES: readonly PairingCurve[] = [bls12381Curve, bn254Curve];

function curveOf(context: NativeContext, code: number): PairingCurve {
  return CURVES[code] ?? context.abort(E_INVALID_CURVE);
}

/** Cuts a byte string into parts of the given lengths; throws if it is longer or shorter. */
function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (bytes.length !== total) throw new MalformedPoint(`expected ${total} bytes`);
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return bytes.slice(at - length, at);
  });
}

interface PreparedKey {
  readonly gammaAbc: Uint8Array;
  readonly alphaBeta: Uint8Array;
  readonly gammaNeg: Uint8Array;
  readonly deltaNeg: Uint8Array;
}

function prepare(curve: PairingCurve, bytes: Uint8Array): PreparedKey {
  const { g1Bytes, g2Bytes } = curve;
  const head = g1Bytes + 3 * g2Bytes + COUNT_BYTES;
  const fixed = cut(bytes.subarray(0, head), [g1Bytes, g2Bytes, g2Bytes, g2Bytes, COUNT_BYTES]);
  const [alpha, beta, gamma, delta, count] = fixed as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const gammaAbc = bytes.slice(head);
  const points = readPoints(curve, gammaAbc);
  if (littleEndian(count) !== BigInt(points.length) || points.length === 0) {
    throw new MalformedPoint(`a key with ${points.length} points says otherwise`);
  }
  return {
    gammaAbc,
    alphaBeta: curve.pair([{ g1: curve.readG1(alpha), g2: curve.readG2(beta) }]),
    gammaNeg: curve.writeG2(curve.readG2(gamma).negate()),
    deltaNeg: curve.writeG2(curve.readG2(delta).negate()),
  };
}

function readPoints(curve: PairingCurve, bytes: Uint8Array): PairingCurve['identity'][] {
  const count = bytes.length / curve.g1Bytes;
  if (!Number.isInteger(count)) throw new MalformedPoint('a list of points with a rest');
  return Array.from({ length: count }, (_, i) =>
    curve.readG1(bytes.slice(curve.g1Bytes * i, curve.g1Bytes * (i + 1))),
  );
}

function verify(
  curve: PairingCurve,
  key: PreparedKey,
  inputs: Uint8Array,
  proof: Uint8Array,
): boolean {
  const points = readPoints(curve, key.gammaAbc);
  const count = inputs.length / SCALAR_BYTES;
  if (points.length !== count + 1) return false;
  let sum = points[0]!;
  for (let i = 0; i < count; i++) {
    const scalar = littleEndian(inputs.subarray(SCALAR_BYTES * i, SCALAR_BYTES * (i + 1)));
    if (scalar >= curve.order) return false;
    if (scalar > 0n) sum = sum.add(points[i + 1]!.multiplyUnsafe(scalar));
  }
  const [a, b, c] = cut(proof, [curve.g1Bytes, curve.g2Bytes, curve.g1Bytes]);
  const product = curve.pair([
    { g1: curve.readG1(a!), g2: curve.readG2(b!) },
    { g1: sum, g2: curve.readG2(key.gammaNeg) },
    { g1: curve.readG1(c!), g2: curve.readG2(key.deltaNeg) },
  ]);
  return (
    product.length === key.alphaBeta.length && product.every((byte, i) => byte === key.alphaBeta[i])
  );
}

/** Runs `compute`; the curve library throws plain errors on malformed points. */
function orUndefined<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}

export const groth16Natives: ModuleNatives = {
  prepare_verifying_key_internal(context, _types, [code, key]) {
    const curveCode = smallOf(code);
    const curve = curveOf(context, curveCode);
    context.charge(PREPARE_COST[curveCode]!);
    const bytes = bytesOf(key);
    const prepared = orUndefined(() => prepare(curve, bytes));
    if (prepared === undefined) return context.abort(E_INVALID_KEY);
    const { gammaAbc, alphaBeta, gammaNeg, deltaNeg } = prepared;
    return [gammaAbc, alphaBeta, gammaNeg, deltaNeg].map(bytesValue);
  },

  verify_groth16_proof_internal(context, _types, args) {
    const [code, gammaAbc, alphaBeta, gammaNeg, deltaNeg, publicInputs, proof] = args;
    const curveCode = smallOf(code);
    const curve = curveOf(context, curveCode);
    const inputs = bytesOf(publicInputs);
    const count = Math.ceil(inputs.length / SCALAR_BYTES);
    if (count > MAX_GROTH16_INPUTS) context.abort(E_TOO_MANY_INPUTS);
    context.charge(VERIFY_COST[curveCode]! + INPUT_COST[curveCode]! * count);
    const key: PreparedKey = {
      gammaAbc: bytesOf(gammaAbc),
      alphaBeta: bytesOf(alphaBeta),
      gammaNeg: bytesOf(gammaNeg),
      deltaNeg: bytesOf(deltaNeg),
    };
    const points = bytesOf(proof);
    return orUndefined(() => verify(curve, key, inputs, points)) ?? false;
  },
};
