/** The configuration: the reference's files, ours, and every fault at once (protocol §5.3). */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError } from '@seal-ts/service';
import { afterAll, describe, expect, it } from 'vitest';
import { checkConfig } from '../src/cli/check-config.ts';
import { settingsSummary } from '../src/config/summary.ts';
import { loadSettings } from '../src/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'aggregator-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(text: string, name = 'aggregator.yaml', mode = 0o644): string {
  const path = join(directory, name);
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode });
  return path;
}
const load = (text: string, env = {}) => loadSettings({ env, configPath: file(text) });
function faultsOf(text: string, env = {}) {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ path }) => path);
    throw error;
  }
  return [];
}

const MINIMAL = 'network: Testnet\nkey_server_object_id: "0xc5"\n';
const KEY = 'sk-very-secret';
const withCredential = (lines: string) => `${MINIMAL}api_credentials:\n  "m 1":\n${lines}\n`;

describe('a configuration', () => {
  it('may be two lines', () => {
    const { settings, warnings } = load(MINIMAL);
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({
      network: 'testnet',
      nodeUrl: 'https://fullnode.testnet.sui.io:443',
      keyServerObjectId: `0x${'c5'.padStart(64, '0')}`,
      memberTimeoutMs: 8000,
      port: 2024,
      metricsPort: 9184,
      engine: 'mcl',
      allowHttp: false,
      allowedRanges: [],
    });
    expect(settings.credentials.size).toBe(0);
    expect(settings.gates.typescript).toEqual([
      { operator: '>=', major: 0, minor: 10, patch: 0, pre: '' },
    ]);
    expect(settings.memberRequirement).toMatchObject([{ operator: '>=', minor: 6, patch: 2 }]);
  });

  it('may say everything', () => {
    const { settings, warnings } = load(
      `network: !Localnet { seal_package: "0x5ea1" }
node_url: "http://127.0.0.1:9000"
key_server_object_id: "0xc5"
ts_sdk_version_requirement: ">=1.0.0"
rust_sdk_version_requirement: ">=0.1.0"
python_sdk_version_requirement: ">=0.2.0"
key_server_version_requirement: ">=0.6.0"
key_server_timeout_secs: 3
api_credentials:
  "m0":
    api_key_name: "x-api-key"
    api_key: "${KEY}"
    url: "https://m0.example"
  "m1": {}
rpc_config:
  timeout: { secs: 5, nanos: 0 }
  retry_config:
    max_retries: 2
    min_delay: { secs: 0, nanos: 1000000 }
    max_delay: { secs: 1, nanos: 0 }
metrics_push_config:
  bearer_token: "token"
  push_url: "https://push.example/x"
metrics_host_port: 9999
committee_refresh_interval: 1s
member_access: { allow_http: true, allow_addresses: ["127.0.0.0/8", "fd00::/8"] }
engine: noble
`,
      { PORT: '3000' },
    );
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({
      memberTimeoutMs: 3000,
      refreshIntervalMs: 1000,
      port: 3000,
      metricsPort: 9999,
      engine: 'noble',
      allowHttp: true,
      allowedRanges: ['127.0.0.0/8', 'fd00::/8'],
      rpc: { maxAttempts: 2, minDelayMs: 1, maxDelayMs: 1000, timeoutMs: 5000 },
    });
    expect(settings.credentials.get('m1')).toEqual({});
    expect(settings.credentials.get('m0')?.url).toBe('https://m0.example');
    expect(settings.credentials.get('m0')?.header?.value.reveal()).toBe(KEY);
  });

  it('reads keys from files that are private', () => {
    const path = file(`${KEY}\n`, 'key', 0o600);
    const text = withCredential(`    api_key_name: x-api-key\n    api_key: "@${path}"`);
    const { settings } = load(text);
    expect(settings.credentials.get('m 1')?.header?.value.reveal()).toBe(KEY);
    file(KEY, 'key', 0o644);
    expect(faultsOf(text)).toEqual(['api_credentials.m 1.api_key']);
    rmSync(path);
    expect(faultsOf(text)).toEqual(['api_credentials.m 1.api_key']);
  });

  it('is mandatory', () => {
    expect(() => loadSettings({ env: {} })).toThrow(/\$CONFIG_PATH: is not set/);
    const env = { CONFIG_PATH: file(MINIMAL) };
    expect(loadSettings({ env }).settings.network).toBe('testnet');
  });
});

describe('faults', () => {
  it('are listed all at once', () => {
    const text = `network: Moon
key_server_object_id: "c5"
key_server_timeout_secs: 0
ts_sdk_version_requirement: "new"
api_credentials:
  m0: { api_key_name: "x-api-key" }
  m1: { api_key_name: "host", api_key: "x" }
  m2: { url: "ftp://x" }
member_access: { allow_http: perhaps, allow_addresses: ["10.0.0.0/40"] }
`;
    expect(faultsOf(text, { PORT: 'x', SEAL_ENGINE: 'fast' }).sort()).toEqual([
      '$PORT',
      '$SEAL_ENGINE',
      'api_credentials.m0.api_key',
      'api_credentials.m1.api_key_name',
      'api_credentials.m2.url',
      'key_server_object_id',
      'key_server_timeout_secs',
      'member_access.allow_addresses[0]',
      'member_access.allow_http',
      'network',
      'ts_sdk_version_requirement',
    ]);
  });

  it.each([
    ['1s', []],
    ['1h', []],
    ['999ms', ['committee_refresh_interval']],
    ['3601s', ['committee_refresh_interval']],
  ])('a refresh every %s', (interval, faults) => {
    expect(faultsOf(`${MINIMAL}committee_refresh_interval: ${interval}\n`)).toEqual(faults);
  });

  it.each([
    ['1', []],
    ['60', []],
    ['0', ['key_server_timeout_secs']],
    ['61', ['key_server_timeout_secs']],
  ])('a member timeout of %s s', (secs, faults) => {
    expect(faultsOf(`${MINIMAL}key_server_timeout_secs: ${secs}\n`)).toEqual(faults);
  });

  it.each([
    'content-type',
    'Client-Sdk-Type',
    'Client-Sdk-Version',
    'Request-Id',
    'Host',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'x api',
    'x:y',
    'x\\r\\ny',
    '',
  ])('an API key in header %j', (name) => {
    const text = withCredential(`    api_key_name: "${name}"\n    api_key: "${KEY}"`);
    expect(faultsOf(text)).toEqual(['api_credentials.m 1.api_key_name']);
  });

  it.each(['a\\nb', 'a\\r\\nx-evil: 1', 'é', '\\0'])(
    'an API key %j, which is not repeated',
    (key) => {
      const text = withCredential(`    api_key_name: x-api-key\n    api_key: "${KEY}${key}"`);
      expect(faultsOf(text)).toEqual(['api_credentials.m 1.api_key']);
      expect(() => load(text)).not.toThrow(KEY);
    },
  );

  it('name unknown keys as warnings', () => {
    const { warnings } = load(`${MINIMAL}key_server_timeout_sec: 3\n`);
    expect(warnings.map(({ path, fix }) => [path, fix])).toEqual([
      ['key_server_timeout_sec', 'Did you mean key_server_timeout_secs?'],
    ]);
  });
});

describe('secrets of the configuration', () => {
  const text = withCredential(`    api_key_name: x-api-key\n    api_key: "${KEY}"`);

  it('show nowhere', () => {
    const { settings } = load(text);
    for (const shown of [
      JSON.stringify(settings),
      inspect(settings, { depth: 9 }),
      JSON.stringify(settingsSummary(settings)),
    ]) {
      expect(shown).not.toContain(KEY);
    }
    expect(settingsSummary(settings)).toMatchObject({
      credentials: 'm 1',
      credentialsWithoutUrl: 'm 1',
    });
  });

  it('are not printed by check-config, which has advice', () => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const configPath = file(`${text}member_access: { allow_http: true }\n`);
    expect(checkConfig({ configPath, json: false }, { env: {}, print })).toBe(0);
    expect(lines.join('\n')).not.toContain(KEY);
    expect(lines).toContain('the configuration is good');
    expect(
      lines.filter((line) => line.startsWith('warning: ')).map((l) => l.split(':')[1]),
    ).toEqual([' api_credentials.m 1', ' member_access.allow_http']);
  });

  it('check-config fails with every fault, also as JSON', () => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const configPath = file('network: Moon\n');
    expect(checkConfig({ configPath, json: true }, { env: {}, print })).toBe(1);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ ok: false, faults: [{}, {}] });
    expect(checkConfig({ configPath: '/none', json: false }, { env: {}, print })).toBe(1);
    expect(lines.at(-1)).toBe('1 fault');
  });
});
