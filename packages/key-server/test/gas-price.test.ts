import { ChainError } from '@seal-ts/chain';
import { silentLogger } from '@seal-ts/service';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics, GasPrice } from '../src/index.ts';
import { FakeChain } from './support/world.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function create() {
  const chain = new FakeChain();
  const metrics = createMetrics({ version: '0.6.10', gitVersion: 'g' });
  const deps = { chain, metrics, log: silentLogger };
  const abort = new AbortController();
  return { chain, metrics, abort, price: new GasPrice({ updateIntervalMs: 60_000 }, deps) };
}

describe('the reference gas price', () => {
  it('blocks the start until the first success', async () => {
    const { chain, price, abort } = create();
    chain.gasPrice = new ChainError('UNAVAILABLE', 'down');
    let started = false;
    const start = price.start(abort.signal).then(() => {
      started = true;
    });
    await vi.advanceTimersByTimeAsync(5000);
    expect([started, price.known]).toEqual([false, false]);
    expect(() => price.current()).toThrow('Internal server error');
    chain.gasPrice = 750n;
    await vi.advanceTimersByTimeAsync(1000);
    await start;
    expect(price.current()).toBe(750n);
  });

  it('is refreshed at its interval, and keeps the old value on failure', async () => {
    const { chain, price, abort, metrics } = create();
    await price.start(abort.signal);
    const running = price.run(abort.signal);
    chain.gasPrice = 2000n;
    await vi.advanceTimersByTimeAsync(59_999);
    expect(price.current()).toBe(1000n);
    await vi.advanceTimersByTimeAsync(1);
    expect(price.current()).toBe(2000n);
    chain.gasPrice = new ChainError('RPC', 'down');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(price.current()).toBe(2000n);
    abort.abort();
    await running;
    const text = await metrics.registry.metrics();
    expect(text).toContain('get_reference_gas_price_status{status="success"} 2');
    expect(text).toContain('get_reference_gas_price_status{status="failure"} 1');
  });

  it('gives up when the server stops before the first value', async () => {
    const { chain, price, abort } = create();
    chain.gasPrice = new ChainError('UNAVAILABLE', 'down');
    const start = price.start(abort.signal);
    abort.abort();
    await start;
    expect(price.known).toBe(false);
  });
});
