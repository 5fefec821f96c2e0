/**
 * The program itself, as it is typed: exit codes, what goes to which output, and a whole fresh ceremony in
 * which processes are killed in the middle of their work and typed again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Committee, openSites, type Sites } from './committee.ts';
import type { Person, Ran } from './person.ts';
import { World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

const BIN = fileURLToPath(
  new URL('../../packages/committee-cli/bin/seal-committee-cli.mjs', import.meta.url),
);
/** Printed with a failure; set it to see the same delays again. */
const SEED = Number(process.env['SEAL_KILL_SEED'] ?? Date.now() % 1_000_000);

let world: World;
let members: [Person, Person, Person];
let sites: Sites;
beforeAll(async () => {
  world = await World.start();
  members = [await world.person('a'), await world.person('b'), await world.person('c')];
  sites = await openSites(members);
});
afterAll(() => world?.close());

function launch(person: Person, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], {
    cwd: person.home,
    env: { ...process.env, NODE_OPTIONS: '', SUI_CONFIG_DIR: person.home },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: the program starts another, and a kill has to reach both.
    detached: true,
  });
}

async function finished(child: ChildProcess): Promise<Ran> {
  let [out, notes] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    notes += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code: code ?? -1, out, notes };
}

async function typed(person: Person, ...args: string[]): Promise<string> {
  const { code, out, notes } = await finished(launch(person, args));
  if (code !== 0) throw new TypeError(`${args.join(' ')}: exit ${code}, ${notes}${out}`);
  return out;
}

function kill(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The next of a repeatable series of numbers from 0 to 1 (mulberry32). */
let series = SEED;
function next(): number {
  series = (series + 0x6d2b79f5) | 0;
  let t = Math.imul(series ^ (series >>> 15), 1 | series);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** From the start of a process to the end of a short command. */
const COMMAND_MS = 1_500;

/** Starts a command and kills it after a random time, or as soon as `reached` holds. */
async function cutOff(person: Person, args: string[], reached?: () => boolean): Promise<void> {
  const child = launch(person, args);
  const ended = finished(child);
  const until = performance.now() + (reached ? 30_000 : next() * COMMAND_MS);
  let alive = true;
  void ended.then(() => {
    alive = false;
  });
  while (alive && performance.now() < until && reached?.() !== true) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  kill(child);
  await ended;
}

/** A secret that is on disk stays what it is. */
class Kept {
  readonly #seen = new Map<string, string>();

  check(person: Person): void {
    const key = join(person.stateDir, 'dkg.key');
    if (existsSync(key)) this.#same(key, readFileSync(key, 'utf8'));
    const share = person.recordedShare(0);
    if (share !== undefined) this.#same(`${person.name}: MASTER_SHARE_V0`, share);
    for (const file of readdirSync(person.stateDir, { recursive: true, encoding: 'utf8' })) {
      const { mode } = statSync(join(person.stateDir, file));
      const isOfOwner = (mode & 0o077) === 0;
      const isSecret = /key|state\.json|pending|incoming/.test(file);
      if (isSecret && !isOfOwner) throw new TypeError(`${file} can be read by others`);
    }
  }

  #same(name: string, value: string): void {
    const known = this.#seen.get(name) ?? value;
    if (known !== value) throw new TypeError(`${name} changed`);
    this.#seen.set(name, value);
  }
}

describe('the command line', () => {
  it('answers help on standard output, and faults on standard error', async () => {
    const [a] = members;
    expect(await typed(a, '--help')).toContain('genkey-and-register');
    const unknown = await finished(launch(a, ['publish-and-uninit']));
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.notes).toContain('unknown command');
    const nothing = await finished(launch(a, ['check-committee']));
    expect(nothing).toMatchObject({ code: 1, out: '' });
    expect(nothing.notes).toContain('error COMMITTEE_CONFIG: ');
  });
});

describe(`a fresh key whose makers are interrupted all the time (seed ${SEED})`, () => {
  const kept = new Kept();
  /** The first member compared the committee with its own list. */
  const trust = (member: Person) => (member === members[0] ? [] : ['--unverified']);

  it('is published once', async () => {
    const [a, b, c] = members;
    a.begin(world.config(2, members));
    const command = ['publish-and-init'];
    await cutOff(a, command);
    await cutOff(a, command, () => existsSync(a.path('pending-publish.json')));
    await cutOff(a, command, () => existsSync(a.path('pending-init.json')));
    const twice = [finished(launch(a, command)), finished(launch(a, command))];
    const ran = await Promise.all(twice);
    for (const { code, out, notes } of ran) {
      if (code === 0) expect(out).toMatch(/Committee: 0x|done already/);
      else expect(notes).toContain('error LOCKED: ');
    }
    expect(ran.map(({ code }) => code)).toContain(0);
    expect(await typed(a, ...command)).toContain('done already');
    const owned = await world.client.listOwnedObjects({ owner: a.address });
    expect(owned.objects.filter(({ type }) => type.endsWith('UpgradeCap'))).toEqual([]);
    const shared = await typed(a, 'export-public');
    for (const member of [b, c]) member.begin(shared);
  });

  it('has members who register once', async () => {
    const [a, b, c] = members;
    const list = members.map(({ address }) => address).join(',');
    const verified = await typed(a, 'verify', '--members', list, '--threshold', '2');
    expect(verified).not.toContain('FAIL');
    const registers = async (member: Person, cut?: () => boolean) => {
      const url = sites.get(member)?.url ?? '';
      const command = ['genkey-and-register', '-u', url, '-n', member.name, ...trust(member)];
      await cutOff(member, command, cut);
      kept.check(member);
      await typed(member, ...command);
      kept.check(member);
    };
    const whenKeysAreThere = () => existsSync(a.path('dkg.key'));
    await Promise.all([registers(a, whenKeysAreThere), registers(b), registers(c)]);
  });

  it('has members who deal once and propose the same', async () => {
    const [a, b, c] = members;
    const deals = async (member: Person) => {
      await cutOff(member, ['create-message', ...trust(member)]);
      await typed(member, 'create-message', ...trust(member));
      kept.check(member);
    };
    await Promise.all(members.map(deals));
    const messages = new Map(members.map((member) => [member.messageFile(), member.message()]));
    const proposes = async (member: Person, cut?: () => boolean) => {
      const command = ['process-all-and-propose'];
      member.receive(messages);
      await cutOff(member, command, cut);
      kept.check(member);
      await typed(member, ...command);
      kept.check(member);
    };
    const whenTheShareIsThere = () => a.recordedShare(0) !== undefined;
    await Promise.all([proposes(a, whenTheShareIsThere), proposes(b), proposes(c)]);
    expect(await typed(a, 'process-all-and-propose')).toContain('nothing is left to do');
  });
});

describe('the key that they made', () => {
  it('serves the official client', async () => {
    expect(await typed(members[0], 'verify')).not.toContain('FAIL');
    const committee = await Committee.open(world, sites, members);
    await committee.close();
  });
});
