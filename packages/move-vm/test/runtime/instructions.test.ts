/** Instructions other than integer ones: what they do and how they fail. Source: move-vm.md §3.2. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ByteVector, isVmError, STATUS, U8, U64, Variant, type VmError } from '../../src/index.ts';
import { I } from '../../src/runtime/instructions.ts';
import { type Bench, bench, TEST_ADDRESS } from './move.ts';

const SOURCE = `
module 0x42::m {
  public struct Point has copy, drop, store { x: u64, y: u64 }
  public struct Box<T> has copy, drop, store { inner: T }
  public struct Empty has copy, drop {}
  public enum Shape has copy, drop {
    Dot,
    Circle { radius: u64 },
    Rectangle(u64, u64),
  }
  const TABLE: vector<u64> = vector[5, 6, 7];
  const NESTED: vector<vector<u8>> = vector[vector[1], vector[], vector[2, 3]];

  public fun swap_fields(p: Point): Point { let Point { x, y } = p; Point { x: y, y: x } }
  public fun write_field(): u64 { let mut p = Point { x: 1, y: 2 }; let r = &mut p.y; *r = 9; p.x + p.y }
  public fun copy_is_deep(): u64 {
    let a = Box { inner: vector[1, 2] };
    let mut b = copy a;
    b.inner.push_back(3);
    a.inner.length() * 10 + b.inner.length()
  }
  public fun bytes_copy_is_deep(): u64 {
    let a = b"ab";
    let mut b = a;
    b.push_back(1); *(&mut b[0]) = 7;
    let mut c = b;
    c.pop_back();
    a.length() * 100 + b.length() * 10 + c.length() + (a[0] as u64) * 1000 + (b[0] as u64) * 1000000
  }
  public fun constants_are_fresh(): u64 {
    let mut first = TABLE;
    first.push_back(1);
    let second = TABLE;
    first.length() * 10 + second.length()
  }
  public fun nested(): vector<vector<u8>> { NESTED }
  public fun empty_bytes(): Empty { Empty {} }
  public fun eq_by_value(): bool { let a = Box { inner: b"xy" }; let b = Box { inner: b"xy" }; &a == &b && a == b }
  public fun neq_by_value(): bool { let a = vector[1u64, 2]; let b = vector[1u64, 3]; a != b && &a != &b }
  public fun area(tag: u8): u64 {
    let shape = if (tag == 0) Shape::Dot
      else if (tag == 1) Shape::Circle { radius: 3 }
      else Shape::Rectangle(4, 5);
    match (&shape) {
      Shape::Dot => 0,
      Shape::Circle { radius } => *radius * *radius,
      Shape::Rectangle(a, b) => *a * *b,
    }
  }
  public fun grow(): u64 {
    let mut shape = Shape::Rectangle(2, 3);
    match (&mut shape) { Shape::Rectangle(a, _) => { *a = 10; }, _ => {} };
    match (shape) { Shape::Rectangle(a, b) => a * b, _ => 0 }
  }
  public fun circle(): Shape { Shape::Circle { radius: 258 } }
  public fun shapes_equal(): bool { Shape::Circle { radius: 1 } == Shape::Circle { radius: 2 } || Shape::Dot != Shape::Dot }
  public fun generic_push<T: copy + drop>(x: T): vector<T> { let mut v = vector[x]; v.push_back(x); v }
  public fun generic_swap<T: drop>(v: vector<T>): Box<vector<T>> { let mut v = v; v.swap(0, 1); Box { inner: v } }
  public fun sum(n: u64): u64 { let mut i = 0; let mut s = 0; while (i < n) { i = i + 1; if (i % 2 == 0) continue; s = s + i; }; s }
  public fun logic(a: bool, b: bool): u64 {
    (if (a && b) 1 else 0) + (if (a || b) 10 else 0) + (if (!a) 100 else 0)
  }
  public fun abort_with(code: u64) { abort code }
  public fun nested_abort() { abort_with(77) }
  public fun borrow_at(v: vector<u64>, i: u64): u64 { v[i] }
  public fun byte_at(v: vector<u8>, i: u64): u8 { v[i] }
  public fun pop(v: vector<u64>): u64 { let mut v = v; v.pop_back() }
  public fun pop_byte(v: vector<u8>): u8 { let mut v = v; v.pop_back() }
  public fun swap_at(v: vector<u64>, i: u64, j: u64): vector<u64> { let mut v = v; v.swap(i, j); v }
  public fun swap_bytes(v: vector<u8>, i: u64, j: u64): vector<u8> { let mut v = v; v.swap(i, j); v }
  public fun destroy(v: vector<u64>) { v.destroy_empty() }
  public fun set(r: &mut u64, value: u64) { *r = value }
  public fun get(r: &u64): u64 { *r }
  public fun pair(): (u64, bool) { (1, true) }
  public fun where_am_i(): address { @0xabc }
  public fun wide(): (u128, u256) { (340282366920938463463374607431768211455, 1 << 255) }
}`;

let subject: Bench;
beforeAll(async () => {
  subject = await bench(SOURCE);
});

function failure(name: string, ...args: Parameters<Bench['run']>[1][]): VmError {
  try {
    subject.run(name, args.flat() as never);
  } catch (error) {
    if (isVmError(error)) return error;
    throw error;
  }
  throw new Error(`${name} did not fail`);
}

describe('dispatch', () => {
  it('uses the literal of each instruction', () => {
    const text = readFileSync(new URL('../../src/runtime/interpreter.ts', import.meta.url), 'utf8');
    const cases = [...text.matchAll(/case (\d+):(?: \{)?\s*\/\/ (\w+)/g)];
    const found = new Map(cases.map(([, literal, name]) => [name, Number(literal)]));
    const names = Object.entries(I).filter(([name]) => !name.startsWith('Cast'));
    for (const [name, code] of names) expect(found.get(name), name).toBe(code);
    expect(text).toContain(`op >= ${I.CastSmall} && op <= ${I.CastBig}`);
    expect(text).toContain(`op === ${I.CastSmall}`);
    expect(text).toContain(`op === ${I.CastU64}`);
    expect(text).toContain(`op >= ${I.BitOrSmall}`);
    expect(Object.values(I)).toEqual(Object.values(I).map((_, i) => i));
  });
});

describe('values', () => {
  it.each([
    ['write_field', [], 10],
    ['copy_is_deep', [], 23],
    ['bytes_copy_is_deep', [], 7_097_232],
    ['constants_are_fresh', [], 43],
    ['eq_by_value', [], true],
    ['neq_by_value', [], true],
    ['grow', [], 30],
    ['shapes_equal', [], false],
    ['sum', [10], 25],
    ['logic', [true, true], 11],
    ['logic', [true, false], 10],
    ['logic', [false, false], 100],
    ['where_am_i', [], `0x${'abc'.padStart(64, '0')}`],
  ])('%s(%j) is %j', (name, args, expected) => {
    expect(subject.run(name, args)).toEqual([expected]);
  });

  it.each([
    [0, 0],
    [1, 9],
    [2, 20],
  ])('matches variant %i', (tag, expected) => {
    expect(subject.run('area', [tag])).toEqual([expected]);
  });

  it('packs and unpacks in declaration order', () => {
    expect(subject.run('swap_fields', [[1, 2]])).toEqual([[2, 1]]);
  });

  it('returns several values in order', () => {
    expect(subject.run('pair')).toEqual([1, true]);
    expect(subject.run('wide')).toEqual([(1n << 128n) - 1n, 1n << 255n]);
  });

  it('keeps byte vectors as bytes in generic code', () => {
    const [bytes] = subject.run('generic_push', [7], [U8]);
    expect(bytes).toBeInstanceOf(ByteVector);
    expect((bytes as ByteVector).view().subarray(0, 2)).toEqual(Uint8Array.of(7, 7));
    expect(subject.run('generic_push', [7], [U64])).toEqual([[7, 7]]);
    const [box] = subject.run('generic_swap', [new ByteVector(Uint8Array.of(1, 2))], [U8]);
    expect(((box as ByteVector[])[0] as ByteVector).view()).toEqual(Uint8Array.of(2, 1));
  });

  it('serializes empty structs, nested vectors and enums as the chain does', () => {
    const session = subject.session();
    const bytesOfCall = (name: string): Uint8Array =>
      session.call(session.loadFunction(TEST_ADDRESS, 'm', name), [])[0]!.serialize();
    expect(bytesOfCall('empty_bytes')).toEqual(Uint8Array.of(0));
    expect(bytesOfCall('nested')).toEqual(Uint8Array.of(3, 1, 1, 0, 2, 2, 3));
    expect(bytesOfCall('circle')).toEqual(Uint8Array.of(1, 2, 1, 0, 0, 0, 0, 0, 0));
  });

  it('writes through references from outside', () => {
    const session = subject.session();
    const slot = session.slot(U64, 1);
    const set = session.loadFunction(TEST_ADDRESS, 'm', 'set');
    session.call(set, [slot.borrowMut(), session.slot(U64, 5).take()]);
    expect(slot.peek()).toBe(5);
    const get = session.loadFunction(TEST_ADDRESS, 'm', 'get');
    expect(session.call(get, [slot.borrow()])[0]!.peek()).toBe(5);
    expect(() => session.call(get, [slot.borrowMut()])).toThrow(/&mut u64 where &u64/);
  });
});

describe('failures', () => {
  const bytes = (): ByteVector => new ByteVector(Uint8Array.of(1, 2));

  it.each([
    ['borrow_at', [[1, 2], 2], 1n],
    ['borrow_at', [[], 0], 1n],
    ['borrow_at', [[1], (1n << 64n) - 1n], 1n],
    ['swap_at', [[1, 2], 0, 2], 1n],
    ['swap_at', [[1, 2], 2, 0], 1n],
    ['pop', [[]], 2n],
    ['destroy', [[1]], 3n],
  ])('%s is a vector error (%#)', (name, args, subStatus) => {
    const error = failure(name, args as never);
    expect([error.status, error.subStatus]).toEqual([STATUS.VECTOR_OPERATION_ERROR, subStatus]);
  });

  it('gives the same vector errors on bytes', () => {
    expect(failure('byte_at', [bytes(), 2]).subStatus).toBe(1n);
    expect(failure('swap_bytes', [bytes(), 0, 2]).subStatus).toBe(1n);
    expect(failure('pop_byte', [new ByteVector(new Uint8Array())]).subStatus).toBe(2n);
  });

  it('swaps an element with itself', () => {
    expect(subject.run('swap_at', [[1, 2], 1, 1])).toEqual([[1, 2]]);
  });

  it('aborts with the code at the instruction of the running function', () => {
    const error = failure('nested_abort');
    expect(error).toMatchObject({
      code: 'MOVE_VM_ABORTED',
      status: STATUS.ABORTED,
      subStatus: 77n,
      location: {
        module: { address: TEST_ADDRESS, name: 'm' },
        functionName: 'abort_with',
        instruction: 1,
      },
    });
    expect(error.message).toBe('ABORTED: code 77');
  });

  it('keeps large abort codes exact', () => {
    expect(failure('abort_with', [0xc0ff001a00030004n]).subStatus).toBe(0xc0ff001a00030004n);
  });

  it('decodes every variant tag it knows and no other', () => {
    const session = subject.session();
    const shape = session.loadFunction(TEST_ADDRESS, 'm', 'circle').returns[0]!;
    expect(session.deserialize(shape, Uint8Array.of(0))).toEqual(new Variant(0, []));
    expect(() => session.deserialize(shape, Uint8Array.of(3))).toThrow(/no variant 3/);
  });
});
