/**
 * The reading port of the SDK: key server objects and package versions through any official client
 * with the core API (gRPC, GraphQL, JSON-RPC). Exactly the calls of seal-protocol.md §12.
 */
import type { ClientWithCoreApi } from '@mysten/sui/client';
import {
  decodeKeyServer,
  decodeKeyServerV1,
  decodeKeyServerV2,
  encodeBcs,
  type KeyServerInfo,
  keyServerInfoV1,
  keyServerInfoV2,
  normalizeAddress,
  pickKeyServerVersion,
} from '@seal-ts/protocol';
import { ChainError } from './errors.ts';
import { malformedIfInvalid } from './object-bcs.ts';
import type { CallOptions } from './server-chain.ts';

/** What the SDK reads from a chain. */
export interface SealReader {
  /** Version of a package object, 1 for the first. */
  packageVersion(packageId: string, options?: CallOptions): Promise<bigint>;
  /** The key server at the highest version both sides know. */
  keyServer(objectId: string, options?: CallOptions): Promise<KeyServerInfo>;
}

/** The object supports no version we read. */
export class UnsupportedKeyServerVersion extends ChainError {
  readonly firstVersion: bigint;
  readonly lastVersion: bigint;

  constructor(objectId: string, firstVersion: bigint, lastVersion: bigint) {
    const range = `${firstVersion} and ${lastVersion} (inclusive)`;
    super('UNSUPPORTED_VERSION', `Key server ${objectId} supports versions between ${range}`);
    this.firstVersion = firstVersion;
    this.lastVersion = lastVersion;
  }
}

/** The reading port on an official client. Throws ChainError. */
export function coreReader(client: ClientWithCoreApi): SealReader {
  return {
    packageVersion: (packageId, options = {}) => packageVersion(client, packageId, options),
    keyServer: (objectId, options = {}) => keyServer(client, objectId, options),
  };
}

async function packageVersion(
  client: ClientWithCoreApi,
  objectId: string,
  { signal }: CallOptions,
): Promise<bigint> {
  const { object } = await read(objectId, signal, () =>
    client.core.getObject({ objectId, ...signalOption(signal) }),
  );
  try {
    return BigInt(object.version);
  } catch (cause) {
    throw new ChainError('MALFORMED', `${objectId}: version ${object.version}`, { cause });
  }
}

async function keyServer(
  client: ClientWithCoreApi,
  objectId: string,
  { signal }: CallOptions,
): Promise<KeyServerInfo> {
  const include = { content: true } as const;
  const { object } = await read(objectId, signal, () =>
    client.core.getObject({ objectId, include, ...signalOption(signal) }),
  );
  const { firstVersion, lastVersion } = malformedIfInvalid(objectId, () =>
    decodeKeyServer(object.content),
  );
  const version = pickKeyServerVersion({ firstVersion, lastVersion });
  if (version === undefined) {
    throw new UnsupportedKeyServerVersion(objectId, firstVersion, lastVersion);
  }
  const name = { type: 'u64', bcs: encodeBcs((w) => w.u64(BigInt(version))) };
  const { dynamicField } = await read(objectId, signal, () =>
    client.core.getDynamicField({ parentId: objectId, name, ...signalOption(signal) }),
  );
  const bytes = dynamicField.value.bcs;
  const id = normalizeAddress(objectId);
  return malformedIfInvalid(objectId, () =>
    version === 2
      ? keyServerInfoV2(id, decodeKeyServerV2(bytes))
      : keyServerInfoV1(id, decodeKeyServerV1(bytes)),
  );
}

/** Leaves the key out when there is no signal: clients treat `undefined` differently. */
function signalOption(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

async function read<T>(
  objectId: string,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (signal?.aborted) {
      throw new ChainError('CANCELLED', `reading ${objectId}: cancelled`, { cause });
    }
    const text = cause instanceof Error ? cause.message : String(cause);
    const code = isNotFound(cause) ? 'NOT_FOUND' : 'RPC';
    throw new ChainError(code, `reading ${objectId}: ${text}`, { cause });
  }
}

/** Clients agree on `reason: 'notFound'`; older ones only have a code. */
function isNotFound(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { reason, code } = error as { reason?: unknown; code?: unknown };
  return reason === 'notFound' || reason === 'deleted' || code === 'notExists';
}
