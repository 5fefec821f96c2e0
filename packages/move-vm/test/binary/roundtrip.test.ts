/** Compiled modules: parse and write give the same bytes; every mutation is handled. */
import { beforeAll, describe, expect, it } from 'vitest';
import { OP, opcodeName, parseModule, writeModule } from '../../src/binary/index.ts';
import { verifyModule } from '../../src/verify/index.ts';
import { compile, compileFramework } from './compile.ts';
import { SAMPLES } from './samples.ts';
import { FLIPS, flipEveryByte, survives } from './survives.ts';

let modules: Uint8Array[] = [];

beforeAll(async () => {
  const compiled = [
    await compile(SAMPLES),
    await compileFramework('std'),
    await compileFramework('sui'),
  ];
  modules = compiled.flatMap((item) => item.modules);
});

describe('compiled modules', () => {
  it('come back byte for byte', () => {
    for (const bytes of modules) expect(writeModule(parseModule(bytes))).toEqual(bytes);
  });

  it('pass the verifier', () => {
    for (const bytes of modules) expect(() => verifyModule(parseModule(bytes))).not.toThrow();
  });

  it('use the instructions of the format that the compiler emits', () => {
    const seen = new Set<number>();
    for (const bytes of modules) {
      for (const { code } of parseModule(bytes).functions) {
        for (const op of code?.ops ?? []) seen.add(op);
      }
    }
    const deprecated = /Deprecated$/;
    const missing = Object.values(OP)
      .filter((op) => !seen.has(op))
      .map(opcodeName)
      .filter((name) => !deprecated.test(name));
    expect(missing.sort()).toMatchInlineSnapshot(`
      [
        "And",
        "BrTrue",
        "Nop",
        "Or",
      ]
    `);
  });

  it('do not follow later changes of the bytes they were parsed from', () => {
    const bytes = modules.find((item) => parseModule(item).constants.length > 0)!.slice();
    const module = parseModule(bytes);
    const before = writeModule(module);
    bytes.fill(0);
    expect(writeModule(module)).toEqual(before);
  });
});

describe('mutated modules', () => {
  it('give a typed error or a module, whichever byte changes', () => {
    const outcomes = { module: 0, error: 0 };
    for (const original of modules) {
      const { module, error } = flipEveryByte(original, (at) => [FLIPS[at % FLIPS.length]!]);
      outcomes.module += module;
      outcomes.error += error;
    }
    expect(outcomes.error).toBeGreaterThan(outcomes.module);
  });

  it('give a typed error wherever they are cut', () => {
    for (const original of modules) {
      for (let length = 0; length < original.length; length++) {
        expect(survives(original.slice(0, length))).toBe('error');
      }
    }
  });
});
