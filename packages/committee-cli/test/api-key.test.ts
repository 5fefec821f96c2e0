/** `api-key new`: a fresh key each time, shown or kept in a file, and nothing foreign in what is pasted. */
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { YamlFile } from '@seal-ts/wallet/files';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../deploy/nginx/render.mjs';
import { API_KEY_BYTES } from '../src/commands/api-key.ts';
import { runCli, systemDeps } from '../src/index.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const KEY = 'ab'.repeat(API_KEY_BYTES);

async function run(...args: string[]): Promise<{ code: number; out: string; notes: string }> {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCli(['api-key', 'new', ...args], {
    ...systemDeps,
    terminal: undefined,
    cwd: dir.path(),
    environment: {},
    random: (count) => new Uint8Array(count).fill(0xab),
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
  });
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}

const named = ['--name', 'member one', '--url', 'https://seal.example.com/'];

describe('api-key new', () => {
  it('prints what the proxy, the coordinator and a try need', async () => {
    const { code, out } = await run(...named);
    expect(code).toBe(0);
    expect(out.split('\n')).toContain(`"${KEY}" aggregator;`);
    const entry = out.slice(out.indexOf('api_credentials:'), out.indexOf('3. A try'));
    const yaml = YamlFile.parse('entry', entry);
    const value = (name: string) => yaml.text(['api_credentials', 'member one', name]);
    expect(['api_key_name', 'api_key', 'url'].map(value)).toEqual([
      'X-API-Key',
      KEY,
      'https://seal.example.com',
    ]);
    expect(out).toContain(`curl -H 'X-API-Key: ${KEY}' -H 'Client-Sdk-Version: 0.6.0'`);
    expect(out).toContain("'https://seal.example.com/v1/debug/committee_partial_pk'");
    const settings = out.split('\n').filter((line) => /^[A-Z_]+=/.test(line));
    const example = readFileSync(
      new URL('../../../deploy/nginx/key-server.env.example', import.meta.url),
      'utf8',
    );
    const names = settings.map((line) => line.split('=')[0]);
    const kept = example.split('\n').filter((line) => !names.includes(line.split('=')[0]));
    expect(parseSettings([...kept, ...settings].join('\n'))).toMatchObject({
      KIND: 'committee-member',
      API_KEY_HEADER: 'X-API-Key',
    });
  });

  it('takes name and URL of the member from dkg.yaml', async () => {
    mkdirSync(dir.path('dkg-state'));
    const lines = [
      'genkey-and-register:',
      '  MY_SERVER_NAME: "mine"',
      '  MY_SERVER_URL: https://own',
    ];
    writeFileSync(dir.path('dkg-state', 'dkg.yaml'), `${lines.join('\n')}\n`);
    const { out } = await run('--header', 'Api-Key', '--client', 'relay-2');
    expect(out).toContain('"mine":');
    expect(out).toContain('https://own/v1/debug');
    expect(out).toContain(`"${KEY}" relay-2;`);
    expect(out).toContain('map $http_api_key $seal_client');
    expect((await run('--name', 'other')).out).toContain('"other":');
  });

  it('writes a private file instead of printing the key, and never replaces one', async () => {
    const { code, out, notes } = await run(...named, '--output', 'credentials');
    expect(code).toBe(0);
    expect(`${out}${notes}`).not.toContain(KEY);
    expect(out).toContain('"<the key>" aggregator;');
    expect(statSync(dir.path('credentials')).mode & 0o777).toBe(0o600);
    const text = readFileSync(dir.path('credentials'), 'utf8');
    expect(text.split('\n')).toContain(`"${KEY}" aggregator;`);
    writeFileSync(dir.path('credentials'), 'kept');
    const again = await run(...named, '--output', 'credentials');
    expect(again.code).toBe(1);
    expect(again.notes).toContain('was left as it is');
    expect(readFileSync(dir.path('credentials'), 'utf8')).toBe('kept');
    symlinkSync(dir.path('nowhere'), dir.path('link'));
    expect((await run(...named, '--output', 'link')).code).toBe(1);
    expect((await run(...named, '--output', 'no/folder/file')).code).toBe(1);
  });

  it.each([
    [['--url', 'https://x'], '--name'],
    [['--name', ' '], '--name'],
    [['--name', 'a\nb'], '--name'],
    [['--name', 'a\u001b[2J'], '--name'],
    [['--name', 'a\u202eb'], '--name'],
    [[...named, '--url', 'ftp://x'], '--url'],
    [[...named, '--url', "https://x/';reboot;'"], '--url'],
    [[...named, '--url', 'https://x/$(reboot)'], '--url'],
    [[...named, '--url', 'https://x/"'], '--url'],
    [[...named, '--url', 'https://x y'], '--url'],
    [[...named, '--header', ''], '--header'],
    [[...named, '--header', 'X Key'], '--header'],
    [[...named, '--header', 'X-Key:'], '--header'],
    [[...named, '--header', 'x'.repeat(65)], '--header'],
    [[...named, '--client', 'Relay'], '--client'],
    [[...named, '--client', 'a;b'], '--client'],
    [[...named, '--client', ''], '--client'],
    [[...named, '--client', 'a'.repeat(65)], '--client'],
    [[...named, '--proxy', 'other'], '--proxy'],
  ])('%j is refused, and nothing printed', async (args, reason) => {
    const { code, out, notes } = await run(...args);
    expect(code).not.toBe(0);
    expect(notes).toContain(reason);
    expect(`${out}${notes}`).not.toContain(KEY);
  });

  it('makes another key each time', async () => {
    const keys = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const out: string[] = [];
      const deps = { ...systemDeps, cwd: dir.path(), out: (line: string) => out.push(line) };
      await runCli(['api-key', 'new', ...named], deps);
      keys.add(/"([0-9a-f]{64})" aggregator;/.exec(out.join('\n'))?.[1] ?? '');
    }
    expect(keys.size).toBe(3);
    expect(keys).not.toContain('');
  });
});
