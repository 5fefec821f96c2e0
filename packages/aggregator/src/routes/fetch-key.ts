/** `POST /v1/fetch_key`: HTTP around ../fetch-key/fetch-key.ts. */

import { fetchKeyResponseToJson } from '@seal-ts/protocol';
import { readJsonBody } from '@seal-ts/service';
import type { Context } from 'hono';
import { type FetchKeyDeps, fetchKey } from '../fetch-key/fetch-key.ts';
import { decodeRequest } from '../fetch-key/parse-request.ts';
import type { AggregatorEnv } from '../http/env.ts';
import type { AskOptions } from '../members/ask-member.ts';
import type { AggregatorMetrics } from '../metrics.ts';

export interface FetchKeyRouteDeps extends FetchKeyDeps {
  metrics: FetchKeyDeps['metrics'] & Pick<AggregatorMetrics, 'totalRequests'>;
}

export function fetchKeyRoute(options: AskOptions, deps: FetchKeyRouteDeps) {
  return async function handleFetchKey(c: Context<AggregatorEnv>): Promise<Response> {
    const decoded = decodeRequest(await readJsonBody(c.req), deps.engine);
    deps.metrics.totalRequests.inc();
    const log = c.get('requestLog');
    const result = await fetchKey(decoded, options, deps, {
      requestId: c.get('requestId'),
      signal: c.get('signal'),
      report: (failures) => {
        if (failures.length > 0) log.failures = failures;
      },
    });
    log.ids = result.keys.length;
    log.committeeVersion = result.committeeVersion;
    log.members = result.members;
    return c.json(fetchKeyResponseToJson(result.keys));
  };
}
