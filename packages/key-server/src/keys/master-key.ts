/**
 * A master key in memory. The bytes are private to the object, which prints as `[master key]`
 * everywhere and can be wiped; they leave it only for the duration of a callback. Wiping is best
 * effort: the runtime may have copied the bytes before.
 */

import { inspect } from 'node:util';
import { assertScalar, CryptoError, wipe } from '@seal-ts/crypto';
import { SealServerError } from '@seal-ts/protocol';

export class MasterKey {
  #scalar: Uint8Array | undefined;

  /** Takes over `scalar` (32 bytes, canonical, not zero); the caller must not use it again. */
  constructor(scalar: Uint8Array) {
    assertScalar(scalar, 'master key');
    if (scalar.every((byte) => byte === 0)) {
      throw new CryptoError('INVALID_SCALAR', 'master key: zero gives no secrecy');
    }
    this.#scalar = scalar;
  }

  /** Runs `work` on the bytes; it must neither keep nor change them. */
  use<T>(work: (scalar: Uint8Array) => T): T {
    if (this.#scalar === undefined) {
      throw new SealServerError('Failure', 'the master key was wiped: the server is stopping');
    }
    return work(this.#scalar);
  }

  wipe(): void {
    wipe(this.#scalar);
    this.#scalar = undefined;
  }

  toString(): string {
    return '[master key]';
  }
  toJSON(): string {
    return '[master key]';
  }
  [inspect.custom](): string {
    return '[master key]';
  }
}
