/** What committees can be, and what they can be rotated to. */
import { describe, expect, it } from 'vitest';
import {
  continuingMembers,
  MAX_COMMITTEE_MEMBERS,
  MAX_COMMITTEES,
  parseCommittees,
  parseSize,
} from '../src/committee/plan.ts';

describe('parseSize', () => {
  it.each([
    ['2of2', 2, 2],
    ['2of3', 2, 3],
    [`${MAX_COMMITTEE_MEMBERS}of${MAX_COMMITTEE_MEMBERS}`, 10, 10],
  ])('%s', (spec, threshold, members) => {
    expect(parseSize(spec, '--committee')).toEqual({ threshold, members });
  });

  it.each(['', '3', '1of3', '4of3', '2of11', '0of0', '2OF3', ' 2of3', '2of3x', '-2of3', '2.5of3'])(
    'refuses %j',
    (spec) => {
      const message = `--committee ${spec}: write t and n as in 2of3, with 2 ≤ t ≤ n ≤ 10`;
      expect(() => parseSize(spec, '--committee')).toThrow(message);
    },
  );
});

describe('parseCommittees', () => {
  it('names them in order', () => {
    expect(parseCommittees(['2of3', '3of5']).map(({ name }) => name)).toEqual([
      'committee-1',
      'committee-2',
    ]);
  });

  it('has an upper bound', () => {
    const most = Array.from({ length: MAX_COMMITTEES }, () => '2of2');
    expect(parseCommittees(most)).toHaveLength(MAX_COMMITTEES);
    expect(() => parseCommittees([...most, '2of2'])).toThrow('at most 4 committees');
  });
});

describe('continuingMembers', () => {
  const size = (spec: string) => parseSize(spec, 'test');
  const of = (from: string, to: string, wanted?: number) =>
    continuingMembers(size(from), size(to), wanted);

  it('is as many as can by default', () => {
    expect(of('2of3', '3of4')).toBe(3);
    expect(of('3of4', '2of3')).toBe(3);
    expect(of('2of5', '2of2')).toBe(2);
  });

  it.each([2, 3])('can be %i from 2of3 to 3of4', (wanted) => {
    expect(of('2of3', '3of4', wanted)).toBe(wanted);
  });

  it.each([0, 1, 4, 2.5, Number.NaN, -2])('cannot be %d from 2of3 to 3of4', (wanted) => {
    expect(() => of('2of3', '3of4', wanted)).toThrow('from 2of3 to 3of4, 2 to 3 members can go on');
  });

  it('is never below the old threshold', () => {
    expect(() => of('3of4', '2of2')).toThrow(
      '2of2: only 2 of the 4 members could go on, and 3 of them, the current threshold, must hand',
    );
  });
});
