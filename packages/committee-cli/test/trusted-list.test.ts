/** A member's own list: what it may hold, and that it is never the coordinator's file. */
import { copyFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CommitteeFacts, changedSince, compareWithList } from '../src/ceremony/comparison.ts';
import { type TrustedOptions, trustedList } from '../src/files/trusted-list.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const id = (digit: string) => `0x${digit.repeat(64)}`;
const MEMBERS = ['a', 'b', 'c'].map(id);
const LIST = `THRESHOLD: 2\nMEMBERS:\n${MEMBERS.map((member) => `  - ${member}\n`).join('')}`;

beforeEach(() => writeFileSync(dir.path('dkg.yaml'), `NETWORK: Testnet\n${LIST}`));

const read = (text: string) => {
  writeFileSync(dir.path('list.yaml'), text);
  return trustedList({ trusted: 'list.yaml' }, dir.path('list.yaml'), dir.path('dkg.yaml'));
};
const given = (options: TrustedOptions) => trustedList(options, undefined, dir.path('dkg.yaml'));

describe('a list as a file', () => {
  it('has the names of dkg.yaml, at the top or in its sections', () => {
    const more = `NETWORK: mainnet\nCOORDINATOR_ADDRESS: ${id('5')}\nCOMMITTEE_PKG: ${id('6')}\n`;
    expect(read(`${LIST}KEY_SERVER_OBJ_ID: ${id('7')}\n${more}`)).toMatchObject({
      network: 'mainnet',
      threshold: 2,
      members: MEMBERS,
      keyServerId: id('7'),
      coordinator: id('5'),
      packageId: id('6'),
    });
    const indented = LIST.replace(/^/gm, '  ').trimEnd();
    const sections = `init-params:\n${indented}\ninit-rotation-params:\n  KEY_SERVER_OBJ_ID: ${id('7')}\n`;
    expect(read(sections)).toMatchObject({ members: MEMBERS, keyServerId: id('7') });
    expect(read(LIST.replace('THRESHOLD', 'NETWORK: !Testnet\nTHRESHOLD'))).toMatchObject({
      network: 'testnet',
    });
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'MEMBERS is missing'],
    ['no members', 'THRESHOLD: 2\n', 'MEMBERS is missing'],
    ['no threshold', LIST.replace('THRESHOLD: 2\n', ''), 'THRESHOLD is missing'],
    ['a member without its last digit', LIST.replace(id('a'), id('a').slice(0, -1)), 'has 63'],
    ['an empty threshold', LIST.replace(': 2', ':'), 'no value'],
    ['a threshold of 1', LIST.replace(': 2', ': 1'), '2 to the number of MEMBERS'],
    ['a threshold above', LIST.replace(': 2', ': 4'), '2 to the number of MEMBERS'],
    ['a threshold of text', LIST.replace(': 2', ': two'), 'got two'],
    ['a threshold with a fraction', LIST.replace(': 2', ': 2.5'), 'got 2.5'],
    ['a member twice', LIST.replace(id('c'), id('a')), 'twice'],
    [
      'a member in another case twice',
      LIST.replace(id('c'), id('a').replaceAll('a', 'A')),
      'twice',
    ],
    ['a member of no kind', LIST.replace(id('c'), 'me'), 'MEMBERS[2]'],
    ['one member', `THRESHOLD: 2\nMEMBERS: ${id('a')}\n`, 'expected a list'],
    ['another network', `${LIST}NETWORK: Othernet\n`, 'NETWORK'],
    ['a misspelt key', `${LIST}COORDINATOR_ADDRES: ${id('5')}\n`, 'COORDINATOR_ADDRES'],
    ['a key of a section misspelt', `${LIST}init-params:\n  NETWROK: x\n`, 'init-params.NETWROK'],
    ['a key in two places', `${LIST}init-params:\n  THRESHOLD: 3\n`, 'more than once'],
    ['a result of the coordinator', `${LIST}COMMITTEE_ID: ${id('1')}\n`, 'unknown: COMMITTEE_ID'],
    ['a section of the coordinator', `${LIST}publish-and-init:\n  x: 1\n`, 'publish-and-init'],
    ['a node', `${LIST}NODE_URL: http://x\n`, 'unknown: NODE_URL'],
    ['a key server of no kind', `${LIST}KEY_SERVER_OBJ_ID: x\n`, 'KEY_SERVER_OBJ_ID'],
    ['a coordinator of no kind', `${LIST}COORDINATOR_ADDRESS: x\n`, 'COORDINATOR_ADDRESS'],
  ])('with %s is refused', (_, text, words) => {
    expect(() => read(text)).toThrow(words);
  });

  it('is not the file of the coordinator', () => {
    const file = dir.path('dkg.yaml');
    const attempt = (path: string) => trustedList({ trusted: path }, dir.path(path), file);
    expect(() => attempt('dkg.yaml')).toThrow('compared with itself');
    symlinkSync(file, dir.path('link.yaml'));
    expect(() => attempt('link.yaml')).toThrow('compared with itself');
    copyFileSync(file, dir.path('copy.yaml'));
    expect(() => attempt('copy.yaml')).toThrow('compared with itself');
    expect(() => attempt('none.yaml')).toThrow('there is no file');
  });
});

describe('a list as options', () => {
  const members = MEMBERS.join(',');

  it('is the same', () => {
    expect(given({})).toBeUndefined();
    expect(given({ members, threshold: '2', keyServerId: id('7') })).toMatchObject({
      members: MEMBERS,
      threshold: 2,
      keyServerId: id('7'),
      network: undefined,
    });
    const spaced = MEMBERS.join(', ');
    expect(given({ members: spaced, threshold: '3' })).toMatchObject({ members: MEMBERS });
  });

  it.each<[TrustedOptions, string]>([
    [{ members }, 'belong together'],
    [{ threshold: '2' }, 'belong together'],
    [{ keyServerId: id('7') }, 'belongs to --members'],
    [{ members: '', threshold: '2' }, 'MEMBERS[0]'],
    [{ members: `${members},`, threshold: '2' }, 'MEMBERS[3]'],
    [{ members, threshold: '0' }, 'THRESHOLD'],
    [{ members, threshold: '2', keyServerId: 'x' }, 'KEY_SERVER_OBJ_ID'],
  ])('%j is refused', (options, words) => {
    expect(() => given(options)).toThrow(words);
  });

  it('does not go with a file', () => {
    writeFileSync(dir.path('list.yaml'), LIST);
    for (const more of [{ members }, { threshold: '2' }, { keyServerId: id('7') }]) {
      const options = { trusted: 'list.yaml', ...more };
      const attempt = () => trustedList(options, dir.path('list.yaml'), dir.path('dkg.yaml'));
      expect(attempt).toThrow('not both');
    }
  });
});

describe('what differs is said in words', () => {
  const facts: CommitteeFacts = {
    network: 'testnet',
    committeeId: id('1'),
    packageId: id('2'),
    threshold: 2,
    members: MEMBERS,
    oldCommitteeId: undefined,
    keyServerId: undefined,
    coordinator: id('a'),
  };
  const words = (text: string, change: Partial<CommitteeFacts>) => {
    const list = read(text);
    if (list === undefined) throw new TypeError('there is a list');
    return compareWithList(list, { ...facts, ...change })
      .filter(({ differs }) => differs)
      .map((found) => `${found.name}: ${found.text}`)
      .join('\n');
  };

  it('nothing', () => {
    expect(words(LIST, {})).toBe('');
    expect(changedSince(facts, { ...facts })).toEqual([]);
  });

  it('members, and who they are', () => {
    const [a, b, c] = MEMBERS as [string, string, string];
    const swapped = words(LIST, { members: [a, id('d'), c] });
    expect(swapped).toBe(`members: missing on chain: ${b}; not in your list: ${id('d')} (party 1)`);
    expect(words(LIST, { members: [a, b] })).toContain(`missing on chain: ${c}`);
    expect(words(LIST, { members: [...MEMBERS, id('d')] })).toContain(`${id('d')} (party 3)`);
    const moved = words(LIST, { members: [a, c, b] });
    expect(moved).toContain(`party 1 is ${c} on chain and ${b} in your list`);
  });

  it.each<[string, string, Partial<CommitteeFacts>, string]>([
    ['threshold', LIST, { threshold: 1 }, 'your list has 2, the chain has 1'],
    ['first key expected', `${LIST}KEY_SERVER_OBJ_ID: ${id('7')}\n`, {}, 'makes a first key'],
    [
      'rotation not expected',
      LIST,
      { oldCommitteeId: id('3'), keyServerId: id('7') },
      'has no KEY_SERVER_OBJ_ID',
    ],
    [
      'another key server',
      `${LIST}KEY_SERVER_OBJ_ID: ${id('8')}\n`,
      { oldCommitteeId: id('3'), keyServerId: id('7') },
      `your list has ${id('8')}, the chain has ${id('7')}`,
    ],
    [
      'no coordinator',
      `${LIST}COORDINATOR_ADDRESS: ${id('5')}\n`,
      { coordinator: undefined },
      'nobody',
    ],
  ])('%s', (_, text, change, expected) => {
    expect(words(text, change)).toContain(expected);
  });

  it.each<[keyof CommitteeFacts, Partial<CommitteeFacts>]>([
    ['network', { network: 'mainnet' }],
    ['committeeId', { committeeId: id('9') }],
    ['packageId', { packageId: id('9') }],
    ['threshold', { threshold: 3 }],
    ['members', { members: [...MEMBERS].reverse() }],
    ['oldCommitteeId', { oldCommitteeId: id('9') }],
    ['keyServerId', { keyServerId: id('9') }],
    ['coordinator', { coordinator: undefined }],
  ])('a change of %s since the record', (_, change) => {
    expect(changedSince(facts, { ...facts, ...change })).toHaveLength(1);
  });
});
