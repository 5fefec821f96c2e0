/**
 * Another member's software, part 1 of 5: encodings, the random oracle and the two proofs, written from
 * dkg.md §2 to §5 and nothing else. It is an oracle for tests: slow, short, and not constant-time.
 */
import type { Fp2 } from '@noble/curves/abstract/tower.js';
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha3_512 } from '@noble/hashes/sha3.js';

export type P1 = WeierstrassPoint<bigint>;
export type P2 = WeierstrassPoint<Fp2>;
export const G1 = bls12_381.G1.Point;
export const G2 = bls12_381.G2.Point;
/** Order of both groups. */
export const R = bls12_381.fields.Fr.ORDER;
const G1_DST = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

export const mod = (x: bigint): bigint => ((x % R) + R) % R;
export const inverse = (x: bigint): bigint => bls12_381.fields.Fr.inv(mod(x));
export const mul1 = (p: P1, k: bigint): P1 => p.multiplyUnsafe(mod(k));
export const mul2 = (p: P2, k: bigint): P2 => p.multiplyUnsafe(mod(k));
export const hashToG1 = (message: Uint8Array): P1 =>
  bls12_381.G1.hashToCurve(message, { DST: G1_DST });

/** A scalar that nobody knows. */
export type Draw = () => bigint;

// §2: scalars are big-endian, points compressed. §3: BCS numbers are little-endian.
export const scalarBytes = (x: bigint): Buffer =>
  Buffer.from(x.toString(16).padStart(64, '0'), 'hex');
export const bigEndian = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
export const u16 = (n: number): Uint8Array => Uint8Array.of(n & 255, n >> 8);
export const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);

export function u64(n: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(n));
  return bytes;
}

export function uleb(n: number): Uint8Array {
  return n < 128 ? Uint8Array.of(n) : join(Uint8Array.of((n & 127) | 128), uleb(n >> 7));
}

export const list = (items: readonly Uint8Array[]): Buffer => join(uleb(items.length), ...items);
export const blob = (bytes: Uint8Array): Buffer => join(uleb(bytes.length), bytes);

/** Strict BCS (§3), and strict points and scalars (§2). */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('cut short');
    const found = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return found;
  }

  u16(): number {
    return Buffer.from(this.take(2)).readUInt16LE();
  }

  count(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = this.take(1)[0] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte >= 128) continue;
      if (byte === 0 && shift > 0) throw new RangeError('a count that is not minimal');
      return value;
    }
    throw new RangeError('a count that is too long');
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: Math.min(this.count(), this.#bytes.length) }, read);
  }

  scalar(): bigint {
    const value = bigEndian(this.take(32));
    if (value >= R) throw new RangeError('a scalar beyond the order');
    return value;
  }

  g1 = (): P1 => subgroup(G1.fromBytes(this.take(48)));
  g2 = (): P2 => subgroup(G2.fromBytes(this.take(96)));

  end<T>(value: T): T {
    if (this.#at !== this.#bytes.length) throw new RangeError('trailing bytes');
    return value;
  }
}

/** Infinity decodes; what it must not be is checked where it matters. */
function subgroup<P extends P1 | P2>(point: P): P {
  if (!point.is0() && !point.isTorsionFree()) throw new RangeError('not in the subgroup');
  return point;
}

/** §4. Objects go in as their BCS. */
export class Oracle {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  extend(label: string): Oracle {
    return new Oracle(`${this.#prefix}-${label}`);
  }

  evaluate(...object: readonly Uint8Array[]): Uint8Array {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(this.#prefix));
    return sha3_512(join(length, Buffer.from(this.#prefix), ...object));
  }

  challenge(...points: readonly (P1 | P2)[]): bigint {
    return mod(bigEndian(this.evaluate(...points.map((point) => point.toBytes()))));
  }
}

/** §5: `xg` and `xh` are the same multiple of the generator and of `h`. */
export interface TupleProof {
  readonly a: P1;
  readonly b: P1;
  readonly z: bigint;
}

export function proveTuple(draw: Draw, x: bigint, h: P1, oracle: Oracle): TupleProof {
  const k = draw();
  const [a, b] = [mul1(G1.BASE, k), mul1(h, k)];
  const c = oracle.challenge(G1.BASE, h, mul1(G1.BASE, x), mul1(h, x), a, b);
  return { a, b, z: mod(c * x + k) };
}

export function tupleHolds(proof: TupleProof, h: P1, xg: P1, xh: P1, oracle: Oracle): boolean {
  if (h.is0() || xg.is0() || xh.is0()) return false;
  const { a, b, z } = proof;
  const c = oracle.challenge(G1.BASE, h, xg, xh, a, b);
  const left = a.add(mul1(xg, c)).equals(mul1(G1.BASE, z));
  return left && b.add(mul1(xh, c)).equals(mul1(h, z));
}

/** §5: somebody knows the logarithm of a point of G2. */
export interface KnowledgeProof {
  readonly a: P2;
  readonly z: bigint;
}

export function proveKnowledge(draw: Draw, x: bigint, oracle: Oracle): KnowledgeProof {
  const k = draw();
  const a = mul2(G2.BASE, k);
  return { a, z: mod(oracle.challenge(G2.BASE, mul2(G2.BASE, x), a) * x + k) };
}

export function knowledgeHolds({ a, z }: KnowledgeProof, xg: P2, oracle: Oracle): boolean {
  if (xg.is0()) return false;
  return a.add(mul2(xg, oracle.challenge(G2.BASE, xg, a))).equals(mul2(G2.BASE, z));
}

export const encodeTuple = ({ a, b, z }: TupleProof): Buffer =>
  join(a.toBytes(), b.toBytes(), scalarBytes(z));
export const encodeKnowledge = ({ a, z }: KnowledgeProof): Buffer =>
  join(a.toBytes(), scalarBytes(z));

export function readTuple(reader: Reader): TupleProof {
  const proof = { a: reader.g1(), b: reader.g1(), z: reader.scalar() };
  if (proof.a.is0() || proof.b.is0() || proof.z === 0n) throw new RangeError('an empty proof');
  return proof;
}

export function readKnowledge(reader: Reader): KnowledgeProof {
  const proof = { a: reader.g2(), z: reader.scalar() };
  if (proof.a.is0() || proof.z === 0n) throw new RangeError('an empty proof');
  return proof;
}
