/**
 * `api-key new`: a key with which the aggregator calls this member's key server (seal-protocol.md §6.5).
 * The key server knows no keys; the member's reverse proxy enforces them, so what the proxy needs is
 * printed beside what the aggregator's operator needs.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { toHex } from '@seal-ts/protocol';
import { createPrivateFile } from '@seal-ts/wallet/files';
import { plain } from '../ceremony/people.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { CeremonyFile } from '../files/ceremony-file.ts';
import { ceremonyFilePath, type StateOptions } from './common.ts';

/** Random bytes of a key; shown as hex, since nginx compares without regard to case. */
export const API_KEY_BYTES = 32;
/** Longest name of a client, or of a header. */
export const MAX_NAME = 64;
/** Where the proxy's keys are; anything else can be chosen. */
const KEY_FILE = '/etc/nginx/seal-main.keys';
/** Client version that the debug endpoint is asked with. */
const CLIENT_VERSION = '0.6.0';

export interface ApiKeyOptions extends StateOptions {
  readonly name?: string;
  readonly url?: string;
  readonly header: string;
  readonly client: string;
  readonly proxy: 'nginx';
  readonly output?: string;
}

interface Credentials {
  readonly key: string;
  readonly server: string;
  readonly url: string | undefined;
  readonly header: string;
  readonly client: string;
}

export function newApiKey(deps: CliDeps, options: ApiKeyOptions): void {
  const { header, client, output } = options;
  const named = /^[A-Za-z][A-Za-z0-9-]*$/.test(header) && header.length <= MAX_NAME;
  if (!named) throw badOption(`--header ${plain(header)}: expected letters, digits and hyphens`);
  const known = /^[a-z][a-z0-9-]*$/.test(client) && client.length <= MAX_NAME;
  if (!known) {
    throw badOption(`--client ${plain(client)}: expected lower-case letters, digits and hyphens`);
  }
  const { server, url } = serverOf(deps, options);
  const key = toHex(deps.random(API_KEY_BYTES));
  const credentials: Credentials = { key, server, url, header, client };
  if (output === undefined) {
    deps.out(sheet(credentials));
    return;
  }
  const path = resolve(deps.cwd, output);
  if (existsSync(path)) throw badOption(`${path} exists; it was left as it is. Name another file`);
  createPrivateFile(path, `${sheet(credentials)}\n`);
  deps.out(sheet({ ...credentials, key: '<the key>' }));
  deps.note(
    `The same with the key in it: ${path}. It was not printed; move it to where it belongs.`,
  );
}

/** Name on chain and URL: as the options say, else as this member registered. */
function serverOf(
  deps: CliDeps,
  options: ApiKeyOptions,
): { readonly server: string; readonly url: string | undefined } {
  const path = ceremonyFilePath(deps, options);
  const file = existsSync(path) ? CeremonyFile.read(path) : undefined;
  const server = options.name ?? file?.serverName;
  if (server === undefined || server.trim() === '' || server !== plain(server, server.length)) {
    throw badOption(
      `give --name with the name of your key server on chain (MY_SERVER_NAME); ${path} has none`,
    );
  }
  const url = options.url ?? file?.serverUrl;
  return { server, url: url === undefined ? undefined : cleanUrl(url) };
}

/** Goes into a shell command and into YAML. */
function cleanUrl(text: string): string {
  const fault = `--url ${plain(text, 100)}: expected https:// and a host (http:// only for tests)`;
  if (!/^https?:\/\/[A-Za-z0-9.:[\]/_~%-]+$/.test(text) || !URL.canParse(text)) {
    throw badOption(fault);
  }
  return text.replace(/\/+$/, '');
}

function sheet({ key, server, url, header, client }: Credentials): string {
  const variable = header.toLowerCase().replaceAll('-', '_');
  const address = url ?? 'https://<your server>';
  return [
    `API key of "${client}" for key server "${server}"`,
    '',
    `1. Your proxy. Add this line to its key file (${KEY_FILE}, mode 0600), then nginx -t and reload:`,
    '',
    `"${key}" ${client};`,
    '',
    '   With deploy/nginx/render.mjs, these settings:',
    '',
    'KIND=committee-member',
    `API_KEYS=${KEY_FILE}`,
    `API_KEY_HEADER=${header}`,
    '',
    '   With an nginx site of your own, this in the http block:',
    '',
    'map_hash_bucket_size 128;',
    `map $http_${variable} $seal_client {`,
    '  default 403;',
    '  "" 401;',
    `  include ${KEY_FILE};`,
    '}',
    '',
    '   and this in the locations of the key server (answer OPTIONS before: preflights carry no key):',
    '',
    'if ($seal_client = 401) { return 401; }',
    'if ($seal_client = 403) { return 403; }',
    '',
    "2. For the coordinator, over a private channel: the entry of the aggregator's configuration",
    '',
    'api_credentials:',
    `  ${JSON.stringify(server)}:`,
    `    api_key_name: "${header}"`,
    `    api_key: "${key}"`,
    ...(url === undefined ? [] : [`    url: "${url}"`]),
    '',
    '3. A try; send the coordinator the answer too:',
    '',
    `curl -H '${header}: ${key}' -H 'Client-Sdk-Version: ${CLIENT_VERSION}' \\`,
    `  '${address}/v1/debug/committee_partial_pk'`,
  ].join('\n');
}

function badOption(text: string): CommitteeError {
  return new CommitteeError('COMMITTEE_BAD_OPTION', text);
}
