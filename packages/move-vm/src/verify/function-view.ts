/**
 * One function under verification: its code, graph, types of parameters, locals and returns, and the
 * way to reject it with the place of the fault.
 */

import type { CodeUnit, CompiledModule, FieldDefinition } from '../binary/module.ts';
import { definedFunctionName, selfId } from '../binary/view.ts';
import { rejected, type VmError } from '../common/errors.ts';
import type { StatusName } from '../common/status.ts';
import type { ControlFlowGraph } from './cfg.ts';
import type { AbstractType, TypeInterner } from './types.ts';

export interface CalleeTypes {
  readonly parameters: readonly AbstractType[];
  readonly returns: readonly AbstractType[];
}

/** A datatype and the fields of the struct or variant that an instruction works on. */
export interface MemberTypes {
  readonly owner: AbstractType;
  readonly fields: readonly AbstractType[];
}

export class FunctionView {
  readonly module: CompiledModule;
  readonly types: TypeInterner;
  readonly code: CodeUnit;
  readonly graph: ControlFlowGraph;
  /** Parameters, then declared locals. */
  readonly locals: readonly AbstractType[];
  readonly parameterCount: number;
  readonly returns: readonly AbstractType[];
  /** Constraint abilities of the function's type parameters. */
  readonly constraints: readonly number[];
  readonly #index: number;
  readonly #abilities = new Map<AbstractType, number>();

  constructor(
    types: TypeInterner,
    target: { module: CompiledModule; index: number; code: CodeUnit; graph: ControlFlowGraph },
  ) {
    const { module, index, code, graph } = target;
    const handle = module.functionHandles[module.functions[index]!.handle]!;
    const parameters = types.signature(handle.parameters);
    this.module = module;
    this.types = types;
    this.code = code;
    this.graph = graph;
    this.parameterCount = parameters.length;
    this.locals = [...parameters, ...types.signature(code.locals)];
    this.returns = types.signature(handle.returns);
    this.constraints = handle.typeParameters;
    this.#index = index;
  }

  abilities(type: AbstractType): number {
    let abilities = this.#abilities.get(type);
    if (abilities === undefined) {
      abilities = this.types.abilities(type, this.constraints);
      this.#abilities.set(type, abilities);
    }
    return abilities;
  }

  has(type: AbstractType, ability: number): boolean {
    return (this.abilities(type) & ability) !== 0;
  }

  /** Types of a plain call. */
  callee(handleIndex: number, typeArgs: readonly AbstractType[] = []): CalleeTypes {
    const handle = this.module.functionHandles[handleIndex]!;
    const instantiate = (signature: number): readonly AbstractType[] =>
      this.types.signature(signature).map((type) => this.types.substitute(type, typeArgs));
    return { parameters: instantiate(handle.parameters), returns: instantiate(handle.returns) };
  }

  calleeGeneric(instantiation: number): CalleeTypes {
    const { handle, typeArgs } = this.module.functionInstantiations[instantiation]!;
    return this.callee(handle, this.types.signature(typeArgs));
  }

  #member(
    handle: number,
    fields: readonly FieldDefinition[],
    typeArgs: readonly AbstractType[],
  ): MemberTypes {
    return {
      owner: this.types.datatype(handle, typeArgs),
      fields: fields.map((field) =>
        this.types.substitute(this.types.fromToken(field.type), typeArgs),
      ),
    };
  }

  struct(definition: number, typeArgs: readonly AbstractType[] = []): MemberTypes {
    const { handle, fields } = this.module.structs[definition]!;
    return this.#member(handle, fields, typeArgs);
  }

  structGeneric(instantiation: number): MemberTypes {
    const { definition, typeArgs } = this.module.structInstantiations[instantiation]!;
    return this.struct(definition, this.types.signature(typeArgs));
  }

  variant(variantHandle: number): MemberTypes {
    const { enumDefinition, variant } = this.module.variantHandles[variantHandle]!;
    const { handle, variants } = this.module.enums[enumDefinition]!;
    return this.#member(handle, variants[variant]!.fields, []);
  }

  variantGeneric(variantInstantiation: number): MemberTypes {
    const { enumInstantiation, variant } = this.module.variantInstantiations[variantInstantiation]!;
    const { definition, typeArgs } = this.module.enumInstantiations[enumInstantiation]!;
    const { handle, variants } = this.module.enums[definition]!;
    return this.#member(handle, variants[variant]!.fields, this.types.signature(typeArgs));
  }

  /** Owner and type of a field, by field handle. */
  field(handle: number, typeArgs: readonly AbstractType[] = []): [AbstractType, AbstractType] {
    const { owner, field } = this.module.fieldHandles[handle]!;
    const struct = this.module.structs[owner]!;
    const type = this.types.fromToken(struct.fields[field]!.type);
    return [this.types.datatype(struct.handle, typeArgs), this.types.substitute(type, typeArgs)];
  }

  fieldGeneric(instantiation: number): [AbstractType, AbstractType] {
    const { handle, typeArgs } = this.module.fieldInstantiations[instantiation]!;
    return this.field(handle, this.types.signature(typeArgs));
  }

  /** A rejection at instruction `pc`. */
  fault(status: StatusName, pc: number, message: string): VmError {
    const module = selfId(this.module);
    const functionName = definedFunctionName(this.module, this.#index);
    return rejected(
      status,
      `${module.address}::${module.name}::${functionName} at instruction ${pc}: ${message}`,
      { module, location: { module, function: this.#index, instruction: pc, functionName } },
    );
  }
}
