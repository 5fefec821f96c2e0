/**
 * A real nginx on loopback with five rendered sites before one key server in this process, and its
 * metrics on a port of their own.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, metricsApp } from '@seal-ts/service';
import { createWorld } from '../../../packages/key-server/test/support/world.ts';
import { deployFile } from './programs.ts';

export const KEY_HEADER = 'x-api-key';
const SITES = ['main', 'member', 'aggregator', 'public', 'tight'] as const;
export type Site = (typeof SITES)[number];
const START_TIMEOUT_MS = 10_000;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
}
export interface ProxyRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  tls?: Pick<RequestOptions, 'minVersion' | 'maxVersion'>;
}

export async function startProxy(nginx: string, openssl: string) {
  const directory = mkdtempSync(join(tmpdir(), 'seal-nginx-'));
  const { seen, upstreamPort, closeUpstream } = await startUpstream();
  const keyFile = join(directory, 'clients.keys');
  const keys = { alice: newKey(keyFile, 'alice'), bob: newKey(keyFile, 'bob') };
  const certificate = selfSigned(openssl, directory);
  const ports = Object.fromEntries(
    await Promise.all(SITES.map(async (site) => [site, await freePort()])),
  ) as Record<Site, number>;
  for (const site of SITES) {
    const settings = join(directory, `${site}.env`);
    writeFileSync(settings, siteSettings(site, { directory, port: ports[site], upstreamPort }));
    const rendered = execFileSync(process.execPath, [deployFile('nginx/render.mjs'), settings]);
    writeFileSync(join(directory, `${site}.conf`), rendered);
  }
  const child = await startNginx(nginx, directory);
  const exited = new Promise((resolve) => child.once('exit', resolve));

  const request = (site: Site, path: string, options: ProxyRequest = {}): Promise<Answer> =>
    send({ ...options, path, port: ports[site], ca: certificate });
  const text = (suffix: string) =>
    SITES.map((site) => readFileSync(join(directory, `${site}.${suffix}`), 'utf8')).join('');

  return {
    directory,
    keyFile,
    keys,
    ports,
    request,
    /** Requests that reached the key server. */
    seen,
    logs: () => ({
      access: text('access.log'),
      error: text('error.log') + readFileSync(join(directory, 'nginx.error.log'), 'utf8'),
    }),
    async close(): Promise<void> {
      child.kill('SIGTERM');
      await exited;
      await closeUpstream();
      rmSync(directory, { recursive: true });
    },
  };
}

async function startUpstream() {
  const seen: { path: string; headers: Record<string, string> }[] = [];
  const { app, metrics } = await createWorld();
  const recorded = {
    fetch(incoming: Request) {
      const { pathname } = new URL(incoming.url);
      seen.push({ path: pathname, headers: Object.fromEntries(incoming.headers) });
      return app.fetch(incoming);
    },
  };
  const server = await listen(recorded, { port: 0, hostname: '127.0.0.1' });
  const watched = await listen(metricsApp(metrics.registry), { port: 0, hostname: '127.0.0.1' });
  const closeUpstream = () => Promise.all([server.close(), watched.close()]);
  return { seen, upstreamPort: server.port, closeUpstream };
}

function newKey(file: string, name: string): string {
  const add = deployFile('nginx/new-api-key.sh');
  return execFileSync('sh', [add, file, name], { encoding: 'utf8' }).trim();
}

function selfSigned(openssl: string, directory: string): string {
  const certificate = join(directory, 'certificate.pem');
  const args = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' ');
  args.push('-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost');
  args.push('-keyout', join(directory, 'certificate.key'), '-out', certificate);
  execFileSync(openssl, args, { stdio: 'pipe' });
  return readFileSync(certificate, 'utf8');
}

interface SitePlace {
  directory: string;
  port: number;
  upstreamPort: number;
}

function siteSettings(site: Site, { directory, port, upstreamPort }: SitePlace): string {
  const kinds: Partial<Record<Site, string>> = {
    member: 'committee-member',
    aggregator: 'aggregator',
  };
  const rate = site === 'tight' ? 1 : 1000;
  const settings = {
    KIND: kinds[site] ?? 'key-server',
    NAME: site,
    SERVER_NAME: 'localhost',
    LISTEN: `127.0.0.1:${port}`,
    UPSTREAM: `127.0.0.1:${upstreamPort}`,
    TLS_CERTIFICATE: join(directory, 'certificate.pem'),
    TLS_CERTIFICATE_KEY: join(directory, 'certificate.key'),
    API_KEYS: site === 'public' ? 'none' : join(directory, 'clients.keys'),
    API_KEY_HEADER: 'X-API-Key',
    RATE_PER_ADDRESS: rate,
    BURST_PER_ADDRESS: rate,
    RATE_PER_CLIENT: rate,
    BURST_PER_CLIENT: rate,
    ACCESS_LOG: join(directory, `${site}.access.log`),
    ERROR_LOG: join(directory, `${site}.error.log`),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function startNginx(nginx: string, directory: string): Promise<ChildProcess> {
  copyFileSync(deployFile('nginx/seal-common.conf'), join(directory, 'seal-common.conf'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${join(directory, kind)};\n`)
    .join('');
  writeFileSync(
    join(directory, 'nginx.conf'),
    `daemon off;\nworker_processes 1;\npid ${join(directory, 'nginx.pid')};\n` +
      `events { worker_connections 256; }\nhttp {\n  access_log off;\n${temporary}` +
      `  include seal-common.conf;\n` +
      SITES.map((site) => `  include ${site}.conf;\n`).join('') +
      '}\n',
  );
  const log = join(directory, 'nginx.error.log');
  const args = ['-p', directory, '-c', 'nginx.conf', '-e', log];
  // A fault, or a warning about this configuration, ends the test with nginx's own words.
  execFileSync(nginx, ['-t', '-q', ...args], { stdio: 'pipe' });
  const child = spawn(nginx, args, { stdio: 'ignore' });
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      if (readFileSync(join(directory, 'nginx.pid'), 'utf8').trim() !== '') return child;
    } catch {
      // Not written yet.
    }
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new TypeError(`nginx did not start: ${readFileSync(log, 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

interface Sent extends ProxyRequest {
  path: string;
  port: number;
  ca: string;
}

/** By hand, since `fetch` normalizes paths and cannot be given a certificate. */
function send({ method = 'GET', path, port, ca, headers = {}, body, tls }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const host = { host: '127.0.0.1', servername: 'localhost', port, path };
    const outgoing = httpsRequest({ ...host, ...tls, method, ca, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const { statusCode = 0, headers: received, rawHeaders } = res;
        const text = Buffer.concat(chunks).toString();
        resolve({ status: statusCode, headers: received, rawHeaders, body: text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
