/** The user's signature over the personal message (seal-protocol.md §3.4). */
import { parseSerializedSignature } from '@mysten/sui/cryptography';
import { isValidPersonalMessageSignature } from '@mysten/sui/verify';
import { normalizeAddress, toBase64 } from './encoding.ts';

/** Flag bytes of serialized Sui signatures. */
export const SIGNATURE_FLAG = {
  ed25519: 0,
  secp256k1: 1,
  secp256r1: 2,
  multisig: 3,
  zkLogin: 5,
  passkey: 6,
} as const;

/** Longest serialized signature looked at, in bytes; zkLogin and multisig stay far below. */
export const MAX_SIGNATURE_BYTES = 16 * 1024;

/** `needsNode`: zkLogin, which only a full node can verify. */
export type SignatureVerdict = 'valid' | 'invalid' | 'needsNode';

export interface UserSignatureInput {
  /** The personal message itself, not its BCS. */
  readonly message: Uint8Array;
  /** `flag ‖ …`. */
  readonly signature: Uint8Array;
  /** Account that must have signed. */
  readonly address: string;
}

/** Verifies locally what can be verified locally. Never throws for bad signatures. */
export async function verifyUserSignature(input: UserSignatureInput): Promise<SignatureVerdict> {
  const { message, signature, address } = input;
  if (signature.length === 0 || signature.length > MAX_SIGNATURE_BYTES) return 'invalid';
  const flag = signature[0];
  if (flag === SIGNATURE_FLAG.zkLogin) return 'needsNode';
  const serialized = toBase64(signature);
  if (flag === SIGNATURE_FLAG.multisig && !hasOnlyPlainMembers(serialized)) return 'invalid';
  try {
    const valid = await isValidPersonalMessageSignature(message, serialized, {
      address: normalizeAddress(address),
    });
    return valid ? 'valid' : 'invalid';
  } catch {
    // The library reports malformed input in several ways; none of them is a valid signature.
    return 'invalid';
  }
}

/** Multisig members that are zkLogin or passkey are not accepted (§3.4). */
function hasOnlyPlainMembers(serialized: string): boolean {
  try {
    const parsed = parseSerializedSignature(serialized);
    if (parsed.signatureScheme !== 'MultiSig') return false;
    return parsed.multisig.multisig_pk.pk_map.every(
      ({ pubKey }) => 'ED25519' in pubKey || 'Secp256k1' in pubKey || 'Secp256r1' in pubKey,
    );
  } catch {
    return false;
  }
}
