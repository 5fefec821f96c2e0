/** What the key server's middleware leaves in a request's context. */

import type { ServiceVariables } from '@seal-ts/service';
import type { RequestLog } from './request-log.ts';

export interface KeyServerEnv {
  Variables: ServiceVariables & {
    /** Fields of the one line that is logged when the request ends. */
    requestLog: RequestLog;
  };
}
