/**
 * Gas (sui-ledger.md §7): rounding, storage cost and rebate, and what a payment must cover.
 *
 * Computation units are the VM's (one for each instruction, natives by table); from there on the
 * network's own rules hold exactly.
 */
import {
  BASE_COMPUTATION_UNITS,
  GAS_ROUNDING_STEP,
  MAX_COMPUTATION_UNITS,
  REBATE_BASIS_POINTS,
  STORAGE_MIST_PER_BYTE,
} from './limits.ts';
import type { GasCostSummary } from './types/effects.ts';

const BASIS_POINTS = 10_000n;

/** Units as charged: at least the base, rounded up to the step, at most the cap. */
export function roundUnits(units: number): bigint {
  const atLeast = BigInt(Math.max(Math.ceil(units), BASE_COMPUTATION_UNITS));
  const rounded = ((atLeast + GAS_ROUNDING_STEP - 1n) / GAS_ROUNDING_STEP) * GAS_ROUNDING_STEP;
  return rounded > MAX_UNITS ? MAX_UNITS : rounded;
}
const MAX_UNITS = BigInt(MAX_COMPUTATION_UNITS);

/** Most units that a budget pays for at this price, below the cap. */
export function affordableUnits(budget: bigint, price: bigint): number {
  // The budget must stay strictly above the computation cost, which is charged in whole steps.
  const steps = (budget - 1n) / (price * GAS_ROUNDING_STEP);
  const units = steps * GAS_ROUNDING_STEP;
  return units > MAX_UNITS ? MAX_COMPUTATION_UNITS : Number(units);
}

/** MIST to store this many bytes. */
export function storageCost(bytes: number): bigint {
  return BigInt(bytes) * STORAGE_MIST_PER_BYTE;
}

/** Splits the old rebates of modified and removed objects into what comes back and what is kept. */
export function splitRebate(oldRebates: bigint): { rebate: bigint; nonRefundable: bigint } {
  // round(sum × 0.99), half up.
  const rebate = (oldRebates * REBATE_BASIS_POINTS + BASIS_POINTS / 2n) / BASIS_POINTS;
  return { rebate, nonRefundable: oldRebates - rebate };
}

/** What the gas coin pays; negative if it gains. */
export function netCost(gas: GasCostSummary): bigint {
  return gas.computationCost + gas.storageCost - gas.storageRebate;
}

export const NO_GAS: GasCostSummary = {
  computationCost: 0n,
  storageCost: 0n,
  storageRebate: 0n,
  nonRefundableStorageFee: 0n,
};

export function addGas(a: GasCostSummary, b: GasCostSummary): GasCostSummary {
  return {
    computationCost: a.computationCost + b.computationCost,
    storageCost: a.storageCost + b.storageCost,
    storageRebate: a.storageRebate + b.storageRebate,
    nonRefundableStorageFee: a.nonRefundableStorageFee + b.nonRefundableStorageFee,
  };
}
