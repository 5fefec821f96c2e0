/**
 * Reads the few facts that a build needs from Move bytecode: the module's own id and the ids of the
 * modules it uses. Format: Move binary format versions 6 and 7 (table directory, module handles,
 * identifiers, addresses, self handle). The full parser is in @seal-ts/move-vm, which this package
 * does not import.
 */
import { MoveBuildError } from './errors.ts';

export interface ModuleId {
  /** `0x` + 64 hex digits. */
  readonly address: string;
  readonly name: string;
}

export interface ModuleHeader extends ModuleId {
  /** All module handles except its own. */
  readonly uses: readonly ModuleId[];
}

const MAGIC = [0xa1, 0x1c, 0xeb, 0x0b];
const TABLE_MODULE_HANDLES = 0x01;
const TABLE_IDENTIFIERS = 0x07;
const TABLE_ADDRESSES = 0x08;
const ADDRESS_LENGTH = 32;

/** @throws MoveBuildError `MOVE_BUILD_MALFORMED_MODULE` */
export function readModuleHeader(bytes: Uint8Array): ModuleHeader {
  const reader = new Reader(bytes);
  for (const expected of MAGIC) if (reader.byte() !== expected) throw malformed('wrong magic');
  reader.skip(4);
  const count = reader.uleb();
  const tables = new Map<number, { start: number; end: number }>();
  let end = 0;
  for (let i = 0; i < count; i++) {
    const kind = reader.byte();
    const offset = reader.uleb();
    const length = reader.uleb();
    tables.set(kind, { start: offset, end: offset + length });
    end = Math.max(end, offset + length);
  }
  const base = reader.position;
  const section = (kind: number) => {
    const range = tables.get(kind) ?? { start: 0, end: 0 };
    return new Reader(bytes, base + range.start, base + range.end);
  };
  const names: string[] = [];
  for (const r = section(TABLE_IDENTIFIERS); r.left > 0; ) names.push(r.text(r.uleb()));
  const addresses: string[] = [];
  for (const r = section(TABLE_ADDRESSES); r.left > 0; ) addresses.push(r.hex(ADDRESS_LENGTH));
  const handles: ModuleId[] = [];
  for (const r = section(TABLE_MODULE_HANDLES); r.left > 0; ) {
    const address = addresses[r.uleb()];
    const name = names[r.uleb()];
    if (address === undefined || name === undefined) throw malformed('handle out of range');
    handles.push({ address, name });
  }
  const self = new Reader(bytes, base + end).uleb();
  const own = handles[self];
  if (!own) throw malformed('self handle out of range');
  return { ...own, uses: handles.filter((_, index) => index !== self) };
}

/**
 * Orders the modules of one package so that each comes after those it uses; keeps the given order
 * otherwise.
 */
export function sortByDependency<T extends { readonly header: ModuleHeader }>(
  modules: readonly T[],
): T[] {
  const byName = new Map(modules.map((module) => [module.header.name, module]));
  const sorted = new Set<T>();
  const visit = (module: T, trail: ReadonlySet<T>): void => {
    if (sorted.has(module) || trail.has(module)) return;
    const deeper = new Set(trail).add(module);
    for (const use of module.header.uses) {
      const used = use.address === module.header.address ? byName.get(use.name) : undefined;
      if (used) visit(used, deeper);
    }
    sorted.add(module);
  };
  for (const module of modules) visit(module, new Set());
  return [...sorted];
}

class Reader {
  #position: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    if (start > end || end > bytes.length) throw malformed('table outside the file');
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
  }

  get position(): number {
    return this.#position;
  }

  get left(): number {
    return this.#end - this.#position;
  }

  skip(count: number): void {
    if (count > this.left) throw malformed('truncated');
    this.#position += count;
  }

  byte(): number {
    const start = this.#position;
    this.skip(1);
    return this.#bytes[start] ?? 0;
  }

  uleb(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed('number too long');
  }

  text(length: number): string {
    return String.fromCharCode(...this.#take(length));
  }

  hex(length: number): string {
    return `0x${Array.from(this.#take(length), (b) => b.toString(16).padStart(2, '0')).join('')}`;
  }

  #take(length: number): Uint8Array {
    const start = this.#position;
    this.skip(length);
    return this.#bytes.subarray(start, this.#position);
  }
}

function malformed(why: string): MoveBuildError {
  return new MoveBuildError('MOVE_BUILD_MALFORMED_MODULE', `not a Move module: ${why}`);
}
