/**
 * An eavesdropper who has seen the requests of others and sends changed ones. Whatever a server
 * grants must have been asked for, in exactly these terms, by the session of the account.
 */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { type Engine, generateElGamalKeyPair } from '@seal-ts/crypto';
import {
  type CertificateJson,
  type FetchKeyRequestJson,
  fromBase64,
  signedRequestBytes,
  toBase64,
} from '@seal-ts/protocol';
import type { Random } from './random.ts';

/** A forged request body, made of bodies seen before. */
export async function forge(
  seen: readonly string[],
  users: readonly string[],
  random: Random,
  engine: Engine,
): Promise<string> {
  const request = JSON.parse(random.pick(seen)) as FetchKeyRequestJson & Record<string, unknown>;
  const other = JSON.parse(random.pick(seen)) as FetchKeyRequestJson;
  const certificate: CertificateJson = { ...request.certificate };
  const changed = { ...request, certificate };
  switch (random.integer(0, 7)) {
    case 0:
      break;
    case 1:
      Object.assign(changed, ownResponseKey(random, engine));
      break;
    case 2:
      Object.assign(certificate, { user: random.pick(users) });
      break;
    case 3:
      Object.assign(certificate, {
        creation_time: certificate.creation_time + 30_000,
        ttl_min: random.pick([30, 31, 65_535]),
      });
      break;
    case 4:
      Object.assign(changed, { ptb: other.ptb });
      break;
    case 5:
      Object.assign(changed, { certificate: other.certificate });
      break;
    case 6:
      Object.assign(certificate, { mvr_name: '@seal/sim' });
      break;
    default:
      return takeOver(changed, random, engine);
  }
  return JSON.stringify(changed);
}

/** Own response key, own session key, the victim's certificate around them. */
async function takeOver(
  request: FetchKeyRequestJson,
  random: Random,
  engine: Engine,
): Promise<string> {
  const session = Ed25519Keypair.fromSecretKey(random.bytes(32));
  const key = ownResponseKey(random, engine);
  const message = signedRequestBytes(
    fromBase64(request.ptb),
    fromBase64(key.enc_key),
    fromBase64(key.enc_verification_key),
  );
  const session_vk = toBase64(session.getPublicKey().toRawBytes());
  return JSON.stringify({
    ...request,
    ...key,
    request_signature: toBase64(await session.sign(message)),
    certificate: { ...request.certificate, ...(random.chance(0.5) ? { session_vk } : {}) },
  });
}

function ownResponseKey(random: Random, engine: Engine) {
  const pair = generateElGamalKeyPair({ engine, random: random.bytes });
  return {
    enc_key: toBase64(engine.g1.toBytes(pair.publicKey)),
    enc_verification_key: toBase64(engine.g2.toBytes(pair.verificationKey)),
  };
}
