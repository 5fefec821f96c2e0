/**
 * The user's signature over the personal message (protocol §3.2, §3.4). Everything but zkLogin is
 * verified here; zkLogin depends on the chain's epoch and issuer keys, so the full node decides.
 */

import { bcs } from '@mysten/sui/bcs';
import type { CallOptions, ServerChain } from '@seal-ts/chain';
import {
  MAX_SIGNATURE_BYTES,
  SealServerError,
  SIGNATURE_FLAG,
  verifyUserSignature as verifyWithProtocol,
} from '@seal-ts/protocol';
import { verifyEd25519PersonalMessage } from './ed25519-user.ts';
import type { SignedMessage, VerifiedSignatures } from './signatures.ts';

/** Schemes that a member of a multisig may sign with. */
const MULTISIG_SCHEMES = ['ED25519', 'Secp256k1', 'Secp256r1'];

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
  if (flag === SIGNATURE_FLAG.multisig && !isPlainMultisig(signed.signature)) return false;
  return (await verifyWithProtocol(signed)) === 'valid';
}

/**
 * Whether every signature in a multisig is of a plain scheme, belongs to exactly one member, and is
 * of that member's own scheme. The library reads a member's key by the scheme the *signature*
 * names; without this check a caller could have a key taken for one of another curve, or for a zkLogin
 * identity, which would also make the library reach out to a network.
 */
function isPlainMultisig(signature: Uint8Array): boolean {
  const parsed = parseMultisig(signature);
  if (parsed === undefined) return false;
  const { sigs, bitmap, multisig_pk } = parsed;
  const members = multisig_pk.pk_map.filter((_, i) => (bitmap & (1 << i)) !== 0);
  if (bitmap >>> multisig_pk.pk_map.length !== 0 || members.length !== sigs.length) return false;
  return sigs.every(
    (sig, i) => MULTISIG_SCHEMES.includes(sig.$kind) && members[i]?.pubKey.$kind === sig.$kind,
  );
}

function parseMultisig(signature: Uint8Array) {
  try {
    return bcs.MultiSig.parse(signature.subarray(1));
  } catch {
    return undefined;
  }
}
