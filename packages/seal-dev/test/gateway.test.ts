/** The address that stays while aggregators change behind it. */
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { Gateway } from '../src/stack/gateway.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

/** A server that answers with its name, the method, the path and the body. */
async function backend(name: string): Promise<{ port: number; server: Server }> {
  return listening((body, response, head) => {
    response.writeHead(207, { 'x-name': name, 'set-cookie': ['a=1', 'b=2'] });
    response.end(`${name} ${head} ${body}`);
  });
}

async function listening(
  answer: (body: string, response: ServerResponse, head: string) => void,
): Promise<{ port: number; server: Server }> {
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => answer(body, response, `${incoming.method} ${incoming.url}`));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return { port: portOf(server), server };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function gatewayTo(target: number): Promise<Gateway> {
  const { port, server } = await listening(() => {});
  await new Promise<void>((done) => server.close(() => done()));
  const gateway = await Gateway.open(port, target);
  open.push(gateway);
  return gateway;
}

it('passes everything of a request and an answer', async () => {
  const { port } = await backend('one');
  const gateway = await gatewayTo(port);
  const answer = await fetch(`${gateway.url}/v1/x?y=1`, { method: 'POST', body: 'hello' });
  expect(answer.status).toBe(207);
  expect(answer.headers.get('x-name')).toBe('one');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await answer.text()).toBe('one POST /v1/x?y=1 hello');
});

it('sends each request to whoever is the target then, a running one stays where it is', async () => {
  const release = Promise.withResolvers<void>();
  const slow = await listening(async (_, response) => {
    await release.promise;
    response.end('slow');
  });
  const gateway = await gatewayTo(slow.port);
  const first = fetch(gateway.url);
  await new Promise((done) => setTimeout(done, 50));
  gateway.target = (await backend('two')).port;
  expect(await (await fetch(gateway.url)).text()).toMatch(/^two /);
  release.resolve();
  expect(await (await first).text()).toBe('slow');
});

it('breaks the connection when nothing answers behind it', async () => {
  const { port, server } = await backend('gone');
  await new Promise<void>((done) => server.close(() => done()));
  const gateway = await gatewayTo(port);
  await expect(fetch(gateway.url)).rejects.toThrow('fetch failed');
});

it('breaks the connection when the answer breaks off', async () => {
  const { port } = await listening((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setTimeout(() => response.destroy(), 20);
  });
  const gateway = await gatewayTo(port);
  const answer = await fetch(gateway.url);
  await expect(answer.text()).rejects.toThrow('terminated');
});

it('gives up what is behind it when the client goes away', async () => {
  const closed = Promise.withResolvers<void>();
  const { port } = await listening((_, response) => {
    response.on('close', () => closed.resolve());
  });
  const gateway = await gatewayTo(port);
  const asking = request(gateway.url);
  asking.on('error', () => {});
  asking.end();
  setTimeout(() => asking.destroy(), 50);
  await closed.promise;
});
