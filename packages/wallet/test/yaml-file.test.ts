import { describe, expect, it } from 'vitest';
import { MAX_YAML_BYTES, YamlFile } from '../src/files/index.ts';

const parse = (text: string, tags: readonly string[] = []) => YamlFile.parse('x.yaml', text, tags);

describe('YamlFile', () => {
  it('keeps scalars as the text that was written', () => {
    const file = parse('id: 0x0012\nno: no\nn: 007\nq: "0x1"\ndate: 2026-01-01\n');
    expect(['id', 'no', 'n', 'q', 'date'].map((key) => file.text([key]))).toEqual([
      '0x0012',
      'no',
      '007',
      '0x1',
      '2026-01-01',
    ]);
  });

  it.each(['', '~', 'null', 'Null', 'NULL'])('treats plain %j as absent', (text) => {
    expect(parse(`a: ${text}\n`).text(['a'])).toBeUndefined();
  });

  it('keeps quoted null and the empty string', () => {
    expect(parse('a: "null"\n').text(['a'])).toBe('null');
    expect(parse('a: ""\n').text(['a'])).toBe('');
  });

  it('reads a known tag without a value as that value', () => {
    expect(parse('a: !Testnet\n', ['!Testnet']).text(['a'])).toBe('Testnet');
  });

  it('keeps comments and order when edited, and quotes what it writes', () => {
    const file = parse('# head\nb: 1\n# about a\na: 0x02 # side\nlist:\n  - 0x01\n');
    file.set(['b'], '0x03');
    file.set(['section', 'key'], '123');
    file.set(['section', 'items'], ['true', '0x04']);
    file.set(['count'], 2);
    expect(String(file)).toBe(
      '# head\nb: "0x03"\n# about a\na: 0x02 # side\nlist:\n  - 0x01\n' +
        'section:\n  key: "123"\n  items:\n    - "true"\n    - "0x04"\ncount: 2\n',
    );
  });

  it('writes an empty file in block form', () => {
    const file = YamlFile.empty('x');
    file.set(['a', 'b'], 'c');
    expect(String(file)).toBe('a:\n  b: "c"\n');
  });

  it('deletes', () => {
    const file = parse('a: 1\nb: 2\n');
    file.delete(['a']);
    file.delete(['nothing']);
    expect(String(file)).toBe('b: 2\n');
  });

  it.each([
    ['broken syntax', 'a: [\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['an unknown tag', 'a: !Other 1\n'],
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['a list at the top', '- 1\n'],
    ['a scalar at the top', 'text\n'],
    ['too much text', `a: ${'x'.repeat(MAX_YAML_BYTES)}\n`],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'YAML' }));
  });

  it.each([
    ['a tab', 'a:\n\tb: 1\n', 'line 2: indent with spaces, not with tabs'],
    ['no space after the colon', 'a: 1\nb:2\nc: 3\n', 'line 2: expected NAME: value'],
    ['a list too far to the left', 'a:\n  b:\n- c\nd: 1\n', 'too far to the left'],
    ['a name twice', 'a: 1\na: 2\n', 'line 2: this name stands there already'],
  ])('says in words: %s', (_, text, words) => {
    expect(() => parse(text)).toThrow(words);
  });

  it('reads and writes what an editor of Windows saves', () => {
    const file = parse('\uFEFFa: 1 # one\r\nb:\r\n  - x\r\n');
    expect([file.text(['a']), file.list(['b'])]).toEqual(['1', ['x']]);
    file.set(['c'], 'y');
    expect(parse(String(file)).text(['c'])).toBe('y');
  });

  it('moves values with their comments, and quotes all but numbers', () => {
    const file = parse('a: 0x01 # one\nlist: # all\n  - 0x02 # two\nn: 3 # three\nt: !Testnet\n', [
      '!Testnet',
    ]);
    for (const key of ['a', 'list', 'n', 't', 'none']) file.move([key], ['s', key]);
    expect(file.keys([])).toEqual(['s']);
    expect(file.text(['s', 't'])).toBe('Testnet');
    for (const line of ['a: "0x01" # one', '# all', '- "0x02" # two', 'n: 3 # three']) {
      expect(String(file)).toContain(line);
    }
  });

  it('names the line of a fault', () => {
    expect(() => parse('a: 1\nb: 2\na: 3\n')).toThrow('x.yaml, line 3');
  });

  it('refuses a list where one value is wanted, and the reverse', () => {
    const file = parse('a:\n  - 1\nb: 2\nc:\n  - d: 1\n');
    expect(() => file.text(['a'])).toThrow('x.yaml: a: expected one value');
    expect(() => file.list(['b'])).toThrow('x.yaml: b: expected a list');
    expect(() => file.list(['c'])).toThrow('x.yaml: c.0: expected one value');
  });

  it('takes a file of exactly the limit', () => {
    const text = `a: ${'x'.repeat(MAX_YAML_BYTES - 4)}\n`;
    expect(text.length).toBe(MAX_YAML_BYTES);
    expect(parse(text).text(['a'])).toHaveLength(MAX_YAML_BYTES - 4);
  });
});

describe('keys', () => {
  it('are listed whether parsed or set', () => {
    const file = parse('a:\n  b: 1\n');
    file.set(['a', 'c'], '2');
    file.set(['d', 'e'], '3');
    expect(file.keys([])).toEqual(['a', 'd']);
    expect(file.keys(['a'])).toEqual(['b', 'c']);
    expect(file.keys(['nothing'])).toEqual([]);
  });
});
