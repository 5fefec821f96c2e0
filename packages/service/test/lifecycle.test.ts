import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { Lifecycle, runPeriodically, SIGNAL_ECHO_MS, silentLogger } from '../src/index.ts';

function create(drainMs = 1000) {
  const exits: number[] = [];
  const clock = { ms: 0 };
  const deps = {
    log: silentLogger,
    exit: (code: number) => void exits.push(code),
    monotonicMs: () => clock.ms,
  };
  return { lifecycle: new Lifecycle({ drainMs }, deps), exits, clock };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a service', () => {
  it('becomes ready once, and not again after stopping began', async () => {
    const { lifecycle, exits } = create();
    expect(lifecycle.state).toBe('starting');
    lifecycle.markReady();
    expect(lifecycle.state).toBe('ready');
    lifecycle.onStop('slow', async () => void (await settle()));
    const stopping = lifecycle.stop(0, 'test');
    expect(lifecycle.state).toBe('stopping');
    lifecycle.markReady();
    expect(lifecycle.state).toBe('stopping');
    await stopping;
    expect([lifecycle.state, exits]).toEqual(['stopped', [0]]);
  });

  it('runs stop hooks last added first, each after the other, once', async () => {
    const { lifecycle, exits } = create();
    const order: string[] = [];
    for (const name of ['keys', 'metrics', 'server']) {
      lifecycle.onStop(name, async () => {
        await settle();
        order.push(name);
      });
    }
    await Promise.all([lifecycle.stop(0, 'a'), lifecycle.stop(1, 'b')]);
    expect(order).toEqual(['server', 'metrics', 'keys']);
    expect(exits).toEqual([0]);
  });

  it('exits 1 when a hook fails or does not end in time, after running the others', async () => {
    const { lifecycle, exits } = create(20);
    const ran: string[] = [];
    lifecycle.onStop('keys', () => void ran.push('keys'));
    lifecycle.onStop('hangs', () => new Promise(() => undefined));
    lifecycle.onStop('fails', () => {
      throw new Error('x');
    });
    await lifecycle.stop(0, 'test');
    expect([ran, exits]).toEqual([['keys'], [1]]);
  });

  it('drains on the first signal and exits now on the second', async () => {
    const { lifecycle, exits, clock } = create();
    const signals = new EventEmitter();
    lifecycle.handleSignals(signals);
    lifecycle.onStop('slow', () => new Promise(() => undefined));
    signals.emit('SIGTERM');
    expect(lifecycle.signal.aborted).toBe(true);
    clock.ms = SIGNAL_ECHO_MS - 1;
    signals.emit('SIGINT');
    expect(exits).toEqual([]);
    clock.ms = SIGNAL_ECHO_MS;
    signals.emit('SIGINT');
    expect(exits).toEqual([1]);
  });

  it('goes down with 1 when a critical task fails', async () => {
    const { lifecycle, exits } = create();
    lifecycle.markReady();
    lifecycle.runCritical('gas price', Promise.reject(new Error('panic')));
    await settle();
    expect([lifecycle.state, exits]).toEqual(['stopped', [1]]);
  });

  it('does not mind tasks that end because it stops', async () => {
    const { lifecycle, exits } = create();
    const task = new Promise((_resolve, reject) => {
      lifecycle.signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
    lifecycle.runCritical('task', task);
    await lifecycle.stop(0, 'test');
    await settle();
    expect(exits).toEqual([0]);
  });
});

describe('a periodic task', () => {
  it('never overlaps itself, skips missed ticks and ends with the signal', async () => {
    vi.useFakeTimers();
    try {
      const abort = new AbortController();
      let running = 0;
      let ticks = 0;
      const loop = runPeriodically({ intervalMs: 10, signal: abort.signal }, async () => {
        ticks += 1;
        running += 1;
        expect(running).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 25));
        running -= 1;
      });
      await vi.advanceTimersByTimeAsync(70);
      abort.abort();
      await vi.advanceTimersByTimeAsync(100);
      await loop;
      expect(ticks).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('fails with its work', async () => {
    const { signal } = new AbortController();
    const loop = runPeriodically({ intervalMs: 1, signal }, async () => {
      throw new Error('panic');
    });
    await expect(loop).rejects.toThrow('panic');
  });
});
