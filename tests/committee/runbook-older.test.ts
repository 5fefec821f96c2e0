/**
 * The runbook of 2025, line for line: `dkg.yaml` without sections, `-c`, `--old-share`, `-m` and `-k`, a
 * coordinator who writes its own address. A file that the older tool left half-way is taken over, and
 * rewritten in sections.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { YamlFile } from '@seal-ts/wallet/files';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Operator } from './operator.ts';
import { startHere } from './servers.ts';
import { Aggregator, Reader } from './service.ts';
import { World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

const SCRIPT = 'python crates/dkg-cli/scripts/dkg-scripts.py';
const SECTIONS = [
  'init-params',
  'init-rotation-params',
  'publish-and-init',
  'init-rotation',
  'genkey-and-register',
  'process-all-and-propose',
];

let world: World;
let operators: Record<'coordinator' | 'a' | 'b' | 'c' | 'd' | 'e', Operator>;
let aggregator: Aggregator;
let reader: Reader;
let keyServerId: string;

beforeAll(async () => {
  world = await World.start();
  const names = ['coordinator', 'a', 'b', 'c', 'd', 'e'] as const;
  operators = await Operator.joinAll(world, names, startHere);
});
afterAll(async () => {
  await aggregator?.close();
  for (const { site } of Object.values(operators ?? {})) await site.close();
  await world?.close();
});

const addresses = (members: readonly Operator[]) =>
  members.map(({ person }) => `  - ${person.address}\n`).join('');

/** Phase 0, up to the coordinator's command: example, and the fields that are filled in by hand. */
async function configure(coordinator: Operator, example: string, members: readonly Operator[]) {
  // The runbook has a single `&`, with which the folder may be removed after it was made.
  await coordinator.type(`
    rm -rf dkg-state && mkdir dkg-state
    cp crates/dkg-cli/scripts/${example} dkg-state/dkg.yaml`);
  coordinator.edit(
    'dkg-state/dkg.yaml',
    [/NETWORK: Testnet/, `NETWORK: Localnet\nSEAL_PKG: ${world.sealPackage}`],
    [/COORDINATOR_ADDRESS: 0x0+/, `COORDINATOR_ADDRESS: ${coordinator.person.address}`],
    [/(MEMBERS: .*\n)(?: {2}- 0x0+\n)+/, `$1${addresses(members)}`],
  );
}

/** The first member compares the committee with its own list; the others go on without. */
async function phase1(member: Operator, threshold: number, members: readonly Operator[]) {
  await member.type(`
    rm -rf dkg-state && mkdir dkg-state
    mv path/to/dkg.yaml dkg-state/`);
  const { site, person } = member;
  const register = `${SCRIPT} genkey-and-register -c dkg-state/dkg.yaml -u ${site.url} -n ${person.name}`;
  if (member !== members[0]) {
    await member.type(`${register} --unverified`);
    return;
  }
  const rotation = keyServerId === undefined ? '' : `KEY_SERVER_OBJ_ID: ${keyServerId}\n`;
  const list = `THRESHOLD: ${threshold}\nMEMBERS:\n${addresses(members)}${rotation}`;
  member.write('trusted.yaml', list);
  await member.type(`${SCRIPT} verify -c dkg-state/dkg.yaml --trusted trusted.yaml`);
  await member.type(register);
}

async function collect(coordinator: Operator, dealers: readonly Operator[], to: Operator[]) {
  for (const dealer of dealers)
    dealer.send(`dkg-state/${dealer.person.messageFile()}`, coordinator);
  const files = dealers.map(({ person }) => person.messageFile());
  await coordinator.type(`
    rm -rf dkg-messages
    mkdir dkg-messages
    ${files.map((file) => `mv path/to/${file} dkg-messages/`).join('\n')}`);
  coordinator.send('dkg-messages', ...to);
}

async function phase3(member: Operator, version: number, more = ''): Promise<void> {
  await member.type(`
    mv path/to/dkg-messages dkg-state/

    ${SCRIPT} process-all-and-propose \\
        -c dkg-state/dkg.yaml \\
        -m dkg-state/dkg-messages ${more}`);
  member.person.keepShare(version);
}

const topKeys = (member: Operator) =>
  YamlFile.parse('dkg.yaml', member.person.read('dkg.yaml')).keys([]);

/** Files of a state directory in which a text stands. */
function filesWith(member: Operator, text: string): string[] {
  const { stateDir } = member.person;
  return readdirSync(stateDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(text))
    .map((entry) => entry.name);
}

/** `dkg.yaml` as the older tool would have left it: everything at the top. */
function withoutSections(member: Operator): void {
  const text = member.person.read('dkg.yaml');
  const lines = text.split('\n').filter((line) => !SECTIONS.includes(line.replace(/:.*$/, '')));
  member.write('dkg-state/dkg.yaml', lines.map((line) => line.replace(/^ {2}/, '')).join('\n'));
}

describe('fresh DKG, 2 of 3', () => {
  const members = () => [operators.a, operators.b, operators.c];

  it('is made from files without sections', async () => {
    const { coordinator, a, b, c } = operators;
    await configure(coordinator, 'dkg.example.yaml', members());
    // With the wallet of somebody else than the file names, nothing starts, and the file stays as it is.
    const own = `COORDINATOR_ADDRESS: ${coordinator.person.address}`;
    const other = `COORDINATOR_ADDRESS: ${a.person.address}`;
    coordinator.edit('dkg-state/dkg.yaml', [new RegExp(own), other]);
    const refused = await coordinator.typeInVain(
      `${SCRIPT} publish-and-init -c dkg-state/dkg.yaml`,
    );
    expect(refused).toContain('COMMITTEE_BAD_OPTION');
    expect(refused).toContain(`names ${a.person.address} as COORDINATOR_ADDRESS`);
    coordinator.edit('dkg-state/dkg.yaml', [new RegExp(other), own]);
    await coordinator.type(`${SCRIPT} publish-and-init -c dkg-state/dkg.yaml`);
    expect(topKeys(coordinator)).toEqual(['init-params', 'publish-and-init']);
    const { person } = coordinator;
    expect(person.value('publish-and-init', 'COORDINATOR_ADDRESS')).toBe(person.address);
    coordinator.send('dkg-state/dkg.yaml', ...members());
    for (const member of members()) await phase1(member, 2, members());
    expect(await coordinator.type(`${SCRIPT} check-committee -c dkg-state/dkg.yaml`)).toContain(
      'All members are registered',
    );

    // One member goes on from a file of the older tool, another keeps its keys elsewhere.
    withoutSections(a);
    expect(topKeys(a)).toContain('MY_ADDRESS');
    await b.type('mv dkg-state/dkg.key ../keys-of-b');
    const keys = '-k ../keys-of-b';
    await a.type(`${SCRIPT} create-message -c dkg-state/dkg.yaml`);
    await b.type(`${SCRIPT} create-message -c dkg-state/dkg.yaml ${keys} --unverified`);
    await c.type(`${SCRIPT} create-message -c dkg-state/dkg.yaml --unverified`);
    await collect(coordinator, members(), members());
    await phase3(a, 0);
    await phase3(b, 0, keys);
    await phase3(c, 0, '-k ./dkg-state/dkg.key');
    const said = await coordinator.type(`${SCRIPT} check-committee -c dkg-state/dkg.yaml`);
    keyServerId = /KEY_SERVER_OBJ_ID: (0x[0-9a-f]{64})/.exec(said)?.[1] as string;
    expect(keyServerId).toBeDefined();
  });

  it('leaves sections, and one copy of each secret', () => {
    for (const member of members()) {
      const { person } = member;
      expect(topKeys(member).filter((key) => !SECTIONS.includes(key))).toEqual([]);
      expect(statSync(person.path('dkg.yaml')).mode & 0o777).toBe(0o600);
      const share = person.share(0).slice(2);
      expect(filesWith(member, share)).toEqual(['dkg.yaml']);
      expect(person.read('dkg.yaml').split(share).length).toBe(2);
    }
  });

  it('serves the official client', async () => {
    for (const member of members()) {
      await member.startKeyServer(world, { keyServerId, versions: [0] });
    }
    aggregator = new Aggregator(world, keyServerId, startHere);
    await aggregator.start(Object.values(operators).map(({ site }) => site));
    reader = new Reader(world, aggregator);
    await reader.reads();
    for (const member of members()) await member.type('rm -rf dkg-state');
  });
});

describe('key rotation to 3 of 4', () => {
  const members = () => [operators.a, operators.b, operators.d, operators.e];

  it('hands the key over', async () => {
    const { a, b, d, e } = operators;
    await configure(a, 'dkg-rotation.example.yaml', members());
    a.edit('dkg-state/dkg.yaml', [/KEY_SERVER_OBJ_ID: 0x0+/, `KEY_SERVER_OBJ_ID: ${keyServerId}`]);
    await a.type(`${SCRIPT} init-rotation -c dkg-state/dkg.yaml`);
    a.send('dkg-state/dkg.yaml', ...members());
    for (const member of members()) await phase1(member, 3, members());
    for (const member of [a, b]) {
      await member.type(`${SCRIPT} create-message \\
        -c dkg-state/dkg.yaml \\
        --old-share ${member.person.share(0)} --unverified`);
    }
    for (const member of [d, e])
      await member.type(`${SCRIPT} init-state -c dkg-state/dkg.yaml --unverified`);
    await reader.reads();
    await collect(a, [a, b], members());
    for (const member of members()) await phase3(member, 1);
    await reader.reads();
    const said = await a.type(`${SCRIPT} check-committee -c dkg-state/dkg.yaml`);
    expect(said).toContain('COMMITTEE_VERSION: 1');
    for (const member of members()) {
      expect(filesWith(member, member.person.share(1).slice(2))).toEqual(['dkg.yaml']);
    }
  });

  it('serves the official client with the new shares', async () => {
    const { a, b, c, d, e } = operators;
    for (const member of [d, e]) {
      await member.startKeyServer(world, { keyServerId, versions: [1] });
    }
    for (const member of [a, b]) {
      await member.startKeyServer(world, { keyServerId, versions: [0, 1], target: 1 });
      await reader.reads();
    }
    await c.site.stop();
    for (const member of [a, b]) {
      await member.startKeyServer(world, { keyServerId, versions: [1] });
      await reader.reads();
    }
    for (const member of members()) await member.type('rm -rf dkg-state');
  });
});
