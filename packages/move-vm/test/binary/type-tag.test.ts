/** Type tags, addresses and identifiers. Source: move-vm.md §2. */
import { describe, expect, it } from 'vitest';
import {
  addressFromBytes,
  addressToBytes,
  decodeTypeTag,
  encodeTypeTag,
  isIdentifier,
  MAX_TYPE_TAG_DEPTH,
  MAX_TYPE_TAG_NODES,
  normalizeAddress,
  parseTypeTag,
  type TypeTag,
  typeTagsEqual,
  typeTagToShortString,
  typeTagToString,
  typeTagToTypeName,
} from '../../src/common/index.ts';
import { vmError } from './expect-error.ts';

const COIN = '0x2::coin::Coin<0x2::sui::SUI>';
const refused = (action: () => unknown): void => {
  expect(vmError(action).code).toBe('MOVE_VM_INVALID_ARGUMENT');
};

describe('text', () => {
  it('has three forms', () => {
    const pair = parseTypeTag('0x02::m::P<u8, vector<address>>');
    const long = `${'0'.repeat(63)}2`;
    expect(typeTagToShortString(pair)).toBe('0x2::m::P<u8, vector<address>>');
    expect(typeTagToString(pair)).toBe(`0x${long}::m::P<u8, vector<address>>`);
    expect(typeTagToTypeName(pair)).toBe(`${long}::m::P<u8,vector<address>>`);
    expect(parseTypeTag(typeTagToTypeName(pair))).toEqual(pair);
  });

  it.each([
    '',
    'u7',
    'vector',
    'vector<>',
    'vector<u8',
    '0x2::coin',
    '0x2::coin::',
    '::a::B',
    '0x2::a::B<>',
    '0x2::a::B<u8,>',
    'u8 u8',
    '0xg::a::B',
    '0x2::_::B',
    'u8>',
    '0x2::a::B!',
    `0x${'1'.repeat(65)}::a::B`,
  ])('refuses %j', (text) => {
    refused(() => parseTypeTag(text));
  });

  it('nests to the limit and not beyond', () => {
    const nested = (depth: number): string =>
      `${'vector<'.repeat(depth - 1)}u8${'>'.repeat(depth - 1)}`;
    expect(() => parseTypeTag(nested(MAX_TYPE_TAG_DEPTH))).not.toThrow();
    refused(() => parseTypeTag(nested(MAX_TYPE_TAG_DEPTH + 1)));
    const wide = (nodes: number): string =>
      `0x2::a::B<${Array<string>(nodes - 1)
        .fill('u8')
        .join()}>`;
    expect(() => parseTypeTag(wide(MAX_TYPE_TAG_NODES))).not.toThrow();
    refused(() => parseTypeTag(wide(MAX_TYPE_TAG_NODES + 1)));
  });
});

describe('BCS', () => {
  it('has the wire numbers of the chain', () => {
    const numbers = [
      'bool',
      'u8',
      'u64',
      'u128',
      'address',
      'signer',
      undefined,
      undefined,
      'u16',
      'u32',
      'u256',
    ];
    numbers.forEach((name, wire) => {
      if (name !== undefined)
        expect(encodeTypeTag(parseTypeTag(name))).toEqual(Uint8Array.of(wire));
    });
    expect(encodeTypeTag(parseTypeTag('vector<u8>'))).toEqual(Uint8Array.of(6, 1));
  });

  it('goes there and back', () => {
    for (const text of ['u8', 'vector<vector<bool>>', COIN, `0x2::t::T<${COIN}, u256>`]) {
      const tag = parseTypeTag(text);
      const bytes = encodeTypeTag(tag);
      expect(typeTagsEqual(decodeTypeTag(bytes), tag)).toBe(true);
      expect(encodeTypeTag(decodeTypeTag(bytes))).toEqual(bytes);
      for (let end = 0; end < bytes.length; end++)
        refused(() => decodeTypeTag(bytes.slice(0, end)));
      refused(() => decodeTypeTag(Uint8Array.of(...bytes, 0)));
    }
    refused(() => decodeTypeTag(Uint8Array.of(11)));
  });

  it('tells different tags apart', () => {
    const tags = [
      'u8',
      'u16',
      'vector<u8>',
      COIN,
      '0x2::coin::Coin<u8>',
      '0x3::coin::Coin<u8>',
    ].map(parseTypeTag);
    tags.forEach((a: TypeTag, i) => {
      tags.forEach((b, j) => {
        expect(typeTagsEqual(a, b)).toBe(i === j);
      });
    });
  });
});

describe('addresses and identifiers', () => {
  it('has one canonical address form', () => {
    const two = `0x${'0'.repeat(63)}2`;
    for (const text of ['0x2', '2', '0X02', two]) expect(normalizeAddress(text)).toBe(two);
    expect(addressFromBytes(addressToBytes(two))).toBe(two);
    for (const text of ['', '0x', '0xg', `0x${'1'.repeat(65)}`])
      refused(() => normalizeAddress(text));
    refused(() => addressToBytes('0x2'));
    refused(() => addressFromBytes(new Uint8Array(31)));
  });

  it('knows identifiers', () => {
    for (const text of ['a', 'A1_', '_a', '__']) expect(isIdentifier(text)).toBe(true);
    for (const text of ['', '_', '1', 'a b', '<SELF>', 'ä']) expect(isIdentifier(text)).toBe(false);
  });
});
