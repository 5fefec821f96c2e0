/** 64 MiB: time and peak memory of one operation, each in a fresh process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchChild } from './child.ts';
import type { MemoryResult, MemoryTask } from './memory-child.ts';
import { type Measurement, measurement } from './report.ts';
import { median } from './sampling.ts';
import type { Plan } from './suite.ts';

const QUICK_RUNS = 1;
const FULL_RUNS = 5;
const OPERATIONS = ['encrypt', 'decrypt'] as const;
const LIBRARIES = ['ours', 'reference'] as const;

export async function* memorySuite({ quick, wants, progress }: Plan): AsyncGenerator<Measurement> {
  const operations = OPERATIONS.filter((operation) =>
    [`${operation}/64MiB`, `${operation}/64MiB/memory`].some(wants),
  );
  if (operations.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'seal-bench-'));
  try {
    const file = join(folder, 'encrypted');
    await runChild({ operation: 'encrypt', library: 'ours', file });
    for (const operation of operations) {
      progress(`${operation} 64 MiB`);
      const results: Record<(typeof LIBRARIES)[number], MemoryResult[]> = {
        ours: [],
        reference: [],
      };
      for (let run = 0; run < (quick ? QUICK_RUNS : FULL_RUNS); run++) {
        for (const library of LIBRARIES) {
          const task = { operation, library, ...(operation === 'decrypt' ? { file } : {}) };
          results[library].push(await runChild(task));
        }
      }
      const of = (library: (typeof LIBRARIES)[number], field: keyof MemoryResult) =>
        median(results[library].map((result) => result[field]));
      const name = `${operation}/64MiB`;
      yield measurement(name, 'ms', of('ours', 'cpuMs'), of('reference', 'cpuMs'));
      const [our, their] = [of('ours', 'peakMiB'), of('reference', 'peakMiB')];
      yield measurement(`${name}/memory`, 'MiB', our, their);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runChild(task: MemoryTask): Promise<MemoryResult> {
  const child = new BenchChild('./memory-child.ts', ['--expose-gc']);
  try {
    return await child.ask('run', task);
  } finally {
    child.close();
  }
}
