/** What commands take from a board, and where it stops. */
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { BOARD_LIMITS } from '../src/board/limits.ts';
import {
  boardHasSet,
  fetchCeremonyFile,
  postedMessages,
  postOwnMessage,
} from '../src/board/sync.ts';
import { runCli, systemDeps } from '../src/index.ts';
import { COMMITTEE, hashOf } from './fixture.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const YAML = `init-params:
  NETWORK: Testnet
  THRESHOLD: 2
  MEMBERS:
    - "${hashOf(1)}"
    - "${hashOf(2)}"
publish-and-init:
  COMMITTEE_PKG: "${hashOf(3)}"
  COMMITTEE_ID: "${COMMITTEE}"
  COORDINATOR_ADDRESS: "${hashOf(1)}"
`;
const BOARD = 'http://board';
let asked: string[] = [];
let notes: string[] = [];
beforeEach(() => {
  asked = [];
  notes = [];
});

function deps(text: string, type = 'text/plain', status = 200) {
  return {
    ...systemDeps,
    terminal: undefined,
    cwd: dir.path(),
    environment: { SUI_CONFIG_DIR: dir.path('sui') },
    out: (line: string) => notes.push(line),
    note: (line: string) => notes.push(line),
    sleep: async () => undefined,
    fetch: (async (url: string) => {
      asked.push(url);
      return new Response(text, { status, headers: { 'content-type': type } });
    }) as typeof fetch,
  };
}
const options = { stateDir: 'new/state', board: BOARD };
const written = () => dir.path('new', 'state', 'dkg.yaml');
const padded = (bytes: number) => `${YAML}#`.padEnd(bytes, 'x');

describe('dkg.yaml from a board', () => {
  it('is kept in a private folder, and has to be compared', async () => {
    await fetchCeremonyFile(deps(YAML), options);
    expect(asked).toEqual([`${BOARD}/v1/ceremony`]);
    expect(readFileSync(written(), 'utf8')).toContain(COMMITTEE);
    expect(statSync(written()).mode & 0o777).toBe(0o600);
    expect(statSync(dir.path('new', 'state')).mode & 0o777).toBe(0o700);
    expect(notes.join()).toContain('compare it');
  });

  it('does not replace one that is there', async () => {
    mkdirSync(dir.path('new', 'state'), { recursive: true });
    writeFileSync(written(), 'mine');
    await fetchCeremonyFile(deps(YAML), options);
    expect(asked).toEqual([]);
    expect(readFileSync(written(), 'utf8')).toBe('mine');
  });

  it('does not go where a link leads', async () => {
    mkdirSync(dir.path('new', 'state'), { recursive: true });
    symlinkSync(dir.path('elsewhere'), written());
    await expect(fetchCeremonyFile(deps(YAML), options)).rejects.toThrow('cannot create');
    expect(existsSync(dir.path('elsewhere'))).toBe(false);
  });

  it('is not asked for without a board', async () => {
    await fetchCeremonyFile(deps(YAML), { stateDir: 'new/state' });
    await postOwnMessage(deps(YAML), { stateDir: 'new/state' });
    expect(asked).toEqual([]);
    expect(existsSync(written())).toBe(false);
  });

  it('that names a node is told with a warning', async () => {
    const text = YAML.replace('  THRESHOLD', '  NODE_URL: "https://evil.example"\n  THRESHOLD');
    await fetchCeremonyFile(deps(text), options);
    expect(notes.join()).toContain('warning: it names a node to use, https://evil.example');
  });

  it('loses what a coordinator never shares', async () => {
    await fetchCeremonyFile(deps(`${YAML}other:\n  A: 1\n`), options);
    expect(readFileSync(written(), 'utf8')).not.toContain('other');
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'cannot be used'],
    ['no YAML', '{', 'cannot be used'],
    ['no committee', YAML.replace('COMMITTEE_ID', 'NO_ID'), 'COMMITTEE_ID not found'],
    ['an unknown network', YAML.replace('Testnet', 'Othernet'), 'NETWORK'],
    ['a threshold of one', YAML.replace('THRESHOLD: 2', 'THRESHOLD: 1'), 'THRESHOLD'],
    ['a member twice', YAML.replace(hashOf(2), hashOf(1)), 'twice'],
    ['a share', `${YAML}process-all-and-propose:\n  MASTER_SHARE_V0: 5\n`, 'master share'],
    ['a member', `${YAML}genkey-and-register:\n  MY_ADDRESS: 5\n`, 'dkg.yaml in it'],
    ['a key', `${YAML}#suiprivkey1qq\n`, 'private key'],
  ])('is not kept with %s', async (_, text, words) => {
    const attempt = fetchCeremonyFile(deps(text), options);
    await expect(attempt).rejects.toThrow(expect.objectContaining({ code: 'COMMITTEE_BOARD' }));
    await expect(attempt).rejects.toThrow(words);
    expect(existsSync(dir.path('new'))).toBe(false);
  });

  it('may be as long as that of the largest ceremony', async () => {
    const { maxCeremonyBytes: most } = BOARD_LIMITS;
    await expect(fetchCeremonyFile(deps(padded(most + 1)), options)).rejects.toThrow('longer than');
    expect(existsSync(written())).toBe(false);
    await fetchCeremonyFile(deps(padded(most)), options);
    expect(existsSync(written())).toBe(true);
  });
});

describe('what a board says that it has', () => {
  const list = JSON.stringify({ messages: [{ party: 1, hash: hashOf(1) }] });
  const ask = (text: string, status = 200) =>
    postedMessages(deps(text, 'application/json', status), BOARD);

  it('is a list', async () => {
    expect(await ask(list)).toEqual([{ party: 1, hash: hashOf(1) }]);
    await expect(ask('{}')).rejects.toThrow('gives no list of messages');
    await expect(ask('{}', 404)).rejects.toThrow('gives no list of messages');
  });

  it('is bounded', async () => {
    const { maxListBytes, maxSetBytes } = BOARD_LIMITS;
    expect(await ask(list.padEnd(maxListBytes, ' '))).toHaveLength(1);
    await expect(ask(list.padEnd(maxListBytes + 1, ' '))).rejects.toThrow('longer than');
    const set = (bytes: number) => deps(' '.repeat(bytes), 'application/json');
    expect(await boardHasSet(set(maxSetBytes), BOARD)).toBe(true);
    await expect(boardHasSet(set(maxSetBytes + 1), BOARD)).rejects.toThrow('longer than');
    expect(await boardHasSet(deps('{}', 'application/json', 404), BOARD)).toBe(false);
  });
});

describe('the command line', () => {
  const run = async (...args: string[]) => {
    const code = await runCli(args, deps(YAML));
    return { code, text: notes.join('\n') };
  };

  it.each([
    [['ceremony', 'serve', '--port', '65536'], '0 to 65535'],
    [['ceremony', 'serve', '--port', '-1'], '0 to 65535'],
    [['ceremony', 'serve', '--port', 'http'], '0 to 65535'],
    [['ceremony', 'serve'], 'dkg.yaml'],
    [['choose-messages', '--board', 'ftp://host'], 'must be http or https'],
    [['check-complaint', '--accuser', '1'], '--message'],
  ])('%j is refused with a reason', async (args, words) => {
    const { code, text } = await run(...args);
    expect(code).not.toBe(0);
    expect(text).toContain(words);
  });

  it.each([
    [['ceremony', 'serve', '--help']],
    [['choose-messages', '--help']],
    [['check-complaint', '--help']],
  ])('%j gives an example', async (args) => {
    const { code, text } = await run(...args);
    expect(code).toBe(0);
    expect(text).toContain(`  seal-committee-cli ${args.slice(0, -1).join(' ')}`);
  });

  it.each([
    'verify',
    'genkey-and-register',
    'create-message',
    'init-state',
    'choose-messages',
    'process-all-and-propose',
    'status',
  ])('%s takes --board', async (name) => {
    expect((await run(name, '--help')).text).toContain('--board <url>');
  });
});
