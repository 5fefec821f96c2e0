/**
 * A party's own shares in a message: decrypting them, and checking them against the commitment (dkg
 * spec §11, checks 8 and 9). Not exported: callers verify the public part of the message first.
 */

import { wipe } from '../bytes.ts';
import { systemRandom } from '../random.ts';
import { BcsReader } from './bcs.ts';
import type { DkgCeremony, DkgPartyDeps, ProcessedMessage } from './ceremony.ts';
import { eciesDecrypt, makeRecoveryPackage } from './ecies.ts';
import type { DkgMessage, KeyShare } from './message.ts';
import { findNode } from './nodes.ts';
import { evaluateCommitment } from './polynomial.ts';
import { encryptionOracle, recoveryOracle } from './random-oracle.ts';

/**
 * The shares in a decrypted plaintext, or undefined when it does not hold exactly the right ones
 * (checks 8 and 9 of §11).
 */
export function sharesIn<E>(
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
 * Takes this party's shares out of a message whose public part was verified; wrong shares make a
 * complaint.
 */
export async function takeShares<E>(
  ceremony: DkgCeremony<E>,
  deps: DkgPartyDeps,
  message: DkgMessage<E>,
): Promise<ProcessedMessage<E>> {
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
