/**
 * Read masks: which fields of an answer the caller wants (spec sui-ledger §2.1).
 *
 * A mask is a tree over the proto fields of the answer's root type. It is checked against the
 * message types themselves, so a path is valid exactly when the field exists, and kept in a small
 * cache, because clients send the same few masks over and over.
 */
import type { IMessageType } from '@protobuf-ts/runtime';
import { invalidField } from '../transport/status.ts';

/** Most paths in one mask, and most characters in one path. */
export const MAX_MASK_PATHS = 256;
export const MAX_MASK_PATH_LENGTH = 512;
const MAX_CACHED_MASKS = 256;
/** Longer masks than any client sends are compiled each time, so that the cache stays small. */
const MAX_CACHED_KEY_LENGTH = 1024;

/** Selection below one field: everything, or some sub-fields by local (camelCase) name. */
export type MaskNode = 'all' | ReadonlyMap<string, MaskNode>;

/** A checked mask for messages of one type. */
export class Mask {
  readonly #node: MaskNode;
  private constructor(node: MaskNode) {
    this.#node = node;
  }

  /** Selects every field. */
  static readonly ALL = new Mask('all');

  static of(node: MaskNode): Mask {
    return node === 'all' ? Mask.ALL : new Mask(node);
  }

  get isAll(): boolean {
    return this.#node === 'all';
  }

  /** Is the field (local name) selected, whole or in part? */
  has(field: string): boolean {
    return this.#node === 'all' || this.#node.has(field);
  }

  /** The mask for the message in a field; only meaningful when {@link has} says yes. */
  sub(field: string): Mask {
    if (this.#node === 'all') return Mask.ALL;
    const node = this.#node.get(field);
    return node === undefined ? NONE : Mask.of(node);
  }

  /** Local names of selected fields, or undefined for all of them. */
  get fields(): Iterable<string> | undefined {
    return this.#node === 'all' ? undefined : this.#node.keys();
  }
}

const NONE = Mask.of(new Map());

type MutableNode = 'all' | Map<string, MutableNode>;
const cache = new Map<string, Mask>();

/**
 * The mask of a request.
 * @param root type of the message that the paths are relative to
 * @param requested the request's `read_mask`, or undefined
 * @param defaults paths used when the request has no mask
 * @throws RpcError INVALID_ARGUMENT `invalid read_mask path: {path}`
 */
export function readMask(
  root: IMessageType<object>,
  requested: { readonly paths: readonly string[] } | undefined,
  defaults: readonly string[],
): Mask {
  const paths =
    requested === undefined || requested.paths.length === 0 ? defaults : requested.paths;
  if (paths.length > MAX_MASK_PATHS) {
    throw invalidField('read_mask', `read_mask has ${paths.length} paths, limit ${MAX_MASK_PATHS}`);
  }
  const key = `${root.typeName} ${paths.join(',')}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const mask = Mask.of(compile(root, paths));
  if (key.length > MAX_CACHED_KEY_LENGTH) return mask;
  if (cache.size >= MAX_CACHED_MASKS) cache.delete(cache.keys().next().value!);
  cache.set(key, mask);
  return mask;
}

function compile(root: IMessageType<object>, paths: readonly string[]): MutableNode {
  let top: MutableNode = new Map();
  for (const path of paths) {
    if (path === '*') return 'all';
    if (path.length > MAX_MASK_PATH_LENGTH) throw invalidPath(`${path.slice(0, 64)}…`);
    top = insert(top, root, path.split('.'), path);
  }
  return top;
}

function insert(
  node: MutableNode,
  type: IMessageType<object> | undefined,
  segments: readonly string[],
  path: string,
): MutableNode {
  const [name, ...rest] = segments;
  if (name === undefined) return 'all';
  const field = type?.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw invalidPath(path);
  const sub = field.kind === 'message' ? (field.T() as IMessageType<object>) : undefined;
  // Values of google.protobuf types are picked whole: their inside is not a path.
  const open = sub?.typeName.startsWith('google.') ? undefined : sub;
  const target = node === 'all' ? new Map<string, MutableNode>() : node;
  const previous = target.get(field.localName) ?? new Map<string, MutableNode>();
  target.set(field.localName, insert(previous, open, rest, path));
  return node === 'all' ? 'all' : target;
}

function invalidPath(path: string) {
  return invalidField('read_mask', `invalid read_mask path: ${path}`);
}
