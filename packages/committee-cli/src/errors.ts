/** Errors of the committee tool: stable codes, and messages that say what to do next. */

export type CommitteeErrorCode =
  /** An option or argument cannot be used. */
  | 'COMMITTEE_BAD_OPTION'
  /** `dkg.yaml` lacks something or contradicts itself. */
  | 'COMMITTEE_CONFIG'
  /** A state file (`dkg.key`, `state.json`, a message) cannot be used. */
  | 'COMMITTEE_STATE'
  /** What the chain says does not allow this step. */
  | 'COMMITTEE_CHAIN'
  /** A message of key generation is invalid; do not propose. */
  | 'COMMITTEE_MESSAGE'
  /** The set of messages is not the one the committee agreed on. */
  | 'COMMITTEE_MESSAGE_SET'
  /** Results differ from what is recorded on chain or on disk; nothing was overwritten. */
  | 'COMMITTEE_MISMATCH'
  /** A complaint proves nothing against the member that it accuses. */
  | 'COMMITTEE_COMPLAINT'
  /** `verify` found faults. */
  | 'COMMITTEE_VERIFY'
  /** Nobody has compared this committee with a list of the member's own yet. */
  | 'COMMITTEE_UNVERIFIED'
  /** The message board cannot be used, or refused what it was given. */
  | 'COMMITTEE_BOARD';

/** What failed, with which values, and what to do; never holds a secret. */
export class CommitteeError extends Error {
  override readonly name = 'CommitteeError';
  readonly code: CommitteeErrorCode;

  constructor(code: CommitteeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
