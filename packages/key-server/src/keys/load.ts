/**
 * Master keys from their secret sources, for the configured mode (protocol §4.11). Every fault is
 * collected; none repeats any part of a secret. Keys loaded before a fault are wiped.
 */

import {
  deriveMasterKey,
  type Engine,
  isCryptoError,
  publicKeyFromMasterKey,
  toHex,
  wipe,
} from '@seal-ts/crypto';
import {
  ConfigError,
  type Environment,
  type Fault,
  requireSecret,
  type SecretText,
  ServiceError,
} from '@seal-ts/service';
import { COMMITTEE_TEXT, type PermissionedClient, type ServerMode } from '../config/file-schema.ts';
import { derivationIndex, NO_CLIENTS_TEXT } from '../config/permissioned-rules.ts';
import { decodeSecret32, type KeyEncoding } from './decode.ts';
import { MasterKey } from './master-key.ts';
import { type MasterKeys, openMasterKeys } from './master-keys.ts';
import { type ClientKey, permissionedMasterKeys } from './permissioned.ts';

/** Public keys of this many unassigned indices are announced (protocol §4.11). */
export const ANNOUNCED_UNASSIGNED_KEYS = 10;

export interface LoadKeysDeps {
  engine: Engine;
  env: Environment;
  /** Told the public key of each client, and of the next free derivation indices. */
  announce: (fields: Record<string, unknown>) => void;
  /** Told the name of every variable that was read, so that it can leave the environment. */
  forget?: ((name: string) => void) | undefined;
}

/** @throws {ConfigError} with every fault */
export function loadMasterKeys(mode: ServerMode, deps: LoadKeysDeps): MasterKeys {
  const faults: Fault[] = [];
  const keys = load(mode, deps, faults);
  if (keys !== undefined && faults.length === 0) return keys;
  keys?.wipe();
  throw new ConfigError('master keys', faults);
}

function load(mode: ServerMode, deps: LoadKeysDeps, faults: Fault[]): MasterKeys | undefined {
  if (mode.tag === 'Open') {
    const key = readKey(deps, 'MASTER_KEY', 'hex-or-base64', faults);
    if (key === undefined) return undefined;
    announceKey(deps, key, { keyServerObjectId: mode.key_server_object_id });
    return openMasterKeys(mode.key_server_object_id, key);
  }
  if (mode.tag === 'Permissioned') return loadPermissioned(mode.client_configs, deps, faults);
  faults.push({
    path: 'server_mode',
    problem: COMMITTEE_TEXT,
    fix: 'Run a server with !Open or !Permissioned',
  });
  return undefined;
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

function readKey(
  deps: LoadKeysDeps,
  name: string,
  encoding: KeyEncoding,
  faults: Fault[],
): MasterKey | undefined {
  const bytes = readBytes(deps, name, encoding, faults);
  if (bytes === undefined) return undefined;
  try {
    return new MasterKey(bytes);
  } catch (error) {
    if (!isCryptoError(error)) throw error;
    wipe(bytes);
    faults.push({
      path: `$${name}`,
      problem: 'is not a master key: it is zero or not below the group order',
      fix: 'Make a key with `seal-cli genkey`',
    });
    return undefined;
  }
}

function readBytes(
  { env, forget }: LoadKeysDeps,
  name: string,
  encoding: KeyEncoding,
  faults: Fault[],
): Uint8Array | undefined {
  let secret: SecretText;
  try {
    secret = requireSecret(env, name);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    faults.push({ path: `$${name}`, problem: error.message.replace(/\.$/, ''), fix: '' });
    return undefined;
  }
  const bytes = decodeSecret32(secret, encoding);
  secret.wipe();
  forget?.(name);
  if (bytes === undefined) {
    faults.push({
      path: `$${name}`,
      problem: 'is not 32 bytes in hex',
      fix: 'Set it to 64 hex digits, with or without 0x',
    });
  }
  return bytes;
}
