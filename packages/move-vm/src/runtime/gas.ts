/** The gas meter: abstract units with a budget. Source: move-vm.md §3.5. */
import { STATUS, VmError } from '../common/index.ts';
import type { GasMeter } from './api.ts';

class BudgetMeter implements GasMeter {
  readonly budget: number;
  used = 0;

  constructor(budget: number) {
    this.budget = budget;
  }

  charge(units: number): void {
    this.used += units;
    if (this.used > this.budget) {
      this.used = this.budget;
      throw new VmError(STATUS.OUT_OF_GAS, `the budget of ${this.budget} units is used up`);
    }
  }
}

/** A meter that stops at `budget` units (a whole number, at least 0). */
export function gasMeter(budget: number): GasMeter {
  if (!Number.isSafeInteger(budget) || budget < 0) {
    throw new VmError(STATUS.OUT_OF_GAS, `budget must be a whole number of units, got ${budget}`);
  }
  return new BudgetMeter(budget);
}
