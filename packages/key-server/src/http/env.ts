/** What the key server's middleware leaves in a request's context. */

import type { RequestLogVariables } from '@seal-ts/service';

/** Fields of a request's log line; nothing else is logged at `info`. */
export interface RequestLog {
  sdkType?: string;
  sdkVersion?: string;
  targetApiVersion?: string;
  /** Number of identities asked for. */
  ids?: number;
  /** Name of the refusal. */
  error?: string;
}

export interface KeyServerEnv {
  Variables: RequestLogVariables<RequestLog>;
}
