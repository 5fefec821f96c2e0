import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  list,
  MAX_DURATION_MS,
  object,
  objectId,
  parseDuration,
  readConfig,
  record,
  TaggedValue,
  tagged,
  text,
  writeYaml,
} from '../../src/index.ts';

describe('the YAML writer', () => {
  it('keeps key order, quotes ids, names and URLs, and writes tags', () => {
    const value = {
      network: new TaggedValue('Devnet', { seal_package: '0x0012' }),
      server_mode: new TaggedValue('Permissioned', {
        client_configs: [
          { name: 'alice', client_master_key: new TaggedValue('Derived', { derivation_index: 0 }) },
        ],
      }),
      state: new TaggedValue('Active'),
      node_url: 'http://x:1',
      port: 9184,
      left_out: undefined,
    };
    expect(writeYaml(value)).toBe(`network: !Devnet
  seal_package: "0x0012"
server_mode: !Permissioned
  client_configs:
    - name: "alice"
      client_master_key: !Derived
        derivation_index: 0
state: Active
node_url: "http://x:1"
port: 9184
`);
  });

  it('writes what the reader reads back, whatever the text', () => {
    const schema = object({
      a: list(text()),
      b: record(text()),
      c: objectId(),
      d: tagged({ Open: { x: text() } }),
    });
    const word = fc.string({ unit: 'binary', minLength: 1 }).filter((s) => s.isWellFormed());
    fc.assert(
      fc.property(
        fc.array(word),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), word),
        word,
        (a, b, x) => {
          const c = `0x${'1'.repeat(64)}`;
          const yaml = writeYaml({ a, b: { ...b }, c, d: new TaggedValue('Open', { x }) });
          const { value } = readConfig({ text: yaml, schema, source: 't' });
          expect(value).toEqual({ a, b, c, d: { tag: 'Open', x } });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('durations', () => {
  it.each([
    ['5s', 5000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['250ms', 250],
    ['1h 30m', 5_400_000],
    ['1h30m5s', 5_405_000],
    ['0s', 0],
    [`${MAX_DURATION_MS}ms`, MAX_DURATION_MS],
    [`${MAX_DURATION_MS + 1}ms`, undefined],
    ['', undefined],
    ['5', undefined],
    ['s', undefined],
    ['-5s', undefined],
    ['1.5s', undefined],
    ['5S', undefined],
    ['5 toString', undefined],
    ['5constructor', undefined],
  ])('%s → %s', (input, ms) => {
    expect(parseDuration(input)).toBe(ms);
  });
  it('are written as they read back', () => {
    for (const ms of [1, 999, 1000, 90_000, 120_000, 5_400_000, 3_600_000, 86_400_000]) {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }
  });
});
