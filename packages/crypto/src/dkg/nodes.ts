/**
 * The parties of a ceremony and their share indices (dkg spec §7): party ids count from 0, share
 * indices from 1, and a party of weight w holds w consecutive indices. Deployed committees use
 * weight 1 throughout, so that party p holds share p + 1.
 */

import type { Group } from '../engine.ts';
import { CryptoError } from '../errors.ts';

/** Most parties of one ceremony. */
export const MAX_NODES = 1000;
/** Largest total weight (share indices are 16 bits). */
export const MAX_TOTAL_WEIGHT = 65_535;

export interface DkgNode<E> {
  /** Party id: the position in the committee's member list. */
  readonly id: number;
  /** ECIES public key. */
  readonly publicKey: E;
  /** Number of shares; 1 in every deployed committee. */
  readonly weight: number;
}

/** A checked, ordered list of parties. */
export interface DkgNodes<E> {
  /** In id order. */
  readonly list: readonly DkgNode<E>[];
  readonly totalWeight: number;
  /** Share indices of party `id`; empty for weight 0. Throws `INVALID_INPUT` for an unknown id. */
  shareIndices(id: number): readonly number[];
  /** The party with this id, or undefined. */
  get(id: number): DkgNode<E> | undefined;
}

function invalid(reason: string): CryptoError {
  return new CryptoError('INVALID_INPUT', `DKG nodes: ${reason}`);
}

/**
 * Checks and orders the parties. Beyond the reference it refuses identity and duplicate public
 * keys: a party finds itself by its key, and would act as the wrong one.
 */
export function makeNodes<E>(group: Group<E>, nodes: readonly DkgNode<E>[]): DkgNodes<E> {
  if (nodes.length < 1 || nodes.length > MAX_NODES) {
    throw invalid(`expected 1 to ${MAX_NODES} parties, got ${nodes.length}`);
  }
  const list = nodes.toSorted((a, b) => a.id - b.id);
  const keys = new Set<string>();
  const indices: number[][] = [];
  let totalWeight = 0;
  for (const [position, { id, publicKey, weight }] of list.entries()) {
    if (id !== position) throw invalid(`ids must be 0 to ${list.length - 1}, each once`);
    if (!Number.isInteger(weight) || weight < 0 || weight > MAX_TOTAL_WEIGHT) {
      throw invalid(`party ${id} has weight ${weight}`);
    }
    if (group.isIdentity(publicKey)) throw invalid(`party ${id} has the identity as public key`);
    keys.add(group.toBytes(publicKey).join());
    const first = totalWeight + 1;
    indices.push(Array.from({ length: weight }, (_, i) => first + i));
    totalWeight += weight;
    if (totalWeight > MAX_TOTAL_WEIGHT) throw invalid(`total weight above ${MAX_TOTAL_WEIGHT}`);
  }
  if (totalWeight < 1) throw invalid('the total weight is zero');
  if (keys.size !== list.length) throw invalid('two parties have the same public key');
  return {
    list,
    totalWeight,
    get: (id) => list[id],
    shareIndices(id) {
      const own = indices[id];
      if (own === undefined) throw invalid(`no party ${id}`);
      return own;
    },
  };
}

/** The party that owns `secretKey`. Throws `INVALID_INPUT` when no listed key matches. */
export function findNode<E>(
  group: Group<E>,
  nodes: DkgNodes<E>,
  secretKey: Uint8Array,
): DkgNode<E> {
  const publicKey = group.mul(group.generator, secretKey);
  const found = nodes.list.find((node) => group.equal(node.publicKey, publicKey));
  if (found === undefined) throw invalid('the encryption key belongs to no party');
  return found;
}
