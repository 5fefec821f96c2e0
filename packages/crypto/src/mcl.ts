/**
 * The accelerator: mcl compiled to WebAssembly (mcl-wasm), several times faster than pure
 * JavaScript. Works in Node, browsers and workers; it needs WebAssembly to be allowed
 * (`wasm-unsafe-eval` in a content security policy) and is loaded asynchronously once.
 */

import type { Engine } from './engine.ts';
import { makeG1, makeG2 } from './mcl/groups.ts';
import { gtCodec, RAW_GT_BYTES } from './mcl/handles.ts';
import { Scratch } from './mcl/memory.ts';
import { startModule } from './mcl/module.ts';
import { makeGt, pairing, prepareG2, productOfPairings } from './mcl/target.ts';
import { type RandomSource, systemRandom } from './random.ts';

export interface MclEngineOptions {
  /** Source of the blinding scalars of secret multiplications. Defaults to the platform's. */
  readonly random?: RandomSource;
}

/** Starts a new, private instance of the WebAssembly engine. Throws `ENGINE_UNAVAILABLE`. */
export async function createMclEngine(options: MclEngineOptions = {}): Promise<Engine> {
  const random = options.random ?? systemRandom;
  const scratch = new Scratch(await startModule(random));
  const { module } = scratch;
  const g1 = makeG1(scratch, random);
  const g2 = makeG2(scratch, random);
  return {
    name: 'mcl',
    g1,
    g2,
    gt: makeGt(scratch, () => pairing(scratch, g1.generator, g2.generator)),
    prepareG2: (point) => prepareG2(scratch, point),
    pairing: (p, q) => pairing(scratch, p, q),
    multiPairing: (terms) =>
      productOfPairings(scratch, terms, (result) =>
        gtCodec.wrap(scratch.take(result, RAW_GT_BYTES)),
      ),
    pairingProductIsOne: (terms) =>
      productOfPairings(scratch, terms, (result) => module._mclBnGT_isOne(result) === 1),
  };
}

let shared: Promise<Engine> | undefined;

/**
 * The WebAssembly engine of this thread, started at the first call. A failed start
 * (`ENGINE_UNAVAILABLE`) is not remembered, so that a later call may succeed.
 */
export function loadMclEngine(): Promise<Engine> {
  shared ??= createMclEngine().catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}
