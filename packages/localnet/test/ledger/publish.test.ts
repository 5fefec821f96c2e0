/** Publish, init, one-time witness and upgrade (sui-ledger.md §6.6). */
import { beforeAll, describe, expect, it } from 'vitest';
import { digestToBytes, freshId } from '../../src/ledger/digests.ts';
import { MAX_PACKAGE_BYTES } from '../../src/ledger/limits.ts';
import { LAB, MINT, VERSION_1, VERSION_2, VERSION_BROKEN } from './support/lab.ts';
import { Ptb } from './support/ptb.ts';
import { compile, createdObjects, type Published, World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.create();
});

describe('publish', () => {
  it('takes the package id first, then init, then the capability', async () => {
    const { id, executed, created } = await world.publish('lab', LAB);
    const digest = digestToBytes(executed.digest)!;
    expect(id).toBe(freshId(digest, 0n));
    expect(created.get('Thing')).toBe(freshId(digest, 1n));
    expect(created.get('UpgradeCap')).toBe(freshId(digest, 2n));
    expect(executed.events).toMatchObject([{ packageId: id, module: 'lab', sender: world.a }]);
    expect(world.object(created.get('Thing')).owner).toEqual({
      kind: 'shared',
      initialSharedVersion: executed.effects.lamportVersion,
    });
    expect(world.ledger.package(id)?.modules.map(({ name }) => name)).toEqual(['lab']);
    expect(world.ledger.function(id, 'lab', 'get')).toMatchObject({
      visibility: 'public',
      isEntry: false,
      parameters: [{ reference: 'immutable', body: { typeName: `${id}::lab::Thing` } }],
      returns: [{ body: { kind: 'u64' } }],
    });
  });

  it('gives init its one-time witness', async () => {
    const { id } = await world.publish('mint', MINT);
    const type = `${id}::gold::GOLD`;
    expect(world.ledger.balance(world.a, type)).toEqual({
      coinType: type,
      balance: 1000n,
      coinCount: 1,
    });
    expect(world.ledger.coinInfo(type)).toMatchObject({
      metadata: { decimals: 6, symbol: 'GLD', name: 'Gold', description: 'Yellow' },
      treasury: { totalSupply: 1000n },
    });
  });

  it('refuses garbage without changing anything', async () => {
    const ptb = new Ptb();
    const cap = ptb.publish([new Uint8Array([1, 2, 3])], []);
    ptb.transfer([cap], ptb.address(world.a));
    const { effects } = await world.run(ptb);
    expect(effects.status).toMatchObject({
      success: false,
      error: { kind: 'VMVerificationOrDeserializationError' },
      command: 0,
    });
    expect(effects.changedObjects).toHaveLength(1);
  });

  it('wants every dependency listed', async () => {
    const { modules } = await compile('lab', LAB);
    const ptb = new Ptb();
    const cap = ptb.publish([modules[0]!.bytes], []);
    ptb.transfer([cap], ptb.address(world.a));
    expect((await world.run(ptb)).effects.status).toMatchObject({
      error: { kind: 'PublishUpgradeMissingDependency' },
    });
  });

  it('takes packages up to the largest size', async () => {
    const status = async (size: number) => {
      const constant = (fill: string) => `x"${fill.repeat(size / 2)}"`;
      const source =
        `module big::big;\nconst A: vector<u8> = ${constant('01')};\n` +
        `const B: vector<u8> = ${constant('02')};\n` +
        'public fun a(): vector<u8> { A }\npublic fun b(): vector<u8> { B }\n';
      const { modules, dependencies } = await compile('big', source);
      const ptb = new Ptb();
      ptb.transfer([ptb.publish([modules[0]!.bytes], dependencies)], ptb.address(world.a));
      return world.simulate(ptb, world.a, { selectGas: false }).effects.status;
    };
    expect(await status(MAX_PACKAGE_BYTES - 1000)).toEqual({ success: true });
    expect(await status(MAX_PACKAGE_BYTES)).toMatchObject({
      error: { kind: 'MovePackageTooBig', maxSize: BigInt(MAX_PACKAGE_BYTES) },
    });
  });

  it('wants the capability to be kept', async () => {
    const { modules, dependencies } = await compile('lab', LAB);
    const ptb = new Ptb();
    ptb.publish([modules[0]!.bytes], dependencies);
    expect((await world.run(ptb)).effects.status).toMatchObject({
      error: { kind: 'UnusedValueWithoutDrop', result: 0, secondary: 0 },
      command: undefined,
    });
  });
});

describe('upgrade', () => {
  let first: Published;
  let capId: string;
  beforeAll(async () => {
    first = await world.publish('up', VERSION_1);
    capId = first.created.get('UpgradeCap')!;
  });

  async function upgrade(source: string, options: { policy?: number; digest?: Uint8Array } = {}) {
    const current = world.ledger.packageVersions(first.id).at(-1)!;
    const { modules, dependencies, digest } = await compile('up', source, {
      originalId: first.id,
      storageId: current.storageId,
      version: Number(current.version),
    });
    const ptb = new Ptb();
    const cap = ptb.object(world.object(capId));
    const ticket = ptb.call(`${SUI}::package::authorize_upgrade`, [
      cap,
      ptb.pure(new Uint8Array([options.policy ?? 0])),
      ptb.bytes(options.digest ?? digest),
    ]);
    const bytes = modules.map((module) => module.bytes);
    const receipt = ptb.upgrade(bytes, dependencies, current.storageId, ticket);
    ptb.call(`${SUI}::package::commit_upgrade`, [cap, receipt]);
    return world.run(ptb);
  }
  const SUI = `0x${'2'.padStart(64, '0')}`;

  it('refuses another digest and a missing public function', async () => {
    expect((await upgrade(VERSION_2, { digest: new Uint8Array(32) })).effects.status).toMatchObject(
      {
        error: { kind: 'PackageUpgradeError', error: { kind: 'DigestDoesNotMatch' } },
        command: 1,
      },
    );
    expect((await upgrade(VERSION_BROKEN)).effects.status).toMatchObject({
      error: { kind: 'PackageUpgradeError', error: { kind: 'IncompatibleUpgrade' } },
    });
  });

  it('gives the new version its own id, old types their old one', async () => {
    const executed = await upgrade(VERSION_2);
    expect(executed.effects.status).toEqual({ success: true });
    const second = createdObjects(executed).get('package')!;
    expect(world.ledger.packageVersions(second)).toEqual([
      { storageId: first.id, version: 1n },
      { storageId: second, version: 2n },
    ]);
    expect(world.object(second).version).toBe(2n);
    expect(world.ledger.datatype(second, 'up', 'Old')?.definingId).toBe(first.id);
    expect(world.ledger.datatype(second, 'up', 'New')?.definingId).toBe(second);

    const ptb = new Ptb();
    ptb.call(`${first.id}::up::answer`);
    ptb.call(`${second}::up::answer`);
    // A value of the first version's type is taken by the second version's function.
    ptb.call(`${second}::up::take`, [ptb.call(`${first.id}::up::old`)]);
    const { commandOutputs, effects } = world.simulate(ptb);
    expect(effects.status).toEqual({ success: true });
    const numbers = [0, 1, 3].map((i) => commandOutputs[i]!.returnValues[0]!.value[0]);
    expect(numbers).toEqual([1, 2, 1]);
    expect(commandOutputs[2]!.returnValues[0]!.type).toBe(`${first.id}::up::Old`);

    const failing = new Ptb();
    failing.call(`${second}::up::fail`);
    expect(world.simulate(failing).effects.status).toMatchObject({
      error: { kind: 'MoveAbort', code: 9n, location: { package: second, functionName: 'fail' } },
    });
  });
});
