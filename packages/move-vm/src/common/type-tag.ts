/**
 * `TypeTag`: a fully instantiated Move type, as it stands in transactions, objects and events.
 *
 * BCS layout and the three text forms of move-vm.md §2. Parsing is bounded: a tag from outside may
 * nest at most `MAX_TYPE_TAG_DEPTH` deep and hold at most `MAX_TYPE_TAG_NODES` nodes.
 */
import { isCanonicalAddress, shortAddress } from './address.ts';
import { BcsReader, BcsWriter } from './bcs.ts';
import { argumentError } from './errors.ts';
import { isIdentifier } from './identifier.ts';

/** Deepest nesting of a type tag that we read from bytes or text. */
export const MAX_TYPE_TAG_DEPTH = 128;
/** Most nodes in a type tag that we read from bytes or text. */
export const MAX_TYPE_TAG_NODES = 1024;

export type PrimitiveTagKind =
  | 'bool'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'u128'
  | 'u256'
  | 'address'
  | 'signer';

export interface StructTag {
  readonly kind: 'struct';
  /** Canonical address; for types on objects and events the defining id. */
  readonly address: string;
  readonly module: string;
  readonly name: string;
  readonly typeArgs: readonly TypeTag[];
}

export type TypeTag =
  | { readonly kind: PrimitiveTagKind }
  | { readonly kind: 'vector'; readonly element: TypeTag }
  | StructTag;

/** Wire tag by kind; 6 is vector, 7 struct (enums as well). */
const WIRE_TAG = {
  bool: 0,
  u8: 1,
  u64: 2,
  u128: 3,
  address: 4,
  signer: 5,
  vector: 6,
  struct: 7,
  u16: 8,
  u32: 9,
  u256: 10,
} as const satisfies Record<TypeTag['kind'], number>;

const VECTOR_TAG = WIRE_TAG.vector;
const STRUCT_TAG = WIRE_TAG.struct;

const PRIMITIVES = new Map<number, TypeTag>();
const PRIMITIVE_NAMES = new Map<string, TypeTag>();
for (const [kind, wire] of Object.entries(WIRE_TAG)) {
  if (kind === 'vector' || kind === 'struct') continue;
  const tag: TypeTag = { kind: kind as PrimitiveTagKind };
  PRIMITIVES.set(wire, tag);
  PRIMITIVE_NAMES.set(kind, tag);
}

/** The tag of a primitive by its Move name, or undefined. */
export function primitiveTag(name: string): TypeTag | undefined {
  return PRIMITIVE_NAMES.get(name);
}

export function vectorTag(element: TypeTag): TypeTag {
  return { kind: 'vector', element };
}

/** A struct or enum tag; checks address and names. */
export function structTag(
  address: string,
  module: string,
  name: string,
  typeArgs: readonly TypeTag[] = [],
): StructTag {
  if (!isCanonicalAddress(address)) {
    throw argumentError(`type tag: address must be 0x and 64 hex digits, got '${address}'`);
  }
  if (!isIdentifier(module)) throw argumentError(`type tag: '${module}' is no module name`);
  if (!isIdentifier(name)) throw argumentError(`type tag: '${name}' is no type name`);
  return { kind: 'struct', address, module, name, typeArgs };
}

/** Counts nodes while a tag is read, so that a short input cannot unfold into a large tag. */
export class TagBudget {
  #nodes = 0;

  enter(depth: number): void {
    if (depth > MAX_TYPE_TAG_DEPTH) {
      throw argumentError(`type tag: nested deeper than ${MAX_TYPE_TAG_DEPTH}`);
    }
    this.#nodes += 1;
    if (this.#nodes > MAX_TYPE_TAG_NODES) {
      throw argumentError(`type tag: more than ${MAX_TYPE_TAG_NODES} nodes`);
    }
  }
}

function readTag(reader: BcsReader, depth: number, budget: TagBudget): TypeTag {
  budget.enter(depth);
  const wire = reader.u8();
  const primitive = PRIMITIVES.get(wire);
  if (primitive !== undefined) return primitive;
  if (wire === VECTOR_TAG) return vectorTag(readTag(reader, depth + 1, budget));
  if (wire !== STRUCT_TAG) throw argumentError(`type tag: unknown tag byte ${wire}`);
  const address = reader.address();
  const module = reader.text();
  const name = reader.text();
  const count = reader.length();
  const typeArgs: TypeTag[] = [];
  for (let i = 0; i < count; i++) typeArgs.push(readTag(reader, depth + 1, budget));
  return structTag(address, module, name, typeArgs);
}

/** Reads one tag and leaves the reader behind it. */
export function readTypeTag(reader: BcsReader): TypeTag {
  return readTag(reader, 1, new TagBudget());
}

/** BCS bytes to a tag; refuses trailing bytes. */
export function decodeTypeTag(bytes: Uint8Array): TypeTag {
  const reader = new BcsReader(bytes);
  const tag = readTypeTag(reader);
  reader.end();
  return tag;
}

export function writeTypeTag(writer: BcsWriter, tag: TypeTag): void {
  writer.u8(WIRE_TAG[tag.kind]);
  if (tag.kind === 'vector') {
    writeTypeTag(writer, tag.element);
  } else if (tag.kind === 'struct') {
    writer.address(tag.address);
    writer.text(tag.module);
    writer.text(tag.name);
    writer.uleb(tag.typeArgs.length);
    for (const argument of tag.typeArgs) writeTypeTag(writer, argument);
  }
}

export function encodeTypeTag(tag: TypeTag): Uint8Array {
  const writer = new BcsWriter();
  writeTypeTag(writer, tag);
  return writer.bytes();
}

function render(tag: TypeTag, address: (address: string) => string, separator: string): string {
  if (tag.kind === 'vector') return `vector<${render(tag.element, address, separator)}>`;
  if (tag.kind !== 'struct') return tag.kind;
  const head = `${address(tag.address)}::${tag.module}::${tag.name}`;
  if (tag.typeArgs.length === 0) return head;
  return `${head}<${tag.typeArgs.map((a) => render(a, address, separator)).join(separator)}>`;
}

/** Text form (a): every address with 64 digits, `, ` between arguments. */
export function typeTagToString(tag: TypeTag): string {
  return render(tag, (address) => address, ', ');
}

/** Text form (b): `0x2::coin::Coin<0x2::sui::SUI>`. */
export function typeTagToShortString(tag: TypeTag): string {
  return render(tag, shortAddress, ', ');
}

/** Text form (c), of `std::type_name`: 64 digits without `0x`, `,` without a space. */
export function typeTagToTypeName(tag: TypeTag): string {
  return render(tag, (address) => address.slice(2), ',');
}

/** Structural equality. */
export function typeTagsEqual(a: TypeTag, b: TypeTag): boolean {
  if (a === b) return true;
  if (a.kind === 'vector') return b.kind === 'vector' && typeTagsEqual(a.element, b.element);
  if (a.kind !== 'struct') return a.kind === b.kind;
  return (
    b.kind === 'struct' &&
    a.address === b.address &&
    a.module === b.module &&
    a.name === b.name &&
    a.typeArgs.length === b.typeArgs.length &&
    a.typeArgs.every((argument, i) => typeTagsEqual(argument, b.typeArgs[i]!))
  );
}
