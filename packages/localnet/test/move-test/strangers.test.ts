/** What Move packages of other authors have, and ours do not. */
import { memoryReader } from '@seal-ts/move-build';
import { describe, expect, it } from 'vitest';
import { runMoveTestsFrom } from '../../src/move-test/index.ts';

const MANIFEST = '[package]\nname = "a"\nedition = "2024"\n[addresses]\na = "0x0"\n';

async function run(files: Readonly<Record<string, string>>) {
  const report = await runMoveTestsFrom(
    memoryReader({ a: { 'Move.toml': MANIFEST, ...files } }),
    'a',
  );
  return report.tests.map(({ name, passed, equal, oracle }) => ({
    name: name.slice(3),
    good: passed && equal,
    compared: oracle !== undefined,
  }));
}

describe('Move tests of strangers', { timeout: 120_000 }, () => {
  it('may import the constants that they expect, rename modules, and have examples', async () => {
    const tests = await run({
      'sources/m.move':
        'module a::m;\nconst ESame: u64 = 1;\nconst EOwn: u64 = 7;\n' +
        'public fun own() { abort EOwn }\npublic fun same() { abort ESame }\n',
      'sources/n.move': 'module a::n;\nconst ESame: u64 = 2;\npublic fun same() { abort ESame }\n',
      'tests/t.move':
        '#[test_only]\nmodule a::t;\nuse a::m::{Self as x, EOwn};\n' +
        '#[test, expected_failure(abort_code = EOwn)]\nfun imported() { x::own() }\n' +
        '#[test, expected_failure(abort_code = x::ESame)]\nfun renamed() { x::same() }\n',
      'examples/e.move':
        'module a::e;\npublic fun one(): u64 { 1 }\n#[test]\nfun shown() { one(); }\n',
    });
    expect(tests.toSorted((l, r) => (l.name < r.name ? -1 : 1))).toEqual([
      { name: 'e::shown', good: true, compared: true },
      { name: 't::imported', good: true, compared: true },
      { name: 't::renamed', good: true, compared: true },
    ]);
  });

  it('may run for ever, which only our machine ends', async () => {
    const tests = await run({
      'sources/m.move':
        'module a::m;\n#[test, expected_failure(out_of_gas, location = Self)]\nfun wanted() { loop {} }\n' +
        '#[test]\nfun by_mistake() { loop {} }\n#[test]\nfun fine() {}\n',
    });
    expect(tests).toEqual([
      { name: 'm::wanted', good: true, compared: false },
      { name: 'm::by_mistake', good: false, compared: false },
      { name: 'm::fine', good: true, compared: true },
    ]);
  });

  it('may use what the Sui VM of the compiler package has stand-ins for', async () => {
    const tests = await run({
      'sources/m.move':
        'module a::m;\nuse sui::bls12381::{scalar_from_u64, scalar_add};\nuse sui::group_ops;\n#[test]\n' +
        'fun sum() { assert!(group_ops::equal(&scalar_add(&scalar_from_u64(5), &scalar_from_u64(6)),' +
        ' &scalar_from_u64(11))) }\n#[test]\nfun differs() { assert!(false, 3) }\n',
    });
    expect(tests).toEqual([
      { name: 'm::sum', good: true, compared: false },
      { name: 'm::differs', good: false, compared: true },
    ]);
  });
});
