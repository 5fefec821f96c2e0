/** The demo as a newcomer runs it. */
import { expect, it } from 'vitest';
import { sealDev } from '../support/seal-dev.ts';

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
