/**
 * Public keys of running sessions, decoded once: one session makes many requests, and decoding a
 * point and importing it cost as much as half a verification. Whether bytes are a point, and the key
 * they stand for, depends on nothing else, so a remembered answer is as good as a fresh one; strangers
 * who fill the memory cost others only the time saved.
 */

import type { KeyObject } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { LRUCache } from 'lru-cache';
import { importEd25519 } from './ed25519.ts';

/** Keys remembered; about a kilobyte each. */
export const SESSION_KEYS_MAX = 2_000;

export class SessionKeys {
  readonly #known = new LRUCache<string, KeyObject>({ max: SESSION_KEYS_MAX });

  get size(): number {
    return this.#known.size;
  }

  /** The key of 32 bytes, or undefined when they are no point of the curve. */
  get(bytes: Uint8Array): KeyObject | undefined {
    const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (!isPoint(bytes)) return undefined;
    const key = importEd25519(bytes);
    this.#known.set(name, key);
    return key;
  }
}

function isPoint(bytes: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(bytes, true);
    return true;
  } catch {
    return false;
  }
}
