/** Ids and objects on chain (seal-protocol.md §2.2–§2.4, §4.9), networks, MVR names. */
import { bcs } from '@mysten/sui/bcs';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { describe, expect, it } from 'vitest';
import {
  addressAliasId,
  addressToBytes,
  type Committee,
  committeeKeyServerFieldId,
  decodeCommittee,
  decodeKeyServer,
  decodeKeyServerFieldV1,
  decodeKeyServerFieldV2,
  decodeKeyServerV2,
  decodeMvrPackageInfo,
  decodeMvrRecord,
  decodeRotationInitiated,
  decodeUpgradeManager,
  decodeWrapperField,
  encodeBcs,
  encodeCommittee,
  encodeKeyServer,
  encodeKeyServerV1,
  encodeKeyServerV2,
  encodeMvrName,
  isFullAddress,
  isMvrName,
  type KeyServerV2,
  keyServerFieldId,
  keyServerInfoV1,
  MAX_MVR_DOMAIN_CHARS,
  MAX_MVR_LABEL_CHARS,
  MVR_REGISTRY,
  mvrRecordId,
  NETWORKS,
  networkByName,
  parseMvrName,
  pickKeyServerVersion,
  upgradeManagerFieldId,
} from '../src/index.ts';
import { thrownBy } from './support/vectors.ts';

const A = `0x${'a1'.repeat(32)}`;
const B = `0x${'b2'.repeat(32)}`;
const PK = new Uint8Array(96).fill(1);

describe('derived ids agree with the official client', () => {
  const wrapper = (inner: string): string => `0x2::dynamic_object_field::Wrapper<${inner}>`;

  it.each<[string, string, string]>([
    [
      'key server V2',
      keyServerFieldId(A, 2),
      deriveDynamicFieldID(A, 'u64', bcs.u64().serialize(2).toBytes()),
    ],
    [
      'key server of a committee',
      committeeKeyServerFieldId(A),
      deriveDynamicFieldID(A, wrapper('0x2::object::ID'), addressToBytes(A)),
    ],
    [
      'upgrade manager',
      upgradeManagerFieldId(A, B),
      deriveDynamicFieldID(A, wrapper(`${B}::seal_committee::UpgradeManagerKey`), Uint8Array.of(0)),
    ],
    [
      'address aliases',
      addressAliasId(A),
      deriveDynamicFieldID(
        '0xa',
        '0x2::derived_object::DerivedObjectKey<0x2::address_alias::AliasKey>',
        addressToBytes(A),
      ),
    ],
    [
      'MVR record',
      mvrRecordId(parseMvrName('@org/app')),
      deriveDynamicFieldID(
        MVR_REGISTRY.registryId,
        `${MVR_REGISTRY.corePackage}::name::Name`,
        bcs
          .struct('Name', { org: bcs.vector(bcs.string()), app: bcs.vector(bcs.string()) })
          .serialize({ org: ['sui', 'org'], app: ['app'] })
          .toBytes(),
      ),
    ],
  ])('%s', (_name, ours, theirs) => {
    expect(ours).toBe(theirs);
  });
});

describe('key server objects', () => {
  const committee: KeyServerV2 = {
    name: 'c'.repeat(64),
    keyType: 0,
    publicKey: PK,
    serverType: {
      kind: 'committee',
      version: 3,
      threshold: 2,
      members: [
        { name: 'a', url: 'https://a', partialPublicKey: PK, partyId: 0 },
        { name: 'b', url: 'https://b', partialPublicKey: PK, partyId: 1 },
      ],
    },
  };

  it('survive a round trip', () => {
    const object = { id: A, firstVersion: 1n, lastVersion: 2n };
    expect(decodeKeyServer(encodeKeyServer(object))).toEqual(object);
    expect(decodeKeyServerV2(encodeKeyServerV2(committee))).toEqual(committee);
  });

  it('are read from their dynamic fields', () => {
    const head = encodeBcs((w) => w.address(A).u64(2n));
    const v2 = decodeKeyServerFieldV2(Uint8Array.of(...head, ...encodeKeyServerV2(committee)));
    expect(v2).toEqual({ id: A, version: 2n, value: committee });
    const value = { name: 'n', url: 'https://u', keyType: 0, publicKey: PK };
    const v1 = decodeKeyServerFieldV1(Uint8Array.of(...head, ...encodeKeyServerV1(value)));
    expect(keyServerInfoV1(A, v1.value).serverType).toEqual({
      kind: 'independent',
      url: 'https://u',
    });
  });

  it.each([
    [1n, 1n, 1],
    [1n, 2n, 2],
    [2n, 2n, 2],
    [2n, 9n, 2],
    [3n, 4n, undefined],
    [0n, 0n, undefined],
    [2n, 1n, undefined],
  ] as const)('versions %i to %i: %s', (firstVersion, lastVersion, expected) => {
    expect(pickKeyServerVersion({ firstVersion, lastVersion })).toBe(expected);
  });

  it('refuse unknown server types and trailing bytes', () => {
    const bytes = encodeKeyServerV2({ ...committee, serverType: { kind: 'independent', url: '' } });
    const unknown = Uint8Array.from(bytes);
    unknown[bytes.length - 2] = 2;
    for (const bad of [unknown, Uint8Array.of(...bytes, 0), bytes.subarray(1)]) {
      expect(thrownBy(() => decodeKeyServerV2(bad)).code).toBe('INVALID_BCS');
    }
  });
});

describe('committee objects', () => {
  const info = { encryptionKey: PK, signingKey: PK, url: 'u', name: 'n' };
  const base = { id: A, threshold: 2, members: [A, B] };

  it.each<[string, Committee]>([
    ['init', { ...base, state: { kind: 'init', members: [[A, info]] }, oldCommitteeId: undefined }],
    [
      'after key generation',
      {
        ...base,
        state: {
          kind: 'postDkg',
          members: [[A, info]],
          partialPublicKeys: [PK],
          publicKey: PK,
          messagesHash: new Uint8Array(32),
          approvals: [B],
        },
        oldCommitteeId: B,
      },
    ],
    ['finalized', { ...base, state: { kind: 'finalized' }, oldCommitteeId: undefined }],
  ])('survive a round trip: %s', (_name, committee) => {
    expect(decodeCommittee(encodeCommittee(committee))).toEqual(committee);
  });

  it('upgrade managers with and without a proposal', () => {
    const cap = (w: Parameters<Parameters<typeof encodeBcs>[0]>[0]) =>
      w.address(A).address(B).address(A).u64(1n).u8(0);
    expect(decodeUpgradeManager(encodeBcs((w) => cap(w).u8(0))).proposal).toBeUndefined();
    const proposed = encodeBcs((w) => {
      cap(w).u8(1).byteVector(new Uint8Array(32)).u64(2n);
      w.uleb(2).address(A).uleb(0).address(B).uleb(1);
    });
    expect(decodeUpgradeManager(proposed).proposal?.votes).toEqual([
      [A, 'approve'],
      [B, 'reject'],
    ]);
    const badVote = encodeBcs((w) => {
      cap(w).u8(1).byteVector(new Uint8Array(32)).u64(2n).uleb(1).address(A).uleb(2);
    });
    expect(thrownBy(() => decodeUpgradeManager(badVote)).code).toBe('INVALID_BCS');
  });

  it('wrapper fields and events', () => {
    const field = encodeBcs((w) => w.address(A).address(B).address(A));
    expect(decodeWrapperField(field, 32)).toMatchObject({ id: A, childId: A });
    expect(thrownBy(() => decodeWrapperField(field, 1)).code).toBe('INVALID_BCS');
    const event = encodeBcs((w) => w.address(A).address(B));
    expect(decodeRotationInitiated(event)).toEqual({ committeeId: A, oldCommitteeId: B });
  });
});

describe('MVR', () => {
  it.each([
    ['@org/app', ['sui', 'org']],
    ['sub@org/app', ['sui', 'org', 'sub']],
    ['a.b@org/app', ['sui', 'org', 'b', 'a']],
    ['org.sui/app', ['sui', 'org']],
    ['sub.org.sui/app', ['sui', 'org', 'sub']],
  ])('%s', (text, org) => {
    expect(parseMvrName(text)).toEqual({ org, app: ['app'] });
  });

  it.each([
    '',
    '@org',
    'org/app',
    '/app',
    '@/app',
    '@org/',
    '@org/app/1',
    '@org.x/app',
    '@a@b/app',
    '.sui/app',
    'sui/app',
    'org.eth/app',
    '@Org/app',
    '@org/App',
    '@-org/app',
    '@org-/app',
    '@org/-app',
    '@org/a_b',
    '@org/app ',
    'a..b@org/app',
    '0x2',
  ])('refuses %j', (text) => {
    expect(isMvrName(text)).toBe(false);
    expect(thrownBy(() => parseMvrName(text)).code).toBe('INVALID_MVR_NAME');
  });

  it('bounds labels and domains', () => {
    const label = 'a'.repeat(MAX_MVR_LABEL_CHARS);
    expect(isMvrName(`@${label}/${label}`)).toBe(true);
    expect(isMvrName(`@${label}a/app`)).toBe(false);
    expect(isMvrName(`@org/${label}a`)).toBe(false);
    const room = MAX_MVR_DOMAIN_CHARS - `${label}.${label}.cccc.o.sui`.length - 1;
    const domain = (n: number): string => `${label}.${label}.cccc.${'b'.repeat(n)}@o/app`;
    expect(isMvrName(domain(room))).toBe(true);
    expect(isMvrName(domain(room + 1))).toBe(false);
  });

  it('records and package information', () => {
    const name = parseMvrName('@org/app');
    const entry = (w: Parameters<Parameters<typeof encodeBcs>[0]>[0]) =>
      w.u8(1).address(A).u8(1).address(B).u8(0);
    const record = encodeBcs((w) => {
      w.address(A).bytes(encodeMvrName(name)).address(A).address(A).u8(1);
      entry(w).uleb(1).string('4c78adac');
      entry(w).uleb(1).string('k').string('v').address(A);
    });
    const parsed = decodeMvrRecord(record);
    expect(parsed.appInfo?.packageAddress).toBe(B);
    expect(parsed.networks.get('4c78adac')?.packageInfoId).toBe(A);
    expect(thrownBy(() => decodeMvrRecord(Uint8Array.of(...record, 0))).code).toBe('INVALID_BCS');
    const info = encodeBcs((w) => {
      w.address(A);
      for (let i = 0; i < 5; i++) w.string('x');
      w.address(A).address(B).uleb(1).string('default').string('@org/app').address(A).u64(0n);
    });
    expect(decodeMvrPackageInfo(info)).toMatchObject({ id: A, packageAddress: B });
    expect(decodeMvrPackageInfo(info).metadata.get('default')).toBe('@org/app');
  });
});

describe('networks', () => {
  it('hold well-formed ids and URLs, each server once', () => {
    for (const network of Object.values(NETWORKS)) {
      expect(networkByName(network.name)).toBe(network);
      expect(URL.canParse(network.url)).toBe(true);
      for (const id of [network.seal?.latest, network.seal?.original]) {
        if (id !== undefined) expect(isFullAddress(id)).toBe(true);
      }
      const ids = network.servers.map((server) => server.objectId);
      expect(ids.every(isFullAddress)).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect(NETWORKS.testnet.servers).toHaveLength(11);
    expect(NETWORKS.mainnet.servers).toHaveLength(1);
  });

  it('refuse other names', () => {
    for (const name of ['Testnet', '', 'toString', '__proto__']) {
      expect(thrownBy(() => networkByName(name)).code).toBe('UNKNOWN_NETWORK');
    }
  });
});
