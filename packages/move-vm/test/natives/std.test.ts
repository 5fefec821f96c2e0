/** Natives of `std`. Source: move-vm.md §6.2. */
import { describe, expect, it } from 'vitest';
import {
  ADDRESS,
  type ByteVector,
  SlotReference,
  U8,
  U64,
  type Value,
  VECTOR_U8,
  vectorOf,
} from '../../src/index.ts';
import { expectStatus, vmError } from '../binary/expect-error.ts';
import { call, hex, printed, toHex, utf8 } from './call.ts';

const abortCode = (work: () => unknown): bigint | undefined => vmError(work).subStatus;
const reference = (value: Value): Value => new SlotReference([value], 0);

describe('hash', () => {
  it.each([
    ['sha2_256', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['sha2_256', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sha3_256', '', 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a'],
    ['sha3_256', 'abc', '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'],
  ])('%s of "%s"', (name, text, expected) => {
    expect(toHex(call(`0x1::hash::${name}`, [utf8(text)]))).toBe(expected);
  });
});

describe('string', () => {
  it.each([
    ['', true],
    ['61', true],
    ['c3a9', true],
    ['f09f9880', true],
    ['c0af', false],
    ['c3', false],
    ['eda080', false],
    ['f4908080', false],
    ['ff', false],
  ])('internal_check_utf8 of %s', (bytes, expected) => {
    expect(call('0x1::string::internal_check_utf8', [reference(hex(bytes))])).toBe(expected);
  });

  it.each<[number | bigint, boolean]>([
    [0, true],
    [1, true],
    [2, false],
    [3, true],
    [4, true],
    [5, false],
    [(1n << 64n) - 1n, false],
  ])('internal_is_char_boundary of "aéb" at %s', (at, expected) => {
    expect(call('0x1::string::internal_is_char_boundary', [utf8('aéb'), at])).toBe(expected);
  });

  it.each<[string, string, number]>([
    ['hello', 'l', 2],
    ['hello', 'lo', 3],
    ['hello', 'x', 5],
    ['hello', '', 0],
    ['', 'a', 0],
    ['ab', 'abc', 2],
  ])('internal_index_of "%s" "%s"', (text, needle, expected) => {
    expect(call('0x1::string::internal_index_of', [utf8(text), utf8(needle)])).toBe(expected);
  });

  it('internal_sub_string', () => {
    const cut = (i: number, j: number) =>
      call('0x1::string::internal_sub_string', [utf8('hello'), i, j]);
    expect(toHex(cut(1, 3))).toBe('656c');
    expect(toHex(cut(5, 5))).toBe('');
    expect(abortCode(() => cut(3, 2))).toBe(1n);
    expectStatus(() => cut(0, 6), 'UNKNOWN_INVARIANT_VIOLATION_ERROR');
  });
});

describe('bcs, type_name, debug, unit_test', () => {
  it('serializes', () => {
    expect(toHex(call('0x1::bcs::to_bytes', [reference(258)], [U64]))).toBe('0201000000000000');
    expect(toHex(call('0x1::bcs::to_bytes', [[utf8('a'), utf8('')]], [vectorOf(VECTOR_U8)]))).toBe(
      '02016100',
    );
  });

  it('aborts with 453 when a value cannot be serialized', () => {
    expect(abortCode(() => call('0x1::bcs::to_bytes', [true], [U8]))).toBe(453n);
  });

  it('names types', () => {
    const name = call('0x1::type_name::get', [], [vectorOf(ADDRESS)]);
    expect(Buffer.from((name as ByteVector[][])[0]![0]!.view()).toString()).toBe('vector<address>');
    expect(abortCode(() => call('0x1::type_name::defining_id', [], [U64]))).toBe(0n);
    expect(abortCode(() => call('0x1::type_name::original_id', [], [VECTOR_U8]))).toBe(0n);
  });

  it('prints', () => {
    call('0x1::debug::print', [reference([1, 2])], [vectorOf(U64)]);
    call('0x1::debug::print', [utf8('text')], [VECTOR_U8]);
    call('0x1::debug::print', [hex('00ff')], [VECTOR_U8]);
    expect(printed).toEqual(['[debug] [1, 2]', '[debug] "text"', '[debug] 0x00ff']);
  });

  it('destroys anything', () => {
    expect(call('0x1::unit_test::destroy', [[1]], [U64])).toBeUndefined();
  });
});

describe('vector without instructions', () => {
  it('works on bytes and on others', () => {
    const bytes = reference(call('0x1::vector::empty', [], [U8])!);
    const numbers = reference(call('0x1::vector::empty', [], [U64])!);
    for (const vector of [bytes, numbers]) {
      for (const item of [1, 2, 3]) call('0x1::vector::push_back', [vector, item]);
      call('0x1::vector::swap', [vector, 0, 2]);
      expect(call('0x1::vector::length', [vector])).toBe(3);
      const first = call('0x1::vector::borrow', [vector, 0]) as SlotReference;
      expect(first.get()).toBe(3);
      expect(call('0x1::vector::pop_back', [vector])).toBe(1);
      expectStatus(() => call('0x1::vector::borrow_mut', [vector, 2]), 'VECTOR_OPERATION_ERROR');
    }
    expectStatus(() => call('0x1::vector::destroy_empty', [[1]]), 'VECTOR_OPERATION_ERROR');
  });
});

it('refuses arguments of another shape than declared, without crashing', () => {
  expectStatus(() => call('0x1::hash::sha2_256', [1]), 'INTERNAL_TYPE_ERROR');
  expectStatus(() => call('0x1::hash::sha2_256', []), 'INTERNAL_TYPE_ERROR');
  expectStatus(() => call('0x1::vector::length', [1]), 'INTERNAL_TYPE_ERROR');
});
