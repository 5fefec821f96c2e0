/**
 * The wrong wallet, and a coordinator whose machine is gone: who is refused with which words, and how the
 * ceremony goes on from the chain and the messages. The client reads before, during and after.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemDeps } from '@seal-ts/committee-cli';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Committee } from './committee.ts';
import type { Person } from './person.ts';
import { begin, type Messages, messagesOf } from './steps.ts';
import { World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;
let c: Person;
let d: Person;
let outsider: Person;
let committee: Committee;

beforeAll(async () => {
  world = await World.start();
  [a, b] = [await world.person('a'), await world.person('b')];
  [c, d] = [await world.person('c'), await world.person('d')];
  outsider = await world.person('outsider');
  const agreed = { threshold: 2, members: [a, b, c] };
  committee = await Committee.found(world, agreed, [a, b, c, d]);
}, 120_000);
afterAll(async () => {
  await committee?.close();
  await world?.close();
});

describe('the wrong wallet', () => {
  const agreed = () => committee.next(2, b, c, d);
  const register = (person: Person, ...more: string[]) => [
    ...['genkey-and-register', '-u', `https://${person.name}`, '-n', person.name, '--unverified'],
    ...more,
  ];
  let messages: Messages;

  it('starts no rotation', async () => {
    outsider.begin(world.config(2, [b, c, d], committee.keyServerId));
    const refused = await outsider.fail('init-rotation');
    expect(refused).toContain('COMMITTEE_CHAIN');
    expect(refused).toContain(`${outsider.address} is no member of the current committee`);
    await begin(world, a, agreed());
    await committee.reader.reads();
  });

  it('of somebody who is no member registers nothing', async () => {
    outsider.begin(await a.run('export-public'));
    const refused = await outsider.fail(...register(outsider));
    expect(refused).toContain('COMMITTEE_CHAIN');
    expect(refused).toContain(`${outsider.address} is not a member of committee`);
    expect(refused).toContain('Use --active-address');
    const unknown = await outsider.fail(...register(outsider, '--active-address', d.address));
    expect(unknown).toContain('WALLET_KEY_MISSING');
    expect(unknown).toContain(d.address);
    expect(unknown).toContain(outsider.address);
    const nonsense = await outsider.fail(...register(outsider, '--active-address', '0xnobody'));
    expect(nonsense).toContain('COMMITTEE_BAD_OPTION');
  });

  it('of another member does not take its place', async () => {
    const wallet = ['--wallet', join(c.home, 'client.yaml')];
    await committee.register(b);
    const before = b.read('dkg.yaml');
    const registering = ['genkey-and-register', '-u', 'https://c', '-n', 'c', '--unverified'];
    const taken = await b.fail(...registering, ...wallet);
    expect(taken).toContain('COMMITTEE_BAD_OPTION');
    expect(taken).toContain(`holds the keys that ${b.address} registered in this committee`);
    expect(b.read('dkg.yaml')).toBe(before);
    for (const member of [c, d]) await committee.register(member);
    for (const member of agreed().members) await committee.prepare(member);
    messages = messagesOf(b, c);
    b.receive(messages);
    const refused = await b.fail('process-all-and-propose', ...wallet);
    expect(refused).toContain('COMMITTEE_BAD_OPTION');
    expect(refused).toContain(`the sender is ${c.address}, but MY_ADDRESS in dkg.yaml is`);
    expect(refused).toContain(`use --active-address ${b.address}`);
    const keyless = ['process-all-and-propose', ...wallet, '--active-address', b.address];
    expect(await b.fail(...keyless)).toContain('WALLET_KEY_MISSING');
    const status = JSON.parse(await a.run('status', '--json'));
    expect(status.state).toBe('init');
    await committee.reader.reads();
  });

  it('the right one goes on', async () => {
    await committee.complete(agreed(), messages);
    expect(await d.run('check-committee')).toContain('COMMITTEE_VERSION: 1');
  });
});

describe('the machine of the coordinator of a rotation is lost', () => {
  const agreed = () => committee.next(2, d, c, a);

  it('another one goes on with what any member has', async () => {
    // The coordinator leaves the committee, so its own files are not needed afterwards.
    await committee.rotation(b, agreed());
    rmSync(b.stateDir, { recursive: true });
    await committee.reader.reads();

    b.use('new-machine');
    b.begin(await d.run('export-public'));
    expect(await b.run('check-committee')).toContain('All members are registered');
    expect(await b.run('init-rotation')).toContain('done already');
    for (const member of agreed().members) await committee.prepare(member);
    b.receive(messagesOf(c, d));
    expect(await b.run('choose-messages')).toContain('Message set hash: 0x');
  });

  it('or with what the chain has, printed by the tool', async () => {
    const { committeeId } = JSON.parse(await d.run('status', '--json'));
    const named = ['export-public', '--committee-id', committeeId];
    expect(await outsider.fail(...named)).toContain('--committee-id needs --network');
    const place = ['-n', 'localnet', '--seal-package', world.sealPackage];
    const { notes } = await outsider.try([...named, ...place]);
    expect(notes).toContain('COORDINATOR_ADDRESS is missing');
    const printed = await outsider.run(...named, ...place, '--coordinator', b.address);
    const fields = (text: string) => text.replaceAll('"', '').split('\n').sort();
    expect(fields(printed)).toEqual(fields(await d.run('export-public')));
    b.use('from-chain');
    b.begin(printed);
    expect(await b.run('check-committee')).toContain('All members are registered');
    expect(await outsider.fail(...named.with(2, world.policy), ...place)).toContain('error ');
  });

  it('or with a file that is written by hand from an explorer', async () => {
    const { committeeId, packageId, oldCommitteeId } = JSON.parse(await d.run('status', '--json'));
    b.use('by-hand');
    const lines = [
      'init-rotation:',
      `  COMMITTEE_PKG: ${packageId}`,
      `  CURRENT_COMMITTEE_ID: ${oldCommitteeId}`,
      `  COMMITTEE_ID: ${committeeId}`,
      `  COORDINATOR_ADDRESS: ${b.address}`,
    ];
    const { threshold, members, keyServerId } = agreed();
    b.begin(`${world.config(threshold, members, keyServerId)}${lines.join('\n')}\n`);
    expect(await b.run('check-committee')).toContain('All members are registered');
    const signed = new Map(messagesOf(c, d));
    b.receive(signed);
    await b.run('choose-messages');
    signed.set('message-set.sig', b.read('dkg-messages', 'message-set.sig'));
    await committee.complete(agreed(), signed);
    expect(await b.run('check-committee')).toContain('COMMITTEE_VERSION: 2');
  });
});

describe('the machine of the coordinator of a first key is lost', () => {
  const people = () => [outsider, a];

  /** Connections that die after the first transaction was taken. */
  function diesAfter(count: number): Parameters<Person['try']>[1] {
    let taken = 0;
    return {
      connect: (network, url) => {
        const client = systemDeps.connect(network, url);
        const run = client.executeTransaction.bind(client);
        client.executeTransaction = (async (input: Parameters<typeof run>[0]) => {
          if (taken++ >= count) throw new TypeError('the machine is gone');
          return run(input);
        }) as typeof client.executeTransaction;
        return client;
      },
    };
  }

  it('after it published: the same wallet goes on, wherever it is', async () => {
    outsider.begin(world.config(2, people()));
    const half = await outsider.try(['publish-and-init'], diesAfter(1));
    expect(half.code).toBe(1);
    expect(half.notes).toContain('TRANSACTION_NOT_SENT');
    const packageId = outsider.value('publish-and-init', 'COMMITTEE_PKG');
    expect(packageId).toMatch(/^0x/);
    rmSync(outsider.stateDir, { recursive: true });
    await committee.reader.reads();

    // The explorer shows the package among the transactions of the wallet.
    const again = `${world.config(2, people())}publish-and-init:\n  COMMITTEE_PKG: ${packageId}\n`;
    b.use('helps-out');
    b.begin(again);
    const foreign = await b.fail('publish-and-init');
    expect(foreign).toContain('COMMITTEE_CHAIN');
    expect(foreign).toContain('does not own the upgrade capability of package');
    cpSync(join(outsider.home, 'client.yaml'), join(outsider.home, 'kept.yaml'));
    outsider.use('new-machine');
    outsider.begin(again);
    const said = await outsider.run('publish-and-init', '--wallet', 'kept.yaml');
    expect(said).toContain('Committee: 0x');
    expect(outsider.value('publish-and-init', 'COMMITTEE_PKG')).toBe(packageId);
    await committee.reader.reads();
  });

  it('without a trace: it starts over, and what was published harms nobody', async () => {
    outsider.use('lost');
    outsider.begin(world.config(2, people()));
    await outsider.try(['publish-and-init'], diesAfter(1));
    rmSync(outsider.stateDir, { recursive: true });
    outsider.begin(world.config(2, people()));
    expect(await outsider.run('publish-and-init')).toContain('Committee: 0x');
    const owned = await world.client.listOwnedObjects({ owner: outsider.address });
    // The capability of the package that nobody will use.
    expect(owned.objects.filter(({ type }) => type.endsWith('UpgradeCap'))).toHaveLength(1);
    await committee.reader.reads();
  });
});
