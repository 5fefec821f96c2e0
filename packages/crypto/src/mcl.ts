/** Placeholder so types resolve; replaced in the next step. */
import type { Engine } from './engine.ts';
import { nobleEngine } from './noble.ts';

/** Starts the WebAssembly engine. */
export async function loadMclEngine(): Promise<Engine> {
  return nobleEngine;
}
