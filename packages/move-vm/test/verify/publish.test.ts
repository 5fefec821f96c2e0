/** Publish: addresses, digest, linkage, origins, linking. Source: move-vm.md §4, §7. */
import { beforeAll, describe, expect, it } from 'vitest';
import { OP, parseModule, selfId, writeModule } from '../../src/binary/index.ts';
import { type MovePackage, SUI_FRAMEWORK_ADDRESS } from '../../src/common/index.ts';
import {
  buildLinkage,
  buildPublish,
  MAX_PACKAGE_MODULES,
  MAX_PACKAGE_SIZE,
  packageDigest,
  substituteSelfAddress,
} from '../../src/verify/index.ts';
import { Assembler, type, u64 } from '../binary/assembler.ts';
import { type CompiledPackage, compile } from '../binary/compile.ts';
import { expectFailure, expectStatus } from '../binary/expect-error.ts';
import { SAMPLES } from '../binary/samples.ts';
import { frameworkStore, id, type PackageStore } from './packages.ts';

let store: PackageStore;
let compiled: CompiledPackage;

beforeAll(async () => {
  store = await frameworkStore();
  compiled = await compile(SAMPLES);
});

describe('publish', () => {
  it('builds version 1 with its own id everywhere', () => {
    const built = buildPublish({ ...compiled, storageId: id('abc') }, store);
    const { package: result } = built;
    expect(result).toMatchObject({ storageId: id('abc'), originalId: id('abc'), version: 1n });
    expect([...result.modules.keys()]).toEqual(['numbers', 'objects', 'shapes', 'user']);
    for (const bytes of result.modules.values()) {
      expect(selfId(parseModule(bytes)).address).toBe(id('abc'));
    }
    expect(built.initModules).toEqual(['objects']);
    expect([...result.linkage.keys()].sort()).toEqual([id('1'), id('2')]);
    expect(result.typeOrigins).toContainEqual({
      module: 'shapes',
      datatype: 'Shape',
      package: id('abc'),
    });
  });

  it('has the digest of the compiler', () => {
    expect(packageDigest(compiled.modules, compiled.dependencies)).toEqual(compiled.digest);
    expect(packageDigest([...compiled.modules].reverse(), compiled.dependencies)).toEqual(
      compiled.digest,
    );
    expect(packageDigest(compiled.modules, [])).not.toEqual(compiled.digest);
  });

  it('replaces the self address and nothing else', () => {
    for (const bytes of compiled.modules) {
      const there = substituteSelfAddress(bytes, id('abc'));
      expect(there).toHaveLength(bytes.length);
      expect(substituteSelfAddress(there, id('0'))).toEqual(bytes);
    }
  });

  it('refuses a module that names its own address', () => {
    const modules = compiled.modules.map((bytes) => substituteSelfAddress(bytes, id('bad')));
    expectFailure(
      () => buildPublish({ ...compiled, modules, storageId: id('abc') }, store),
      'PublishErrorNonZeroAddress',
    );
  });

  it('refuses dependencies that are missing, unknown or listed twice', () => {
    const publish = (dependencies: string[]) => () =>
      buildPublish({ ...compiled, dependencies, storageId: id('abc') }, store);
    expectFailure(publish([id('1')]), 'PublishUpgradeMissingDependency');
    expectFailure(publish([id('2')]), 'PublishUpgradeMissingDependency');
    expectFailure(publish([id('1'), id('2'), id('77')]), 'PublishUpgradeMissingDependency');
    expectFailure(publish([id('1'), id('2'), id('2')]), 'InvalidLinkage');
    expectFailure(publish(Array<string>(33).fill(id('1'))), 'InvalidLinkage');
  });

  it('refuses a dependency older than another dependency was linked with', () => {
    const version = (originalId: string, n: bigint, linkage: [string, bigint][]): MovePackage => ({
      storageId: id(`${originalId.slice(-2)}${n}`),
      originalId,
      version: n,
      modules: new Map(),
      typeOrigins: [],
      linkage: new Map(linkage.map(([key, v]) => [key, { storageId: id(`${v}`), version: v }])),
    });
    const a = new Assembler();
    a.moduleHandle(id('b0'), 'b');
    const modules = [parseModule(a.bytes())];
    const user = version(id('b0'), 1n, [[id('c0'), 2n]]);
    const link = (n: bigint) => buildLinkage(modules, id('0'), [user, version(id('c0'), n, [])]);
    expect(link(2n).get(id('c0'))?.version).toBe(2n);
    expect(link(3n).get(id('c0'))?.version).toBe(3n);
    expectFailure(() => link(1n), 'PublishUpgradeDependencyDowngrade');
    expectFailure(() => buildLinkage(modules, id('0'), [user]), 'PublishUpgradeMissingDependency');
  });

  it('holds a package to its size', () => {
    const publish = (modules: Uint8Array[]) => () =>
      buildPublish({ modules, dependencies: [], storageId: id('abc') }, store);
    const named = (n: number): Uint8Array => new Assembler(`m${n}`).bytes();
    const many = Array.from({ length: MAX_PACKAGE_MODULES + 1 }, (_, n) => named(n));
    expect(publish(many.slice(1))).not.toThrow();
    expectFailure(publish(many), 'PackageTooBig');
    expectFailure(publish([new Uint8Array(MAX_PACKAGE_SIZE + 1)]), 'PackageTooBig');
    expectStatus(publish([new Uint8Array(MAX_PACKAGE_SIZE)]), 'BAD_MAGIC');
    expectStatus(publish([]), 'MALFORMED');
    expectStatus(publish([named(1), named(1)]), 'DUPLICATE_MODULE_NAME');
  });
});

describe('linking', () => {
  const publish =
    (...assembled: Assembler[]) =>
    () =>
      buildPublish(
        {
          modules: assembled.map((a) => writeModule(a.module)),
          dependencies: [id('1'), id('2')],
          storageId: id('abc'),
        },
        store,
      );

  it('refuses what a dependency does not have, or hides', () => {
    const calling = (module: string, name: string, spec = {}) => {
      const a = new Assembler();
      a.functionHandle(a.moduleHandle(SUI_FRAMEWORK_ADDRESS, module), name, spec);
      return publish(a);
    };
    expectStatus(calling('nothing', 'f'), 'MISSING_DEPENDENCY');
    expectStatus(calling('object', 'nothing'), 'LOOKUP_FAILED');
    // The native behind `object::delete` is private.
    expectStatus(calling('object', 'delete_impl'), 'LOOKUP_FAILED');
    expectStatus(calling('clock', 'timestamp_ms', { returns: [u64] }), 'TYPE_MISMATCH');
  });

  it('refuses claims about a type that are not true', () => {
    const claiming = (name: string, abilities: number, parameters = 0) => {
      const a = new Assembler();
      const owner = a.moduleHandle(SUI_FRAMEWORK_ADDRESS, 'object');
      const none = { constraints: 0, phantom: false };
      a.datatypeHandle(owner, name, abilities, Array(parameters).fill(none));
      return publish(a);
    };
    expect(claiming('UID', 4)).not.toThrow();
    expectStatus(claiming('UID', 4 | 1), 'TYPE_MISMATCH');
    expectStatus(claiming('UID', 4, 1), 'TYPE_MISMATCH');
    expectStatus(claiming('Nothing', 0), 'LOOKUP_FAILED');
  });

  it('lets nobody pack or unpack a type of another module', () => {
    const a = new Assembler();
    const owner = a.moduleHandle(SUI_FRAMEWORK_ADDRESS, 'object');
    const uid = a.datatypeHandle(owner, 'UID', 4);
    a.module.structs.push({ handle: uid, fields: [{ name: a.identifier('id'), type: u64 }] });
    a.function('forge', {
      returns: [type(uid)],
      code: [[OP.LdU64, 0, 1n], [OP.Pack, 0], [OP.Ret]],
    });
    expectStatus(publish(a), 'INVALID_MODULE_HANDLE');
  });

  it('refuses native functions outside the framework', () => {
    const a = new Assembler('object');
    a.function('delete_impl', { params: [u64], code: 'native', visibility: 'public' });
    expectStatus(publish(a), 'MISSING_DEPENDENCY');
  });

  it('refuses modules that use one another in a circle', () => {
    const module = (name: string, other: string): Assembler => {
      const a = new Assembler(name);
      a.moduleHandle(id('0'), other);
      return a;
    };
    expectStatus(publish(module('a', 'b'), module('b', 'a')), 'CYCLIC_MODULE_DEPENDENCY');
    const friend = (name: string, other: string): Assembler => {
      const a = new Assembler(name);
      a.module.friends.push({ address: 0, name: a.identifier(other) });
      return a;
    };
    expectStatus(publish(friend('a', 'b'), friend('b', 'a')), 'CYCLIC_MODULE_FRIENDSHIP');
  });

  it('lets only friends call package functions', () => {
    const owner = new Assembler('owner');
    owner.function('f', { visibility: 'friend' });
    const caller = new Assembler('caller');
    caller.functionHandle(caller.moduleHandle(id('0'), 'owner'), 'f');
    expectStatus(publish(owner, caller), 'LOOKUP_FAILED');
    owner.module.friends.push({ address: 0, name: owner.identifier('caller') });
    expect(publish(owner, caller)).not.toThrow();
  });
});
