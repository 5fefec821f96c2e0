/** The fast engine, for everything that tests compute; ../fetch-key.test.ts runs both. */

import { loadMclEngine } from '@seal-ts/crypto/mcl';

export const engine = await loadMclEngine();
