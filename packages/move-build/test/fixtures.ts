/**
 * A framework just large enough for the compiler's implicit imports, and helpers to write packages.
 */
import { type FrameworkSources, type MoveFiles, memoryReader } from '../src/index.ts';

export const tinyFramework: FrameworkSources = {
  std: {
    'Move.toml': '[package]\nname = "MoveStdlib"\nedition = "2024"\n[addresses]\nstd = "0x1"\n',
    'sources/unit_test.move':
      '#[test_only]\nmodule std::unit_test;\n#[test_only]\npublic native fun poison();\n',
    'sources/option.move':
      'module std::option;\npublic struct Option<T> has copy, drop, store { vec: vector<T> }\n',
  },
  sui: {
    'Move.toml':
      '[package]\nname = "Sui"\nedition = "2024"\n[dependencies]\n' +
      'MoveStdlib = { local = "../move-stdlib" }\n[addresses]\nsui = "0x2"\n',
    'sources/object.move':
      'module sui::object;\npublic struct ID has copy, drop, store { bytes: address }\n' +
      'public struct UID has store { id: ID }\n',
    'sources/tx_context.move':
      'module sui::tx_context;\npublic struct TxContext has drop { sender: address }\n',
  },
};

/** A package of the given name with one source file and local dependencies (name → path). */
export function movePackage(
  name: string,
  source: string,
  dependencies: Readonly<Record<string, string>> = {},
): MoveFiles {
  const lines = Object.entries(dependencies).map(([dep, path]) => `${dep} = { local = "${path}" }`);
  return {
    'Move.toml':
      `[package]\nname = "${name}"\nedition = "2024"\n[dependencies]\n${lines.join('\n')}\n` +
      `[addresses]\n${name} = "0x0"\n`,
    [`sources/${name}.move`]: source,
  };
}

/** Options for compilePackage over packages in memory. */
export function build(packages: Readonly<Record<string, MoveFiles>>, packagePath = 'move/a') {
  return { packagePath, reader: memoryReader(packages), framework: tinyFramework };
}

export const id = (digits: string): string => `0x${digits.padStart(64, '0')}`;
