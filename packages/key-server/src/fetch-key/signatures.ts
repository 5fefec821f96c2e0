/**
 * Verified user signatures. One session makes many requests with the same certificate, and checking
 * its signature is a pure function of account, message and signature bytes, so a positive result
 * can be remembered. Why this is safe:
 *  - the key is a hash over all three inputs, each with its length, so nothing can be swapped;
 *  - only successes are stored, so nobody can make another's certificate fail;
 *  - time limits, aliases and the session key's own signature are checked again on every request;
 *  - schemes whose result depends on the chain (zkLogin) never enter.
 * Filling the cache needs valid signatures and costs its owner only the time saved.
 */

import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Certificates remembered; about 200 bytes each. */
export const VERIFIED_SIGNATURES_MAX = 10_000;

export interface SignedMessage {
  /** Account, 66 characters. */
  address: string;
  message: Uint8Array;
  signature: Uint8Array;
}

export class VerifiedSignatures {
  readonly #known = new LRUCache<string, true>({ max: VERIFIED_SIGNATURES_MAX });

  get size(): number {
    return this.#known.size;
  }

  /** `verify` unless the same bytes were accepted before. */
  async check(signed: SignedMessage, verify: () => Promise<boolean>): Promise<boolean> {
    const key = digest(signed);
    if (this.#known.get(key) === true) return true;
    const valid = await verify();
    if (valid) this.#known.set(key, true);
    return valid;
  }
}

function digest({ address, message, signature }: SignedMessage): string {
  const hash = createHash('sha256');
  for (const part of [Buffer.from(address, 'utf8'), message, signature]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  }
  return hash.digest('base64');
}
