import { describe, expect, it } from 'vitest';
import { majorityRefusal } from '../src/fetch-key/refusal.ts';
import { MemberFailure } from '../src/members/failure.ts';

const refused = (error: string, message = error) =>
  new MemberFailure('refused', '', { refusal: { error, message } });
const down = () => new MemberFailure('unreachable', 'ECONNREFUSED');

describe('the refusal that callers get', () => {
  it.each([
    ['3 against 2', ['NoAccess', 'InvalidPTB', 'NoAccess', 'InvalidPTB', 'NoAccess'], 'NoAccess'],
    [
      '2 against 3',
      ['NoAccess', 'InvalidPTB', 'NoAccess', 'InvalidPTB', 'InvalidPTB'],
      'InvalidPTB',
    ],
    ['a tie', ['InvalidPTB', 'NoAccess'], 'InvalidPTB'],
    ['members that failed', ['Failure', 'Failure', 'NoAccess'], 'Failure'],
    ['nobody', [], 'Failure'],
  ])('%s', (_name, names, expected) => {
    expect(majorityRefusal(names.map((name) => refused(name))).code).toBe(expected);
  });

  it('has the text of the first who said so', () => {
    const failures = [refused('NoAccess', 'first'), refused('NoAccess', 'second')];
    expect(majorityRefusal(failures).message).toBe('first');
  });

  it('counts no vote for what was no refusal, unless there is nothing else', () => {
    expect(majorityRefusal([down(), down(), refused('NoAccess')]).code).toBe('NoAccess');
    expect(majorityRefusal([down(), down()]).code).toBe('Failure');
  });

  it('never passes on the text of an internal failure', () => {
    const { message } = majorityRefusal([refused('Failure', 'node at 10.0.0.1 is down')]);
    expect(message).toBe('Internal server error, please try again later');
  });
});
