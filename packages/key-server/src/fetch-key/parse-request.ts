/**
 * Body → typed request, with the caller's points decoded once (protocol §3.7). Whatever is wrong
 * with the shape, lengths and curve points included, is a 422 (§4.1).
 */

import type { KeyObject } from 'node:crypto';
import { type Engine, type G1Point, isCryptoError } from '@seal-ts/crypto';
import { type FetchKeyRequest, isProtocolError, parseFetchKeyRequest } from '@seal-ts/protocol';
import { BodyRejection } from '@seal-ts/service';
import type { SessionKeys } from './session-keys.ts';

export interface DecodedRequest {
  request: FetchKeyRequest;
  /** `enc_key` as a point. */
  encKey: G1Point;
  /** `certificate.session_vk` as a key. */
  sessionKey: KeyObject;
}
export interface DecodeDeps {
  engine: Engine;
  sessionKeys: SessionKeys;
}

/** @throws {BodyRejection} 422 */
export function decodeRequest(body: unknown, { engine, sessionKeys }: DecodeDeps): DecodedRequest {
  const request = shape('', () => parseFetchKeyRequest(body));
  const encKey = shape('enc_key', () => engine.g1.fromBytes(request.encKey));
  const verificationKey = shape('enc_verification_key', () =>
    engine.g2.fromBytes(request.encVerificationKey),
  );
  // Under the identity the answer would be the user secret key itself, in clear.
  if (engine.g1.isIdentity(encKey) || engine.g2.isIdentity(verificationKey)) {
    throw new BodyRejection(422, 'enc_key and enc_verification_key must not be the identity');
  }
  const sessionKey = sessionKeys.get(request.certificate.sessionKey);
  if (sessionKey === undefined) {
    throw new BodyRejection(422, 'certificate.session_vk: not an Ed25519 public key');
  }
  return { request, encKey, sessionKey };
}

function shape<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (isProtocolError(cause)) throw new BodyRejection(422, cause.message, { cause });
    if (isCryptoError(cause)) {
      throw new BodyRejection(422, `${field}: not a point of the group`, { cause });
    }
    throw cause;
  }
}
