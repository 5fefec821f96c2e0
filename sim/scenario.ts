/** What a seed decides before anything runs: who takes part, what breaks when, who does what. */
import {
  type CommitteeSpec,
  MAX_CHANGE_OVER_MS,
  MAX_MEMBER_DELAY_MS,
  MEMBER_FAULTS,
} from './committee.ts';
import { LIES } from './lies.ts';
import type { Partition } from './network.ts';
import type { Random } from './random.ts';
import type { ServerSpec } from './server.ts';
import { T0 } from './time.ts';
import type { Grant, Span } from './timeline.ts';

/** Virtual length of a scenario, ms; operations start within it. */
export const SCENARIO_MS = 6 * 60_000;
const FOREVER: Span = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

/** Indices of the clients that act: the stranger less often. */
const ACTIVE = [0, 0, 0, 1, 1, 1, 2];

/** Identities: whom the policy lets in, and when. */
export const IDS = {
  /** Both members, always. */
  open: '0a01',
  /** Members, at times. */
  changing: '0a02',
  /** One member only. */
  personal: '0b',
} as const;
/** `mallory` is never let in by any policy. */
export const USERS = ['alice', 'bob', 'mallory'] as const;
export type UserName = (typeof USERS)[number];

export interface ObjectSpec {
  readonly id: string;
  readonly threshold: number;
  readonly bytes: number;
  readonly dem: 0 | 1;
}

export interface ClientSpec {
  readonly name: string;
  readonly user: UserName;
  /** Indices of the servers it is configured with. */
  readonly servers: readonly number[];
  readonly timeoutMs: number;
  readonly verify: boolean;
  /** Chance that a read from its full node fails or hangs. */
  readonly readHostility: number;
}

export interface SessionSpec {
  readonly user: UserName;
  readonly createdMs: number;
  readonly ttlMin: number;
  /** The device's clock minus the true time, ms. */
  readonly skewMs: number;
}

export interface Step {
  readonly atMs: number;
  readonly kind: 'decrypt' | 'fetchKeys' | 'derivedKeys' | 'clear' | 'attack';
  readonly client: number;
  readonly session: number;
  readonly objects: readonly number[];
  readonly cancelAfterMs: number | undefined;
  readonly checkConsistency: boolean;
}

export interface Scenario {
  readonly servers: readonly ServerSpec[];
  readonly objects: readonly ObjectSpec[];
  readonly clients: readonly ClientSpec[];
  readonly sessions: readonly SessionSpec[];
  readonly steps: readonly Step[];
  readonly partitions: readonly Partition[];
  /** By user name. */
  readonly grants: readonly (Omit<Grant, 'user'> & { user: UserName })[];
}

export function drawScenario(random: Random): Scenario {
  const storm = random.pick([0, 0.05, 0.2, 0.6]);
  const servers = drawServers(random.fork('servers'), storm);
  const objects = drawObjects(random.fork('objects'), servers);
  const clients = drawClients(random.fork('clients'), servers, objects, storm);
  const sessions = drawSessions(random.fork('sessions'));
  return {
    servers: boundComplicity(servers, objects),
    objects,
    clients,
    sessions,
    steps: drawSteps(random.fork('steps'), objects, clients, sessions),
    partitions: drawPartitions(random.fork('partitions'), clients, servers, storm),
    grants: drawGrants(random.fork('grants')),
  };
}

function drawServers(random: Random, storm: number): ServerSpec[] {
  const count = random.integer(1, 5);
  const liars = random.pick([0, 0, 0.2, 0.5]);
  const committees = random.pick([0, 0, 0.4]);
  return Array.from({ length: count }, (_, index) => ({
    index,
    committee: random.chance(committees) ? drawCommittee(random) : undefined,
    weight: random.chance(0.25) ? random.integer(2, 3) : 1,
    lie: random.chance(liars) ? random.pick(LIES) : undefined,
    complicit: random.chance(0.15),
    skewMs: random.chance(0.2) ? random.integer(-90_000, 90_000) : random.integer(-500, 500),
    lags: drawLags(random, storm),
    downs: random.chance(storm) ? spans(random, 2, 40_000) : [],
    hostility: random.chance(0.6) ? 0 : Math.min(1, storm * random.integer(1, 3)),
  }));
}

/** Fewer members than the threshold approve everything, as complicit servers below. */
function drawCommittee(random: Random): CommitteeSpec {
  const count = random.integer(1, 5);
  const threshold = random.integer(1, count);
  const faulty = random.chance(0.8) ? count - threshold : random.integer(0, count);
  let approving = 0;
  const members = Array.from({ length: count }, (_, i) => {
    let fault = i < faulty ? random.pick(MEMBER_FAULTS) : undefined;
    if (fault === 'approvesAll' && ++approving >= threshold) fault = 'silent';
    const delayMs = random.integer(1, MAX_MEMBER_DELAY_MS);
    return { fault, delayMs, changeOverMs: random.integer(0, MAX_CHANGE_OVER_MS) };
  });
  const rotationMs = random.chance(0.5) ? T0 + random.integer(30_000, SCENARIO_MS) : undefined;
  return { threshold, members, rotationMs };
}

function drawLags(random: Random, storm: number) {
  if (!random.chance(storm / 2 + 0.1)) return [];
  const lagMs = random.pick([500, 5_000, 60_000, 119_000, 150_000, 3_600_000]);
  return spans(random, 2, 120_000).map((span) => ({ ...span, lagMs }));
}

/** Up to `count` spans that do not touch, in order, each up to `longestMs`. */
function spans(random: Random, count: number, longestMs: number): Span[] {
  const found: Span[] = [];
  let fromMs = T0 + 20_000;
  for (let i = random.integer(1, count); i > 0; i--) {
    fromMs += random.integer(1_000, SCENARIO_MS / count);
    const toMs = fromMs + random.integer(1_000, longestMs);
    found.push({ fromMs, toMs });
    fromMs = toMs + 10_000;
  }
  return found;
}

function drawObjects(random: Random, servers: readonly ServerSpec[]): ObjectSpec[] {
  const total = servers.reduce((sum, { weight }) => sum + weight, 0);
  return Object.values(IDS).map((id) => ({
    id,
    threshold: random.chance(0.5) ? Math.ceil((total + 1) / 2) : random.integer(1, total),
    bytes: random.pick([0, 1, 31, 500]),
    dem: random.chance(0.25) ? 1 : 0,
  }));
}

/** Servers that let everybody in stay below every threshold: they alone must not open anything. */
function boundComplicity(
  servers: readonly ServerSpec[],
  objects: readonly ObjectSpec[],
): ServerSpec[] {
  let room = Math.min(...objects.map(({ threshold }) => threshold)) - 1;
  return servers.map((server) => {
    if (server.committee !== undefined) {
      // Members have clocks and nodes that are right; a lie is the aggregator's.
      const lie = server.lie === 'wrongKey' ? undefined : server.lie;
      return { ...server, lie, complicit: false, skewMs: 0, lags: [] };
    }
    const complicit = server.complicit && server.lie === undefined && server.weight <= room;
    if (complicit) room -= server.weight;
    return { ...server, complicit };
  });
}

function drawClients(
  random: Random,
  servers: readonly ServerSpec[],
  objects: readonly ObjectSpec[],
  storm: number,
): ClientSpec[] {
  const largest = Math.max(...objects.map(({ threshold }) => threshold));
  return USERS.map((user) => {
    const all = servers.map(({ index }) => index);
    const fewer = all.slice(0, -1);
    const weight = fewer.reduce((sum, i) => sum + (servers[i]?.weight ?? 0), 0);
    return {
      name: `${user}'s client`,
      user,
      servers: random.chance(0.2) && weight >= largest ? fewer : all,
      timeoutMs: random.pick([5_000, 10_000, 20_000]),
      verify: random.chance(0.2),
      readHostility: random.chance(0.2) ? storm / 4 : 0,
    };
  });
}

function drawSessions(random: Random): SessionSpec[] {
  return USERS.flatMap((user) =>
    Array.from({ length: random.integer(1, 2) }, () => ({
      user,
      createdMs: T0 + random.integer(0, SCENARIO_MS / 3),
      ttlMin: random.chance(0.25) ? random.integer(1, 3) : random.integer(6, 30),
      skewMs: random.chance(0.2) ? random.integer(-70_000, 70_000) : random.integer(-1_000, 0),
    })),
  );
}

function drawSteps(
  random: Random,
  objects: readonly ObjectSpec[],
  clients: readonly ClientSpec[],
  sessions: readonly SessionSpec[],
): Step[] {
  const moments = Array.from({ length: random.integer(3, 5) }, () =>
    random.integer(0, SCENARIO_MS),
  );
  return Array.from({ length: random.integer(6, 14) }, (): Step => {
    const client = random.pick(ACTIVE);
    const user = clients[client]?.user;
    const own = sessions.flatMap((session, i) => (session.user === user ? [i] : []));
    const kinds = ['decrypt', 'decrypt', 'decrypt', 'fetchKeys', 'derivedKeys', 'attack'] as const;
    const all = objects.map((_, i) => i);
    const kind = random.chance(0.05) ? 'clear' : random.pick(kinds);
    return {
      // Many at the same moment or nearly: they share requests, or get into each other's way.
      atMs: T0 + random.pick(moments) + (random.chance(0.5) ? 0 : random.integer(0, 3_000)),
      kind,
      client,
      session: random.pick(own),
      objects: kind === 'fetchKeys' ? several(random, all) : [random.pick([0, 0, ...all])],
      cancelAfterMs: random.chance(0.15) ? random.integer(0, 4_000) : undefined,
      checkConsistency: random.chance(0.2),
    };
  });
}

/** The first, perhaps with others. */
function several(random: Random, all: readonly number[]): number[] {
  return all.filter((i) => i === 0 || random.chance(0.4));
}

function drawPartitions(
  random: Random,
  clients: readonly ClientSpec[],
  servers: readonly ServerSpec[],
  storm: number,
): Partition[] {
  return clients.flatMap(({ name }) =>
    servers.flatMap(({ index }) =>
      random.chance(storm / 2)
        ? spans(random, 1, 120_000).map((span) => ({ ...span, client: name, server: index }))
        : [],
    ),
  );
}

function drawGrants(random: Random): Scenario['grants'] {
  const changing = spans(random, 3, SCENARIO_MS);
  return [
    { user: 'alice', id: IDS.open, ...FOREVER },
    { user: 'bob', id: IDS.open, ...FOREVER },
    { user: 'bob', id: IDS.personal, ...FOREVER },
    ...changing.map((span) => ({
      user: random.pick(['alice', 'bob'] as const),
      id: IDS.changing,
      ...span,
    })),
  ];
}
