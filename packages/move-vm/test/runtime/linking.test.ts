/** Versions, linkage, type identity and what may be called from where. Source: move-vm.md §4. */
import { beforeAll, describe, expect, it } from 'vitest';
import { OP } from '../../src/binary/index.ts';
import {
  gasMeter,
  KIND,
  MAX_CACHED_TYPES,
  type MovePackage,
  MoveRuntime,
  type MoveSession,
  MoveType,
  normalizeAddress,
  parseModule,
  parseTypeTag,
  STATUS,
  selfId,
  structTag,
  substituteSelfAddress,
  typeTagToShortString,
  U64,
} from '../../src/index.ts';
import { Assembler, bool, type FunctionSpec, u64 } from '../binary/assembler.ts';
import { expectStatus, vmError } from '../binary/expect-error.ts';
import { compileMove } from './move.ts';

const LIB = normalizeAddress('0x42');
const LIB_V2 = normalizeAddress('0x43');
const APP = normalizeAddress('0x99');

const V1 = `module 0x42::lib {
  public struct A has copy, drop, store { x: u64 }
  public fun a(): A { A { x: 1 } }
  public fun read(a: &A): u64 { a.x }
  public fun version(): u64 { 1 }
  public fun fail() { abort 5 }
  fun hidden(): u64 { 0 }
}`;
const V2 = `module 0x42::lib {
  public struct A has copy, drop, store { x: u64 }
  public struct B has copy, drop, store { a: A }
  public fun a(): A { A { x: 2 } }
  public fun b(): B { B { a: a() } }
  public fun read(a: &A): u64 { a.x * 10 }
  public fun version(): u64 { 2 }
  public fun fail() { abort 6 }
}`;
const CALLER = `module 0x99::app {
  public fun version(): u64 { 0x42::lib::version() }
  public fun round_trip(): u64 { let a = 0x42::lib::a(); 0x42::lib::read(&a) }
  public fun fail() { 0x42::lib::fail() }
}`;

function moduleNamed(modules: readonly Uint8Array[], name: string): Map<string, Uint8Array> {
  const bytes = modules.find((module) => selfId(parseModule(module)).name === name)!;
  return new Map([[name, bytes]]);
}

let lib1: MovePackage;
let lib2: MovePackage;
let app: MovePackage;

beforeAll(async () => {
  const first = await compileMove(V1, CALLER);
  const second = await compileMove(V2);
  lib1 = {
    storageId: LIB,
    originalId: LIB,
    version: 1n,
    modules: moduleNamed(first, 'lib'),
    typeOrigins: [{ module: 'lib', datatype: 'A', package: LIB }],
    linkage: new Map(),
  };
  lib2 = {
    ...lib1,
    storageId: LIB_V2,
    version: 2n,
    modules: moduleNamed(second, 'lib'),
    typeOrigins: [...lib1.typeOrigins, { module: 'lib', datatype: 'B', package: LIB_V2 }],
  };
  app = {
    storageId: APP,
    originalId: APP,
    version: 1n,
    modules: moduleNamed(first, 'app'),
    typeOrigins: [],
    linkage: new Map([[LIB, { storageId: LIB, version: 1n }]]),
  };
});

function sessionOver(...packages: MovePackage[]): MoveSession {
  const known = new Map(packages.map((pkg) => [pkg.storageId, pkg]));
  const runtime = new MoveRuntime(
    { natives: new Map() },
    { packages: { package: (id) => known.get(id) } },
  );
  return runtime.session({ gas: gasMeter(100_000) });
}

function result(session: MoveSession, id: string, module: string, name: string): unknown {
  return session.call(session.loadFunction(id, module, name), [])[0]?.peek();
}

const appOnV2 = (): MovePackage => ({
  ...app,
  storageId: normalizeAddress('0x9a'),
  version: 2n,
  linkage: new Map([[LIB, { storageId: LIB_V2, version: 2n }]]),
});

describe('versions', () => {
  it('runs the version that the linkage names', () => {
    const session = sessionOver(lib1, lib2, app, appOnV2());
    expect(result(session, APP, 'app', 'version')).toBe(1);
    expect(result(session, APP, 'app', 'round_trip')).toBe(1);
    const newer = normalizeAddress('0x9a');
    expect(result(session, newer, 'app', 'version')).toBe(2);
    expect(result(session, newer, 'app', 'round_trip')).toBe(20);
  });

  it('runs the version that is called', () => {
    const session = sessionOver(lib1, lib2);
    expect(result(session, LIB, 'lib', 'version')).toBe(1);
    expect(result(session, LIB_V2, 'lib', 'version')).toBe(2);
  });

  it('keeps the identity of a type over versions', () => {
    const session = sessionOver(lib1, lib2);
    const [old] = session.loadFunction(LIB, 'lib', 'a').returns;
    const made = session.call(session.loadFunction(LIB_V2, 'lib', 'a'), [])[0]!;
    expect(made.type).toBe(old);
    expect(session.call(session.loadFunction(LIB, 'lib', 'read'), [made.borrow()])[0]!.peek()).toBe(
      2,
    );
  });

  it('names a type by the version that defined it', () => {
    const session = sessionOver(lib1, lib2);
    const [b] = session.loadFunction(LIB_V2, 'lib', 'b').returns;
    expect(typeTagToShortString(session.tagOf(b!))).toBe('0x43::lib::B');
    expect(typeTagToShortString(session.originalTagOf(b!))).toBe('0x42::lib::B');
    expect(session.typeOf(structTag(LIB_V2, 'lib', 'A'))).toBe(
      session.typeOf(structTag(LIB, 'lib', 'A')),
    );
    expectStatus(() => session.typeOf(structTag(LIB, 'lib', 'B')), 'TYPE_RESOLUTION_FAILURE');
  });

  it('locates an abort in the version that ran', () => {
    const newer = appOnV2();
    const session = sessionOver(lib1, lib2, newer);
    const error = vmError(() => result(session, newer.storageId, 'app', 'fail'));
    expect(error.subStatus).toBe(6n);
    expect(error.location?.module).toEqual({ address: LIB_V2, name: 'lib' });
  });
});

describe('what is missing', () => {
  it('a package, module or function', () => {
    const session = sessionOver(lib1);
    expectStatus(() => session.loadFunction(APP, 'app', 'f'), 'FUNCTION_RESOLUTION_FAILURE');
    expectStatus(() => session.loadFunction(LIB, 'nope', 'f'), 'FUNCTION_RESOLUTION_FAILURE');
    expectStatus(() => session.loadFunction(LIB, 'lib', 'f'), 'FUNCTION_RESOLUTION_FAILURE');
    expect(session.findFunction(LIB, 'lib', 'f')).toBeUndefined();
    expectStatus(() => session.typeOf(structTag(APP, 'm', 'T')), 'LINKER_ERROR');
  });

  it('a dependency that is not linked, or not stored', () => {
    const unlinked = { ...app, linkage: new Map() };
    const error = vmError(() => result(sessionOver(lib1, unlinked), APP, 'app', 'version'));
    expect(error.status).toBe(STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR);
    expect(error.message).toContain('is not linked with');
    const absent = vmError(() => result(sessionOver(app), APP, 'app', 'version'));
    expect(absent.message).toContain(`there is no package ${LIB}`);
  });

  it('a module that speaks for another address', () => {
    const stolen = { ...lib1, storageId: APP, originalId: APP };
    expectStatus(() => result(sessionOver(stolen), APP, 'lib', 'version'), 'LINKER_ERROR');
  });
});

describe('what a session publishes', () => {
  it('is seen by that session alone', () => {
    const known = new Map([[LIB, lib1]]);
    const runtime = new MoveRuntime(
      { natives: new Map() },
      { packages: { package: (id) => known.get(id) } },
    );
    const publishing = runtime.session({ gas: gasMeter(1000) });
    publishing.addPackage(lib2);
    publishing.addPackage(appOnV2());
    expect(result(publishing, normalizeAddress('0x9a'), 'app', 'round_trip')).toBe(20);
    expect(publishing.package(LIB_V2)).toBe(lib2);
    expect(publishing.typeOf(parseTypeTag('0x43::lib::B')).definition?.definingId).toBe(LIB_V2);
    const other = runtime.session({ gas: gasMeter(1000) });
    expect(other.package(LIB_V2)).toBeUndefined();
    expect(other.findFunction(LIB_V2, 'lib', 'version')).toBeUndefined();
    const oldType = other.typeOf(structTag(LIB, 'lib', 'A'));
    expect(publishing.typeOf(structTag(LIB_V2, 'lib', 'A'))).toBe(oldType);
  });
});

describe('the cache', () => {
  it('can be cleared under a running session', () => {
    const known = new Map([[LIB, lib1]]);
    const runtime = new MoveRuntime(
      { natives: new Map() },
      { packages: { package: (id) => known.get(id) } },
    );
    const running = runtime.session({ gas: gasMeter(1000) });
    const made = running.call(running.loadFunction(LIB, 'lib', 'a'), [])[0]!;
    known.set(LIB, { ...lib2, storageId: LIB });
    runtime.clear();
    const read = running.loadFunction(LIB, 'lib', 'read');
    expect(running.call(read, [made.borrow()])[0]!.peek()).toBe(1);
    expect(result(running, LIB, 'lib', 'version')).toBe(1);
    expect(result(runtime.session({ gas: gasMeter(1000) }), LIB, 'lib', 'version')).toBe(2);
  });

  it('starts afresh when it holds too many types', () => {
    let reads = 0;
    const source = {
      package(): MovePackage {
        reads += 1;
        return lib1;
      },
    };
    const runtime = new MoveRuntime({ natives: new Map() }, { packages: source });
    const use = (): unknown =>
      result(runtime.session({ gas: gasMeter(1000) }), LIB, 'lib', 'version');
    use();
    use();
    expect(reads).toBe(1);
    const types = runtime.session({ gas: gasMeter(1000) });
    const name = structTag(LIB, 'lib', 'A');
    // Other runtimes count as well: make types of many throw-away definitions.
    for (let made = 0; made <= MAX_CACHED_TYPES; made++) new MoveType(KIND.U8);
    expect(types.typeOf(name)).toBe(types.typeOf(name));
    use();
    expect(reads).toBe(2);
  });
});

describe('calls between modules', () => {
  /** A module at 0x99 whose `f` calls `0x42::lib::name`, claiming the given signature. */
  function calling(name: string, claimed: FunctionSpec): () => unknown {
    const a = new Assembler('app', APP);
    const lib = a.moduleHandle(LIB, 'lib');
    const handle = a.functionHandle(lib, name, claimed);
    a.function('f', {
      visibility: 'public',
      returns: claimed.returns ?? [],
      code: [[OP.Call, handle], [OP.Ret]],
    });
    const modules = new Map([['app', a.bytes()]]);
    return () => sessionOver(lib1).addPackage({ ...app, modules });
  }

  it('reach public functions only', () => {
    expect(calling('version', { returns: [u64] })).not.toThrow();
    expectStatus(calling('hidden', { returns: [u64] }), 'LINKER_ERROR');
    expectStatus(calling('absent', { returns: [u64] }), 'FUNCTION_RESOLUTION_FAILURE');
  });

  it('must claim the signature that the function has', () => {
    expectStatus(calling('version', { returns: [] }), 'TYPE_MISMATCH');
    expectStatus(calling('version', { returns: [bool] }), 'TYPE_MISMATCH');
  });
});

describe('the border', () => {
  it('refuses arguments of another type, count or origin', () => {
    const session = sessionOver(lib1);
    const read = session.loadFunction(LIB, 'lib', 'read');
    const number = session.slot(U64, 1);
    expectStatus(() => session.call(read, [number.borrow()]), 'TYPE_MISMATCH');
    expectStatus(() => session.call(read, []), 'NUMBER_OF_ARGUMENTS_MISMATCH');
    const forged = { type: read.parameters[0]!, value: 1 };
    expectStatus(() => session.call(read, [forged]), 'TYPE_MISMATCH');
    const copy = { ...read };
    expectStatus(() => session.call(copy, [number.borrow()]), 'INTERNAL_TYPE_ERROR');
  });

  it('empties a slot that is taken', () => {
    const slot = sessionOver(lib1).slot(U64, 1);
    slot.take();
    expect(slot.isEmpty).toBe(true);
    for (const use of [
      () => slot.take(),
      () => slot.copy(),
      () => slot.borrow(),
      () => slot.borrowMut(),
    ]) {
      expectStatus(use, 'UNKNOWN_INVARIANT_VIOLATION_ERROR');
    }
  });

  it('checks type arguments from outside', () => {
    const session = sessionOver(lib1);
    expectStatus(
      () => session.loadFunction(LIB, 'lib', 'version', [U64]),
      'NUMBER_OF_TYPE_ARGUMENTS_MISMATCH',
    );
    const seventeen = Array.from({ length: 17 }, () => U64);
    expectStatus(
      () => session.loadFunction(LIB, 'lib', 'version', seventeen),
      'NUMBER_OF_TYPE_ARGUMENTS_MISMATCH',
    );
    const [reference] = session.loadFunction(LIB, 'lib', 'read').parameters;
    expectStatus(
      () => session.loadFunction(LIB, 'lib', 'version', [reference!]),
      'INVALID_SIGNATURE_TOKEN',
    );
  });
});

it("accepts the publisher's way to set the self address", async () => {
  const [bytes] = await compileMove(`module 0x0::solo { public fun one(): u64 { 1 } }`);
  const at = normalizeAddress('0x77');
  const pkg: MovePackage = {
    storageId: at,
    originalId: at,
    version: 1n,
    modules: new Map([['solo', substituteSelfAddress(bytes!, at)]]),
    typeOrigins: [],
    linkage: new Map(),
  };
  expect(result(sessionOver(pkg), at, 'solo', 'one')).toBe(1);
});
