/**
 * Polynomials over the scalar field: secret ones as coefficients, public ones as commitments in G2
 * (dkg spec §9, §10).
 */

import { assertInteger } from '../bytes.ts';
import { type Engine, type G2Point, SCALAR_BYTES } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import type { RandomSource } from '../random.ts';
import {
  assertScalar,
  isZeroScalar,
  randomScalar,
  scalarAdd,
  scalarFromBigint,
  scalarMul,
} from '../scalar.ts';
import { MAX_TOTAL_WEIGHT } from './nodes.ts';

/** The 16-bit evaluation point as a scalar. */
export const indexScalar = (index: number) => scalarFromBigint(BigInt(index));

/**
 * `threshold` random coefficients, constant term first. In a rotation `secret`, the old share as it
 * is, takes the place of the first (which is drawn all the same, like the reference does). Throws
 * `INVALID_SCALAR` for a secret of zero: every recipient refuses a message that deals it.
 */
export function samplePolynomial(
  random: RandomSource,
  threshold: number,
  secret?: Uint8Array,
): Uint8Array[] {
  if (secret !== undefined) {
    assertScalar(secret, 'secret');
    if (isZeroScalar(secret)) throw new CryptoError('INVALID_SCALAR', 'secret to deal: is zero');
  }
  assertInteger(threshold, 1, MAX_TOTAL_WEIGHT, 'threshold');
  const coefficients = Array.from({ length: threshold }, () => randomScalar(random));
  if (secret !== undefined) coefficients[0]!.set(secret);
  return coefficients;
}

/** `f(index)` by Horner's rule. */
export function evaluatePolynomial(coefficients: readonly Uint8Array[], index: number): Uint8Array {
  const x = indexScalar(index);
  return coefficients.reduceRight(
    (sum, c) => scalarAdd(scalarMul(sum, x), c),
    new Uint8Array(SCALAR_BYTES),
  );
}

/**
 * `a_k · g2` for every coefficient. The constant term can be a member's share, which it keeps; the
 * others are drawn for one message, and this is the only point they are multiplied with.
 */
export function commitPolynomial(engine: Engine, coefficients: readonly Uint8Array[]): G2Point[] {
  const { g2 } = engine;
  return coefficients.map((c, k) =>
    k === 0 ? g2.mul(g2.generator, c) : g2.mulOnce(g2.generator, c),
  );
}

/** `f(index) · g2` from the commitments: Horner's rule with a small public factor. */
export function evaluateCommitment(
  engine: Engine,
  commitment: readonly G2Point[],
  index: number,
): G2Point {
  const { g2 } = engine;
  const x = indexScalar(index);
  return commitment.reduceRight((sum, c) => g2.add(g2.mulPublic(sum, x), c), g2.identity);
}

/**
 * `f(1)·g2` to `f(count)·g2`, by forward differences: once those at 0 are known, each value costs
 * one addition for each coefficient, and no multiplication.
 */
export function evaluateCommitmentUpTo(
  engine: Engine,
  commitment: readonly G2Point[],
  count: number,
): G2Point[] {
  const { g2 } = engine;
  // Horner's rule on differences: Δ^k of x·f at 0 is k·(Δ^(k−1) f(0) + Δ^k f(0)).
  let differences: G2Point[] = [];
  for (const coefficient of commitment.toReversed()) {
    const last = differences;
    const raised = last.map((d, i) => {
      const sum = i + 1 < last.length ? g2.add(d, last[i + 1]!) : d;
      return g2.mulPublic(sum, indexScalar(i + 1));
    });
    differences = [coefficient, ...raised];
  }
  return Array.from({ length: count }, () => {
    for (let k = 0; k + 1 < differences.length; k++) {
      differences[k] = g2.add(differences[k]!, differences[k + 1]!);
    }
    return differences[0] ?? g2.identity;
  });
}
