/** sui-ledger §2.2 and §2.3 with the official client: objects, state, packages, epochs, names. */
import { GrpcTypes } from '@mysten/sui/grpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BATCH_SIZE } from '../../src/rpc/arguments.ts';
import { BatchBudget, MAX_BATCH_BYTES } from '../../src/rpc/batch-budget.ts';
import { readMask } from '../../src/rpc/masks/mask.ts';
import {
  ALICE,
  addressOwner,
  BOB,
  coin,
  digest,
  id,
  moveObject,
  PACKAGE,
  SUI,
  u64,
} from './support/values.ts';
import {
  CHILD_ID,
  CONSENSUS_ID,
  FROZEN_ID,
  OWNED_ID,
  populated,
  SHARED_ID,
  serve,
  type World,
} from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await serve(populated());
});
afterAll(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});

/** Calls made by `action`. */
async function callsOf<T>(action: () => Promise<T>): Promise<{ result: T; calls: string[] }> {
  const before = world.calls.length;
  const result = await action();
  return { result, calls: world.calls.slice(before) };
}

describe('objects', () => {
  it('answers each owner kind in request order, with one call', async () => {
    const ids = [OWNED_ID, SHARED_ID, FROZEN_ID, CHILD_ID, CONSENSUS_ID];
    const { result, calls } = await callsOf(() => world.client.getObjects({ objectIds: ids }));
    expect(calls).toEqual(['BatchGetObjects']);
    const owners = result.objects.map((object) => {
      if (object instanceof Error) throw object;
      return object.owner;
    });
    expect(owners).toEqual([
      { $kind: 'AddressOwner', AddressOwner: ALICE },
      { $kind: 'Shared', Shared: { initialSharedVersion: '2' } },
      { $kind: 'Immutable', Immutable: true },
      { $kind: 'ObjectOwner', ObjectOwner: SHARED_ID },
      {
        $kind: 'ConsensusAddressOwner',
        ConsensusAddressOwner: { owner: ALICE, startVersion: '2' },
      },
    ]);
  });

  it('answers every include of the client', async () => {
    const { object } = await world.client.getObject({
      objectId: OWNED_ID,
      include: {
        content: true,
        previousTransaction: true,
        objectBcs: true,
        json: true,
        display: true,
      },
    });
    const stored = world.ledger.object(OWNED_ID)!;
    expect(object.objectId).toBe(OWNED_ID);
    expect(object.version).toBe('3');
    expect(object.digest).toBe(stored.digest);
    expect(object.type).toBe(`${PACKAGE}::m::Thing`);
    expect(object.content).toHaveLength(32);
    expect(object.objectBcs).toEqual(stored.bcs);
    expect(object.previousTransaction).toBe(digest('previous'));
    expect(object.json).toMatchObject({ bytes: 32, list: [1, true, null, 'x'] });
    expect(object.display).toBeNull();
  });

  it('puts a missing object into its place as an error of its own', async () => {
    const { objects } = await world.client.getObjects({ objectIds: [id(404), OWNED_ID] });
    expect(objects[0]).toMatchObject({ code: 'notExists', message: `Object ${id(404)} not found` });
    expect(objects[1]).toMatchObject({ objectId: OWNED_ID });
  });

  it('splits 51 ids into two calls and keeps their order', async () => {
    const ids = Array.from({ length: 51 }, (_, i) => (i % 2 === 0 ? OWNED_ID : id(1000 + i)));
    const { result, calls } = await callsOf(() => world.client.getObjects({ objectIds: ids }));
    expect(calls).toEqual(['BatchGetObjects', 'BatchGetObjects']);
    expect(result.objects.map((o) => o instanceof Error)).toEqual(ids.map((_, i) => i % 2 === 1));
  });

  it('refuses batches that are too long or whose answer would be too large', async () => {
    const tail = new Uint8Array(240_000);
    world.ledger.put(
      moveObject({ objectId: id(0xb1), owner: addressOwner(BOB), type: '0x5::a::B', tail }),
    );
    const batch = (count: number, path: string) =>
      world.client.ledgerService.batchGetObjects({
        requests: Array.from({ length: count }, () => ({ objectId: id(0xb1) })),
        readMask: { paths: [path] },
      });
    const fits = Math.floor(MAX_BATCH_BYTES / (tail.length + 32));
    const mask = readMask(GrpcTypes.Object, { paths: ['contents'] }, []);
    const budget = new BatchBudget();
    // Not over the wire: the client takes half a minute to decode 32 MiB of text.
    for (let i = 0; i < fits; i++) budget.object(world.ledger.object(id(0xb1))!, mask);
    await expect(batch(fits + 1, 'contents')).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    await expect(batch(MAX_BATCH_SIZE, 'digest')).resolves.toBeDefined();
    await expect(batch(MAX_BATCH_SIZE + 1, 'digest')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'requests has 1001 entries, limit 1000',
    });
  });

  it('describes packages', async () => {
    const { object } = await world.client.getObject({ objectId: PACKAGE });
    expect(object).toMatchObject({ type: 'package', version: '1', owner: { $kind: 'Immutable' } });
  });

  it('reads a version by number and names it when missing', async () => {
    const ledgerService = world.client.ledgerService;
    const { response } = await ledgerService.getObject({ objectId: '0xb', version: 3n });
    expect(response.object?.objectId).toBe(OWNED_ID);
    await expect(
      ledgerService.getObject({ objectId: OWNED_ID, version: 9n }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `Object ${OWNED_ID} with version 9 not found`,
    });
    await expect(ledgerService.getObject({ objectId: id(404) })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `Object ${id(404)} not found`,
    });
  });

  it.each([
    [{}, 'missing object_id'],
    [{ objectId: '0xzz' }, "invalid object_id: expected 0x and 1 to 64 hex digits, got '0xzz'"],
    [{ objectId: `0x${'1'.repeat(65)}` }, /^invalid object_id/],
  ])('refuses %j', async (request, message) => {
    await expect(world.client.ledgerService.getObject(request)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('owned objects and coins', () => {
  it('lists what the address owns, and no shared, frozen or child objects', async () => {
    const { result, calls } = await callsOf(() => world.client.listOwnedObjects({ owner: ALICE }));
    expect(calls).toEqual(['ListOwnedObjects']);
    expect(result.objects.map((o) => o.objectId).sort()).toEqual(
      [OWNED_ID, id(0xc01), id(0xc02)].sort(),
    );
    expect(result).toMatchObject({ hasNextPage: false, cursor: null });
  });

  it('pages with every size until the end', async () => {
    for (const limit of [1, 2, 3, 50, 5000]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { objects: { objectId: string }[]; cursor: string | null } =
          await world.client.listOwnedObjects({ owner: ALICE, limit, cursor });
        expect(page.objects.length).toBeLessThanOrEqual(limit);
        seen.push(...page.objects.map((object) => object.objectId));
        cursor = page.cursor;
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(3);
      expect(seen).toHaveLength(3);
    }
  });

  it('filters by type with and without type arguments', async () => {
    const coins = await world.client.listOwnedObjects({ owner: ALICE, type: '0x2::coin::Coin' });
    expect(coins.objects).toHaveLength(2);
    const things = await world.client.listOwnedObjects({
      owner: ALICE,
      type: `${PACKAGE}::m::Thing`,
    });
    expect(things.objects.map((o) => o.objectId)).toEqual([OWNED_ID]);
    expect(things.objects[0]!.type).toBe(`${PACKAGE}::m::Thing`);
  });

  it('lists coins with their balances', async () => {
    const { objects } = await world.client.listCoins({ owner: ALICE });
    expect(objects.map((object) => object.balance)).toEqual(['5000000000', '1000000000']);
  });

  it('ends a page at 512 KiB but never before its first object', async () => {
    const big = id(0xb16);
    const tail = new Uint8Array(200_000);
    for (let i = 0; i < 4; i++) {
      world.ledger.put(
        moveObject({ objectId: id(0x9000 + i), owner: addressOwner(big), type: '0x5::a::B', tail }),
      );
    }
    world.ledger.put(
      moveObject({
        objectId: id(0x9009),
        owner: addressOwner(big),
        type: '0x5::a::B',
        tail: new Uint8Array(600_000),
      }),
    );
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof world.client.listOwnedObjects<{ content: true }>>> =
        await world.client.listOwnedObjects({ owner: big, cursor, include: { content: true } });
      sizes.push(page.objects.length);
      cursor = page.cursor;
    } while (cursor !== null);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('refuses tokens of another owner, type, method, and garbage', async () => {
    const { stateService } = world.client;
    const first = await stateService.listOwnedObjects({ owner: ALICE, pageSize: 1 });
    const token = first.response.nextPageToken!;
    const garbage = [new Uint8Array(3), new Uint8Array(40).fill(7), new Uint8Array(5000)];
    const refused = [
      stateService.listOwnedObjects({ owner: BOB, pageToken: token }),
      stateService.listOwnedObjects({
        owner: ALICE,
        objectType: '0x2::coin::Coin',
        pageToken: token,
      }),
      stateService.listBalances({ owner: ALICE, pageToken: token }),
      ...garbage.map((pageToken) => stateService.listOwnedObjects({ owner: ALICE, pageToken })),
    ];
    for (const call of refused) {
      await expect(call).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: 'invalid page_token',
      });
    }
  });

  it('answers balances, zero for unknown coins', async () => {
    const known = await world.client.getBalance({ owner: ALICE });
    expect(known.balance).toEqual({
      balance: '6000000000',
      coinType: SUI,
      coinBalance: '6000000000',
      addressBalance: '0',
    });
    const unknown = await world.client.getBalance({ owner: ALICE, coinType: '0x7::x::Y' });
    expect(unknown.balance.balance).toBe('0');
  });

  it('pages balances', async () => {
    const owner = id(0xba1);
    world.ledger.put(coin(id(0xd01), owner, 1n), coin(id(0xd02), owner, 2n, '0x7::x::Y'));
    const first = await world.client.listBalances({ owner, limit: 1 });
    expect(first).toMatchObject({ hasNextPage: true });
    const second = await world.client.listBalances({ owner, limit: 1, cursor: first.cursor });
    expect(second).toMatchObject({ hasNextPage: false, cursor: null });
    expect(second.balances[0]!.coinType).toBe(`${id(7)}::x::Y`);
  });

  it('answers coin metadata, null when unknown', async () => {
    const known = await world.client.getCoinMetadata({ coinType: '0x2::sui::SUI' });
    expect(known.coinMetadata).toMatchObject({ decimals: 9, symbol: 'SUI', id: id(0xc0) });
    expect(await world.client.getCoinMetadata({ coinType: '0x7::x::Y' })).toEqual({
      coinMetadata: null,
    });
    await expect(
      world.client.stateService.getCoinInfo({ coinType: '0x7::x::Y' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: `Coin type ${id(7)}::x::Y not found` });
  });

  it.each(['', 'u64', '0x2::sui', 'x'.repeat(5000)])(
    'refuses the coin type "%.20s"',
    async (coinType) => {
      await expect(
        world.client.stateService.getBalance({ owner: ALICE, coinType }),
      ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});

describe('dynamic fields', () => {
  const parent = id(0xdad);
  const fieldObject = moveObject({
    objectId: id(0xf1e1d),
    owner: { kind: 'object', address: parent },
    type: '0x2::dynamic_field::Field<u64,0x5::a::B>',
    tail: u64(2n),
  });
  beforeAll(() => {
    const common = { parent, nameType: 'u64', nameValue: u64(2n), fieldObject };
    world.ledger.fields.push(
      {
        ...common,
        kind: 'field',
        fieldId: id(0xf1e1d),
        valueType: `${id(5)}::a::B`,
        value: Uint8Array.of(1),
        childId: undefined,
      },
      {
        ...common,
        kind: 'object',
        fieldId: id(0xf2e1d),
        valueType: `${PACKAGE}::m::Thing`,
        value: new Uint8Array(32),
        childId: CHILD_ID,
      },
    );
  });

  it('lists both kinds', async () => {
    const { result, calls } = await callsOf(() =>
      world.client.listDynamicFields({ parentId: parent, include: { value: true } }),
    );
    expect(calls).toEqual(['ListDynamicFields']);
    expect(result.dynamicFields).toMatchObject([
      {
        $kind: 'DynamicField',
        fieldId: id(0xf1e1d),
        name: { type: 'u64' },
        valueType: `${id(5)}::a::B`,
      },
      { $kind: 'DynamicObject', childId: CHILD_ID, valueType: `${PACKAGE}::m::Thing` },
    ]);
    expect(result.hasNextPage).toBe(false);
  });

  it('answers the field object and the child when the mask asks', async () => {
    const { response } = await world.client.stateService.listDynamicFields({
      parent,
      readMask: { paths: ['field_object.object_id', 'child_object.digest', 'kind'] },
    });
    const [field, object] = response.dynamicFields;
    expect(field).toMatchObject({ fieldObject: { objectId: fieldObject.objectId } });
    expect(field!.fieldObject!.digest).toBeUndefined();
    expect(object!.childObject).toMatchObject({ digest: world.ledger.object(CHILD_ID)!.digest });
    expect(object!.childObject!.objectId).toBeUndefined();
  });

  it('pages, and refuses tokens of another parent', async () => {
    const { stateService } = world.client;
    const first = await stateService.listDynamicFields({ parent, pageSize: 1 });
    const pageToken = first.response.nextPageToken!;
    const second = await stateService.listDynamicFields({ parent, pageSize: 1, pageToken });
    expect(second.response.nextPageToken).toBeUndefined();
    await expect(
      stateService.listDynamicFields({ parent: id(1), pageToken }),
    ).rejects.toMatchObject({ message: 'invalid page_token' });
  });
});

describe('chain facts', () => {
  it('answers the reference gas price, protocol and system state from GetEpoch', async () => {
    const price = await callsOf(() => world.client.getReferenceGasPrice());
    expect(price).toEqual({ result: { referenceGasPrice: '1000' }, calls: ['GetEpoch'] });
    const { protocolConfig } = await world.client.getProtocolConfig();
    expect(protocolConfig.protocolVersion).toBe('138');
    expect(protocolConfig.attributes['max_tx_gas']).toBe('50000000000000');
    const { systemState } = await world.client.getCurrentSystemState();
    expect(systemState).toMatchObject({
      epoch: '0',
      protocolVersion: '138',
      epochStartTimestampMs: '1700000000000',
      safeMode: false,
    });
  });

  it('finds epochs by number, NOT_FOUND beyond the last', async () => {
    const { ledgerService } = world.client;
    expect((await ledgerService.getEpoch({ epoch: 0n })).response.epoch).toMatchObject({
      epoch: 0n,
    });
    await expect(ledgerService.getEpoch({ epoch: 99n })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'Epoch 99 not found',
    });
  });

  it('answers the chain id once for each client', async () => {
    const expected = { chainIdentifier: world.ledger.info().chainId };
    const { result, calls } = await callsOf(async () => [
      await world.client.getChainIdentifier(),
      await world.client.getChainIdentifier(),
    ]);
    expect(result).toEqual([expected, expected]);
    expect(calls).toEqual(['GetServiceInfo']);
  });

  it('finds checkpoints: latest, by number, by digest', async () => {
    const { ledgerService } = world.client;
    const readMask = { paths: ['*'] };
    const latest = await ledgerService.getCheckpoint({ checkpointId: { oneofKind: undefined } });
    expect(latest.response.checkpoint).toMatchObject({ sequenceNumber: 0n });
    const byNumber = await ledgerService.getCheckpoint({
      checkpointId: { oneofKind: 'sequenceNumber', sequenceNumber: 0n },
      readMask,
    });
    expect(byNumber.response.checkpoint?.summary?.bcs?.value).toEqual(Uint8Array.of(4));
    const byDigest = await ledgerService.getCheckpoint({
      checkpointId: { oneofKind: 'digest', digest: digest('checkpoint 0') },
    });
    expect(byDigest.response.checkpoint?.sequenceNumber).toBe(0n);
    for (const checkpointId of [
      { oneofKind: 'sequenceNumber', sequenceNumber: 77n },
      { oneofKind: 'digest', digest: digest('no such') },
    ] as const) {
      await expect(ledgerService.getCheckpoint({ checkpointId })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });
});

describe('packages', () => {
  it('answers function signatures in the form that the client takes apart', async () => {
    const { result, calls } = await callsOf(() =>
      world.client.getMoveFunction({ packageId: PACKAGE, moduleName: 'm', name: 'write' }),
    );
    expect(calls).toEqual(['GetFunction']);
    expect(result.function).toMatchObject({
      visibility: 'public',
      isEntry: true,
      typeParameters: [{ constraints: ['copy', 'drop', 'store', 'key'] }],
      returns: [{ reference: null, body: { $kind: 'bool' } }],
    });
    expect(result.function.parameters.map((p) => [p.reference, p.body.$kind])).toEqual([
      ['mutable', 'datatype'],
      ['mutable', 'datatype'],
      [null, 'u64'],
      [null, 'vector'],
      [null, 'typeParameter'],
    ]);
  });

  it('answers packages, datatypes and versions', async () => {
    const { movePackageService } = world.client;
    const { response } = await movePackageService.getPackage({ packageId: PACKAGE });
    expect(response.package).toMatchObject({
      storageId: PACKAGE,
      version: 1n,
      modules: [{ name: 'm', contents: Uint8Array.of(1, 2, 3) }],
      linkage: [{ originalId: id(2), upgradedId: id(2), upgradedVersion: 1n }],
    });
    const thing = await movePackageService.getDatatype({
      packageId: PACKAGE,
      moduleName: 'm',
      name: 'Thing',
    });
    expect(thing.response.datatype).toMatchObject({ kind: 1, abilities: [4, 3], module: 'm' });
    const versions = await movePackageService.listPackageVersions({ packageId: PACKAGE });
    expect(versions.response.versions).toMatchObject([{ packageId: PACKAGE, version: 1n }]);
    expect(versions.response.nextPageToken).toBeUndefined();
  });

  it('tells what is missing', async () => {
    const { movePackageService } = world.client;
    const call = (packageId: string, moduleName: string, name: string) =>
      movePackageService.getFunction({ packageId, moduleName, name });
    await expect(call(PACKAGE, 'm', 'nope')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `Function ${PACKAGE}::m::nope not found`,
    });
    await expect(call(id(404), 'm', 'f')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `Object ${id(404)} not found`,
    });
    await expect(call(OWNED_ID, 'm', 'f')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `object ${OWNED_ID} is not a package`,
    });
    await expect(call(PACKAGE, '', 'f')).rejects.toMatchObject({ message: 'missing module_name' });
    await expect(
      movePackageService.getDatatype({ packageId: PACKAGE, moduleName: 'm', name: 'Nope' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('names and signatures', () => {
  it('looks names up both ways', async () => {
    world.served.registry.setName('alice.sui', ALICE);
    expect(await world.client.core.resolveNameServiceAddress({ name: 'alice.sui' })).toEqual({
      address: ALICE,
    });
    expect(await world.client.core.resolveNameServiceAddress({ name: 'bob.sui' })).toEqual({
      address: null,
    });
    const reverse = await world.client.defaultNameServiceName({ address: ALICE });
    expect(reverse.data.name).toBe('alice.sui');
    await expect(world.client.defaultNameServiceName({ address: BOB })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('verifies signatures: valid, invalid with reason, unparseable', async () => {
    const ask = () =>
      world.client.verifyZkLoginSignature({
        bytes: 'AAAA',
        signature: 'BQAA',
        intentScope: 'PersonalMessage',
        address: ALICE,
      });
    world.ledger.verdict = { kind: 'valid' };
    expect(await ask()).toEqual({ success: true, errors: [] });
    world.ledger.verdict = { kind: 'invalid', reason: 'no' };
    expect(await ask()).toEqual({ success: false, errors: ['no'] });
    world.ledger.verdict = { kind: 'unparseable', reason: 'cut short' };
    await expect(ask()).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'invalid signature: cut short',
    });
  });

  it.each([
    [{}, 'missing message'],
    [{ message: {} }, 'missing message.value'],
    [{ message: { name: 'X', value: new Uint8Array() } }, /^invalid message.name/],
    [{ message: { name: 'constructor', value: new Uint8Array() } }, /^invalid message.name/],
    [{ message: { name: 'TransactionData', value: new Uint8Array() } }, /^missing signature/],
  ])('refuses %j', async (request, message) => {
    const call = world.client.signatureVerificationService.verifySignature({
      jwks: [],
      ...request,
    });
    await expect(call).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('read masks', () => {
  const get = (paths: string[]) =>
    world.client.ledgerService.getObject({ objectId: OWNED_ID, readMask: { paths } });

  it('has the defaults of §2.1', async () => {
    const { response } = await world.client.ledgerService.getObject({ objectId: OWNED_ID });
    expect(Object.keys(present(response.object!)).sort()).toEqual([
      'digest',
      'objectId',
      'version',
    ]);
    const owned = await world.client.stateService.listOwnedObjects({ owner: ALICE, pageSize: 1 });
    expect(Object.keys(present(owned.response.objects[0]!)).sort()).toEqual([
      'objectId',
      'objectType',
      'version',
    ]);
    const epoch = await world.client.ledgerService.getEpoch({});
    expect(Object.keys(present(epoch.response.epoch!)).sort()).toEqual([
      'epoch',
      'firstCheckpoint',
      'protocolConfig',
      'referenceGasPrice',
      'start',
    ]);
    expect(epoch.response.epoch!.protocolConfig!.attributes).toEqual({});
  });

  it('unites overlapping paths and knows *', async () => {
    const united = await get(['owner.kind', 'owner', 'owner.address']);
    expect(united.response.object!.owner).toMatchObject({ kind: 1, address: ALICE });
    const part = await get(['owner.kind']);
    expect(part.response.object!.owner!.address).toBeUndefined();
    const all = await get(['*']);
    expect(Object.keys(present(all.response.object!)).length).toBeGreaterThan(8);
    expect((await get([])).response.object!.objectId).toBe(OWNED_ID);
  });

  it.each(['nope', 'objectId', 'owner.nope', 'version.x', 'json.kind', '', '.', 'owner.', '*.a'])(
    'refuses the path "%s"',
    async (path) => {
      await expect(get([path])).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: `invalid read_mask path: ${path}`.trim(),
      });
    },
  );

  it('bounds the number and length of paths', async () => {
    const many = (count: number) => get(Array.from({ length: count }, () => 'version'));
    await expect(many(256)).resolves.toBeDefined();
    await expect(many(257)).rejects.toMatchObject({
      message: 'read_mask has 257 paths, limit 256',
    });
    await expect(get(['x'.repeat(513)])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

function present(message: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(message).filter(([, value]) => value !== undefined && !isEmptyList(value)),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
