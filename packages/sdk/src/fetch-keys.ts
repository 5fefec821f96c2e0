/**
 * One round of key fetching: all servers are asked at once, keys are verified as answers arrive, and
 * the round ends as soon as enough weight has answered or cannot answer any more
 * (seal-protocol.md §3.7, §3.8, §9.1).
 */
import {
  type Engine,
  elgamalDecrypt,
  type G1Point,
  hashIdentity,
  type Identity,
  isCryptoError,
  type RandomSource,
  verifyUserSecretKeys,
} from '@seal-ts/crypto';
import {
  type EncryptedKey,
  fromHex,
  isProtocolError,
  PATHS,
  parseFetchKeyResponse,
  toHex,
} from '@seal-ts/protocol';
import { GeneralError, SealAPIError } from './errors/api.ts';
import { hasSealCode, type SealError, type ShareOutcome } from './errors/base.ts';
import { roundError } from './errors/majority.ts';
import { invalidResponse, requestJson, type Transport } from './http.ts';
import type { LoadedServer } from './key-servers.ts';
import type { KeyServerConfig, SealLogger } from './types.ts';

/** A server to ask, with what its answer counts. */
export interface AskedServer extends LoadedServer {
  readonly config: KeyServerConfig;
}

/** What goes to every server of a round. */
export interface SignedRequest {
  /** JSON body, the same for all. */
  readonly body: string;
  /** ElGamal secret the answers are encrypted to, 32 bytes. */
  readonly responseSecret: Uint8Array;
}

export interface RoundOptions {
  readonly servers: readonly AskedServer[];
  /** Hex of the full identities every server must give a key for. */
  readonly fullIds: readonly string[];
  /** Weight still missing. */
  readonly missingWeight: number;
  readonly request: SignedRequest;
}

export interface RoundDeps {
  readonly engine: Engine;
  readonly random?: RandomSource | undefined;
  readonly transport: Transport;
  readonly logger?: SealLogger | undefined;
  /** Called for each verified key. */
  readonly store: (server: string, fullId: string, key: G1Point) => void;
}

/**
 * Fetches until `missingWeight` is there. Throws the majority error of the servers, with one entry
 * for each, or the signal's reason.
 */
export async function fetchRound(
  options: RoundOptions,
  deps: RoundDeps,
  signal: AbortSignal,
): Promise<void> {
  const identities = lazyIdentities(deps.engine);
  const stop = new AbortController();
  const roundSignal = AbortSignal.any([signal, stop.signal]);
  const errors: SealError[] = [];
  const outcomes = new Map<AskedServer, ShareOutcome>();
  let missing = options.missingWeight;
  let possible = options.servers.reduce((sum, { config }) => sum + config.weight, 0);
  try {
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        const shares = options.servers.map((asked) => outcomes.get(asked) ?? cancelled(asked));
        reject(roundError(errors, shares, missing));
      };
      if (possible < missing) {
        giveUp();
        return;
      }
      for (const asked of options.servers) {
        askServer(asked, options, deps, identities, roundSignal).then(
          (requestId) => {
            outcomes.set(asked, gave(asked, requestId));
            missing -= asked.config.weight;
            possible -= asked.config.weight;
            if (missing <= 0) resolve();
          },
          (error: unknown) => {
            if (roundSignal.aborted) return reject(roundSignal.reason);
            const failure = asSealError(error);
            errors.push(failure);
            outcomes.set(asked, failed(asked, failure));
            possible -= asked.config.weight;
            if (possible < missing) giveUp();
          },
        );
      }
    });
  } finally {
    stop.abort(new DOMException('The round is over', 'AbortError'));
  }
}

/** Answers the id of the request that brought the keys. */
async function askServer(
  asked: AskedServer,
  options: RoundOptions,
  deps: RoundDeps,
  identities: (fullId: string) => Identity,
  signal: AbortSignal,
): Promise<string> {
  const { server, config } = asked;
  const requestId = deps.transport.requestId();
  const body = await requestJson(deps.transport, {
    url: `${server.url}${PATHS.fetchKey}`,
    method: 'POST',
    body: options.request.body,
    apiKeyName: config.apiKeyName,
    apiKey: config.apiKey,
    requestId,
    signal,
  });
  const answer = readAnswer(body, requestId);
  const keys = options.fullIds.map((fullId) => {
    const encrypted = answer.get(fullId);
    if (encrypted === undefined) throw invalidResponse(`no key for identity ${fullId}`, requestId);
    return openKey(deps.engine, options.request.responseSecret, encrypted, requestId);
  });
  const claims = keys.map((userSecretKey, i) => ({
    userSecretKey,
    identity: identities(options.fullIds[i] as string),
    publicKey: asked.publicKey,
  }));
  const bad = verifyUserSecretKeys(verifierDeps(deps), claims);
  keys.forEach((key, i) => {
    if (!bad.includes(i)) deps.store(server.objectId, options.fullIds[i] as string, key);
  });
  if (bad.length > 0) {
    deps.logger?.warn(
      { server: server.objectId, url: server.url, requestId, invalidKeys: bad.length },
      'key server returned keys that do not verify',
    );
    const text = `${bad.length} of ${keys.length} keys do not verify against the public key on chain`;
    throw new GeneralError(text, requestId, undefined, { code: 'SEAL_INVALID_SHARE' });
  }
  return requestId;
}

function readAnswer(body: unknown, requestId: string): Map<string, EncryptedKey> {
  try {
    return new Map(parseFetchKeyResponse(body).map((key) => [toHex(key.fullId), key]));
  } catch (cause) {
    if (!isProtocolError(cause)) throw cause;
    throw invalidResponse(cause.message, requestId, undefined, cause);
  }
}

function openKey(
  engine: Engine,
  secret: Uint8Array,
  { c1, c2 }: EncryptedKey,
  requestId: string,
): G1Point {
  try {
    const ciphertext = { c1: engine.g1.fromBytes(c1), c2: engine.g1.fromBytes(c2) };
    return elgamalDecrypt(engine, secret, ciphertext);
  } catch (cause) {
    if (!isCryptoError(cause)) throw cause;
    throw invalidResponse(cause.message, requestId, undefined, cause);
  }
}

/** Each identity is hashed once, whatever the number of servers. */
function lazyIdentities(engine: Engine): (fullId: string) => Identity {
  const known = new Map<string, Identity>();
  return (fullId) => {
    let identity = known.get(fullId);
    if (identity === undefined) {
      identity = hashIdentity(engine, fromHex(fullId));
      known.set(fullId, identity);
    }
    return identity;
  };
}

function verifierDeps(deps: RoundDeps): { engine: Engine; random?: RandomSource } {
  return deps.random === undefined
    ? { engine: deps.engine }
    : { engine: deps.engine, random: deps.random };
}

function asSealError(error: unknown): SealError {
  if (hasSealCode(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new GeneralError(text, undefined, undefined, { cause: error });
}

const NO_FAILURE = { code: undefined, status: undefined, requestId: undefined, abort: undefined };

function identify({ server }: AskedServer): Pick<ShareOutcome, 'server' | 'name' | 'url'> {
  return { server: server.objectId, name: server.name, url: server.url };
}

function gave(asked: AskedServer, requestId: string): ShareOutcome {
  const message = 'Gave its keys';
  const facts = { outcome: 'gave', message, status: 200, requestId, retryable: false } as const;
  return { ...identify(asked), ...NO_FAILURE, ...facts };
}

function cancelled(asked: AskedServer): ShareOutcome {
  const message = 'Cancelled: the threshold was out of reach without its answer';
  return { ...identify(asked), ...NO_FAILURE, outcome: 'cancelled', message, retryable: true };
}

function failed(asked: AskedServer, error: SealError): ShareOutcome {
  const api = error instanceof SealAPIError ? error : undefined;
  return {
    ...identify(asked),
    outcome: 'failed',
    code: error.code,
    message: error.message,
    status: api?.status,
    requestId: api?.requestId,
    retryable: api?.retryable ?? false,
    abort: api?.abort,
  };
}
