/** Types of `runtime.mjs`, for the TypeScript tools that use it. */
import type { SpawnSyncOptions, SpawnSyncReturns } from 'node:child_process';

export const root: string;
export const SOURCE_CONDITION: string;
export const NODE_FLAGS: readonly string[];
export function projectNode(log?: (line: string) => void): string;
export function runNpm(
  args: readonly string[],
  options?: SpawnSyncOptions,
  node?: string,
): SpawnSyncReturns<string | Buffer>;
