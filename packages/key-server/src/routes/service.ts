/**
 * `GET /v1/service`: a proof that this server holds the master key behind a key server object
 * (protocol §4.1). The proofs depend on nothing in the request and are made once, at start.
 */

import { type Engine, proofOfPossession } from '@seal-ts/crypto';
import {
  addressToBytes,
  isProtocolError,
  normalizeAddress,
  SealServerError,
  type ServiceResponseJson,
  toBase64,
} from '@seal-ts/protocol';
import type { Context } from 'hono';
import type { KeyServerEnv } from '../http/env.ts';
import type { MasterKeys } from '../keys/master-keys.ts';
import type { KeyServerMetrics } from '../metrics.ts';

export interface ServiceDeps {
  keys: MasterKeys;
  engine: Engine;
  metrics: Pick<KeyServerMetrics, 'serviceRequests'>;
}

export function serviceRoute({ keys, engine, metrics }: ServiceDeps) {
  const answers = new Map<string, ServiceResponseJson>();
  for (const [objectId, key] of keys.services) {
    const proof = key.use((scalar) => proofOfPossession(engine, scalar, addressToBytes(objectId)));
    answers.set(objectId, { service_id: objectId, pop: toBase64(engine.g1.toBytes(proof)) });
  }

  return function handleService(c: Context<KeyServerEnv>): Response {
    metrics.serviceRequests.inc();
    const answer = answers.get(parseServiceId(c.req.query('service_id')));
    if (answer === undefined) throw new SealServerError('InvalidServiceId');
    return c.json(answer);
  };
}

function parseServiceId(text: string | undefined): string {
  try {
    return normalizeAddress(text ?? '');
  } catch (cause) {
    if (isProtocolError(cause)) throw new SealServerError('InvalidServiceId', '', { cause });
    throw cause;
  }
}
