/** The command itself: real process, sockets, signals and log lines, over a fake full node. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serverProcess, url } from '../../service/test/support/server-process.ts';
import { startFakeNode } from './support/fake-node.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const { start, killLast } = serverProcess(MAIN);
const KEY = '5a'.repeat(32);
const directory = mkdtempSync(join(tmpdir(), 'key-server-process-'));
let node: Awaited<ReturnType<typeof startFakeNode>>;

beforeAll(async () => {
  node = await startFakeNode();
});
afterEach(killLast);
afterAll(async () => {
  await node.close();
  rmSync(directory, { recursive: true });
});

function config(): string {
  const path = join(directory, 'key-server.yaml');
  writeFileSync(
    path,
    `network: !Localnet { seal_package: "0x5ea1" }
node_url: "${node.url}"
server_mode: !Open { key_server_object_id: "0xab" }
metrics_host_port: 0
rpc_config:
  timeout: 1s
  retry_config: { max_retries: 1, min_delay: 1ms, max_delay: 1ms }
`,
  );
  return path;
}

describe('seal-key-server', () => {
  it('serves, is measured, stops on the first signal, and keeps its secrets', async () => {
    const env = {
      MASTER_KEY: KEY,
      FULL_NODE_RPC_API_NAME: 'x-api-key',
      FULL_NODE_RPC_API_KEY: 'node-api-secret',
      RUST_LOG: 'trace',
    };
    const server = start(['--config', config(), '--host', '127.0.0.1'], env);
    const { port, metricsPort } = await server.line('ready');
    expect((await fetch(url(port, '/health'))).status).toBe(200);
    expect((await fetch(url(port, '/ready'))).status).toBe(200);
    const headers = { 'client-sdk-version': '1.0.0' };
    const service = await fetch(url(port, '/v1/service?service_id=0xab'), { headers });
    expect(service.status).toBe(200);
    await server.line('cannot read the key server object');
    const metrics = await (await fetch(url(metricsPort, '/metrics'))).text();
    const labels = 'method="get_reference_gas_price",status="success"';
    expect(metrics).toContain(`sui_rpc_request_duration_millis_count{${labels}} 1`);
    expect(metrics).toContain('nodejs_eventloop_lag_seconds');
    expect(metrics).toContain('http_requests_total{route="/v1/service",status="200"} 1');
    expect(await (await fetch(url(metricsPort, '/'))).text()).toContain('total_requests');
    for (const { headers: sent } of node.requests) {
      expect(sent['x-api-key']).toBe('node-api-secret');
    }
    server.process.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    await server.line('stopped');
    expect(server.output()).not.toContain(KEY);
    expect(server.output()).not.toContain('node-api-secret');
  });

  it('waits for the gas price before it answers, and can be stopped while waiting', async () => {
    node.state.up = false;
    try {
      const server = start(['--config', config()], { MASTER_KEY: KEY });
      await server.line('cannot read the reference gas price');
      expect(server.output()).not.toContain('"msg":"ready"');
      server.process.kill('SIGINT');
      expect(await server.exit).toBe(0);
    } finally {
      node.state.up = true;
    }
  });

  it('does not start with faults, and lists them', async () => {
    const server = start(['--config', config()], { MASTER_KEY: 'hunter2' });
    expect(await server.exit).toBe(1);
    expect(server.output()).toContain('$MASTER_KEY: is not 32 bytes in hex');
    expect(server.output()).not.toContain('hunter2');
  });

  it('check-config prints one JSON object', async () => {
    const server = start(['check-config', '--json', '--config', config()], { MASTER_KEY: KEY });
    expect(await server.exit).toBe(0);
    expect(JSON.parse(server.output())).toMatchObject({
      ok: true,
      faults: [],
      settings: { network: 'localnet', mode: 'Open' },
    });
  });

  it('explains itself', async () => {
    const server = start(['--help']);
    expect(await server.exit).toBe(0);
    for (const text of ['Examples:', 'check-config', '--config', 'MASTER_KEY', 'CONFIG_PATH']) {
      expect(server.output()).toContain(text);
    }
  });
});
