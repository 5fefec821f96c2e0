import { publicKeyFromMasterKey, toHex } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { fromBase64 } from '@seal-ts/protocol';
import { type Environment, silentLogger } from '@seal-ts/service';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics, REQUEST_TIMEOUT_MS } from '../src/index.ts';
import type { CommitteeKeys } from '../src/keys/committee.ts';
import {
  type CommitteeMode,
  loadCommitteeKeys,
  memberOf,
  shareFaults,
} from '../src/keys/committee-load.ts';
import { NODE_LAG_MS, RETIRED_SHARE_MS, watchRotation } from '../src/keys/committee-monitor.ts';
import { watchRotationEvents } from '../src/keys/rotation-events.ts';
import { watchUpgrades } from '../src/keys/upgrade-monitor.ts';
import { createRequest, HEADERS, openAnswer, post } from './support/client.ts';
import { COMMITTEE, CommitteeChain, KEY_SERVER, MEMBERS } from './support/committee-chain.ts';
import { createWorld } from './support/world.ts';

const DEBUG = '/v1/debug/committee_partial_pk';
const POLL_MS = 30_000;
const WATCH = { keyServerObjectId: KEY_SERVER, pollMs: POLL_MS };
/** Our share in each version; we are party 1. */
const SHARES = [3, 4, 5].map((byte) => new Uint8Array(32).fill(byte));
const hex = (version: number) => toHex(SHARES[version]!);
const env = (...versions: number[]): Environment =>
  Object.fromEntries(versions.map((version) => [`MASTER_SHARE_V${version}`, hex(version)]));

function mode(state: CommitteeMode['committee_state']): CommitteeMode {
  return {
    tag: 'Committee',
    member_address: MEMBERS[1]!,
    key_server_obj_id: KEY_SERVER,
    committee_state: state,
  };
}
const ACTIVE = mode({ tag: 'Active' });
const rotation = (target_version: number) => mode({ tag: 'Rotation', target_version });

function chainAt(version: number): CommitteeChain {
  const chain = new CommitteeChain();
  moveTo(chain, version);
  return chain;
}
function moveTo(chain: CommitteeChain, version: number): void {
  chain.version = version;
  const other = (byte: number) => new Uint8Array(32).fill(byte);
  chain.shares = [other(90), SHARES[version] ?? other(99), other(91)];
}

const { signal } = new AbortController();
const load = (committee: CommitteeMode, environment: Environment, chain: CommitteeChain) =>
  loadCommitteeKeys(committee, { engine, env: environment, chain }, signal);

/** The version of the share in use, or why there is none. */
function inUse(keys: CommitteeKeys): number | string {
  try {
    const used = keys.share().use(toHex);
    return SHARES.findIndex((share) => toHex(share) === used);
  } catch (error) {
    return (error as { detail: string }).detail;
  }
}

describe('the start of a committee member', () => {
  it.each([
    ['Active with the exact share', ACTIVE, [1], 1, 1],
    ['Active ignores other shares', ACTIVE, [0, 1, 2], 1, 1],
    [
      'Active with only the next share waits',
      ACTIVE,
      [2],
      1,
      'Cannot serve traffic without old share',
    ],
    ['rotation with both shares serves the old one', rotation(2), [1, 2], 1, 1],
    [
      'rotation with the new share alone waits',
      rotation(2),
      [2],
      1,
      'Cannot serve traffic without old share',
    ],
    ['rotation that is already complete is Active', rotation(1), [0, 1], 1, 1],
  ] as const)('%s', async (_name, committee, shares, version, expected) => {
    expect(inUse(await load(committee, env(...shares), chainAt(version)))).toBe(expected);
  });

  it.each([
    ['Active with an unrelated share', ACTIVE, [0], 1, /MASTER_SHARE_V1: is not set/],
    ['Active without shares', ACTIVE, [], 0, /MASTER_SHARE_V0: is not set/],
    ['rotation without the next share', rotation(2), [1], 1, /MASTER_SHARE_V2: is not set/],
    ['rotation, complete, without its share', rotation(1), [0], 1, /MASTER_SHARE_V1: is not set/],
    ['rotation behind the chain', rotation(1), [1], 2, /Rotation mode mismatch/],
    ['rotation far ahead', rotation(2), [2], 0, /Rotation mode mismatch/],
  ] as const)('%s is fatal', async (_name, committee, shares, version, message) => {
    await expect(load(committee, env(...shares), chainAt(version))).rejects.toThrow(message);
  });

  it('compares an active share with the chain', async () => {
    const wrong = { MASTER_SHARE_V1: hex(2) };
    const attempt = load(ACTIVE, wrong, chainAt(1));
    await expect(attempt).rejects.toThrow('does not belong to the partial public key');
    await expect(attempt).rejects.not.toThrow(hex(2));
    const stranger = { ...ACTIVE, member_address: `0x${'44'.repeat(32)}` };
    await expect(load(stranger, env(1), chainAt(1))).rejects.toThrow('is not a member');
  });

  it('needs a committee, and a chain that answers', async () => {
    const chain = chainAt(0);
    chain.independent = true;
    await expect(load(ACTIVE, env(0), chain)).rejects.toThrow("is not a committee's");
    chain.down = true;
    await expect(load(ACTIVE, env(0), chain)).rejects.toThrow('down');
  });

  it.each([
    [ACTIVE, {}, ['$MASTER_SHARE_V…']],
    [ACTIVE, { MASTER_SHARE_V0: 'x' }, ['$MASTER_SHARE_V0']],
    [ACTIVE, { MASTER_SHARE_V01: hex(0) }, ['$MASTER_SHARE_V…']],
    [rotation(2), env(1), ['$MASTER_SHARE_V2']],
    [rotation(2), env(2), []],
  ])('shares can be checked without a chain (%#)', (committee, environment, paths) => {
    expect(shareFaults(committee, environment).map(({ path }) => path)).toEqual(paths);
  });
});

describe('a rotation', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function rotating(shares: number[], pollMs = POLL_MS) {
    const chain = chainAt(0);
    const keys = await load(rotation(1), env(...shares), chain);
    const deps = { keys, chain, engine, log: silentLogger };
    let outcome: unknown = 'watching';
    void watchRotation({ member: memberOf(rotation(1)), pollMs }, deps, signal).then(
      () => {
        outcome = 'done';
      },
      (error) => {
        outcome = (error as Error).message;
      },
    );
    const poll = async () => {
      await vi.advanceTimersByTimeAsync(pollMs);
      return outcome;
    };
    return { chain, keys, poll };
  }

  it.each([[[0, 1]], [[1]]])('changes over when the chain does (shares %j)', async (shares) => {
    const { chain, keys, poll } = await rotating(shares);
    expect(await poll()).toBe('watching');
    chain.down = true;
    expect(await poll()).toBe('watching');
    chain.down = false;
    moveTo(chain, 1);
    expect(inUse(keys)).not.toBe(1);
    expect(await poll()).toBe('watching');
    expect(inUse(keys)).toBe(1);
    await vi.advanceTimersByTimeAsync(RETIRED_SHARE_MS - 1);
    expect(await poll()).toBe('done');
    expect(inUse(keys)).toBe(1);
  });

  it('wipes the old share when no request can be using it any more', async () => {
    const { chain, keys, poll } = await rotating([0, 1]);
    const old = keys.share();
    moveTo(chain, 1);
    await poll();
    expect(inUse(keys)).toBe(1);
    await vi.advanceTimersByTimeAsync(RETIRED_SHARE_MS - 1);
    expect(old.use(toHex)).toBe(hex(0));
    await vi.advanceTimersByTimeAsync(1);
    expect(() => old.use(toHex)).toThrow();
    expect(inUse(keys)).toBe(1);
    expect(RETIRED_SHARE_MS).toBeGreaterThanOrEqual(2 * REQUEST_TIMEOUT_MS);
  });

  it('wipes the old share when the server stops just after the change', async () => {
    const { chain, keys, poll } = await rotating([0, 1]);
    const old = keys.share();
    moveTo(chain, 1);
    await poll();
    keys.wipe();
    expect(() => old.use(toHex)).toThrow();
  });

  it('looks twice when two answers of the node do not fit together', async () => {
    const { chain, keys, poll } = await rotating([0, 1]);
    moveTo(chain, 1);
    const [ours, next] = [1, chain.shares[1]!];
    chain.shares[ours] = SHARES[0]!;
    expect(await poll()).toBe('watching');
    expect(inUse(keys)).toBe(0);
    chain.shares[ours] = next;
    await poll();
    expect(inUse(keys)).toBe(1);
  });

  it('ends the server when the chain goes elsewhere', async () => {
    const { chain, keys, poll } = await rotating([0, 1]);
    moveTo(chain, 2);
    expect(await poll()).toMatch(/went to version 2, not to 1/);
    expect(inUse(keys)).toBe(0);
  });

  it('ends the server when the new share is not the registered one', async () => {
    const { chain, keys, poll } = await rotating([0, 1]);
    moveTo(chain, 1);
    chain.shares[1] = new Uint8Array(32).fill(77);
    expect(await poll()).toBe('watching');
    expect(await poll()).toMatch(/does not belong to the partial public key/);
    expect(inUse(keys)).toBe(0);
  });

  it.each([1000, 7000])('looking every %i ms, it lets a full node lag behind', async (pollMs) => {
    const { chain, keys, poll } = await rotating([0, 1], pollMs);
    moveTo(chain, 1);
    chain.shares[1] = SHARES[0]!;
    const looks = Math.ceil(NODE_LAG_MS / pollMs);
    for (let look = 1; look < looks; look++) expect(await poll()).toBe('watching');
    expect(await poll()).toMatch(/does not belong to the partial public key/);
    expect(inUse(keys)).toBe(0);
  });
});

describe('upgrade proposals', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are counted once for each version', async () => {
    const chain = chainAt(0);
    const metrics = createMetrics({ version: '0.6.10', gitVersion: 'g' });
    const abort = new AbortController();
    const deps = { chain, metrics, log: silentLogger };
    const watching = watchUpgrades(WATCH, deps, abort.signal);
    const counts: number[] = [];
    for (const proposed of [undefined, 2n, 2n, 'down', undefined, 2n, 3n] as const) {
      chain.down = proposed === 'down';
      if (proposed !== 'down') chain.proposed = proposed;
      await vi.advanceTimersByTimeAsync(POLL_MS);
      const { values } = await metrics.upgradeInitiated.get();
      counts.push(values[0]?.value ?? 0);
    }
    expect(counts).toEqual([0, 1, 1, 1, 1, 1, 2]);
    abort.abort();
    await watching;
  });
});

describe('initiated rotations', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watch(chain: CommitteeChain) {
    const metrics = createMetrics({ version: '0.6.10', gitVersion: 'g' });
    const abort = new AbortController();
    const warn = vi.fn();
    const log = { ...silentLogger, info: vi.fn(), warn };
    const watching = watchRotationEvents(WATCH, { chain, metrics, log }, abort.signal);
    const poll = async (): Promise<number> => {
      await vi.advanceTimersByTimeAsync(POLL_MS);
      return (await metrics.rotationInitiated.get()).values[0]?.value ?? 0;
    };
    return { poll, warn, watching, abort };
  }

  it.each([0, 2])('are counted from the first poll on (%i before)', async (before) => {
    const chain = chainAt(0);
    chain.rotations = Array.from({ length: before }, () => COMMITTEE);
    const { poll, warn, watching, abort } = watch(chain);
    expect(await poll()).toBe(0);
    expect(await poll()).toBe(0);
    chain.rotations.push(COMMITTEE);
    expect(await poll()).toBe(1);
    chain.rotations.push(COMMITTEE, KEY_SERVER);
    chain.down = true;
    expect(await poll()).toBe(1);
    expect(warn).toHaveBeenCalledTimes(1);
    chain.down = false;
    expect(await poll()).toBe(3);
    expect(await poll()).toBe(3);
    expect(warn).toHaveBeenCalledTimes(2);
    expect(warn).toHaveBeenLastCalledWith(
      expect.objectContaining({ oldCommitteeId: KEY_SERVER, ours: COMMITTEE }),
      expect.stringContaining('another committee'),
    );
    abort.abort();
    await watching;
  });

  it('are given up with one warning where the node has no event list', async () => {
    const chain = chainAt(0);
    chain.listsEvents = false;
    const { poll, warn, watching } = watch(chain);
    await poll();
    await watching;
    expect(await poll()).toBe(0);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

describe('requests to a committee member', () => {
  it('are answered with the share for any package; debug shows its public key', async () => {
    const keys = await load(ACTIVE, env(0), chainAt(0));
    const { app } = await createWorld({ keys });
    const { body, secretKey } = await createRequest({ engine });
    const res = await app.request('/v1/fetch_key', post(body));
    expect(openAnswer(await res.json(), secretKey, engine)).toHaveLength(1);
    const { partial_pk } = await (await app.request(DEBUG, { headers: HEADERS })).json();
    const expected = engine.g2.toBytes(publicKeyFromMasterKey(engine, SHARES[0]!));
    expect(fromBase64(partial_pk)).toEqual(expected);
    const service = await app.request(`/v1/service?service_id=${KEY_SERVER}`, { headers: HEADERS });
    expect((await service.json()).error).toBe('InvalidServiceId');
  });

  it('fail without a usable share, before name and certificate are looked at', async () => {
    const keys = await load(ACTIVE, env(1), chainAt(0));
    const world = await createWorld({ keys });
    const { body } = await createRequest({ engine, ttlMin: 99 });
    const res = await world.app.request('/v1/fetch_key', post(body));
    expect([res.status, (await res.json()).error]).toEqual([503, 'Failure']);
    expect((await world.app.request(DEBUG, { headers: HEADERS })).status).toBe(503);
    expect(world.logs.join('')).toContain('Cannot serve traffic without old share');
  });

  it('stop when the shares are wiped', async () => {
    const keys = await load(rotation(1), env(0, 1), chainAt(0));
    keys.wipe();
    expect(() => keys.share().use(toHex)).toThrow();
    expect(JSON.stringify(keys)).not.toContain(hex(0).slice(0, 8));
  });
});
