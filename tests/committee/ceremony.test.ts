/**
 * The runbooks, command for command, on the embedded chain: three people make a key (2 of 3), and hand it
 * over to four (3 of 4). Every step is repeated once, as after a crash.
 */

import { statSync } from 'node:fs';
import { GrpcServerChain } from '@seal-ts/chain';
import { lagrangeAtZero, scalarAdd, scalarMul } from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { fromHex, toHex } from '@seal-ts/protocol';
import { YamlFile } from '@seal-ts/wallet/files';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Person, World } from './world.ts';

// Whole ceremonies with compilations in them, beside other tests on the same machine.
vi.setConfig({ testTimeout: 120_000 });

let world: World;
let people: Person[];
let keyServerId: string;

beforeAll(async () => {
  world = await World.start();
  people = [];
  for (const name of ['a', 'b', 'c', 'd']) people.push(await world.person(name));
});
afterAll(() => world?.close());

const yaml = (person: Person) => YamlFile.parse('dkg.yaml', person.read('dkg.yaml'));
const result = (person: Person, key: string) =>
  yaml(person).text(['process-all-and-propose', key]) ?? '';
const share = (person: Person, version: number) =>
  fromHex(result(person, `MASTER_SHARE_V${version}`));

/** The master key that shares of these party ids add up to, times the generator of G2. */
function publicKeyOf(shares: readonly (readonly [id: number, share: Uint8Array])[]): string {
  const weights = lagrangeAtZero(shares.map(([id]) => id + 1));
  const key = shares
    .map(([, value], i) => scalarMul(weights[i] as Uint8Array, value))
    .reduce(scalarAdd);
  const { g2 } = nobleEngine;
  return `0x${toHex(g2.toBytes(g2.mul(g2.generator, key)))}`;
}

const url = (person: Person) => `https://${person.address.slice(2, 8)}.example`;
const register = (person: Person) =>
  ['genkey-and-register', '-u', url(person), '-n', person.address.slice(2, 8)] as const;
/** What the members agreed on, as options of `verify`. */
const agreed = (threshold: number, members: readonly Person[]) => {
  const list = members.map(({ address }) => address).join(',');
  return ['--members', list, '--threshold', String(threshold)];
};

describe('a fresh key, 2 of 3', () => {
  it('is made by the steps of the runbook', async () => {
    const [a, b, c] = people as [Person, Person, Person, Person];
    const members = [a, b, c];
    a.begin(world.config(2, members));
    await a.run('publish-and-init');
    expect(await a.run('publish-and-init')).toContain('done already');
    const shared = await a.run('export-public');
    b.begin(shared);
    c.begin(shared);

    expect(await a.run('check-committee')).toContain('Missing members (3)');
    for (const member of members) {
      await member.run('verify', ...agreed(2, members));
      await member.run(...register(member));
      expect(await member.run(...register(member))).toContain('registered already');
      expect(statSync(member.path('dkg.key')).mode & 0o777).toBe(0o600);
      expect(statSync(member.path('dkg.yaml')).mode & 0o777).toBe(0o600);
    }
    expect(await a.run('check-committee')).toContain('Phase B');

    for (const member of members) {
      await member.run('create-message');
      expect(await member.run('create-message')).toContain('Done already');
      expect(statSync(member.path('state.json')).mode & 0o777).toBe(0o600);
    }
    const messages = new Map(
      members.map((member, id) => [`message_${id}.json`, member.read(`message_${id}.json`)]),
    );
    let hash: string | undefined;
    for (const member of members) {
      member.receive(messages);
      const args = hash === undefined ? [] : ['--set-hash', hash];
      const out = await member.run('process-all-and-propose', ...args);
      hash = /Message set hash: (0x[0-9a-f]{64})/.exec(out)?.[1];
      expect(hash).toBeDefined();
      expect(await member.run('process-all-and-propose')).toContain('nothing is left to do');
    }
    const report = JSON.parse(await b.run('status', '--watch', '--json'));
    expect(report).toMatchObject({ state: 'finalized', threshold: 2, committeeVersion: 0 });
    keyServerId = report.keyServerId;
    expect(await b.run('verify')).not.toContain('FAIL');
  });

  it('any two members hold the key that the chain has', async () => {
    const [a, b, c] = people as [Person, Person, Person, Person];
    const chain = new GrpcServerChain({}, { client: world.client });
    const server = await chain.keyServer(keyServerId);
    const key = `0x${toHex(server.publicKey)}`;
    expect(
      publicKeyOf([
        [0, share(a, 0)],
        [1, share(b, 0)],
      ]),
    ).toBe(key);
    expect(
      publicKeyOf([
        [2, share(c, 0)],
        [1, share(b, 0)],
      ]),
    ).toBe(key);
    expect(result(a, 'KEY_SERVER_PK')).toBe(key);
  });
});

describe('a rotation to 3 of 4', () => {
  it('keeps the key and gives everybody a new share', async () => {
    const [a, b, c, d] = people as [Person, Person, Person, Person];
    const oldShares = [share(a, 0), share(b, 0)].map((bytes) => `0x${toHex(bytes)}`);
    const oldKey = result(a, 'KEY_SERVER_PK');
    // Another order, one member who did not deal, and one who is new.
    const members = [b, d, a, c];
    a.begin(world.config(3, members, keyServerId));
    await a.run('init-rotation');
    expect(await a.run('init-rotation')).toContain('done already');
    const shared = await a.run('export-public');
    const cShare = share(c, 0);
    for (const member of [b, c, d]) member.begin(shared);
    for (const member of members) {
      await member.run('verify', ...agreed(3, members), '--key-server-id', keyServerId);
      await member.run(...register(member));
    }

    expect(await d.fail('create-message', '-o', oldShares[0] as string)).toContain('init-state');
    expect(await a.fail('create-message', '-o', oldShares[1] as string)).toContain(
      'is not MASTER_SHARE_V0',
    );
    expect(await a.fail('init-state')).toContain('--old-share');
    await a.run('create-message', '--old-share', oldShares[0] as string);
    const other = ['--key-server-id', `0x${'7'.repeat(64)}`];
    const share1 = ['create-message', '-o', oldShares[1] as string];
    expect(await b.fail(...share1, ...other)).toContain('this rotation hands over the key server');
    await b.run(...share1, '--key-server-id', keyServerId);
    await c.run('create-message', '-o', `0x${toHex(cShare)}`);
    await d.run('init-state');
    const messages = new Map([
      ['from-b.json', b.read('message_0.json')],
      ['from-a.json', a.read('message_2.json')],
    ]);
    const tooMany = new Map([...messages, ['from-c.json', c.read('message_3.json')]]);
    a.receive(tooMany);
    expect(await a.fail('process-all-and-propose')).toContain('requires exactly 2 messages');

    for (const member of [d, a, c, b]) {
      member.receive(messages);
      await member.run('process-all-and-propose');
      expect(await member.run('process-all-and-propose')).toContain('nothing is left to do');
    }
    const out = await d.run('check-committee');
    expect(out).toContain(`KEY_SERVER_OBJ_ID: ${keyServerId}`);
    expect(out).toContain('COMMITTEE_VERSION: 1');
    const shares = members.map((member, id) => [id, share(member, 1)] as const);
    expect(publicKeyOf(shares.slice(0, 3))).toBe(oldKey);
    expect(publicKeyOf(shares.slice(1))).toBe(oldKey);
    for (const member of [c, d]) expect(await member.run('verify')).not.toContain('FAIL');
  });
});
