/**
 * Runtime types, hash-consed: two types are the same type exactly when they are the same object.
 *
 * A composite type hangs on its youngest component (highest id), so types that mention a package of
 * one transaction only are collected with it. Open types (with type parameters) live in the same
 * table and are closed by `substitute`. Source: move-vm.md §2.
 */
import { isVmError, STATUS, VmError } from '../common/index.ts';
import { MAX_TYPE_DEPTH, MAX_TYPE_NODES, MAX_VALUE_DEPTH } from './limits.ts';

export const KIND = {
  Bool: 0,
  U8: 1,
  U16: 2,
  U32: 3,
  U64: 4,
  U128: 5,
  U256: 6,
  Address: 7,
  Signer: 8,
  Vector: 9,
  Datatype: 10,
  Reference: 11,
  MutableReference: 12,
  TypeParameter: 13,
} as const;

export type Kind = (typeof KIND)[keyof typeof KIND];

export const COPY = 1;
export const DROP = 2;
export const STORE = 4;
export const KEY = 8;
const PLAIN_ABILITIES = COPY | DROP | STORE;

let nextId = 0;

/** Types made in this process so far, by whatever runtime. */
export function typesMade(): number {
  return nextId;
}

export class MoveType {
  readonly id: number;
  readonly kind: Kind;
  /** Vector element or what a reference points to. */
  readonly element: MoveType | undefined;
  readonly definition: DatatypeDefinition | undefined;
  readonly typeArguments: readonly MoveType[];
  /** Index of a type parameter; -1 otherwise. */
  readonly parameter: number;
  /** True while a type parameter is left in it. */
  readonly open: boolean;
  readonly nodes: number;
  readonly depth: number;
  /** Abilities of a closed type; of an open type only with the parameters' constraints. */
  readonly abilities: number;

  /** Composite types whose youngest component this is. */
  #composites: Map<string, MoveType> | undefined;
  #fields: readonly (readonly MoveType[])[] | undefined;

  constructor(kind: Kind, parts: TypeParts = {}) {
    this.id = nextId++;
    this.kind = kind;
    this.element = parts.element;
    this.definition = parts.definition;
    this.typeArguments = parts.typeArguments ?? NO_TYPES;
    this.parameter = parts.parameter ?? -1;
    let nodes = 1;
    let depth = 0;
    let open = kind === KIND.TypeParameter;
    for (const part of componentsOf(this)) {
      nodes += part.nodes;
      depth = Math.max(depth, part.depth);
      open ||= part.open;
    }
    this.nodes = nodes;
    this.depth = depth + 1;
    this.open = open;
    this.abilities = abilitiesOf(this, undefined);
  }

  /** The composite with this key, made by `make` the first time. */
  composite(key: string, make: () => MoveType): MoveType {
    this.#composites ??= new Map();
    let type = this.#composites.get(key);
    if (type === undefined) {
      type = make();
      this.#composites.set(key, type);
    }
    return type;
  }

  get isEnum(): boolean {
    return this.definition?.isEnum === true;
  }

  /** Field types of a struct, with type arguments filled in. */
  get fields(): readonly MoveType[] {
    return this.variants[0]!;
  }

  /** Field types of each variant of an enum; a struct has one entry. */
  get variants(): readonly (readonly MoveType[])[] {
    this.#fields ??= this.definition!.body.variants.map((variant) =>
      variant.fields.map((field) => substitute(field, this.typeArguments)),
    );
    return this.#fields;
  }

  /** `0x…::m::T<u8>`, with defining ids; for messages. */
  toString(): string {
    switch (this.kind) {
      case KIND.Vector:
        return `vector<${this.element}>`;
      case KIND.Reference:
        return `&${this.element}`;
      case KIND.MutableReference:
        return `&mut ${this.element}`;
      case KIND.TypeParameter:
        return `T${this.parameter}`;
      case KIND.Datatype: {
        const { definingId, module, name } = this.definition!;
        const args = this.typeArguments.length === 0 ? '' : `<${this.typeArguments.join(', ')}>`;
        return `${definingId}::${module}::${name}${args}`;
      }
      default:
        return PRIMITIVE_NAMES[this.kind]!;
    }
  }
}

interface TypeParts {
  element?: MoveType;
  definition?: DatatypeDefinition;
  typeArguments?: readonly MoveType[];
  parameter?: number;
}

const PRIMITIVE_NAMES = ['bool', 'u8', 'u16', 'u32', 'u64', 'u128', 'u256', 'address', 'signer'];
const NO_TYPES: readonly MoveType[] = [];

function componentsOf(type: MoveType): readonly MoveType[] {
  return type.element === undefined ? type.typeArguments : [type.element];
}

export interface VariantBody {
  readonly name: string;
  readonly fieldNames: readonly string[];
  /** Open types: type parameters are those of the datatype. */
  readonly fields: readonly MoveType[];
}

/** Fields of a struct (one entry) or variants of an enum. */
export interface DatatypeBody {
  readonly variants: readonly VariantBody[];
}

export interface TypeParameterDeclaration {
  readonly constraints: number;
  readonly phantom: boolean;
}

/** Depth of values: `own`, or `offset[i]` + the depth of type argument i where that is larger. */
interface DepthFormula {
  readonly own: number;
  readonly offsets: readonly (number | undefined)[];
}

export interface DatatypeHead {
  /** Package version (storage id) that first had the type. */
  definingId: string;
  originalId: string;
  module: string;
  name: string;
  abilities: number;
  typeParameters: readonly TypeParameterDeclaration[];
  isEnum: boolean;
  /** Resolves the field types; called once, on first use. */
  loadBody: () => DatatypeBody;
}

/** A struct or enum as declared: the identity (defining id, module, name) and the shape. */
export class DatatypeDefinition {
  readonly definingId: string;
  readonly originalId: string;
  readonly module: string;
  readonly name: string;
  readonly abilities: number;
  readonly typeParameters: readonly TypeParameterDeclaration[];
  readonly isEnum: boolean;
  readonly #loadBody: () => DatatypeBody;
  #body: DatatypeBody | undefined;
  #depth: DepthFormula | 'computing' | undefined;
  /** Types without arguments, and those whose arguments are all older than this definition. */
  readonly #anchor: MoveType;

  constructor(head: DatatypeHead) {
    this.definingId = head.definingId;
    this.originalId = head.originalId;
    this.module = head.module;
    this.name = head.name;
    this.abilities = head.abilities;
    this.typeParameters = head.typeParameters;
    this.isEnum = head.isEnum;
    this.#loadBody = head.loadBody;
    this.#anchor = new MoveType(KIND.Signer);
  }

  get body(): DatatypeBody {
    this.#body ??= this.#loadBody();
    return this.#body;
  }

  /** The datatype with type arguments. Arity must be right; constraints are the caller's business. */
  instantiate(typeArguments: readonly MoveType[]): MoveType {
    if (typeArguments.length !== this.typeParameters.length) {
      throw new VmError(
        STATUS.NUMBER_OF_TYPE_ARGUMENTS_MISMATCH,
        `${this.name} takes ${this.typeParameters.length} type arguments, got ${typeArguments.length}`,
      );
    }
    let youngest = this.#anchor;
    let key = `${this.#anchor.id}`;
    for (const argument of typeArguments) {
      key += `,${argument.id}`;
      if (argument.id > youngest.id) youngest = argument;
    }
    return youngest.composite(key, () =>
      checkedSize(new MoveType(KIND.Datatype, { definition: this, typeArguments })),
    );
  }

  /** Reads the fields; throws if they break a rule or the type contains itself. */
  check(): void {
    try {
      void this.depthFormula;
    } catch (error) {
      // A type that nests too deep may be declared; packing it fails.
      if (!isVmError(error) || error.status !== STATUS.VM_MAX_VALUE_DEPTH_REACHED) throw error;
    }
  }

  get depthFormula(): DepthFormula {
    if (this.#depth === 'computing') {
      throw new VmError(
        STATUS.RECURSIVE_STRUCT_DEFINITION,
        `${this.module}::${this.name} contains itself`,
      );
    }
    if (this.#depth !== undefined) return this.#depth;
    this.#depth = 'computing';
    let formula: DepthFormula | undefined;
    try {
      formula = depthFormula(this);
    } finally {
      this.#depth = formula;
    }
    return formula;
  }
}

/**
 * Levels of nesting above the definition whose depth is being computed. Definitions may come from many
 * packages; this bounds the recursion over all of them.
 */
let levelsAbove = 0;

function checkedSize(type: MoveType): MoveType {
  if (type.nodes > MAX_TYPE_NODES) {
    throw new VmError(STATUS.VM_MAX_TYPE_NODES_REACHED, `a type has ${type.nodes} nodes`);
  }
  if (type.depth > MAX_TYPE_DEPTH) {
    throw new VmError(STATUS.VM_MAX_TYPE_DEPTH_REACHED, `a type is ${type.depth} deep`);
  }
  return type;
}

export const BOOL = new MoveType(KIND.Bool);
export const U8 = new MoveType(KIND.U8);
export const U16 = new MoveType(KIND.U16);
export const U32 = new MoveType(KIND.U32);
export const U64 = new MoveType(KIND.U64);
export const U128 = new MoveType(KIND.U128);
export const U256 = new MoveType(KIND.U256);
export const ADDRESS = new MoveType(KIND.Address);
const SIGNER = new MoveType(KIND.Signer);

/** Type of a primitive by its Move name. */
export const PRIMITIVE_TYPES = {
  bool: BOOL,
  u8: U8,
  u16: U16,
  u32: U32,
  u64: U64,
  u128: U128,
  u256: U256,
  address: ADDRESS,
  signer: SIGNER,
} as const;

const PARAMETERS: MoveType[] = [];

export function typeParameter(index: number): MoveType {
  for (let i = PARAMETERS.length; i <= index; i++) {
    PARAMETERS.push(new MoveType(KIND.TypeParameter, { parameter: i }));
  }
  return PARAMETERS[index]!;
}

export function vectorOf(element: MoveType): MoveType {
  return element.composite('v', () => checkedSize(new MoveType(KIND.Vector, { element })));
}

export function referenceTo(element: MoveType, mutable: boolean): MoveType {
  const kind = mutable ? KIND.MutableReference : KIND.Reference;
  return element.composite(mutable ? 'm' : 'r', () => new MoveType(kind, { element }));
}

export const VECTOR_U8 = vectorOf(U8);

/** Fills type parameters in. Throws a limit error when the result grows too large. */
export function substitute(type: MoveType, typeArguments: readonly MoveType[]): MoveType {
  if (!type.open) return type;
  switch (type.kind) {
    case KIND.TypeParameter: {
      const argument = typeArguments[type.parameter];
      if (argument === undefined) {
        throw new VmError(STATUS.INTERNAL_TYPE_ERROR, `no type argument ${type.parameter}`);
      }
      return argument;
    }
    case KIND.Vector:
      return vectorOf(substitute(type.element!, typeArguments));
    case KIND.Reference:
      return referenceTo(substitute(type.element!, typeArguments), false);
    case KIND.MutableReference:
      return referenceTo(substitute(type.element!, typeArguments), true);
    default:
      return type.definition!.instantiate(
        type.typeArguments.map((argument) => substitute(argument, typeArguments)),
      );
  }
}

/** What a datatype ability asks of each argument. */
function required(ability: number): number {
  return ability === KEY ? STORE : ability;
}

/**
 * Abilities of a type. `constraints` are those of the type parameters in scope; without them a type
 * parameter counts as having none.
 */
export function abilitiesOf(type: MoveType, constraints: readonly number[] | undefined): number {
  switch (type.kind) {
    case KIND.Signer:
      return DROP;
    case KIND.Reference:
    case KIND.MutableReference:
      return COPY | DROP;
    case KIND.TypeParameter:
      return constraints?.[type.parameter] ?? 0;
    case KIND.Vector:
      return PLAIN_ABILITIES & innerAbilities(type.element!, constraints);
    case KIND.Datatype:
      return datatypeAbilities(type, constraints);
    default:
      return PLAIN_ABILITIES;
  }
}

function innerAbilities(type: MoveType, constraints: readonly number[] | undefined): number {
  return type.open ? abilitiesOf(type, constraints) : type.abilities;
}

function datatypeAbilities(type: MoveType, constraints: readonly number[] | undefined): number {
  const { abilities, typeParameters } = type.definition!;
  let result = abilities;
  for (let i = 0; i < typeParameters.length; i++) {
    if (typeParameters[i]!.phantom) continue;
    const held = innerAbilities(type.typeArguments[i]!, constraints);
    for (const ability of [COPY, DROP, STORE, KEY]) {
      if ((held & required(ability)) === 0) result &= ~ability;
    }
  }
  return result;
}

/** The abilities that every field of a datatype with these abilities must have. */
export function fieldAbilities(abilities: number): number {
  let result = 0;
  for (const ability of [COPY, DROP, STORE, KEY]) {
    if ((abilities & ability) !== 0) result |= required(ability);
  }
  return result;
}

function depthFormula(definition: DatatypeDefinition): DepthFormula {
  let own = 1;
  const offsets: (number | undefined)[] = definition.typeParameters.map(() => undefined);
  const visit = (type: MoveType, above: number): void => {
    if (levelsAbove + above >= MAX_VALUE_DEPTH) throw tooDeep(definition.name);
    own = Math.max(own, above + 1);
    if (type.kind === KIND.Vector) {
      visit(type.element!, above + 1);
    } else if (type.kind === KIND.TypeParameter) {
      offsets[type.parameter] = Math.max(offsets[type.parameter] ?? 0, above);
    } else if (type.kind === KIND.Datatype) {
      const inner = formulaBelow(type.definition!, above);
      own = Math.max(own, above + inner.own);
      for (const [i, offset] of inner.offsets.entries()) {
        if (offset !== undefined) visit(type.typeArguments[i]!, above + offset);
      }
    }
  };
  for (const variant of definition.body.variants) {
    for (const field of variant.fields) visit(field, 1);
  }
  return { own, offsets };
}

function formulaBelow(definition: DatatypeDefinition, above: number): DepthFormula {
  levelsAbove += above;
  try {
    return definition.depthFormula;
  } finally {
    levelsAbove -= above;
  }
}

/** How deep a value of a closed type nests; a primitive is 1. */
function valueDepth(type: MoveType): number {
  if (type.kind === KIND.Datatype) {
    const { own, offsets } = type.definition!.depthFormula;
    let depth = own;
    for (const [i, offset] of offsets.entries()) {
      if (offset !== undefined) {
        depth = Math.max(depth, offset + valueDepth(type.typeArguments[i]!));
      }
    }
    return depth;
  }
  return type.element === undefined ? 1 : 1 + valueDepth(type.element);
}

export function checkValueDepth(type: MoveType): void {
  if (valueDepth(type) > MAX_VALUE_DEPTH) throw tooDeep(type.definition?.name ?? 'a vector');
}

/** True if no value of the closed type can exist, because it would nest too deep. */
export function nestsTooDeep(type: MoveType): boolean {
  try {
    return valueDepth(type) > MAX_VALUE_DEPTH;
  } catch (error) {
    if (isVmError(error) && error.status === STATUS.VM_MAX_VALUE_DEPTH_REACHED) return true;
    throw error;
  }
}

function tooDeep(name: string): VmError {
  return new VmError(
    STATUS.VM_MAX_VALUE_DEPTH_REACHED,
    `values of ${name} nest deeper than ${MAX_VALUE_DEPTH}`,
  );
}
