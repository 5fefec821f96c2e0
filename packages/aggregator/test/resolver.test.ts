/** Names that answer late, never, or wrongly cost their own member only. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createResolver,
  FAILURE_MS,
  FRESH_MS,
  PATIENCE_MS,
  type Resolve,
  STALE_MS,
} from '../src/members/resolver.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Answer = string | Error | 'never';

/** A resolver over `answers` by name, with `slots` look-ups at a time like the system's. */
function setup(answers: Record<string, Answer>, slots = Number.POSITIVE_INFINITY) {
  const lookups: string[] = [];
  const queue: (() => void)[] = [];
  let busy = 0;
  const next = () => {
    if (busy < slots) queue.shift()?.();
  };
  const lookup: Resolve = (host, done) => {
    lookups.push(host);
    queue.push(() => {
      const answer = answers[host]!;
      busy += 1;
      if (answer === 'never') return;
      setImmediate(() => {
        busy -= 1;
        if (answer instanceof Error) done(answer, []);
        else done(null, [{ address: answer, family: 4 }]);
        next();
      });
    });
    next();
  };
  const resolver = createResolver({ lookup });
  const ask = (host: string) =>
    new Promise<string>((resolve, reject) => {
      resolver(host, (error, addresses) =>
        error === null ? resolve(addresses.map((a) => a.address).join()) : reject(error),
      );
    });
  return { answers, lookups, ask };
}
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a name', () => {
  it('is looked up once for all who ask, and again when its addresses are old', async () => {
    const { answers, lookups, ask } = setup({ a: '1.1.1.1' });
    const asked = Promise.all([ask('a'), ask('a'), ask('a')]);
    await after(1);
    expect(await asked).toEqual(['1.1.1.1', '1.1.1.1', '1.1.1.1']);
    answers['a'] = '2.2.2.2';
    await after(FRESH_MS - 10);
    const before = ask('a');
    await after(20);
    expect(await before).toBe('1.1.1.1');
    expect(lookups).toEqual(['a']);
    const later = ask('a');
    await after(1);
    expect(await later).toBe('2.2.2.2');
    expect(lookups).toEqual(['a', 'a']);
  });

  it('that fails is tried again after a moment', async () => {
    const { answers, lookups, ask } = setup({ a: new Error('ENOTFOUND') });
    const failed = Promise.allSettled([ask('a'), ask('a')]);
    await after(1);
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    answers['a'] = '1.1.1.1';
    const again = Promise.allSettled([ask('a')]);
    await after(1);
    expect((await again)[0]!.status).toBe('rejected');
    await after(FAILURE_MS);
    const later = ask('a');
    await after(1);
    expect(await later).toBe('1.1.1.1');
    expect(lookups).toHaveLength(2);
  });

  it('that fails or is silent keeps its last addresses, for a while', async () => {
    for (const trouble of [new Error('SERVFAIL'), 'never'] as const) {
      const { answers, ask } = setup({ a: '1.1.1.1' });
      const first = ask('a');
      await after(1);
      await first;
      answers['a'] = trouble;
      await after(FRESH_MS);
      const second = ask('a');
      await after(PATIENCE_MS);
      expect(await second).toBe('1.1.1.1');
      await after(STALE_MS);
      let outcome = 'waits';
      ask('a').catch(() => {
        outcome = 'failed';
      });
      await after(PATIENCE_MS + 1);
      expect(outcome).toBe(trouble === 'never' ? 'waits' : 'failed');
    }
  });
});

describe('two silent names, when the system looks up two at a time,', () => {
  it('hold up no name that was known before', async () => {
    const { answers, lookups, ask } = setup({ a: '1.1.1.1', b: '2.2.2.2', honest: '3.3.3.3' }, 2);
    const known = Promise.all([ask('a'), ask('b'), ask('honest')]);
    await after(5);
    await known;
    Object.assign(answers, { a: 'never', b: 'never' });
    await after(FRESH_MS);
    for (let i = 0; i < 50; i++) void Promise.allSettled([ask('a'), ask('b')]);
    const honest = ask('honest');
    await after(PATIENCE_MS);
    expect(await honest).toBe('3.3.3.3');
    // One look-up for each name, however many ask.
    expect(lookups.slice(3)).toEqual(['a', 'b', 'honest']);
  });
});
