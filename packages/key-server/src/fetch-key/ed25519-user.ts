/**
 * A user's Ed25519 personal-message signature, `00 ‖ signature (64) ‖ public key (32)`: the most
 * common scheme, verified natively. The address is the hash of flag and key (sui-ledger.md §2).
 */

import { blake2b } from '@noble/hashes/blake2.js';
import { addressFromBytes } from '@seal-ts/protocol';
import { importEd25519, verifyEd25519 } from './ed25519.ts';
import type { SignedMessage } from './signatures.ts';

const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;
/** Intent of a personal message: scope 3, version 0, application 0. */
const INTENT = [3, 0, 0];

export function verifyEd25519PersonalMessage(signed: SignedMessage): boolean {
  const { address, message, signature } = signed;
  if (signature.length !== 1 + SIGNATURE_BYTES + PUBLIC_KEY_BYTES) return false;
  const publicKey = signature.subarray(1 + SIGNATURE_BYTES);
  const flagged = Uint8Array.of(signature[0]!, ...publicKey);
  if (addressFromBytes(blake2b(flagged, { dkLen: 32 })) !== address) return false;
  const digest = personalMessageDigest(message);
  return verifyEd25519(
    importEd25519(publicKey),
    digest,
    signature.subarray(1, 1 + SIGNATURE_BYTES),
  );
}

/** Blake2b-256 of intent ‖ BCS of the message as `vector<u8>` (protocol §3.2). */
function personalMessageDigest(message: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = message.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      length.push(rest);
      break;
    }
    length.push((rest & 0x7f) | 0x80);
  }
  return blake2b(Uint8Array.of(...INTENT, ...length, ...message), { dkLen: 32 });
}
