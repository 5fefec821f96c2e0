/** The flags of the bench. */
import { describe, expect, it } from 'vitest';
import { BenchOptionError, HELP, parseOptions, selects } from '../../bench/options.ts';

describe('flags', () => {
  it('are all off by default', () => {
    expect(parseOptions([])).toEqual({
      json: false,
      quick: false,
      assert: false,
      only: undefined,
      help: false,
    });
  });

  it('are read', () => {
    const options = parseOptions(['--quick', '--json', '--assert', '--only', 'fetch']);
    expect(options).toMatchObject({ quick: true, json: true, assert: true, only: 'fetch' });
  });

  it.each([[['--quik']], [['--only']], [['extra']]])('refuse %j and say where help is', (args) => {
    expect(() => parseOptions(args)).toThrow(BenchOptionError);
    expect(() => parseOptions(args)).toThrow('--help');
  });

  it('are all in the help', () => {
    for (const flag of ['--json', '--quick', '--assert', '--only', '--help']) {
      expect(HELP).toContain(flag);
    }
  });
});

describe('a pattern', () => {
  it.each([
    [undefined, 'encrypt/2of3/1KiB/mcl', true],
    ['2of3', 'encrypt/2of3/1KiB/mcl', true],
    ['3of5', 'encrypt/2of3/1KiB/mcl', false],
    ['encrypt/*/mcl', 'encrypt/2of3/1KiB/mcl', true],
    ['encrypt/*/mcl', 'encrypt/2of3/1KiB/noble', false],
    ['*64MiB', 'encrypt/64MiB', true],
    ['*64MiB', 'encrypt/64MiB/memory', false],
    ['.', 'encrypt/64MiB', false],
    ['e.crypt*', 'encrypt/64MiB', false],
  ])('%j and %j: %j', (only, name, expected) => {
    expect(selects(only, name)).toBe(expected);
  });
});
