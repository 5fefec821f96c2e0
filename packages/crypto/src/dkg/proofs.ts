/**
 * The two non-interactive proofs of key generation (dkg spec §5): equality of discrete logarithms
 * (Chaum–Pedersen) and knowledge of a discrete logarithm (Schnorr), made non-interactive by the
 * random oracle. Challenges are 64 bytes reduced modulo the order.
 */

import { concat } from '../bytes.ts';
import type { Group } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import type { RandomSource } from '../random.ts';
import {
  isZeroScalar,
  randomScalar,
  scalarAdd,
  scalarFromBigint,
  scalarFromWideBytes,
  scalarMul,
  scalarToBigint,
} from '../scalar.ts';
import type { BcsReader } from './bcs.ts';
import type { RandomOracle } from './random-oracle.ts';

/** Proof that `(g, h, x·g, x·h)` share the exponent x. */
export interface DdhProof<P> {
  readonly a: P;
  readonly b: P;
  readonly z: Uint8Array;
}

/** Proof of knowledge of x for `x·g`. */
export interface DlProof<P> {
  readonly a: P;
  readonly z: Uint8Array;
}

/** The public side of a DDH proof: `h`, `x·g`, `x·h`. */
export interface DdhStatement<P> {
  readonly h: P;
  readonly xg: P;
  readonly xh: P;
}

function invalidProof(what: string): CryptoError {
  return new CryptoError('INVALID_PROOF', `${what}: the proof does not verify`);
}

/** Whether `a = z·g − c·x`, that is `a + c·x = z·g`. */
function responseHolds<P>(
  group: Group<P>,
  g: P,
  { a, z, c, x }: { a: P; z: Uint8Array; c: Uint8Array; x: P },
): boolean {
  const negated = scalarFromBigint(-scalarToBigint(c));
  return group.equal(a, group.msmPublic([g, x], [z, negated]));
}

/** `c·x + k`, after which the nonce is wiped. */
function respond(c: Uint8Array, x: Uint8Array, k: Uint8Array): Uint8Array {
  const z = scalarAdd(scalarMul(c, x), k);
  k.fill(0);
  return z;
}

function ddhChallenge<P>(
  group: Group<P>,
  oracle: RandomOracle,
  { h, xg, xh }: DdhStatement<P>,
  a: P,
  b: P,
): Uint8Array {
  const points = [group.generator, h, xg, xh, a, b].map((point) => group.toBytes(point));
  return scalarFromWideBytes(oracle.evaluate(...points));
}

/** Proves a DDH statement whose exponent is `x`. */
export function proveDdh<P>(
  group: Group<P>,
  random: RandomSource,
  oracle: RandomOracle,
  x: Uint8Array,
  statement: DdhStatement<P>,
): DdhProof<P> {
  const k = randomScalar(random);
  const a = group.mulOnce(group.generator, k);
  const b = group.mulOnce(statement.h, k);
  const c = ddhChallenge(group, oracle, statement, a, b);
  return { a, b, z: respond(c, x, k) };
}

/** Throws `INVALID_PROOF` unless the statement is proved; identities in it are refused. */
export function verifyDdh<P>(
  group: Group<P>,
  oracle: RandomOracle,
  statement: DdhStatement<P>,
  { a, b, z }: DdhProof<P>,
): void {
  const { h, xg, xh } = statement;
  if ([h, xg, xh].some((point) => group.isIdentity(point))) throw invalidProof('equality');
  const c = ddhChallenge(group, oracle, statement, a, b);
  const first = responseHolds(group, group.generator, { a, z, c, x: xg });
  if (!first || !responseHolds(group, h, { a: b, z, c, x: xh })) throw invalidProof('equality');
}

function dlChallenge<P>(group: Group<P>, oracle: RandomOracle, xg: P, a: P): Uint8Array {
  const points = [group.generator, xg, a].map((point) => group.toBytes(point));
  return scalarFromWideBytes(oracle.evaluate(...points));
}

/** Proves knowledge of `x`, where `xg = x·g`. */
export function proveDl<P>(
  group: Group<P>,
  random: RandomSource,
  oracle: RandomOracle,
  x: Uint8Array,
  xg: P,
): DlProof<P> {
  const k = randomScalar(random);
  const a = group.mulOnce(group.generator, k);
  return { a, z: respond(dlChallenge(group, oracle, xg, a), x, k) };
}

/** Throws `INVALID_PROOF` unless knowledge of the logarithm of `xg` is proved. */
export function verifyDl<P>(
  group: Group<P>,
  oracle: RandomOracle,
  xg: P,
  { a, z }: DlProof<P>,
): void {
  if (group.isIdentity(xg)) throw invalidProof('knowledge of the secret');
  const c = dlChallenge(group, oracle, xg, a);
  if (!responseHolds(group, group.generator, { a, z, c, x: xg })) {
    throw invalidProof('knowledge of the secret');
  }
}

export function encodeDdhProof<P>(group: Group<P>, { a, b, z }: DdhProof<P>): Uint8Array {
  return concat(group.toBytes(a), group.toBytes(b), z);
}

export function encodeDlProof<P>(group: Group<P>, { a, z }: DlProof<P>): Uint8Array {
  return concat(group.toBytes(a), z);
}

/** Refuses, as the reference does, proofs with an identity commitment or a zero response. */
function assertProofParts<P>(group: Group<P>, points: readonly P[], z: Uint8Array): void {
  if (isZeroScalar(z) || points.some((point) => group.isIdentity(point))) {
    throw new CryptoError('INVALID_DKG_MESSAGE', 'DKG encoding: proof with a trivial component');
  }
}

export function readDdhProof<P>(reader: BcsReader, group: Group<P>): DdhProof<P> {
  const a = reader.point(group, 'proof commitment');
  const b = reader.point(group, 'proof commitment');
  const z = reader.scalar('proof response');
  assertProofParts(group, [a, b], z);
  return { a, b, z };
}

export function readDlProof<P>(reader: BcsReader, group: Group<P>): DlProof<P> {
  const a = reader.point(group, 'proof commitment');
  const z = reader.scalar('proof response');
  assertProofParts(group, [a], z);
  return { a, z };
}
