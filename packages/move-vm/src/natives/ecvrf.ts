/**
 * `sui::ecvrf`: ECVRF-RISTRETTO255-SHA512-TAI with Sui's suite string.
 *
 * Follows draft-irtf-cfrg-vrf-15 §5.2–5.4 over ristretto255, challenge of 16 bytes; hashing to the
 * group is expand_message_xmd with SHA-512 and the one-way map. Source: move-vm.md §6.4.
 */
import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js';
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesOf } from './arguments.ts';
import { COST } from './costs.ts';
import type { ModuleNatives } from './table.ts';

const E_INVALID_HASH_LENGTH = 1;
const E_INVALID_PUBLIC_KEY = 2;
const E_INVALID_PROOF = 3;

const encoder = new TextEncoder();
const SUITE = encoder.encode('sui_vrf');
const HASH_TO_GROUP_DST = 'ECVRF_ristretto255_XMD:SHA-512_R255MAP_RO_sui_vrf';
const CHALLENGE_DOMAIN = 0x02;
const OUTPUT_DOMAIN = 0x03;
const END = 0x00;
const HASH_LENGTH = 64;
const POINT_LENGTH = 32;
const CHALLENGE_LENGTH = 16;
const PROOF_LENGTH = POINT_LENGTH + CHALLENGE_LENGTH + 32;

const { Point } = ristretto255;
type RistrettoPoint = InstanceType<typeof Point>;

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

function hashParts(domain: number, points: readonly RistrettoPoint[]): Uint8Array {
  const hash = sha512.create().update(SUITE).update(Uint8Array.of(domain));
  for (const point of points) hash.update(point.toBytes());
  return hash.update(Uint8Array.of(END)).digest();
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function point(bytes: Uint8Array): RistrettoPoint | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

/** Multiplication that takes zero. */
function times(base: RistrettoPoint, scalar: bigint): RistrettoPoint {
  return scalar === 0n ? Point.ZERO : base.multiplyUnsafe(scalar);
}

interface Proof {
  readonly gamma: RistrettoPoint;
  readonly challenge: Uint8Array;
  readonly response: bigint;
}

function parseProof(bytes: Uint8Array): Proof | undefined {
  if (bytes.length !== PROOF_LENGTH) return undefined;
  const gamma = point(bytes.slice(0, POINT_LENGTH));
  const challenge = bytes.slice(POINT_LENGTH, POINT_LENGTH + CHALLENGE_LENGTH);
  const response = littleEndian(bytes.subarray(POINT_LENGTH + CHALLENGE_LENGTH));
  if (gamma === undefined || response >= Point.Fn.ORDER) return undefined;
  return { gamma, challenge, response };
}

function hashToGroup(key: RistrettoPoint, alpha: Uint8Array): RistrettoPoint {
  const message = new Uint8Array(POINT_LENGTH + alpha.length);
  message.set(key.toBytes());
  message.set(alpha, POINT_LENGTH);
  const uniform = expand_message_xmd(message, encoder.encode(HASH_TO_GROUP_DST), 64, sha512);
  return ristretto255_hasher.deriveToCurve!(uniform);
}

/** True if `proof` shows that `output` is the VRF hash of `alpha` under `key`. */
function verify(output: Uint8Array, alpha: Uint8Array, key: RistrettoPoint, proof: Proof): boolean {
  if (key.equals(Point.ZERO)) return false;
  const { gamma, challenge, response } = proof;
  const c = littleEndian(challenge);
  const h = hashToGroup(key, alpha);
  const u = times(Point.BASE, response).subtract(times(key, c));
  const v = times(h, response).subtract(times(gamma, c));
  const expected = hashParts(CHALLENGE_DOMAIN, [key, h, gamma, u, v]);
  if (!sameBytes(expected.subarray(0, CHALLENGE_LENGTH), challenge)) return false;
  return sameBytes(hashParts(OUTPUT_DOMAIN, [gamma]), output);
}

export const ecvrfNatives: ModuleNatives = {
  ecvrf_verify(context, _types, [hash, alpha, publicKey, proof]) {
    const input = bytesOf(alpha);
    context.charge(COST.ecvrf + COST.perByte * input.length);
    const output = bytesOf(hash);
    if (output.length !== HASH_LENGTH) return context.abort(E_INVALID_HASH_LENGTH);
    const key = point(bytesOf(publicKey));
    if (key === undefined) return context.abort(E_INVALID_PUBLIC_KEY);
    const parsed = parseProof(bytesOf(proof));
    if (parsed === undefined) return context.abort(E_INVALID_PROOF);
    return verify(output, input, key, parsed);
  },
};
