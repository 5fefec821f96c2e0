/** The server port on real gRPC-web frames: masks, objects, signatures, retries (§12, §4.17). */
import { GrpcTypes } from '@mysten/sui/grpc';
import {
  addressAliasId,
  type Committee,
  encodeBcs,
  encodeCommittee,
  encodeKeyServerV1,
  encodeKeyServerV2,
  encodeMvrName,
  keyServerFieldId,
  mvrRecordId,
  parseMvrName,
} from '@seal-ts/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  committeeOfKeyServer,
  DEFAULT_RETRY,
  GrpcServerChain,
  hasAddressAliases,
  moveContents,
  readMvrPackageInfo,
  readMvrRecord,
} from '../src/index.ts';
import { FakeNode, PERMISSION_DENIED, Status, UNAVAILABLE } from './support/node.ts';
import { moduleBytes, moveObject, packageObject, withBcs } from './support/objects.ts';

const A = `0x${'a1'.repeat(32)}`;
const B = `0x${'b2'.repeat(32)}`;
const C = `0x${'c3'.repeat(32)}`;
const PK = new Uint8Array(96).fill(1);

let node: FakeNode;
let chain: GrpcServerChain;
const sleep = vi.fn(async () => {});
const observe = vi.fn();

beforeEach(() => {
  node = new FakeNode();
  sleep.mockClear();
  observe.mockClear();
  chain = new GrpcServerChain({}, { client: node.client, sleep, observe, now: () => 0 });
});

describe('reads', () => {
  it('the reference gas price', async () => {
    node.handlers.set('GetEpoch', (message) => {
      const { readMask } = GrpcTypes.GetEpochRequest.fromBinary(message);
      expect(readMask?.paths).toEqual(['reference_gas_price']);
      return GrpcTypes.GetEpochResponse.toBinary({
        epoch: GrpcTypes.Epoch.create({ referenceGasPrice: 1000n }),
      });
    });
    expect(await chain.referenceGasPrice()).toBe(1000n);
  });

  it('refuses an answer without the price', async () => {
    node.handlers.set('GetEpoch', () => GrpcTypes.GetEpochResponse.toBinary({}));
    await expect(chain.referenceGasPrice()).rejects.toMatchObject({ code: 'MALFORMED' });
  });

  it('the original id of an upgraded package', async () => {
    const masks = node.serveObjects({
      [A]: withBcs(packageObject(A, [moduleBytes(B), moduleBytes(C)], 3n)),
    });
    expect(await chain.packageOriginalId(A)).toBe(B);
    expect(masks).toEqual([['bcs']]);
  });

  it.each([
    ['a Move object', moveObject(PK), 'NOT_A_PACKAGE'],
    ['a package without modules', packageObject(A, []), 'MALFORMED'],
    ['a module without magic', packageObject(A, [new Uint8Array(40)]), 'MALFORMED'],
    ['a module cut short', packageObject(A, [moduleBytes(B).subarray(0, 50)]), 'MALFORMED'],
    ['nonsense', Uint8Array.of(9, 9), 'MALFORMED'],
    ['nothing', new Uint8Array(), 'MALFORMED'],
  ])('packageOriginalId refuses %s', async (_name, bytes, code) => {
    node.serveObjects({ [A]: withBcs(bytes) });
    await expect(chain.packageOriginalId(A)).rejects.toMatchObject({ code, retryable: false });
    expect(node.calls).toHaveLength(1);
  });

  it('a missing package is NOT_FOUND', async () => {
    node.serveObjects({});
    await expect(chain.packageOriginalId(A)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      grpcStatus: 'NOT_FOUND',
    });
  });

  it('aliases: existence without a mask, NOT_FOUND means none', async () => {
    const masks = node.serveObjects({ [addressAliasId(A)]: withBcs(moveObject(PK)) });
    expect(await hasAddressAliases(chain, A)).toBe(true);
    expect(await hasAddressAliases(chain, B)).toBe(false);
    expect(masks).toEqual([undefined, undefined]);
  });

  it('a failing node is never "no aliases"', async () => {
    node.handlers.set('GetObject', () => {
      throw new Status(PERMISSION_DENIED, 'no');
    });
    await expect(hasAddressAliases(chain, A)).rejects.toMatchObject({ code: 'RPC' });
  });

  it.each(['other', 'gas', 'coin'] as const)('contents of an object of type %s', async (type) => {
    node.serveObjects({ [A]: withBcs(moveObject(Uint8Array.of(1, 2), type)) });
    const object = await chain.object(`0x${'A1'.repeat(32)}`, { mask: ['bcs'] });
    expect(object).toMatchObject({ objectId: A, owner: undefined, objectType: undefined });
    expect(moveContents(object.bcs as Uint8Array, A)).toEqual(Uint8Array.of(1, 2));
  });

  it.each([
    [GrpcTypes.Owner_OwnerKind.ADDRESS, { kind: 'address', address: B }],
    [GrpcTypes.Owner_OwnerKind.OBJECT, { kind: 'object', address: B }],
    [GrpcTypes.Owner_OwnerKind.SHARED, { kind: 'shared', initialSharedVersion: 4n }],
    [GrpcTypes.Owner_OwnerKind.IMMUTABLE, { kind: 'immutable' }],
    [
      GrpcTypes.Owner_OwnerKind.CONSENSUS_ADDRESS,
      { kind: 'consensus', address: B, startVersion: 4n },
    ],
  ])('owner kind %i', async (kind, expected) => {
    const owner = { kind, address: B, version: 4n };
    node.serveObjects({ [A]: GrpcTypes.Object.create({ owner }) });
    expect((await chain.object(A, { mask: ['owner'] })).owner).toEqual(expected);
  });

  it('an unknown owner kind is an error', async () => {
    node.serveObjects({ [A]: GrpcTypes.Object.create({ owner: { kind: 0 } }) });
    await expect(chain.object(A, { mask: ['owner'] })).rejects.toMatchObject({
      code: 'MALFORMED',
    });
  });
});

describe('key servers', () => {
  const field = (version: 1 | 2, value: Uint8Array): GrpcTypes.Object => {
    const head = encodeBcs((w) => w.address(A).u64(BigInt(version)));
    return withBcs(moveObject(Uint8Array.of(...head, ...value)));
  };
  const v1 = { name: 'one', url: 'https://one', keyType: 0, publicKey: PK };
  const v2 = {
    name: 'two',
    keyType: 0,
    publicKey: PK,
    serverType: { kind: 'independent', url: 'https://two' },
  } as const;

  it('prefer version 2', async () => {
    node.serveObjects({
      [keyServerFieldId(A, 1)]: field(1, encodeKeyServerV1(v1)),
      [keyServerFieldId(A, 2)]: field(2, encodeKeyServerV2(v2)),
    });
    expect(await chain.keyServer(A)).toEqual({ objectId: A, version: 2, ...v2 });
  });

  it('fall back to version 1', async () => {
    node.serveObjects({ [keyServerFieldId(A, 1)]: field(1, encodeKeyServerV1(v1)) });
    expect(await chain.keyServer(A)).toMatchObject({ version: 1, name: 'one' });
  });

  it('do not hide damage in version 2 behind version 1', async () => {
    node.serveObjects({
      [keyServerFieldId(A, 1)]: field(1, encodeKeyServerV1(v1)),
      [keyServerFieldId(A, 2)]: field(2, Uint8Array.of(1)),
    });
    await expect(chain.keyServer(A)).rejects.toMatchObject({ code: 'MALFORMED' });
  });

  it('that do not exist are NOT_FOUND', async () => {
    node.serveObjects({});
    await expect(chain.keyServer(A)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(`no key server ${A} on the chain`),
      retryable: false,
    });
  });
});

describe('committees and MVR', () => {
  const committee: Committee = {
    id: C,
    threshold: 2,
    members: [A, B],
    state: { kind: 'finalized' },
    oldCommitteeId: undefined,
  };
  const held = GrpcTypes.Object.create({
    owner: { kind: GrpcTypes.Owner_OwnerKind.OBJECT, address: B },
  });
  const wrapper = withBcs(moveObject(encodeBcs((w) => w.address(B).address(C).address(A))));

  it('a key server leads to its committee and package', async () => {
    const masks = node.serveObjects({
      [A]: held,
      [B]: wrapper,
      [C]: GrpcTypes.Object.create({
        bcs: { value: moveObject(encodeCommittee(committee)) },
        objectType: `${B}::seal_committee::Committee`,
      }),
    });
    expect(await committeeOfKeyServer(chain, A)).toEqual({ committee, packageId: B });
    expect(masks).toEqual([['owner'], ['bcs'], ['bcs', 'object_type']]);
  });

  it('a key server somebody owns has no committee', async () => {
    const owner = { kind: GrpcTypes.Owner_OwnerKind.ADDRESS, address: B };
    node.serveObjects({ [A]: GrpcTypes.Object.create({ owner }) });
    await expect(committeeOfKeyServer(chain, A)).rejects.toMatchObject({
      code: 'MALFORMED',
      message: expect.stringContaining('owner: address'),
    });
  });

  it('MVR records and package information', async () => {
    const name = parseMvrName('@org/app');
    const record = encodeBcs((w) => {
      w.address(A).bytes(encodeMvrName(name)).address(A).address(A);
      w.u8(1).u8(0).u8(1).address(B).u8(0).uleb(0).uleb(0).address(A);
    });
    const info = encodeBcs((w) => {
      w.address(A);
      for (let i = 0; i < 5; i++) w.string('');
      w.address(A).address(B).uleb(0).address(A).u64(0n);
    });
    node.serveObjects({
      [mvrRecordId(name)]: withBcs(moveObject(record)),
      [C]: withBcs(moveObject(info)),
    });
    expect((await readMvrRecord(chain, '@org/app')).appInfo?.packageAddress).toBe(B);
    expect((await readMvrPackageInfo(chain, C)).packageAddress).toBe(B);
    await expect(readMvrRecord(chain, '@org/none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(readMvrRecord(chain, 'bad')).rejects.toMatchObject({ code: 'INVALID_MVR_NAME' });
  });
});

describe('metrics', () => {
  const observed = (): unknown[] => observe.mock.calls.map(([method, status]) => [method, status]);

  it('name every call by what it is for (§4.16)', async () => {
    node.serveObjects({
      [A]: withBcs(packageObject(A, [moduleBytes(B)])),
      [B]: GrpcTypes.Object.create({
        owner: { kind: GrpcTypes.Owner_OwnerKind.OBJECT, address: C },
      }),
    });
    await chain.object(A, { mask: ['bcs'] });
    await chain.packageOriginalId(A);
    await committeeOfKeyServer(chain, B).catch(() => {});
    await chain.object(C, { mask: ['bcs'], method: 'fetch_upgrade_proposal' }).catch(() => {});
    expect(observed()).toEqual([
      ['get_object', 'success'],
      ['fetch_package_original_id', 'success'],
      ['fetch_committee_from_key_server', 'success'],
      ['fetch_committee_from_key_server', 'error'],
      ['fetch_upgrade_proposal', 'error'],
    ]);
  });

  it('do not count what need not exist as an error', async () => {
    node.serveObjects({ [keyServerFieldId(A, 1)]: withBcs(moveObject(PK)) });
    expect(await chain.objectExists(B)).toBe(false);
    await expect(chain.keyServer(A)).rejects.toMatchObject({ code: 'MALFORMED' });
    expect(observed()).toEqual([
      ['object_exists', 'success'],
      ['fetch_key_server_by_id', 'success'],
      ['fetch_key_server_by_id', 'success'],
    ]);
  });
});

describe('zkLogin', () => {
  const request = { message: Uint8Array.of(1, 2), signature: Uint8Array.of(5), address: '0xa' };

  it('sends the message as BCS under its name', async () => {
    node.handlers.set('VerifySignature', (message) => {
      const sent = GrpcTypes.VerifySignatureRequest.fromBinary(message);
      expect(sent.message).toEqual({ name: 'PersonalMessage', value: Uint8Array.of(2, 1, 2) });
      expect(sent.signature?.bcs?.value).toEqual(Uint8Array.of(5));
      expect(sent.address).toBe(`0x${'a'.padStart(64, '0')}`);
      return GrpcTypes.VerifySignatureResponse.toBinary({ isValid: true });
    });
    expect(await chain.verifyZkLogin(request)).toBe(true);
  });

  it.each([{ isValid: false }, {}, { isValid: true, reason: 'expired' }])(
    'is valid only when the node says so and nothing else: %j',
    async (response) => {
      node.handlers.set('VerifySignature', () =>
        GrpcTypes.VerifySignatureResponse.toBinary(response),
      );
      expect(await chain.verifyZkLogin(request)).toBe(false);
    },
  );
});

describe('retries', () => {
  const failing = (times: number, status: number): void => {
    let left = times;
    node.handlers.set('GetObject', () => {
      if (left-- > 0) throw new Status(status, 'busy');
      return GrpcTypes.GetObjectResponse.toBinary({ object: withBcs(moveObject(PK)) });
    });
  };

  it('attempts as often as the limit says, with doubling delays', async () => {
    failing(DEFAULT_RETRY.maxAttempts - 1, UNAVAILABLE);
    expect(await chain.objectExists(A)).toBe(true);
    expect(sleep.mock.calls.map(([ms]: unknown[]) => ms)).toEqual([100, 200]);
    expect(observe.mock.calls.map((call) => call[1])).toEqual([
      'retriable_error',
      'retriable_error',
      'success',
    ]);
  });

  it('then gives up', async () => {
    failing(DEFAULT_RETRY.maxAttempts, UNAVAILABLE);
    await expect(chain.objectExists(A)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      grpcStatus: 'UNAVAILABLE',
      retryable: true,
    });
    expect(node.calls).toHaveLength(DEFAULT_RETRY.maxAttempts);
  });

  it('caps the delay', async () => {
    chain = new GrpcServerChain(
      { maxAttempts: 4, maxDelayMs: 150 },
      { client: node.client, sleep },
    );
    failing(3, UNAVAILABLE);
    await chain.objectExists(A);
    expect(sleep.mock.calls.map(([ms]: unknown[]) => ms)).toEqual([100, 150, 150]);
  });

  it.each([1, 2, 3, 5, 6, 7, 9, 11, 12, 13, 15, 16])('never for status %i', async (status) => {
    failing(9, status);
    await chain.object(A, { mask: ['bcs'] }).catch(() => {});
    expect(node.calls).toHaveLength(1);
  });

  it.each([4, 8, 10, 14])('always for status %i', async (status) => {
    failing(9, status);
    await chain.object(A, { mask: ['bcs'] }).catch(() => {});
    expect(node.calls).toHaveLength(DEFAULT_RETRY.maxAttempts);
  });

  it('stop when the caller cancels', async () => {
    const controller = new AbortController();
    failing(9, UNAVAILABLE);
    sleep.mockImplementationOnce(async () => controller.abort());
    await expect(chain.objectExists(A, { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(node.calls).toHaveLength(1);
  });

  it('bound each attempt', async () => {
    chain = new GrpcServerChain({ maxAttempts: 2, timeoutMs: 20 }, { client: node.client, sleep });
    node.handlers.set(
      'GetObject',
      (_message, { signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    await expect(chain.objectExists(A)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      grpcStatus: 'DEADLINE_EXCEEDED',
    });
    expect(node.calls).toHaveLength(2);
  });
});
