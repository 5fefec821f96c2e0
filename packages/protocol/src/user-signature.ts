/** The user's signature over the personal message (seal-protocol.md §3.4). */
import { isValidPersonalMessageSignature } from '@mysten/sui/verify';
import { SIGNATURE_FLAG } from './constants.ts';
import { normalizeAddress, toBase64 } from './encoding.ts';
import { plainMultisig } from './multisig.ts';

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

/**
 * Verifies locally what can be verified locally; multisigs also in the legacy encoding. Never throws
 * for bad signatures.
 */
export async function verifyUserSignature(input: UserSignatureInput): Promise<SignatureVerdict> {
  const { message, signature, address } = input;
  if (signature.length === 0 || signature.length > MAX_SIGNATURE_BYTES) return 'invalid';
  const flag = signature[0];
  if (flag === SIGNATURE_FLAG.zkLogin) return 'needsNode';
  const accepted = flag === SIGNATURE_FLAG.multisig ? plainMultisig(signature) : signature;
  if (accepted === undefined) return 'invalid';
  try {
    const valid = await isValidPersonalMessageSignature(message, toBase64(accepted), {
      address: normalizeAddress(address),
    });
    return valid ? 'valid' : 'invalid';
  } catch {
    // The library reports malformed input in several ways; none of them is a valid signature.
    return 'invalid';
  }
}
