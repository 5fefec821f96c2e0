/** What every group of measurements gets and gives. */
import type { Measurement } from './report.ts';

export interface Plan {
  readonly quick: boolean;
  /** Whether a name is asked for; what is not asked for is not run. */
  wants(name: string): boolean;
  /** A word about work that takes a while. */
  progress(text: string): void;
}

export type Suite = (plan: Plan) => AsyncGenerator<Measurement>;
