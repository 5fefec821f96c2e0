/**
 * The one YAML writer: key order is kept; hex, names and URLs are quoted, so that no other YAML
 * reader can take an id for a number (design §3.10).
 */

import { Document, isScalar, Scalar, visit } from 'yaml';
import type { KnownTag } from './tags.ts';

/** A value written with a tag: `!Open` and its keys, or the tag alone. */
export class TaggedValue {
  readonly tag: KnownTag;
  readonly value: Readonly<Record<string, unknown>> | null;

  constructor(tag: KnownTag, value: Readonly<Record<string, unknown>> | null = null) {
    this.tag = tag;
    this.value = value;
  }
}

/** Words that need no quotes: keys of enums and numbers in plain decimal form. */
const PLAIN = /^[A-Z][A-Za-z]*$/;

/** YAML text of plain data: maps, lists, text, numbers, booleans, `TaggedValue`. */
export function writeYaml(value: unknown): string {
  const document = new Document(null);
  document.contents = toNode(document, value) as typeof document.contents;
  visit(document, {
    Scalar(key, node) {
      if (key !== 'key' && typeof node.value === 'string' && !PLAIN.test(node.value)) {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}

function toNode(document: Document, value: unknown): unknown {
  if (value instanceof TaggedValue) {
    if (value.value === null) return new Scalar(value.tag);
    const node = document.createNode(strip(document, value.value));
    node.tag = `!${value.tag}`;
    return node;
  }
  return document.createNode(strip(document, value));
}

/** Replaces tagged values inside by nodes and drops absent keys. */
function strip(document: Document, value: unknown): unknown {
  if (value instanceof TaggedValue) return toNode(document, value);
  if (Array.isArray(value)) return value.map((item) => strip(document, item));
  if (value === null || typeof value !== 'object' || isScalar(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [[key, strip(document, item)]],
    ),
  );
}
