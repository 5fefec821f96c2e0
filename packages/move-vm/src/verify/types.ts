/**
 * Interned types for the abstract walk: two types of one module are the same object exactly when
 * they are equal, so that checking an operand is one comparison.
 */
import type { CompiledModule, SignatureToken } from '../binary/module.ts';
import type { PrimitiveTagKind } from '../common/type-tag.ts';
import {
  keptBy,
  PRIMITIVE_ABILITIES,
  REFERENCE_ABILITIES,
  SIGNER_ABILITIES,
  VECTOR_ABILITIES,
} from './abilities.ts';

export interface AbstractType {
  readonly id: number;
  readonly kind: SignatureToken['kind'];
  /** Element of a vector, target of a reference. */
  readonly inner: AbstractType | undefined;
  /** For references. */
  readonly mutable: boolean;
  /** Datatype handle, or index of a type parameter. */
  readonly index: number;
  readonly typeArgs: readonly AbstractType[];
  /** Holds a type parameter somewhere. */
  readonly open: boolean;
}

const NO_ARGS: readonly AbstractType[] = [];

export class TypeInterner {
  readonly #module: CompiledModule;
  readonly #byKey = new Map<string, AbstractType>();
  readonly #byToken = new WeakMap<SignatureToken, AbstractType>();
  #next = 0;

  constructor(module: CompiledModule) {
    this.#module = module;
  }

  #intern(key: string, make: (id: number) => AbstractType): AbstractType {
    let type = this.#byKey.get(key);
    if (type === undefined) {
      type = make(this.#next++);
      this.#byKey.set(key, type);
    }
    return type;
  }

  primitive(kind: PrimitiveTagKind): AbstractType {
    return this.#intern(kind, (id) => leaf(id, kind, 0, false));
  }

  parameter(index: number): AbstractType {
    return this.#intern(`t${index}`, (id) => leaf(id, 'typeParameter', index, true));
  }

  vector(element: AbstractType): AbstractType {
    return this.#intern(`v${element.id}`, (id) => ({
      ...leaf(id, 'vector', 0, element.open),
      inner: element,
    }));
  }

  reference(mutable: boolean, to: AbstractType): AbstractType {
    return this.#intern(`${mutable ? 'm' : 'r'}${to.id}`, (id) => ({
      ...leaf(id, 'reference', 0, to.open),
      inner: to,
      mutable,
    }));
  }

  datatype(handle: number, typeArgs: readonly AbstractType[]): AbstractType {
    return this.#intern(`d${handle}<${typeArgs.map((type) => type.id).join(',')}`, (id) => ({
      ...leaf(
        id,
        'datatype',
        handle,
        typeArgs.some((type) => type.open),
      ),
      typeArgs,
    }));
  }

  fromToken(token: SignatureToken): AbstractType {
    let type = this.#byToken.get(token);
    if (type === undefined) {
      type = this.#make(token);
      this.#byToken.set(token, type);
    }
    return type;
  }

  #make(token: SignatureToken): AbstractType {
    switch (token.kind) {
      case 'vector':
        return this.vector(this.fromToken(token.element));
      case 'reference':
        return this.reference(token.mutable, this.fromToken(token.to));
      case 'typeParameter':
        return this.parameter(token.index);
      case 'datatype':
        return this.datatype(
          token.handle,
          token.typeArgs.map((argument) => this.fromToken(argument)),
        );
      default:
        return this.primitive(token.kind);
    }
  }

  /** The types of a signature. */
  signature(index: number): readonly AbstractType[] {
    return this.#module.signatures[index]!.map((token) => this.fromToken(token));
  }

  /** `type` with type parameter `i` replaced by `typeArgs[i]`. */
  substitute(type: AbstractType, typeArgs: readonly AbstractType[]): AbstractType {
    if (!type.open || typeArgs.length === 0) return type;
    switch (type.kind) {
      case 'typeParameter':
        return typeArgs[type.index]!;
      case 'vector':
        return this.vector(this.substitute(type.inner!, typeArgs));
      case 'reference':
        return this.reference(type.mutable, this.substitute(type.inner!, typeArgs));
      default:
        return this.datatype(
          type.index,
          type.typeArgs.map((argument) => this.substitute(argument, typeArgs)),
        );
    }
  }

  /** Abilities of `type` where type parameter `i` has `parameters[i]`. */
  abilities(type: AbstractType, parameters: readonly number[]): number {
    switch (type.kind) {
      case 'vector':
        return VECTOR_ABILITIES & keptBy(this.abilities(type.inner!, parameters));
      case 'reference':
        return REFERENCE_ABILITIES;
      case 'typeParameter':
        return parameters[type.index]!;
      case 'signer':
        return SIGNER_ABILITIES;
      case 'datatype': {
        const handle = this.#module.datatypeHandles[type.index]!;
        let abilities = handle.abilities;
        type.typeArgs.forEach((argument, i) => {
          if (!handle.typeParameters[i]!.phantom) {
            abilities &= keptBy(this.abilities(argument, parameters));
          }
        });
        return abilities;
      }
      default:
        return PRIMITIVE_ABILITIES;
    }
  }

  /** Text for messages. */
  text(type: AbstractType): string {
    switch (type.kind) {
      case 'vector':
        return `vector<${this.text(type.inner!)}>`;
      case 'reference':
        return `${type.mutable ? '&mut ' : '&'}${this.text(type.inner!)}`;
      case 'typeParameter':
        return `T${type.index}`;
      case 'datatype': {
        const name = this.#module.identifiers[this.#module.datatypeHandles[type.index]!.name]!;
        if (type.typeArgs.length === 0) return name;
        return `${name}<${type.typeArgs.map((argument) => this.text(argument)).join(', ')}>`;
      }
      default:
        return type.kind;
    }
  }
}

function leaf(
  id: number,
  kind: SignatureToken['kind'],
  index: number,
  open: boolean,
): AbstractType {
  return { id, kind, inner: undefined, mutable: false, index, typeArgs: NO_ARGS, open };
}
