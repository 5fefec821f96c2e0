/** The SDK in a browser, from a bundle: encrypts and decrypts against the stack, across origins. */
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromiumPath } from '../support/chromium.ts';
import { TestAllowlist, type TestStack, testStack } from '../support/stack.ts';

let stack: TestStack;
let page: { server: Server; url: string };
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  stack = await testStack(3);
  page = await serveBundle();
});

afterAll(async () => {
  await browser?.close();
  await stack?.close();
  page?.server.close();
});

async function serveBundle(): Promise<{ server: Server; url: string }> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['seal-ts-source'],
    write: false,
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const server = createServer((request, response) => {
    if (request.url === '/page.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    } else {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><script type="module" src="/page.js"></script>');
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { server, url: `http://localhost:${port}/` };
}

it.each(['noble', 'mcl'])('encrypts and decrypts with the %s engine', async (engine) => {
  const alice = stack.account('alice');
  const list = await TestAllowlist.create(stack, stack.account('admin'), [alice.toSuiAddress()]);
  const tab = await browser.newPage();
  const problems: string[] = [];
  tab.on('pageerror', (error) => problems.push(String(error)));
  await tab.goto(page.url);
  await tab.waitForFunction(() => 'roundTrip' in globalThis);
  const text = await tab.evaluate(
    (input) =>
      (globalThis as unknown as { roundTrip(i: unknown): Promise<string> }).roundTrip(input),
    {
      engine,
      rpcUrl: stack.manifest.chain.rpcUrl,
      keyServers: stack.manifest.keyServers.map(({ objectId }) => objectId),
      packageId: list.packageId,
      listId: list.objectId,
      id: list.identity(1),
      privateKey: alice.getSecretKey(),
      text: 'from a browser',
    },
  );
  expect(problems).toEqual([]);
  expect(text).toBe('from a browser');
  await tab.close();
});
