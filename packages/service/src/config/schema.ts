/**
 * Schemas: they turn the text tree of ./yaml.ts into typed values, and note every fault on the way
 * instead of stopping at the first. A schema for a record also notes unknown keys, as warnings:
 * the protocol ignores them (§4.13), but a misspelt key deserves a line.
 */

import type { Fault } from './faults.ts';
import type { KnownTag } from './tags.ts';
import type { ConfigNode, MapNode } from './yaml.ts';

/** Returned instead of a value once a fault has been noted. */
export const INVALID = Symbol('invalid');
export type Invalid = typeof INVALID;

/** Where a value stands, and where to report what is wrong with it. */
export class Place {
  readonly path: string;
  readonly faults: Fault[];
  readonly warnings: Fault[];

  constructor(path: string, faults: Fault[], warnings: Fault[]) {
    this.path = path;
    this.faults = faults;
    this.warnings = warnings;
  }

  child(key: string | number): Place {
    const step = typeof key === 'number' ? `[${key}]` : this.path === '' ? key : `.${key}`;
    return new Place(`${this.path}${step}`, this.faults, this.warnings);
  }

  fault(node: ConfigNode | undefined, problem: string, fix: string): Invalid {
    this.faults.push(note(this.path, node, problem, fix));
    return INVALID;
  }

  warn(node: ConfigNode | undefined, problem: string, fix: string): void {
    this.warnings.push(note(this.path, node, problem, fix));
  }
}

function note(path: string, node: ConfigNode | undefined, problem: string, fix: string): Fault {
  return node === undefined ? { path, problem, fix } : { path, line: node.line, problem, fix };
}

export interface Schema<T> {
  /** What to write, for messages: `a port number, for example 2024`. */
  readonly expects: string;
  read(node: ConfigNode, place: Place): T | Invalid;
  /** Value of an absent key; without this the key is mandatory. */
  readonly absent?: () => T;
}
export type Value<S> = S extends Schema<infer T> ? T : never;

/** Reads one value; one with an unknown tag has its fault already. */
export function readNode<T>(schema: Schema<T>, node: ConfigNode, place: Place): T | Invalid {
  return node.unknownTag ? INVALID : schema.read(node, place);
}

/** A schema with a rule of its own, which runs even when other parts of the file are at fault. */
export function checked<T>(schema: Schema<T>, check: (value: T, place: Place) => void): Schema<T> {
  return {
    ...schema,
    read(node, place) {
      const value = schema.read(node, place);
      if (value === INVALID) return INVALID;
      const before = place.faults.length;
      check(value, place);
      return place.faults.length === before ? value : INVALID;
    },
  };
}

/** A scalar understood by `parse`, which returns `undefined` for text it does not accept. */
export function scalar<T>(expects: string, parse: (text: string) => T | undefined): Schema<T> {
  return {
    expects,
    read(node, place) {
      if (node.kind !== 'scalar') return place.fault(node, `is a ${node.kind}`, `Write ${expects}`);
      if (node.tag !== undefined) {
        return place.fault(node, `has the tag !${node.tag}`, `Write ${expects}`);
      }
      if (node.isNull) return place.fault(node, 'is empty', `Write ${expects}`);
      const value = parse(node.text);
      if (value === undefined) {
        return place.fault(node, `is ${quote(node.text)}`, `Write ${expects}`);
      }
      return value;
    },
  };
}

/** A scalar whose rejected text is never repeated in a message. */
export function secretText(expects: string): Schema<string> {
  return {
    expects,
    read(node, place) {
      if (node.kind === 'scalar' && !node.isNull && node.tag === undefined) return node.text;
      return place.fault(node, 'is not text', `Write ${expects}`);
    },
  };
}

export function optional<T>(schema: Schema<T>): Schema<T | undefined> {
  return {
    expects: schema.expects,
    absent: () => undefined,
    read: (node, place) => (isNull(node) ? undefined : schema.read(node, place)),
  };
}

export function withDefault<T>(schema: Schema<T>, value: T): Schema<T> {
  return { ...schema, absent: () => value };
}

/**
 * `check` sees the items that were understood, with their positions, and whether those are all: so
 * that rules between items are judged although one of them is at fault.
 */
export function list<T>(
  item: Schema<T>,
  check?: (items: ReadonlyMap<number, T>, place: Place, complete: boolean) => void,
): Schema<T[]> {
  return {
    expects: `a list, each item ${item.expects}`,
    read(node, place) {
      if (isNull(node)) return [];
      if (node.kind !== 'list' || node.tag !== undefined) {
        return place.fault(node, 'is not a list', `Write a list, each item ${item.expects}`);
      }
      const good = new Map<number, T>();
      for (const [i, child] of node.items.entries()) {
        const value = readNode(item, child, place.child(i));
        if (value !== INVALID) good.set(i, value);
      }
      const complete = good.size === node.items.length;
      const before = place.faults.length;
      check?.(good, place, complete);
      return complete && place.faults.length === before ? [...good.values()] : INVALID;
    },
  };
}

/** A map with free keys. */
export function record<T>(item: Schema<T>): Schema<Record<string, T>> {
  return {
    expects: `a map, each value ${item.expects}`,
    read(node, place) {
      if (node.kind !== 'map' || node.tag !== undefined) {
        return place.fault(node, 'is not a map', `Write \`name: value\` lines`);
      }
      const values = [...node.entries].map(
        ([key, child]) => [key, readNode(item, child, place.child(key))] as const,
      );
      if (values.some(([, value]) => value === INVALID)) return INVALID;
      return Object.fromEntries(values) as Record<string, T>;
    },
  };
}

type Fields = Record<string, Schema<unknown>>;
type Read<F extends Fields> = { [K in keyof F]: Value<F[K]> };

/** A map with fixed keys. */
export function object<F extends Fields>(fields: F): Schema<Read<F>> {
  return {
    expects: `the keys ${Object.keys(fields).join(', ')}`,
    read(node, place) {
      if (node.tag !== undefined) {
        return place.fault(node, `has the tag !${node.tag}`, 'Remove the tag');
      }
      return readFields(node, fields, place);
    },
  };
}

type Variants = Partial<Record<KnownTag, Fields | null>>;
type ReadVariant<V extends Variants> = {
  [K in keyof V]: { tag: K } & (V[K] extends Fields ? Read<V[K]> : unknown);
}[keyof V];

/**
 * An enum written as a tag (`!Open` followed by its keys). A variant without keys (`null`) is
 * also accepted as a plain word (`Testnet`).
 */
export function tagged<const V extends Variants>(variants: V): Schema<ReadVariant<V>> {
  const forms = Object.entries(variants).map(([tag, fields]) =>
    fields === null ? tag : `!${tag} with ${Object.keys(fields ?? {}).join(', ')}`,
  );
  const expects = forms.join(' or ');
  return {
    expects,
    read(node, place) {
      const word = node.kind === 'scalar' && node.tag === undefined ? node.text : undefined;
      const tag = node.tag ?? word;
      const fields = tag === undefined ? undefined : variants[tag as KnownTag];
      if (fields === undefined || !Object.hasOwn(variants, tag ?? '')) {
        const found = node.tag === undefined ? (word ? quote(word) : 'untagged') : `!${node.tag}`;
        return place.fault(node, `is ${found}`, `Write ${expects}`);
      }
      if (fields === null) {
        if (word === undefined && !isNull(node)) {
          return place.fault(node, `!${tag} takes no value`, `Write ${tag} alone`);
        }
        return { tag } as ReadVariant<V>;
      }
      if (word !== undefined) {
        return place.fault(node, `is ${quote(word)} without its keys`, `Write ${expects}`);
      }
      const read = readFields(node, fields, place);
      return read === INVALID ? INVALID : ({ tag, ...read } as ReadVariant<V>);
    },
  };
}

function readFields<F extends Fields>(node: ConfigNode, fields: F, place: Place) {
  const map: MapNode | undefined =
    node.kind === 'map'
      ? node
      : isNull(node)
        ? { kind: 'map', line: node.line, entries: new Map() }
        : undefined;
  if (map === undefined) {
    return place.fault(node, `is not a map`, `Write the keys ${Object.keys(fields).join(', ')}`);
  }
  for (const [key, child] of map.entries) {
    if (Object.hasOwn(fields, key)) continue;
    const near = closest(key, Object.keys(fields));
    const fix = near === undefined ? 'Remove it' : `Did you mean ${near}?`;
    place.child(key).warn(child, 'unknown key, ignored', fix);
  }
  let valid = true;
  const values: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(fields)) {
    const child = map.entries.get(key);
    if (child !== undefined) values[key] = readNode(schema, child, place.child(key));
    else if (schema.absent !== undefined) values[key] = schema.absent();
    else values[key] = place.child(key).fault(node, 'is missing', `Write ${schema.expects}`);
    if (values[key] === INVALID) valid = false;
  }
  return valid ? (values as Read<F>) : INVALID;
}

export function isNull(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.isNull;
}

/** Values from a file are repeated in messages only in part, and on one line. */
export const MAX_QUOTED_CHARACTERS = 80;

function quote(text: string): string {
  const cut = text.length > MAX_QUOTED_CHARACTERS;
  return JSON.stringify(cut ? `${text.slice(0, MAX_QUOTED_CHARACTERS)}…` : text);
}

/** The known key nearest to `key` within two edits, if any: a likely misspelling. */
function closest(key: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, edits: editDistance(key.slice(0, 64), candidate) }))
    .filter(({ candidate, edits }) => edits <= 2 && edits < candidate.length)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
