/**
 * The engine slot: BLS12-381 as an interface over opaque handles, so that the protocol code runs
 * unchanged on noble-curves (`@seal-ts/crypto/noble`, synchronous, everywhere) and on mcl in
 * WebAssembly (`@seal-ts/crypto/mcl`, several times faster).
 *
 * Rules of the interface (protocol §1.1, §1.2):
 *  - scalars are 32 bytes, big-endian, below the group order; zero is allowed;
 *  - points travel in the ZCash compressed form; decoding is strict: exact length, canonical flags
 *    and coordinates, on the curve, in the prime-order subgroup; the identity is accepted only in
 *    its
 *    one canonical encoding;
 *  - handles are immutable, and belong to the engine that made them; another engine refuses them
 *    with `ENGINE_MISMATCH`;
 *  - `mul` is for long-lived secret scalars (best-effort constant time, or blinded), `mulOnce` for
 *    secrets that serve one operation, such as encryption randomness; `mulPublic` and `msmPublic`
 *    are
 *    faster and may leak the scalar through timing.
 */

declare const groupTag: unique symbol;

/** An element of G1 (48 bytes compressed). Opaque. */
export interface G1Point {
  readonly [groupTag]: 'G1';
}
/** An element of G2 (96 bytes compressed). Opaque. */
export interface G2Point {
  readonly [groupTag]: 'G2';
}
/** An element of the target group (576 bytes in Seal's order). Opaque. */
export interface GtElement {
  readonly [groupTag]: 'GT';
}
/** A G2 point with its Miller-loop line coefficients computed once. Holds only public data. */
export interface PreparedG2 {
  readonly [groupTag]: 'preparedG2';
  /** The point itself. */
  readonly point: G2Point;
}

/** Bytes of a scalar, a compressed G1, a compressed G2, an uncompressed G1, a GT element. */
export const SCALAR_BYTES = 32;
export const G1_BYTES = 48;
export const G2_BYTES = 96;
export const G1_UNCOMPRESSED_BYTES = 96;
export const GT_BYTES = 576;

/** Largest number of terms of one multi-scalar multiplication. */
export const MAX_MSM_TERMS = 4096;
/** Largest number of pairs of one multi-pairing. */
export const MAX_PAIRING_TERMS = 1024;
/** Longest message that is hashed to a curve. */
export const MAX_HASH_MESSAGE_BYTES = 1_048_576;

/** Curve-level domain separation tags of RFC 9380 hashing (protocol §1.2). */
export const HASH_TO_G1_DST = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
export const HASH_TO_G2_DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_';

/** Group operations, the same for G1 and G2. */
export interface Group<P> {
  readonly name: 'G1' | 'G2';
  /** Length of the compressed encoding. */
  readonly byteLength: number;
  readonly generator: P;
  readonly identity: P;
  /** Decodes strictly, subgroup included. Throws `INVALID_LENGTH` or `INVALID_POINT`. */
  fromBytes(bytes: Uint8Array): P;
  /**
   * Decodes bytes that an earlier strict decoding already vouched for: the same checks without the
   * subgroup. Never use it on bytes from outside.
   */
  fromTrustedBytes(bytes: Uint8Array): P;
  /** The compressed encoding. */
  toBytes(point: P): Uint8Array;
  add(a: P, b: P): P;
  sub(a: P, b: P): P;
  neg(a: P): P;
  equal(a: P, b: P): boolean;
  isIdentity(a: P): boolean;
  /** `scalar · point` for a long-lived secret scalar: master keys, key shares, session keys. */
  mul(point: P, scalar: Uint8Array): P;
  /** `scalar · point` for a secret scalar that no other operation will ever use. */
  mulOnce(point: P, scalar: Uint8Array): P;
  /** `scalar · point` where the scalar may be known to everybody. */
  mulPublic(point: P, scalar: Uint8Array): P;
  /** `Σ scalars[i] · points[i]` for public scalars; 1 to `MAX_MSM_TERMS` terms. */
  msmPublic(points: readonly P[], scalars: readonly Uint8Array[]): P;
  /** RFC 9380 hash to the group with the BLS-signature tag of the group. */
  hash(message: Uint8Array): P;
}

/** G1 has the uncompressed form too (Sui's `group_ops` type 4). */
export interface G1Group extends Group<G1Point> {
  /** 96 bytes `x || y`; checks flags, coordinates and curve, not the subgroup (as Sui does). */
  fromUncompressedTrustedBytes(bytes: Uint8Array): G1Point;
  toUncompressedBytes(point: G1Point): Uint8Array;
}

/** The target group, written multiplicatively. */
export interface GtGroup {
  readonly byteLength: number;
  /** `e(g1, g2)`. */
  readonly generator: GtElement;
  readonly identity: GtElement;
  /**
   * Decodes 576 bytes in Seal's order. Checks that every coordinate is canonical, not that the
   * element lies in the prime-order subgroup (as Sui does for GT).
   */
  fromTrustedBytes(bytes: Uint8Array): GtElement;
  /** 576 bytes in Seal's order (protocol §1.1). */
  toBytes(element: GtElement): Uint8Array;
  mul(a: GtElement, b: GtElement): GtElement;
  /** Throws `INVALID_TARGET_ELEMENT` for zero, which only a trusted decoding can produce. */
  inverse(a: GtElement): GtElement;
  /** `element ^ scalar`, not constant time. */
  pow(element: GtElement, scalar: Uint8Array): GtElement;
  equal(a: GtElement, b: GtElement): boolean;
}

/** One factor `e(g1, g2)` of a product of pairings. */
export interface PairingTerm {
  readonly g1: G1Point;
  readonly g2: G2Point | PreparedG2;
}

export type EngineName = 'noble' | 'mcl';

/** One implementation of BLS12-381. */
export interface Engine {
  readonly name: EngineName;
  readonly g1: G1Group;
  readonly g2: Group<G2Point>;
  readonly gt: GtGroup;
  /** Computes the line coefficients of `point` once, for use in many pairings. */
  prepareG2(point: G2Point): PreparedG2;
  /** `e(p, q)`; 1 when either is the identity. */
  pairing(p: G1Point, q: G2Point | PreparedG2): GtElement;
  /** `Π e(g1, g2)` with one final exponentiation; up to `MAX_PAIRING_TERMS` terms. */
  multiPairing(terms: readonly PairingTerm[]): GtElement;
  /** Whether `Π e(g1, g2) = 1`. */
  pairingProductIsOne(terms: readonly PairingTerm[]): boolean;
}
