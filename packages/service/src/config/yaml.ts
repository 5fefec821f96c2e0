/**
 * The one YAML reader: text → a small tree of our own in which every scalar is still the text that
 * the operator wrote. YAML's own typing never happens (an id such as 0x0012 stays text; `no` is not
 * false); the schema that reads the tree decides what a scalar means. Design §3.10.
 */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Fault } from './faults.ts';
import { isKnownTag, KNOWN_TAGS, type KnownTag } from './tags.ts';

/** A configuration is a page of text; anything larger is a mistake or an attack. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** Nodes after expanding aliases: stops alias bombs. */
export const MAX_CONFIG_NODES = 20_000;
export const MAX_CONFIG_DEPTH = 32;

interface NodeBase {
  line: number;
  tag?: KnownTag;
  /** The tag is none of ours: a fault was noted, and the value means nothing. */
  unknownTag?: true;
}
export interface ScalarNode extends NodeBase {
  kind: 'scalar';
  text: string;
  /** Plain `null`, `~` or nothing at all. */
  isNull: boolean;
}
export interface MapNode extends NodeBase {
  kind: 'map';
  entries: Map<string, ConfigNode>;
}
export interface ListNode extends NodeBase {
  kind: 'list';
  items: ConfigNode[];
}
export type ConfigNode = ScalarNode | MapNode | ListNode;

interface Walk {
  document: Document;
  lines: LineCounter;
  faults: Fault[];
  nodes: number;
}

/** Parses `text`; syntax errors, warnings and unknown tags are appended to `faults`. */
export function parseYaml(text: string, faults: Fault[]): ConfigNode | undefined {
  if (text.length > MAX_CONFIG_BYTES) {
    faults.push({
      path: '',
      problem: `the file has ${text.length} characters, more than ${MAX_CONFIG_BYTES}`,
      fix: 'Check that this is the configuration file',
    });
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    logLevel: 'error',
    prettyErrors: false,
    uniqueKeys: true,
  });
  // Tags are judged below, by our own list; every other warning counts as an error.
  const warnings = document.warnings.filter((warning) => warning.code !== 'TAG_RESOLVE_FAILED');
  for (const error of [...document.errors, ...warnings]) {
    faults.push({
      path: '',
      line: lines.linePos(error.pos[0]).line,
      problem: `not valid YAML: ${error.message.split('\n')[0]}`,
      fix: 'Correct the line',
    });
  }
  if (document.errors.length > 0) return undefined;
  if (document.contents === null) return { kind: 'map', line: 1, entries: new Map() };
  return convert(document.contents, '', 0, { document, lines, faults, nodes: 0 });
}

function convert(node: unknown, path: string, depth: number, walk: Walk): ConfigNode | undefined {
  walk.nodes += 1;
  if (walk.nodes > MAX_CONFIG_NODES || depth > MAX_CONFIG_DEPTH) {
    if (walk.nodes <= MAX_CONFIG_NODES + 1) {
      walk.faults.push({
        path,
        problem: `more than ${MAX_CONFIG_NODES} values or ${MAX_CONFIG_DEPTH} levels`,
        fix: 'Remove repeated aliases',
      });
      walk.nodes = MAX_CONFIG_NODES + 1;
    }
    return undefined;
  }
  if (isAlias(node)) {
    return convert(node.resolve(walk.document), path, depth + 1, walk);
  }
  const base = describe(node, path, walk);
  if (isScalar(node)) {
    const text = node.source ?? '';
    const isNull = node.type === 'PLAIN' && ['', '~', 'null', 'Null', 'NULL'].includes(text);
    return { kind: 'scalar', text, isNull, ...base };
  }
  if (isSeq(node)) {
    const items = node.items.flatMap((item, i) => {
      const converted = convert(item, `${path}[${i}]`, depth + 1, walk);
      return converted === undefined ? [] : [converted];
    });
    return { kind: 'list', items, ...base };
  }
  if (!isMap(node)) return { kind: 'scalar', text: '', isNull: true, ...base };
  const entries = new Map<string, ConfigNode>();
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? (pair.key.source ?? '') : undefined;
    if (key === undefined) {
      walk.faults.push({
        path,
        line: base.line,
        problem: 'a key is not plain text',
        fix: 'Write keys as plain words',
      });
      continue;
    }
    const keyPath = path === '' ? key : `${path}.${key}`;
    const value = convert(pair.value, keyPath, depth + 1, walk);
    if (value !== undefined) entries.set(key, value);
  }
  return { kind: 'map', entries, ...base };
}

/** These change nothing here: scalars are text already. */
const CORE_TAGS = ['str', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`);

function describe(node: unknown, path: string, walk: Walk): NodeBase {
  const { range, tag } = (node ?? {}) as Partial<Node>;
  const line = walk.lines.linePos(range?.[0] ?? 0).line;
  if (tag === undefined || CORE_TAGS.includes(tag)) return { line };
  const name = tag.replace(/^tag:yaml\.org,2002:/, '!').replace(/^!/, '');
  if (isKnownTag(name)) return { line, tag: name };
  walk.faults.push({
    path,
    line,
    problem: `unknown tag !${name}`,
    fix: `Use one of ${KNOWN_TAGS.map((known) => `!${known}`).join(' ')}`,
  });
  return { line, unknownTag: true };
}
