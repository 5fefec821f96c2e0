/** A server whose log has no reader any more goes on, and still ends when it is told to. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROGRAM = `
import { createLogger } from '${fileURLToPath(new URL('../src/index.ts', import.meta.url))}';
const log = createLogger({ name: 'test' });
process.once('SIGTERM', () => {
  log.info('stopping');
  log.info('stopped');
  process.exit(7);
});
setInterval(() => {}, 1000);
log.info('ready');
`;

/** An ending process took milliseconds; one that is stuck never ends. */
const PATIENCE_MS = 10_000;

it('ends when nobody reads its log', async () => {
  const child = spawn(
    process.execPath,
    ['--conditions=seal-ts-source', '--input-type=module-typescript', '-e', PROGRAM],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.destroy();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  child.kill('SIGTERM');
  expect(await ended).toBe(7);
  clearTimeout(timer);
});
