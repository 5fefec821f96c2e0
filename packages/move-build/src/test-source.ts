/**
 * Makes ordinary sources out of Move sources with tests, and lists the tests.
 *
 * The compiler's own test mode cannot give us bytecode: it plants a poison function into every
 * module, which its verifier then refuses in `sui::transfer`. So `#[test_only]` and `#[test]` are
 * blanked out and the rest is compiled as usual. Three rules for code outside tests stand in the
 * way of tests that are fine otherwise, and are met by rewriting: `init` may not be called (it
 * becomes `init_`), a one-time witness may not be packed (it comes from `test_utils`), and `entry`
 * functions may not be called from other modules (they become `public`). Every line stays where it
 * was.
 */
import { MoveBuildError } from './errors.ts';
import type { MoveFiles } from './source.ts';
import { type MoveToken, tokenize } from './test-lexer.ts';

/** What `#[expected_failure(…)]` says. */
export interface ExpectedFailure {
  readonly kind: 'any' | 'abort' | 'arithmetic' | 'vector' | 'out_of_gas' | 'status';
  /** Abort code or status as written: a number or a path to a constant. */
  readonly code: string | undefined;
  readonly minorStatus: string | undefined;
  /** Module as written: `Self` or a path. */
  readonly location: string | undefined;
}

export interface MoveTest {
  /** `package::module::function` as in the source. */
  readonly name: string;
  /** Named address of the module, as written. */
  readonly address: string;
  readonly module: string;
  readonly function: string;
  readonly file: string;
  readonly expectedFailure: ExpectedFailure | undefined;
}

export interface StrippedSources {
  readonly files: MoveFiles;
  readonly tests: readonly MoveTest[];
}

interface Attribute {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly (readonly MoveToken[])[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface StripOptions {
  /**
   * Absent: everything about tests goes. `oracle`: the tests stay, and each that expects a failure
   * gets a twin that calls it and expects none, so that a runner reports how it ended.
   */
  readonly for?: 'oracle';
  /** Tests, by name, that the oracle shall not run. */
  readonly skip?: ReadonlySet<string>;
}

const TWIN_SUFFIX = '__ending';

/** Name of a test's twin. */
export function twinOf(test: string): string {
  return `${test}${TWIN_SUFFIX}`;
}

/** Rewrites the sources of a package; the list of tests is the same whatever the options. */
export function stripTestAttributes(files: MoveFiles, options: StripOptions = {}): StrippedSources {
  const stripped: Record<string, string> = {};
  const tests: MoveTest[] = [];
  for (const [path, text] of Object.entries(files)) {
    if (!path.endsWith('.move')) {
      stripped[path] = text;
      continue;
    }
    const scan = new SourceScan(path, text, options);
    scan.run();
    tests.push(...scan.tests);
    const moved = options.for === undefined && isTestPath(path);
    const target = moved ? `sources/${path}` : path;
    stripped[target] = applyEdits(text, scan.edits);
  }
  return { files: stripped, tests };
}

/** Replaces ranges; line breaks inside a replaced range are kept. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    const lost = text.slice(edit.start, edit.end).replace(/[^\n]/g, '');
    result += text.slice(at, edit.start) + edit.text + lost;
    at = edit.end;
  }
  return result + text.slice(at);
}

class SourceScan {
  readonly edits: Edit[] = [];
  readonly tests: MoveTest[] = [];
  readonly #path: string;
  readonly #text: string;
  readonly #options: StripOptions;
  readonly #tokens: readonly MoveToken[];
  #address = '';
  #module = '';
  /** Attributes seen since the last item. */
  #pending: Attribute[] = [];

  constructor(path: string, text: string, options: StripOptions) {
    this.#path = path;
    this.#text = text;
    this.#options = options;
    this.#tokens = tokenize(text);
  }

  run(): void {
    for (let i = 0; i < this.#tokens.length; i++) {
      if (this.#is(i, '#') && this.#is(i + 1, '[')) i = this.#attribute(i);
      else this.#item(i);
    }
    this.#flush();
  }

  #word(i: number): string {
    return this.#tokens[i]?.text ?? '';
  }

  #is(i: number, text: string): boolean {
    return this.#tokens[i]?.text === text;
  }

  #fail(why: string): MoveBuildError {
    return new MoveBuildError('MOVE_BUILD_TEST_SOURCE', `${this.#path}: ${why}`);
  }

  /** Handles `#[ … ]` starting at token `i`; returns the index of its last token. */
  #attribute(i: number): number {
    const parts: MoveToken[][] = [[]];
    let depth = 0;
    let end = i + 2;
    for (; end < this.#tokens.length; end++) {
      const token = this.#tokens[end];
      if (!token || (depth === 0 && token.text === ']')) break;
      if (token.text === '(' || token.text === '[') depth += 1;
      if (token.text === ')' || token.text === ']') depth -= 1;
      if (depth === 0 && token.text === ',') parts.push([]);
      else parts.at(-1)?.push(token);
    }
    this.#pending.push({
      start: this.#tokens[i]?.start ?? 0,
      end: this.#tokens[end]?.end ?? this.#text.length,
      parts: parts.filter((part) => part.length > 0),
    });
    return end;
  }

  /** Decides about the attributes before an item; `functionName` if the item is a function. */
  #flush(functionName?: string): void {
    const pending = this.#pending;
    this.#pending = [];
    const all = pending.flatMap((attribute) => attribute.parts);
    const named = (name: string) => all.find((part) => part[0]?.text === name);
    if (named('random_test') || named('rand_test')) {
      throw this.#fail('#[random_test] has no fixed outcome; write a #[test] with fixed inputs');
    }
    let skipped = false;
    if (functionName !== undefined && named('test')) {
      const expected = named('expected_failure');
      const test = this.#test(functionName, expected ? this.#expectation(expected) : undefined);
      this.tests.push(test);
      skipped = this.#options.skip?.has(test.name) ?? false;
      if (expected && !skipped && this.#options.for === 'oracle') {
        const start = pending[0]?.start ?? 0;
        const text = `#[test] fun ${twinOf(functionName)}() { ${functionName}() } `;
        this.edits.push({ start, end: start, text });
      }
    }
    for (const attribute of pending) this.#rewrite(attribute, skipped);
  }

  #rewrite({ start, end, parts }: Attribute, skipped: boolean): void {
    const kept = parts.map((part) => this.#partText(part, skipped));
    const original = parts.map((part) => this.#sourceOf(part));
    if (kept.every((text, i) => text === original[i])) return;
    const texts = kept.filter((text) => text !== '').map((text) => text.replace(/\s+/g, ' '));
    this.edits.push({ start, end, text: texts.length === 0 ? '' : `#[${texts.join(', ')}]` });
  }

  /** What stays of one part of an attribute. */
  #partText(part: readonly MoveToken[], skipped: boolean): string {
    const name = part[0]?.text;
    const forOracle = this.#options.for === 'oracle';
    if (name === 'expected_failure') return forOracle && !skipped ? this.#sourceOf(part) : '';
    if (name === 'test') return forOracle ? (skipped ? 'test_only' : 'test') : '';
    if (name === 'test_only') return forOracle ? 'test_only' : '';
    return this.#sourceOf(part);
  }

  #sourceOf(part: readonly MoveToken[]): string {
    return this.#text.slice(part[0]?.start ?? 0, part.at(-1)?.end ?? 0);
  }

  #expectation(part: readonly MoveToken[]): ExpectedFailure {
    const values = new Map<string, string>();
    for (let i = 2; i < part.length - 1; ) {
      const key = part[i]?.text ?? '';
      let value = '';
      i += 1;
      if (part[i]?.text === '=') i += 1;
      while (i < part.length - 1 && part[i]?.text !== ',') {
        value += part[i]?.text ?? '';
        i += 1;
      }
      values.set(key, value);
      i += 1;
    }
    const kind = values.has('abort_code')
      ? 'abort'
      : values.has('arithmetic_error')
        ? 'arithmetic'
        : values.has('vector_error')
          ? 'vector'
          : values.has('out_of_gas')
            ? 'out_of_gas'
            : values.has('major_status')
              ? 'status'
              : 'any';
    return {
      kind,
      code: values.get('abort_code') ?? values.get('major_status'),
      minorStatus: values.get('minor_status'),
      location: values.get('location'),
    };
  }

  /** Follows modules and functions, and makes the renamings. */
  #item(i: number): void {
    const token = this.#tokens[i];
    if (token?.kind !== 'word') return;
    if (token.text === 'module' && this.#is(i + 2, '::')) {
      this.#address = this.#word(i + 1);
      this.#module = this.#word(i + 3);
      this.#flush();
    } else if (token.text === 'fun') {
      this.#flush(this.#word(i + 1));
    } else if (['struct', 'const', 'use', 'enum'].includes(token.text)) {
      this.#flush();
    }
    if (this.#options.for === undefined) this.#rename(i, token);
  }

  #test(name: string, expectedFailure: ExpectedFailure | undefined): MoveTest {
    return {
      name: `${this.#address}::${this.#module}::${name}`,
      address: this.#address,
      module: this.#module,
      function: name,
      file: this.#path,
      expectedFailure,
    };
  }

  #rename(i: number, token: MoveToken): void {
    if (token.text === 'entry' && this.#is(i + 1, 'fun')) {
      const isPublic = this.#is(i - 1, 'public') || this.#is(i - 1, ')');
      if (!isPublic) this.edits.push({ start: token.start, end: token.start, text: 'public ' });
      return;
    }
    if (token.text === 'init' && this.#is(i + 1, '(') && !this.#is(i - 1, '.')) {
      this.edits.push({ start: token.start, end: token.end, text: 'init_' });
      return;
    }
    const packed = this.#is(i + 1, '{') && this.#is(i + 2, '}');
    if (!packed || token.text !== this.#module.toUpperCase()) return;
    if (this.#is(i - 1, 'struct') || this.#is(i - 1, 'let')) return;
    const end = this.#tokens[i + 2]?.end ?? token.end;
    const text = `sui::test_utils::create_one_time_witness<${token.text}>()`;
    this.edits.push({ start: token.start, end, text });
  }
}

/** Folders that are compiled for the tests of the package itself only. */
const TEST_FOLDERS = ['tests/', 'examples/'];

function isTestPath(path: string): boolean {
  return TEST_FOLDERS.some((folder) => path.startsWith(folder));
}

/** The files of a package without its test folders: what its dependents see in a test build. */
export function withoutTestFolder(files: MoveFiles): MoveFiles {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !isTestPath(path)));
}
