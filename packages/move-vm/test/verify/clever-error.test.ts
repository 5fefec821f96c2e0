/** Clever abort codes: known answers of the pinned compiler, and codes that only look like them. */
import { describe, expect, it } from 'vitest';
import { parseModule } from '../../src/binary/index.ts';
import { decodeCleverCode, encodeCleverCode, explainAbort } from '../../src/verify/index.ts';
import { Assembler, address, bool, u8, u64, vector } from '../binary/assembler.ts';

const text = (value: string): number[] => [value.length, ...Buffer.from(value)];

function pool(): ReturnType<typeof parseModule> {
  const a = new Assembler();
  a.constant(vector(u8), ...text('ENope'));
  a.constant(vector(u8), ...text('not this time'));
  a.constant(vector(u8), ...text('ENumber'));
  a.constant(u64, 77, 0, 0, 0, 0, 0, 0, 0);
  a.constant(vector(u8), 2, 0xff, 0xfe);
  a.constant(vector(bool), 2, 1, 0);
  a.constant(address, ...Array<number>(31).fill(0), 2);
  return parseModule(a.bytes());
}

const code = (name: number, value: number): bigint =>
  encodeCleverCode({ errorCode: undefined, line: 9, nameConstant: name, valueConstant: value });

describe('decoding', () => {
  it('reads the codes of the compiler', () => {
    expect(decodeCleverCode(0xc0ff001a00030004n)).toEqual({
      errorCode: undefined,
      line: 26,
      nameConstant: 3,
      valueConstant: 4,
    });
    expect(decodeCleverCode(0xc005001a00050006n)).toMatchObject({ errorCode: 5, nameConstant: 5 });
    expect(decodeCleverCode(0xc0ff0007ffffffffn)).toEqual({
      errorCode: undefined,
      line: 7,
      nameConstant: undefined,
      valueConstant: undefined,
    });
    expect(decodeCleverCode(0x8000001a00030004n)).toMatchObject({ errorCode: undefined, line: 26 });
  });

  it('leaves ordinary codes alone', () => {
    for (const plain of [
      0n,
      9n,
      0x20000n,
      0x4000000000000000n,
      0xffffffffffffffffn,
      0xc1ff001a00030004n,
    ]) {
      expect(decodeCleverCode(plain)).toBeUndefined();
      expect(explainAbort(pool(), plain)).toBeUndefined();
    }
  });

  it('writes what it reads', () => {
    for (const value of [0xc0ff001a00030004n, 0xc005001a00050006n, 0xc0ff0007ffffffffn]) {
      expect(encodeCleverCode(decodeCleverCode(value)!)).toBe(value);
    }
  });
});

describe('explaining', () => {
  it('renders values by their type', () => {
    const module = pool();
    expect(explainAbort(module, code(0, 1))).toMatchObject({
      line: 9,
      constantName: 'ENope',
      constantType: 'vector<u8>',
      rendered: 'not this time',
    });
    expect(explainAbort(module, code(2, 3))).toMatchObject({
      constantName: 'ENumber',
      rendered: '77',
    });
    expect(explainAbort(module, code(2, 5))?.rendered).toBe('[true, false]');
    expect(explainAbort(module, code(2, 6))?.rendered).toBe(`0x${'2'.padStart(64, '0')}`);
    const raw = explainAbort(module, code(0, 4));
    expect(raw?.rendered).toBeUndefined();
    expect(raw?.raw).toEqual(Uint8Array.of(2, 0xff, 0xfe));
  });

  it('keeps the numbers of a code that points at nothing', () => {
    expect(explainAbort(pool(), code(500, 501))).toMatchObject({
      line: 9,
      constantName: undefined,
      rendered: undefined,
      raw: undefined,
    });
    // The name must be a byte string.
    expect(explainAbort(pool(), code(3, 3))?.constantName).toBeUndefined();
  });
});
