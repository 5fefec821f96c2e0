/** Whether the process that a file names is still there. */
import { readFileSync } from 'node:fs';

/** False for one that has ended and that nobody has waited for. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // It exists, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Ended, and its parent has not noticed yet: in a container whose first process does not care for orphans
 * that is so for ever. Linux tells; elsewhere the answer is no.
 */
function isZombie(pid: number): boolean {
  try {
    // The name in parentheses may hold anything; the state follows it.
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
