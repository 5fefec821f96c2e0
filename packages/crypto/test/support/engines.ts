/** Both engines, for tests that run on each and for differential tests. */

import type { Engine } from '@seal-ts/crypto';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';

export const noble: Engine = nobleEngine;
export const mcl: Engine = await loadMclEngine();
export const engines: readonly (readonly [string, Engine])[] = [
  ['noble', noble],
  ['mcl', mcl],
];
