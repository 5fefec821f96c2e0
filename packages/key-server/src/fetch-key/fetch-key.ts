/**
 * `POST /v1/fetch_key` behind the HTTP layer: the steps of protocol §4.5 in their order, because
 * the order decides which refusal a faulty request gets. Nothing is derived before every check passed.
 */

import type { FirstPackages, ServerChain } from '@seal-ts/chain';
import type { Engine, RandomSource } from '@seal-ts/crypto';
import { type EncryptedKey, validatePtbBase64 } from '@seal-ts/protocol';
import type { GasPrice } from '../gas-price.ts';
import type { MasterKeys } from '../keys/master-keys.ts';
import type { KeyServerMetrics } from '../metrics.ts';
import type { MvrNames } from '../mvr/names.ts';
import { checkCertificate } from './certificate.ts';
import { deriveEncryptedKeys, shareEqualIds } from './derive.ts';
import type { DecodedRequest } from './parse-request.ts';
import { checkPolicy } from './policy.ts';
import type { SessionKeys } from './session-keys.ts';
import type { VerifiedSignatures } from './signatures.ts';

export interface FetchKeyOptions {
  sealPackage: string;
  allowedStalenessMs: number;
  sessionTtlMaxMs: number;
  observeGas: boolean;
}
export interface FetchKeyDeps {
  chain: ServerChain;
  packages: FirstPackages;
  mvr: MvrNames;
  keys: MasterKeys;
  gasPrice: GasPrice;
  verified: VerifiedSignatures;
  sessionKeys: SessionKeys;
  engine: Engine;
  random: RandomSource;
  /** Wall clock, ms since epoch. */
  now: () => number;
  monotonicMs: () => number;
  metrics: KeyServerMetrics;
}

/** @throws {SealServerError} with the first refusal */
export async function fetchKey(
  { request, encKey, sessionKey }: DecodedRequest,
  options: FetchKeyOptions,
  deps: FetchKeyDeps,
  signal?: AbortSignal,
): Promise<EncryptedKey[]> {
  const { metrics } = deps;
  const valid = validatePtbBase64(request.ptb);
  const innerIds = shareEqualIds(valid.innerIds);
  metrics.idsPerRequest.observe(innerIds.length);

  const call = signal === undefined ? {} : { signal };
  const firstPackageId = await timed(metrics.fetchPackageDuration, deps, () =>
    deps.packages.firstId(valid.packageId, call),
  );
  const masterKey = deps.keys.forPackage(firstPackageId);
  const { mvrName, user } = request.certificate;
  if (mvrName !== undefined) await deps.mvr.requirePackage(mvrName, firstPackageId, call);
  await checkCertificate(
    { request, sessionKey, ptbBytes: valid.bytes, firstPackageId, ...call },
    options,
    deps,
  );
  await timed(metrics.checkPolicyDuration, deps, () =>
    checkPolicy({ ptb: valid.ptb, sender: user, firstPackageId, ...call }, options, deps),
  );
  return await deriveEncryptedKeys({ firstPackageId, innerIds, encKey, ...call }, masterKey, deps);
}

async function timed<T>(
  histogram: { observe(value: number): void },
  { monotonicMs }: FetchKeyDeps,
  work: () => Promise<T>,
): Promise<T> {
  const startedMs = monotonicMs();
  try {
    return await work();
  } finally {
    histogram.observe(monotonicMs() - startedMs);
  }
}
