/** Natives of `sui` (0x2) that need no ledger. Source: move-vm.md §6.3, §6.4. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { keccak_256, sha3_256 } from '@noble/hashes/sha3.js';
import { ADDRESS_LENGTH, addressFromBytes } from '../common/address.ts';
import { isOneTimeWitness } from '../runtime/session.ts';
import { addressOf, bytesOf, bytesValue, integerOf } from './arguments.ts';
import { COST } from './costs.ts';
import { ecdsaK1Natives, ecdsaR1Natives } from './ecdsa.ts';
import { ecvrfNatives } from './ecvrf.ts';
import { groth16Natives } from './groth16.ts';
import { poseidonNatives } from './poseidon.ts';
import { hashNative } from './std.ts';
import { type ModuleNatives, nativesAt } from './table.ts';

const E_ADDRESS_LENGTH = 0;
const ED25519_SIGNATURE_LENGTH = 64;
const ED25519_KEY_LENGTH = 32;

const addressNatives: ModuleNatives = {
  from_bytes(context, _types, [bytes]) {
    context.charge(COST.plain);
    const raw = bytesOf(bytes);
    if (raw.length !== ADDRESS_LENGTH) context.abort(E_ADDRESS_LENGTH);
    return addressFromBytes(raw);
  },
  to_u256(context, _types, [address]) {
    context.charge(COST.plain);
    return BigInt(addressOf(address));
  },
  from_u256(context, _types, [number]) {
    context.charge(COST.plain);
    return `0x${integerOf(number).toString(16).padStart(64, '0')}`;
  },
};

/** Cofactored verification as of ZIP-215; wrong lengths and encodings are `false`. */
function verifyEd25519(signature: Uint8Array, key: Uint8Array, message: Uint8Array): boolean {
  if (signature.length !== ED25519_SIGNATURE_LENGTH || key.length !== ED25519_KEY_LENGTH) {
    return false;
  }
  try {
    return ed25519.verify(signature, message, key, { zip215: true });
  } catch {
    return false;
  }
}

export const pureSuiNatives = nativesAt('0x2', {
  address: addressNatives,
  hash: {
    blake2b256: hashNative((bytes) => blake2b(bytes, { dkLen: 32 }), COST.fastHash),
    keccak256: hashNative(keccak_256, COST.fastHash),
  },
  hmac: {
    hmac_sha3_256(context, _types, [key, message]) {
      const text = bytesOf(message);
      context.charge(COST.plain + COST.perByte * text.length);
      return bytesValue(hmac(sha3_256, bytesOf(key), text));
    },
  },
  ed25519: {
    ed25519_verify(context, _types, [signature, key, message]) {
      const text = bytesOf(message);
      context.charge(COST.ed25519 + COST.perByte * text.length);
      return verifyEd25519(bytesOf(signature), bytesOf(key), text);
    },
  },
  ecdsa_k1: ecdsaK1Natives,
  ecdsa_r1: ecdsaR1Natives,
  ecvrf: ecvrfNatives,
  groth16: groth16Natives,
  poseidon: poseidonNatives,
  types: {
    is_one_time_witness(context, [type]) {
      context.charge(COST.plain);
      return isOneTimeWitness(type!);
    },
  },
});
