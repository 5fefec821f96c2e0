/**
 * Mutated code: whatever a module says, the machine ends with a result or a VmError, never otherwise.
 *
 * Instructions of a valid module are replaced at random from a fixed seed; every function is then
 * called. What passes the type check runs. Source: localnet.md §2.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { OP, writeModule } from '../../src/binary/index.ts';
import {
  ByteVector,
  type CompiledModule,
  gasMeter,
  isVmError,
  KIND,
  type MovePackage,
  MoveRuntime,
  type MoveType,
  parseModule,
  U64,
  type Value,
} from '../../src/index.ts';
import { compileMove, packagesOf, TEST_ADDRESS } from './move.ts';

const ROUNDS = 4000;
const SEED = 0x5ea1;

const SOURCE = `module 0x42::m {
  public struct Coin { value: u64 }
  public struct Data has copy, drop { a: u64, b: vector<u8>, c: vector<u64> }
  public enum Kind has copy, drop { None, Some { x: u64 }, Both(u64, vector<u8>) }
  public fun coins(n: u64): Coin { let c = Coin { value: n }; split(c) }
  public fun split(c: Coin): Coin { let Coin { value } = c; Coin { value: value / 2 } }
  public fun data(n: u64): Data {
    let mut d = Data { a: n, b: vector[1, 2], c: vector[n] };
    d.b.push_back(3); d.c.push_back(4); let r = &mut d.a; *r = *r + 1; d.c.swap(0, 1);
    if (d.c.pop_back() > 3 && d.b.length() == 3) d.a = 7; d
  }
  public fun kind(n: u64): Kind {
    let mut k = if (n == 0) Kind::None else if (n == 1) Kind::Some { x: n } else Kind::Both(n, b"z");
    match (&mut k) { Kind::Some { x } => *x = 5, Kind::Both(x, y) => { *x = 6; y.push_back(1) }, _ => {} };
    match (k) { Kind::Some { x } => Kind::Both(x, b""), other => other }
  }
  public fun mix<T: copy + drop>(t: T, n: u64): vector<T> {
    let mut v = vector[t, copy t]; let mut i = 0;
    while (i < n % 5) { v.push_back(t); i = i + 1; };
    v
  }
  public fun calls(n: u64): u64 { let v = mix<vector<u8>>(b"q", n); let w = mix(n, n); v.length() + w.length() + data(n).a }
  public fun wide(n: u64): u256 { ((n as u128) << 70) as u256 | (1u256 << 200) ^ ((n as u8) as u256) }
}`;

/** xorshift32 */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const OPCODES = Object.values(OP);

function mutate(module: CompiledModule, random: (below: number) => number): CompiledModule {
  const functions = module.functions.map((definition) => ({ ...definition }));
  for (let i = 0; i <= random(3); i++) {
    const target = functions[random(functions.length)]!;
    const unit = target.code!;
    const ops = Uint8Array.from(unit.ops);
    const args = Uint32Array.from(unit.args);
    const wide = [...unit.wide];
    const at = random(ops.length);
    const from = random(ops.length);
    const choice = random(4);
    if (choice < 2) {
      ops[at] = ops[from]!;
      args[at] = args[from]!;
      wide[at] = wide[from];
    } else if (choice === 2) {
      args[at] = random(6);
    } else {
      ops[at] = OPCODES[random(OPCODES.length)]!;
      args[at] = random(6);
      wide[at] = BigInt(random(5));
    }
    target.code = { ...unit, ops, args, wide };
  }
  return { ...module, functions };
}

/** A value of the type has the shape its type says. */
function wellShaped(type: MoveType, value: Value): boolean {
  switch (type.kind) {
    case KIND.U64:
      return typeof value === 'number' || typeof value === 'bigint';
    case KIND.U256:
      return typeof value === 'bigint';
    case KIND.Vector:
      return type.element!.kind === KIND.U8 ? value instanceof ByteVector : Array.isArray(value);
    default:
      return true;
  }
}

let pkg: MovePackage;
let module: CompiledModule;
beforeAll(async () => {
  pkg = packagesOf(await compileMove(SOURCE)).get(TEST_ADDRESS)!;
  module = parseModule(pkg.modules.get('m')!);
});

/** Calls every function of a mutated module; counts how they end. */
function attack(bytes: Uint8Array, counts: Map<string, number>): void {
  const mutated = { ...pkg, modules: new Map([['m', bytes]]) };
  const runtime = new MoveRuntime({ natives: new Map() }, { packages: { package: () => mutated } });
  for (const name of ['coins', 'data', 'kind', 'calls', 'wide']) {
    let outcome = 'completed';
    try {
      const session = runtime.session({ gas: gasMeter(20_000) });
      const fn = session.loadFunction(TEST_ADDRESS, 'm', name);
      const args = fn.parameters.map((type) => session.slot(type, 2).take());
      for (const slot of session.call(fn, args)) {
        if (slot.type.element === undefined) slot.serialize();
        if (!wellShaped(slot.type, slot.peek())) outcome = 'misshapen';
      }
    } catch (error) {
      if (!isVmError(error)) throw error;
      outcome = error.message.includes('inside the machine') ? error.message : error.code;
    }
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
}

describe('mutated code', () => {
  it('runs unmutated', () => {
    const counts = new Map<string, number>();
    attack(writeModule(module), counts);
    expect([...counts]).toEqual([['completed', 5]]);
  });

  it(`ends in a typed way, ${ROUNDS} times (seed ${SEED})`, () => {
    const random = randomFrom(SEED);
    const counts = new Map<string, number>();
    for (let i = 0; i < ROUNDS; i++) {
      let bytes: Uint8Array;
      try {
        bytes = writeModule(mutate(module, random));
        parseModule(bytes);
      } catch (error) {
        if (!isVmError(error)) throw error;
        continue;
      }
      attack(bytes, counts);
    }
    const ends = [...counts.keys()];
    const allowed = /^(completed|MOVE_VM_(EXECUTION|ABORTED|INVARIANT|OUT_OF_GAS|VERIFICATION))$/;
    expect(ends.filter((end) => !allowed.test(end))).toEqual([]);
    expect(counts.get('completed')).toBeGreaterThan(ROUNDS);
    expect(counts.get('MOVE_VM_INVARIANT')).toBeGreaterThan(100);
    expect(U64.abilities).toBe(7);
  });
});
