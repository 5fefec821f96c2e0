/** The official `@mysten/seal`, unmodified, against our chain and key servers; and both clients on each other's objects. */

import * as official from '@mysten/seal';
import {
  SealClient as OfficialClient,
  DemType as OfficialDemType,
  EncryptedObject as OfficialEncryptedObject,
  SessionKey as OfficialSessionKey,
} from '@mysten/seal';
import type { Signer } from '@mysten/sui/cryptography';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { Transaction } from '@mysten/sui/transactions';
import { fromHex } from '@mysten/sui/utils';
import { DemType, SealClient, SessionKey } from '@seal-ts/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, TestAllowlist, type TestStack, testStack } from '../support/stack.ts';

const DATA = new TextEncoder().encode('The difference between a Miracle and a Fact');
const AAD = new TextEncoder().encode('Mark Twain');

let stack: TestStack;
let list: TestAllowlist;
const signers: Record<string, Signer> = {
  ed25519: new Ed25519Keypair(),
  secp256k1: new Secp256k1Keypair(),
  secp256r1: new Secp256r1Keypair(),
};

beforeAll(async () => {
  stack = await testStack(3);
  const members = Object.values(signers).map((signer) => signer.toSuiAddress());
  list = await TestAllowlist.create(stack, stack.account('admin'), members);
});

afterAll(() => stack?.close());

function serverConfigs(weights: readonly number[] = [1, 1, 1]) {
  return stack.manifest.keyServers
    .map(({ objectId }, i) => ({ objectId, weight: weights[i] ?? 0 }))
    .filter(({ weight }) => weight > 0);
}

function officialClient(options: Partial<official.SealClientOptions> = {}): OfficialClient {
  return new OfficialClient({
    suiClient: stack.client,
    serverConfigs: serverConfigs(),
    ...options,
  });
}

function ourClient(weights?: readonly number[]): SealClient {
  return new SealClient({ suiClient: stack.client, serverConfigs: serverConfigs(weights) });
}

function officialSession(signer: Signer, packageId = list.packageId): Promise<OfficialSessionKey> {
  return OfficialSessionKey.create({
    address: signer.toSuiAddress(),
    packageId,
    ttlMin: 10,
    signer,
    suiClient: stack.client,
  });
}

function ourSession(signer: Signer): Promise<SessionKey> {
  return SessionKey.create({
    address: signer.toSuiAddress(),
    packageId: list.packageId,
    ttlMin: 10,
    signer,
    suiClient: stack.client,
  });
}

const member = () => signers['ed25519'] as Signer;

describe('official client', () => {
  for (const scheme of Object.keys(signers)) {
    it(`decrypts with a session key of a ${scheme} account`, async () => {
      const signer = signers[scheme] as Signer;
      const id = list.identity(1);
      const { encryptedObject } = await officialClient().encrypt({
        threshold: 2,
        packageId: list.packageId,
        id,
        data: DATA,
        aad: AAD,
      });
      const opened = await officialClient().decrypt({
        data: encryptedObject,
        sessionKey: await officialSession(signer),
        txBytes: await list.approval(id),
      });
      expect(opened).toEqual(DATA);
    });
  }

  it('verifies our key servers before using them', async () => {
    const id = list.identity(2);
    const client = officialClient({ verifyKeyServers: true });
    const { encryptedObject } = await client.encrypt({
      threshold: 3,
      packageId: list.packageId,
      id,
      data: DATA,
    });
    const opened = await client.decrypt({
      data: encryptedObject,
      sessionKey: await officialSession(member()),
      txBytes: await list.approval(id),
      checkShareConsistency: true,
    });
    expect(opened).toEqual(DATA);
  });

  it('reads our key servers from chain', async () => {
    const servers = await officialClient().getKeyServers();
    for (const { objectId, name, url, publicKey } of stack.manifest.keyServers) {
      const server = servers.get(objectId);
      expect(server).toMatchObject({ objectId, name, url, keyType: 0 });
      expect(Buffer.from(server?.pk ?? []).toString('base64')).toBe(publicKey);
    }
  });

  it('uses weights', async () => {
    const id = list.identity(3);
    const client = officialClient({ serverConfigs: serverConfigs([2, 1]) });
    const { encryptedObject } = await client.encrypt({
      threshold: 2,
      packageId: list.packageId,
      id,
      data: DATA,
    });
    expect(OfficialEncryptedObject.parse(encryptedObject).services).toHaveLength(3);
    const opened = await client.decrypt({
      data: encryptedObject,
      sessionKey: await officialSession(member()),
      txBytes: await list.approval(id),
    });
    expect(opened).toEqual(DATA);
  });

  it('fetches keys of several identities at once', async () => {
    const ids = [4, 5, 6].map((nonce) => list.identity(nonce));
    const sessionKey = await officialSession(member());
    const client = officialClient();
    const sealed = await Promise.all(
      ids.map((id) =>
        client.encrypt({
          demType: OfficialDemType.Hmac256Ctr,
          threshold: 2,
          packageId: list.packageId,
          id,
          data: DATA,
        }),
      ),
    );
    await client.fetchKeys({
      ids,
      txBytes: await list.approval(...ids),
      sessionKey,
      threshold: 2,
    });
    for (const [i, { encryptedObject }] of sealed.entries()) {
      const txBytes = await list.approval(ids[i] as string);
      const opened = await client.decrypt({ data: encryptedObject, sessionKey, txBytes });
      expect(opened).toEqual(DATA);
    }
  });

  it('gets derived keys', async () => {
    const id = list.identity(7);
    const keys = await officialClient().getDerivedKeys({
      id,
      txBytes: await list.approval(id),
      sessionKey: await officialSession(member()),
      threshold: 2,
    });
    expect(keys.size).toBe(2);
  });
});

describe('both clients', () => {
  it.each([
    ['AES-256-GCM', DemType.AesGcm256, OfficialDemType.AesGcm256],
    ['HMAC-256-CTR', DemType.Hmac256Ctr, OfficialDemType.Hmac256Ctr],
  ])('open what the other encrypted with %s', async (_name, ours, theirs) => {
    const id = list.identity(8);
    const common = { threshold: 2, packageId: list.packageId, id, data: DATA, aad: AAD };
    const byUs = await ourClient().encrypt({ ...common, demType: ours });
    const byThem = await officialClient().encrypt({ ...common, demType: theirs });
    const txBytes = await list.approval(id);

    const openedByThem = await officialClient().decrypt({
      data: byUs.encryptedObject,
      sessionKey: await officialSession(member()),
      txBytes,
      checkShareConsistency: true,
    });
    expect(openedByThem).toEqual(DATA);
    const openedByUs = await ourClient().decrypt({
      data: byThem.encryptedObject,
      sessionKey: await ourSession(member()),
      txBytes,
      checkShareConsistency: true,
    });
    expect(openedByUs).toEqual(DATA);
  });

  it('agree on weighted objects', async () => {
    const id = list.identity(9);
    const { encryptedObject } = await ourClient([1, 2, 3]).encrypt({
      threshold: 4,
      packageId: list.packageId,
      id,
      data: DATA,
    });
    const opened = await officialClient({ serverConfigs: serverConfigs([1, 2, 3]) }).decrypt({
      data: encryptedObject,
      sessionKey: await officialSession(member()),
      txBytes: await list.approval(id),
    });
    expect(opened).toEqual(DATA);
  });

  it('import each other’s session keys', async () => {
    const session = await ourSession(member());
    await session.getCertificate();
    const exported = session.export();
    const imported = OfficialSessionKey.import({ ...exported }, stack.client);
    const id = list.identity(10);
    const { encryptedObject } = await officialClient().encrypt({
      threshold: 1,
      packageId: list.packageId,
      id,
      data: DATA,
    });
    const opened = await officialClient().decrypt({
      data: encryptedObject,
      sessionKey: imported,
      txBytes: await list.approval(id),
    });
    expect(opened).toEqual(DATA);
  });
});

describe('refusals reach the official client with their class', () => {
  interface Attempt {
    readonly session?: OfficialSessionKey;
    /** Default: an approval of the object's identity. */
    readonly transaction?: (id: string) => Transaction;
    readonly client?: OfficialClient;
  }

  /** What an attempt to open an object of the list throws. */
  async function refusal(attempt: Attempt): Promise<unknown> {
    const id = list.identity(11);
    const client = attempt.client ?? officialClient();
    const { encryptedObject } = await officialClient().encrypt({
      threshold: 2,
      packageId: list.packageId,
      id,
      data: DATA,
    });
    const sessionKey = attempt.session ?? (await officialSession(member()));
    const txBytes = attempt.transaction
      ? await attempt.transaction(id).build({ onlyTransactionKind: true })
      : await list.approval(id);
    return client.decrypt({ data: encryptedObject, sessionKey, txBytes }).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  /** One call of `target` with the identity and, if given, a shared object. */
  function calling(target: string, objectId?: string): (id: string) => Transaction {
    return (id) => {
      const transaction = new Transaction();
      const shared = objectId && {
        objectId,
        initialSharedVersion: 1,
        mutable: false,
      };
      transaction.moveCall({
        target,
        arguments: [
          transaction.pure.vector('u8', fromHex(id)),
          ...(shared ? [transaction.sharedObjectRef(shared)] : []),
        ],
      });
      return transaction;
    };
  }

  const MISSING = `0x${'77'.repeat(32)}`;

  it('NoAccessError for a stranger', async () => {
    const session = await officialSession(new Ed25519Keypair());
    expect(await refusal({ session })).toBeInstanceOf(official.NoAccessError);
  });

  it('InvalidPTBError for a function that is no policy', async () => {
    const transaction = calling(`${list.packageId}::allowlist::publish`);
    expect(await refusal({ transaction })).toBeInstanceOf(official.InvalidPTBError);
  });

  it('InvalidPTBError for a policy function that does not exist', async () => {
    const transaction = calling(`${list.packageId}::allowlist::seal_approve_nothing`);
    expect(await refusal({ transaction })).toBeInstanceOf(official.InvalidPTBError);
  });

  it('InvalidParameterError for an object that is not on chain', async () => {
    const transaction = calling(`${list.packageId}::allowlist::seal_approve`, MISSING);
    expect(await refusal({ transaction })).toBeInstanceOf(official.InvalidParameterError);
  });

  it('InvalidPackageError for a package that is not on chain', async () => {
    const transaction = calling(`${MISSING}::allowlist::seal_approve`);
    expect(await refusal({ transaction })).toBeInstanceOf(official.InvalidPackageError);
  });

  it('InvalidUserSignatureError when another account signed', async () => {
    const session = await officialSession(member());
    const forged = await (await officialSession(new Ed25519Keypair())).getCertificate();
    session.getCertificate = async () => ({ ...forged, user: member().toSuiAddress() });
    expect(await refusal({ session })).toBeInstanceOf(official.InvalidUserSignatureError);
  });

  it('InvalidSessionKeySignatureError when another session signed', async () => {
    const session = await officialSession(member());
    const other = await officialSession(member());
    session.createRequestParams = (txBytes) => other.createRequestParams(txBytes);
    expect(await refusal({ session })).toBeInstanceOf(official.InvalidSessionKeySignatureError);
  });

  it('ExpiredSessionKeyError for a certificate from the future', async () => {
    const session = await officialSession(member());
    const certificate = await session.getCertificate();
    const creation_time = certificate.creation_time + 60 * 60 * 1000;
    session.getCertificate = async () => ({ ...certificate, creation_time });
    expect(await refusal({ session })).toBeInstanceOf(official.ExpiredSessionKeyError);
  });

  it.each([
    [official.DeprecatedSDKVersionError, '0.4.4'],
    [official.InvalidSDKVersionError, 'new'],
  ] as const)('$0.name for client version $1', async (expected, version) => {
    const client = officialClient({
      fetch: (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('client-sdk-version', version);
        return fetch(input, { ...init, headers });
      },
    });
    expect(await refusal({ client })).toBeInstanceOf(expected);
  });

  it('GeneralError when the client does not say its version', async () => {
    const client = officialClient({
      fetch: (input, init) => {
        const headers = new Headers(init?.headers);
        headers.delete('client-sdk-version');
        return fetch(input, { ...init, headers });
      },
    });
    const error = await refusal({ client });
    expect(error).toBeInstanceOf(official.GeneralError);
    expect((error as Error).message).toContain('Missing required header');
  });

  it('InternalError for a name on a network without a registry', async () => {
    const session = await officialSession(member());
    const certificate = await session.getCertificate();
    session.getCertificate = async () => ({ ...certificate, mvr_name: '@org/app' });
    expect(await refusal({ session })).toBeInstanceOf(official.InternalError);
  });

  it('InvalidKeyServerObjectIdError when a server is registered under a second object', async () => {
    const [server] = stack.manifest.keyServers;
    const transaction = new Transaction();
    transaction.moveCall({
      target: `${stack.manifest.packages.seal}::key_server::create_and_transfer_v2_independent_server`,
      arguments: [
        transaction.pure.string('impostor'),
        transaction.pure.string(server?.url as string),
        transaction.pure.u8(0),
        transaction.pure.vector('u8', Buffer.from(server?.publicKey as string, 'base64')),
      ],
    });
    const { created } = await execute(stack.client, stack.account('carol'), transaction);
    const client = officialClient({
      serverConfigs: [{ objectId: created.get('KeyServer') as string, weight: 1 }],
      verifyKeyServers: true,
    });
    await expect(client.getKeyServers()).rejects.toThrow(official.InvalidKeyServerObjectIdError);
  });
});

describe('mistakes that the official client finds on our chain', () => {
  const encrypt = (options: Partial<official.EncryptOptions>, client = officialClient()) =>
    client.encrypt({
      threshold: 2,
      packageId: list.packageId,
      id: list.identity(12),
      data: DATA,
      ...options,
    });

  it.each([0, 4, 255])('threshold %d of three servers', async (threshold) => {
    await expect(encrypt({ threshold })).rejects.toThrow(official.UserError);
  });

  it('a package that is not there', async () => {
    await expect(encrypt({ packageId: `0x${'77'.repeat(32)}` })).rejects.toThrow();
  });

  it('an object that is no package', async () => {
    await expect(encrypt({ packageId: list.objectId })).rejects.toThrow(
      official.InvalidPackageError,
    );
  });

  it('other weights than the object was encrypted with', async () => {
    const { encryptedObject } = await encrypt({});
    const client = officialClient({ serverConfigs: serverConfigs([2, 1, 1]) });
    await expect(
      client.decrypt({
        data: encryptedObject,
        sessionKey: await officialSession(member()),
        txBytes: await list.approval(list.identity(12)),
      }),
    ).rejects.toThrow(official.InconsistentKeyServersError);
  });

  it('an object that is no key server', async () => {
    const client = officialClient({ serverConfigs: [{ objectId: list.objectId, weight: 1 }] });
    await expect(client.getKeyServers()).rejects.toThrow();
  });

  it('a committee address for an independent server', async () => {
    const [config] = serverConfigs();
    const client = officialClient({
      serverConfigs: [
        { ...(config as official.KeyServerConfig), aggregatorUrl: 'http://localhost' },
      ],
    });
    await expect(client.getKeyServers()).rejects.toThrow(official.InvalidClientOptionsError);
  });

  it('a signature of another account on the session', async () => {
    const session = await OfficialSessionKey.create({
      address: member().toSuiAddress(),
      packageId: list.packageId,
      ttlMin: 5,
      suiClient: stack.client,
    });
    const { signature } = await new Ed25519Keypair().signPersonalMessage(
      session.getPersonalMessage(),
    );
    await expect(session.setPersonalMessageSignature(signature)).rejects.toThrow(
      official.InvalidPersonalMessageSignatureError,
    );
  });
});
