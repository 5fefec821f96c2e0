/**
 * Complaints in both directions: a dealer that cheated is convicted by its victim's complaint and by
 * nobody else's, an honest one never, and a complaint that was tampered with convinces nobody.
 */

import type { G1Point } from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { describe, expect, it } from 'vitest';
import { ceremonyOf, encryptionKeyOf } from '../support/committees.ts';
import { allBits, damagedCopies, unlessRefused } from '../support/corruption.ts';
import { flipped, seededRandom } from '../support/helpers.ts';
import { dealSigned } from '../support/protocol.ts';

const N = 5;
const DEALER = 2;
const VICTIM = 1;
const ceremony = ceremonyOf(N, 3);
const { suite } = ceremony;
const members = [0, 1, 2, 3, 4];
type Message = dkg.DkgMessage<G1Point>;
type Complaint = dkg.Complaint<G1Point>;

const { message: honest } = await dealSigned(ceremony, 'complaints', DEALER);

/** The honest message with a wrong share for the victim. */
const cheating: Message = {
  ...honest,
  encryptedShares: {
    ...honest.encryptedShares,
    encryptions: honest.encryptedShares.encryptions.map((encryption, id) =>
      id === VICTIM ? flipped(encryption, encryption.length - 1) : encryption,
    ),
  },
};

const process = (message: Message, id: number) =>
  dkg.processDkgMessage(ceremony, { encryptionKey: encryptionKeyOf(id) }, message);

const judge = (accuser: number, complaint: Complaint, message: Message) =>
  dkg.isComplaintValid(ceremony, accuser, complaint, message);

/** The complaint a member makes when it wants to, whatever it received. */
function complain(accuser: number, message: Message, key = encryptionKeyOf(accuser)): Complaint {
  const oracle = dkg.recoveryOracle(ceremony.oracle, accuser, message.sender);
  const random = seededRandom(`complaint of ${accuser}`);
  return {
    accused: message.sender,
    recovery: dkg.makeRecoveryPackage(suite.keys, random, oracle, key, message.encryptedShares),
  };
}

describe('a dealer that cheats one member', () => {
  it('passes public verification, gives the others their shares, and is accused by its victim', async () => {
    dkg.verifyDkgMessage(ceremony, cheating);
    for (const id of members) {
      const { shares, complaint } = await process(cheating, id);
      expect([shares.length, complaint?.accused]).toEqual(
        id === VICTIM ? [0, DEALER] : [1, undefined],
      );
    }
  });

  it('is convicted by the victim’s complaint, and by nobody else’s', async () => {
    const { complaint } = await process(cheating, VICTIM);
    expect(await judge(VICTIM, complaint!, cheating)).toBe(true);
    for (const id of members.filter((other) => other !== VICTIM)) {
      expect(await judge(id, complaint!, cheating)).toBe(false);
      expect(await judge(id, complain(id, cheating), cheating)).toBe(false);
    }
  });

  it('is not convicted by a complaint with another key, or about another message', async () => {
    const forged = complain(VICTIM, cheating, encryptionKeyOf(0));
    expect(await judge(VICTIM, forged, cheating)).toBe(false);
    const { complaint } = await process(cheating, VICTIM);
    const { message: other } = await dealSigned(ceremony, 'another', DEALER);
    expect(await judge(VICTIM, complaint!, other)).toBe(false);
    expect(await judge(VICTIM, { ...complaint!, accused: 0 }, cheating)).toBe(false);
  });

  it('is not convicted by a complaint with any bit changed', { timeout: 60_000 }, async () => {
    const { complaint } = await process(cheating, VICTIM);
    const bytes = dkg.encodeComplaint(suite, complaint!);
    let decoded = 0;
    for (const { copy } of damagedCopies(bytes, allBits)) {
      const changed = unlessRefused(['INVALID_DKG_MESSAGE'], () =>
        dkg.decodeComplaint(suite, copy),
      );
      if (changed === undefined) continue;
      decoded++;
      expect(await judge(VICTIM, changed, cheating)).toBe(false);
    }
    // At least those in the accused id and in the response of the proof.
    expect(decoded).toBeGreaterThan(16);
  });
});

describe('an honest dealer', () => {
  it('is not convicted by whoever complains', async () => {
    for (const id of members) expect(await judge(id, complain(id, honest), honest)).toBe(false);
  });
  it('keeps its place, and the liar loses its own', async () => {
    const messages = [honest];
    for (const id of [0, 1, 3, 4]) {
      messages.push((await dealSigned(ceremony, 'complaints', id)).message);
    }
    const processed = await Promise.all(messages.map((m) => process(m, 0)));
    const liar = { sender: 4, complaints: [complain(4, honest)] };
    const silent = [0, 1, 2, 3].map((sender) => ({ sender, complaints: [] }));
    const judged = await dkg.completeWithConfirmations(ceremony, processed, [
      ...silent,
      liar,
      liar,
    ]);
    expect(judged).toEqual(dkg.completeFresh(ceremony, processed.slice(0, 4)));
  });
  it('keeps its place, and the cheat loses its own', async () => {
    const messages = [cheating];
    for (const id of [0, 1, 3, 4]) {
      messages.push((await dealSigned(ceremony, 'complaints', id)).message);
    }
    const processed = await Promise.all(messages.map((m) => process(m, 0)));
    const victim = { sender: VICTIM, complaints: [complain(VICTIM, cheating)] };
    const silent = [0, 2, 3, 4].map((sender) => ({ sender, complaints: [] }));
    const judged = await dkg.completeWithConfirmations(ceremony, processed, [...silent, victim]);
    expect(judged).toEqual(dkg.completeFresh(ceremony, processed.slice(1)));
  });
  it('loses a victim that lies before it tells the truth, and the cheat stays', async () => {
    const messages = [cheating];
    for (const id of [0, 1, 3, 4]) {
      messages.push((await dealSigned(ceremony, 'complaints', id)).message);
    }
    const processed = await Promise.all(messages.map((m) => process(m, 0)));
    const about = messages.find(({ sender }) => sender === 3)!;
    const lieFirst = [complain(VICTIM, about), complain(VICTIM, cheating)];
    const silent = [0, 2, 3, 4].map((sender) => ({ sender, complaints: [] }));
    const judged = await dkg.completeWithConfirmations(ceremony, processed, [
      ...silent,
      { sender: VICTIM, complaints: lieFirst },
    ]);
    // As in the reference: after a false complaint nobody listens to the accuser any more.
    const others = processed.filter(({ message }) => message.sender !== VICTIM);
    expect(judged).toEqual(dkg.completeFresh(ceremony, others));
  });
});

describe('commitments that are the identity', () => {
  const { g2 } = suite.engine;
  const deal = (polynomial: readonly Uint8Array[]) =>
    dkg.createDkgMessage(ceremony, { encryptionKey: encryptionKeyOf(DEALER) }, polynomial);
  const sample = () => dkg.samplePolynomial(seededRandom('identity'), 3);

  it('are refused for the constant term, even when the shares fit', async () => {
    const message = await deal(sample().with(0, new Uint8Array(32)));
    expect(g2.isIdentity(message.commitment[0]!)).toBe(true);
    expect(
      unlessRefused(['INVALID_DKG_MESSAGE'], () => {
        dkg.verifyDkgMessage(ceremony, message);
        return 'passed';
      }),
    ).toBeUndefined();
  });

  it('are allowed for the others, as in the reference', async () => {
    for (const zeros of [[1], [2], [1, 2]]) {
      const message = await deal(
        sample().map((c, k) => (zeros.includes(k) ? new Uint8Array(32) : c)),
      );
      for (const id of members) {
        const { shares, complaint } = await process(message, id);
        expect([shares.length, complaint]).toEqual([1, undefined]);
      }
    }
  });
});
