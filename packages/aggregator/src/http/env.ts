/** What the aggregator's middleware leaves in a request's context. */

import type { RequestLogVariables } from '@seal-ts/service';
import type { FailureNote } from '../fetch-key/gather.ts';

/** Fields of a request's log line; nothing else is logged at `info`. */
export interface RequestLog {
  sdkType?: string;
  sdkVersion?: string;
  targetApiVersion?: string;
  /** Number of distinct identities asked for. */
  ids?: number;
  /** Version of the committee whose shares were combined, and whose they were. */
  committeeVersion?: number;
  members?: readonly string[];
  /** Members that gave no share, and why. */
  failures?: readonly FailureNote[];
  /** Name of the refusal. */
  error?: string;
}

export interface AggregatorEnv {
  Variables: RequestLogVariables<RequestLog>;
}
