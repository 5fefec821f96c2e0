/**
 * Questions at a real terminal: what is typed, ended, or killed there leaves nothing half done, secrets are
 * not shown, and the next attempt goes on.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AtTerminal, hasPty } from '../support/pty.ts';
import { type Person, World } from './world.ts';

// Whole ceremonies, and processes of their own, beside other tests on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const CTRL_Z = '\x1a';
const MAIN = new URL('../../packages/committee-cli/src/main.ts', import.meta.url).pathname;

let world: World;
let a: Person;
let b: Person;
let keyServerId: string;
let share: string;

async function complete(members: readonly Person[]): Promise<string> {
  for (const member of members) {
    const args = ['-u', `https://${member.name}`, '-n', member.name, '--unverified'];
    await member.run('genkey-and-register', ...args);
  }
  for (const member of members) await member.run('create-message', '--unverified');
  const messages = new Map(members.map((m) => [`${m.name}.json`, m.read(m.messageFile())]));
  for (const member of members) {
    member.receive(messages);
    await member.run('process-all-and-propose');
  }
  return JSON.parse(await a.run('status', '--json')).keyServerId as string;
}

beforeAll(async () => {
  if (!hasPty) return;
  world = await World.start();
  [a, b] = [await world.person('a'), await world.person('b')];
  a.begin(world.config(2, [a, b]));
  await a.run('publish-and-init');
  b.begin(await a.run('export-public'));
  keyServerId = await complete([a, b]);
  share = b.value('process-all-and-propose', 'MASTER_SHARE_V0');
  a.begin(world.config(2, [a, b], keyServerId));
  await a.run('init-rotation');
  b.begin(await a.run('export-public'));
  const args = ['-u', 'https://a', '-n', 'a', '--unverified'];
  await a.run('genkey-and-register', ...args);
}, 120_000);
afterAll(() => world?.close());

/** b's tool at a terminal. */
function at(...args: readonly string[]): AtTerminal {
  const command = [process.execPath, '--conditions=seal-ts-source', MAIN, ...args];
  const env = { ...process.env, SUI_CONFIG_DIR: b.home, NODE_NO_WARNINGS: '1' };
  return new AtTerminal(command, { cwd: b.home, env });
}

/** All files of b's state directory, but for the lock of a killed process: the next one takes it over. */
const files = () =>
  Object.fromEntries(
    readdirSync(b.stateDir)
      .filter((name) => name !== '.lock')
      .map((name) => [name, [statSync(b.path(name)).mode, readFileSync(b.path(name), 'utf8')]]),
  );

const ENDINGS: [string, (terminal: AtTerminal) => void][] = [
  ['Ctrl-C', (terminal) => terminal.type(CTRL_C)],
  ['Ctrl-D', (terminal) => terminal.type(CTRL_D)],
  ['another answer', (terminal) => terminal.type('maybe\r')],
  ['kill -9', (terminal) => terminal.kill()],
];

describe.skipIf(!hasPty)('at a terminal', () => {
  const register = ['genkey-and-register', '-u', 'https://b', '-n', 'b'];

  describe.each([
    ['verify', ['verify'], 'Type yes'],
    ['genkey-and-register', register, 'Type yes'],
  ])('the question of %s', (_, args, question) => {
    it.each(ENDINGS)('ended by %s leaves nothing behind', async (how, end) => {
      const before = files();
      const terminal = at(...args);
      await terminal.sees(question);
      end(terminal);
      const { code, echo } = await terminal.end();
      expect(code).not.toBe(0);
      if (how !== 'kill -9') expect(echo).toBe(true);
      expect(terminal.shown).not.toMatch(/\n\s+at .*:\d+/);
      expect(files()).toEqual(before);
    });
  });

  it('Control-Z gives the shell back, with a launcher in between too; fg goes on', async () => {
    const before = files();
    const tool = [process.execPath, '--conditions=seal-ts-source', MAIN, 'verify'].join(' ');
    const jobs = `bash -c '${tool}; exit $?'; echo paused; stty -a; fg; exit $?`;
    const env = { ...process.env, SUI_CONFIG_DIR: b.home, NODE_NO_WARNINGS: '1' };
    const terminal = new AtTerminal(['bash', '-mc', jobs], { cwd: b.home, env });
    await terminal.sees('Type yes');
    terminal.type(CTRL_Z);
    await terminal.sees(/\npaused[\s\S]* echo /);
    await terminal.sees(/\npaused[\s\S]*Type yes/);
    terminal.type('maybe\r');
    const { code } = await terminal.end();
    expect(code).not.toBe(0);
    expect(files()).toEqual(before);
  });

  it('yes goes on', async () => {
    const terminal = at(...register);
    await terminal.sees('Type yes');
    expect(terminal.shown).toContain(`Key server that is handed over: ${keyServerId}`);
    terminal.type('yes\r');
    expect((await terminal.end()).code).toBe(0);
    expect(JSON.parse(b.read('verified.json'))).toMatchObject({ how: 'person', keyServerId });
  });

  it.each(ENDINGS)('the question for the share ended by %s leaves nothing', async (how, end) => {
    const before = files();
    const terminal = at('create-message');
    await terminal.sees('MASTER_SHARE_V0');
    end(terminal);
    const { code, echo } = await terminal.end();
    expect(code).not.toBe(0);
    if (how !== 'kill -9') expect(echo).toBe(true);
    expect(terminal.shown).not.toContain('maybe');
    expect(files()).toEqual(before);
  });

  it('a share that is typed is not shown', async () => {
    const wrong = at('create-message', '-o');
    await wrong.sees('MASTER_SHARE_V0');
    wrong.type(`${share.slice(0, -2)}00\r`);
    expect((await wrong.end()).code).toBe(1);
    expect(wrong.shown).toContain('the old share is not MASTER_SHARE_V0');
    const terminal = at('create-message');
    await terminal.sees('MASTER_SHARE_V0');
    terminal.type(`${share}\r`);
    expect(await terminal.end()).toEqual({ code: 0, echo: true });
    expect(terminal.shown).toContain('Message: ');
    for (const { shown } of [wrong, terminal]) expect(shown).not.toContain(share.slice(4, 40));
    const again = at('create-message');
    expect((await again.end()).code).toBe(0);
    expect(again.shown).toContain('Done already');
  });
});
