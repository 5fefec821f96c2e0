import { describe, expect, it } from 'vitest';
import { isMoveBuildError, parseManifest } from '../src/index.ts';
import { MAX_DEPENDENCIES, MAX_MANIFEST_LENGTH } from '../src/manifest.ts';

const head = '[package]\nname = "a"\nedition = "2024"\n';

function refusal(text: string): { code: string; message: string } {
  try {
    parseManifest(text, 'x/Move.toml');
  } catch (error) {
    if (isMoveBuildError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'accepted', message: '' };
}

const FRAMEWORK =
  'git = "https://github.com/MystenLabs/sui.git", subdir = "crates/sui-framework/packages/sui-framework", rev = "main"';

describe('parseManifest', () => {
  it('reads name, edition and dependencies', () => {
    const text = `${head}[dependencies]\nb = { local = "../b" }\nSui = { ${FRAMEWORK} }\n`;
    expect(parseManifest(text, 'Move.toml')).toEqual({
      name: 'a',
      edition: '2024',
      dependencies: [
        { kind: 'local', name: 'b', path: '../b' },
        { kind: 'framework', name: 'Sui', package: 'sui' },
      ],
    });
  });

  it.each([
    ['nothing', '', 'has no [package] table'],
    ['no TOML', '[package', 'not valid TOML'],
    ['a package that is no table', 'package = 1\n', 'has no [package] table'],
    ['no name', '[package]\nedition = "2024"\n', 'package.name'],
    ['a name that is a number', '[package]\nname = 3\n', 'package.name'],
    ['a name with a slash', '[package]\nname = "a/b"\n', 'package.name'],
    ['an edition that is a number', '[package]\nname = "a"\nedition = 2024\n', 'package.edition'],
    ['dependencies that are a list', `dependencies = []\n${head}`, ''],
    ['a dependency that is a string', `${head}[dependencies]\nb = "1.0"\n`, 'must be a table'],
    [
      'replaced dependencies',
      `${head}[dep-replacements.x]\nb = { local = "b" }\n`,
      'not supported',
    ],
    [
      'development dependencies',
      `${head}[dev-dependencies]\nb = { local = "b" }\n`,
      'not supported',
    ],
  ])('refuses %s', (_name, text, why) => {
    const { code, message } = refusal(text);
    expect(code).toBe('MOVE_BUILD_MANIFEST');
    expect(message).toContain(why);
    expect(message).toContain('x/Move.toml');
  });

  it.each([
    ['another git repository', 'git = "https://example.org/x.git", rev = "1"'],
    ['a look-alike of the Sui repository', FRAMEWORK.replace('MystenLabs', 'MystenLabz')],
    ['another folder of the Sui repository', FRAMEWORK.replace('sui-framework"', 'bridge"')],
    ['both git and local', `local = "../b", git = "https://example.org/x.git"`],
    ['the Move registry', 'r.mvr = "@x/y"'],
    ['an on-chain package', 'on-chain = true'],
    ['nothing', ''],
  ])('refuses a dependency on %s and names it', (_name, spec) => {
    const { code, message } = refusal(`${head}[dependencies]\nforeign = { ${spec} }\n`);
    expect(code).toBe('MOVE_BUILD_UNSUPPORTED_DEPENDENCY');
    expect(message).toContain('"foreign"');
  });

  it('bounds the number of dependencies', () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, i) => `d${i} = { local = "d" }`).join('\n');
    expect(refusal(`${head}[dependencies]\n${lines(MAX_DEPENDENCIES)}`).code).toBe('accepted');
    const over = refusal(`${head}[dependencies]\n${lines(MAX_DEPENDENCIES + 1)}`);
    expect(over.code).toBe('MOVE_BUILD_MANIFEST');
  });

  it('bounds the length of the file', () => {
    const padded = (length: number) => `${head}#`.padEnd(length, ' ');
    expect(refusal(padded(MAX_MANIFEST_LENGTH)).code).toBe('accepted');
    expect(refusal(padded(MAX_MANIFEST_LENGTH + 1)).code).toBe('MOVE_BUILD_MANIFEST');
  });
});
