/**
 * Secret sources: an environment variable holds the secret itself, or `@path` of a file that only
 * its owner can read (design §3.5). The text lives in a buffer that is wiped after use; JavaScript
 * cannot promise that no copy remains (the environment itself is one), so this is best effort.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inspect } from 'node:util';
import { describeError, ServiceError } from './errors.ts';

/** Keys, seeds and tokens are short. */
export const MAX_SECRET_BYTES = 64 * 1024;
/** Permission bits of group and others, all of which must be off on a secret file. */
const SHARED_BITS = 0o077;

/** Secret text. Prints as `[secret]` everywhere; `wipe()` when done. */
export class SecretText {
  #bytes: Uint8Array;
  /** Where it came from, for messages. */
  readonly source: string;

  constructor(source: string, bytes: Uint8Array) {
    this.source = source;
    this.#bytes = bytes;
  }

  /** The text itself. The returned string cannot be wiped: keep it short-lived. */
  reveal(): string {
    return new TextDecoder().decode(this.#bytes).trim();
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#bytes = new Uint8Array();
  }

  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The secret of variable `name`, or `undefined` when the variable is unset or empty. */
export function findSecret(env: Environment, name: string): SecretText | undefined {
  const value = env[name];
  if (value === undefined || value.trim() === '') return undefined;
  if (!value.startsWith('@')) return new SecretText(name, new TextEncoder().encode(value));
  const path = value.slice(1);
  return new SecretText(`${name} (file ${path})`, readSecretFile(name, path));
}

/** The secret of variable `name`. @throws {ServiceError} SECRET_MISSING */
export function requireSecret(env: Environment, name: string): SecretText {
  const secret = findSecret(env, name);
  if (secret !== undefined) return secret;
  throw new ServiceError(
    'SECRET_MISSING',
    `the environment variable ${name} is not set. Set it to the secret, ` +
      `or to @ and the path of a file with mode 0600.`,
  );
}

function readSecretFile(name: string, path: string): Uint8Array {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw new ServiceError(
      'SECRET_FILE_UNREADABLE',
      `cannot read the secret file ${path} of ${name}: ${describeError(error)}. Check the path.`,
      { cause: error },
    );
  }
  try {
    // Checked on the open file, so that it cannot be exchanged between the check and the reading.
    const { mode, size } = fstatSync(descriptor);
    if (process.platform !== 'win32' && (mode & SHARED_BITS) !== 0) {
      throw new ServiceError(
        'SECRET_FILE_PERMISSIONS',
        `the secret file ${path} of ${name} has mode 0${(mode & 0o777).toString(8)}: ` +
          `others than its owner can use it. Run: chmod 600 ${path}`,
      );
    }
    if (size > MAX_SECRET_BYTES) {
      throw new ServiceError(
        'SECRET_TOO_LARGE',
        `the secret file ${path} of ${name} has ${size} bytes, more than ${MAX_SECRET_BYTES}. ` +
          'Check the path.',
      );
    }
    const buffer = new Uint8Array(size);
    readSync(descriptor, buffer);
    return buffer;
  } finally {
    closeSync(descriptor);
  }
}
