/**
 * Changing committees (protocol §5.6, shares of A.10): version 0 is 2 of A, B, C; version 1 is
 * 3 of B, A, D, E. A request may fail only while no version has enough members that hold it.
 */

import { ChainError } from '@seal-ts/chain';
import { describe, expect, it } from 'vitest';
import { RETENTION_MS } from '../src/index.ts';
import { liar, refuse, slow, unreachable } from './support/member.ts';
import { fetchKeys, GOOD } from './support/outcome.ts';
import { createWorld, type Name, shareOf, type World } from './support/world.ts';

const ALL: Name[] = ['A', 'B', 'C', 'D', 'E'];

/** Members that hold the share of a version; the others wait for theirs. */
function hold(world: World, v0: Name[], v1: Name[]): void {
  for (const name of ALL) {
    const member = world.member(name);
    member.share = v0.includes(name)
      ? shareOf(name, 0)
      : v1.includes(name)
        ? shareOf(name, 1)
        : undefined;
  }
}
const requestLine = (world: World) =>
  world.logs.map((text) => JSON.parse(text)).findLast(({ msg }) => msg === 'request');

/** A world that knows both versions. */
async function afterRefresh() {
  const world = await createWorld();
  world.chain.version = 1;
  await world.committees.refresh();
  return world;
}

describe('when the chain is ahead of this aggregator', () => {
  it('a share that fits nothing makes it read the committee again, and the request succeeds', async () => {
    const world = await createWorld();
    world.chain.version = 1;
    hold(world, [], ['A', 'B', 'D', 'E']);
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(requestLine(world)).toMatchObject({ status: 200, committeeVersion: 1 });
    expect(world.chain.reads).toBe(2);
  });

  it('the shares it got count for the new version without asking again', async () => {
    const world = await createWorld();
    world.chain.version = 1;
    hold(world, [], ['A', 'B', 'D', 'E']);
    world.member('C').behave = unreachable;
    await fetchKeys(world);
    expect([...'AB'].map((name) => world.member(name as Name).requests.length)).toEqual([1, 1]);
  });

  it('members that are all new are found', async () => {
    const world = await createWorld();
    world.chain.version = 1;
    hold(world, [], ['A', 'D', 'E']);
    expect(await fetchKeys(world)).toMatchObject(GOOD);
  });

  it('many requests at once read the committee once', async () => {
    const world = await createWorld({ minRefreshIntervalMs: 200 });
    world.chain.version = 1;
    hold(world, [], ['A', 'B', 'D', 'E']);
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => fetchKeys(world)));
    for (const outcome of outcomes) expect(outcome).toMatchObject(GOOD);
    expect(world.chain.reads).toBeLessThanOrEqual(3);
  });

  it('a full node that is down changes nothing for the old version', async () => {
    const world = await createWorld();
    world.chain.error = new ChainError('UNAVAILABLE', 'down');
    world.member('A').behave = liar;
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    world.member('B').behave = liar;
    expect(await fetchKeys(world)).toMatchObject({ status: 503, error: 'Failure' });
  });
});

describe('when members are behind the chain', () => {
  it.each([
    ['all', ['A', 'B', 'C'], []],
    ['two', ['B', 'C'], ['A', 'D', 'E']],
    ['two, the rest waits', ['A', 'C'], ['B']],
    ['one', ['C'], ['A', 'B', 'D']],
    ['none', [], ['B', 'D', 'E']],
  ] as [string, Name[], Name[]][])('%s of them: %j and %j', async (_name, v0, v1) => {
    const world = await afterRefresh();
    hold(world, v0, v1);
    expect(await fetchKeys(world)).toMatchObject(GOOD);
  });

  it.each([
    ['one each short', ['C'], ['A', 'B']],
    ['nobody', [], []],
  ] as [string, Name[], Name[]][])('fails when no version has enough: %s', async (_n, v0, v1) => {
    const world = await afterRefresh();
    hold(world, v0, v1);
    expect(await fetchKeys(world)).toMatchObject({ status: 503, error: 'Failure' });
  });

  it('a liar costs its own share only', async () => {
    const world = await afterRefresh();
    hold(world, ['B', 'C'], ['A', 'D', 'E']);
    world.member('D').behave = liar;
    for (const name of ['B', 'C', 'E'] as const) world.member(name).behave = slow(20);
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(requestLine(world)).toMatchObject({ committeeVersion: 0 });
  });

  it('refusals are final in both versions', async () => {
    const world = await afterRefresh();
    hold(world, ['B', 'C'], ['A', 'D', 'E']);
    for (const name of ALL) world.member(name).behave = refuse('NoAccess', 'x');
    expect(await fetchKeys(world)).toMatchObject({ status: 403, error: 'NoAccess' });
    for (const name of ALL) expect(world.member(name).requests.length).toBeLessThanOrEqual(1);
  });

  it('a member that changes over during the request is asked again', async () => {
    const world = await afterRefresh();
    hold(world, ['A'], ['B', 'D']);
    world.member('A').behave = (honest, member) => {
      const answer = honest();
      member.share = shareOf('A', 1);
      return answer;
    };
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(world.member('A').requests).toHaveLength(2);
  });

  it('also when the full node has fallen silent', async () => {
    const world = await afterRefresh();
    hold(world, ['A'], ['B', 'D']);
    world.chain.keyServer = () => new Promise(() => {});
    world.member('A').behave = (honest, member) => {
      const answer = honest();
      member.share = shareOf('A', 1);
      return answer;
    };
    expect(await fetchKeys(world)).toMatchObject(GOOD);
  });

  it('an old version is forgotten after a day, to the millisecond', async () => {
    const world = await afterRefresh();
    const versions = () => world.committees.known().map(({ version }) => version);
    expect(versions()).toEqual([1, 0]);
    world.clock.offsetMs = RETENTION_MS - 5000;
    expect(versions()).toEqual([1, 0]);
    world.clock.offsetMs = RETENTION_MS;
    expect(versions()).toEqual([1]);
  });
});

describe('under load, while members change over one after another', () => {
  /** Orders in which some version always has enough members. */
  it.each([['DEABC'], ['EDBAC'], ['DAEBC'], ['EBDAC']])('order %s', async (order) => {
    const world = await createWorld({ minRefreshIntervalMs: 20, memberTimeoutMs: 10_000 });
    for (const name of ['D', 'E'] as const) world.member(name).share = undefined;
    for (const [i, name] of ALL.entries()) world.member(name).behave = slow(3 + 2 * i);
    const failures: unknown[] = [];
    const state = { running: true, requests: 0 };
    const load = async () => {
      while (state.running) {
        const outcome = await fetchKeys(world);
        state.requests += 1;
        if (outcome.status !== 200 || !('valid' in outcome && outcome.valid))
          failures.push(requestLine(world));
      }
    };
    const workers = Array.from({ length: 4 }, load);
    const wait = () => new Promise((resolve) => setTimeout(resolve, 120));
    await wait();
    world.chain.version = 1;
    for (const name of order.replace('C', '') as Iterable<Name>) {
      world.member(name).share = shareOf(name, 1);
      await wait();
    }
    world.member('C').behave = unreachable;
    await wait();
    state.running = false;
    await Promise.all(workers);
    expect(failures).toEqual([]);
    expect(state.requests).toBeGreaterThan(20);
    expect(requestLine(world)).toMatchObject({ committeeVersion: 1 });
  });
});
