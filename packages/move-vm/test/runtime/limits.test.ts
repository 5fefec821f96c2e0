/** Limits of execution, at the limit and one over. Source: move-vm.md §2, §3.1. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ByteVector,
  gasMeter,
  isVmError,
  MAX_LAYOUT_NODES,
  MAX_OPERAND_STACK,
  MAX_SAVED_FRAMES,
  MAX_TYPE_ARGUMENT_DEPTH,
  MAX_TYPE_NODES,
  MAX_VALUE_DEPTH,
  MAX_VECTOR_LENGTH,
  MoveRuntime,
  type MoveType,
  STATUS,
  U8,
  U64,
  type VmError,
  vectorOf,
} from '../../src/index.ts';
import { type Bench, bench, TEST_ADDRESS } from './move.ts';

const LADDER = 40;

/** `L0` holds a u64, `L1` holds `L0`, …: one level of depth each. */
function ladder(): string {
  const rungs = ['public struct L0 has copy, drop { x: u64 }'];
  for (let i = 1; i <= LADDER; i++) {
    rungs.push(`public struct L${i} has copy, drop { x: L${i - 1} }`);
  }
  return rungs.join('\n');
}

const WIDE_FIELDS = 32;

const SOURCE = `
module 0x42::m {
  ${ladder()}
  public struct Wrap<T> has copy, drop { inner: T }
  public struct Wide has copy, drop {
    ${Array.from({ length: WIDE_FIELDS }, (_, i) => `f${i}: u8`).join(', ')}
  }
  public struct Wider has copy, drop {
    ${Array.from({ length: 15 }, (_, i) => `f${i}: Wide`).join(', ')}, rest: vector<u8>,
  }
  /// Keeps nothing on the stack across the call.
  public fun dive(n: u64): u64 { if (n == 0) return 0; dive(n - 1) }
  /// Keeps one operand on the stack across the call.
  public fun dive_with_operand(n: u64): u64 { if (n == 0) return 0; 1 + dive_with_operand(n - 1) }
  public fun fill(n: u64): u64 {
    let mut v = vector[]; let mut i = 0;
    while (i < n) { v.push_back(i); i = i + 1; };
    v.length()
  }
  public fun fill_bytes(n: u64): u64 {
    let mut v = vector<u8>[]; let mut i = 0;
    while (i < n) { v.push_back(1); i = i + 1; };
    v.length()
  }
  public fun forever() { loop {} }
  public fun spin(n: u64) { let mut i = 0; while (i < n) { i = i + 1; } }
  public fun wrap<T>(x: T): Wrap<T> { Wrap { inner: x } }
  public fun list<T>(x: T): vector<T> { vector[x] }
  public fun bomb(): u64 {
    let mut v = vector[b"0123456789abcdef"];
    let mut i = 0;
    while (i < 17) { let w = v; v.push_back(b""); let mut j = 0;
      while (j < w.length()) { v.push_back(w[j]); j = j + 1; }; i = i + 1; };
    let mut all = vector[];
    loop { all.push_back(v); }
  }
}`;

let subject: Bench;
beforeAll(async () => {
  subject = await bench(SOURCE, { budget: 5_000_000 });
});

function failing(work: () => unknown): VmError {
  try {
    work();
  } catch (error) {
    if (isVmError(error)) return error;
    throw error;
  }
  throw new Error('expected a VmError');
}

describe('stacks', () => {
  it('saves 1024 frames and not one more', () => {
    expect(subject.run('dive', [MAX_SAVED_FRAMES])).toEqual([0]);
    const error = failing(() => subject.run('dive', [MAX_SAVED_FRAMES + 1]));
    expect(error.status).toBe(STATUS.CALL_STACK_OVERFLOW);
  });

  it('holds 1024 operands over all frames', () => {
    // The innermost frame compares: two operands on top of those its callers left.
    const deepest = MAX_OPERAND_STACK - 2;
    expect(subject.run('dive_with_operand', [deepest])).toEqual([deepest]);
    const error = failing(() => subject.run('dive_with_operand', [deepest + 1]));
    expect(error.status).toBe(STATUS.EXECUTION_STACK_OVERFLOW);
  });
});

describe('vectors', () => {
  it.each(['fill', 'fill_bytes'])('%s: 262144 elements', (name) => {
    expect(subject.run(name, [MAX_VECTOR_LENGTH])).toEqual([MAX_VECTOR_LENGTH]);
    const error = failing(() => subject.run(name, [MAX_VECTOR_LENGTH + 1]));
    expect([error.status, error.subStatus]).toEqual([STATUS.VECTOR_OPERATION_ERROR, 4n]);
  });

  it('holds for values from outside', () => {
    const session = subject.session();
    const items = Array.from({ length: MAX_VECTOR_LENGTH + 1 }, () => session.slot(U8, 1));
    const take = (count: number) => items.slice(0, count).map((slot) => slot.copy());
    expect(session.vector(U8, take(MAX_VECTOR_LENGTH)).peek()).toBeInstanceOf(ByteVector);
    expect(failing(() => session.vector(U8, take(MAX_VECTOR_LENGTH + 1))).status).toBe(
      STATUS.VECTOR_OPERATION_ERROR,
    );
  });
});

describe('gas', () => {
  it('ends endless loops', () => {
    const error = failing(() => subject.run('forever'));
    expect([error.code, error.status]).toEqual(['MOVE_VM_OUT_OF_GAS', STATUS.OUT_OF_GAS]);
  });

  it('ends bombs of copies before they fill the memory', () => {
    expect(failing(() => subject.run('bomb')).status).toBe(STATUS.OUT_OF_GAS);
  });

  it('is exact: enough is enough, one less is not', () => {
    const run = (budget: number): number => {
      const gas = gasMeter(budget);
      const session = subject.runtime.session({ gas });
      const spin = session.loadFunction(TEST_ADDRESS, 'm', 'spin');
      session.call(spin, [session.slot(U64, 5000).take()]);
      return gas.used;
    };
    const needed = run(1_000_000);
    expect(run(needed)).toBe(needed);
    expect(failing(() => run(needed - 1)).status).toBe(STATUS.OUT_OF_GAS);
  });

  it('refuses budgets that are no whole numbers', () => {
    expect(() => gasMeter(-1)).toThrow(/whole number/);
    expect(() => gasMeter(0.5)).toThrow(/whole number/);
  });
});

describe('types and values', () => {
  /** A vector type of `depth` levels; `vector<…<u8>>`. */
  function nested(depth: number): MoveType {
    let type: MoveType = U8;
    for (let i = 1; i < depth; i++) type = vectorOf(type);
    return type;
  }

  it('counts the depth of a value from its type', () => {
    const session = subject.session();
    const bytesOf = (depth: number): Uint8Array => {
      const bytes = new Uint8Array(depth).fill(1);
      return bytes;
    };
    expect(session.deserialize(nested(MAX_VALUE_DEPTH), bytesOf(MAX_VALUE_DEPTH))).toBeDefined();
    const error = failing(() =>
      session.deserialize(nested(MAX_VALUE_DEPTH + 1), bytesOf(MAX_VALUE_DEPTH + 1)),
    );
    expect(error.status).toBe(STATUS.VM_MAX_VALUE_DEPTH_REACHED);
  });

  it('counts structs into the depth', () => {
    const session = subject.session();
    const top = session.typeOf({
      kind: 'struct',
      address: TEST_ADDRESS,
      module: 'm',
      name: `L${LADDER}`,
      typeArgs: [],
    });
    const fits = MAX_VALUE_DEPTH - (LADDER + 2);
    let type = top;
    for (let i = 0; i < fits; i++) type = vectorOf(type);
    const bytes = new Uint8Array(fits + 8).fill(1, 0, fits);
    expect(session.deserialize(type, bytes)).toBeDefined();
    expect(failing(() => session.deserialize(vectorOf(type), bytes)).status).toBe(
      STATUS.VM_MAX_VALUE_DEPTH_REACHED,
    );
  });

  it('checks the depth where values are packed', () => {
    const session = subject.session();
    const depth = MAX_TYPE_ARGUMENT_DEPTH;
    const inner = session.slot(nested(depth), []);
    const wrap = session.loadFunction(TEST_ADDRESS, 'm', 'wrap', [nested(depth)]);
    expect(session.call(wrap, [inner.copy()])).toHaveLength(1);
    const error = failing(() =>
      session.loadFunction(TEST_ADDRESS, 'm', 'wrap', [nested(depth + 1)]),
    );
    expect(error.status).toBe(STATUS.VM_MAX_TYPE_DEPTH_REACHED);
  });

  it('limits the nodes of a type and of a layout', () => {
    let type: MoveType = U8;
    for (let i = 1; i < MAX_TYPE_NODES; i++) type = vectorOf(type);
    expect(type.nodes).toBe(MAX_TYPE_NODES);
    expect(failing(() => vectorOf(type)).status).toBe(STATUS.VM_MAX_TYPE_NODES_REACHED);

    const session = subject.session();
    const wider = session.typeOf({
      kind: 'struct',
      address: TEST_ADDRESS,
      module: 'm',
      name: 'Wider',
      typeArgs: [],
    });
    // 1 + 15 · 33 + 2 nodes.
    const size = 15 * WIDE_FIELDS + 1;
    expect(session.deserialize(wider, new Uint8Array(size))).toBeDefined();
    let vectors: MoveType = wider;
    const room = MAX_LAYOUT_NODES - (1 + 15 * (WIDE_FIELDS + 1) + 2);
    for (let i = 0; i < room; i++) vectors = vectorOf(vectors);
    expect(session.deserialize(vectors, Uint8Array.of(0))).toEqual([]);
    const error = failing(() => session.deserialize(vectorOf(vectors), Uint8Array.of(0)));
    expect(error.status).toBe(STATUS.VM_MAX_TYPE_NODES_REACHED);
  });
});

describe('a runtime without packages', () => {
  it('says which package is missing', () => {
    const runtime = new MoveRuntime(
      { natives: new Map() },
      { packages: { package: () => undefined } },
    );
    const session = runtime.session({ gas: gasMeter(1) });
    expect(session.findFunction(TEST_ADDRESS, 'm', 'f')).toBeUndefined();
    expect(() => session.loadFunction(TEST_ADDRESS, 'm', 'f')).toThrow(/has no function f/);
  });
});
