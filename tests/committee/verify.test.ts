/**
 * `verify` and the demand for its record, against whoever writes `dkg.yaml`: look-alike committees and
 * packages, other members, other thresholds, other nodes, other records.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Transaction } from '@mysten/sui/transactions';
import { systemDeps } from '@seal-ts/committee-cli';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { fromHex, toHex } from '@seal-ts/protocol';
import { Wallet } from '@seal-ts/wallet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { execute } from '../support/stack.ts';
import { MOVE, type Person, type Ran, World } from './world.ts';

// Whole ceremonies with compilations in them, beside other tests on the same machine.
vi.setConfig({ testTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;
let c: Person;
let stranger: Person;
/** What the coordinator shared of the first committee, 2 of a, b, c. */
let shared: string;

beforeAll(async () => {
  world = await World.start();
  [a, b] = [await world.person('a'), await world.person('b')];
  [c, stranger] = [await world.person('c'), await world.person('stranger')];
  a.begin(world.config(2, [a, b, c]));
  await a.run('publish-and-init');
  shared = await a.run('export-public');
}, 120_000);
afterAll(() => world?.close());

const record = (person: Person) => person.path('verified.json');
const register = (person: Person) =>
  ['genkey-and-register', '-u', `https://${person.name}`, '-n', person.name] as const;
const agreed = (threshold: number, members: readonly Person[]) => [
  ...['--members', members.map(({ address }) => address).join(',')],
  ...['--threshold', String(threshold)],
];

interface Listed {
  readonly members: readonly string[];
  readonly threshold?: number;
  readonly more?: readonly string[];
}

/** A list of one's own, as a file; answers the options that name it. */
function list(person: Person, { members, threshold = 2, more = [] }: Listed): string[] {
  const lines = ['MEMBERS:', ...members.map((member) => `  - ${member}`), ...more];
  writeFileSync(
    join(person.home, 'trusted.yaml'),
    `THRESHOLD: ${threshold}\n${lines.join('\n')}\n`,
  );
  return ['--trusted', 'trusted.yaml'];
}
const all = () => [a, b, c].map(({ address }) => address);
const other = `0x${'7'.repeat(64)}`;

/** A person who answers so, and what was asked. */
function answers(text: string) {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return text;
  };
  return { asked, deps: { terminal: { ask, askSecret: ask } } };
}

describe('a first committee', () => {
  it('is not joined before somebody compared it', async () => {
    b.begin(shared);
    const looked = await b.try(['verify']);
    expect(looked.code).toBe(0);
    expect(looked.out).not.toContain('FAIL');
    expect(looked.notes).toContain('Nothing was compared');
    expect(looked.notes).toContain('--trusted FILE');
    expect(existsSync(record(b))).toBe(false);
    const refused = await b.fail(...register(b));
    expect(refused).toContain('COMMITTEE_UNVERIFIED');
    expect(refused).toContain('verify --trusted FILE');
    expect(refused).toContain('--unverified');
    expect(existsSync(b.path('dkg.key'))).toBe(false);
  });

  it.each<[string, () => Listed, string]>([
    ['a stranger', () => ({ members: [a, b, stranger].map((p) => p.address) }), 'not in your list'],
    [
      'somebody who is missing',
      () => ({ members: [...all(), stranger.address] }),
      'missing on chain',
    ],
    ['another order', () => ({ members: [b, a, c].map((p) => p.address) }), 'in another order'],
    ['one more', () => ({ members: all().slice(0, 2) }), '(party 2)'],
    [
      'a lower threshold',
      () => ({ members: all(), threshold: 3 }),
      'your list has 3, the chain has 2',
    ],
    ['another network', () => ({ members: all(), more: ['NETWORK: Testnet'] }), 'has testnet'],
    [
      'nothing to take over',
      () => ({ members: all(), more: [`KEY_SERVER_OBJ_ID: ${other}`] }),
      'makes a first key',
    ],
    [
      'another coordinator',
      () => ({ members: all(), more: [`COORDINATOR_ADDRESS: ${stranger.address}`] }),
      'dkg.yaml names',
    ],
    [
      'another package',
      () => ({ members: all(), more: [`COMMITTEE_PKG: ${other}`] }),
      `your list has ${other}`,
    ],
  ])('with %s fails, and forgets an earlier record', async (_, listed, words) => {
    await b.run('verify', ...agreed(2, [a, b, c]));
    expect(existsSync(record(b))).toBe(true);
    const { code, out, notes } = await b.try(['verify', ...list(b, listed())]);
    expect(code).toBe(1);
    expect(notes).toContain('COMMITTEE_VERIFY');
    const line = out.split('\n').find((text) => text.startsWith('FAIL'));
    expect(line).toContain(words);
    expect(existsSync(record(b))).toBe(false);
    expect(await b.fail(...register(b))).toContain('COMMITTEE_UNVERIFIED');
  });

  it('is recorded when it is the one of the list', async () => {
    const more = [`COORDINATOR_ADDRESS: ${a.address}`, 'NETWORK: Localnet'];
    const out = await b.run('verify', ...list(b, { members: all(), more }));
    expect(out).toContain('ok    bytecode');
    expect(statSync(record(b)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(record(b), 'utf8'))).toMatchObject({
      network: 'localnet',
      threshold: 2,
      members: all(),
      coordinator: a.address,
      node: world.localnet.url,
      how: 'list',
    });
    expect(await b.run('verify')).toContain('compared with a list');
    await b.run(...register(b));
  });

  it.each<[string, (text: string) => string, string]>([
    ['another threshold', (text) => text.replace('"threshold": 2', '"threshold": 3'), 'verified 3'],
    ['other members', (text) => text.replace(c.address, stranger.address), 'not in your list'],
    [
      'another committee',
      (text) => text.replace(/("committeeId": ")0x\w+/, `$1${other}`),
      'committee',
    ],
    ['another package', (text) => text.replace(/("packageId": ")0x\w+/, `$1${other}`), 'package'],
    ['another network', (text) => text.replace('"localnet"', '"devnet"'), 'network'],
    ['a rotation', (text) => text.replace('{', `{"oldCommitteeId": "${other}",`), 'old committee'],
    ['a cut', (text) => text.slice(0, 40), 'Remove it'],
    ['no address', (text) => text.replace(c.address, '0x5'), 'Remove it'],
    [
      'a threshold of text',
      (text) => text.replace('"threshold": 2', '"threshold": "2"'),
      'Remove it',
    ],
    ['another way', (text) => text.replace('"list"', '"hearsay"'), 'Remove it'],
  ])('a record with %s does not count', async (_, change, words) => {
    const text = readFileSync(record(b), 'utf8');
    writeFileSync(record(b), change(text));
    expect(await b.fail('create-message')).toContain(words);
    const { code, out } = await b.try(['verify']);
    expect(code).toBe(1);
    expect(out).toContain('FAIL  verified');
    writeFileSync(record(b), text);
    expect(existsSync(b.path('message_1.json'))).toBe(false);
  });

  it('a record that others could have written does not count', async () => {
    const text = readFileSync(record(b), 'utf8');
    chmodSync(record(b), 0o622);
    expect(await b.fail('create-message')).toContain('others than its owner can write it');
    rmSync(record(b));
    const elsewhere = join(b.home, 'elsewhere.json');
    writeFileSync(elsewhere, text, { mode: 0o600 });
    symlinkSync(elsewhere, record(b));
    expect(await b.fail('create-message')).toContain('link');
    expect(await b.fail('verify', ...agreed(2, [a, b, c]))).toContain('link');
    expect(readFileSync(elsewhere, 'utf8')).toBe(text);
    rmSync(record(b));
    symlinkSync(join(b.home, 'nowhere'), record(b));
    expect(await b.fail('verify', ...agreed(2, [a, b, c]))).toContain('link');
    expect(existsSync(join(b.home, 'nowhere'))).toBe(false);
    rmSync(record(b));
    mkdirSync(record(b));
    expect(await b.fail('verify', ...agreed(2, [a, b, c]))).toContain('no file');
    rmSync(record(b), { recursive: true });
    await b.run('verify', ...agreed(2, [a, b, c]));
  });

  it('a coordinator who is exchanged afterwards is noticed', async () => {
    const text = b.read('dkg.yaml');
    const swapped = text.replace(/(COORDINATOR_ADDRESS: ")0x\w+/, `$1${stranger.address}`);
    writeFileSync(b.path('dkg.yaml'), swapped);
    expect(await b.fail('create-message')).toContain('coordinator: verified');
    writeFileSync(b.path('dkg.yaml'), text);
  });

  it('can be looked at by a person, who has to say yes', async () => {
    c.begin(shared);
    for (const text of ['', 'no', 'y', 'YES']) {
      const { deps, asked } = answers(text);
      const { code, notes } = await c.try([...register(c)], deps);
      expect([code, asked.length]).toEqual([1, 1]);
      expect(notes).toContain('nothing was done');
      for (const { address } of [a, b, c]) expect(notes).toContain(address);
      expect((await c.try(['verify'], deps)).code).toBe(1);
    }
    expect(existsSync(c.path('dkg.key'))).toBe(false);
    expect(existsSync(record(c))).toBe(false);
    const { deps, asked } = answers('yes');
    expect((await c.try([...register(c)], deps)).code).toBe(0);
    expect((await c.try(['verify'], deps)).out).toContain('compared by a person');
    expect(asked).toHaveLength(1);
  });

  it('can be joined without looking, with a warning', async () => {
    const { code, notes } = await a.try([...register(a), '--unverified']);
    expect(code).toBe(0);
    expect(notes).toContain('warning: --unverified');
    await a.run('verify', ...agreed(2, [a, b, c]));
  });
});

/** A node that shows `key` where the chain has another one. */
function lyingNode(url: string, honest: string, wrong: string) {
  const asked: string[] = [];
  const connect: (typeof systemDeps)['connect'] = (network, given) => {
    asked.push(given);
    const client = systemDeps.connect(network, given === url ? world.localnet.url : given);
    if (given !== url) return client;
    const { ledgerService } = client;
    const get = ledgerService.getObject.bind(ledgerService);
    ledgerService.getObject = (async (...args: Parameters<typeof get>) => {
      const done = await get(...args);
      const { bcs } = done.response.object ?? {};
      if (bcs?.value) bcs.value = fromHex(toHex(bcs.value).replace(honest, wrong));
      return done;
    }) as unknown as SuiGrpcClient['ledgerService']['getObject'];
    return client;
  };
  return { asked, connect };
}

describe('a node that dkg.yaml names', () => {
  const hostile = 'http://hostile.example:9000';

  it('is not asked what the committee is', async () => {
    Wallet.open(join(b.home, 'client.yaml')).addEnvironment({ alias: 'theirs', rpc: hostile });
    const text = b.read('dkg.yaml');
    const named = text.replace(/( +NETWORK)/, `  NODE_URL: "${hostile}"\n$1`);
    writeFileSync(b.path('dkg.yaml'), named);
    const registered = await a.run('status', '--json');
    const honest = readFileSync(c.path('dkg.key'), 'utf8').match(/"enc_pk": "0x(\w+)"/)?.[1] ?? '';
    expect(registered).toContain('"registered":true');
    const { g1 } = nobleEngine;
    const wrong = toHex(g1.toBytes(g1.generator));
    const lying = lyingNode(hostile, honest, wrong);

    const seen = await b.try(['verify', ...agreed(2, [a, b, c])], { connect: lying.connect });
    expect(seen.out).toContain(`NOTE  node: dkg.yaml names another one, ${hostile}`);
    expect(lying.asked).not.toContain(hostile);

    // It is the same committee there, but with a key for c of which somebody else has the secret.
    expect((await b.try(['create-message'], { connect: lying.connect })).code).toBe(0);
    expect(lying.asked).toContain(hostile);
    const state = JSON.parse(b.read('state.json')) as {
      config: { nodes: { nodes: { pk: string }[] } };
    };
    const pk = Buffer.from(state.config.nodes.nodes[2]?.pk ?? '', 'base64').toString('hex');
    expect(pk).toBe(honest);
    writeFileSync(b.path('dkg.yaml'), text);
  });

  it.each([
    ['another network', 'testnet', 'NOT-THE-CHAIN', 'is no node of testnet'],
    ['no answer', 'testnet', undefined, 'does not answer'],
  ])('one’s own node must be of the network: %s', async (_, network, id, words) => {
    const text = c.read('dkg.yaml');
    writeFileSync(c.path('dkg.yaml'), text.replace(/Localnet/i, network));
    const asked: string[] = [];
    const connect: (typeof systemDeps)['connect'] = (name, url) => {
      asked.push(url);
      const client = systemDeps.connect(name, world.localnet.url);
      client.core.getChainIdentifier = async () => {
        if (id === undefined) throw new TypeError('unreachable');
        return { chainIdentifier: id };
      };
      return client;
    };
    const { out, code } = await c.try(['verify', ...agreed(2, [a, b, c])], { connect });
    expect(code).toBe(1);
    expect(out).toContain(words);
    expect(asked).toEqual(['https://fullnode.testnet.sui.io:443']);
    const own = ['--rpc-url', 'https://own.example'];
    await c.try(['verify', ...agreed(2, [a, b, c]), ...own], { connect });
    expect(asked.at(-1)).toBe('https://own.example');
    writeFileSync(c.path('dkg.yaml'), text);
  });
});

describe('look-alikes', () => {
  let keyServerId: string;

  /** `seal_committee` with a door for whoever published it. */
  function door(person: Person): void {
    const move = join(person.home, 'move');
    cpSync(join(MOVE, 'seal'), join(move, 'seal'), { recursive: true });
    mkdirSync(join(move, 'committee', 'sources'), { recursive: true });
    cpSync(join(MOVE, 'committee', 'Move.toml'), join(move, 'committee', 'Move.toml'));
    const file = 'committee/sources/seal_committee.move';
    const text = readFileSync(join(MOVE, file), 'utf8');
    const forge =
      'public fun forge(old: ID, threshold: u16, members: vector<address>, ctx: &mut TxContext) ' +
      '{ transfer::share_object(new_committee(threshold, members, option::some(old), ctx)) }';
    writeFileSync(join(move, file), `${text}\n${forge}\n`);
  }

  /** Finishes a first committee of people who trust each other. */
  async function complete(members: readonly Person[]): Promise<string> {
    for (const member of members) {
      if (!existsSync(member.path('dkg.key')))
        await member.run(...register(member), '--unverified');
    }
    for (const member of members) await member.run('create-message', '--unverified');
    const messages = new Map(members.map((m) => [`${m.name}.json`, m.read(m.messageFile())]));
    for (const member of members) {
      member.receive(messages);
      await member.run('process-all-and-propose');
    }
    return JSON.parse(await (members[0] as Person).run('status', '--json')).keyServerId as string;
  }

  it('of the package are told by their bytecode', async () => {
    keyServerId = await complete([a, b, c]);
    door(stranger);
    stranger.begin(world.config(2, [stranger, b]));
    await stranger.run('publish-and-init');
    const text = await stranger.run('export-public');
    b.begin(text);
    const out = await b.run('verify', ...agreed(2, [stranger, b]));
    expect(out).toContain('NOTE  bytecode');
    expect(out).toContain("only the package's bytecode decides");
  });

  it('of a rotation are refused: made by another package', async () => {
    const old = JSON.parse(await a.run('status', '--json')) as { committeeId: string };
    const packageId = stranger.value('publish-and-init', 'COMMITTEE_PKG');
    const transaction = new Transaction();
    transaction.moveCall({
      target: `${packageId}::seal_committee::forge`,
      arguments: [
        transaction.pure.id(old.committeeId),
        transaction.pure.u16(2),
        transaction.pure.vector('address', all()),
      ],
    });
    const key = Wallet.open(join(stranger.home, 'client.yaml')).key(stranger.address);
    const { created } = await execute(world.client, key as never, transaction);
    b.begin(rotationFile(2, created.get('Committee') as string, packageId, a.address));
    const args = [...agreed(2, [a, b, c]), '--key-server-id', keyServerId];
    const { code, out } = await b.try(['verify', ...args]);
    expect(code).toBe(1);
    expect(out).toContain('it was not made by init-rotation');
    expect(existsSync(record(b))).toBe(false);
    const { deps, asked } = answers('yes');
    const { notes } = await b.try([...register(b)], deps);
    expect(notes).toContain('it was not made by init-rotation');
    expect(asked).toHaveLength(0);
    expect(existsSync(b.path('dkg.key'))).toBe(false);
  });

  const rotationFile = (threshold: number, committee: string, pkg: string, coordinator: string) =>
    [
      ...['init-params:', '  NETWORK: Localnet', `  THRESHOLD: ${threshold}`, '  MEMBERS:'],
      ...all().map((member) => `    - ${member}`),
      ...['init-rotation-params:', `  KEY_SERVER_OBJ_ID: ${keyServerId}`, 'init-rotation:'],
      ...[`  COMMITTEE_PKG: ${pkg}`, `  COMMITTEE_ID: ${committee}`],
      `  COORDINATOR_ADDRESS: ${coordinator}`,
      '',
    ].join('\n');

  it('of a rotation are refused: another key server, another coordinator', async () => {
    a.begin(world.config(2, [a, b, c], keyServerId));
    await a.run('init-rotation');
    const text = await a.run('export-public');
    b.begin(text);
    const without = await b.try(['verify', ...agreed(2, [a, b, c])]);
    expect(without.out).toContain('has no KEY_SERVER_OBJ_ID');
    expect(without.code).toBe(1);
    const copy = await b.try(['verify', ...agreed(2, [a, b, c]), '--key-server-id', other]);
    expect(copy.out).toContain(`FAIL  key server: your list has ${other}`);
    b.begin(text.replace(/(COORDINATOR_ADDRESS: ")0x\w+/, `$1${stranger.address}`));
    const swapped = await b.try([
      'verify',
      ...agreed(2, [a, b, c]),
      '--key-server-id',
      keyServerId,
    ]);
    expect(swapped.out).toContain(`COORDINATOR_ADDRESS ${stranger.address} in dkg.yaml is none`);
    b.begin(text);
    await b.run('verify', ...agreed(2, [a, b, c]), '--key-server-id', keyServerId);
    await b.run(...register(b));
  });

  it.each<[string, () => string, string]>([
    ['an object that is no committee', () => keyServerId, 'FAIL  committee on chain'],
    ['an object that does not exist', () => other, 'FAIL  committee on chain'],
    ['a package', () => world.sealPackage, 'FAIL  committee on chain'],
  ])('COMMITTEE_ID of %s is refused', async (_, id, words) => {
    b.begin(shared.replace(/(COMMITTEE_ID: ")0x\w+/, `$1${id()}`));
    const ran: Ran = await b.try(['verify', ...agreed(2, [a, b, c])]);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain(words);
    expect(existsSync(record(b))).toBe(false);
  });
});
