/**
 * Who is at fault when a member says that it was dealt a wrong share (seal-protocol.md §6.2.7, 5). A
 * complaint opens the one ciphertext that it is about, so anybody can decide.
 */
import type { Engine, G1Point } from '@seal-ts/crypto';
import {
  type Complaint,
  decodeComplaint,
  deployedSuite,
  isComplaintValid,
} from '@seal-ts/crypto/dkg';
import { CommitteeError, messageOf } from '../errors.ts';
import type { LoadedMessage } from '../files/messages.ts';
import type { SenderName } from './people.ts';
import { MessageCheck } from './process.ts';
import type { PublicSnapshot } from './snapshot.ts';

export interface Accusation {
  /** Party id. */
  readonly accuser: number;
  readonly message: LoadedMessage;
  readonly complaint: Uint8Array;
}

export interface Verdict {
  readonly accuser: number;
  readonly accused: number;
  /** The message is validly signed and holds a wrong share for the accuser. */
  readonly justified: boolean;
  /** Party id of whoever misbehaved. */
  readonly atFault: number;
}

/**
 * Errors: COMMITTEE_BAD_OPTION when there is nothing to judge, COMMITTEE_MESSAGE when the message itself
 * is invalid, which needs no complaint.
 */
export async function judge(
  engine: Engine,
  snapshot: PublicSnapshot,
  { accuser, message, complaint: bytes }: Accusation,
  nameOf: SenderName,
): Promise<Verdict> {
  const fault = (text: string, cause?: unknown) =>
    new CommitteeError('COMMITTEE_BAD_OPTION', text, { cause });
  const { sender } = message.signed.message;
  const parties = snapshot.encryptionKeys.length;
  if (accuser >= parties) {
    throw fault(`--accuser ${accuser}: the committee has the parties 0 to ${parties - 1}`);
  }
  let complaint: Complaint<G1Point>;
  try {
    complaint = decodeComplaint(deployedSuite(engine), bytes);
  } catch (cause) {
    const text = `--complaint: ${messageOf(cause)}; copy the whole line that the member got`;
    throw fault(text, cause);
  }
  if (complaint.accused !== sender) {
    throw fault(
      `the complaint accuses ${nameOf(complaint.accused)}, and ${message.file} is from ` +
        `${nameOf(sender)}; give the message that it is about`,
    );
  }
  const check = new MessageCheck(engine, snapshot, nameOf);
  check.verify(message);
  const justified = await isComplaintValid(
    check.ceremony,
    accuser,
    complaint,
    message.signed.message,
  );
  return { accuser, accused: sender, justified, atFault: justified ? sender : accuser };
}
