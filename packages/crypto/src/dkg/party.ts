/**
 * Dealing shares and checking what others dealt (dkg spec §10, §11).
 */

import { wipe } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { RandomSource } from '../random.ts';
import { systemRandom } from '../random.ts';
import { BcsReader, vector } from './bcs.ts';
import {
  eciesDecrypt,
  eciesEncrypt,
  eciesVerify,
  makeRecoveryPackage,
  openWithRecoveryPackage,
} from './ecies.ts';
import type { Complaint, DkgMessage, DkgSuite, KeyShare } from './message.ts';
import { type DkgNodes, findNode } from './nodes.ts';
import { commitPolynomial, evaluateCommitment, evaluatePolynomial } from './polynomial.ts';
import { encryptionOracle, type RandomOracle, recoveryOracle } from './random-oracle.ts';

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

/**
 * Deals the shares of `polynomial` (from `samplePolynomial`) to all parties. Throws `INVALID_INPUT`
 * when the key belongs to no party, the party has weight 0, or the degree does not fit.
 */
export async function createDkgMessage<E>(
  ceremony: DkgCeremony<E>,
  deps: DkgPartyDeps,
  polynomial: readonly Uint8Array[],
): Promise<DkgMessage<E>> {
  assertCeremony(ceremony);
  const { suite, nodes, threshold, oracle } = ceremony;
  const me = findNode(suite.keys, nodes, deps.encryptionKey);
  if (me.weight === 0) {
    throw new CryptoError('INVALID_INPUT', `DKG: party ${me.id} has weight 0 and deals nothing`);
  }
  if (polynomial.length !== threshold) {
    throw new CryptoError(
      'INVALID_INPUT',
      `DKG: a polynomial of ${polynomial.length} coefficients for threshold ${threshold}`,
    );
  }
  const recipients = nodes.list.map(({ id, publicKey }) => {
    const shares = nodes.shareIndices(id).map((index) => evaluatePolynomial(polynomial, index));
    return { publicKey, plaintext: vector(shares) };
  });
  const encryptedShares = await eciesEncrypt(
    suite.keys,
    deps.random ?? systemRandom,
    encryptionOracle(oracle, me.id),
    recipients,
  );
  wipe(...recipients.map(({ plaintext }) => plaintext));
  return { sender: me.id, commitment: commitPolynomial(suite.engine, polynomial), encryptedShares };
}

function invalidMessage(sender: number, reason: string): CryptoError {
  return new CryptoError('INVALID_DKG_MESSAGE', `DKG message from party ${sender}: ${reason}`);
}

/** The checks that need no secret: 3 to 7 of §11. Throws `INVALID_DKG_MESSAGE`. */
export function verifyDkgMessage<E>(ceremony: DkgCeremony<E>, message: DkgMessage<E>): void {
  const { suite, nodes, threshold, oracle } = ceremony;
  const { sender, commitment, encryptedShares } = message;
  const node = nodes.get(sender);
  if (node === undefined) throw invalidMessage(sender, 'no such party');
  if (node.weight === 0) throw invalidMessage(sender, 'the sender has weight 0');
  if (commitment.length !== threshold) {
    throw invalidMessage(sender, `${commitment.length} commitments, the threshold is ${threshold}`);
  }
  if (suite.engine.g2.isIdentity(commitment[0]!)) throw invalidMessage(sender, 'the secret is 0');
  if (encryptedShares.encryptions.length !== nodes.list.length) {
    const found = encryptedShares.encryptions.length;
    throw invalidMessage(sender, `${found} ciphertexts for ${nodes.list.length} parties`);
  }
  eciesVerify(suite.keys, encryptionOracle(oracle, sender), encryptedShares);
}

/**
 * The shares in a decrypted plaintext, or undefined when it does not hold exactly the right ones
 * (checks 8 and 9 of §11).
 */
function sharesIn<E>(
  { suite, nodes }: DkgCeremony<E>,
  receiver: number,
  message: DkgMessage<E>,
  plaintext: Uint8Array,
): KeyShare[] | undefined {
  const { engine } = suite;
  const indices = nodes.shareIndices(receiver);
  let values: Uint8Array[];
  try {
    values = BcsReader.readAll(plaintext, (r) => r.list(32, 'shares', () => r.scalar('share')));
  } catch {
    return undefined;
  }
  if (values.length !== indices.length) return undefined;
  const shares = values.map((value, i) => ({ index: indices[i]!, value }));
  const fits = shares.every(({ index, value }) => {
    const expected = evaluateCommitment(engine, message.commitment, index);
    return engine.g2.equal(engine.g2.mul(engine.g2.generator, value), expected);
  });
  return fits ? shares : undefined;
}

/**
 * Checks a message and takes this party's shares out of it. A message that is well formed but holds
 * wrong shares for this party is not an error: the result carries a complaint.
 */
export async function processDkgMessage<E>(
  ceremony: DkgCeremony<E>,
  deps: DkgPartyDeps,
  message: DkgMessage<E>,
): Promise<ProcessedMessage<E>> {
  assertCeremony(ceremony);
  verifyDkgMessage(ceremony, message);
  const { suite, nodes, oracle } = ceremony;
  const { sender, encryptedShares } = message;
  const me = findNode(suite.keys, nodes, deps.encryptionKey);
  const encryption = encryptionOracle(oracle, sender);
  const key = deps.encryptionKey;
  const plaintext = await eciesDecrypt(suite.keys, encryption, key, encryptedShares, me.id);
  const shares = sharesIn(ceremony, me.id, message, plaintext);
  wipe(plaintext);
  if (shares !== undefined) return { message, shares, complaint: undefined };
  const recovery = makeRecoveryPackage(
    suite.keys,
    deps.random ?? systemRandom,
    recoveryOracle(oracle, me.id, sender),
    key,
    encryptedShares,
  );
  return { message, shares: [], complaint: { accused: sender, recovery } };
}

/**
 * Whether `accuser`'s complaint against the sender of `message` is justified: its recovery package
 * opens the ciphertext, and the shares inside are wrong.
 */
export async function isComplaintValid<E>(
  ceremony: DkgCeremony<E>,
  accuser: number,
  complaint: Complaint<E>,
  message: DkgMessage<E>,
): Promise<boolean> {
  const { suite, nodes, oracle } = ceremony;
  const node = nodes.get(accuser);
  if (node === undefined || complaint.accused !== message.sender) return false;
  let plaintext: Uint8Array;
  try {
    plaintext = await openWithRecoveryPackage(
      suite.keys,
      {
        recovery: recoveryOracle(oracle, accuser, message.sender),
        encryption: encryptionOracle(oracle, message.sender),
        receiver: { index: accuser, publicKey: node.publicKey },
      },
      message.encryptedShares,
      complaint.recovery,
    );
  } catch (error) {
    if (error instanceof CryptoError && error.code === 'INVALID_PROOF') return false;
    throw error;
  }
  return sharesIn(ceremony, accuser, message, plaintext) === undefined;
}
