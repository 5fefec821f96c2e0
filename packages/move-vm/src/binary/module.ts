/**
 * `CompiledModule`: a Move module after parsing. Immutable; indices are into the arrays below.
 *
 * Code is kept as two typed arrays for each function (opcode, operand), so that an interpreter can
 * dispatch without allocating; immediates wider than 32 bits sit beside them by instruction number.
 * Source: move-vm.md §1.
 */
import type { PrimitiveTagKind } from '../common/type-tag.ts';

/** Ability bits. */
export const ABILITY = { copy: 1, drop: 2, store: 4, key: 8 } as const;
/** All four abilities. */
export const ALL_ABILITIES = 15;

export type SignatureToken =
  | { readonly kind: PrimitiveTagKind }
  | { readonly kind: 'vector'; readonly element: SignatureToken }
  | { readonly kind: 'reference'; readonly mutable: boolean; readonly to: SignatureToken }
  | {
      readonly kind: 'datatype';
      /** Index into `datatypeHandles`. */
      readonly handle: number;
      /** Empty for a datatype without type parameters. */
      readonly typeArgs: readonly SignatureToken[];
    }
  | { readonly kind: 'typeParameter'; readonly index: number };

export type Signature = readonly SignatureToken[];

export interface ModuleHandle {
  readonly address: number;
  readonly name: number;
}

export interface DatatypeTypeParameter {
  readonly constraints: number;
  readonly phantom: boolean;
}

export interface DatatypeHandle {
  readonly module: number;
  readonly name: number;
  readonly abilities: number;
  readonly typeParameters: readonly DatatypeTypeParameter[];
}

export interface FunctionHandle {
  readonly module: number;
  readonly name: number;
  /** Signature index. */
  readonly parameters: number;
  /** Signature index. */
  readonly returns: number;
  /** Constraint abilities of each type parameter. */
  readonly typeParameters: readonly number[];
}

export interface FunctionInstantiation {
  readonly handle: number;
  /** Signature index of the type arguments. */
  readonly typeArgs: number;
}

export interface Constant {
  readonly type: SignatureToken;
  /** BCS of the value. */
  readonly data: Uint8Array;
}

export interface FieldDefinition {
  readonly name: number;
  readonly type: SignatureToken;
}

export interface StructDefinition {
  readonly handle: number;
  readonly fields: readonly FieldDefinition[];
}

export interface VariantDefinition {
  readonly name: number;
  readonly fields: readonly FieldDefinition[];
}

export interface EnumDefinition {
  readonly handle: number;
  readonly variants: readonly VariantDefinition[];
}

/** Instantiation of a struct or enum definition. */
export interface DefinitionInstantiation {
  readonly definition: number;
  /** Signature index of the type arguments. */
  readonly typeArgs: number;
}

export interface FieldHandle {
  readonly owner: number;
  readonly field: number;
}

export interface FieldInstantiation {
  readonly handle: number;
  readonly typeArgs: number;
}

export interface VariantHandle {
  readonly enumDefinition: number;
  readonly variant: number;
}

export interface VariantInstantiation {
  readonly enumInstantiation: number;
  readonly variant: number;
}

export type Visibility = 'private' | 'public' | 'friend';

export interface JumpTable {
  readonly headEnum: number;
  /** One instruction number for each variant tag. */
  readonly offsets: readonly number[];
}

export interface CodeUnit {
  /** Signature index: types of the locals after the parameters. */
  readonly locals: number;
  /** Opcodes, one byte an instruction. */
  readonly ops: Uint8Array;
  /**
   * The operand of each instruction: an index, an instruction number, or an immediate of at most
   * 32 bits. For `VecPack` and `VecUnpack` the signature index. 0 when there is none.
   */
  readonly args: Uint32Array;
  /**
   * By instruction number: the immediate of `LdU64`, `LdU128`, `LdU256` and the element count of
   * `VecPack` and `VecUnpack`; undefined for the others.
   */
  readonly wide: readonly (bigint | undefined)[];
  readonly jumpTables: readonly JumpTable[];
}

export interface FunctionDefinition {
  readonly handle: number;
  readonly visibility: Visibility;
  readonly isEntry: boolean;
  /** Always empty on Sui; kept so that re-encoding is exact. */
  readonly acquires: readonly number[];
  /** Undefined for a native function. */
  readonly code: CodeUnit | undefined;
}

export interface CompiledModule {
  /** Binary format version: 6 or 7. */
  readonly version: number;
  /** False for a module compiled in test mode (magic `DEADC0DE`), which no chain accepts. */
  readonly publishable: boolean;
  readonly selfHandle: number;
  readonly moduleHandles: readonly ModuleHandle[];
  readonly datatypeHandles: readonly DatatypeHandle[];
  readonly functionHandles: readonly FunctionHandle[];
  readonly functionInstantiations: readonly FunctionInstantiation[];
  readonly signatures: readonly Signature[];
  readonly constants: readonly Constant[];
  readonly identifiers: readonly string[];
  /** Canonical address strings. */
  readonly addresses: readonly string[];
  readonly structs: readonly StructDefinition[];
  readonly structInstantiations: readonly DefinitionInstantiation[];
  readonly functions: readonly FunctionDefinition[];
  readonly fieldHandles: readonly FieldHandle[];
  readonly fieldInstantiations: readonly FieldInstantiation[];
  readonly friends: readonly ModuleHandle[];
  readonly enums: readonly EnumDefinition[];
  readonly enumInstantiations: readonly DefinitionInstantiation[];
  readonly variantHandles: readonly VariantHandle[];
  readonly variantInstantiations: readonly VariantInstantiation[];
}
