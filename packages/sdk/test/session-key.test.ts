/** Session keys (seal-protocol.md §3, §9.2). */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { signedRequestBytes, toBase64 } from '@seal-ts/protocol';
import { describe, expect, it, vi } from 'vitest';
import {
  EXPIRY_MARGIN_MS,
  ExpiredSessionKeyError,
  type ExportedSessionKey,
  InvalidGetObjectError,
  InvalidPackageError,
  InvalidPersonalMessageSignatureError,
  type SealCompatibleClient,
  SessionKey,
  UserError,
} from '../src/index.ts';
import { sealErrorOf } from './support/setup.ts';
import { approveTx, PACKAGE, UPGRADED_PACKAGE, user, World } from './support/world.ts';

const T0 = 1_700_000_000_000;
const { suiClient } = new World();
const options = { address: user.toSuiAddress(), packageId: PACKAGE, ttlMin: 10, suiClient };

describe('create', () => {
  it('writes the message servers rebuild', async () => {
    const session = await SessionKey.create({ ...options, now: () => T0 });
    const { session_vk } = await signed(session);
    expect(new TextDecoder().decode(session.getPersonalMessage())).toBe(
      `Accessing keys of package ${PACKAGE} for 10 mins from 2023-11-14 22:13:20 UTC, ` +
        `session key ${session_vk}`,
    );
  });

  it('puts the MVR name into message and certificate', async () => {
    const session = await SessionKey.create({ ...options, mvrName: '@org/app' });
    expect(session.getPackageName()).toBe('@org/app');
    expect(session.getPackageId()).toBe(PACKAGE);
    expect(await signed(session)).toMatchObject({ mvr_name: '@org/app' });
  });

  it('normalises ids, since servers do', async () => {
    const packageId = PACKAGE.toUpperCase().replace('0X', '0x');
    const address = options.address.toUpperCase().replace('0X', '0x');
    const session = await SessionKey.create({ ...options, packageId, address, signer: user });
    expect(session.getPackageId()).toBe(PACKAGE);
    expect(session.getAddress()).toBe(options.address);
  });

  it.each([
    ['no time to live', { ttlMin: 0 }],
    ['31 minutes', { ttlMin: 31 }],
    ['half minutes', { ttlMin: 1.5 }],
    ['no number', { ttlMin: Number.NaN }],
    ['a bad name', { mvrName: 'org/app' }],
    ['a versioned name', { mvrName: '@org/app/1' }],
    ['a bad package id', { packageId: 'abc' }],
    ['a bad address', { address: '0x' }],
    ['the signer of another account', { signer: new Ed25519Keypair() }],
  ])('refuses %s', async (_name, change) => {
    const error = await sealErrorOf(SessionKey.create({ ...options, ...change }));
    expect(error).toBeInstanceOf(UserError);
  });

  it.each([1, 30])('takes %i minutes', async (ttlMin) => {
    expect((await SessionKey.create({ ...options, ttlMin })).isExpired()).toBe(false);
  });

  it('refuses upgraded and missing packages', async () => {
    const upgraded = SessionKey.create({ ...options, packageId: UPGRADED_PACKAGE });
    expect(await sealErrorOf(upgraded)).toBeInstanceOf(InvalidPackageError);
    const missing = SessionKey.create({ ...options, packageId: '0x5' });
    expect(await sealErrorOf(missing)).toBeInstanceOf(InvalidGetObjectError);
  });

  it('does not wait for ever', async () => {
    const silent = { core: { getObject: () => new Promise(() => {}) } };
    const waiting = SessionKey.create({
      ...options,
      suiClient: silent as unknown as SealCompatibleClient,
      timeout: 20,
    });
    const error = await sealErrorOf(waiting);
    expect(error).toBeInstanceOf(InvalidGetObjectError);
    expect(error.message).toContain('within 20 ms');
  });

  it('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(SessionKey.create({ ...options, signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('the personal message signature', () => {
  it('is verified', async () => {
    const session = await SessionKey.create(options);
    const other = await new Ed25519Keypair().signPersonalMessage(session.getPersonalMessage());
    const stale = await user.signPersonalMessage(new TextEncoder().encode('other'));
    for (const { signature } of [other, stale, { signature: 'x' }]) {
      const error = await sealErrorOf(session.setPersonalMessageSignature(signature));
      expect(error).toBeInstanceOf(InvalidPersonalMessageSignatureError);
    }
    const error = await sealErrorOf(session.getCertificate());
    expect(error.message).toContain('setPersonalMessageSignature()');
    expect((await signed(session)).user).toBe(options.address);
  });

  it('is kept: a second one is ignored', async () => {
    const session = await SessionKey.create(options);
    const { signature } = await signed(session);
    await session.setPersonalMessageSignature('nonsense');
    expect((await session.getCertificate()).signature).toBe(signature);
  });

  it('is asked for again after the user said no', async () => {
    const session = await SessionKey.create({ ...options, signer: user });
    const sign = vi.spyOn(user, 'signPersonalMessage');
    sign.mockRejectedValueOnce(new Error('rejected by user'));
    await expect(session.getCertificate()).rejects.toThrow('rejected by user');
    expect((await session.getCertificate()).user).toBe(options.address);
    sign.mockRestore();
  });
});

describe('expiry', () => {
  it('comes ten seconds early, to the millisecond', async () => {
    let now = T0;
    const session = await SessionKey.create({ ...options, now: () => now });
    now = T0 + 600_000 - EXPIRY_MARGIN_MS;
    expect(session.isExpired()).toBe(false);
    now += 1;
    expect(session.isExpired()).toBe(true);
    const error = await sealErrorOf(session.createRequestParams(new Uint8Array([0])));
    expect(error).toBeInstanceOf(ExpiredSessionKeyError);
    expect(error.code).toBe('SEAL_SESSION_EXPIRED');
    expect((error as ExpiredSessionKeyError).expiredAt).toBeGreaterThan(0);
  });
});

describe('request parameters', () => {
  it('are fresh each time and signed by the session key', async () => {
    const session = await SessionKey.create({ ...options, signer: user });
    const txBytes = await approveTx(['01']);
    const a = await session.createRequestParams(txBytes);
    const b = await session.createRequestParams(txBytes);
    expect(a.encKey).not.toEqual(b.encKey);
    expect([a.encKey.length, a.encKeyPk.length, a.encVerificationKey.length]).toEqual([32, 48, 96]);
    const keypair = Ed25519Keypair.fromSecretKey(session.export().sessionKey);
    const message = signedRequestBytes(txBytes.slice(1), a.encKeyPk, a.encVerificationKey);
    expect(a.requestSignature).toBe(toBase64(await keypair.sign(message)));
  });
});

describe('export and import', () => {
  it('keep everything', async () => {
    const session = await SessionKey.create({ ...options, mvrName: '@org/app', signer: user });
    const certificate = await session.getCertificate();
    const restored = SessionKey.import(structuredClone({ ...session.export() }), suiClient);
    expect(await restored.getCertificate()).toEqual(certificate);
    expect(restored.getPersonalMessage()).toEqual(session.getPersonalMessage());
  });

  it('refuse JSON, and show no secret when logged', async () => {
    const session = await SessionKey.create(options);
    const exported = session.export();
    expect(() => JSON.stringify(exported)).toThrow('IndexedDB');
    expect(JSON.stringify(session)).toBe('{}');
    expect(Object.keys(exported)).not.toContain('toJSON');
  });

  it('refuse expired keys', async () => {
    const session = await SessionKey.create({ ...options, now: () => T0 });
    const later = (): number => T0 + 600_000 - EXPIRY_MARGIN_MS + 1;
    const restore = () => SessionKey.import(session.export(), suiClient, undefined, later);
    expect(restore).toThrow(ExpiredSessionKeyError);
  });

  it.each<[string, { signer?: Ed25519Keypair } & Partial<ExportedSessionKey>]>([
    ['another account’s signer', { signer: new Ed25519Keypair() }],
    ['a secret that is none', { sessionKey: 'suiprivkeyxyz' }],
    ['a time that is none', { creationTimeMs: Number.NaN }],
    ['a negative time', { creationTimeMs: -1 }],
    ['a long life', { ttlMin: 31 }],
  ])('refuse %s', async (_name, { signer, ...change }) => {
    const session = await SessionKey.create(options);
    const data = { ...session.export(), ...change };
    const restore = () => SessionKey.import(data, suiClient, signer);
    expect(restore).toThrow(UserError);
    expect(restore).not.toThrow(/suiprivkey/);
  });
});

/** The certificate after the user has signed. */
async function signed(session: SessionKey) {
  const { signature } = await user.signPersonalMessage(session.getPersonalMessage());
  await session.setPersonalMessageSignature(signature);
  return session.getCertificate();
}
