/** An aggregator with everything injected: the committees of protocol A.10, a chain, a clock. */

import { readFileSync } from 'node:fs';
import { ChainError } from '@seal-ts/chain';
import { type Engine, fromHex, publicKeyFromMasterKey } from '@seal-ts/crypto';
import { type KeyServerInfo, parseRequirement } from '@seal-ts/protocol';
import { createLogger, SecretText } from '@seal-ts/service';
import {
  type AggregatorOptions,
  aggregator,
  Committees,
  type Credential,
  Credentials,
  createMetrics,
  type MemberTransport,
} from '../../src/index.ts';
import { engine as fast } from './engine.ts';
import { SimulatedMember } from './member.ts';

export const KEY_SERVER = `0x${'c5'.repeat(32)}`;
/** Policy package in its first version, and its upgrade. */
export const PACKAGE = `0x${'a1'.repeat(32)}`;
export const UPGRADED = `0x${'a2'.repeat(32)}`;
export const API_KEY = 'member-api-secret';

interface VectorCommittee {
  threshold: number;
  members: { party: number; share: string }[];
}
const vectors = JSON.parse(
  readFileSync(new URL('../../../../vectors/crypto/committee.json', import.meta.url), 'utf8'),
) as { groupPublicKey: string; committees: [VectorCommittee, VectorCommittee] };
export const GROUP_KEY = vectors.groupPublicKey;

/** Who holds which party in which version (A.10). */
const PARTIES = [
  ['A', 'B', 'C'],
  ['B', 'A', 'D', 'E'],
] as const;
export type Name = 'A' | 'B' | 'C' | 'D' | 'E';

export function shareOf(name: Name, version: 0 | 1): string | undefined {
  const party = (PARTIES[version] as readonly string[]).indexOf(name);
  return vectors.committees[version].members.find((member) => member.party === party)?.share;
}

function partialKey(share: string): Uint8Array {
  const point = publicKeyFromMasterKey(fast, fromHex(share));
  return fast.g2.toBytes(point);
}
const partialKeys = new Map(
  vectors.committees.flatMap(({ members }) =>
    members.map(({ share }) => [share, partialKey(share)] as const),
  ),
);

/** The chain: which version of the committee is registered. */
export class FakeChain {
  version: 0 | 1 = 0;
  error: Error | undefined;
  reads = 0;
  packageReads = 0;
  packageError: Error | undefined;
  /** Changes what is read. */
  edit: (info: KeyServerInfo) => KeyServerInfo = (info) => info;
  readonly members: ReadonlyMap<Name, SimulatedMember>;

  constructor(members: ReadonlyMap<Name, SimulatedMember>) {
    this.members = members;
  }

  async keyServer(objectId: string): Promise<KeyServerInfo> {
    this.reads += 1;
    if (this.error !== undefined) throw this.error;
    const committee = vectors.committees[this.version];
    const members = PARTIES[this.version].map((name, partyId) => ({
      name: this.members.get(name)!.name,
      url: this.members.get(name)!.url,
      partialPublicKey: partialKeys.get(shareOf(name, this.version)!)!,
      partyId,
    }));
    return this.edit({
      objectId,
      version: 2,
      name: 'committee',
      keyType: 0,
      publicKey: fromHex(GROUP_KEY),
      serverType: {
        kind: 'committee',
        version: this.version,
        threshold: committee.threshold,
        members,
      },
    });
  }

  async packageOriginalId(packageId: string): Promise<string> {
    this.packageReads += 1;
    if (this.packageError !== undefined) throw this.packageError;
    if (packageId === PACKAGE || packageId === UPGRADED) return PACKAGE;
    throw new ChainError('NOT_FOUND', `${packageId} not found`);
  }
}

export interface WorldOptions extends Partial<AggregatorOptions> {
  engine?: Engine;
  version?: 0 | 1;
  credentials?: ReadonlyMap<string, Credential>;
  minRefreshIntervalMs?: number;
  send?: MemberTransport;
}

export function credentialFor(name: string, url?: string): [string, Credential] {
  const value = new SecretText(name, new TextEncoder().encode(`${API_KEY}-${name}`));
  const pin = url === undefined ? {} : { url };
  return [name, { header: { name: 'x-api-key', value }, ...pin }];
}

/** Everything a test needs to talk to one aggregator. */
export async function createWorld(options: WorldOptions = {}) {
  const { version = 0, engine = fast, minRefreshIntervalMs = 0, ...rest } = options;
  const names: Name[] = ['A', 'B', 'C', 'D', 'E'];
  const members = new Map(
    names.map((name) => [name, new SimulatedMember(name, shareOf(name, version), PACKAGE)]),
  );
  const chain = new FakeChain(members);
  chain.version = version;
  const clock = { offsetMs: 0 };
  const monotonicMs = () => performance.now() + clock.offsetMs;
  const logs: string[] = [];
  const destination = { write: (line: string) => void logs.push(line) };
  const log = createLogger({ name: 'aggregator', level: 'trace', destination });
  const metrics = createMetrics({ version: '0.6.10', gitVersion: 'test' });
  const credentials = new Credentials(
    options.credentials ?? new Map(names.map((name) => credentialFor(name))),
  );
  const committees = new Committees(
    { keyServerObjectId: KEY_SERVER, minRefreshIntervalMs },
    { chain, engine, log, metrics, monotonicMs, credentials },
  );
  await committees.start(new AbortController().signal);
  const toSimulated: MemberTransport = async (request) => {
    const member = [...members.values()].find(({ url }) => request.url.href.startsWith(`${url}/`));
    if (member === undefined) throw Object.assign(new Error('no host'), { code: 'ENOTFOUND' });
    return await member.answer(request);
  };
  const state = { ready: true };
  const app = aggregator(
    {
      gates: {
        typescript: parseRequirement('>=0.10.0'),
        rust: parseRequirement('>=0.0.0'),
        python: parseRequirement('>=0.0.0'),
      },
      memberRequirement: parseRequirement('>=0.6.2'),
      memberTimeoutMs: 400,
      gitVersion: 'test',
      ...rest,
    },
    {
      chain,
      committees,
      credentials,
      send: options.send ?? toSimulated,
      engine,
      metrics,
      log,
      ready: () => state.ready,
      monotonicMs,
    },
  );
  const member = (name: Name) => members.get(name)!;
  return { app, chain, clock, logs, metrics, state, engine, committees, members, member };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
