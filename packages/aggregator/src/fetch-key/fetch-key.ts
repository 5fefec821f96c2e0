/**
 * `POST /v1/fetch_key` behind the HTTP layer (protocol §5.5): the transaction's rules are checked
 * here, so that hopeless requests do not reach the members; whether the policy approves is theirs to
 * decide.
 */

import type { FirstPackages } from '@seal-ts/chain';
import {
  type EncryptedKey,
  fetchKeyRequestToJson,
  fromHex,
  fullIds,
  MAX_REQUEST_BYTES,
  SealServerError,
  toHex,
  validatePtbBase64,
} from '@seal-ts/protocol';
import type { AskOptions } from '../members/ask-member.ts';
import type { AggregatorMetrics } from '../metrics.ts';
import { type FailureNote, type GatherDeps, gather } from './gather.ts';
import type { DecodedRequest } from './parse-request.ts';

/** Members answer one key for each command, and no committee combines an identity twice (§5.5). */
export const DUPLICATE_IDS_DETAIL = 'Duplicate key ids';
export const REQUEST_TOO_LARGE_DETAIL = `Request is larger than ${MAX_REQUEST_BYTES} bytes`;

export interface FetchKeyDeps extends GatherDeps {
  packages: FirstPackages;
  metrics: GatherDeps['metrics'] & Pick<AggregatorMetrics, 'keyIdsPerRequest'>;
}
export interface FetchKeyContext {
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly report: (failures: readonly FailureNote[]) => void;
}
export interface FetchKeyResult {
  readonly keys: readonly EncryptedKey[];
  readonly committeeVersion: number;
  readonly members: readonly string[];
}

/** @throws {Refusal} */
export async function fetchKey(
  { request, verificationKey }: DecodedRequest,
  options: AskOptions,
  deps: FetchKeyDeps,
  context: FetchKeyContext,
): Promise<FetchKeyResult> {
  const { packageId, innerIds } = validatePtbBase64(request.ptb);
  const { signal } = context;
  const firstPackageId = await deps.packages.firstId(packageId, { signal });
  const expectedIds = new Set(fullIds(firstPackageId, innerIds).map(toHex));
  if (expectedIds.size !== innerIds.length) {
    throw new SealServerError('InvalidPTB', DUPLICATE_IDS_DETAIL);
  }
  deps.metrics.keyIdsPerRequest.observe(expectedIds.size);
  const body = new TextEncoder().encode(JSON.stringify(fetchKeyRequestToJson(request)));
  if (body.length > MAX_REQUEST_BYTES) {
    throw new SealServerError('InvalidPTB', REQUEST_TOO_LARGE_DETAIL);
  }
  const gathered = { ...context, body, expectedIds, verificationKey };
  const { keys, committeeVersion, members } = await gather(gathered, options, deps);
  const { g1 } = deps.engine;
  const encrypted = [...keys].map(([id, { c1, c2 }]) => ({
    fullId: fromHex(id),
    c1: g1.toBytes(c1),
    c2: g1.toBytes(c2),
  }));
  return { keys: encrypted, committeeVersion, members };
}
