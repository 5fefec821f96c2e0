/**
 * The answer of an approved request (protocol §1.4, §1.10, §3.8): for every command the user secret
 * key of its identity, encrypted to the caller. Each distinct identity is hashed and multiplied by
 * the master key once; every entry has encryption randomness of its own.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Engine,
  elgamalEncrypt,
  extract,
  fullIdentity,
  type G1Point,
  hashIdentity,
  type RandomSource,
} from '@seal-ts/crypto';
import { addressToBytes, type EncryptedKey } from '@seal-ts/protocol';
import type { MasterKey } from '../keys/master-key.ts';

export interface DeriveRequest {
  firstPackageId: string;
  /** One for each command, in command order; equal ids share one array. */
  innerIds: readonly Uint8Array[];
  /** The caller's ElGamal key. */
  encKey: G1Point;
  signal?: AbortSignal;
}
export interface DeriveDeps {
  engine: Engine;
  random: RandomSource;
}

/** Keys made before other requests get a turn: a hundred in one go would stall the server. */
export const KEYS_PER_TURN = 4;

export async function deriveEncryptedKeys(
  request: DeriveRequest,
  masterKey: MasterKey,
  { engine, random }: DeriveDeps,
): Promise<EncryptedKey[]> {
  const derived = new Map<Uint8Array, DerivedKey>();
  const answer: EncryptedKey[] = [];
  for (const innerId of request.innerIds) {
    if (answer.length > 0 && answer.length % KEYS_PER_TURN === 0) {
      await nextTurn();
      request.signal?.throwIfAborted();
    }
    let key = derived.get(innerId);
    if (key === undefined) {
      key = deriveKey(request.firstPackageId, innerId, masterKey, engine);
      derived.set(innerId, key);
    }
    const { c1, c2 } = elgamalEncrypt({ engine, random }, request.encKey, key.userSecretKey);
    answer.push({ fullId: key.fullId, c1: engine.g1.toBytes(c1), c2: engine.g1.toBytes(c2) });
  }
  return answer;
}

interface DerivedKey {
  fullId: Uint8Array;
  userSecretKey: G1Point;
}

function deriveKey(
  firstPackageId: string,
  innerId: Uint8Array,
  masterKey: MasterKey,
  engine: Engine,
): DerivedKey {
  const fullId = fullIdentity(addressToBytes(firstPackageId), innerId);
  const identity = hashIdentity(engine, fullId);
  return { fullId, userSecretKey: masterKey.use((scalar) => extract(engine, scalar, identity)) };
}

/**
 * The same ids with equal ones replaced by one shared array. A body of 180 KiB can refer to one
 * long input from a hundred commands; sharing keeps that from becoming a hundred copies.
 */
export function shareEqualIds(innerIds: readonly Uint8Array[]): Uint8Array[] {
  const seen = new Map<string, Uint8Array>();
  return innerIds.map((id) => {
    const key = Buffer.from(id.buffer, id.byteOffset, id.length).toString('latin1');
    const known = seen.get(key);
    if (known !== undefined) return known;
    const own = id.slice();
    seen.set(key, own);
    return own;
  });
}
