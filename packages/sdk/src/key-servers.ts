/**
 * The key servers of a client: read from the chain once, checked against the configuration, proved
 * if asked, with their public keys decoded and prepared once (seal-protocol.md §2.2, §9.1).
 */

import { isChainError, type SealReader } from '@seal-ts/chain';
import {
  type Engine,
  isCryptoError,
  type PreparedG2,
  publicKeyFromBytes,
  verifyProofOfPossession,
} from '@seal-ts/crypto';
import {
  addressToBytes,
  KEY_TYPE_BONEH_FRANKLIN_BLS12381,
  type KeyServerInfo,
  PATHS,
  parseServiceResponse,
  SUPPORTED_KEY_SERVER_VERSIONS,
} from '@seal-ts/protocol';
import { withDeadline } from './abort.ts';
import {
  InvalidClientOptionsError,
  InvalidGetObjectError,
  InvalidKeyServerError,
  InvalidKeyServerVersionError,
} from './errors/user.ts';
import { requestJson, type Transport } from './http.ts';
import type { KeyServer, KeyServerConfig } from './types.ts';

/** A key server with everything a request and a pairing need. */
export interface LoadedServer {
  readonly server: KeyServer;
  readonly publicKey: PreparedG2;
}

export interface KeyServerDeps {
  readonly reader: SealReader;
  readonly engine: Engine;
  readonly transport: Transport;
}

/** Reads and checks one server. Throws SealError. */
export async function loadKeyServer(
  deps: KeyServerDeps,
  objectId: string,
  config: KeyServerConfig | undefined,
  signal: AbortSignal | undefined,
): Promise<LoadedServer> {
  const info = await readKeyServer(deps, objectId, signal);
  if (info.keyType !== KEY_TYPE_BONEH_FRANKLIN_BLS12381) {
    throw new InvalidKeyServerError(`Server ${objectId} has invalid key type: ${info.keyType}`);
  }
  const publicKey = decodePublicKey(deps.engine, info);
  const server: KeyServer = {
    objectId,
    name: info.name,
    url: trimSlashes(urlOf(info, config)),
    keyType: KEY_TYPE_BONEH_FRANKLIN_BLS12381,
    pk: Uint8Array.from(info.publicKey),
    serverType: info.serverType.kind === 'committee' ? 'Committee' : 'Independent',
  };
  return { server, publicKey };
}

/** Only the public key: for servers of an object that the client is not configured for. */
export async function loadPublicKey(
  deps: KeyServerDeps,
  objectId: string,
  signal: AbortSignal | undefined,
): Promise<PreparedG2> {
  return decodePublicKey(deps.engine, await readKeyServer(deps, objectId, signal));
}

/** Asks the server to prove that it has its key. Committee servers are skipped (§9.1). */
export async function proveKeyServer(
  deps: KeyServerDeps,
  loaded: LoadedServer,
  config: KeyServerConfig | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { server, publicKey } = loaded;
  if (server.serverType === 'Committee') return;
  const body = await requestJson(deps.transport, {
    url: `${server.url}${PATHS.service}?service_id=${server.objectId}`,
    method: 'GET',
    apiKeyName: config?.apiKeyName,
    apiKey: config?.apiKey,
    requestId: deps.transport.requestId(),
    signal,
  });
  if (!proves(deps.engine, body, server, publicKey)) {
    throw new InvalidKeyServerError(
      `Key server ${server.objectId} (${server.url}) did not prove that it has its key: ` +
        'do not use it, or check its object id',
    );
  }
}

function proves(engine: Engine, body: unknown, server: KeyServer, publicKey: PreparedG2): boolean {
  try {
    const { serviceId, pop } = parseServiceResponse(body);
    if (serviceId !== server.objectId) return false;
    const proof = engine.g1.fromBytes(pop);
    const message = addressToBytes(server.objectId);
    return verifyProofOfPossession(engine, proof, publicKey.point, message);
  } catch {
    // Shape, encoding and point errors all mean the same: no proof.
    return false;
  }
}

async function readKeyServer(
  { reader, transport }: KeyServerDeps,
  objectId: string,
  signal: AbortSignal | undefined,
): Promise<KeyServerInfo> {
  const { timeoutMs } = transport;
  try {
    return await withDeadline(
      timeoutMs,
      signal,
      (either) => reader.keyServer(objectId, { signal: either }),
      (cause) => {
        const text = `Key server object ${objectId} could not be read within ${timeoutMs} ms`;
        return new InvalidGetObjectError(text, { cause });
      },
    );
  } catch (cause) {
    signal?.throwIfAborted();
    if (!isChainError(cause)) throw cause;
    if (cause.code === 'UNSUPPORTED_VERSION') {
      const known = SUPPORTED_KEY_SERVER_VERSIONS.join(', ');
      const text = `${cause.message}, but SDK expects one of ${known}`;
      throw new InvalidKeyServerVersionError(text, { cause });
    }
    if (cause.code === 'MALFORMED') {
      throw new InvalidKeyServerError(`Object ${objectId} is not a key server`, { cause });
    }
    const text = `Key server object ${objectId} could not be read: ${cause.message}`;
    throw new InvalidGetObjectError(text, { cause });
  }
}

function decodePublicKey(engine: Engine, info: KeyServerInfo): PreparedG2 {
  try {
    return publicKeyFromBytes(engine, info.publicKey);
  } catch (cause) {
    if (!isCryptoError(cause)) throw cause;
    const text = `Server ${info.objectId} has an invalid public key: ${cause.message}`;
    throw new InvalidKeyServerError(text, { cause });
  }
}

function urlOf(info: KeyServerInfo, config: KeyServerConfig | undefined): string {
  const { objectId, serverType } = info;
  if (serverType.kind === 'committee') {
    if (config?.aggregatorUrl) return config.aggregatorUrl;
    throw new InvalidClientOptionsError(
      `Committee server ${objectId} requires aggregatorUrl in config`,
    );
  }
  if (config?.aggregatorUrl) {
    throw new InvalidClientOptionsError(
      `Independent server ${objectId} should not have aggregatorUrl in config`,
    );
  }
  return serverType.url;
}

function trimSlashes(url: string): string {
  let end = url.length;
  while (end > 0 && url[end - 1] === '/') end--;
  return url.slice(0, end);
}
