import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/index.ts';
import { encodeFamilies, type MetricFamily } from '../src/push/protobuf.ts';
import { MetricsPushError, pushMetrics, runMetricsPush } from '../src/push/push.ts';
import { MAX_SNAPPY_INPUT, snappyCompress } from '../src/push/snappy.ts';

/** A decoder written from the format description, independent of the encoder. */
function snappyDecompress(input: Uint8Array): Uint8Array {
  let at = 0;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = input[at++]!;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const out: number[] = [];
  while (at < input.length) {
    const tag = input[at++]!;
    if ((tag & 3) === 0) {
      let count = tag >> 2;
      if (count >= 60) {
        const bytes = count - 59;
        count = 0;
        for (let i = 0; i < bytes; i++) count |= input[at++]! << (8 * i);
      }
      for (let i = 0; i <= count; i++) out.push(input[at++]!);
    } else {
      if ((tag & 3) !== 2) throw new Error('only two-byte offsets are expected');
      const offset = input[at]! | (input[at + 1]! << 8);
      at += 2;
      if (offset === 0 || offset > out.length) throw new Error('bad offset');
      for (let i = 0; i <= tag >> 2; i++) out.push(out[out.length - offset]!);
    }
  }
  if (out.length !== length) throw new Error('wrong length');
  return Uint8Array.from(out);
}

describe('raw snappy', () => {
  it.each([
    ['nothing', '', '00'],
    ['a literal', 'abc', '0308616263'],
    ['a repetition', 'aaaaaaaaaa', '0a006122' + '0100'],
  ])('of %s', (_name, text, hex) => {
    expect(Buffer.from(snappyCompress(Buffer.from(text))).toString('hex')).toBe(hex);
  });

  it('gives any input back', () => {
    const words = fc.array(fc.constantFrom('1,', '22,', 'abcd', 'abcdefgh', '\0'), {
      maxLength: 400,
    });
    const inputs = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      words.map((list) => Uint8Array.from(Buffer.from(list.join('')))),
    );
    fc.assert(
      fc.property(inputs, (input) => {
        expect(snappyDecompress(snappyCompress(input))).toEqual(input);
      }),
      { numRuns: 300 },
    );
  });

  it.each([60, 61, 256, 257, 65_536, 65_537, 70_000])('of %d bytes without repetition', (size) => {
    const input = new Uint8Array(size);
    for (let i = 0, x = 1; i < size; i++) {
      x = (x * 1_103_515_245 + 12_345) >>> 0;
      input[i] = x >>> 16;
    }
    expect(snappyDecompress(snappyCompress(input))).toEqual(input);
  });

  it('is bounded', () => {
    const huge = { length: MAX_SNAPPY_INPUT + 1 } as Uint8Array;
    expect(() => snappyCompress(huge)).toThrow(RangeError);
  });
});

describe('protobuf families', () => {
  it('of a counter are these bytes', async () => {
    const registry = new Registry();
    new Counter({ name: 'c', help: 'h', labelNames: ['l'], registers: [registry] }).inc(
      { l: 'v' },
      2,
    );
    const families = (await registry.getMetricsAsJSON()) as MetricFamily[];
    // Family of 34 bytes: name, help, COUNTER, metric {label {l, v}, counter {2.0}, timestamp 5}.
    const hex =
      '1f' +
      '0a0163' +
      '120168' +
      '1800' +
      '2215' +
      '0a06' +
      '0a016c' +
      '120176' +
      '1a09' +
      '090000000000000040' +
      '3005';
    expect(Buffer.from(encodeFamilies(families, 5)).toString('hex')).toBe(hex);
  });

  it('group the samples of a histogram by label', async () => {
    const registry = new Registry();
    const options = {
      name: 'h',
      help: 'h',
      labelNames: ['r'],
      buckets: [1, 2],
      registers: [registry],
    };
    const histogram = new Histogram(options);
    histogram.observe({ r: 'a' }, 1.5);
    histogram.observe({ r: 'b' }, 9);
    new Gauge({ name: 'g', help: 'g', registers: [registry] }).set(-1);
    const families = (await registry.getMetricsAsJSON()) as MetricFamily[];
    const hex = Buffer.from(encodeFamilies(families, 1)).toString('hex');
    const bucket = (count: string, bound: string) => `1a0b08${count}11${bound}`;
    const [one, two, infinity] = ['000000000000f03f', '0000000000000040', '000000000000f07f'];
    const a = bucket('00', one!) + bucket('01', two!) + bucket('01', infinity!);
    const b = bucket('00', one!) + bucket('00', two!) + bucket('01', infinity!);
    expect(hex).toContain(`080111000000000000f83f${a}`);
    expect(hex).toContain(`0801110000000000002240${b}`);
    expect(hex).toContain('120909000000000000f0bf');
  });
});

describe('a push', () => {
  const TOKEN = 'tok-4711-secret';
  function create(respond: () => Response | Promise<Response>) {
    const registry = new Registry();
    new Counter({ name: 'total_requests', help: 'h', registers: [registry] }).inc();
    const sent: { url: string; init: RequestInit }[] = [];
    const logs: string[] = [];
    const log = createLogger({
      name: 'k',
      level: 'trace',
      destination: { write: (line: string) => void logs.push(line) },
    });
    const fetch = (async (url: string, init: RequestInit) => {
      sent.push({ url, init });
      return await respond();
    }) as unknown as typeof globalThis.fetch;
    const options = {
      url: 'https://push.example/x',
      bearerToken: TOKEN,
      intervalMs: 5,
      labels: { hostname: 'h1' },
    };
    return { options, deps: { registry, log, fetch, now: () => 7 }, sent, logs };
  }

  it('is JSON with labels and bytes, compressed, with the token', async () => {
    const { options, deps, sent } = create(() => new Response('ok'));
    await pushMetrics(options, deps, new AbortController().signal);
    const { url, init } = sent[0]!;
    expect(url).toBe(options.url);
    expect(init.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'content-encoding': 'snappy',
    });
    const json = JSON.parse(Buffer.from(snappyDecompress(init.body as Uint8Array)).toString());
    const families = (await deps.registry.getMetricsAsJSON()) as MetricFamily[];
    expect(json).toEqual({ labels: { hostname: 'h1' }, buf: [...encodeFamilies(families, 7)] });
  });

  it('fails on any status but 2xx, and is tried again at the next tick', async () => {
    let calls = 0;
    const abort = new AbortController();
    const { options, deps, logs } = create(() => {
      calls += 1;
      if (calls === 3) abort.abort();
      if (calls === 2) throw new TypeError('connection refused');
      return new Response('', { status: 403 });
    });
    const once = pushMetrics(options, deps, new AbortController().signal);
    await expect(once).rejects.toBeInstanceOf(MetricsPushError);
    await runMetricsPush(options, deps, abort.signal);
    expect(calls).toBe(3);
    expect(logs.join('')).toContain('connection refused');
    expect(logs.join('')).not.toContain(TOKEN);
  });
});
