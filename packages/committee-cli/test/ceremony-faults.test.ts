/** A `dkg.yaml` that was written by hand: every fault at once, and what is not known. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { exampleText } from '../src/commands/texts.ts';
import { ceremonyFaults } from '../src/files/ceremony-faults.ts';
import { CeremonyFile } from '../src/files/ceremony-file.ts';
import { type CliDeps, runCli, systemDeps } from '../src/index.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const id = (digit: string) => `0x${digit.repeat(64)}`;

const GOOD = `init-params:
  NETWORK: Testnet
  THRESHOLD: 2
  MEMBERS:
    - ${id('a')}
    - ${id('b')}
    - ${id('c')}
`;

const faults = (text: string) => ceremonyFaults(CeremonyFile.parse('dkg.yaml', text));

async function run(text: string, ...args: string[]): Promise<{ code: number; text: string }> {
  mkdirSync(dir.path('dkg-state'), { recursive: true });
  writeFileSync(dir.path('dkg-state', 'dkg.yaml'), text);
  const lines: string[] = [];
  const code = await runCli(args, {
    ...systemDeps,
    terminal: undefined,
    cwd: dir.path(),
    environment: { SUI_CONFIG_DIR: dir.path('sui') },
    connect: () => {
      throw new TypeError('nothing is to be asked');
    },
    out: (line) => lines.push(line),
    note: (line) => lines.push(line),
  });
  return { code, text: lines.join('\n') };
}

describe('the faults of dkg.yaml', () => {
  it('are none where there are none', () => {
    expect(faults(GOOD)).toEqual([]);
    expect(faults(`${GOOD}init-rotation-params:\n  KEY_SERVER_OBJ_ID: ${id('d')}\n`)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['no network', GOOD.replace(/ {2}NETWORK.*\n/, ''), 'NETWORK not found'],
    ['another network', GOOD.replace('Testnet', 'Othernet'), 'Othernet'],
    ['no threshold', GOOD.replace(/ {2}THRESHOLD.*\n/, ''), 'THRESHOLD not found'],
    ['a threshold of 1', GOOD.replace('THRESHOLD: 2', 'THRESHOLD: 1'), 'greater than 1'],
    ['a threshold above', GOOD.replace('THRESHOLD: 2', 'THRESHOLD: 4'), 'only 3 MEMBERS'],
    ['a huge threshold', GOOD.replace('THRESHOLD: 2', 'THRESHOLD: 65536'), 'at most 65535'],
    ['no members', GOOD.replace(/ {2}MEMBERS[\s\S]*/, ''), 'MEMBERS list not found'],
    [
      'an empty list',
      GOOD.replace(/ {2}MEMBERS[\s\S]*/, '  MEMBERS: []\n'),
      'MEMBERS list is empty',
    ],
    ['a member twice', GOOD.replace(id('c'), id('a')), 'twice'],
    ['a member cut short', GOOD.replace(id('c'), '0xzz'), 'MEMBERS[2]'],
    ['the example', exampleText(false), 'MEMBERS[0] is still the zeros of the example'],
    ['the rotation example', exampleText(true), 'KEY_SERVER_OBJ_ID is still the zeros'],
    [
      'a node of no kind',
      GOOD.replace('  THRESHOLD', '  NODE_URL: ftp://x\n  THRESHOLD'),
      'NODE_URL',
    ],
    ['a package of no kind', GOOD.replace('  THRESHOLD', '  SEAL_PKG: x\n  THRESHOLD'), 'SEAL_PKG'],
    ['a committee of no kind', `${GOOD}publish-and-init:\n  COMMITTEE_ID: x\n`, 'COMMITTEE_ID'],
    [
      'a coordinator of no kind',
      `${GOOD}publish-and-init:\n  COORDINATOR_ADDRESS: x\n`,
      'COORDINATOR',
    ],
    [
      'a key server of no kind',
      `${GOOD}init-rotation-params:\n  KEY_SERVER_OBJ_ID: x\n`,
      'KEY_SERVER_OBJ_ID',
    ],
  ])('are found: %s', (_, text, words) => {
    const found = faults(text);
    expect(found.join('\n')).toContain(words);
    expect(found.length).toBeGreaterThan(0);
  });

  const WRONG = GOOD.replace('Testnet', 'Othernet')
    .replace('THRESHOLD: 2', 'THRESHOLD: 1')
    .replace(id('a'), '0xzz')
    .replace(id('c'), id('b'));

  it.each([
    ['publish-and-init', WRONG],
    ['init-rotation', `${WRONG}init-rotation-params:\n  KEY_SERVER_OBJ_ID: x\n`],
    ['verify', WRONG],
  ])('are listed at once by %s, before anything is asked', async (command, text) => {
    const ran = await run(text, command);
    expect(ran.code).toBe(1);
    for (const words of ['Othernet', 'greater than 1', 'MEMBERS[0]', 'twice']) {
      expect(ran.text).toContain(words);
    }
  });

  it('name what may be misspelt', async () => {
    const ran = await run(GOOD.replace('THRESHOLD', 'threshold\u009b'), 'publish-and-init');
    expect(ran.text).toContain('THRESHOLD not found');
    expect(ran.text).toContain('perhaps misspelt: init-params.threshold?');
    expect(ran.text).not.toContain('\u009b');
  });

  it('are told by a folder that is gone, too', async () => {
    const lines: string[] = [];
    const note = (line: string) => lines.push(line);
    const cwd = vi.spyOn(process, 'cwd').mockImplementation(() => {
      throw new Error('ENOENT: uv_cwd');
    });
    const deps = Object.defineProperties({} as CliDeps, {
      ...Object.getOwnPropertyDescriptors(systemDeps),
      note: { value: note },
    });
    expect(await runCli(['status'], deps)).toBe(1);
    cwd.mockRestore();
    expect(lines.join()).toContain('the folder you are in was removed');
  });

  it('are not keys that are unknown, which verify names', async () => {
    const cursor = '  "\u001b[2J": x\n';
    const more = 'notes:\n  x: 1\nprocess-all-and-propose:\n  MASTER_KEY: x\n';
    const text = GOOD.replace('  THRESHOLD', `${cursor}  THRESHOLD`) + more;
    const file = CeremonyFile.parse('dkg.yaml', text);
    expect(file.unknownKeys).toEqual([
      'init-params.\u001b[2J',
      'notes',
      'process-all-and-propose.MASTER_KEY',
    ]);
    const ran = await run(text, 'verify');
    expect(ran.text).toContain('NOTE  dkg.yaml: unknown, and not used: init-params.?[2J, notes');
    expect(ran.text).not.toContain('\u001b');
  });
});

describe('the example files', () => {
  it.each([
    ['dkg.example.yaml', false],
    ['dkg-rotation.example.yaml', true],
  ])('%s is what `example` prints', (name, rotation) => {
    const text = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
    expect(text).toBe(exampleText(rotation));
    const { files } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    ) as { files: string[] };
    expect(files).toContain(name);
  });
});
