/**
 * One module of a linked package: handles resolved to datatypes, functions and types.
 *
 * Everything is resolved on first use and kept. What a handle claims about another module (arity,
 * signature) is compared with what that module really has; abilities always come from the
 * definition. Source: move-vm.md §1.3, §7.
 */
import type { CompiledModule, SignatureToken } from '../binary/module.ts';
import { datatypeModule, datatypeName, functionModule, functionName } from '../binary/view.ts';
import { STATUS, VmError } from '../common/index.ts';
import { LinkedFunction } from './linked-function.ts';
import { checkConstraints, type LinkedPackage } from './loader.ts';
import type { ParsedModule } from './package-cache.ts';
import {
  type DatatypeDefinition,
  KIND,
  type MoveType,
  PRIMITIVE_TYPES,
  referenceTo,
  typeParameter,
  vectorOf,
} from './types.ts';

export class LinkedModule {
  readonly package: LinkedPackage;
  readonly name: string;
  readonly compiled: CompiledModule;
  readonly #parsed: ParsedModule;
  readonly #datatypes: (DatatypeDefinition | undefined)[] = [];
  readonly #functions: (LinkedFunction | undefined)[] = [];
  readonly #callees: (LinkedFunction | undefined)[] = [];

  constructor(owner: LinkedPackage, parsed: ParsedModule) {
    this.package = owner;
    this.name = parsed.name;
    this.compiled = parsed.compiled;
    this.#parsed = parsed;
  }

  /** `0x…::name` with the storage id, for messages. */
  toString(): string {
    return `${this.package.storageId}::${this.name}`;
  }

  findFunction(name: string): LinkedFunction | undefined {
    const index = this.#parsed.functionIndex(name);
    return index < 0 ? undefined : this.function(index);
  }

  /** The function definition at `index`. */
  function(index: number): LinkedFunction {
    let linked = this.#functions[index];
    if (linked === undefined) {
      linked = new LinkedFunction(this, index);
      this.#functions[index] = linked;
    }
    return linked;
  }

  /** Resolves every datatype and checks and translates every function. */
  checkAll(): void {
    for (const shape of [...this.compiled.structs, ...this.compiled.enums]) {
      this.datatype(shape.handle).check();
    }
    for (let i = 0; i < this.compiled.functions.length; i++) {
      const linked = this.function(i);
      if (!linked.isNative) void linked.code;
    }
  }

  /** The datatype behind a datatype handle. */
  datatype(handleIndex: number): DatatypeDefinition {
    let definition = this.#datatypes[handleIndex];
    if (definition === undefined) {
      definition = this.#resolveDatatype(handleIndex);
      this.#datatypes[handleIndex] = definition;
    }
    return definition;
  }

  #resolveDatatype(handleIndex: number): DatatypeDefinition {
    const handle = this.compiled.datatypeHandles[handleIndex]!;
    const owner = datatypeModule(this.compiled, handle);
    const name = datatypeName(this.compiled, handle);
    const { cached, loader } = this.package.dependency(owner.address);
    const definition = loader.definition(cached.definingId(owner.name, name), owner.name, name);
    if (definition.typeParameters.length !== handle.typeParameters.length) {
      throw new VmError(
        STATUS.TYPE_MISMATCH,
        `${this}: ${owner.name}::${name} has ${definition.typeParameters.length} type parameters`,
      );
    }
    return definition;
  }

  /** The function behind a function handle; checked to be callable from here with that signature. */
  callee(handleIndex: number): LinkedFunction {
    let callee = this.#callees[handleIndex];
    if (callee === undefined) {
      callee = this.#resolveCallee(handleIndex);
      this.#callees[handleIndex] = callee;
    }
    return callee;
  }

  #resolveCallee(handleIndex: number): LinkedFunction {
    const handle = this.compiled.functionHandles[handleIndex]!;
    const owner = functionModule(this.compiled, handle);
    const name = functionName(this.compiled, handle);
    const target = this.package.dependency(owner.address);
    const module =
      target === this.package && owner.name === this.name ? this : target.module(owner.name);
    const callee = module.findFunction(name);
    if (callee === undefined) {
      throw new VmError(
        STATUS.FUNCTION_RESOLUTION_FAILURE,
        `${this} calls ${module}::${name}, which does not exist`,
      );
    }
    if (!callee.isVisibleTo(this)) {
      throw new VmError(
        STATUS.LINKER_ERROR,
        `${this} may not call ${module}::${name}, which is ${callee.visibility}`,
      );
    }
    this.#checkSignature(handleIndex, callee);
    return callee;
  }

  #checkSignature(handleIndex: number, callee: LinkedFunction): void {
    const handle = this.compiled.functionHandles[handleIndex]!;
    const constraints = handle.typeParameters;
    const parameters = this.signature(handle.parameters, constraints);
    const returns = this.signature(handle.returns, constraints);
    const same =
      sameTypes(parameters, callee.parameters) &&
      sameTypes(returns, callee.returns) &&
      constraints.length === callee.constraints.length &&
      constraints.every((claimed, i) => (callee.constraints[i]! & ~claimed) === 0);
    if (!same) {
      throw new VmError(
        STATUS.TYPE_MISMATCH,
        `${this} declares another signature for ${callee} than it has`,
      );
    }
  }

  /** Types of a signature; references are allowed at its top level only. */
  signature(index: number, constraints: readonly number[]): readonly MoveType[] {
    return this.compiled.signatures[index]!.map((token) => {
      if (token.kind !== 'reference') return this.type(token, constraints);
      return referenceTo(this.type(token.to, constraints), token.mutable);
    });
  }

  /** Type arguments of an instantiation, with type parameters of the enclosing declaration. */
  typeArguments(index: number, constraints: readonly number[]): readonly MoveType[] {
    return this.compiled.signatures[index]!.map((token) => this.type(token, constraints));
  }

  /** A type without references; `constraints` are those of the type parameters in scope. */
  type(token: SignatureToken, constraints: readonly number[]): MoveType {
    switch (token.kind) {
      case 'vector':
        return vectorOf(this.type(token.element, constraints));
      case 'reference':
        throw new VmError(STATUS.INVALID_SIGNATURE_TOKEN, `${this}: a reference inside a type`);
      case 'typeParameter':
        if (token.index >= constraints.length) {
          throw new VmError(
            STATUS.INDEX_OUT_OF_BOUNDS,
            `${this}: no type parameter ${token.index}`,
          );
        }
        return typeParameter(token.index);
      case 'datatype': {
        const definition = this.datatype(token.handle);
        const typeArguments = token.typeArgs.map((argument) => this.type(argument, constraints));
        const type = definition.instantiate(typeArguments);
        checkConstraints(
          definition.name,
          definition.typeParameters.map((parameter) => parameter.constraints),
          typeArguments,
          constraints,
        );
        return type;
      }
      default:
        return PRIMITIVE_TYPES[token.kind];
    }
  }
}

function sameTypes(a: readonly MoveType[], b: readonly MoveType[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}

export function isReference(type: MoveType): boolean {
  return type.kind === KIND.Reference || type.kind === KIND.MutableReference;
}
