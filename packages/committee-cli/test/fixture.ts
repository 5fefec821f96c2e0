/** A small ceremony without a chain: keys, snapshots, and messages of its members. */
import { systemRandom } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { dealMessage } from '../src/ceremony/process.ts';
import type { CeremonySnapshot } from '../src/ceremony/snapshot.ts';
import type { DkgKey } from '../src/files/dkg-key.ts';
import { hex } from '../src/files/hex.ts';
import type { LoadedMessage } from '../src/files/messages.ts';

export const COMMITTEE = `0x${'ab'.repeat(32)}`;

/** Keys from a number, so that a failing test can be repeated. */
export function keyOf(seed: number): DkgKey {
  const scalar = (last: number) => Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? last : i));
  const [encryptionSecret, signingSecret] = [scalar(2 * seed + 1), scalar(2 * seed + 2)];
  const { g1, g2 } = engine;
  return {
    encryptionSecret,
    encryptionKey: g1.toBytes(g1.mul(g1.generator, encryptionSecret)),
    signingSecret,
    signingKey: g2.toBytes(g2.mul(g2.generator, signingSecret)),
  };
}

export function snapshotsOf(
  keys: readonly DkgKey[],
  committeeId: string = COMMITTEE,
): CeremonySnapshot[] {
  return keys.map((_, myPartyId) => ({
    committeeId,
    threshold: 2,
    myPartyId,
    encryptionKeys: keys.map((key) => key.encryptionKey),
    signingKeys: keys.map((key) => key.signingKey),
    rotation: undefined,
  }));
}

export async function messagesOf(
  keys: readonly DkgKey[],
  snapshots: readonly CeremonySnapshot[] = snapshotsOf(keys),
): Promise<LoadedMessage[]> {
  return Promise.all(
    snapshots.map(async (snapshot, id) => ({
      file: `message_${id}.json`,
      signed: await dealMessage(engine, systemRandom, snapshot, keys[id] as DkgKey),
    })),
  );
}

/** Anything that can be told apart, for tests that do not look inside. */
export const hashOf = (digit: number) => hex(new Uint8Array(32).fill(digit));
