/** What the bench makes of its figures. */
import { describe, expect, it } from 'vitest';
import { jsonLine, measurement, regressions, summary, tableRow } from '../../bench/report.ts';
import { FAIL_FACTOR, isMet, targetsOf } from '../../bench/targets.ts';

describe('ratio', () => {
  it('is above 1 when ours takes less time or memory', () => {
    expect(measurement('a', 'ms', 2, 8).ratio).toBe(4);
    expect(measurement('a', 'MiB', 50, 100).ratio).toBe(2);
  });

  it('is above 1 when ours does more in a second', () => {
    expect(measurement('a', '/s', 300, 100).ratio).toBe(3);
  });

  it('is missing without a reference', () => {
    expect(measurement('a', 'ms', 2).ratio).toBeUndefined();
  });
});

describe('targets', () => {
  it.each([
    ['encrypt/1of1/1KiB/mcl', 'ratio', 4],
    ['fetch/5of10/1KiB/mcl', 'ratio', 4],
    ['decrypt/2of3/1KiB/noble', 'ratio', 1.3],
    ['encrypt/64MiB/memory', 'ratio', 1 / 0.55],
    ['localnet/simulate', 'ours', 1000],
    ['localnet/start', 'ours', 1000],
  ] as const)('of %s', (name, of, bound) => {
    expect(targetsOf(name)).toMatchObject([{ of, bound }]);
  });

  it('of the key server are a share of the bound and a rate', () => {
    const [share, rate] = targetsOf('key-server/fetch_key/fake-chain');
    expect([share, rate]).toMatchObject([
      { of: 'ratio', bound: 0.7 },
      { of: 'ours', bound: 250 },
    ]);
  });

  it.each(['encrypt/64MiB', 'localnet/execute', 'key-server/fetch_key/localnet', ''])(
    'are none for %j',
    (name) => expect(targetsOf(name)).toEqual([]),
  );

  it('are met at the bound and not beyond it', () => {
    const [least] = targetsOf('encrypt/1of1/1KiB/mcl');
    expect(isMet(measurement('', 'ms', 1, 4), least!)).toBe(true);
    expect(isMet(measurement('', 'ms', 1, 3.999), least!)).toBe(false);
    expect(isMet(measurement('', 'ms', 1), least!)).toBe(false);
    const [most] = targetsOf('localnet/start');
    expect(isMet(measurement('', 'ms', 1000), most!)).toBe(true);
    expect(isMet(measurement('', 'ms', 1001), most!)).toBe(false);
  });
});

describe('a line', () => {
  const met = measurement('encrypt/2of3/1KiB/mcl', 'ms', 2.00049, 10);
  const missed = measurement('encrypt/2of3/1KiB/mcl', 'ms', 5, 10);

  it('of JSON holds the figures, the targets and whether they are met', () => {
    expect(JSON.parse(jsonLine(met))).toEqual({
      name: 'encrypt/2of3/1KiB/mcl',
      ours: 2,
      reference: 10,
      ratio: 4.999,
      unit: 'ms',
      targets: [{ of: 'ratio', at: 'least', bound: 4 }],
      met: true,
    });
    expect(JSON.parse(jsonLine(missed))).toMatchObject({ met: false, ratio: 2 });
    expect(jsonLine(met)).not.toContain('\n');
  });

  it('of JSON says null where there is no reference', () => {
    const line = JSON.parse(jsonLine(measurement('localnet/execute', '/s', 1234.5)));
    expect(line).toEqual({
      name: 'localnet/execute',
      ours: 1235,
      reference: null,
      ratio: null,
      unit: '/s',
    });
  });

  it('of the table says so in words', () => {
    expect(tableRow(met)).toMatch(
      /^encrypt\/2of3\/1KiB\/mcl +2\.00 ms +10\.0 ms +5\.00× +≥ 4× +met$/,
    );
    expect(tableRow(missed)).toMatch(/NOT MET$/);
    expect(tableRow(measurement('localnet/execute', '/s', 1234.5))).toMatch(/1235 \/s +– +–$/);
  });
});

describe('a run', () => {
  const at = (ratio: number) => measurement('encrypt/1of1/1KiB/mcl', 'ms', 1, ratio);

  it('sums up how many targets are met', () => {
    const rate = measurement('key-server/fetch_key/fake-chain', '/s', 300, 600);
    expect(summary([at(4), at(3), rate, measurement('x', 'ms', 1)])).toBe('2 of 4 targets met');
  });

  it('fails beyond the factor, not before', () => {
    expect(regressions([at(4 / FAIL_FACTOR)])).toEqual([]);
    const bad = at(4 / FAIL_FACTOR - 0.01);
    expect(regressions([at(4), bad])).toEqual([bad]);
    expect(regressions([measurement('localnet/start', 'ms', 1000 * FAIL_FACTOR + 1)])).toHaveLength(
      1,
    );
  });
});
