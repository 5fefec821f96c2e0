/**
 * YAML that people and tools edit in turn. Scalars stay the text that was written (an id such as 0x0012
 * is no number, `no` is not false), comments and the order of keys survive, and what is written is
 * quoted (design §3.10, seal-protocol.md §6.4.1).
 */
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  visit,
  YAMLMap,
} from 'yaml';
import { WalletError } from '../errors.ts';

/** A page of text; anything larger is a mistake. */
export const MAX_YAML_BYTES = 1024 * 1024;

export type YamlPath = readonly string[];

export class YamlFile {
  /** File name, for messages. */
  readonly name: string;
  readonly #document: Document;

  private constructor(name: string, document: Document) {
    this.name = name;
    this.#document = document;
  }

  /**
   * @param tags local tags that may stand before a value, such as `!Testnet`
   * @throws WalletError YAML, with the line
   */
  static parse(name: string, text: string, tags: readonly string[] = []): YamlFile {
    if (text.length > MAX_YAML_BYTES) {
      const problem = `${text.length} characters, more than ${MAX_YAML_BYTES}`;
      throw new WalletError('YAML', `${name}: ${problem}. Check that this is the right file.`);
    }
    const lines = new LineCounter();
    const document = parseDocument(text, {
      schema: 'failsafe',
      lineCounter: lines,
      logLevel: 'error',
      prettyErrors: false,
    });
    const known = document.warnings.filter(
      ({ code, message }) =>
        code !== 'TAG_RESOLVE_FAILED' || !tags.some((tag) => message.endsWith(` ${tag}`)),
    );
    const fault = document.errors[0] ?? known[0];
    if (fault !== undefined) {
      const { line } = lines.linePos(fault.pos[0]);
      throw new WalletError('YAML', `${name}, line ${line}: ${inWords(fault)}`);
    }
    visit(document, {
      Alias() {
        throw new WalletError('YAML', `${name}: aliases (*name) are not used here; write it out`);
      },
    });
    if (document.contents !== null && !isMap(document.contents)) {
      const empty = isScalar(document.contents) && document.contents.source === '';
      if (!empty) throw new WalletError('YAML', `${name}: expected keys with values`);
    }
    return new YamlFile(name, isMap(document.contents) ? document : emptyDocument());
  }

  static empty(name: string): YamlFile {
    return new YamlFile(name, emptyDocument());
  }

  /** Text of a scalar; undefined when absent or null. Error: YAML when it is a list or keys. */
  text(path: YamlPath): string | undefined {
    const node = this.#document.getIn(path, true);
    if (node === undefined || node === null) return undefined;
    if (!isScalar(node)) throw this.#fault(path, 'expected one value');
    const text = String(node.value ?? '');
    const isNull = node.type === 'PLAIN' && ['', '~', 'null', 'Null', 'NULL'].includes(text);
    // `!Testnet` with nothing after it is the value Testnet.
    if (isNull) return node.tag?.startsWith('!') ? node.tag.slice(1) : undefined;
    return text;
  }

  /** Texts of a list; undefined when absent. Error: YAML when it is something else. */
  list(path: YamlPath): string[] | undefined {
    const node = this.#document.getIn(path, true);
    if (node === undefined || node === null) return undefined;
    if (!isSeq(node)) throw this.#fault(path, 'expected a list');
    return node.items.map((item, index) => {
      if (!isScalar(item)) throw this.#fault([...path, String(index)], 'expected one value');
      return String(item.value ?? '');
    });
  }

  has(path: YamlPath): boolean {
    return this.#document.hasIn(path);
  }

  /** Keys of a section, in order; empty when it is absent or no section. */
  keys(path: YamlPath): string[] {
    const node = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    if (!isMap(node)) return [];
    // Keys that were set, not parsed, are plain text.
    return node.items.map(({ key }) => String(isScalar(key) ? key.value : key));
  }

  /** Number of entries of a list. */
  size(path: YamlPath): number {
    const node = this.#document.getIn(path, true);
    return isSeq(node) ? node.items.length : 0;
  }

  /** Sets a value, adding sections that are missing. Strings are written with double quotes. */
  set(path: YamlPath, value: string | number | readonly string[]): void {
    const node =
      typeof value === 'object'
        ? this.#document.createNode(value.map(quoted))
        : typeof value === 'number'
          ? plain(String(value))
          : quoted(value);
    this.#place(path, node);
  }

  #place(path: YamlPath, node: Node): void {
    const section = path.slice(0, -1);
    if (section.length > 0 && !isMap(this.#document.getIn(section, true))) {
      this.#document.setIn(section, this.#document.createNode({}));
    }
    this.#document.setIn(path, node);
  }

  setNull(path: YamlPath): void {
    this.#document.setIn(path, plain('~'));
  }

  /** Adds keys with values at the end of a list; null is written `~`. */
  append(path: YamlPath, item: Readonly<Record<string, string | null>>): void {
    const node = new YAMLMap();
    for (const [key, value] of Object.entries(item)) {
      node.set(key, value === null ? plain('~') : quoted(value));
    }
    const list = this.#document.getIn(path, true);
    if (isSeq(list)) list.flow = false;
    this.#document.addIn(path, node);
  }

  isList(path: YamlPath): boolean {
    return isSeq(this.#document.getIn(path, true));
  }

  isText(path: YamlPath): boolean {
    return isScalar(this.#document.getIn(path, true));
  }

  isSection(path: YamlPath): boolean {
    return isMap(this.#document.getIn(path, true));
  }

  /** Takes a value to another place, with its comments; texts are quoted there. */
  move(from: YamlPath, to: YamlPath): void {
    const node = this.#document.getIn(from, true);
    if (!isNode(node)) return;
    visit(node, {
      Scalar(_, scalar) {
        // A tag may be the value itself, with nothing after it to quote.
        if (scalar.tag === undefined && !isNumber(scalar)) scalar.type = 'QUOTE_DOUBLE';
      },
    });
    this.#document.deleteIn(from);
    this.#place(to, node);
  }

  delete(path: YamlPath): void {
    if (this.#document.hasIn(path)) this.#document.deleteIn(path);
  }

  /** Comments are people's notes, and may hold what is not meant for others. */
  toStringWithoutComments(): string {
    const copy = this.#document.clone();
    copy.commentBefore = null;
    copy.comment = null;
    visit(copy, {
      Node(_, node) {
        node.comment = null;
        node.commentBefore = null;
      },
    });
    return copy.toString({ lineWidth: 0 });
  }

  toString(): string {
    return this.#document.toString({ lineWidth: 0 });
  }

  #fault(path: YamlPath, problem: string): WalletError {
    return new WalletError('YAML', `${this.name}: ${path.join('.')}: ${problem}`);
  }
}

const NO_COLON = 'expected NAME: value; is the colon, or the space after it, missing?';
const OUT_OF_LINE =
  'this line begins too far to the left or to the right; lines of one group begin in one column';

/** What the parser means, for people who see YAML for the first time. */
const WORDS: Partial<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  MISSING_CHAR: NO_COLON,
  MULTILINE_IMPLICIT_KEY: NO_COLON,
  BLOCK_AS_IMPLICIT_KEY: OUT_OF_LINE,
  BAD_INDENT: OUT_OF_LINE,
  DUPLICATE_KEY: 'this name stands there already; keep one',
};

function inWords({ code, message }: { code: string; message: string }): string {
  const [first = ''] = message.split('\n');
  const words = WORDS[code];
  return words === undefined ? first : `${words} (${first})`;
}

/** A plain number stays one. */
function isNumber(scalar: Scalar): boolean {
  return scalar.type === 'PLAIN' && /^\d{1,9}$/.test(String(scalar.value));
}

function emptyDocument(): Document {
  const document = parseDocument('{}', { schema: 'failsafe' });
  if (isMap(document.contents)) document.contents.flow = false;
  return document;
}

function quoted(value: string): Scalar {
  const scalar = new Scalar(value);
  scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

function plain(value: string): Scalar {
  const scalar = new Scalar(value);
  scalar.type = 'PLAIN';
  return scalar;
}
