/**
 * Interoperation with `@mysten/seal` 1.4.12 in both directions, against the same simulated key
 * servers (seal-protocol.md §13).
 */
import * as official from '@mysten/seal';
import { describe, expect, it } from 'vitest';
import { DemType, EncryptedObject, SealClient, SessionKey } from '../src/index.ts';
import { approveTx, PACKAGE, user, World } from './support/world.ts';

const ID = '01020304';
const DATA = new TextEncoder().encode('the difference between a mermaid and a seal');
const AAD = new TextEncoder().encode('Mark Twain');

function clients(world: World) {
  const options = { suiClient: world.suiClient, serverConfigs: world.configs, fetch: world.fetch };
  return { ours: new SealClient(options), theirs: new official.SealClient(options) };
}

function sessionOptions(world: World) {
  return {
    address: user.toSuiAddress(),
    packageId: PACKAGE,
    ttlMin: 10,
    signer: user,
    suiClient: world.suiClient,
  };
}

describe.each([
  ['AES-256-GCM', DemType.AesGcm256],
  ['HMAC-256-CTR', DemType.Hmac256Ctr],
])('%s', (_name, demType) => {
  const input = { threshold: 2, packageId: PACKAGE, id: ID, data: DATA, aad: AAD, demType };

  it('what we encrypt, the official SDK decrypts', async () => {
    const world = new World();
    const { ours, theirs } = clients(world);
    const { encryptedObject } = await ours.encrypt(input);
    const sessionKey = await official.SessionKey.create(sessionOptions(world));
    const txBytes = await approveTx([ID]);
    const plain = await theirs.decrypt({
      data: encryptedObject,
      sessionKey,
      txBytes,
      checkShareConsistency: true,
    });
    expect(plain).toEqual(DATA);
  });

  it('what the official SDK encrypts, we decrypt', async () => {
    const world = new World();
    const { ours, theirs } = clients(world);
    const { encryptedObject } = await theirs.encrypt(input);
    const sessionKey = await SessionKey.create(sessionOptions(world));
    const txBytes = await approveTx([ID]);
    const data = encryptedObject;
    const plain = await ours.decrypt({ data, sessionKey, txBytes, checkShareConsistency: true });
    expect(plain).toEqual(DATA);
  });
});

describe('shared formats', () => {
  it('both codecs read and write the same bytes', async () => {
    const world = new World();
    const { theirs } = clients(world);
    const { encryptedObject } = await theirs.encrypt({
      threshold: 1,
      packageId: PACKAGE,
      id: ID,
      data: DATA,
    });
    const parsed = EncryptedObject.parse(encryptedObject);
    expect(parsed).toEqual(official.EncryptedObject.parse(encryptedObject));
    expect(EncryptedObject.serialize(parsed).toBytes()).toEqual(encryptedObject);
  });

  it('session keys move between the SDKs', async () => {
    const world = new World();
    const theirs = await official.SessionKey.create(sessionOptions(world));
    const ours = SessionKey.import(theirs.export(), world.suiClient, user);
    expect(ours.getPersonalMessage()).toEqual(theirs.getPersonalMessage());
    const back = official.SessionKey.import(ours.export(), world.suiClient, user);
    expect(back.getPersonalMessage()).toEqual(theirs.getPersonalMessage());
    const { mvr_name: _absent, ...certificate } = await theirs.getCertificate();
    expect(await ours.getCertificate()).toEqual(certificate);
  });

  it('derived keys agree', async () => {
    const world = new World();
    const { ours, theirs } = clients(world);
    const txBytes = await approveTx([ID]);
    const mine = await ours.getDerivedKeys({
      id: ID,
      txBytes,
      sessionKey: await SessionKey.create(sessionOptions(world)),
      threshold: 3,
    });
    const other = await theirs.getDerivedKeys({
      id: ID,
      txBytes,
      sessionKey: await official.SessionKey.create(sessionOptions(world)),
      threshold: 3,
    });
    const text = (keys: Map<string, { toString(): string }>) =>
      [...keys].map(([server, key]) => `${server} ${key.toString()}`);
    expect(text(mine)).toEqual(text(other));
  });
});
