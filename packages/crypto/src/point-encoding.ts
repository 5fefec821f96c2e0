/**
 * The parts of the ZCash point encoding that both engines check in the same code: flag bits, the
 * one canonical identity, and coordinates below the field modulus. (mcl by itself accepts an
 * identity with trailing bytes; the curve equation and the subgroup are checked by the engines.)
 */

import { assertInteger, copyOf, fromHex } from './bytes.ts';
import { MAX_MSM_TERMS } from './engine.ts';
import { CryptoError } from './errors.ts';

/** Bytes of one base-field coordinate. */
export const FIELD_BYTES = 48;

/** Modulus of the base field, 48 bytes big-endian. */
const FIELD_MODULUS = fromHex(
  '1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf' +
    '6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab',
);

/** The standard generators, compressed (protocol §1.1, Appendix A.1). */
export const G1_GENERATOR = fromHex(
  '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905' +
    'a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb',
);
export const G2_GENERATOR = fromHex(
  '93e02b6052719f607dacd3a088274f65596bd0d09920b61a' +
    'b5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e' +
    '024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02' +
    'b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8',
);

/** The three flag bits of the first byte. */
export const FLAG_COMPRESSED = 0x80;
export const FLAG_INFINITY = 0x40;
export const FLAG_SIGN = 0x20;
const FLAG_MASK = FLAG_COMPRESSED | FLAG_INFINITY | FLAG_SIGN;

/** Builds the error for a malformed point; one place, so that both engines speak alike. */
export function invalidPoint(group: string, reason: string, cause?: unknown): CryptoError {
  return new CryptoError('INVALID_POINT', `${group} point: ${reason}`, { cause });
}

/** Whether every 48-byte coordinate of `bytes` is below the modulus. */
export function fieldsAreCanonical(bytes: Uint8Array): boolean {
  for (let offset = 0; offset < bytes.length; offset += FIELD_BYTES) {
    let i = 0;
    while (i < FIELD_BYTES && bytes[offset + i] === FIELD_MODULUS[i]) i++;
    if (i === FIELD_BYTES || bytes[offset + i]! > FIELD_MODULUS[i]!) return false;
  }
  return true;
}

export interface ParsedPoint {
  readonly infinity: boolean;
  /** Whether y is the lexicographically larger root (compressed form only). */
  readonly sign: boolean;
  /** The coordinates with the flag bits cleared. */
  readonly body: Uint8Array;
}

/**
 * Checks flags and coordinates of `bytes` (whose length is already right). Throws `INVALID_POINT`.
 */
export function parsePoint(bytes: Uint8Array, compressed: boolean, group: string): ParsedPoint {
  const head = bytes[0]!;
  if (((head & FLAG_COMPRESSED) !== 0) !== compressed) {
    throw invalidPoint(group, `expected the ${compressed ? '' : 'un'}compressed form`);
  }
  const infinity = (head & FLAG_INFINITY) !== 0;
  const sign = (head & FLAG_SIGN) !== 0;
  const body = copyOf(bytes);
  body[0] = head & ~FLAG_MASK;
  if (infinity && (sign || body.some((byte) => byte !== 0))) {
    throw invalidPoint(group, 'not the canonical encoding of the identity');
  }
  if (sign && !compressed) throw invalidPoint(group, 'sign flag on an uncompressed point');
  if (!fieldsAreCanonical(body)) {
    throw invalidPoint(group, 'coordinate not below the field modulus');
  }
  return { infinity, sign, body };
}

/** The one encoding of the identity. */
export function encodeIdentity(length: number, compressed: boolean): Uint8Array {
  const out = new Uint8Array(length);
  out[0] = compressed ? FLAG_COMPRESSED | FLAG_INFINITY : FLAG_INFINITY;
  return out;
}

/** Throws unless both counts of a multi-scalar multiplication agree and lie in the limit. */
export function assertMsm(points: number, scalars: number): void {
  assertInteger(points, 1, MAX_MSM_TERMS, 'number of points');
  if (points !== scalars) {
    throw new CryptoError('INVALID_INPUT', `msm: ${points} points but ${scalars} scalars`);
  }
}
