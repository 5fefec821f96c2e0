/**
 * What the parties of one key generation or rotation agree on (dkg spec §8), what each keeps for
 * itself, and what it makes of a message.
 */

import { CryptoError } from '../errors.ts';
import type { RandomSource } from '../random.ts';
import type { Complaint, DkgMessage, DkgSuite, KeyShare } from './message.ts';
import type { DkgNodes } from './nodes.ts';
import type { RandomOracle } from './random-oracle.ts';

/** What all parties of a ceremony agree on. */
export interface DkgCeremony<E> {
  readonly suite: DkgSuite<E>;
  readonly nodes: DkgNodes<E>;
  /** Shares that reconstruct the new key; the polynomials have this many coefficients. */
  readonly threshold: number;
  /** Threshold of the committee that hands over; absent in a fresh ceremony. */
  readonly oldThreshold?: number;
  /** Root oracle of the (new) committee. */
  readonly oracle: RandomOracle;
}

/** One party's secrets and surroundings. */
export interface DkgPartyDeps {
  /** ECIES secret key. */
  readonly encryptionKey: Uint8Array;
  /** Defaults to the platform's generator. */
  readonly random?: RandomSource;
}

/** A message that was checked, with what it held for this party. */
export interface ProcessedMessage<E> {
  readonly message: DkgMessage<E>;
  /** Empty when there is a complaint. Secret. */
  readonly shares: readonly KeyShare[];
  readonly complaint: Complaint<E> | undefined;
}

/** Throws `INVALID_INPUT` unless the thresholds make sense for the parties. */
export function assertCeremony<E>({ nodes, threshold, oldThreshold }: DkgCeremony<E>): void {
  // Threshold 1 would hand every member the key; chain and tools refuse it too.
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > nodes.totalWeight) {
    throw new CryptoError(
      'INVALID_INPUT',
      `DKG threshold ${threshold}: expected 2 to ${nodes.totalWeight}`,
    );
  }
  if (oldThreshold !== undefined && (!Number.isInteger(oldThreshold) || oldThreshold < 1)) {
    throw new CryptoError('INVALID_INPUT', `DKG old threshold ${oldThreshold}: expected 1 or more`);
  }
}
