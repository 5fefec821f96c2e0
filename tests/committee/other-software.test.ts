/**
 * Ceremonies with members who run other software: an implementation of one member that shares no code
 * with ours (tests/support/independent-member). Both kinds have to make the same bytes, since the chain
 * finalizes a committee only when every member proposes the same.
 */
import { frameworkSources } from '@seal-ts/localnet/framework';
import { compilePackage, publishPayload } from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Chain } from '../support/independent-member/chain.ts';
import { lagrange } from '../support/independent-member/completion.ts';
import { G2, mod, mul2 } from '../support/independent-member/curve.ts';
import {
  hex,
  readKeys,
  readMessages,
  readState,
  unhex,
  writeMessage,
} from '../support/independent-member/files.ts';
import { justified, sign, verify } from '../support/independent-member/message.ts';
import { ComplaintError, OtherSoftware } from '../support/independent-member/software.ts';
import { Committee, openSites, type Sites } from './committee.ts';
import type { Person } from './person.ts';
import * as ours from './steps.ts';
import { type Messages, messagesOf } from './steps.ts';
import { MOVE, World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

let world: World;
let chain: Chain;
let people: [Person, Person, Person, Person, Person];
let sites: Sites;

beforeAll(async () => {
  world = await World.start();
  chain = new Chain(world.client);
  const made: Person[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) made.push(await world.person(name));
  people = made as typeof people;
  sites = await openSites(people);
}, 120_000);
afterAll(async () => {
  for (const site of sites?.values() ?? []) await site.close();
  await world?.close();
});

/** The other software, in the state directory and with the wallet of the same person. */
const theirs = (person: Person) => new OtherSoftware(person.home, person.stateDir, world.client);
const url = (person: Person) => sites.get(person)?.url ?? '';
const register = (person: Person) => ours.register(person, url(person));
const registerTheirs = (person: Person) => theirs(person).register(url(person), person.name);

async function proposeTheirs(person: Person, messages: Messages, version: number) {
  person.receive(messages);
  const key = await theirs(person).propose();
  person.keepShare(version);
  return key;
}

/** What the other software publishes when its user is the coordinator. */
async function committeePackage() {
  const published = { publishedAt: world.sealPackage, originalId: world.sealPackage };
  const compiled = await compilePackage({
    packagePath: 'committee',
    reader: directoryReader(MOVE),
    framework: await frameworkSources(),
    published: { seal: published },
  });
  return publishPayload(compiled);
}

/** Every choice of `size` of these. */
function choices<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) =>
    choices(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]),
  );
}

/** What members hold is the key that the chain has, whoever of them puts it together. */
async function expectOneKey(members: readonly Person[], version: number): Promise<string> {
  const committeeId = idOf(members[0] as Person);
  const { threshold } = await chain.committee(committeeId);
  const server = await chain.keyServer(committeeId);
  expect(server).toMatchObject({ version, threshold });
  const shares = members.map((member, id) => {
    const value = BigInt(member.share(version));
    expect(hex(mul2(G2.BASE, value).toBytes())).toBe(
      hex(server.partials[id]?.key ?? new Uint8Array()),
    );
    return { point: BigInt(id + 1), value };
  });
  for (const some of choices(shares, threshold)) {
    const weights = lagrange(some.map(({ point }) => point));
    const secret = some.reduce((sum, { value }, i) => mod(sum + value * (weights[i] ?? 0n)), 0n);
    expect(hex(mul2(G2.BASE, secret).toBytes())).toBe(hex(server.pk));
  }
  return server.id;
}

function idOf(person: Person): string {
  const section = person.value('init-rotation-params', 'KEY_SERVER_OBJ_ID')
    ? 'init-rotation'
    : 'publish-and-init';
  return person.value(section, 'COMMITTEE_ID');
}

/** Public keys that a member recorded, in the order of the parties. */
const recorded = (person: Person, version: number) =>
  person
    .read('dkg.yaml')
    .match(new RegExp(`PARTIAL_PKS_V${version}:(\\s+- "?0x[0-9a-f]+"?)+`))?.[0]
    .replaceAll('"', '')
    .replaceAll(/\s+/g, ' ');

describe('members of both kinds', () => {
  let committee: Committee;

  it('make a key together, two with our tool and one with other software', async () => {
    const [a, b, c] = people;
    await ours.begin(world, a, { threshold: 2, members: [a, b, c] });
    await register(a);
    await registerTheirs(b);
    await register(c);
    await ours.deal(a);
    await theirs(b).createMessage();
    await ours.deal(c);
    a.receive(messagesOf(a, b, c));
    await a.run('choose-messages');
    // The signature lies beside the messages; the other software takes no notice.
    const signature = ['message-set.sig', a.read('dkg-messages', 'message-set.sig')] as const;
    const messages = new Map([...messagesOf(a, b, c), signature]);
    await ours.propose(c, messages, 0);
    await ours.propose(a, messages, 0);
    const { publicKey } = await proposeTheirs(b, messages, 0);
    expect(a.value('process-all-and-propose', 'KEY_SERVER_PK')).toBe(hex(publicKey.toBytes()));
    expect(recorded(a, 0)).toBe(recorded(b, 0));
    await expectOneKey([a, b, c], 0);
    committee = await Committee.open(world, sites, [a, b, c]);
  });

  it('hand it over to members of both kinds, some of whom are new', async () => {
    const [a, b, c, d, e] = people;
    const agreed = committee.next(3, b, d, a, e);
    for (const member of [a, b, c]) member.share(0);
    await ours.begin(world, a, agreed);
    await register(a);
    await registerTheirs(b);
    await register(d);
    await registerTheirs(e);
    await ours.deal(a, 0);
    await theirs(b).createMessage(b.share(0));
    await ours.initState(d);
    await theirs(e).createMessage();
    const messages = messagesOf(a, b);
    for (const member of [d, a]) await ours.propose(member, messages, 1);
    for (const member of [e, b]) await proposeTheirs(member, messages, 1);
    expect(await expectOneKey([b, d, a, e], 1)).toBe(committee.keyServerId);
    expect(new Set([b, d, a, e].map((member) => recorded(member, 1))).size).toBe(1);
    await committee.changeOver(agreed.members);
  });

  it('and back, when the coordinator has other software and its user proposes first', async () => {
    const [a, b, , d, e] = people;
    const agreed = committee.next(2, e, a, d);
    b.begin(world.config(2, agreed.members, committee.keyServerId));
    await theirs(b).initRotation();
    for (const member of agreed.members) member.begin(b.read('dkg.yaml'));
    for (const member of [a, d]) await register(member);
    await registerTheirs(e);
    for (const member of [a, d]) await ours.deal(member, 1);
    await theirs(e).createMessage(e.share(1));
    const messages = messagesOf(e, a, d);
    await proposeTheirs(e, messages, 2);
    for (const member of [a, d]) await ours.propose(member, messages, 2);
    expect(await expectOneKey([e, a, d], 2)).toBe(committee.keyServerId);
    await committee.changeOver(agreed.members);
  });
});

describe('a coordinator with other software', () => {
  it('starts a ceremony that our members verify and finish', async () => {
    const [a, b, c] = people;
    const members = [b, a, c];
    b.begin(world.config(2, members));
    await theirs(b).publishAndInit(await committeePackage());
    for (const member of [a, c]) member.begin(b.read('dkg.yaml'));
    const list = members.map(({ address }) => address).join(',');
    await a.run('verify', '--members', list, '--threshold', '2');
    const wrong = [...members]
      .reverse()
      .map(({ address }) => address)
      .join(',');
    expect(await c.fail('verify', '--members', wrong, '--threshold', '2')).toContain(
      'failed: members',
    );
    expect(await c.fail('genkey-and-register', '-u', url(c), '-n', 'c')).toContain(
      'nobody has compared this committee',
    );
    await a.run('genkey-and-register', '-u', url(a), '-n', 'a');
    for (const member of [b, c]) await registerTheirs(member);
    await a.run('create-message');
    for (const member of [b, c]) await theirs(member).createMessage();
    // Nobody signed the choice: only the hash tells that the folders are the same.
    const messages = messagesOf(a, b, c);
    await proposeTheirs(b, messages, 0);
    a.receive(messages);
    const said = await a.try(['process-all-and-propose']);
    expect(said.notes).toContain('nothing shows that these are the messages the coordinator chose');
    const { state } = await chain.committee(idOf(a));
    expect(said.out).toContain(`Message set hash: ${hex(state.PostDKG?.hash ?? new Uint8Array())}`);
    a.keepShare(0);
    await proposeTheirs(c, messages, 0);
    await expectOneKey(members, 0);
    expect(await a.run('verify')).not.toContain('FAIL');
  });
});

describe('a member who changes software', () => {
  it('goes on with the same directory, at every step and in both directions', async () => {
    const [a, b, c] = people;
    await ours.begin(world, a, { threshold: 2, members: [a, b, c] });
    // The other software registers a and c, and for c its transaction never arrives.
    // A name that is a number in YAML, as the other software leaves it.
    await theirs(a).register(url(a), '2024');
    expect(a.read('dkg.yaml')).toContain('MY_SERVER_NAME: 2024\n');
    await theirs(c).register(url(c), c.name, false);
    const keys = [a, c].map((member) => member.read('dkg.key'));
    expect(await register(a)).toContain('registered already as 2024');
    expect(await register(c)).toContain('Registered');
    expect([a, c].map((member) => member.read('dkg.key'))).toEqual(keys);
    await register(b);
    const ofB = [b.read('dkg.key'), b.read('dkg.yaml')];
    await registerTheirs(b);
    expect([b.read('dkg.key'), b.read('dkg.yaml')]).toEqual(ofB);

    await ours.deal(a);
    await theirs(b).createMessage();
    await theirs(c).createMessage();
    for (const member of [b, c]) {
      const made = member.message();
      expect(await ours.deal(member)).toContain('Done already');
      expect(member.message()).toBe(made);
    }

    const messages = messagesOf(a, b, c);
    await proposeTheirs(a, messages, 0);
    // Interrupted between its record and its transaction; ours finds the same and proposes it.
    c.receive(messages);
    await theirs(c).propose(false);
    const before = c.keepShare(0);
    expect(await ours.propose(c, messages, 0)).not.toContain('nothing is left to do');
    expect(c.share(0)).toBe(before);
    await ours.propose(b, messages, 0);
    for (const member of [a, b, c]) {
      expect(await member.run('process-all-and-propose')).toContain('nothing is left to do');
      await expect(theirs(member).propose()).rejects.toThrow('already contains output field');
    }
    await expectOneKey([a, b, c], 0);
  });

  it('does so in a rotation, with old shares that the other software recorded', async () => {
    const [a, b, c, d] = people;
    const keyServerId = (await chain.keyServer(idOf(a))).id;
    const shares = [a, b, c].map((member) => member.keepShare(0));
    const members = [c, d, a, b];
    await ours.begin(world, c, { threshold: 3, members, keyServerId });
    for (const member of [a, d]) await registerTheirs(member);
    for (const member of [b, c]) await register(member);
    // Everybody with the other tool than before; d makes no message.
    await ours.deal(a, 0);
    await ours.initState(d);
    await theirs(b).createMessage(shares[1]);
    await theirs(c).createMessage(shares[2]);
    expect(await c.run('create-message')).toContain('Done already');
    await expect(theirs(b).createMessage()).rejects.toThrow('--old-share');
    const messages = messagesOf(c, a);
    for (const member of [a, d]) await proposeTheirs(member, messages, 1);
    for (const member of [b, c]) await ours.propose(member, messages, 1);
    for (const member of members) {
      expect(await member.run('process-all-and-propose')).toContain('nothing is left to do');
    }
    expect(await expectOneKey(members, 1)).toBe(keyServerId);
  });
});

describe('a wrong share', () => {
  it('from other software is complained of in the same way by both, and both see who is right', async () => {
    const [a, b, c] = people;
    const members = [a, b, c];
    await ours.begin(world, a, { threshold: 2, members });
    await register(a);
    for (const member of [b, c]) await registerTheirs(member);
    await ours.deal(a);
    for (const member of [b, c]) await theirs(member).createMessage();
    // b swaps what a and c get, and signs that.
    const { ceremony } = readState(b.stateDir);
    const [honest] = readMessagesOf(b);
    const [first, second, third] = honest.message.encs as [Uint8Array, Uint8Array, Uint8Array];
    const message = { ...honest.message, encs: [third, second, first] };
    writeMessage(b.stateDir, sign(ceremony, readKeys(b.stateDir), { ...honest, message }));

    const messages = messagesOf(...members);
    for (const member of members) member.receive(messages);
    const [, wrong] = readMessages(a.path('dkg-messages'));
    if (wrong === undefined) throw new TypeError('no message of party 1');
    verify(ceremony, wrong);
    const said = await a.fail('process-all-and-propose');
    const line = /check-complaint --accuser 0 --message \S+ --complaint (0x[0-9a-f]{356})/.exec(
      said,
    );
    const ofA = unhex(line?.[1] ?? '');
    expect(justified(ceremony, 0, ofA, wrong)).toBe(true);
    expect(justified(ceremony, 0, ofA, honest)).toBe(false);
    expect(justified(ceremony, 2, ofA, wrong)).toBe(false);
    const thrown = await theirs(c)
      .propose()
      .catch((error: unknown) => error);
    if (!(thrown instanceof ComplaintError)) throw thrown;
    const file = ['--message', 'dkg-state/dkg-messages/message_1.json'];
    const judge = ['check-complaint', ...file, '--complaint', thrown.complaint, '--accuser'];
    expect(await a.run(...judge, '2')).toContain('The complaint is right');
    expect((await a.try([...judge, '0'])).code).toBe(3);
    for (const member of [a, c]) expect(member.recordedShare(0)).toBeUndefined();
    // b itself notices nothing, so its proposal would have been the first of several.
    expect((await chain.committee(idOf(a))).state.$kind).toBe('Init');
  });
});

const readMessagesOf = (person: Person) => {
  const messages = person.path('dkg-messages');
  person.receive(messagesOf(person));
  return readMessages(messages) as [ReturnType<typeof readMessages>[number]];
};
