/** `POST /v1/fetch_key`: HTTP around ../fetch-key/fetch-key.ts. */

import { fetchKeyResponseToJson } from '@seal-ts/protocol';
import { readJsonBody } from '@seal-ts/service';
import type { Context } from 'hono';
import { type FetchKeyDeps, type FetchKeyOptions, fetchKey } from '../fetch-key/fetch-key.ts';
import { decodeRequest } from '../fetch-key/parse-request.ts';
import type { KeyServerEnv } from '../http/env.ts';

export function fetchKeyRoute(options: FetchKeyOptions, deps: FetchKeyDeps) {
  return async function handleFetchKey(c: Context<KeyServerEnv>): Promise<Response> {
    const decoded = decodeRequest(await readJsonBody(c.req), deps);
    deps.metrics.totalRequests.inc();
    const keys = await fetchKey(decoded, options, deps, c.get('signal'));
    c.get('requestLog').ids = keys.length;
    return c.json(fetchKeyResponseToJson(keys));
  };
}
