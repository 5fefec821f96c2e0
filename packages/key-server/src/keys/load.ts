/**
 * Master keys from their secret sources, for the configured mode (protocol §4.11). Every fault is
 * collected; none repeats any part of a secret. Keys loaded before a fault are wiped.
 */

import { deriveMasterKey, type Engine, publicKeyFromMasterKey, toHex, wipe } from '@seal-ts/crypto';
import { ConfigError, type Fault } from '@seal-ts/service';
import type { PermissionedClient, ServerMode } from '../config/file-schema.ts';
import { derivationIndex, NO_CLIENTS_TEXT } from '../config/permissioned-rules.ts';
import { MasterKey } from './master-key.ts';
import { type MasterKeys, openMasterKeys } from './master-keys.ts';
import { type ClientKey, permissionedMasterKeys } from './permissioned.ts';
import { readBytes, readKey, type SecretDeps } from './read-key.ts';

/** Public keys of this many unassigned indices are announced (protocol §4.11). */
export const ANNOUNCED_UNASSIGNED_KEYS = 10;

/** Modes in which the server has whole keys; for shares see ./committee-load.ts. */
export type OwnKeyMode = Exclude<ServerMode, { tag: 'Committee' }>;

export interface LoadKeysDeps extends SecretDeps {
  engine: Engine;
  /** Told the public key of each client, and of the next free derivation indices. */
  announce: (fields: Record<string, unknown>) => void;
}

/** @throws {ConfigError} with every fault */
export function loadMasterKeys(mode: OwnKeyMode, deps: LoadKeysDeps): MasterKeys {
  const faults: Fault[] = [];
  const keys = load(mode, deps, faults);
  if (keys !== undefined && faults.length === 0) return keys;
  keys?.wipe();
  throw new ConfigError('master keys', faults);
}

function load(mode: OwnKeyMode, deps: LoadKeysDeps, faults: Fault[]): MasterKeys | undefined {
  if (mode.tag === 'Open') {
    const key = readKey(deps, 'MASTER_KEY', 'hex-or-base64', faults);
    if (key === undefined) return undefined;
    announceKey(deps, key, { keyServerObjectId: mode.key_server_object_id });
    return openMasterKeys(mode.key_server_object_id, key);
  }
  return loadPermissioned(mode.client_configs, deps, faults);
}

function loadPermissioned(
  clients: readonly PermissionedClient[],
  deps: LoadKeysDeps,
  faults: Fault[],
): MasterKeys | undefined {
  const seed = readBytes(deps, 'MASTER_KEY', 'hex', faults);
  const loaded: ClientKey[] = [];
  for (const client of clients) {
    const key = clientKey(client, seed, deps, faults);
    if (key === undefined) continue;
    announceKey(deps, key, { client: client.name });
    const { key_server_object_id: keyServerObjectId, package_ids: packageIds } = client;
    loaded.push({ key, keyServerObjectId, packageIds });
  }
  if (seed !== undefined) announceUnassigned(clients, seed, deps);
  wipe(seed);
  const none = loaded.length === 0 && faults.length === 0;
  if (none) faults.push({ path: 'server_mode', problem: NO_CLIENTS_TEXT, fix: 'Add a client' });
  return permissionedMasterKeys(loaded);
}

function clientKey(
  { client_master_key: source }: PermissionedClient,
  seed: Uint8Array | undefined,
  deps: LoadKeysDeps,
  faults: Fault[],
): MasterKey | undefined {
  if (source.tag === 'Imported') return readKey(deps, source.env_var, 'hex', faults);
  if (source.tag === 'Exported' || seed === undefined) return undefined;
  return new MasterKey(deriveMasterKey(seed, source.derivation_index));
}

/** Operators register key servers for future clients with these public keys. */
function announceUnassigned(
  clients: readonly PermissionedClient[],
  seed: Uint8Array,
  deps: LoadKeysDeps,
): void {
  const used = clients.flatMap(({ client_master_key: source }) =>
    source.tag === 'Imported' ? [] : [derivationIndex(source)],
  );
  const first = Math.max(-1, ...used) + 1;
  for (let index = first; index < first + ANNOUNCED_UNASSIGNED_KEYS; index++) {
    const key = new MasterKey(deriveMasterKey(seed, index));
    announceKey(deps, key, { unassignedDerivationIndex: index });
    key.wipe();
  }
}

function announceKey(
  { engine, announce }: LoadKeysDeps,
  key: MasterKey,
  fields: Record<string, unknown>,
): void {
  const publicKey = key.use((scalar) => publicKeyFromMasterKey(engine, scalar));
  announce({ ...fields, publicKey: `0x${toHex(engine.g2.toBytes(publicKey))}` });
}
