/** User signatures (seal-protocol.md §3.4) and the table of refusals (§4.4). */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { MultiSigPublicKey } from '@mysten/sui/multisig';
import { describe, expect, it } from 'vitest';
import {
  fromBase64,
  isServerErrorName,
  MAX_SIGNATURE_BYTES,
  parseServerErrorBody,
  SERVER_ERROR_NAMES,
  SealServerError,
  statusOfServerError,
  verifyUserSignature,
} from '../src/index.ts';

const message = new TextEncoder().encode('Accessing keys of package …');
const seed = new Uint8Array(32).fill(9);
const keypairs = {
  Ed25519: Ed25519Keypair.fromSecretKey(seed),
  Secp256k1: Secp256k1Keypair.fromSecretKey(seed),
  Secp256r1: Secp256r1Keypair.fromSecretKey(seed),
};

describe.each(Object.entries(keypairs))('%s', (_name, keypair) => {
  const address = keypair.toSuiAddress();
  const sign = async (): Promise<Uint8Array> =>
    fromBase64((await keypair.signPersonalMessage(message)).signature);

  it('verifies for its own message and address only', async () => {
    const signature = await sign();
    expect(await verifyUserSignature({ message, signature, address })).toBe('valid');
    const other = `0x${'1'.repeat(64)}`;
    expect(await verifyUserSignature({ message, signature, address: other })).toBe('invalid');
    const changed = new TextEncoder().encode('other');
    expect(await verifyUserSignature({ message: changed, signature, address })).toBe('invalid');
  });

  it('refuses damage, truncation and extension', async () => {
    const signature = await sign();
    const damaged = Uint8Array.from(signature);
    damaged[5]! ^= 1;
    for (const bad of [damaged, signature.subarray(0, -1), Uint8Array.of(...signature, 0)]) {
      expect(await verifyUserSignature({ message, signature: bad, address })).toBe('invalid');
    }
  });
});

describe('multisig', () => {
  const publicKey = MultiSigPublicKey.fromPublicKeys({
    threshold: 2,
    publicKeys: Object.values(keypairs).map((keypair) => ({
      publicKey: keypair.getPublicKey(),
      weight: 1,
    })),
  });
  const address = publicKey.toSuiAddress();

  it('needs its threshold', async () => {
    const signatures = await Promise.all(
      Object.values(keypairs).map(async (k) => (await k.signPersonalMessage(message)).signature),
    );
    const combine = (n: number): Uint8Array =>
      fromBase64(publicKey.combinePartialSignatures(signatures.slice(0, n)));
    const verdict = (n: number) => verifyUserSignature({ message, signature: combine(n), address });
    expect(await verdict(2)).toBe('valid');
    expect(await verdict(3)).toBe('valid');
    expect(await verdict(1)).toBe('invalid');
  });
});

describe('other signatures', () => {
  const address = keypairs.Ed25519.toSuiAddress();

  it('zkLogin needs a node', async () => {
    const signature = Uint8Array.of(5, 1, 2, 3);
    expect(await verifyUserSignature({ message, signature, address })).toBe('needsNode');
  });

  it.each([
    ['empty', new Uint8Array()],
    ['unknown flag', Uint8Array.of(4, ...new Uint8Array(96))],
    ['flag 255', Uint8Array.of(255)],
    ['broken multisig', Uint8Array.of(3, 9, 9, 9)],
    ['broken passkey', Uint8Array.of(6, 1, 2)],
    ['too long', new Uint8Array(MAX_SIGNATURE_BYTES + 1)],
  ])('%s is invalid', async (_name, signature) => {
    expect(await verifyUserSignature({ message, signature, address })).toBe('invalid');
  });

  it('a malformed address is invalid, not an exception', async () => {
    const { signature } = await keypairs.Ed25519.signPersonalMessage(message);
    const input = { message, signature: fromBase64(signature), address: 'nobody' };
    expect(await verifyUserSignature(input)).toBe('invalid');
  });
});

describe('refusals', () => {
  it('carry the names, statuses and texts of the protocol', () => {
    const table = SERVER_ERROR_NAMES.map((name) => {
      const error = new SealServerError(name, 'DETAIL');
      return `${error.status} ${JSON.stringify(error.toBody())}`;
    });
    expect(table).toMatchInlineSnapshot(`
      [
        "403 {"error":"InvalidPTB","message":"Invalid PTB: DETAIL"}",
        "403 {"error":"InvalidPackage","message":"Invalid package ID"}",
        "403 {"error":"NoAccess","message":"Access denied: DETAIL"}",
        "403 {"error":"InvalidSignature","message":"Invalid user signature"}",
        "403 {"error":"InvalidSessionSignature","message":"Invalid session key signature"}",
        "403 {"error":"InvalidCertificate","message":"Invalid certificate time or ttl"}",
        "403 {"error":"InvalidParameter","message":"Invalid parameter to PTB: DETAIL"}",
        "403 {"error":"InvalidMVRName","message":"Invalid MVR name"}",
        "400 {"error":"InvalidSDKType","message":"Invalid SDK type"}",
        "400 {"error":"InvalidSDKVersion","message":"Invalid SDK version"}",
        "400 {"error":"MissingRequiredHeader","message":"Missing required header: DETAIL"}",
        "400 {"error":"InvalidServiceId","message":"Invalid service ID"}",
        "400 {"error":"UnsupportedPackageId","message":"Unsupported package ID"}",
        "426 {"error":"DeprecatedSDKVersion","message":"Deprecated SDK version"}",
        "503 {"error":"Failure","message":"Internal server error, please try again later"}",
      ]
    `);
  });

  it('keep internal details out of the answer', () => {
    const error = new SealServerError('Failure', 'secret node name');
    expect(JSON.stringify(error.toBody())).not.toContain('secret');
    expect(error.detail).toBe('secret node name');
  });

  it('give unknown names 503', () => {
    expect(isServerErrorName('toString')).toBe(false);
    expect(statusOfServerError('Brandnew')).toBe(503);
    expect(statusOfServerError('NoAccess')).toBe(403);
  });

  it('are read from bodies of exactly that shape', () => {
    expect(parseServerErrorBody({ error: 'A', message: 'b', x: 1 })).toEqual({
      error: 'A',
      message: 'b',
    });
    for (const bad of [null, 'x', [], {}, { error: 'A' }, { error: 1, message: 'b' }]) {
      expect(parseServerErrorBody(bad)).toBeUndefined();
    }
  });
});
