/**
 * The certificate of a request (protocol §3.3–3.6), checked in the order of §4.5: time limits, the
 * account's aliases, the user's signature over the personal message, and last the session key's
 * signature over this request.
 */

import type { KeyObject } from 'node:crypto';
import type { ServerChain } from '@seal-ts/chain';
import {
  addressAliasId,
  type Certificate,
  certificateMessage,
  checkCertificateTimes,
  type FetchKeyRequest,
  SealServerError,
  signedRequestBytes,
} from '@seal-ts/protocol';
import { verifyEd25519 } from './ed25519.ts';
import type { VerifiedSignatures } from './signatures.ts';
import { verifyUserSignature } from './user-signature.ts';

export interface CertificateOptions {
  sessionTtlMaxMs: number;
}
export interface CertificateDeps {
  chain: Pick<ServerChain, 'objectExists' | 'verifyZkLogin'>;
  now: () => number;
  verified: VerifiedSignatures;
}
export interface CertificateCheck {
  request: FetchKeyRequest;
  /** The session's key, decoded. */
  sessionKey: KeyObject;
  /** Canonical BCS of the transaction. */
  ptbBytes: Uint8Array;
  firstPackageId: string;
  signal?: AbortSignal;
}

/**
 * @throws {SealServerError} InvalidCertificate, InvalidSignature, InvalidSessionSignature, Failure
 */
export async function checkCertificate(
  check: CertificateCheck,
  options: CertificateOptions,
  deps: CertificateDeps,
): Promise<void> {
  const { certificate } = check.request;
  checkCertificateTimes(certificate, deps.now(), options.sessionTtlMaxMs / 60_000);
  await refuseAliases(certificate, check, deps);
  const message = certificateMessage(certificate, check.firstPackageId);
  const signed = { address: certificate.user, message, signature: certificate.signature };
  if (!(await verifyUserSignature(signed, deps, { signal: check.signal }))) {
    throw new SealServerError('InvalidSignature');
  }
  checkSession(check);
}

/** An account with aliases may have handed its signing rights to others: always refused (§3.4). */
async function refuseAliases(
  { user }: Certificate,
  { signal }: CertificateCheck,
  { chain }: CertificateDeps,
): Promise<void> {
  let hasAliases: boolean;
  try {
    hasAliases = await chain.objectExists(addressAliasId(user), { signal });
  } catch (cause) {
    throw new SealServerError('Failure', 'address alias lookup failed', { cause });
  }
  if (hasAliases) throw new SealServerError('InvalidSignature');
}

function checkSession({ request, sessionKey, ptbBytes }: CertificateCheck): void {
  const { encKey, encVerificationKey, requestSignature } = request;
  const message = signedRequestBytes(ptbBytes, encKey, encVerificationKey);
  if (!verifyEd25519(sessionKey, message, requestSignature)) {
    throw new SealServerError('InvalidSessionSignature');
  }
}
