/**
 * Fair comparison on a machine that does other things too: contestants take turns in every round,
 * CPU time is counted instead of the clock, and the median over the rounds is reported.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Contestant {
  readonly name: string;
  /** One operation; `round` counts from 0, warm-up included. */
  run(round: number): Promise<void>;
}

export interface Rounds {
  /** Rounds that are run and not counted: compilers settle, caches fill. */
  readonly warmUp: number;
  readonly counted: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
const collectYoung = () => collect({ type: 'minor' });

/** CPU time of this process for `work`, ms; all its threads, kernel included. */
export async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('median of no values');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

/** Median CPU ms of one operation of each contestant, by name. */
export async function compare(
  contestants: readonly Contestant[],
  { warmUp, counted }: Rounds,
): Promise<ReadonlyMap<string, number>> {
  const samples = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < warmUp + counted; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const contestant = contestants[(round + i) % contestants.length] as Contestant;
      // Nobody pays for the garbage of whoever came before.
      collectYoung();
      const ms = await cpuMs(() => contestant.run(round));
      if (round >= warmUp) samples.get(contestant.name)?.push(ms);
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]));
}
