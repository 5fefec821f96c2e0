/** The table of scenarios names codes that the tool has, and tests that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

/** Rows of all tables, without heads and rules. */
const rows = read('docs/committee/scenarios.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| what happens'))
  .map((line) => line.slice(2, -2).split(' | '));

/** Members of the unions of codes, and the constants of the Move package. */
const known = new Set(
  [
    ...['committee-cli', 'wallet', 'service'].map((name) => `packages/${name}/src/errors.ts`),
    'packages/service/src/config/faults.ts',
  ].flatMap((path) => [...read(path).matchAll(/'([A-Z][A-Z_]+)'/g)].map(([, code]) => code)),
);
const constants = new Set(
  [...read('move/committee/sources/seal_committee.move').matchAll(/^const (E\w+)/gm)].map(
    ([, name]) => name,
  ),
);
/** Words in capitals that are no errors. */
const FIELDS = /^(KEY_SERVER_OBJ_ID|COMMITTEE_(VERSION|PKG|ID)|MASTER_SHARE_V\d|FAIL|FOLDER|FILE)$/;

const codesIn = (text: string) =>
  [...text.matchAll(/`[^`]*`/g)]
    .flatMap(([span]) => span.match(/\b[A-Z][A-Z_]{3,}\w*\b/g) ?? [])
    .filter((word) => !FIELDS.test(word));

describe('the table of scenarios', () => {
  it('is read', () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([4]));
    expect(known.size).toBeGreaterThan(15);
  });

  it.each(rows)('%s', (_, answers = '', next = '', test = '') => {
    for (const code of codesIn(answers + next)) expect(known).toContain(code);
    for (const [name] of answers.matchAll(/\bE[A-Z][a-z]\w+/g)) expect(constants).toContain(name);
    expect(next).not.toBe('');
    const [file = '', ...name] = test.split(': ');
    const path = `tests/committee/${file}.test.ts`;
    expect(existsSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)))).toBe(true);
    const title = name.join(': ');
    const titles = [...read(path).matchAll(/(?:describe|it)\(\s*(['`])(.*?)\1,/g)].map(
      ([, , text]) => text?.replace(/ \(seed .*$/, ''),
    );
    expect(titles).toContain(title);
  });

  it('has every code of the tool itself', () => {
    const shown = new Set(rows.flatMap(([, answers = '']) => codesIn(answers)));
    const own = read('packages/committee-cli/src/errors.ts').matchAll(/'(COMMITTEE_[A-Z_]+)'/g);
    for (const [, code] of own) expect(shown).toContain(code);
  });
});
