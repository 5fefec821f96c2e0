/** The strict BCS codec and the text forms of bytes (sui-ledger.md §3). */
import { bcs } from '@mysten/sui/bcs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressFromBytes,
  addressToBytes,
  BcsReader,
  clip,
  decodeBcs,
  encodeBcs,
  formatTypeTag,
  fromBase64,
  fromHex,
  isFullAddress,
  MAX_ULEB,
  normalizeAddress,
  parseStructName,
  readTypeTag,
  structTag,
  toHex,
} from '../src/index.ts';
import { thrownBy } from './support/vectors.ts';

describe('integers and lengths', () => {
  it('agree with the official encoder', () => {
    fc.assert(
      fc.property(fc.nat(MAX_ULEB), fc.bigInt(0n, 2n ** 64n - 1n), (length, long) => {
        expect(encodeBcs((w) => w.uleb(length))).toEqual(
          Uint8Array.from(bcs.uleb128().serialize(length).toBytes()),
        );
        const bytes = encodeBcs((w) => w.u64(long));
        expect(bytes).toEqual(bcs.u64().serialize(long).toBytes());
        expect(decodeBcs(bytes, (r) => r.u64())).toBe(long);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a longer form of 0', [0x80, 0x00]],
    ['a longer form of 1', [0x81, 0x00]],
    ['2^31', [0x80, 0x80, 0x80, 0x80, 0x08]],
    ['six bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['an unfinished length', [0x80]],
  ])('refuses %s', (_name, bytes) => {
    const read = (): number => new BcsReader(Uint8Array.from(bytes)).uleb();
    expect(thrownBy(read).code).toBe('INVALID_BCS');
  });

  it('reads the largest length', () => {
    const bytes = encodeBcs((w) => w.uleb(MAX_ULEB));
    expect(new BcsReader(bytes).uleb()).toBe(MAX_ULEB);
  });

  it.each<[string, () => unknown]>([
    ['u8', () => encodeBcs((w) => w.u8(256))],
    ['u16', () => encodeBcs((w) => w.u16(65_536))],
    ['u32', () => encodeBcs((w) => w.u32(2 ** 32))],
    ['u64', () => encodeBcs((w) => w.u64(2n ** 64n))],
    ['negative u64', () => encodeBcs((w) => w.u64(-1n))],
    ['fraction', () => encodeBcs((w) => w.u8(0.5))],
    ['length', () => encodeBcs((w) => w.uleb(MAX_ULEB + 1))],
  ])('refuses to wrap: %s', (_name, action) => {
    expect(thrownBy(action).code).toBe('OUT_OF_RANGE');
  });
});

describe('composites', () => {
  it.each<[string, number[], (r: BcsReader) => unknown]>([
    ['boolean 2', [2], (r) => r.bool()],
    ['option tag 2', [2, 1], (r) => r.option((v) => v.u8())],
    ['enum tag out of range', [2], (r) => r.variant('E', 2)],
    ['text that is not UTF-8', [1, 0xff], (r) => r.string()],
    ['text with a surrogate', [3, 0xed, 0xa0, 0x80], (r) => r.string()],
    ['a count larger than the rest', [5, 0, 0], (r) => r.vector((v) => v.u8())],
    ['a short address', [1, 2, 3], (r) => r.address()],
    ['trailing bytes', [1, 1], (r) => r.u8()],
    ['nothing', [], (r) => r.u32()],
  ])('refuses %s', (_name, bytes, read) => {
    expect(thrownBy(() => decodeBcs(Uint8Array.from(bytes), read)).code).toBe('INVALID_BCS');
  });

  it('keeps a byte order mark: text must survive a round trip', () => {
    const bytes = encodeBcs((w) => w.string('\ufeffa'));
    expect(decodeBcs(bytes, (r) => r.string())).toBe('\ufeffa');
  });

  it('refuses to write half a surrogate pair', () => {
    expect(thrownBy(() => encodeBcs((w) => w.string('\ud800'))).code).toBe('INVALID_BCS');
  });

  it('grows beyond its first buffer', () => {
    const big = new Uint8Array(10_000).fill(3);
    expect(
      decodeBcs(
        encodeBcs((w) => w.byteVector(big)),
        (r) => r.byteVector(),
      ),
    ).toEqual(big);
  });

  it('reads a view into a larger buffer', () => {
    const whole = Uint8Array.of(9, 9, 1, 0, 9);
    expect(decodeBcs(whole.subarray(2, 4), (r) => r.u16())).toBe(1);
  });
});

describe('type tags', () => {
  const text = '0x2::coin::Coin<vector<0x2::m::S<u8,bool,u256>>>';

  it('read what the official client writes', () => {
    const bytes = bcs.TypeTag.serialize(text).toBytes();
    const tag = decodeBcs(bytes, (r) => readTypeTag(r));
    const two = `0x${'2'.padStart(64, '0')}`;
    expect(formatTypeTag(tag)).toBe(`${two}::coin::Coin<vector<${two}::m::S<u8,bool,u256>>>`);
  });

  it('take the name of a struct apart', () => {
    const type = formatTypeTag(structTag(`0x${'c'.repeat(64)}`, 'm', 'S', [{ kind: 'u8' }]));
    expect(parseStructName(type)).toEqual({
      address: `0x${'c'.repeat(64)}`,
      module: 'm',
      name: 'S',
    });
    for (const bad of ['package', 'u8', '0x2::m', '2::m::S', '0x2::m::S<u8', '0x2::m::S::T']) {
      expect(thrownBy(() => parseStructName(bad)).code).toBe('INVALID_TYPE_TAG');
    }
  });
});

describe('text forms', () => {
  it('normalise addresses', () => {
    expect(normalizeAddress('0xA')).toBe(`0x${'a'.padStart(64, '0')}`);
    expect(addressFromBytes(addressToBytes('0x1'))).toBe(normalizeAddress('0x1'));
    expect(isFullAddress(normalizeAddress('0x1'))).toBe(true);
    expect(isFullAddress('0x1')).toBe(false);
    expect(isFullAddress(`0x${'A'.repeat(64)}`)).toBe(false);
  });

  it.each(['', '0x', '1', '0xg', `0x${'1'.repeat(65)}`, ' 0x1', '0x1\n', '0X1'])(
    'refuse address %j',
    (text) => {
      expect(thrownBy(() => normalizeAddress(text)).code).toBe('INVALID_ADDRESS');
    },
  );

  it('refuse address bytes of another length', () => {
    expect(thrownBy(() => addressFromBytes(new Uint8Array(31))).code).toBe('INVALID_ADDRESS');
  });

  it('read hex with and without prefix, in either case', () => {
    expect(toHex(fromHex('0xAbCd'))).toBe('abcd');
    expect(fromHex('')).toEqual(new Uint8Array());
    for (const bad of ['a', '0xabc', 'zz', ' ab']) {
      expect(thrownBy(() => fromHex(bad)).code).toBe('INVALID_HEX');
    }
  });

  it.each(['A', 'AA', 'AAA', 'AA=', 'AB==', 'AA==\n', 'A-_=', '='])('refuse Base64 %j', (text) => {
    expect(thrownBy(() => fromBase64(text)).code).toBe('INVALID_BASE64');
  });

  it('shorten hostile text in messages', () => {
    expect(clip('x'.repeat(500))).toHaveLength(83);
  });
});
