/** The long demo, as somebody runs it who wants to know about committees. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { startSealDev } from '../support/seal-dev.ts';
import { temporaryFolder } from '../support/stack.ts';

/** What is promised on two cores. */
const PROMISED_MS = 120_000;

const scratch = temporaryFolder('seal-demo-test-');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The demo with a temporary folder of its own below `scratch`. */
function demo(...args: string[]) {
  const temporary = mkdtempSync(join(scratch, 'tmp-'));
  vi.stubEnv('TMPDIR', temporary);
  const running = startSealDev('demo', '--committee', ...args);
  vi.unstubAllEnvs();
  return { ...running, temporary };
}

it('shows a file opened by servers and committee together, before, during and after a rotation', async () => {
  const started = performance.now();
  const { finished, temporary } = demo();
  const run = await finished;
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  const lines = run.stdout.split('\n').map((line) => line.trim());
  const steps = lines.filter((line) => /^\d+\. /.test(line)).map((line) => line.split('  (')[0]);
  expect(steps).toEqual([
    '1. Start a chain, two key servers, and a committee of three by a real key ceremony',
    '2. Publish who may read: an allowlist, with Alice on it',
    "3. Encrypt seal.png to 4 shares, two of them the committee's; 3 open it",
    '4. Open it as Alice, through both together',
    '5. Try as Bob, who is not on the list',
    '6. Stop key-server-1 and committee-1-member-1, open again',
    '7. Start key-server-1 again, stop committee-1-member-3',
    '8. Start both members again, open again',
    '9. Rotate the committee from 2 of 3 to 3 of 4 while Alice goes on',
    '10. Compare the key server on chain',
    '11. Open the old file again',
    '12. Stop committee-1-member-1, open again',
    '13. Stop committee-1-member-2 too',
    '14. Start both again, open again',
  ]);
  for (const line of [
    /^threshold +3 of 4: share 1 → key-server-1, share 2 → key-server-2, share 3 → committee-1, share 4 → committee-1$/,
    /^refused by the policy: allowlist::seal_approve aborted with code 1 /,
    /^committee-1, version 0: 2 of 3, member-1, member-2, member-3$/,
    /^committee-1, version 1: 3 of 4, member-1, member-2, member-4, member-5$/,
    /^object id +0x[0-9a-f]{64}, unchanged$/,
    /^public key +[0-9a-f]{64}…, unchanged$/,
    /^version +0, 2 of 3 → 1, 3 of 4$/,
    /^encrypted to version 0, opened by version 1$/,
    /^Every step did what it should\./,
  ]) {
    expect(lines).toContainEqual(expect.stringMatching(line));
  }
  const counted = /^the file was opened (\d+) times, 0 failures, /m;
  const count = Number(lines.map((line) => counted.exec(line)?.[1]).find(Boolean));
  expect(count).toBeGreaterThanOrEqual(5);
  expect(readdirSync(temporary)).toEqual([]);
  expect(performance.now() - started).toBeLessThan(PROMISED_MS);
}, 150_000);

it('leaves nothing behind when it is interrupted, not even while it starts', async () => {
  const { process: child, finished, line, temporary } = demo();
  await line((text) => text.includes('key servers ('));
  const [home] = readdirSync(temporary) as [string];
  const logs = readdirSync(join(temporary, home, 'logs'));
  const urls = logs.includes('localnet.log') ? readyUrls(join(temporary, home)) : [];
  expect(urls.length).toBeGreaterThan(0);
  child.kill('SIGINT');
  const run = await finished;
  expect(run.code).toBe(130);
  expect(run.stderr).toContain('stopping');
  expect(run.stderr).not.toContain('error');
  expect(existsSync(join(temporary, home))).toBe(false);
  for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed');
}, 60_000);

/** Where the parts that have started can be asked, from the configuration of a key server. */
function readyUrls(home: string): string[] {
  const config = readFileSync(join(home, 'key-servers', 'key-server-1', 'config.yaml'), 'utf8');
  return [...config.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => `${url}/ready`);
}
