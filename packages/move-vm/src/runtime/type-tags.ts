/** Runtime types → type tags, with defining or with original ids. Source: move-vm.md §2. */
import { STATUS, type TypeTag, VmError } from '../common/index.ts';
import { KIND, type MoveType } from './types.ts';

const PRIMITIVE_TAGS: readonly TypeTag[] = [
  { kind: 'bool' },
  { kind: 'u8' },
  { kind: 'u16' },
  { kind: 'u32' },
  { kind: 'u64' },
  { kind: 'u128' },
  { kind: 'u256' },
  { kind: 'address' },
  { kind: 'signer' },
];

type WhichId = 'definingId' | 'originalId';

const definingTags = new WeakMap<MoveType, TypeTag>();

function build(type: MoveType, which: WhichId): TypeTag {
  if (type.kind <= KIND.Signer) return PRIMITIVE_TAGS[type.kind]!;
  if (type.kind === KIND.Vector) return { kind: 'vector', element: build(type.element!, which) };
  if (type.kind !== KIND.Datatype) {
    throw new VmError(STATUS.INTERNAL_TYPE_ERROR, `${type} has no type tag`);
  }
  const { module, name } = type.definition!;
  return {
    kind: 'struct',
    address: type.definition![which],
    module,
    name,
    typeArgs: type.typeArguments.map((argument) => build(argument, which)),
  };
}

/** The tag with defining ids: what stands on objects and events. */
export function definingTag(type: MoveType): TypeTag {
  let tag = definingTags.get(type);
  if (tag === undefined) {
    tag = build(type, 'definingId');
    definingTags.set(type, tag);
  }
  return tag;
}

export function originalTag(type: MoveType): TypeTag {
  return build(type, 'originalId');
}
