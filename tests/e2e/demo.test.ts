/** The demo as a newcomer runs it. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sealDev, startSealDev } from '../support/seal-dev.ts';
import { temporaryFolder } from '../support/stack.ts';

/** What a newcomer is promised, on two cores, after installation. */
const PROMISED_MS = 60_000;

it('shows every step and ends well, in under a minute', async () => {
  const started = performance.now();
  const run = await sealDev('demo');
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('Open it as Alice');
  expect(run.stdout).toContain(
    'refused by the policy: allowlist::seal_approve aborted with code 1',
  );
  expect(run.stdout).toContain('Every step did what it should.');
  expect(performance.now() - started).toBeLessThan(PROMISED_MS);
}, 90_000);

it('says what failed and where the logs are when the stack goes away', async () => {
  const dir = temporaryFolder('seal-demo-failing-');
  const demo = startSealDev('demo', '--dir', dir);
  await demo.line((line) => line.startsWith(' 2. '));
  expect((await sealDev('down', '--dir', dir)).code).toBe(0);
  const run = await demo.finished;
  expect(run.code).toBe(1);
  expect(run.stdout).toContain('FAILED');
  expect(run.stdout).not.toContain('Every step did what it should.');
  expect(run.stderr).toContain(`logs of the stack: ${dir}/logs`);
  expect(run.stderr).toMatch(/^error /m);
  expect(existsSync(join(dir, 'logs', 'localnet.log'))).toBe(true);
  rmSync(dir, { recursive: true, force: true });
}, 60_000);
