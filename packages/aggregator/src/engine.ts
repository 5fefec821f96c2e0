/** The configured implementation of the curve. The aggregator computes on public values only. */

import type { Engine } from '@seal-ts/crypto';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';
import type { EngineChoice } from './config/settings.ts';

export async function loadEngine(choice: EngineChoice): Promise<Engine> {
  return choice === 'mcl' ? await loadMclEngine() : nobleEngine;
}
