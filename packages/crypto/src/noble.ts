/**
 * The default engine: @noble/curves (audited, pure TypeScript, synchronous, everywhere), with our
 * own pairing arithmetic on top of its fields (noble/pairing.ts).
 */

import type { Engine, PairingTerm } from './engine.ts';
import { makeG1, makeG2 } from './noble/group.ts';
import { gtCodec, prepare } from './noble/handles.ts';
import { isOne, makeGt, productOfPairings } from './noble/target.ts';
import { type RandomSource, systemRandom } from './random.ts';

export interface NobleEngineOptions {
  /** Source of the blinding scalars of secret multiplications. Defaults to the platform's. */
  readonly random?: RandomSource;
}

/** An engine with its own random source. Handles are shared between noble engines. */
export function createNobleEngine(options: NobleEngineOptions = {}): Engine {
  const random = options.random ?? systemRandom;
  const g1 = makeG1(random);
  const g2 = makeG2(random);
  const product = (terms: readonly PairingTerm[]) => gtCodec.wrap(productOfPairings(terms));
  return {
    name: 'noble',
    g1,
    g2,
    gt: makeGt(() => product([{ g1: g1.generator, g2: g2.generator }])),
    prepareG2: prepare,
    pairing: (p, q) => product([{ g1: p, g2: q }]),
    multiPairing: product,
    pairingProductIsOne: (terms) => isOne(productOfPairings(terms)),
  };
}

/** The engine on @noble/curves, with the platform's randomness. */
export const nobleEngine: Engine = createNobleEngine();
