import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CeremonyFile, MAX_THRESHOLD } from '../src/files/ceremony-file.ts';
import { hex } from '../src/files/hex.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const id = (digit: string) => `0x${digit.repeat(64)}`;

function read(text: string): CeremonyFile {
  writeFileSync(dir.path('dkg.yaml'), text);
  return CeremonyFile.read(dir.path('dkg.yaml'));
}
const saved = () => readFileSync(dir.path('dkg.yaml'), 'utf8');

const OTHER = `0x${'02'.repeat(32)}`;
const FRESH = `# notes
init-params:
  NETWORK: Testnet
  THRESHOLD: 2
  MEMBERS:
    - ${id('1')}
    - ${OTHER}
`;
const SHARE = new Uint8Array(32).fill(5);
const POINT = new Uint8Array(96).fill(6);
const RESULT = { version: 0, publicKey: POINT, partialPublicKeys: [POINT], masterShare: SHARE };

describe('dkg.yaml in sections', () => {
  it('reads what a coordinator wrote, with unquoted ids', () => {
    const file = read(FRESH);
    expect(file.network).toBe('testnet');
    expect(file.threshold).toBe(2);
    expect(file.members).toEqual([id('1'), OTHER]);
    expect(file.isRotation).toBe(false);
  });

  it.each([
    ['NETWORK not found in config', FRESH.replace('Testnet', 'Othernet')],
    ['NETWORK not found in config', FRESH.replace('  NETWORK: Testnet\n', '')],
    ['THRESHOLD not found or invalid in config', FRESH.replace('THRESHOLD: 2', 'THRESHOLD: two')],
    ['THRESHOLD not found or invalid in config', FRESH.replace('  THRESHOLD: 2\n', '')],
    ['THRESHOLD must be greater than 1, got 1', FRESH.replace('THRESHOLD: 2', 'THRESHOLD: 1')],
    [
      `THRESHOLD must be at most ${MAX_THRESHOLD}`,
      FRESH.replace('THRESHOLD: 2', `THRESHOLD: ${MAX_THRESHOLD + 1}`),
    ],
    ['MEMBERS list not found or invalid in config', FRESH.replace(/ {2}MEMBERS[\s\S]*/, '')],
    ['MEMBERS list not found or invalid in config', FRESH.replace(/MEMBERS[\s\S]*/, 'MEMBERS: x')],
    ['MEMBERS list is empty', FRESH.replace(/MEMBERS[\s\S]*/, 'MEMBERS: []')],
    ['MEMBERS[1] must be a string', FRESH.replace(`- ${OTHER}`, '- [a]')],
    ['MEMBERS[1]', FRESH.replace(OTHER, 'someone')],
    ['twice', FRESH.replace(OTHER, id('1'))],
    ['64 hex digits, got "0x0202020', FRESH.replace(OTHER, OTHER.slice(0, -1))],
    ['which has 63', FRESH.replace(OTHER, OTHER.slice(0, -1))],
    ['which has 65', FRESH.replace(OTHER, `${OTHER}0`)],
    ['which has 40', FRESH.replace(OTHER, OTHER.slice(0, 42))],
    ['invalid in config: two (expected', FRESH.replace('THRESHOLD: 2', 'THRESHOLD: two')],
  ])('says: %s', (problem, text) => {
    const file = read(text);
    expect(() => [file.network, file.threshold, file.members]).toThrow(problem);
  });

  it('takes the largest threshold', () => {
    const text = FRESH.replace('THRESHOLD: 2', `THRESHOLD: ${MAX_THRESHOLD}`);
    expect(read(text).threshold).toBe(MAX_THRESHOLD);
  });

  it('says who has to provide what is missing', () => {
    const file = read(FRESH);
    expect(() => file.committeeId).toThrow('COMMITTEE_ID not found in config');
    expect(() => file.myAddress).toThrow('MY_ADDRESS not found in config');
    expect(() => CeremonyFile.read(dir.path('none.yaml'))).toThrow('it does not exist');
    expect(() => CeremonyFile.read(dir.path('no', 'state.yaml'))).toThrow('the folder does not');
    // The command was typed in the state directory itself.
    const inside = () => CeremonyFile.read(dir.path('dkg-state', 'dkg.yaml'));
    expect(inside).toThrow(`${dir.path('dkg.yaml')} does; go up one folder`);
  });

  it('keeps notes, and is private after the first change', () => {
    read(FRESH).recordPublication({ packageId: id('3'), coordinator: id('1') });
    expect(saved()).toContain('# notes');
    expect(statSync(dir.path('dkg.yaml')).mode & 0o777).toBe(0o600);
    expect(read(saved()).publication).toEqual({ packageId: id('3'), committeeId: undefined });
  });

  it('looks in the section of its kind of ceremony', () => {
    const rotation = `${FRESH}init-rotation-params:\n  KEY_SERVER_OBJ_ID: ${id('9')}
publish-and-init:\n  COMMITTEE_ID: ${id('4')}\ninit-rotation:\n  COMMITTEE_ID: ${id('5')}\n`;
    expect(read(rotation).committeeId).toBe(id('5'));
    expect(read(rotation.replace(/init-rotation-params[\s\S]*?\npub/, 'pub')).committeeId).toBe(
      id('4'),
    );
  });
});

describe('results', () => {
  it('are recorded once, and the same again', () => {
    const file = read(FRESH);
    file.recordResult(RESULT);
    const text = saved();
    expect(text).toContain(`MASTER_SHARE_V0: "${hex(SHARE)}"`);
    CeremonyFile.read(dir.path('dkg.yaml')).recordResult(RESULT);
    expect(saved()).toBe(text);
  });

  it.each([
    ['share', { masterShare: new Uint8Array(32).fill(1) }],
    ['partial keys', { partialPublicKeys: [POINT, POINT] }],
    ['public key', { publicKey: new Uint8Array(96).fill(1) }],
  ])('are never replaced by another %s', (_, change) => {
    read(FRESH).recordResult(RESULT);
    const text = saved();
    const file = CeremonyFile.read(dir.path('dkg.yaml'));
    expect(() => file.recordResult({ ...RESULT, ...change })).toThrow(
      'already contains output field',
    );
    expect(saved()).toBe(text);
  });

  it('of the next version stand beside the old ones', () => {
    const file = read(FRESH);
    file.recordResult(RESULT);
    file.recordResult({ ...RESULT, version: 1, masterShare: new Uint8Array(32).fill(7) });
    expect(file.resultVersions).toEqual([0, 1]);
    expect(file.masterShare(0)).toEqual(SHARE);
  });

  it('are not shared with others, nor is anything of the member', () => {
    const file = read(FRESH);
    file.recordMember({
      address: id('1'),
      url: 'https://member.example',
      name: 'member',
      encryptionKey: '0xaa',
      signingKey: '0xbb',
    });
    file.recordPublication({ packageId: id('3'), committeeId: id('4'), coordinator: id('1') });
    file.recordResult(RESULT);
    const text = file.publicText();
    expect(text).not.toMatch(/MASTER_SHARE|PARTIAL|MY_|DKG_|notes/);
    expect(read(text).committeeId).toBe(id('4'));
  });
});

describe('the older form without sections', () => {
  const FLAT = `NETWORK: !Testnet
THRESHOLD: 2
COORDINATOR_ADDRESS: ${id('1')}
MEMBERS:
  - ${id('1')}
  - ${id('2')}
COMMITTEE_PKG: ${id('3')}
COMMITTEE_ID: ${id('4')}
MY_ADDRESS: ${id('1')}
MASTER_SHARE_V0: ${hex(SHARE)}
PARTIAL_PKS_V0:
  - ${hex(POINT)}
KEY_SERVER_PK: ${hex(POINT)}
`;

  it('is read', () => {
    const file = read(FLAT);
    expect(file.network).toBe('testnet');
    expect(file.members).toHaveLength(2);
    expect(file.committeeId).toBe(id('4'));
    expect(file.myAddress).toBe(id('1'));
    expect(file.masterShare(0)).toEqual(SHARE);
    expect(file.partialPublicKeys(0)).toEqual([POINT]);
  });

  it('is rewritten in sections, with every secret in one place', () => {
    read(FLAT).recordResult(RESULT);
    const text = saved();
    expect(text).not.toMatch(/^[A-Z]/m);
    expect(text.match(/MASTER_SHARE_V0/g)).toHaveLength(1);
    expect(read(text).masterShare(0)).toEqual(SHARE);
  });

  it('keeps the notes that people wrote beside values', () => {
    const noted = FLAT.replace('THRESHOLD: 2', 'THRESHOLD: 2 # agreed on Monday')
      .replace('MEMBERS:', 'MEMBERS: # all of us')
      .replace(`- ${id('2')}`, `- ${id('2')} # Bob`);
    read(noted).recordResult(RESULT);
    for (const note of ['THRESHOLD: 2 # agreed on Monday', '# all of us', `"${id('2')}" # Bob`]) {
      expect(saved()).toContain(note);
    }
  });

  it('of a rotation goes into the sections of a rotation', () => {
    const file = read(`${FLAT}KEY_SERVER_OBJ_ID: ${id('9')}\nCURRENT_COMMITTEE_ID: ${id('8')}\n`);
    expect(file.keyServerId).toBe(id('9'));
    expect(file.committeeId).toBe(id('4'));
    file.recordResult(RESULT);
    expect(saved()).toContain('init-rotation:');
    expect(saved()).not.toContain('publish-and-init:');
  });

  it('may not contradict the sections', () => {
    const other = `process-all-and-propose:\n  MASTER_SHARE_V0: "0x${'09'.repeat(32)}"\n`;
    expect(() => read(FLAT + other)).toThrow('with different values');
    expect(() => read(FLAT + other)).not.toThrow('0909');
  });
});
