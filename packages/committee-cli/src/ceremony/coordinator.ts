/** Whose signature on a message set counts. */
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import type { CeremonyFile } from '../files/ceremony-file.ts';
import { findVerified } from '../files/verified.ts';

/**
 * The coordinator that this member verified; else, with a note, the one that dkg.yaml names.
 * Error: COMMITTEE_MESSAGE_SET when nothing names one.
 */
export function coordinatorOf(deps: CliDeps, stateDir: string, file: CeremonyFile): string {
  const verified = findVerified(stateDir);
  if (verified?.committeeId === file.committeeId && verified.coordinator !== undefined) {
    return verified.coordinator;
  }
  const { coordinator } = file;
  if (coordinator === undefined) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${file.path} has no COORDINATOR_ADDRESS, so the signature of the message set cannot be ` +
        'checked; get the coordinator’s dkg.yaml again',
    );
  }
  deps.note(
    `The coordinator is ${coordinator}, as dkg.yaml says; \`verify --trusted\` would compare that ` +
      'with your own list.',
  );
  return coordinator;
}
