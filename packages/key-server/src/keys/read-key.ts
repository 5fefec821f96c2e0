/**
 * One secret of 32 bytes from its environment variable. Faults say what is wrong and never repeat
 * any part of the text.
 */

import { isCryptoError, wipe } from '@seal-ts/crypto';
import {
  type Environment,
  type Fault,
  requireSecret,
  type SecretText,
  ServiceError,
} from '@seal-ts/service';
import { decodeSecret32, type KeyEncoding } from './decode.ts';
import { MasterKey } from './master-key.ts';

export interface SecretDeps {
  env: Environment;
  /** Told the name of every variable that was read, so that it can leave the environment. */
  forget?: ((name: string) => void) | undefined;
}

/** A key or share; `undefined` after a fault. */
export function readKey(
  deps: SecretDeps,
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

/** Any 32 bytes, such as a seed; `undefined` after a fault. */
export function readBytes(
  { env, forget }: SecretDeps,
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
