/**
 * Dealing shares and checking what others dealt (dkg spec §10, §11).
 */

import { wipe } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { systemRandom } from '../random.ts';
import { vector } from './bcs.ts';
import {
  assertCeremony,
  type DkgCeremony,
  type DkgPartyDeps,
  type ProcessedMessage,
} from './ceremony.ts';
import { eciesEncrypt, eciesVerify, openWithRecoveryPackage } from './ecies.ts';
import type { Complaint, DkgMessage } from './message.ts';
import { findNode } from './nodes.ts';
import { commitPolynomial, evaluatePolynomial } from './polynomial.ts';
import { encryptionOracle, recoveryOracle } from './random-oracle.ts';
import { sharesIn, takeShares } from './shares.ts';

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

/**
 * The checks that need no secret: 3 to 7 of §11. Throws `INVALID_DKG_MESSAGE`; `INVALID_INPUT` for
 * thresholds that do not fit the parties.
 */
export function verifyDkgMessage<E>(ceremony: DkgCeremony<E>, message: DkgMessage<E>): void {
  assertCeremony(ceremony);
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
 * Checks a message and takes this party's shares out of it. A message that is well formed but holds
 * wrong shares for this party is not an error: the result carries a complaint.
 */
export async function processDkgMessage<E>(
  ceremony: DkgCeremony<E>,
  deps: DkgPartyDeps,
  message: DkgMessage<E>,
): Promise<ProcessedMessage<E>> {
  verifyDkgMessage(ceremony, message);
  return takeShares(ceremony, deps, message);
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
