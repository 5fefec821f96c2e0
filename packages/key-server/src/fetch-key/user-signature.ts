/**
 * The user's signature over the personal message (protocol §3.2, §3.4). Everything but zkLogin is
 * verified here; zkLogin depends on the chain's epoch and issuer keys, so the full node decides.
 */

import type { CallOptions, ServerChain } from '@seal-ts/chain';
import {
  MAX_SIGNATURE_BYTES,
  SealServerError,
  SIGNATURE_FLAG,
  verifyUserSignature as verifyWithProtocol,
} from '@seal-ts/protocol';
import { verifyEd25519PersonalMessage } from './ed25519-user.ts';
import type { SignedMessage, VerifiedSignatures } from './signatures.ts';

export interface UserSignatureDeps {
  chain: Pick<ServerChain, 'verifyZkLogin'>;
  verified: VerifiedSignatures;
}

/** @throws {SealServerError} Failure when the full node cannot be asked */
export async function verifyUserSignature(
  signed: SignedMessage,
  deps: UserSignatureDeps,
  options: CallOptions,
): Promise<boolean> {
  if (signed.signature.length > MAX_SIGNATURE_BYTES) return false;
  if (signed.signature[0] === SIGNATURE_FLAG.zkLogin) {
    return await verifyOnChain(signed, deps, options);
  }
  return await deps.verified.check(signed, () => verifyLocally(signed));
}

async function verifyOnChain(
  signed: SignedMessage,
  { chain }: UserSignatureDeps,
  options: CallOptions,
): Promise<boolean> {
  try {
    return await chain.verifyZkLogin(signed, options);
  } catch (cause) {
    throw new SealServerError('Failure', 'zkLogin verification failed', { cause });
  }
}

/** Malformed signatures are invalid ones: nothing here can fail for another reason. */
async function verifyLocally(signed: SignedMessage): Promise<boolean> {
  const flag = signed.signature[0];
  if (flag === SIGNATURE_FLAG.ed25519) return verifyEd25519PersonalMessage(signed);
  return (await verifyWithProtocol(signed)) === 'valid';
}
