/** Why a member's answer did not count: for the log, the metrics, and the refusal that is relayed. */

import { isServerErrorName, type ServerErrorBody } from '@seal-ts/protocol';
import type { CredentialRefusal } from './credentials.ts';

export type FailureReason =
  | CredentialRefusal
  | 'url_refused'
  | 'address_refused'
  | 'unreachable'
  | 'timeout'
  | 'answer_too_large'
  | 'redirected'
  | 'http_status'
  | 'refused'
  | 'version_missing'
  | 'version_invalid'
  | 'version_unsupported'
  | 'malformed_answer'
  | 'wrong_ids'
  | 'invalid_share';

/** Reasons that asking again cannot change: nothing was sent. */
const LOCAL: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'credential_missing',
  'credential_withheld',
  'url_refused',
  'address_refused',
]);

export class MemberFailure extends Error {
  override readonly name = 'MemberFailure';
  readonly code = 'MEMBER_FAILURE';
  readonly reason: FailureReason;
  /** The member's own refusal, when it answered with one. */
  readonly refusal: ServerErrorBody | undefined;

  constructor(
    reason: FailureReason,
    detail: string,
    options: ErrorOptions & { refusal?: ServerErrorBody } = {},
  ) {
    super(detail, options);
    this.reason = reason;
    this.refusal = options.refusal;
  }

  /** Whether the member refused the request itself; asking again gives the same answer. */
  get isFinal(): boolean {
    return this.refusal !== undefined && this.refusal.error !== 'Failure';
  }

  /** Whether another attempt may end otherwise. */
  get isRetryable(): boolean {
    return !this.isFinal && !LOCAL.has(this.reason);
  }

  /** Label of `upstream_key_server_errors`, from a fixed list. */
  get errorType(): string {
    const name = this.refusal?.error ?? 'Failure';
    return isServerErrorName(name) ? name : 'other';
  }
}
