/** The command line itself: names, options, and what needs no chain. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CeremonyFile } from '../src/files/ceremony-file.ts';
import { runCli, systemDeps } from '../src/index.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();

function deps() {
  const out: string[] = [];
  const notes: string[] = [];
  return {
    ...systemDeps,
    cwd: dir.path(),
    environment: { SUI_CONFIG_DIR: dir.path('sui') },
    terminal: undefined,
    out: (line: string) => out.push(line),
    note: (line: string) => notes.push(line),
    text: () => [...out, ...notes].join('\n'),
  };
}

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const world = deps();
  return { code: await runCli(args, world), text: world.text() };
}

describe('seal-committee-cli', () => {
  it('lists every command of the runbooks', async () => {
    const { code, text } = await run('--help');
    expect(code).toBe(0);
    for (const name of [
      'active-env',
      'envs',
      'publish-and-init',
      'init-rotation',
      'genkey-and-register',
      'create-message',
      'init-state',
      'process-all-and-propose',
      'check-committee',
      'package-digest',
      'approve-upgrade',
      'reject-upgrade',
      'authorize-and-upgrade',
      'reset-proposal',
      'check-key-server-status',
      'new-address',
      'active-address',
      'sign-and-execute',
      'gas',
    ]) {
      expect(text).toContain(`  ${name}`);
    }
  });

  it.each([[false], [true]])(
    'gives an example that it can read (rotation: %s)',
    async (rotation) => {
      const { text } = await run('example', ...(rotation ? ['--rotation'] : []));
      writeFileSync(
        dir.path('dkg.yaml'),
        text.replaceAll(/0{64}/g, () => nextId()),
      );
      const file = CeremonyFile.read(dir.path('dkg.yaml'));
      expect(file.members).toHaveLength(rotation ? 4 : 3);
      expect(file.threshold).toBe(rotation ? 3 : 2);
      expect(file.isRotation).toBe(rotation);
    },
  );

  it.each([
    [['nothing'], 'unknown command'],
    [['genkey-and-register', '-u', 'x'], '--server-name'],
    [['genkey-and-register', '-u', 'seal.example.com', '-n', 'x'], 'expected a URL'],
    [['genkey-and-register', '-u', 'ftp://x', '-n', 'x'], 'expected a URL'],
    [['approve-upgrade', '-k', '0x5'], '--network'],
    [['--gas-budget', '0', 'gas'], 'MIST'],
    [['--gas-budget', '50000000001', 'gas'], 'MIST'],
    [['--gas-budget', '1.5', 'gas'], 'MIST'],
    [['status', '--interval', '0'], '1 to 3600 seconds'],
    [['status', '--interval', '3601'], '1 to 3600 seconds'],
    [['new-address', '--key-scheme', 'rsa'], 'ed25519'],
    [['package-digest', '-n', 'othernet'], 'othernet'],
    [['package-digest', '-n', 'localnet'], '--seal-package'],
    [['package-digest', '-n', 'testnet', '-p', 'nowhere'], '--package-path'],
    [['switch'], '--address'],
    [['check-committee'], 'dkg.yaml'],
    [['gas'], 'there is no wallet at'],
    [['approve-upgrade', '-k', 'x', '-n', 'testnet'], 'expected 0x'],
  ])('%j is refused with a reason', async (args, reason) => {
    const { code, text } = await run(...args);
    expect(code).not.toBe(0);
    expect(text).toContain(reason);
  });

  it('takes the option names of the older tool', async () => {
    mkdirSync(dir.path('old'));
    writeFileSync(dir.path('old', 'dkg.yaml'), 'NETWORK: Testnet\nTHRESHOLD: 2\n');
    const { text } = await run('check-committee', '-c', 'old/dkg.yaml');
    expect(text).toContain('COMMITTEE_ID not found in config');
    const blank = ['genkey-and-register', '-c', 'old/dkg.yaml', '-u', ' ', '-n', 'x', '-k', 'k'];
    expect((await run(...blank)).text).toContain('must not be blank');
  });

  it('says which version it is', async () => {
    const ran = await run('--version');
    expect([ran.code, ran.text]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });

  it('makes a wallet with the first address', async () => {
    const made = await run('new-address');
    expect(made.code).toBe(0);
    const { text } = await run('active-address');
    expect(made.text).toContain(text);
    expect((await run('switch', '--env', 'mainnet')).text).toContain('environment: mainnet');
    expect((await run('new-env', '--alias', 'own', '--rpc', 'http://127.0.0.1:1')).code).toBe(0);
    expect((await run('switch', '--env', 'own')).text).toContain('environment: own');
    for (const rpc of ['127.0.0.1:1', 'nonsense', 'ftp://x']) {
      expect((await run('new-env', '--alias', 'y', '--rpc', rpc)).text).toContain('URL of a node');
    }
    const folder = ['--wallet', 'sui', 'active-address'];
    expect((await run(...folder)).text).toBe(text);
    expect((await run('--wallet', 'sui/client.yaml', 'active-address')).text).toBe(text);
  });

  it('shows the environments of the wallet', async () => {
    expect((await run('active-env')).text).toContain('there is no wallet');
    await run('new-address');
    expect((await run('active-env')).text).toContain('testnet');
    await run('switch', '--env', 'mainnet');
    const { text } = await run('envs');
    expect(text).toContain('  testnet  https://');
    expect(text).toContain('* mainnet  https://');
  });

  it('shows examples that it would take, for every command', async () => {
    const names = (await run('--help')).text.matchAll(/^ {2}([a-z][a-z-]+) /gm);
    const commands = new Set([...names].map(([, name]) => name as string));
    expect(commands.size).toBeGreaterThan(25);
    for (const command of ['help', 'ceremony', 'api-key']) commands.delete(command);
    for (const command of commands) {
      const { text } = await run(command, '--help');
      const [, examples = ''] = text.split(/Examples?[:,]/);
      expect(examples, command).toContain(`seal-committee-cli ${command}`);
      const used = [...examples.matchAll(/ (--?[a-z][a-z-]*)/g)].map(([, option]) => option);
      const globals = (await run('--help')).text;
      for (const option of used) expect(`${text.split('Example')[0]}${globals}`).toContain(option);
    }
  });

  it('computes the digest of the committee package for public networks', async () => {
    const [testnet, mainnet] = [
      await run('package-digest', '-n', 'Testnet'),
      await run('package-digest', '-n', 'mainnet'),
    ];
    expect(testnet.text).toMatch(/^Digest for package 'committee': 0x[0-9a-f]{64}$/m);
    expect(mainnet.text).toMatch(/^Digest for package 'committee': 0x[0-9a-f]{64}$/m);
    // Standard output is the digest alone; this is a note.
    expect(mainnet.text).toContain('Package source: ');
    expect(mainnet.text).not.toBe(testnet.text);
  });
});

let last = 0;
function nextId(): string {
  last += 1;
  return last.toString(16).padStart(64, '0');
}
