/** Numbers of the Move package in words. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { abortMeaning } from '../src/chain/aborts.ts';

const source = readFileSync(
  new URL('../../../move/committee/sources/seal_committee.move', import.meta.url),
  'utf8',
);
const constants = [...source.matchAll(/^const (E\w+): u64 = (\d+);$/gm)];
const abort = (code: number, module = 'seal_committee') =>
  `MoveAbort in 1st command, abort code: ${code}, in '0x${'a'.repeat(64)}::${module}::vote' (…)`;

describe('an abort of the committee package', () => {
  it('has constants to explain', () => expect(constants.length).toBeGreaterThan(10));

  it.each(constants.map(([, name, code]) => [name ?? '', Number(code)] as const))(
    '%s is explained',
    (name, code) => expect(abortMeaning(abort(code))).toMatch(new RegExp(`^${name}: `)),
  );

  it.each([
    ['an unknown number', abort(constants.length)],
    ['a number of another module', abort(0, 'key_server')],
    ['anything else', 'the node does not answer'],
  ])('%s is not', (_, message) => expect(abortMeaning(message)).toBeUndefined());
});
