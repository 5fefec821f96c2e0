/**
 * `sui::ecdsa_k1` and `sui::ecdsa_r1`. Verification never aborts; recovery does, with codes.
 * Source: move-vm.md §6.4.
 */
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { NativeFunction } from '../runtime/api.ts';
import { bytesOf, bytesValue, smallOf } from './arguments.ts';
import { COST } from './costs.ts';
import type { ModuleNatives } from './table.ts';

const E_FAILED_TO_RECOVER = 0;
const E_INVALID_SIGNATURE = 1;
const E_INVALID_PUBLIC_KEY = 2;
const E_INVALID_PRIVATE_KEY = 3;
const E_INVALID_HASH = 4;
const E_INVALID_SEED = 5;

const SIGNATURE_LENGTH = 64;
const RECOVERABLE_LENGTH = 65;
const COMPRESSED_KEY_LENGTH = 33;
const MAX_RECOVERY_ID = 3;
const SECRET_KEY_LENGTH = 32;
const MIN_SEED_LENGTH = 16;

type Curve = typeof secp256k1;

function digest(hash: number, message: Uint8Array): Uint8Array | undefined {
  if (hash === 0) return keccak_256(message);
  return hash === 1 ? sha256(message) : undefined;
}

function orUndefined<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}

function verifyNative(curve: Curve, cost: number): NativeFunction {
  return (context, _types, [signature, key, message, hash]) => {
    const text = bytesOf(message);
    context.charge(cost + COST.perByte * text.length);
    const digested = digest(smallOf(hash), text);
    const publicKey = bytesOf(key);
    const signed = bytesOf(signature);
    if (digested === undefined || signed.length !== SIGNATURE_LENGTH) return false;
    if (publicKey.length !== COMPRESSED_KEY_LENGTH) return false;
    const options = { prehash: false, lowS: true };
    return orUndefined(() => curve.verify(signed, digested, publicKey, options)) ?? false;
  };
}

function recoverNative(curve: Curve, cost: number): NativeFunction {
  return (context, _types, [signature, message, hash]) => {
    const text = bytesOf(message);
    context.charge(cost + COST.perByte * text.length);
    const signed = bytesOf(signature);
    const recovery = signed[SIGNATURE_LENGTH];
    const parsed = orUndefined(() =>
      curve.Signature.fromBytes(signed.slice(0, SIGNATURE_LENGTH), 'compact'),
    );
    if (
      signed.length !== RECOVERABLE_LENGTH ||
      parsed === undefined ||
      recovery === undefined ||
      recovery > MAX_RECOVERY_ID
    ) {
      return context.abort(E_INVALID_SIGNATURE);
    }
    const digested = digest(smallOf(hash), text);
    if (digested === undefined) return context.abort(E_FAILED_TO_RECOVER);
    const point = orUndefined(() => parsed.addRecoveryBit(recovery).recoverPublicKey(digested));
    if (point === undefined) return context.abort(E_FAILED_TO_RECOVER);
    return bytesValue(point.toBytes(true));
  };
}

export const ecdsaK1Natives: ModuleNatives = {
  secp256k1_verify: verifyNative(secp256k1, COST.secp256k1Verify),
  secp256k1_ecrecover: recoverNative(secp256k1, COST.secp256k1Recover),
  decompress_pubkey(context, _types, [key]) {
    context.charge(COST.secp256k1Decompress);
    const bytes = bytesOf(key);
    const point =
      bytes.length === COMPRESSED_KEY_LENGTH
        ? orUndefined(() => secp256k1.Point.fromBytes(bytes))
        : undefined;
    if (point === undefined) return context.abort(E_INVALID_PUBLIC_KEY);
    return bytesValue(point.toBytes(false));
  },
  secp256k1_sign(context, _types, [key, message, hash, recoverable]) {
    const secret = bytesOf(key);
    if (secret.length !== SECRET_KEY_LENGTH || !secp256k1.utils.isValidSecretKey(secret)) {
      context.abort(E_INVALID_PRIVATE_KEY);
    }
    const digested = digest(smallOf(hash), bytesOf(message));
    if (digested === undefined) return context.abort(E_INVALID_HASH);
    if (recoverable !== true) {
      return bytesValue(secp256k1.sign(digested, secret, { prehash: false }));
    }
    const signed = secp256k1.sign(digested, secret, { prehash: false, format: 'recovered' });
    // The library puts the recovery id first, Sui last.
    return bytesValue(Uint8Array.of(...signed.subarray(1), signed[0]!));
  },
  secp256k1_keypair_from_seed(context, _types, [seed]) {
    const bytes = bytesOf(seed);
    if (bytes.length < MIN_SEED_LENGTH) context.abort(E_INVALID_SEED);
    const secret = sha256(bytes);
    const publicKey = secp256k1.getPublicKey(secret, true);
    return [bytesValue(secret), bytesValue(publicKey)];
  },
};

export const ecdsaR1Natives: ModuleNatives = {
  secp256r1_verify: verifyNative(p256, COST.secp256r1Verify),
  secp256r1_ecrecover: recoverNative(p256, COST.secp256r1Recover),
};
