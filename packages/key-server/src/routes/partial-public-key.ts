/**
 * `GET /v1/debug/committee_partial_pk`: the public key of the share in use. Only committee members
 * have one; every other mode answers 400 in plain text (protocol §4.1).
 */

import { type Engine, publicKeyFromMasterKey } from '@seal-ts/crypto';
import { toBase64 } from '@seal-ts/protocol';
import type { Context } from 'hono';
import type { KeyServerEnv } from '../http/env.ts';
import type { MasterKey } from '../keys/master-key.ts';
import type { MasterKeys } from '../keys/master-keys.ts';
import type { KeyServerMetrics } from '../metrics.ts';

export const UNSUPPORTED_TEXT = 'Unsupported';

export interface PartialPublicKeyDeps {
  keys: MasterKeys;
  engine: Engine;
  metrics: Pick<KeyServerMetrics, 'serviceRequests'>;
}

export function partialPublicKeyRoute({ keys, engine, metrics }: PartialPublicKeyDeps) {
  const known = new WeakMap<MasterKey, string>();

  return function handlePartialPublicKey(c: Context<KeyServerEnv>): Response {
    metrics.serviceRequests.inc();
    if (keys.share === undefined) return c.text(UNSUPPORTED_TEXT, 400);
    const share = keys.share();
    let publicKey = known.get(share);
    if (publicKey === undefined) {
      const point = share.use((scalar) => publicKeyFromMasterKey(engine, scalar));
      publicKey = toBase64(engine.g2.toBytes(point));
      known.set(share, publicKey);
    }
    return c.json({ partial_pk: publicKey });
  };
}
