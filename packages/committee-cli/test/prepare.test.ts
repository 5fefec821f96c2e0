/** What a member checks before it deals a message (seal-protocol.md §6.3.4). */
import { writeFileSync } from 'node:fs';
import { systemRandom } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkAgreement, prepare } from '../src/ceremony/prepare.ts';
import type { CommitteeView } from '../src/chain/reading.ts';
import { CeremonyFile } from '../src/files/ceremony-file.ts';
import { createDkgKey, type DkgKey } from '../src/files/dkg-key.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const id = (digit: string) => `0x${digit.repeat(64)}`;
const [A, B, C] = [id('a'), id('b'), id('c')];
const PACKAGE = id('1');
const SERVER = id('7');

let keys: DkgKey[];
let shares: Uint8Array[];
beforeEach(() => {
  keys = ['a', 'b', 'c'].map((name) => createDkgKey(engine, systemRandom, dir.path(name)));
  // Any scalars do as shares here; only their public keys are compared.
  shares = keys.map((key) => key.signingSecret);
});

function fresh(members: string[], registered = members): CommitteeView {
  const infos = registered.map((member) => {
    const key = keys[[A, B, C].indexOf(member)] as DkgKey;
    const { encryptionKey, signingKey } = key;
    return [member, { encryptionKey, signingKey, url: 'https://x', name: member }] as const;
  });
  return {
    packageId: PACKAGE,
    committee: {
      id: id('5'),
      threshold: 2,
      members,
      state: { kind: 'init', members: infos },
      oldCommitteeId: undefined,
    },
    keyServer: undefined,
    old: undefined,
  };
}

/** From A and B to `members`. */
function rotation(members: string[]): CommitteeView {
  const partials = [0, 1].map((partyId) => ({
    name: `${partyId}`,
    url: 'https://x',
    partialPublicKey: (keys[partyId] as DkgKey).signingKey,
    partyId,
  }));
  const publicKey = (keys[0] as DkgKey).signingKey;
  const old: CommitteeView = {
    packageId: PACKAGE,
    committee: {
      id: id('4'),
      threshold: 2,
      members: [A, B],
      state: { kind: 'finalized' },
      oldCommitteeId: undefined,
    },
    keyServer: { objectId: SERVER, publicKey, version: 3, threshold: 2, partials },
    old: undefined,
  };
  const view = fresh(members);
  return { ...view, committee: { ...view.committee, oldCommitteeId: id('4') }, old };
}

const attempt = (view: CommitteeView, address: string, share?: number, key?: number) => () =>
  prepare(engine, view, {
    address,
    key: keys[key ?? [A, B, C].indexOf(address)] as DkgKey,
    oldShare: share === undefined ? undefined : shares[share],
  });

describe('a fresh key', () => {
  it('needs nothing else', () => {
    const snapshot = attempt(fresh([A, B, C]), B)();
    expect(snapshot).toMatchObject({ myPartyId: 1, threshold: 2, rotation: undefined });
  });

  it('is refused to strangers, too early, with other keys, or with an old share', () => {
    expect(attempt(fresh([A, B]), C)).toThrow('is not a member');
    expect(attempt(fresh([A, B, C], [A, B]), A)).toThrow(`not registered yet: ${C}`);
    expect(attempt(fresh([A, B, C]), A, undefined, 1)).toThrow('does not hold the keys');
    expect(attempt(fresh([A, B, C]), A, 0)).toThrow('leave out --old-share');
    const done = fresh([A, B]);
    const finalized: CommitteeView = {
      ...done,
      committee: { ...done.committee, state: { kind: 'finalized' } },
    };
    expect(attempt(finalized, A)).toThrow('is finalized already');
  });
});

describe('a rotation', () => {
  it('maps new parties to old ones', () => {
    const snapshot = attempt(rotation([C, B, A]), A, 0)();
    expect(snapshot.myPartyId).toBe(2);
    expect([...(snapshot.rotation?.newToOld ?? [])]).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(attempt(rotation([C, B, A]), C)().rotation?.myOldShare).toBeUndefined();
  });

  it('needs the own old share of a continuing member, and none of a new one', () => {
    expect(attempt(rotation([C, B, A]), A)).toThrow('its MASTER_SHARE_V3');
    expect(attempt(rotation([C, B, A]), A, 1)).toThrow('is not MASTER_SHARE_V3');
    expect(attempt(rotation([C, B, A]), C, 0)).toThrow('run init-state');
  });

  it('needs the old threshold of continuing members', () => {
    expect(attempt(rotation([C, A]), A, 0)).toThrow('only 1 members');
  });

  it('is refused for a committee of another package', () => {
    const view = { ...rotation([C, B, A]), packageId: id('2') };
    expect(attempt(view, A, 0)).toThrow('was not made by init-rotation');
  });
});

describe("the coordinator's file", () => {
  function file(change: (text: string) => string = (text) => text): CeremonyFile {
    const text = `init-params:
  THRESHOLD: 2
  MEMBERS:
    - ${C}
    - ${B}
    - ${A}
init-rotation-params:
  KEY_SERVER_OBJ_ID: ${SERVER}
init-rotation:
  COMMITTEE_PKG: ${PACKAGE}
  COMMITTEE_ID: ${id('5')}
`;
    writeFileSync(dir.path('dkg.yaml'), change(text));
    return CeremonyFile.read(dir.path('dkg.yaml'));
  }

  it('says what the chain says', () => {
    expect(() => checkAgreement(file(), rotation([C, B, A]))).not.toThrow();
  });

  it.each([
    ['MEMBERS', (text: string) => text.replace(`    - ${C}\n`, '')],
    ['THRESHOLD', (text: string) => text.replace('THRESHOLD: 2', 'THRESHOLD: 3')],
    ['COMMITTEE_PKG', (text: string) => text.replace(PACKAGE, id('2'))],
    ['KEY_SERVER_OBJ_ID', (text: string) => text.replace(SERVER, id('8'))],
  ])('stops a member when %s differ', (what, change) => {
    const attempt = () => checkAgreement(file(change), rotation([C, B, A]));
    expect(attempt).toThrow(expect.objectContaining({ code: 'COMMITTEE_MISMATCH' }));
    expect(attempt).toThrow(what);
  });
});
