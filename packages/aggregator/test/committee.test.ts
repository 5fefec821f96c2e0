/** What is read from the chain, and when (protocol §5.6). */

import { ChainError } from '@seal-ts/chain';
import type { KeyServerInfo, PartialKeyServer } from '@seal-ts/protocol';
import { silentLogger } from '@seal-ts/service';
import { describe, expect, it } from 'vitest';
import { Committees, Credentials, MAX_COMMITTEE_MEMBERS, readCommittee } from '../src/index.ts';
import { engine } from './support/engine.ts';
import { fetchKeys, GOOD } from './support/outcome.ts';
import { createWorld, FakeChain, KEY_SERVER } from './support/world.ts';

const shared = await createWorld();
const info = await shared.chain.keyServer(KEY_SERVER);

type CommitteeType = Extract<KeyServerInfo['serverType'], { kind: 'committee' }>;
function withCommittee(
  base: KeyServerInfo,
  change: (committee: CommitteeType) => Partial<CommitteeType>,
): KeyServerInfo {
  const { serverType } = base;
  if (serverType.kind !== 'committee') return base;
  return { ...base, serverType: { ...serverType, ...change(serverType) } };
}
const withMembers = (change: (members: PartialKeyServer[]) => PartialKeyServer[]) =>
  withCommittee(info, ({ members }) => ({ members: change([...members]) }));
const many = (count: number) =>
  withMembers(([first]) => Array.from({ length: count }, (_, partyId) => ({ ...first!, partyId })));

describe('a committee on chain', () => {
  it('is read whole', () => {
    const committee = readCommittee(info, engine);
    expect(committee).toMatchObject({ version: 0, threshold: 2, unusable: [] });
    expect(committee.members.map(({ name, partyId }) => [name, partyId])).toEqual([
      ['A', 0],
      ['B', 1],
      ['C', 2],
    ]);
  });

  it.each([
    ['an independent server', { ...info, serverType: { kind: 'independent' as const, url: 'x' } }],
    ['threshold 0', withCommittee(info, () => ({ threshold: 0 }))],
    ['threshold above the members', withCommittee(info, () => ({ threshold: 4 }))],
    ['no members', withMembers(() => [])],
    ['a party twice', withMembers(([a, b]) => [a!, { ...b!, partyId: 0 }])],
    ['party 65535', withMembers(([a, b]) => [a!, { ...b!, partyId: 65_535 }])],
    ['too many members', many(MAX_COMMITTEE_MEMBERS + 1)],
  ])('with %s is refused', (_name, wrong) => {
    expect(() => readCommittee(wrong, engine)).toThrow(KEY_SERVER);
  });

  it('may be as large as the limit, with any valid party id', () => {
    expect(readCommittee(many(MAX_COMMITTEE_MEMBERS), engine).members).toHaveLength(100);
    const last = withMembers(([a, b]) => [a!, { ...b!, partyId: 65_534 }]);
    expect(readCommittee(last, engine).members).toHaveLength(2);
  });

  it.each([
    ['empty', new Uint8Array()],
    ['no point', new Uint8Array(96).fill(1)],
    ['the identity', Uint8Array.from([0xc0, ...new Uint8Array(95)])],
    ['too long', new Uint8Array(97)],
  ])('with a partial key that is %s loses that member only', async (_name, partialPublicKey) => {
    const world = await createWorld();
    world.chain.edit = (read) =>
      withCommittee(read, ({ members }) => ({
        members: members.map((m) => (m.name === 'A' ? { ...m, partialPublicKey } : m)),
      }));
    await world.committees.refresh();
    expect(world.logs.join('')).toContain('partial public keys are not valid');
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(world.member('A').requests).toHaveLength(0);
  });
});

describe('reading it again', () => {
  it('keeps what is known when the node fails', async () => {
    const world = await createWorld();
    world.chain.error = new ChainError('UNAVAILABLE', 'down');
    await world.committees.refresh();
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(world.logs.join('')).toContain('cannot refresh the committee');
  });

  it('keeps what is known when the object makes no sense', async () => {
    const world = await createWorld();
    for (const change of [
      () => ({ threshold: 0 }),
      () => ({ members: [] }),
    ] as (() => Partial<CommitteeType>)[]) {
      world.chain.edit = (read) => withCommittee(read, change);
      await world.committees.refresh();
    }
    expect(await fetchKeys(world)).toMatchObject(GOOD);
  });

  it('ignores a node that is behind, and another group key', async () => {
    const world = await createWorld({ version: 1 });
    world.chain.version = 0;
    await world.committees.refresh();
    expect(world.committees.known().map(({ version }) => version)).toEqual([1]);
    world.chain.version = 1;
    const publicKey = new Uint8Array(96);
    world.chain.edit = (read) => ({ ...withCommittee(read, () => ({ version: 2 })), publicKey });
    await world.committees.refresh();
    expect(world.committees.known().map(({ version }) => version)).toEqual([1]);
  });

  it('takes over changes within a version, without remembering the old form', async () => {
    const world = await createWorld();
    world.chain.edit = (read) =>
      withCommittee(read, ({ members }) => ({
        members: members.map((m) => (m.name === 'A' ? { ...m, url: 'https://new.example' } : m)),
      }));
    await world.committees.refresh();
    const [current, ...older] = world.committees.known();
    expect(current?.members[0]?.url).toBe('https://new.example');
    expect(older).toEqual([]);
  });

  it('remembers three versions', async () => {
    const world = await createWorld();
    for (let version = 1; version < 5; version++) {
      world.chain.edit = (read) => withCommittee(read, () => ({ version }));
      await world.committees.refresh();
    }
    expect(world.committees.known().map(({ version }) => version)).toEqual([4, 3, 2]);
    expect(await world.metrics.registry.metrics()).toContain('committee_version 4');
  });

  it('happens once for all who ask, and not too often', async () => {
    const world = await createWorld({ minRefreshIntervalMs: 100 });
    const startedMs = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => world.committees.refresh()));
    expect(world.chain.reads).toBe(2);
    expect(performance.now() - startedMs).toBeGreaterThan(50);
    await world.committees.refresh();
    expect(world.chain.reads).toBe(3);
    expect(performance.now() - startedMs).toBeGreaterThan(150);
  });

  it('ends at once when the server stops', async () => {
    const world = await createWorld({ minRefreshIntervalMs: 60_000 });
    const abort = new AbortController();
    const running = world.committees.run(abort.signal);
    const waiting = world.committees.refresh();
    abort.abort();
    await Promise.all([running, waiting]);
    expect(world.chain.reads).toBe(1);
  });
});

describe('the start', () => {
  it.each([
    ['without a node', new ChainError('UNAVAILABLE', 'down')],
    ['without the object', new ChainError('NOT_FOUND', 'none')],
  ])('fails %s', async (_name, error) => {
    const chain = new FakeChain(shared.members);
    chain.error = error;
    const { metrics } = shared;
    const log = silentLogger;
    const committees = new Committees(
      { keyServerObjectId: KEY_SERVER },
      {
        chain,
        engine,
        log,
        metrics,
        monotonicMs: () => 0,
        credentials: new Credentials(new Map()),
      },
    );
    await expect(committees.start(new AbortController().signal)).rejects.toBe(error);
    expect(committees.known()).toEqual([]);
  });
});
