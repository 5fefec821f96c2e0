/** Builds fetch-key requests the way a client does, with a knob for every part. */

import type { Signer } from '@mysten/sui/cryptography';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import {
  type Engine,
  elgamalDecrypt,
  generateElGamalKeyPair,
  type RandomSource,
  systemRandom,
} from '@seal-ts/crypto';
import {
  encodeBcs,
  encodePtb,
  type FetchKeyRequestJson,
  type FetchKeyResponseJson,
  fromBase64,
  type Ptb,
  type PtbCommand,
  personalMessage,
  signedRequestBytes,
  toBase64,
} from '@seal-ts/protocol';
import { PACKAGE, T0 } from './world.ts';

export const HEADERS = {
  'content-type': 'application/json',
  'client-sdk-type': 'typescript',
  'client-sdk-version': '1.4.12',
};

export const USER = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
export const SESSION = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(9));

/** One `seal_approve` call for each id, in module `policy` of `packageId`. */
export function approvePtb(ids: readonly Uint8Array[], packageId = PACKAGE): Ptb {
  const unique = [...new Set(ids)];
  return {
    inputs: unique.map((id) => ({ kind: 'pure', bytes: encodeBcs((w) => w.byteVector(id)) })),
    commands: ids.map((id) => approveCall(packageId, unique.indexOf(id))),
  };
}

export function approveCall(packageId: string, input: number, name = 'seal_approve'): PtbCommand {
  return {
    kind: 'moveCall',
    package: packageId,
    module: 'policy',
    function: name,
    typeArguments: [],
    arguments: [{ kind: 'input', index: input }],
  };
}

export interface RequestOptions {
  engine: Engine;
  /** Source of the ElGamal key. */
  random?: RandomSource;
  ids?: readonly Uint8Array[];
  packageId?: string;
  ptb?: Ptb;
  user?: Signer;
  /** Address claimed in the certificate. */
  address?: string;
  session?: Ed25519Keypair;
  creationTimeMs?: number;
  ttlMin?: number;
  mvrName?: string | null;
  /** What the user signs for; the first package id unless a name is used. */
  packageName?: string;
  /** Replaces the user's signature, Base64. */
  signature?: string;
}

/** A request with the secret key that opens its answer. */
export async function createRequest(options: RequestOptions) {
  const { engine, user = USER, session = SESSION, ttlMin = 10, mvrName } = options;
  const creationTimeMs = options.creationTimeMs ?? T0 - 60_000;
  const ids = options.ids ?? [Uint8Array.of(1, 2, 3)];
  const ptb = encodePtb(options.ptb ?? approvePtb(ids, options.packageId));
  const { random = systemRandom } = options;
  const keyPair = generateElGamalKeyPair({ engine, random });
  const encKey = engine.g1.toBytes(keyPair.publicKey);
  const encVerificationKey = engine.g2.toBytes(keyPair.verificationKey);
  const message = personalMessage({
    packageName: options.packageName ?? mvrName ?? PACKAGE,
    ttlMin,
    creationTimeMs,
    sessionKey: session.getPublicKey().toRawBytes(),
  });
  const signature = options.signature ?? (await user.signPersonalMessage(message)).signature;
  const body: FetchKeyRequestJson = {
    ptb: toBase64(ptb),
    enc_key: toBase64(encKey),
    enc_verification_key: toBase64(encVerificationKey),
    request_signature: toBase64(
      await session.sign(signedRequestBytes(ptb, encKey, encVerificationKey)),
    ),
    certificate: {
      user: options.address ?? user.toSuiAddress(),
      session_vk: toBase64(session.getPublicKey().toRawBytes()),
      creation_time: creationTimeMs,
      ttl_min: ttlMin,
      signature,
      ...(mvrName === undefined ? {} : { mvr_name: mvrName }),
    },
  };
  return { body, secretKey: keyPair.secretKey, message };
}

export function post(body: unknown, headers: Record<string, string> = HEADERS): RequestInit {
  return { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** Decrypts an answer: user secret keys as G1 bytes, in order. */
export function openAnswer(
  answer: FetchKeyResponseJson,
  secretKey: Uint8Array,
  engine: Engine,
): { id: Uint8Array; userSecretKey: Uint8Array }[] {
  return answer.decryption_keys.map(({ id, encrypted_key: [c1, c2] }) => ({
    id: Uint8Array.from(id),
    userSecretKey: engine.g1.toBytes(
      elgamalDecrypt(engine, secretKey, {
        c1: engine.g1.fromBytes(fromBase64(c1)),
        c2: engine.g1.fromBytes(fromBase64(c2)),
      }),
    ),
  }));
}
