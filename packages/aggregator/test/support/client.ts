/** Builds fetch-key requests the way a client does. */

import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { type Engine, elgamalDecrypt, generateElGamalKeyPair } from '@seal-ts/crypto';
import {
  encodeBcs,
  encodePtb,
  type FetchKeyRequestJson,
  type FetchKeyResponseJson,
  fromBase64,
  type Ptb,
  signedRequestBytes,
  toBase64,
} from '@seal-ts/protocol';
import { PACKAGE } from './world.ts';

export const HEADERS = {
  'content-type': 'application/json',
  'client-sdk-type': 'typescript',
  'client-sdk-version': '1.4.12',
};
export const USER = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
const SESSION = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(9));

/** One `seal_approve` call for each id. */
export function approvePtb(ids: readonly Uint8Array[], packageId = PACKAGE): Ptb {
  return {
    inputs: ids.map((id) => ({ kind: 'pure', bytes: encodeBcs((w) => w.byteVector(id)) })),
    commands: ids.map((_, index) => ({
      kind: 'moveCall',
      package: packageId,
      module: 'policy',
      function: 'seal_approve',
      typeArguments: [],
      arguments: [{ kind: 'input', index }],
    })),
  };
}

export interface RequestOptions {
  engine: Engine;
  ids?: readonly Uint8Array[];
  packageId?: string;
  ptb?: Ptb;
}

/** A request with the secret key that opens its answer. */
export async function createRequest(options: RequestOptions) {
  const { engine, ids = [Uint8Array.of(1, 2, 3)], packageId } = options;
  const ptb = encodePtb(options.ptb ?? approvePtb(ids, packageId));
  const keyPair = generateElGamalKeyPair({ engine });
  const encKey = engine.g1.toBytes(keyPair.publicKey);
  const encVerificationKey = engine.g2.toBytes(keyPair.verificationKey);
  const signed = await SESSION.sign(signedRequestBytes(ptb, encKey, encVerificationKey));
  const { signature } = await USER.signPersonalMessage(new Uint8Array(3));
  const body: FetchKeyRequestJson = {
    ptb: toBase64(ptb),
    enc_key: toBase64(encKey),
    enc_verification_key: toBase64(encVerificationKey),
    request_signature: toBase64(signed),
    certificate: {
      user: USER.toSuiAddress(),
      session_vk: toBase64(SESSION.getPublicKey().toRawBytes()),
      creation_time: 1_700_000_000_000,
      ttl_min: 10,
      signature,
    },
  };
  return { body, secretKey: keyPair.secretKey };
}

export function post(body: unknown, headers: Record<string, string> = HEADERS): RequestInit {
  return { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** Decrypts an answer: user secret keys as hex of G1 bytes, by full id in hex. */
export function openAnswer(
  answer: FetchKeyResponseJson,
  secretKey: Uint8Array,
  engine: Engine,
): Map<string, string> {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return new Map(
    answer.decryption_keys.map(({ id, encrypted_key: [c1, c2] }) => {
      const ciphertext = {
        c1: engine.g1.fromBytes(fromBase64(c1)),
        c2: engine.g1.fromBytes(fromBase64(c2)),
      };
      const key = elgamalDecrypt(engine, secretKey, ciphertext);
      return [hex(Uint8Array.from(id)), hex(engine.g1.toBytes(key))];
    }),
  );
}
