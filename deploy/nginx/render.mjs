#!/usr/bin/env node
// Fills deploy/nginx/seal-site.conf.template from a settings file and prints an nginx site. Without
// dependencies, so that it runs on a proxy host. Every value is checked against its own pattern first:
// what comes out can hold no directive that the template does not have.
// Usage: node render.mjs SETTINGS_FILE > site.conf   (see key-server.env.example)
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HOST_PORT = String.raw`(?:[A-Za-z0-9.-]+|\[[0-9a-f:]+\]):\d{1,5}`;
const LISTEN = String.raw`(?:${HOST_PORT}|\d{1,5})`;
const PATH = /^\/[A-Za-z0-9_./-]+$/;
const NUMBER = /^[1-9]\d{0,5}$/;

/** What each setting may look like, and how to say so. */
const SETTINGS = {
  KIND: [
    /^(key-server|committee-member|aggregator)$/,
    'key-server, committee-member or aggregator',
  ],
  NAME: [/^[a-z][a-z0-9]{0,31}$/, 'up to 32 lower-case letters and digits'],
  SERVER_NAME: [/^[A-Za-z0-9.-]+$/, 'a host name'],
  LISTEN: [new RegExp(`^${LISTEN}(,${LISTEN})*$`), 'ports or addresses with port, by comma'],
  UPSTREAM: [new RegExp(`^${HOST_PORT}(,${HOST_PORT})*$`), 'host:port, several by comma'],
  TLS_CERTIFICATE: [PATH, 'an absolute path'],
  TLS_CERTIFICATE_KEY: [PATH, 'an absolute path'],
  API_KEYS: [/^(none|\/[A-Za-z0-9_./-]+)$/, 'an absolute path, or none'],
  API_KEY_HEADER: [/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'a header name of letters, digits and hyphens'],
  RATE_PER_ADDRESS: [NUMBER, 'a whole number above 0'],
  BURST_PER_ADDRESS: [NUMBER, 'a whole number above 0'],
  RATE_PER_CLIENT: [NUMBER, 'a whole number above 0'],
  BURST_PER_CLIENT: [NUMBER, 'a whole number above 0'],
  ACCESS_LOG: [PATH, 'an absolute path'],
  ERROR_LOG: [PATH, 'an absolute path'],
};

/** Documented paths by kind: what needs a key is listed here, /health is in the template. */
const PATHS = {
  'key-server': ['/v1/fetch_key', '/v1/service'],
  'committee-member': ['/v1/fetch_key', '/v1/service', '/v1/debug/committee_partial_pk'],
  aggregator: ['/v1/fetch_key', '/v1/service'],
};
/** Body limits of the servers: 184 320 bytes, and 2 MiB for the aggregator (protocol §4.1, §5.2). */
const MAX_BODY = { 'key-server': '180k', 'committee-member': '180k', aggregator: '2m' };

/** Settings of a file of NAME=value lines; `#` starts a comment. Throws with every fault. */
export function parseSettings(text) {
  const settings = {};
  const faults = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const at = line.indexOf('=');
    const name = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(at + 1);
    if (!Object.hasOwn(SETTINGS, name)) faults.push(`line ${index + 1}: no setting "${name}"`);
    else if (Object.hasOwn(settings, name)) faults.push(`line ${index + 1}: ${name} a second time`);
    else settings[name] = value;
  }
  for (const [name, [pattern, meaning]] of Object.entries(SETTINGS)) {
    const value = settings[name];
    if (value === undefined) faults.push(`${name} is missing: ${meaning}`);
    else if (!pattern.test(value)) faults.push(`${name} is "${value}", expected ${meaning}`);
  }
  if (faults.length > 0) throw new TypeError(faults.join('\n'));
  return settings;
}

/** The nginx site. */
export function renderSite(settings, template) {
  const { KIND, NAME, API_KEYS, API_KEY_HEADER } = settings;
  const values = {
    ...settings,
    API_KEY_VARIABLE: API_KEY_HEADER.toLowerCase().replaceAll('-', '_'),
    API_KEY_RULES: apiKeyRules(API_KEYS),
    LISTEN_LINES: each(settings.LISTEN, (where) => `  listen ${where} ssl http2;`),
    LOCATIONS: PATHS[KIND].map((path) => location(path, NAME)).join('\n\n'),
    MAX_BODY: MAX_BODY[KIND],
    UPSTREAM_SERVERS: each(settings.UPSTREAM, (where) => `  server ${where};`),
  };
  return template.replaceAll(/@@([A-Z_]+)@@/g, (_, name) => {
    if (!Object.hasOwn(values, name)) throw new TypeError(`the template wants unknown ${name}`);
    return values[name];
  });
}

function each(list, line) {
  return list.split(',').map(line).join('\n');
}

function apiKeyRules(file) {
  if (file === 'none') return '  default "";';
  return `  default 403;\n  "" 401;\n  include ${file};`;
}

function location(path, name) {
  return `  location = ${path} {
    if ($seal_client_${name} = 401) {
      return 401;
    }
    if ($seal_client_${name} = 403) {
      return 403;
    }
    proxy_pass http://seal_${name};
  }`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [file] = process.argv.slice(2);
  if (!file) {
    process.stderr.write('usage: node render.mjs SETTINGS_FILE > site.conf\n');
    process.exit(2);
  }
  try {
    const template = readFileSync(new URL('./seal-site.conf.template', import.meta.url), 'utf8');
    process.stdout.write(renderSite(parseSettings(readFileSync(file, 'utf8')), template));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
