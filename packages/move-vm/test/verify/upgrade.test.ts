/** Every policy against every change. Source: move-vm.md §4. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { MovePackage } from '../../src/common/index.ts';
import { buildUpgrade, UPGRADE_POLICY } from '../../src/verify/index.ts';
import { compile } from '../binary/compile.ts';
import { expectFailure } from '../binary/expect-error.ts';
import { frameworkStore, id, type PackageStore } from './packages.ts';

const BASE = `
module pkg::a;

public struct S has copy, drop, store { x: u64, y: u64 }
public struct G<T: copy> has drop { t: T }
public enum E has copy, drop { A, B(u64) }

public fun open(s: S, n: u64): u64 { s.x + n }
public fun generic<T: copy + drop>(t: T): T { t }
public(package) fun inside(n: u64): u64 { n + 1 }
fun hidden(n: u64): u64 { n + 2 }
entry fun start(n: u64) { hidden(n); }
`;
const OTHER = 'module pkg::b;\n\npublic fun two(): u64 { pkg::a::inside(1) }\n';

type Change = [name: string, allowed: string, edit: (text: string) => string];
const replace = (from: string, to: string) => (text: string) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};
const append = (more: string) => (text: string) => text + more;

/** `allowed` lists the policies that take the change: c(ompatible), a(dditive), d(ependency only). */
const CHANGES: Change[] = [
  ['nothing', 'cad', (text) => text],
  ['a new function', 'ca', append('public fun more(): u64 { 7 }\n')],
  ['a new private function', 'ca', append('fun more(): u64 { 7 }\n')],
  ['a new struct', 'ca', append('public struct N has drop { x: u8 }\n')],
  ['a new enum', 'ca', append('public enum N has drop { X }\n')],
  ['a new body', 'c', replace('s.x + n', 's.x + n + 1')],
  ['a new body of a private function', 'c', replace('n + 2', 'n + 3')],
  [
    'another private signature',
    'c',
    (text) => text.replace('hidden(n: u64): u64 { n + 2 }', 'hidden(n: u64): u8 { n as u8 }'),
  ],
  [
    'a private function removed',
    'c',
    (text) => text.replace(/fun hidden.*\n/, '').replace('hidden(n);', 'n;'),
  ],
  ['an entry function removed', 'c', (text) => text.replace(/entry fun start.*\n/, '')],
  ['entry taken away', 'c', replace('entry fun start', 'fun start')],
  ['a private function made public', 'c', replace('fun hidden', 'public fun hidden')],
  ['constraints relaxed', 'c', replace('generic<T: copy + drop>(t: T): T', 'generic<T>(t: T): T')],
  ['constraints added', '', replace('generic<T: copy + drop>', 'generic<T: copy + drop + store>')],
  ['a type parameter added', '', replace('generic<T: copy + drop>', 'generic<T: copy + drop, U>')],
  ['a public function removed', '', (text) => text.replace(/public fun open.*\n/, '')],
  ['a public function made private', '', replace('public fun open', 'fun open')],
  ['a parameter added', '', replace('open(s: S, n: u64)', 'open(s: S, n: u64, _m: u64)')],
  [
    'another return type',
    '',
    replace('n: u64): u64 { s.x + n }', 'n: u64): u128 { (s.x + n) as u128 }'),
  ],
  ['a struct removed', '', (text) => text.replace(/public struct G.*\n/, '')],
  ['a field added', '', replace('{ x: u64, y: u64 }', '{ x: u64, y: u64, z: u64 }')],
  ['fields in another order', '', replace('{ x: u64, y: u64 }', '{ y: u64, x: u64 }')],
  ['a field renamed', '', replace('y: u64 }', 'w: u64 }')],
  ['another field type', '', replace('y: u64 }', 'y: u32 }')],
  ['an ability added', '', replace('G<T: copy> has drop', 'G<T: copy> has copy, drop')],
  ['an ability removed', '', replace('S has copy, drop, store', 'S has copy, drop')],
  ['a constraint of a type relaxed', '', replace('G<T: copy>', 'G<T>')],
  ['a variant added', '', replace('B(u64) }', 'B(u64), C }')],
  ['variants in another order', '', replace('A, B(u64)', 'B(u64), A')],
  ['an enum removed', '', (text) => text.replace(/public enum E.*\n/, '')],
  [
    'a struct made an enum',
    '',
    (text) => text.replace(/public struct G.*\n/, 'public enum G<T: copy> has drop { A(T) }\n'),
  ],
];

let store: PackageStore;
let current: MovePackage;

beforeAll(async () => {
  store = await frameworkStore();
  current = store.publish(await compile({ a: BASE, b: OTHER }), id('100'));
});

async function tryUpgrade(sources: Record<string, string>, policy: number) {
  const compiled = await compile(sources);
  return () => buildUpgrade({ ...compiled, storageId: id('200'), current, policy }, store);
}

describe.each(Object.entries(UPGRADE_POLICY))('policy %s', (name, policy) => {
  it.each(CHANGES)('%s', async (_, allowed, edit) => {
    const upgrade = await tryUpgrade({ a: edit(BASE), b: OTHER }, policy);
    if (allowed.includes(name[0]!)) expect(upgrade).not.toThrow();
    else expectFailure(upgrade, 'PackageUpgradeError.IncompatibleUpgrade');
  });

  it('a new module', async () => {
    const upgrade = await tryUpgrade(
      { a: BASE, b: OTHER, c: 'module pkg::c;\n\npublic fun f() {}\n' },
      policy,
    );
    if (policy === UPGRADE_POLICY.dependencyOnly) {
      expectFailure(upgrade, 'PackageUpgradeError.IncompatibleUpgrade');
    } else {
      expect(upgrade).not.toThrow();
    }
  });

  it('a module removed', async () => {
    const upgrade = await tryUpgrade({ a: BASE }, policy);
    expectFailure(upgrade, 'PackageUpgradeError.IncompatibleUpgrade');
  });
});

describe('upgrade', () => {
  it('refuses policies that do not exist', async () => {
    for (const policy of [1, 127, 129, 255]) {
      const upgrade = await tryUpgrade({ a: BASE, b: OTHER }, policy);
      expectFailure(upgrade, 'PackageUpgradeError.UnknownUpgradePolicy');
    }
  });

  it('refuses an init that would never run', async () => {
    const init = 'module pkg::c;\n\nfun init(_: &mut TxContext) {}\n';
    const upgrade = await tryUpgrade({ a: BASE, b: OTHER, c: init }, UPGRADE_POLICY.compatible);
    expectFailure(upgrade, 'FeatureNotYetSupported');
  });

  it('keeps the origin of old types over two upgrades', async () => {
    const second = `${BASE}public struct Second has drop { x: u8 }\n`;
    const third = `${second}public struct Third has drop { x: u8 }\n`;
    const v2 = store.upgrade(current, await compile({ a: second, b: OTHER }), id('200'));
    const v3 = store.upgrade(v2, await compile({ a: third, b: OTHER }), id('300'));
    const origins = new Map(v3.typeOrigins.map((o) => [o.datatype, o.package]));
    expect(v3).toMatchObject({ originalId: id('100'), storageId: id('300'), version: 3n });
    expect(origins.get('S')).toBe(id('100'));
    expect(origins.get('E')).toBe(id('100'));
    expect(origins.get('Second')).toBe(id('200'));
    expect(origins.get('Third')).toBe(id('300'));
  });
});
