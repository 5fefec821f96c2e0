/**
 * One step at a time in a state directory: two that run side by side could send a transaction twice, or
 * make two messages of which others get one.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LEFT_OVER, takeLock } from '@seal-ts/wallet/files';
import { ceremonyFilePath, type StateOptions } from './commands/common.ts';
import type { CliDeps } from './deps.ts';

export const lockPath = (stateDir: string): string => join(stateDir, '.lock');

/** Does `work` while no other step works in the same state directory. Errors: LOCKED, FILE. */
export async function alone(
  deps: CliDeps,
  options: StateOptions,
  work: () => Promise<void> | void,
): Promise<void> {
  const stateDir = dirname(ceremonyFilePath(deps, options));
  // Without the folder the step fails, or makes it for what a board gives and never replaces.
  if (!existsSync(stateDir)) return work();
  const lock = takeLock(lockPath(stateDir), stateDir);
  try {
    removeLeftOvers(stateDir);
    await work();
  } finally {
    lock.release();
  }
}

/** What a run that was killed was about to put in place; it may hold secrets, and nothing depends on it. */
function removeLeftOvers(stateDir: string): void {
  for (const name of readdirSync(stateDir)) {
    // Another run may be asking for the lock right now.
    if (name.startsWith('.lock.') || !LEFT_OVER.test(name)) continue;
    rmSync(join(stateDir, name), { force: true });
  }
}
