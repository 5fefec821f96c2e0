/**
 * Reads the text forms of a type tag: `u8`, `vector<address>`, `0x2::coin::Coin<0x2::sui::SUI>`.
 *
 * Takes long and short addresses, with or without `0x` (so that `std::type_name` output reads back),
 * and white space around separators. Source: move-vm.md §2.
 */
import { normalizeAddress } from './address.ts';
import { argumentError } from './errors.ts';
import { primitiveTag, structTag, TagBudget, type TypeTag, vectorTag } from './type-tag.ts';

/** Longest text that we try to read as a type, in characters. */
export const MAX_TYPE_TEXT_LENGTH = 65_536;

const TOKEN = /\s*(::|[<>,]|[A-Za-z0-9_]+)\s*/y;

class TypeTextParser {
  readonly #text: string;
  readonly #budget = new TagBudget();
  #position = 0;
  #token = '';

  constructor(text: string) {
    if (text.length > MAX_TYPE_TEXT_LENGTH) {
      throw argumentError(`type text: longer than ${MAX_TYPE_TEXT_LENGTH} characters`);
    }
    this.#text = text;
    this.#advance();
  }

  parse(): TypeTag {
    const tag = this.#type(1);
    if (this.#token !== '') throw this.#unexpected('the end');
    return tag;
  }

  #advance(): string {
    const previous = this.#token;
    if (this.#position === this.#text.length) {
      this.#token = '';
      return previous;
    }
    TOKEN.lastIndex = this.#position;
    const match = TOKEN.exec(this.#text);
    if (match === null) {
      const rest = this.#text.slice(this.#position, this.#position + 20);
      throw argumentError(`type text: cannot read '${rest}' at ${this.#position}`);
    }
    this.#token = match[1]!;
    this.#position = TOKEN.lastIndex;
    return previous;
  }

  #at(token: string): boolean {
    return this.#token === token;
  }

  #unexpected(expected: string): Error {
    const found = this.#token === '' ? 'the end' : `'${this.#token}'`;
    return argumentError(`type text: expected ${expected}, found ${found} in '${this.#text}'`);
  }

  #expect(token: string): void {
    if (this.#token !== token) throw this.#unexpected(`'${token}'`);
    this.#advance();
  }

  #type(depth: number): TypeTag {
    this.#budget.enter(depth);
    if (!/^[A-Za-z0-9_]/.test(this.#token)) throw this.#unexpected('a type');
    const head = this.#advance();
    if (!this.#at('::')) {
      if (head === 'vector') {
        this.#expect('<');
        const element = this.#type(depth + 1);
        this.#expect('>');
        return vectorTag(element);
      }
      const primitive = primitiveTag(head);
      if (primitive === undefined) throw this.#unexpected(`'::' after '${head}'`);
      return primitive;
    }
    this.#advance();
    const module = this.#advance();
    this.#expect('::');
    const name = this.#advance();
    const typeArgs = this.#at('<') ? this.#typeArgs(depth) : [];
    return structTag(normalizeAddress(head), module, name, typeArgs);
  }

  #typeArgs(depth: number): TypeTag[] {
    this.#expect('<');
    const typeArgs = [this.#type(depth + 1)];
    while (this.#at(',')) {
      this.#advance();
      typeArgs.push(this.#type(depth + 1));
    }
    this.#expect('>');
    return typeArgs;
  }
}

/** Text to a tag; throws `VmError` with code `MOVE_VM_INVALID_ARGUMENT` naming what is wrong. */
export function parseTypeTag(text: string): TypeTag {
  return new TypeTextParser(text).parse();
}
