import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  duration,
  list,
  object,
  objectId,
  optional,
  readConfig,
  record,
  tagged,
  text,
} from '../../src/index.ts';

const schema = object({
  mode: tagged({ Active: null, Open: { id: objectId(), list: list(text()) } }),
  wait: optional(duration()),
  labels: optional(record(text())),
});

/** Pieces of YAML, so that random texts reach beyond the parser. */
const piece = fc.constantFrom(
  ...['mode', 'wait', 'labels', ': ', ':\n  ', '\n', '- ', '!Open', '!Active', '!x', '&a ', '*a'],
  ...[
    '{',
    '}',
    '[',
    ']',
    ', ',
    '"',
    "'",
    '|\n',
    '0x1',
    '5s',
    '~',
    '#',
    '---\n',
    '<<: ',
    '? ',
    '\t',
  ],
);

describe('any text', () => {
  it('is either read or refused with faults that say what to do', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 30 }).map((p) => p.join('')),
    );
    fc.assert(
      fc.property(texts, (yaml) => {
        try {
          expect(readConfig({ text: yaml, schema, source: 't' }).value.mode).toBeDefined();
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.faults.length).toBeGreaterThan(0);
          for (const { problem, fix } of error.faults) expect(problem && fix).not.toBe('');
        }
      }),
      { numRuns: 1500 },
    );
  });
});
