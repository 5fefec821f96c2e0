import { describe, expect, it } from 'vitest';
import {
  bool,
  ConfigError,
  duration,
  durationParts,
  integer,
  list,
  MAX_CONFIG_BYTES,
  MAX_CONFIG_DEPTH,
  MAX_CONFIG_NODES,
  object,
  objectId,
  optional,
  port,
  readConfig,
  readConfigFile,
  record,
  type Schema,
  secretText,
  tagged,
  text,
  url,
  withDefault,
} from '../../src/index.ts';

function read<T>(schema: Schema<T>, yaml: string): T {
  return readConfig({ text: yaml, schema, source: 'test.yaml' }).value;
}
function faults<T>(schema: Schema<T>, yaml: string): string[] {
  try {
    read(schema, yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((f) => `${f.path}: ${f.problem}`);
    throw error;
  }
  return [];
}
const one = <T>(schema: Schema<T>) => object({ a: schema });

describe('scalars are text until a schema reads them', () => {
  it.each(['0x0012', '1e3', '007', 'no', 'null-ish', '2024-01-01', '.5', '0o17'])(
    '%s stays as written',
    (value) => {
      expect(read(one(text()), `a: ${value}\n`).a).toBe(value);
    },
  );
  it.each([
    [one(objectId()), 'a: 0xAB', `0x${'ab'.padStart(64, '0')}`],
    [one(objectId()), `a: '0x${'F'.repeat(64)}'`, `0x${'f'.repeat(64)}`],
    [one(port()), 'a: 65535', 65_535],
    [one(port()), 'a: "0"', 0],
    [one(integer(-0, 9)), 'a: 9', 9],
    [one(bool()), 'a: true', true],
    [one(duration()), 'a: 1h 30m', 5_400_000],
    [one(durationParts()), 'a: {secs: 1, nanos: 1000000}', 1001],
    [one(durationParts()), 'a: 2s', 2000],
    [one(url()), 'a: https://x.example:1/p', 'https://x.example:1/p'],
    [one(list(text())), 'a: [x, "y"]', ['x', 'y']],
    [one(list(text())), 'a:', []],
    [one(record(text())), 'a: {k: v}', { k: 'v' }],
    [one(optional(text())), 'a: ~', undefined],
    [one(optional(text())), '{}', undefined],
    [one(withDefault(text(), 'd')), '{}', 'd'],
    [one(withDefault(text(), 'd')), '', 'd'],
    [one(text()), 'x: &v hello\na: *v', 'hello'],
    [one(text()), 'a: !!str 5', '5'],
  ] as [Schema<{ a: unknown }>, string, unknown][])('reads %#: %s', (schema, yaml, value) => {
    expect(read(schema, yaml).a).toEqual(value);
  });

  it.each([
    [one(objectId()), 'a: 12'],
    [one(objectId()), `a: 0x${'1'.repeat(65)}`],
    [one(objectId()), 'a: 0x'],
    [one(port()), 'a: 65536'],
    [one(port()), 'a: -1'],
    [one(port()), 'a: 1.0'],
    [one(port()), 'a: 0x10'],
    [one(bool()), 'a: True'],
    [one(duration()), 'a: 0s'],
    [one(duration()), 'a: 5'],
    [one(duration()), 'a: 5 parsecs'],
    [one(duration()), 'a: 25d'],
    [one(durationParts()), 'a: {secs: 1}'],
    [one(durationParts()), 'a: {secs: 1, nanos: 1000000000}'],
    [one(url()), 'a: file:///etc/passwd'],
    [one(text()), 'a: ""'],
    [one(text()), 'a:'],
    [one(text()), 'a: [x]'],
    [one(text()), 'a: {x: y}'],
    [one(text()), 'a: !Open x'],
    [one(text()), 'a: !Unknown x'],
    [one(text()), 'a: !!binary x'],
    [one(list(text())), 'a: x'],
    [one(text()), 'a: x\na: y'],
    [one(text()), 'a: "x'],
    [one(text()), '\ta: x'],
    [one(text()), '- a'],
    [one(text()), '? [a]\n: x'],
    [one(text()), '--- \na: x\n---\na: y'],
  ] as [Schema<{ a: unknown }>, string][])('refuses %#', (schema, yaml) => {
    expect(faults(schema, yaml).length).toBeGreaterThan(0);
  });
});

describe('tags', () => {
  const mode = one(tagged({ Active: null, Rotation: { target: integer(0, 9) } }));
  it('may be written as a word when they have no keys', () => {
    for (const yaml of ['a: Active', 'a: !Active', 'a: "Active"']) {
      expect(read(mode, yaml)).toEqual({ a: { tag: 'Active' } });
    }
    expect(read(mode, 'a: !Rotation { target: 5 }')).toEqual({ a: { tag: 'Rotation', target: 5 } });
  });
  it.each([
    ['a: Rotation', 'a: is "Rotation" without its keys'],
    ['a: !Active { x: 1 }', 'a: !Active takes no value'],
    ['a: !Rotation', 'a.target: is missing'],
    ['a: !Rotation 5', 'a: is not a map'],
    ['a: !Open { target: 5 }', 'a: is !Open'],
    ['a: constructor', 'a: is "constructor"'],
    ['a: { target: 5 }', 'a: is untagged'],
  ])('%s → %s', (yaml, fault) => {
    expect(faults(mode, yaml)).toEqual([fault]);
  });
});

describe('faults', () => {
  it('are all listed, in the order of the file, with what to do', () => {
    const schema = object({ a: port(), b: objectId(), c: text() });
    try {
      read(schema, 'b: 5\na: x\n');
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).toBe(
        'test.yaml: 3 faults\n' +
          '  - line 1, b: is "5". Write an object id, 0x and up to 64 hex digits\n' +
          '  - line 1, c: is missing. Write text\n' +
          '  - line 2, a: is "x". Write a whole number from 0 to 65535',
      );
    }
  });

  it('of secrets do not repeat them, and long values are cut', () => {
    expect(faults(one(secretText('a token')), 'a: [s3cret]')).toEqual(['a: is not text']);
    expect(faults(one(port()), `a: ${'x'.repeat(500)}`)[0]!.length).toBeLessThan(120);
  });

  it('are warnings for unknown keys, with the likely meaning', () => {
    const { warnings } = readConfig({
      text: 'a: x\nbb: 1\n__proto__: 1\n',
      schema: object({ a: text(), bbb: optional(text()) }),
      source: 't',
    });
    expect(warnings.map(({ path, fix }) => [path, fix])).toEqual([
      ['bb', 'Did you mean bbb?'],
      ['__proto__', 'Remove it'],
    ]);
  });
});

describe('limits', () => {
  const deep = (n: number) => `a: ${'['.repeat(n)}${']'.repeat(n)}\n`;
  const any = one(optional(list(list(text()))));
  it('of size', () => {
    const comment = (n: number) => `a: [[x]]\n#${'x'.repeat(n - 10)}`;
    expect(read(any, comment(MAX_CONFIG_BYTES))).toEqual({ a: [['x']] });
    expect(faults(any, comment(MAX_CONFIG_BYTES + 1))[0]).toContain('characters, more than');
  });
  it('of depth', () => {
    const tooDeep = (n: number) => faults(any, deep(n)).some((fault) => fault.includes('levels'));
    expect(tooDeep(MAX_CONFIG_DEPTH)).toBe(false);
    expect(tooDeep(MAX_CONFIG_DEPTH + 1)).toBe(true);
  });
  it('of nodes, aliases expanded', () => {
    const lines = ['x0: &x0 [y, y, y, y, y, y, y, y, y, y]'];
    for (let i = 1; i < 9; i++) {
      const alias = `*x${i - 1}`;
      lines.push(`x${i}: &x${i} [${Array(10).fill(alias).join(', ')}]`);
    }
    const found = faults(one(text()), `${lines.join('\n')}\na: z\n`);
    expect(found.filter((fault) => fault.includes(`${MAX_CONFIG_NODES} values`))).toHaveLength(1);
  });
  it('a file must be there', () => {
    expect(() => readConfigFile('/nonexistent/x.yaml')).toThrow(/cannot read .*Give the path/);
  });
});
