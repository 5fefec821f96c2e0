import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type Environment, readConfig } from '@seal-ts/service';
import { afterAll, describe, expect, it } from 'vitest';
import { checkConfig } from '../src/cli/check-config.ts';
import { fileSchema } from '../src/config/file-schema.ts';
import { loadSettings } from '../src/config/settings.ts';
import { settingsSummary } from '../src/config/summary.ts';

const directory = mkdtempSync(join(tmpdir(), 'key-server-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

const id = (byte: string) => `0x${byte.repeat(32)}`;
const OPEN = `server_mode: !Open\n  key_server_object_id: '${id('ab')}'\n`;
const TESTNET = `network: Testnet\n${OPEN}`;

let files = 0;
function file(text: string): string {
  const path = join(directory, `${files++}.yaml`);
  writeFileSync(path, text);
  return path;
}
const load = (text: string, env: Environment = {}) =>
  loadSettings({ env, configPath: file(text) }).settings;
const parse = (text: string) => readConfig({ text, schema: fileSchema, source: 'test' }).value;

function faults(text: string, env: Environment = {}): string[] {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((f) => `${f.path}: ${f.problem}`);
    throw error;
  }
  return [];
}

describe('a configuration file', () => {
  it('needs two keys; the rest has the defaults of the reference', () => {
    expect(load(TESTNET)).toMatchObject({
      network: 'testnet',
      sealPackage: '0xdccbeb87767be2b2346af5575eb139807205e4c23ec53dc616f951fe1d814112',
      nodeUrl: 'https://fullnode.testnet.sui.io:443',
      mode: { tag: 'Open', key_server_object_id: id('ab') },
      port: 2024,
      metricsPort: 9184,
      gasPriceIntervalMs: 60_000,
      allowedStalenessMs: 120_000,
      sessionTtlMaxMs: 1_800_000,
      rpc: { maxAttempts: 3, minDelayMs: 100, maxDelayMs: 10_000, timeoutMs: 60_000 },
      push: undefined,
      eventMonitoring: true,
      committeePollMs: 30_000,
      eventPollMs: 30_000,
      engine: 'mcl',
    });
  });

  it('is read with every key', () => {
    const text = `${TESTNET}node_url: 'https://node.example'
ts_sdk_version_requirement: '>=0.9.0'
metrics_host_port: 1234
rgp_update_interval: '5s'
allowed_staleness: '30s'
session_key_ttl_max: '1h'
rpc_config:
  timeout: { secs: 5, nanos: 500000000 }
  retry_config:
    max_retries: 7
    min_delay: { secs: 0, nanos: 50000000 }
    max_delay: { secs: 2, nanos: 0 }
metrics_push_config:
  bearer_token: 'abc'
  push_url: 'https://push.example/x'
  labels: { region: eu }
enable_event_monitoring: false
committee_poll_interval: 1s
event_poll_interval: 1h
engine: mcl
`;
    expect(load(text)).toMatchObject({
      nodeUrl: 'https://node.example',
      metricsPort: 1234,
      gasPriceIntervalMs: 5000,
      allowedStalenessMs: 30_000,
      sessionTtlMaxMs: 3_600_000,
      rpc: { maxAttempts: 7, minDelayMs: 50, maxDelayMs: 2000, timeoutMs: 5500 },
      push: {
        push_url: 'https://push.example/x',
        push_interval_secs: 10,
        labels: { region: 'eu' },
      },
      eventMonitoring: false,
      committeePollMs: 1000,
      eventPollMs: 3_600_000,
      engine: 'mcl',
    });
  });

  it.each([
    ['Mainnet', 'mainnet', '0x931739224160073d8e391c9aa6e7ade9818e9814b4907066b7efa058636c4e45'],
    ['!Testnet', 'testnet', '0xdccbeb87767be2b2346af5575eb139807205e4c23ec53dc616f951fe1d814112'],
    [`!Devnet { seal_package: "${id('01')}" }`, 'devnet', id('01')],
    [
      '!Localnet\n  seal_package: 0x0000000000000000000000000000000000000000000000000000000000000002',
      'localnet',
      `0x${'2'.padStart(64, '0')}`,
    ],
  ])('knows network %s', (text, network, sealPackage) => {
    expect(load(`network: ${text}\n${OPEN}`)).toMatchObject({ network, sealPackage });
  });

  it('parses committee settings', () => {
    const committee = (state: string) =>
      `network: Testnet\nserver_mode: !Committee\n  member_address: '${id('01')}'\n` +
      `  key_server_obj_id: '${id('02')}'\n  committee_state: ${state}\n`;
    for (const state of ['Active', '!Active']) {
      expect(load(committee(state)).mode).toEqual({
        tag: 'Committee',
        member_address: id('01'),
        key_server_obj_id: id('02'),
        committee_state: { tag: 'Active' },
      });
    }
    expect(load(committee('!Rotation\n    target_version: 5')).mode).toMatchObject({
      committee_state: { tag: 'Rotation', target_version: 5 },
    });
    expect(faults(committee('!Rotation\n    target_version: 0'))).toEqual([
      'server_mode.committee_state.target_version: target_version cannot be 0',
    ]);
    expect(faults(committee('!Rotation'))[0]).toMatch(/target_version: is missing/);
  });

  it('lists every fault at once, with line and remedy, and warnings besides', () => {
    const path = file(`network: !Foonet
node_url: ftp://x
server_mode: !Permissioned
  client_configs:
    - name: alice
      client_master_key: !Derived { derivation_index: -1 }
      key_server_object_id: "0xzz"
      package_ids: []
rgp_update_interval: 5 parsecs
sesion_key_ttl_max: 3m
ts_sdk_version_requirement: 'newer'
metrics_host_port: 70000
rpc_config: { timeout: {secs: 1, nanos: 0} }
`);
    const lines: string[] = [];
    const env = { PORT: 'x', SEAL_ENGINE: 'fast', NODE_URL: 'node' };
    const options = { configPath: path, json: false, keys: true };
    const code = checkConfig(options, { env, print: (line) => void lines.push(line) });
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "fault: $PORT: is not a port. Set it to a number from 0 to 65535
      fault: $SEAL_ENGINE: is not an engine. Set it to noble or mcl
      fault: $NODE_URL: is not a URL. Set it to an http:// or https:// URL
      fault: line 1, network: unknown tag !Foonet. Use one of !Open !Permissioned !Committee !Active !Rotation !Derived !Imported !Exported !Testnet !Mainnet !Devnet !Localnet
      fault: line 2, node_url: is "ftp://x". Write an http:// or https:// URL
      fault: line 6, server_mode.client_configs[0].client_master_key.derivation_index: is "-1". Write a whole number from 0 to 9007199254740991
      fault: line 7, server_mode.client_configs[0].key_server_object_id: is "0xzz". Write an object id, 0x and up to 64 hex digits
      fault: line 9, rgp_update_interval: is "5 parsecs". Write a duration such as 30s, 2m or 1h
      fault: line 11, ts_sdk_version_requirement: is "newer". Write a version requirement such as ">=0.4.5"
      fault: line 12, metrics_host_port: is "70000". Write a whole number from 0 to 65535
      fault: line 13, rpc_config.retry_config: is missing. Write the keys max_retries, min_delay, max_delay
      warning: line 10, sesion_key_ttl_max: unknown key, ignored. Did you mean session_key_ttl_max?
      the master keys were not checked
      11 faults"
    `);
  });

  it('says of a committee member what only the chain can tell', () => {
    const print = (member: string) => {
      const lines: string[] = [];
      const options = { configPath: file(member), json: false, keys: true };
      const env = { MASTER_SHARE_V0: '1'.repeat(64) };
      expect(checkConfig(options, { env, print: (line) => void lines.push(line) })).toBe(0);
      return lines.join('\n');
    };
    const member =
      `network: Testnet\nserver_mode: !Committee\n  member_address: '${id('01')}'\n` +
      `  key_server_obj_id: '${id('02')}'\n  committee_state: !Active\n`;
    expect(print(member)).toContain('the chain was not asked');
  });

  it('is only a warning for keys it does not know', () => {
    const configPath = file(`${TESTNET}portt: 1\n`);
    const { warnings } = loadSettings({ env: {}, configPath });
    expect(warnings).toEqual([
      { path: 'portt', line: 4, problem: 'unknown key, ignored', fix: 'Remove it' },
    ]);
  });

  it.each([
    ['network: Testnet\n', 'server_mode: is missing'],
    [`network: testnet\n${OPEN}`, 'network: is "testnet"'],
    [`network: Devnet\n${OPEN}`, 'network: is "Devnet" without its keys'],
    ['network: Testnet\nserver_mode: Open\n', 'server_mode: is "Open" without its keys'],
    ['network: Testnet\nserver_mode: !Active\n', 'server_mode: is !Active'],
    [`${TESTNET}rgp_update_interval: 0s\n`, 'rgp_update_interval: is "0s"'],
    [`${TESTNET}rgp_update_interval: 60\n`, 'rgp_update_interval: is "60"'],
    [`${TESTNET}committee_poll_interval: 999ms\n`, 'committee_poll_interval: is "999ms"'],
    [`${TESTNET}event_poll_interval: 61m\n`, 'event_poll_interval: is "61m"'],
    [`${TESTNET}enable_event_monitoring: yes\n`, 'enable_event_monitoring: is "yes"'],
    [`${TESTNET}network: Mainnet\n`, ': not valid YAML: Map keys must be unique'],
    [`${TESTNET}node_url: !Open x\n`, 'node_url: has the tag !Open'],
    [`${TESTNET}node_url: !!python/object x\n`, 'node_url: unknown tag !python/object'],
  ])('%# is refused', (text, problem) => {
    expect(faults(text)[0]).toContain(problem);
  });

  it('refuses a retry delay above its maximum', () => {
    const text = `${TESTNET}rpc_config:
  timeout: 5s
  retry_config: { max_retries: 1, min_delay: 2s, max_delay: 1s }
`;
    expect(faults(text)).toEqual(['rpc_config.retry_config: min_delay is longer than max_delay']);
  });

  it('takes the bearer token from a private file too', () => {
    const path = file('tok-4711\n');
    const push = `metrics_push_config:\n  bearer_token: '@${path}'\n  push_url: 'https://x'\n`;
    expect(faults(TESTNET + push).join()).toMatch(/bearer_token: .*mode 0\d+: others/);
    chmodSync(path, 0o600);
    expect(load(TESTNET + push).push?.bearer_token).toBe('tok-4711');
  });

  it('does not repeat the bearer token anywhere', () => {
    const token = 'tok-4711';
    const push = `metrics_push_config:\n  bearer_token: '${token}'\n  push_url: 'https://u:pw@x/p?k=1'\n`;
    const summary = JSON.stringify(settingsSummary(load(TESTNET + push)));
    for (const secret of [token, 'pw', 'k=1']) expect(summary).not.toContain(secret);
    const broken = `metrics_push_config:\n  bearer_token: [${token}]\n  push_url: x\n`;
    expect(faults(TESTNET + broken).join()).not.toContain(token);
  });
});

describe('permissioned clients', () => {
  const client = (name: string, key: string, server: string, packages: string[]) => `
    - name: "${name}"
      client_master_key: ${key}
      key_server_object_id: "${server}"
      package_ids: [${packages.map((p) => `"${p}"`).join(', ')}]`;
  const permissioned = (...clients: string[]) =>
    `network: Testnet\nserver_mode: !Permissioned\n  client_configs:${clients.join('')}\n`;
  const derived = (i: number) => `!Derived { derivation_index: ${i} }`;
  const exported = (i: number) => `!Exported { deprecated_derivation_index: ${i} }`;
  const imported = (name: string) => `!Imported { env_var: "${name}" }`;
  const [a, b, c, d, e, f] = ['0a', '0b', '0c', '0d', '0e', '0f'].map(id) as string[];

  it('may be derived, imported and exported', () => {
    const text = permissioned(
      client('alice', derived(0), a!, [b!]),
      client('bob', imported('BOB_KEY'), c!, [d!]),
      client('carol', exported(1), e!, [f!]),
    );
    const { mode } = load(text);
    expect(mode.tag === 'Permissioned' && mode.client_configs.map((x) => x.name)).toEqual([
      'alice',
      'bob',
      'carol',
    ]);
  });

  it('may be none, empty or null', () => {
    for (const text of ['', ' []', ' null']) {
      const yaml = `network: Testnet\nserver_mode: !Permissioned\n  client_configs:${text}\n`;
      expect(parse(yaml).server_mode).toEqual({ tag: 'Permissioned', client_configs: [] });
    }
  });

  const gap = 'Derivation indexes must be incremental, starting from 0';
  const cases: [string, string[], string[]][] = [
    [
      'no package',
      [client('x', derived(0), a!, [])],
      ['Client configuration must have at least one package ID: x'],
    ],
    [
      'names',
      [client('x', derived(0), a!, [b!]), client('x', derived(1), c!, [d!])],
      ['Duplicate client name: x'],
    ],
    [
      'indices',
      [client('x', derived(0), a!, [b!]), client('y', exported(0), c!, [d!])],
      ['Duplicate derivation index: 0'],
    ],
    [
      'variables',
      [client('x', imported('K'), a!, [b!]), client('y', imported('K'), c!, [d!])],
      ['Duplicate environment variable: K'],
    ],
    [
      'servers',
      [client('x', derived(0), a!, [b!]), client('y', derived(1), a!, [d!])],
      [`Duplicate key server object ID: ${a}`],
    ],
    [
      'packages',
      [client('x', derived(0), a!, [b!]), client('y', derived(1), c!, [b!])],
      [`Duplicate package ID: ${b}`],
    ],
    ['a package and a server', [client('x', derived(0), a!, [a!])], [`Duplicate package ID: ${a}`]],
    ['gap at 0', [client('x', derived(1), a!, [b!])], [gap]],
    ['gap inside', [client('x', derived(0), a!, [b!]), client('y', exported(2), c!, [d!])], [gap]],
    [
      'several at once',
      [client('x', derived(0), a!, []), client('x', derived(2), c!, [d!])],
      [
        'Client configuration must have at least one package ID: x',
        'Duplicate client name: x',
        gap,
      ],
    ],
  ];
  it.each(cases)('are checked: %s', (_name, clients, expected) => {
    const found = faults(permissioned(...clients)).map((fault) => fault.replace(/^[^:]*: /, ''));
    expect(found).toEqual(expected);
  });

  it('with package_ids left empty get the clear message', () => {
    const text = permissioned(client('x', derived(0), a!, [])).replace('[]', '');
    expect(faults(text)[0]).toContain('must have at least one package ID: x');
  });
});

describe('the environment', () => {
  const config = () => file(TESTNET);

  it('gives file, port, engine and node', () => {
    const env = {
      CONFIG_PATH: config(),
      PORT: '0',
      SEAL_ENGINE: 'mcl',
      NODE_URL: 'http://node:9000',
      FULL_NODE_RPC_API_NAME: 'x-api-key',
      FULL_NODE_RPC_API_KEY: 'k',
    };
    expect(loadSettings({ env }).settings).toMatchObject({
      port: 0,
      engine: 'mcl',
      nodeUrl: 'http://node:9000',
      nodeHeader: { name: 'x-api-key', value: 'k' },
    });
  });

  it('may not name the node twice', () => {
    expect(faults(`${TESTNET}node_url: http://a\n`, { NODE_URL: 'http://b' })).toEqual([
      'node_url: is set both in the file and as NODE_URL',
    ]);
  });

  it.each([
    [{ FULL_NODE_RPC_API_NAME: 'x', FULL_NODE_RPC_API_KEY: '' }],
    [{ FULL_NODE_RPC_API_KEY: 'k' }],
  ])('sends a header only when both parts are there (%#)', (env) => {
    expect(load(TESTNET, env as Environment).nodeHeader).toBeUndefined();
  });

  it('alone describes an open server on testnet', () => {
    const env = { KEY_SERVER_OBJECT_ID: 'ab'.repeat(32), NODE_URL: 'http://ignored' };
    expect(loadSettings({ env }).settings).toMatchObject({
      network: 'testnet',
      nodeUrl: 'https://fullnode.testnet.sui.io:443',
      mode: { tag: 'Open', key_server_object_id: id('ab') },
    });
  });

  it('knows networks in any case', () => {
    const env = { KEY_SERVER_OBJECT_ID: id('ab'), NETWORK: 'DevNet', SEAL_PACKAGE: '0x5' };
    expect(loadSettings({ env }).settings).toMatchObject({
      network: 'devnet',
      sealPackage: `0x${'5'.padStart(64, '0')}`,
    });
  });

  it.each([
    [{}, ['$KEY_SERVER_OBJECT_ID']],
    [{ KEY_SERVER_OBJECT_ID: 'ab', NETWORK: 'moon' }, ['$NETWORK']],
    [{ NETWORK: 'devnet' }, ['$KEY_SERVER_OBJECT_ID', '$SEAL_PACKAGE']],
    [{ KEY_SERVER_OBJECT_ID: 'ab', PORT: '65536' }, ['$PORT']],
  ])('faults are listed (%#)', (env, paths) => {
    try {
      loadSettings({ env: env as Environment });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.faults.map((fault) => fault.path)).toEqual(paths);
    }
  });
});
