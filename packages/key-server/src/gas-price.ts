/**
 * The reference gas price that simulations use (protocol §4.10): read before the server starts to
 * answer, then refreshed in the background; a failed refresh keeps the last value.
 */

import type { ServerChain } from '@seal-ts/chain';
import { SealServerError } from '@seal-ts/protocol';
import { type Logger, pause, runPeriodically } from '@seal-ts/service';
import type { KeyServerMetrics } from './metrics.ts';

/** Pause between attempts while no value is known yet. */
export const FIRST_PRICE_RETRY_MS = 1000;

export interface GasPriceOptions {
  updateIntervalMs: number;
}
export interface GasPriceDeps {
  chain: Pick<ServerChain, 'referenceGasPrice'>;
  metrics: Pick<KeyServerMetrics, 'gasPriceStatus'>;
  log: Logger;
}

export class GasPrice {
  readonly #options: GasPriceOptions;
  readonly #deps: GasPriceDeps;
  #price: bigint | undefined;

  constructor(options: GasPriceOptions, deps: GasPriceDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  get known(): boolean {
    return this.#price !== undefined;
  }

  /** @throws {SealServerError} Failure before the first value */
  current(): bigint {
    if (this.#price !== undefined) return this.#price;
    throw new SealServerError('Failure', 'the reference gas price is not known yet');
  }

  /** Blocks until the first value is there, or until `signal` aborts. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#update(signal);
    while (!this.known && (await pause(FIRST_PRICE_RETRY_MS, signal))) await this.#update(signal);
  }

  /** Keeps the value fresh until `signal` aborts. */
  run(signal: AbortSignal): Promise<void> {
    const { updateIntervalMs: intervalMs } = this.#options;
    return runPeriodically({ intervalMs, signal }, () => this.#update(signal));
  }

  async #update(signal: AbortSignal): Promise<void> {
    const { chain, metrics, log } = this.#deps;
    try {
      this.#price = await chain.referenceGasPrice({ signal });
      metrics.gasPriceStatus.inc({ status: 'success' });
    } catch (err) {
      if (signal.aborted) return;
      metrics.gasPriceStatus.inc({ status: 'failure' });
      log.warn({ err }, 'cannot read the reference gas price');
    }
  }
}
