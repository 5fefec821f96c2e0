/** A folder of its own for each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

export function temporaryFolder(): { path: (...parts: string[]) => string } {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'seal-committee-cli-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  return { path: (...parts) => join(dir, ...parts) };
}
