/** What the project promises; `docs/performance.md` says why where a promise is not kept. */
import type { Measurement } from './report.ts';

/** A bound on one number of a measurement. */
export interface Target {
  readonly of: 'ratio' | 'ours';
  readonly at: 'least' | 'most';
  readonly bound: number;
}

/** `--assert` fails beyond this many times the target. */
export const FAIL_FACTOR = 3;

/** A share of the reference's memory, as a ratio. */
const MEMORY_SHARE = 0.55;

const TARGETS: readonly { readonly names: RegExp; readonly targets: readonly Target[] }[] = [
  { names: /^(encrypt|fetch|decrypt)\/\d+of\d+\/1KiB\/mcl$/, targets: [ratioOf(4)] },
  { names: /^(encrypt|fetch|decrypt)\/\d+of\d+\/1KiB\/noble$/, targets: [ratioOf(1.3)] },
  { names: /^(encrypt|decrypt)\/64MiB\/memory$/, targets: [ratioOf(1 / MEMORY_SHARE)] },
  // Here the reference is our noble engine: beside it, mcl has to be worth its WebAssembly.
  { names: /^dkg\/ceremony\/2of3$/, targets: [ratioOf(2.5), atMost(100)] },
  { names: /^dkg\/ceremony\/7of10$/, targets: [ratioOf(2.5), atMost(300)] },
  { names: /^dkg\/ceremony\/14of20$/, targets: [ratioOf(2.5), atMost(1000)] },
  { names: /^dkg\/ceremony\/34of50$/, targets: [ratioOf(2.5), atMost(3000)] },
  { names: /^dkg\/(create|verify|process)\//, targets: [ratioOf(2.5)] },
  { names: /^key-server\/fetch_key\/fake-chain$/, targets: [ratioOf(0.7), atLeast(250)] },
  { names: /^localnet\/simulate$/, targets: [atLeast(1000)] },
  { names: /^localnet\/start$/, targets: [atMost(1000)] },
];

/** The targets of a measurement; none if it is only reported. */
export function targetsOf(name: string): readonly Target[] {
  return TARGETS.find(({ names }) => names.test(name))?.targets ?? [];
}

export function isMet(measurement: Measurement, target: Target, slack = 1): boolean {
  const value = measurement[target.of];
  if (value === undefined) return false;
  return target.at === 'least' ? value >= target.bound / slack : value <= target.bound * slack;
}

function ratioOf(bound: number): Target {
  return { of: 'ratio', at: 'least', bound };
}

function atLeast(bound: number): Target {
  return { of: 'ours', at: 'least', bound };
}

function atMost(bound: number): Target {
  return { of: 'ours', at: 'most', bound };
}
