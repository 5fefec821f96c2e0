/**
 * The admin token: 32 random bytes in a file that only its owner can read (spec localnet §4).
 *
 * The file lies in a directory made for this run (0700, unguessable name), or where the caller
 * says; it is removed when the ledger stops.
 */

import { timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TOKEN_BYTES = 32;
const OWNER_ONLY = 0o600;

/** The token could not be written. */
export class AdminTokenError extends Error {
  override readonly name = 'AdminTokenError';
  readonly code = 'LOCALNET_ADMIN_TOKEN_FILE';

  constructor(path: string | undefined, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`cannot write the admin token to ${path ?? 'a private folder'}: ${why}`, { cause });
  }
}

/** A token and, if it was written, the file that holds it. */
export class AdminToken {
  readonly value: string;
  readonly #bytes: Buffer;
  #file: string | undefined;
  #directory: string | undefined;

  constructor(random: (length: number) => Uint8Array) {
    this.value = Buffer.from(random(TOKEN_BYTES)).toString('hex');
    this.#bytes = Buffer.from(this.value);
  }

  /** Path of the file, once written. */
  get file(): string | undefined {
    return this.#file;
  }

  /**
   * Writes the token with mode 0600, atomically; to a new private directory when no path is given.
   * @throws AdminTokenError
   */
  write(path?: string): string {
    let draft: string | undefined;
    try {
      if (path === undefined) this.#directory = mkdtempSync(join(tmpdir(), 'seal-localnet-'));
      const file = path ?? join(this.#directory!, 'admin-token');
      draft = `${file}.${process.pid}.new`;
      const descriptor = openSync(draft, 'wx', OWNER_ONLY);
      try {
        fchmodSync(descriptor, OWNER_ONLY);
        writeSync(descriptor, `${this.value}\n`);
      } finally {
        closeSync(descriptor);
      }
      renameSync(draft, file);
      this.#file = file;
      return file;
    } catch (cause) {
      if (draft !== undefined) rmSync(draft, { force: true });
      throw new AdminTokenError(path, cause);
    }
  }

  /** Is it the token? Takes the same time whatever the guess. */
  matches(guess: string): boolean {
    const bytes = Buffer.from(guess);
    return bytes.length === this.#bytes.length && timingSafeEqual(bytes, this.#bytes);
  }

  /** Removes the file, and the directory if it was ours. */
  remove(): void {
    if (this.#file !== undefined) rmSync(this.#file, { force: true });
    if (this.#directory !== undefined) rmSync(this.#directory, { force: true, recursive: true });
    this.#file = undefined;
    this.#directory = undefined;
  }

  toJSON(): string {
    return '[admin token]';
  }
}
