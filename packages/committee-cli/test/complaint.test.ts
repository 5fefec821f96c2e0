/** A complaint decides between a sender and its accuser, and nobody can be framed with one. */
import { systemRandom } from '@seal-ts/crypto';
import {
  deployedSuite,
  encodeComplaint,
  makeRecoveryPackage,
  RandomOracle,
  recoveryOracle,
} from '@seal-ts/crypto/dkg';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { fromHex } from '@seal-ts/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../src/ceremony/complaint.ts';
import { partyOnly } from '../src/ceremony/people.ts';
import { dealMessage, processMessages } from '../src/ceremony/process.ts';
import type { LoadedMessage } from '../src/files/messages.ts';
import { COMMITTEE, keyOf, messagesOf, snapshotsOf } from './fixture.ts';

const keys = [keyOf(0), keyOf(1), keyOf(2)];
const snapshots = snapshotsOf(keys);
const snapshot = snapshots[0]!;
let good: LoadedMessage[];
/** Party 0 encrypts the share of party 1 to a key that is not party 1's. */
let bad: LoadedMessage;
let complaint: Uint8Array;

async function wrongFor(party: number): Promise<LoadedMessage> {
  const encryptionKeys = snapshot.encryptionKeys.with(party, keyOf(9).encryptionKey);
  const signed = await dealMessage(engine, systemRandom, { ...snapshot, encryptionKeys }, keys[0]!);
  return { file: 'message_0.json', signed };
}

/** The line that party `me` is told to send. */
async function lineOf(me: number, first: LoadedMessage): Promise<string> {
  const set = [first, ...good.slice(1)];
  return processMessages(engine, systemRandom, snapshots[me]!, keys[me]!, set).then(
    () => '',
    (error: Error) => error.message,
  );
}

const complaintIn = (line: string) => fromHex(/--complaint (0x[0-9a-f]+)/.exec(line)?.[1] ?? '');

beforeAll(async () => {
  good = await messagesOf(keys);
  bad = await wrongFor(1);
  complaint = complaintIn(await lineOf(1, bad));
});

const verdict = (accuser: number, message: LoadedMessage, bytes: Uint8Array) =>
  judge(engine, snapshot, { accuser, message, complaint: bytes }, partyOnly);

describe('a complaint', () => {
  it('comes as a command that no file name can spoil', async () => {
    const line = await lineOf(1, { ...bad, file: '$(reboot).json' });
    expect(line).toContain('--message message_0.json --complaint');
  });

  it('comes as the command that judges it', async () => {
    expect(await lineOf(1, bad)).toContain(
      'check-complaint --accuser 1 --message message_0.json --complaint 0x0000',
    );
    expect(await lineOf(2, bad)).toBe('');
  });

  it('that is right shows the sender at fault', async () => {
    const expected = { accuser: 1, accused: 0, justified: true, atFault: 0 };
    expect(await verdict(1, bad, complaint)).toEqual(expected);
  });

  it('about a message with the right share is false', async () => {
    const expected = { accuser: 1, accused: 0, justified: false, atFault: 1 };
    expect(await verdict(1, good[0]!, complaint)).toEqual(expected);
    // By a member who lies with its own key: the proof holds, and so does the share.
    const recovery = makeRecoveryPackage(
      engine.g1,
      systemRandom,
      recoveryOracle(RandomOracle.forCommittee(COMMITTEE), 1, 0),
      keys[1]!.encryptionSecret,
      good[0]!.signed.message.encryptedShares,
    );
    const lie = encodeComplaint(deployedSuite(engine), { accused: 0, recovery });
    expect(await verdict(1, good[0]!, lie)).toEqual(expected);
  });

  it('in the name of somebody else is false', async () => {
    for (const accuser of [0, 2]) {
      const found = await verdict(accuser, bad, complaint);
      expect(found).toMatchObject({ justified: false, atFault: accuser });
    }
  });

  it.each([[2], [50], [98], [146], [177]])('with byte %d changed is no proof', async (at) => {
    const changed = complaint.with(at, complaint[at]! ^ 1);
    const found = await verdict(1, bad, changed).then(
      ({ justified }) => justified,
      (error: { code: string }) => error.code,
    );
    expect([false, 'COMMITTEE_BAD_OPTION']).toContain(found);
  });

  it.each<[string, () => Promise<unknown>, string, string]>([
    ['nobody', () => verdict(3, bad, complaint), 'parties 0 to 2', 'COMMITTEE_BAD_OPTION'],
    [
      'another message',
      () => verdict(1, good[2]!, complaint),
      'from party 2',
      'COMMITTEE_BAD_OPTION',
    ],
    [
      'half a line',
      () => verdict(1, bad, complaint.slice(0, 100)),
      'whole line',
      'COMMITTEE_BAD_OPTION',
    ],
    [
      'an empty line',
      () => verdict(1, bad, new Uint8Array()),
      'whole line',
      'COMMITTEE_BAD_OPTION',
    ],
    [
      'a message that was changed',
      () => {
        const { message, secretProof } = bad.signed;
        const { signature } = good[1]!.signed;
        const signed = { message, secretProof, signature };
        return verdict(1, { file: 'forged.json', signed }, complaint);
      },
      'forged.json, from party 0',
      'COMMITTEE_MESSAGE',
    ],
  ])('of or about %s cannot be judged', async (_, attempt, words, code) => {
    await expect(attempt()).rejects.toThrow(expect.objectContaining({ code }));
    await expect(attempt()).rejects.toThrow(words);
  });
});
