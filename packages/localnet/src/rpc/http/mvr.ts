/**
 * Move Registry look-ups from the development registry (spec sui-ledger §12).
 *
 * Names that are not registered are left out of the answer, as the real service does.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { quote } from '../arguments.ts';
import type { DevRegistry } from '../registry.ts';
import { invalidField, RpcError } from '../transport/status.ts';
import { readJsonObject, sendJson, textListMember } from './json.ts';

/** Most names in one request, as the client batches them. */
export const MAX_MVR_NAMES = 50;

const PACKAGES_PATH = '/v1/resolution/bulk';
const TYPES_PATH = '/v1/struct-definition/bulk';
const SINGLE_PREFIX = '/v1/resolution/';

/** Does the path belong to MVR? */
export function isMvrPath(path: string): boolean {
  return path === TYPES_PATH || path.startsWith(SINGLE_PREFIX);
}

/**
 * Serves one MVR request.
 * @throws RpcError
 */
export async function serveMvr(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  registry: DevRegistry,
): Promise<void> {
  const body = await resolve(request, path, registry);
  sendJson(response, 200, body, { cors: true });
}

async function resolve(
  request: IncomingMessage,
  path: string,
  registry: DevRegistry,
): Promise<unknown> {
  if (request.method === 'GET' && path !== PACKAGES_PATH && path !== TYPES_PATH) {
    return resolveOne(path.slice(SINGLE_PREFIX.length), registry);
  }
  if (request.method !== 'POST') throw new RpcError('UNIMPLEMENTED', `use POST for ${path}`);
  const body = await readJsonObject(request);
  if (path === PACKAGES_PATH) return resolvePackages(body, registry);
  if (path === TYPES_PATH) return resolveTypes(body, registry);
  throw new RpcError('NOT_FOUND', `no such path: ${quote(path)}`);
}

function resolveOne(encoded: string, registry: DevRegistry): unknown {
  const name = decodeName(encoded);
  const id = registry.package(name);
  if (id === undefined) throw new RpcError('NOT_FOUND', `MVR name ${quote(name)} not found`);
  return { package_id: id };
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw invalidField('name', `invalid name: ${quote(encoded)}`);
  }
}

function resolvePackages(body: Record<string, unknown>, registry: DevRegistry): unknown {
  const found: [string, { package_id: string }][] = [];
  for (const name of textListMember(body, 'names', MAX_MVR_NAMES)) {
    const id = registry.package(name);
    if (id !== undefined) found.push([name, { package_id: id }]);
  }
  return { resolution: Object.fromEntries(found) };
}

function resolveTypes(body: Record<string, unknown>, registry: DevRegistry): unknown {
  const found: [string, { type_tag: string }][] = [];
  for (const type of textListMember(body, 'types', MAX_MVR_NAMES)) {
    const separator = type.indexOf('::');
    const id = separator < 0 ? undefined : registry.package(type.slice(0, separator));
    if (id !== undefined) found.push([type, { type_tag: id + type.slice(separator) }]);
  }
  return { resolution: Object.fromEntries(found) };
}
