/**
 * Policy evaluation (protocol §4.7): the caller's `seal_approve*` commands are simulated behind a
 * staleness check, on the newest objects the node has. Anything but success is a refusal.
 */

import { isChainError, type ServerChain, type SimulationOutcome } from '@seal-ts/chain';
import {
  encodePtb,
  insertStalenessCheck,
  PTB_REFUSAL,
  type Ptb,
  SealServerError,
  SIMULATION_GAS_BUDGET,
  STALENESS_ABORT_CODE,
} from '@seal-ts/protocol';
import type { GasPrice } from '../gas-price.ts';
import type { KeyServerMetrics } from '../metrics.ts';

export interface PolicyOptions {
  /** Package `seal` on this network. */
  sealPackage: string;
  allowedStalenessMs: number;
  /** Observe the computation cost for each package; only where packages are a configured list. */
  observeGas: boolean;
}
export interface PolicyDeps {
  chain: Pick<ServerChain, 'simulate'>;
  gasPrice: GasPrice;
  now: () => number;
  metrics: Pick<KeyServerMetrics, 'stalenessFailures' | 'gasPerPackage'>;
}
export interface PolicyCheck {
  ptb: Ptb;
  sender: string;
  firstPackageId: string;
  signal?: AbortSignal;
}

/** @throws {SealServerError} unless the policy approves */
export async function checkPolicy(
  check: PolicyCheck,
  options: PolicyOptions,
  deps: PolicyDeps,
): Promise<void> {
  const ptb = insertStalenessCheck(check.ptb, {
    sealPackage: options.sealPackage,
    nowMs: BigInt(deps.now()),
    allowedStalenessMs: BigInt(options.allowedStalenessMs),
  });
  const outcome = await simulate(check, encodePtb(ptb), deps);
  if (outcome.ok) {
    if (options.observeGas) {
      const labels = { package: check.firstPackageId };
      deps.metrics.gasPerPackage.observe(labels, Number(outcome.computationCost));
    }
    return;
  }
  if (isStale(outcome, options.sealPackage)) {
    deps.metrics.stalenessFailures.inc();
    throw new SealServerError('Failure', 'Fullnode is stale');
  }
  if (outcome.kind === 'FUNCTION_NOT_FOUND') {
    throw new SealServerError('InvalidPTB', PTB_REFUSAL.functionNotFound);
  }
  throw new SealServerError('NoAccess', outcome.description || outcome.kind);
}

async function simulate(
  check: PolicyCheck,
  ptb: Uint8Array,
  deps: PolicyDeps,
): Promise<SimulationOutcome> {
  const request = {
    ptb,
    sender: check.sender,
    gasPrice: deps.gasPrice.current(),
    gasBudget: SIMULATION_GAS_BUDGET,
  };
  try {
    return await deps.chain.simulate(request, { signal: check.signal });
  } catch (cause) {
    if (isChainError(cause) && (cause.code === 'INVALID_ARGUMENT' || cause.code === 'NOT_FOUND')) {
      throw new SealServerError('InvalidParameter', nodeText(cause), { cause });
    }
    throw new SealServerError('Failure', 'policy simulation failed', { cause });
  }
}

/** The inserted command aborted, and nobody else: same code, module and package. */
function isStale(outcome: SimulationOutcome & { ok: false }, sealPackage: string): boolean {
  const { abort } = outcome;
  return (
    abort !== undefined &&
    abort.code === STALENESS_ABORT_CODE &&
    abort.module === 'time' &&
    abort.package === sealPackage
  );
}

/** The node's own words where there are some, without our description of the call. */
function nodeText(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
