/**
 * The current runbook, line for line: a fresh key for 2 of 3, a rotation to 3 of 4 with two continuing
 * and two new members, and one that shrinks to 2 of 3. Servers are processes, restarted one by one at
 * every stage, and the official client reads through the aggregator after every change.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Operator } from './operator.ts';
import { startChild } from './servers.ts';
import { Aggregator, Reader } from './service.ts';
import { World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

const TOOL = 'cargo run --bin seal-committee-cli --';

let world: World;
let operators: Record<'a' | 'b' | 'c' | 'd' | 'e', Operator>;
let aggregator: Aggregator;
let reader: Reader;
let keyServerId: string;

beforeAll(async () => {
  world = await World.start();
  operators = await Operator.joinAll(world, ['a', 'b', 'c', 'd', 'e'], startChild);
});
afterAll(async () => {
  await aggregator?.close();
  for (const { site } of Object.values(operators ?? {})) await site.close();
  await world?.close();
});

const addresses = (members: readonly Operator[]) =>
  members.map(({ person }) => `    - ${person.address}\n`).join('');

/** Fills in what the example leaves open. */
function fillIn(coordinator: Operator, threshold: number, members: readonly Operator[]): void {
  coordinator.edit(
    'dkg-state/dkg.yaml',
    [/NETWORK: Testnet/, `NETWORK: Localnet\n  SEAL_PKG: ${world.sealPackage}`],
    [/THRESHOLD: \d/, `THRESHOLD: ${threshold}`],
    [/(MEMBERS: .*\n)(?: {4}- 0x0+\n)+/, `$1${addresses(members)}`],
  );
}

/** The list that each member wrote down from the trusted communication channel. */
async function compares(member: Operator, threshold: number, members: readonly Operator[]) {
  const rotation = keyServerId === undefined ? '' : `KEY_SERVER_OBJ_ID: ${keyServerId}\n`;
  const list = `THRESHOLD: ${threshold}\nMEMBERS:\n${addresses(members)}${rotation}`;
  member.write('trusted.yaml', list);
  expect(await member.type(`${TOOL} verify --trusted trusted.yaml`)).not.toContain('FAIL');
}

/** Phase A of a member, as far as both forms of the runbook are the same. */
async function phaseA(member: Operator, threshold: number, members: readonly Operator[]) {
  await member.type(`
    # in seal/
    rm -rf dkg-state && mkdir dkg-state
    mv path/to/dkg.yaml dkg-state/`);
  await compares(member, threshold, members);
  await member.type(`${TOOL} genkey-and-register \\
    -u ${member.site.url} \\
    -n ${member.person.name}`);
}

async function phaseC(member: Operator, version: number): Promise<void> {
  await member.type(`
    mv path/to/dkg-messages dkg-state/
    ${TOOL} process-all-and-propose`);
  member.person.keepShare(version);
}

/** The coordinator's folder of messages, and that everybody gets it. */
async function collect(coordinator: Operator, dealers: readonly Operator[], to: Operator[]) {
  for (const dealer of dealers) {
    const file = dealer.person.messageFile();
    dealer.send(`dkg-state/${file}`, coordinator);
  }
  const moves = dealers.map(({ person }) => `mv path/to/${person.messageFile()} dkg-messages/`);
  await coordinator.type(`
    rm -rf dkg-messages && mkdir dkg-messages
    ${moves.join('\n')}`);
  coordinator.send('dkg-messages', ...to);
}

/** Restarts a member's server with these shares, and reads while and after it is away. */
async function restart(member: Operator, versions: readonly number[], target?: number) {
  await member.site.stop();
  if (aggregator !== undefined) await reader.reads();
  await member.startKeyServer(world, { keyServerId, versions, target });
  if (aggregator !== undefined) await reader.reads();
}

/** Servers in rotation mode change over by themselves. */
async function changedOver(members: readonly Operator[]): Promise<void> {
  const [coordinator] = members as [Operator];
  const status = JSON.parse(await coordinator.type(`${TOOL} status --json`)) as {
    members: { address: string; partialPublicKey: string }[];
  };
  for (const { person, site } of members) {
    const onChain = status.members.find(({ address }) => address === person.address);
    await vi.waitFor(
      async () => expect(await site.partialPublicKey()).toBe(onChain?.partialPublicKey),
      { timeout: 20_000, interval: 100 },
    );
    await reader.reads();
  }
}

/** What the member's proxy enforces from now on, and the aggregator's operator is told. */
async function newApiKey(member: Operator): Promise<void> {
  const sheet = await member.type(`${TOOL} api-key new`);
  const value = /^"([0-9a-f]{64})" aggregator;$/m.exec(sheet)?.[1];
  const name = /^API_KEY_HEADER=(\S+)$/m.exec(sheet)?.[1];
  if (value === undefined || name === undefined) throw new TypeError(`no API key in: ${sheet}`);
  member.site.gateway.apiKey = { name, value };
}

describe('fresh DKG, 2 of 3', () => {
  it('coordinator: configuration, publish-and-init, distribution', async () => {
    const { a, b, c } = operators;
    await a.type(`
      # in seal/
      rm -rf dkg-state && mkdir dkg-state
      cp crates/seal-committee-cli/dkg.example.yaml dkg-state/dkg.yaml`);
    fillIn(a, 2, [a, b, c]);
    const said = await a.type(`${TOOL} publish-and-init`);
    expect(said).toMatch(/Committee: 0x[0-9a-f]{64}/);
    const { person } = a;
    for (const key of ['COMMITTEE_PKG', 'COMMITTEE_ID', 'COORDINATOR_ADDRESS']) {
      expect(person.value('publish-and-init', key)).toMatch(/^0x[0-9a-f]{64}$/);
    }
    a.send('dkg-state/dkg.yaml', a, b, c);
  });

  it('members, phase A: nobody registers in a committee that nobody compared', async () => {
    const { a, b, c } = operators;
    await b.type('rm -rf dkg-state && mkdir dkg-state\nmv path/to/dkg.yaml dkg-state/');
    const register = `${TOOL} genkey-and-register -u ${b.site.url} -n b`;
    expect(await b.typeInVain(register)).toContain('COMMITTEE_UNVERIFIED');
    expect(await b.type(`${register} --unverified`)).toContain('Registered');
    expect(await a.type(`${TOOL} check-committee`)).toContain('Missing members (2)');
    for (const member of [a, c]) await phaseA(member, 2, [a, b, c]);
    expect(await a.type(`${TOOL} check-committee`)).toContain('All members are registered');
    for (const key of ['DKG_ENC_PK', 'DKG_SIGNING_PK', 'MY_SERVER_URL', 'MY_SERVER_NAME']) {
      expect(c.person.value('genkey-and-register', key)).not.toBe('');
    }
    expect(c.person.value('genkey-and-register', 'MY_ADDRESS')).toBe(c.person.address);
  });

  it('members, phases B and C', async () => {
    const { a, b, c } = operators;
    await b.type(`${TOOL} create-message --unverified`);
    for (const member of [a, c]) await member.type(`${TOOL} create-message`);
    await collect(a, [a, b, c], [a, b, c]);
    for (const member of [a, b, c]) {
      await phaseC(member, 0);
      const { person } = member;
      expect(person.value('process-all-and-propose', 'KEY_SERVER_PK')).toMatch(/^0x[0-9a-f]{192}$/);
      expect(person.read('dkg.yaml')).toContain('PARTIAL_PKS_V0:');
    }
    const said = await a.type(`${TOOL} check-committee`);
    keyServerId = /KEY_SERVER_OBJ_ID: (0x[0-9a-f]{64})/.exec(said)?.[1] as string;
    expect(keyServerId).toBeDefined();
  });

  it('key servers and the aggregator start, and the client reads', async () => {
    const { a, b, c } = operators;
    for (const member of [a, b, c]) {
      await restart(member, [0]);
      await newApiKey(member);
    }
    const operated = new Aggregator(world, keyServerId, startChild);
    await operated.start([a.site, b.site, c.site]);
    aggregator = operated;
    reader = new Reader(world, aggregator);
    await reader.reads();
    for (const member of [a, b, c]) await member.type('rm -rf dkg-state');
    for (const member of [a, b, c]) await restart(member, [0]);
  });
});

describe('rotation to 3 of 4, two continuing and two new members', () => {
  const next = () => [operators.d, operators.a, operators.e, operators.b];

  it('coordinator: configuration, init-rotation, distribution', async () => {
    const { a } = operators;
    await a.type(`
      # in seal/
      rm -rf dkg-state && mkdir dkg-state
      cp crates/seal-committee-cli/dkg-rotation.example.yaml dkg-state/dkg.yaml`);
    fillIn(a, 3, next());
    a.edit('dkg-state/dkg.yaml', [/KEY_SERVER_OBJ_ID: 0x0+/, `KEY_SERVER_OBJ_ID: ${keyServerId}`]);
    await a.type(`${TOOL} init-rotation`);
    const keys = ['COMMITTEE_PKG', 'CURRENT_COMMITTEE_ID', 'COMMITTEE_ID', 'COORDINATOR_ADDRESS'];
    for (const key of keys) {
      expect(a.person.value('init-rotation', key)).toMatch(/^0x[0-9a-f]{64}$/);
    }
    a.send('dkg-state/dkg.yaml', ...next());
    await reader.reads();
  });

  it('members, phases A and B', async () => {
    const { a, b, d, e } = operators;
    for (const member of next()) await phaseA(member, 3, next());
    await reader.reads();
    expect(await a.type(`${TOOL} check-committee`)).toContain('Phase B');
    for (const member of [a, b]) {
      const { person } = member;
      await member.type(`${TOOL} create-message -o ${person.share(0)}`);
    }
    for (const member of [d, e]) await member.type(`${TOOL} init-state`);
    await collect(a, [a, b], next());
    await reader.reads();
  });

  it('members, phase C: servers run with both shares when the last member proposes', async () => {
    const { a, b, d, e } = operators;
    for (const member of [d, a, e]) await phaseC(member, 1);
    await reader.reads();
    await restart(a, [0, 1], 1);
    // New members start with the new share alone, and their credentials reach the aggregator before
    // the old committee ends: between the two generations of shares nothing else keeps the threshold.
    for (const member of [d, e]) {
      await restart(member, [1]);
      await newApiKey(member);
    }
    await aggregator.start(Object.values(operators).map(({ site }) => site));
    await reader.reads();
    expect(await a.type(`${TOOL} check-committee`)).toContain('Not approved yet (1)');
    await phaseC(b, 1);
    await reader.reads();
    // Until the others have changed over, the share of who proposed last keeps the old threshold.
    await changedOver([a, d, e]);
    await restart(b, [0, 1], 1);
    const said = await a.type(`${TOOL} check-committee`);
    expect(said).toContain(`KEY_SERVER_OBJ_ID: ${keyServerId}`);
    expect(said).toContain('COMMITTEE_VERSION: 1');
  });

  it('servers go on with the new share alone, and the leaving member ends its own', async () => {
    const { a, b, c, d, e } = operators;
    for (const member of [a, b, d, e]) await restart(member, [1]);
    await c.site.stop();
    await reader.writesAndReads();
    for (const member of next()) await member.type('rm -rf dkg-state');
  });
});

describe('a second rotation, that shrinks to 2 of 3', () => {
  const next = () => [operators.e, operators.d, operators.a];

  it('is the same runbook again', async () => {
    const { a, d } = operators;
    await d.type(`
      rm -rf dkg-state && mkdir dkg-state
      cp crates/seal-committee-cli/dkg-rotation.example.yaml dkg-state/dkg.yaml`);
    fillIn(d, 2, next());
    d.edit('dkg-state/dkg.yaml', [/KEY_SERVER_OBJ_ID: 0x0+/, `KEY_SERVER_OBJ_ID: ${keyServerId}`]);
    await d.type(`${TOOL} init-rotation`);
    d.send('dkg-state/dkg.yaml', ...next());
    for (const member of next()) await phaseA(member, 2, next());
    for (const member of next()) {
      await member.type(`${TOOL} create-message -o ${member.person.share(1)}`);
    }
    await collect(d, next(), next());
    await reader.reads();
    for (const member of next().slice(0, 2)) await phaseC(member, 2);
    for (const member of next().slice(0, 2)) await restart(member, [1, 2], 2);
    await phaseC(a, 2);
    await reader.reads();
    await changedOver(next().slice(0, 2));
    await restart(a, [1, 2], 2);
    expect(await d.type(`${TOOL} check-committee`)).toContain('COMMITTEE_VERSION: 2');
    await operators.b.site.stop();
    await reader.reads();
    for (const member of next()) await restart(member, [2]);
    await reader.writesAndReads();
  });
});
