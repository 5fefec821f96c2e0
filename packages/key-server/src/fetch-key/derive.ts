/**
 * The answer of an approved request (protocol §1.4, §1.10, §3.8): for every command the user secret
 * key of its identity, encrypted to the caller. Each distinct identity is hashed and multiplied by
 * the master key once; every entry has encryption randomness of its own.
 */

import {
  type Engine,
  elgamalEncrypt,
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
}
export interface DeriveDeps {
  engine: Engine;
  random: RandomSource;
}

export function deriveEncryptedKeys(
  request: DeriveRequest,
  masterKey: MasterKey,
  { engine, random }: DeriveDeps,
): EncryptedKey[] {
  const prefix = addressToBytes(request.firstPackageId);
  const derived = new Map<Uint8Array, { fullId: Uint8Array; userSecretKey: G1Point }>();
  return request.innerIds.map((innerId) => {
    let entry = derived.get(innerId);
    if (entry === undefined) {
      const fullId = new Uint8Array(prefix.length + innerId.length);
      fullId.set(prefix);
      fullId.set(innerId, prefix.length);
      const { point } = hashIdentity(engine, fullId);
      entry = { fullId, userSecretKey: masterKey.use((key) => engine.g1.mul(point, key)) };
      derived.set(innerId, entry);
    }
    const { c1, c2 } = elgamalEncrypt({ engine, random }, request.encKey, entry.userSecretKey);
    return { fullId: entry.fullId, c1: engine.g1.toBytes(c1), c2: engine.g1.toBytes(c2) };
  });
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
