/** Secrets do not stay behind in the WebAssembly module's memory. */

import { fromHex, systemRandom } from '@seal-ts/crypto';
import { describe, expect, it } from 'vitest';
import { makeG1, makeG2 } from '../src/mcl/groups.ts';
import { MAX_BLOCK_BYTES, SCRATCH_BYTES, Scratch } from '../src/mcl/memory.ts';
import { startModule } from '../src/mcl/module.ts';
import { codeOf } from './support/helpers.ts';

const SECRET = fromHex('26c44908a987df8e24de5128eb062125e40b2b5dea25d67d828ae1fb7b620a13');

/** Whether 8 consecutive bytes of `needle`, forwards or backwards, stand anywhere in `memory`. */
function traceOf(needle: Uint8Array, memory: Uint8Array): boolean {
  const haystack = new TextDecoder('latin1').decode(memory);
  return [needle, needle.toReversed()].some((bytes) => {
    for (let i = 0; i + 8 <= bytes.length; i += 8) {
      const part = new TextDecoder('latin1').decode(bytes.subarray(i, i + 8));
      if (haystack.includes(part)) return true;
    }
    return false;
  });
}

async function start() {
  const module = await startModule(systemRandom);
  const scratch = new Scratch(module);
  const memory = () => new Uint8Array(module.wasmMemory.buffer);
  return {
    scratch,
    memory,
    groups: [makeG1(scratch, systemRandom), makeG2(scratch, systemRandom)],
  };
}

describe('the module’s memory', () => {
  it('shows a secret while it is in use, to prove that the search works', async () => {
    const { scratch, memory } = await start();
    scratch.frame(() => {
      scratch.put(SECRET);
      expect(traceOf(SECRET, memory())).toBe(true);
    });
    expect(traceOf(SECRET, memory())).toBe(false);
  });

  it.each(['mul', 'mulOnce'] as const)('holds no secret after %s', async (way) => {
    const { memory, groups } = await start();
    for (const group of groups) {
      const point = group.hash(Uint8Array.of(1)) as never;
      group[way](point, SECRET);
      group[way](group.generator as never, SECRET);
      expect(traceOf(SECRET, memory())).toBe(false);
    }
  });

  it('holds no secret after an operation that fails', async () => {
    const { scratch, memory } = await start();
    const failing = () =>
      scratch.secretFrame(() => {
        scratch.put(SECRET);
        throw new RangeError('stop');
      });
    expect(failing).toThrow('stop');
    expect(traceOf(SECRET, memory())).toBe(false);
  });

  it('is bounded, for one operation and for one batch', async () => {
    const { scratch } = await start();
    scratch.frame(() => expect(scratch.alloc(SCRATCH_BYTES - 64)).toBeGreaterThan(0));
    const over = () => scratch.frame(() => scratch.alloc(SCRATCH_BYTES + 1));
    expect(codeOf(over)).toBe('INVALID_INPUT');
    expect(scratch.block(MAX_BLOCK_BYTES, (pointer) => pointer)).toBeGreaterThan(0);
    expect(codeOf(() => scratch.block(MAX_BLOCK_BYTES + 1, () => 0))).toBe('INVALID_INPUT');
    scratch.frame(() => expect(scratch.put(SECRET)).toBeGreaterThan(0));
  });
});
