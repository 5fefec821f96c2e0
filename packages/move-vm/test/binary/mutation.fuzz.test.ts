/** As in roundtrip.test.ts, with every flip of every byte, and with two bytes changed at a time. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, compileFramework } from './compile.ts';
import { SAMPLES } from './samples.ts';
import { FLIPS, flipEveryByte, survives } from './survives.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 20_000);
const SEED = process.env['FUZZ_SEED'];
const PARAMETERS = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

let modules: readonly Uint8Array[] = [];
beforeAll(async () => {
  const compiled = [
    await compile(SAMPLES),
    await compileFramework('std'),
    await compileFramework('sui'),
  ];
  modules = compiled.flatMap((item) => item.modules);
});

describe('mutated modules give a typed error or a module', () => {
  it('whatever becomes of one byte', () => {
    for (const original of modules) flipEveryByte(original, () => FLIPS);
  });

  it('whatever becomes of some bytes', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
    const property = fc.property(
      fc.nat(),
      fc.array(change, { minLength: 2, maxLength: 6 }),
      (which, changes) => {
        const bytes = modules[which % modules.length]!.slice();
        for (const [at, flip] of changes) bytes[at % bytes.length]! ^= flip;
        expect(survives(bytes)).toMatch(/module|error/);
      },
    );
    fc.assert(property, PARAMETERS);
  });
});
