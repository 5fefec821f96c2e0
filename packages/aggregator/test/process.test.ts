/** The command itself: real process, sockets and signals, over a fake full node and real members. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  encodeBcs,
  encodeKeyServerV2,
  type FetchKeyResponseJson,
  keyServerFieldId,
} from '@seal-ts/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { moduleBytes, packageObject } from '../../chain/test/support/objects.ts';
import { serverProcess, url } from '../../service/test/support/server-process.ts';
import { createRequest, HEADERS, openAnswer, post } from './support/client.ts';
import { engine } from './support/engine.ts';
import { moveObject, startFakeNode } from './support/fake-node.ts';
import { API_KEY, createWorld, KEY_SERVER, PACKAGE, type World } from './support/world.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const { start, killLast } = serverProcess(MAIN);
const directory = mkdtempSync(join(tmpdir(), 'aggregator-process-'));
const objects = new Map<string, Uint8Array>();
const servers: Server[] = [];
let node: Awaited<ReturnType<typeof startFakeNode>>;
let world: World;

/** Puts a simulated member on a socket of its own; without its API key nobody gets in. */
async function serveMember(name: 'A' | 'B' | 'C'): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.headers['x-api-key'] !== `${API_KEY}-${name}`) {
      response.writeHead(401).end();
      return;
    }
    const answer = await world.member(name).answer({
      url: new URL(`http://${name}${request.url}`),
      headers: {},
      body: Buffer.concat(chunks),
      maxBytes: 0,
      signal: new AbortController().signal,
    });
    response.writeHead(answer.status, { 'x-keyserver-version': '0.6.10' }).end(answer.body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  world = await createWorld();
  const urls = { A: await serveMember('A'), B: await serveMember('B'), C: await serveMember('C') };
  const { name, keyType, publicKey, serverType } = await world.chain.keyServer(KEY_SERVER);
  if (serverType.kind !== 'committee') return;
  const members = serverType.members.map((m) => ({ ...m, url: urls[m.name as 'A'] }));
  const info = { name, keyType, publicKey, serverType: { ...serverType, members } };
  const fieldId = keyServerFieldId(KEY_SERVER, 2);
  const field = encodeBcs((w) => w.address(fieldId).u64(2n).bytes(encodeKeyServerV2(info)));
  objects.set(fieldId, moveObject(field));
  objects.set(PACKAGE, packageObject(PACKAGE, [moduleBytes(PACKAGE)]));
  node = await startFakeNode(objects);
});
afterEach(killLast);
afterAll(async () => {
  await node.close();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  rmSync(directory, { recursive: true });
});

function config(extra = 'member_access: { allow_addresses: ["127.0.0.0/8"] }'): string {
  const path = join(directory, 'aggregator.yaml');
  const keyFile = join(directory, 'key-a');
  writeFileSync(keyFile, `${API_KEY}-A\n`, { mode: 0o600 });
  writeFileSync(
    path,
    `network: !Localnet { seal_package: "0x5ea1" }
node_url: "${node.url}"
key_server_object_id: "${KEY_SERVER}"
key_server_timeout_secs: 2
api_credentials:
  "A": { api_key_name: "x-api-key", api_key: "@${keyFile}" }
  "B": { api_key_name: "x-api-key", api_key: "${API_KEY}-B" }
  "C": { api_key_name: "x-api-key", api_key: "${API_KEY}-wrong" }
metrics_host_port: 0
rpc_config:
  timeout: 1s
  retry_config: { max_retries: 1, min_delay: 1ms, max_delay: 1ms }
${extra}
`,
  );
  return path;
}

describe('seal-aggregator', () => {
  it('combines keys, is measured, stops on the first signal, and keeps its secrets', async () => {
    const server = start(['--config', config(), '--host', '127.0.0.1'], { RUST_LOG: 'trace' });
    const { port, metricsPort } = await server.line('ready');
    for (const path of ['/health', '/ready'])
      expect((await fetch(url(port, path))).status).toBe(200);
    const { body, secretKey } = await createRequest({ engine });
    const res = await fetch(url(port, '/v1/fetch_key'), post(body, HEADERS));
    expect(res.status).toBe(200);
    const answer = (await res.json()) as FetchKeyResponseJson;
    expect(openAnswer(answer, secretKey, engine).size).toBe(1);

    world.member('B').behave = () => ({ status: 500, headers: {}, body: 'broken' });
    const refused = await fetch(url(port, '/v1/fetch_key'), post(body, HEADERS));
    expect(refused.status).toBe(503);
    world.member('B').behave = (honest) => honest();

    const metrics = await (await fetch(url(metricsPort, '/metrics'))).text();
    expect(metrics).toContain('method="fetch_key_server_by_id",status="success"');
    expect(metrics).toContain('nodejs_eventloop_lag_seconds');
    expect(metrics).toContain('member_failures_total{key_server_name="B",reason="http_status"} 1');
    expect(await (await fetch(url(metricsPort, '/'))).text()).toContain('total_requests 2');
    server.process.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    await server.line('stopped');
    expect(server.output() + metrics).not.toContain(API_KEY);
  });

  it('lets a request in flight finish before it stops', async () => {
    const server = start(['--config', config(), '--host', '127.0.0.1']);
    const { port } = await server.line('ready');
    const arrived = new Promise<void>((resolve) => {
      world.member('B').behave = async (honest) => {
        resolve();
        await new Promise((later) => setTimeout(later, 500));
        return honest();
      };
    });
    const { body } = await createRequest({ engine });
    const answer = fetch(url(port, '/v1/fetch_key'), post(body, HEADERS));
    await arrived;
    server.process.kill('SIGTERM');
    expect((await answer).status).toBe(200);
    expect(await server.exit).toBe(0);
    world.member('B').behave = (honest) => honest();
  });

  it('sends nothing to members on this machine unless that is allowed', async () => {
    const asked = ['A', 'B', 'C'].map((name) => world.member(name as 'A').requests.length);
    const server = start(['--config', config('')]);
    const { port } = await server.line('ready');
    const { body } = await createRequest({ engine });
    const res = await fetch(url(port, '/v1/fetch_key'), post(body, HEADERS));
    expect(res.status).toBe(503);
    await server.line('request');
    expect(server.output()).toContain('"reason":"address_refused"');
    expect(['A', 'B', 'C'].map((name) => world.member(name as 'A').requests.length)).toEqual(asked);
    server.process.kill('SIGINT');
    expect(await server.exit).toBe(0);
  });

  it('does not start without its committee', async () => {
    const path = config();
    const field = objects.get(keyServerFieldId(KEY_SERVER, 2))!;
    objects.delete(keyServerFieldId(KEY_SERVER, 2));
    try {
      const server = start(['--config', path]);
      expect(await server.exit).toBe(1);
      expect(server.output()).toContain('seal-aggregator: ');
    } finally {
      objects.set(keyServerFieldId(KEY_SERVER, 2), field);
    }
  });

  it('checks a configuration, and explains itself', async () => {
    const check = start(['check-config', '--json', '--config', config()]);
    expect(await check.exit).toBe(0);
    expect(JSON.parse(check.output())).toMatchObject({ ok: true, faults: [] });
    expect(check.output()).not.toContain(API_KEY);
    const help = start(['--help']);
    expect(await help.exit).toBe(0);
    for (const text of ['Examples:', 'check-config', '--config', 'CONFIG_PATH']) {
      expect(help.output()).toContain(text);
    }
  });
});
