/**
 * Metrics push (protocol §4.15): every interval, all metric families as protobuf inside JSON inside
 * raw snappy, sent to the operator's receiver. A failed push is logged and the next one tried; the
 * token appears in no log and no error.
 */

import type { Registry } from 'prom-client';
import { runPeriodically } from '../lifecycle/periodic.ts';
import type { Logger } from '../logs.ts';
import { encodeFamilies, type MetricFamily } from './protobuf.ts';
import { snappyCompress } from './snappy.ts';

/** Bound on one push. */
export const PUSH_TIMEOUT_MS = 30_000;

export interface MetricsPushOptions {
  url: string;
  bearerToken: string;
  intervalMs: number;
  labels: Readonly<Record<string, string>>;
}
export interface MetricsPushDeps {
  registry: Registry;
  log: Logger;
  fetch: typeof fetch;
  now: () => number;
}

/** Pushes until `signal` aborts. */
export function runMetricsPush(
  options: MetricsPushOptions,
  deps: MetricsPushDeps,
  signal: AbortSignal,
): Promise<void> {
  return runPeriodically({ intervalMs: options.intervalMs, signal }, async () => {
    try {
      await pushMetrics(options, deps, signal);
    } catch (err) {
      if (!signal.aborted) deps.log.warn({ err }, 'metrics push failed');
    }
  });
}

/** One push. @throws {MetricsPushError} when the receiver does not answer 2xx */
export async function pushMetrics(
  { url, bearerToken, labels }: MetricsPushOptions,
  { registry, fetch, now }: MetricsPushDeps,
  signal: AbortSignal,
): Promise<void> {
  const families = (await registry.getMetricsAsJSON()) as MetricFamily[];
  const buf = Array.from(encodeFamilies(families, now()));
  const json = new TextEncoder().encode(JSON.stringify({ labels, buf }));
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${bearerToken}`,
      'content-encoding': 'snappy',
      'content-type': 'application/json',
    },
    body: snappyCompress(json) as Uint8Array<ArrayBuffer>,
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(PUSH_TIMEOUT_MS)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new MetricsPushError(response.status);
}

export class MetricsPushError extends Error {
  override readonly name = 'MetricsPushError';
  readonly code = 'METRICS_PUSH_REFUSED';
  readonly status: number;

  constructor(status: number) {
    super(`the metrics receiver answered ${status}. Check push_url and bearer_token.`);
    this.status = status;
  }
}
