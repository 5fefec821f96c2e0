/**
 * Body → typed request, with the caller's verification key decoded once (protocol §3.7). Whatever
 * is wrong with the shape, lengths and curve points included, is a 422 (§4.1), as at a key server.
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import {
  type Engine,
  type G1Point,
  type G2Point,
  isCryptoError,
  preparedGenerator,
} from '@seal-ts/crypto';
import { type FetchKeyRequest, isProtocolError, parseFetchKeyRequest } from '@seal-ts/protocol';
import { BodyRejection } from '@seal-ts/service';

export interface DecodedRequest {
  request: FetchKeyRequest;
  /** `enc_verification_key` as a point. */
  verificationKey: G2Point;
}

/** @throws {BodyRejection} 422 */
export function decodeRequest(body: unknown, engine: Engine): DecodedRequest {
  const request = shape('', () => parseFetchKeyRequest(body));
  const encKey = shape('enc_key', () => engine.g1.fromBytes(request.encKey));
  const verificationKey = shape('enc_verification_key', () =>
    engine.g2.fromBytes(request.encVerificationKey),
  );
  // Under the identity the answer would be the user secret key itself, in clear.
  if (engine.g1.isIdentity(encKey) || engine.g2.isIdentity(verificationKey)) {
    throw new BodyRejection(422, 'enc_key and enc_verification_key must not be the identity');
  }
  // Members do not check this (§1.10), and no share of theirs would pass: it is not their fault.
  if (!haveSameSecret(engine, encKey, verificationKey)) {
    throw new BodyRejection(422, 'enc_key and enc_verification_key have different secrets');
  }
  if (!isEd25519Point(request.certificate.sessionKey)) {
    throw new BodyRejection(422, 'certificate.session_vk: not an Ed25519 public key');
  }
  return { request, verificationKey };
}

/** `e(enc_key, g2) = e(g1, enc_verification_key)` */
function haveSameSecret(engine: Engine, encKey: G1Point, verificationKey: G2Point): boolean {
  return engine.pairingProductIsOne([
    { g1: encKey, g2: preparedGenerator(engine) },
    { g1: engine.g1.neg(engine.g1.generator), g2: verificationKey },
  ]);
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

function isEd25519Point(bytes: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(bytes, true);
    return true;
  } catch {
    return false;
  }
}
