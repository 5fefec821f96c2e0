/** A stack with a committee: made by a real ceremony, used by the official client through the aggregator. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SealClient as OfficialClient, SessionKey as OfficialSessionKey } from '@mysten/seal';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { type Stack, startStack } from '@seal-ts/seal-dev';
import { connectControl } from '@seal-ts/seal-dev/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAllowlist, temporaryFolder } from '../support/stack.ts';

const DATA = new TextEncoder().encode('nobody holds the key');
const dir = temporaryFolder('seal-committee-stack-');

let stack: Stack;
let client: SuiGrpcClient;
let list: TestAllowlist;
let alice: Ed25519Keypair;

beforeAll(async () => {
  stack = await startStack({ dir, servers: 1, committees: ['2of3'] });
  const { manifest } = stack;
  client = new SuiGrpcClient({ network: 'localnet', baseUrl: manifest.chain.rpcUrl });
  const account = (name: string) => {
    const entry = manifest.accounts.find((candidate) => candidate.name === name);
    return Ed25519Keypair.fromSecretKey(entry?.privateKey as string);
  };
  alice = account('alice');
  const world = { client, manifest };
  list = await TestAllowlist.create(world, account('admin'), [alice.toSuiAddress()]);
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const committee = () => {
  const [entry] = stack.manifest.committees;
  if (!entry) throw new TypeError('the stack has no committee');
  return entry;
};

/** Encrypts to the independent server and the committee together, and opens it. */
async function roundTrip(nonce: number): Promise<Uint8Array> {
  const [independent] = stack.manifest.keyServers;
  const { keyServerObjectId, aggregatorUrl } = committee();
  const seal = new OfficialClient({
    suiClient: client,
    serverConfigs: [
      { objectId: independent?.objectId as string, weight: 1 },
      { objectId: keyServerObjectId, weight: 1, aggregatorUrl },
    ],
  });
  const id = list.identity(nonce);
  const { encryptedObject } = await seal.encrypt({
    threshold: 2,
    packageId: list.packageId,
    id,
    data: DATA,
  });
  const sessionKey = await OfficialSessionKey.create({
    address: alice.toSuiAddress(),
    packageId: list.packageId,
    ttlMin: 5,
    signer: alice,
    suiClient: client,
  });
  return seal.decrypt({ data: encryptedObject, sessionKey, txBytes: await list.approval(id) });
}

async function setServer(name: string, running: boolean): Promise<void> {
  const control = await connectControl(dir);
  await control?.setKeyServer(name, running);
}

describe('a committee of three, threshold two', () => {
  it('stands in the manifest with its members', () => {
    expect(committee()).toEqual({
      name: 'committee-1',
      keyServerObjectId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      aggregatorUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      version: 0,
      threshold: 2,
      publicKey: expect.stringMatching(/^[A-Za-z0-9+/]{128}$/),
      packageId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      committeeId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      members: [1, 2, 3].map((n) => ({
        name: `committee-1-member-${n}`,
        address: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        stateDir: join(dir, 'committees', 'committee-1', `committee-1-member-${n}`, 'dkg-state'),
      })),
    });
  });

  it('keeps every share to its member', () => {
    for (const { stateDir } of committee().members) {
      for (const file of ['dkg.yaml', 'dkg.key', 'state.json', '../master-share-v0']) {
        expect(statSync(join(stateDir, file)).mode & 0o777).toBe(0o600);
      }
    }
  });

  it('opens objects for the official client together with an independent server', async () => {
    expect(await roundTrip(1)).toEqual(DATA);
  });

  it('opens them while one member is down, and not while two are', async () => {
    const [first, second] = committee().members;
    await setServer(first?.name as string, false);
    expect(await roundTrip(2)).toEqual(DATA);
    await setServer(second?.name as string, false);
    await expect(roundTrip(3)).rejects.toThrow();
    await setServer(first?.name as string, true);
    expect(await roundTrip(4)).toEqual(DATA);
  });
});

describe('a committee that cannot be', () => {
  it.each(['1of3', '4of3', '2of11', '3', 'twoOfThree'])('%s is refused', async (spec) => {
    const bad = startStack({ dir: join(dir, 'bad'), servers: 1, committees: [spec] });
    await expect(bad).rejects.toMatchObject({ code: 'DEV_BAD_OPTION' });
  });
});
