/**
 * Bounds check: every index in a module points into its table, type parameters exist where they are
 * named, instantiations have the right arity, code jumps inside itself. Source: move-vm.md §1.7.
 *
 * Runs as the last step of parsing; all later code follows indices without looking.
 */
import { rejected } from '../common/errors.ts';
import { boundsOfCode } from './bounds-code.ts';
import type {
  CompiledModule,
  EnumDefinition,
  FieldDefinition,
  Signature,
  SignatureToken,
  StructDefinition,
} from './module.ts';

/** `INDEX_OUT_OF_BOUNDS` unless `index` is below `length`. */
export function checkIndex(index: number, length: number, what: string): void {
  if (index >= length) {
    throw rejected('INDEX_OUT_OF_BOUNDS', `${what} ${index}, the table has ${length}`);
  }
}

/**
 * Checks a token: handles in range, arity right, type parameters below `typeParameters` (undefined:
 * not known here; the user of the signature checks).
 */
export function checkToken(
  module: CompiledModule,
  token: SignatureToken,
  typeParameters: number | undefined,
): void {
  switch (token.kind) {
    case 'vector':
      checkToken(module, token.element, typeParameters);
      return;
    case 'reference':
      checkToken(module, token.to, typeParameters);
      return;
    case 'typeParameter':
      if (typeParameters !== undefined) {
        checkIndex(token.index, typeParameters, 'type parameter');
      }
      return;
    case 'datatype': {
      checkIndex(token.handle, module.datatypeHandles.length, 'datatype handle');
      const expected = module.datatypeHandles[token.handle]!.typeParameters.length;
      checkArity(token.typeArgs.length, expected, `datatype handle ${token.handle}`);
      for (const argument of token.typeArgs) checkToken(module, argument, typeParameters);
      return;
    }
    default:
      return;
  }
}

export function checkArity(actual: number, expected: number, what: string): void {
  if (actual !== expected) {
    throw rejected(
      'NUMBER_OF_TYPE_ARGUMENTS_MISMATCH',
      `${what} takes ${expected} type arguments, got ${actual}`,
    );
  }
}

/** Number of type parameters that a signature needs: one more than the largest index in it. */
function typeParametersNeeded(signature: Signature): number {
  let needed = 0;
  const visit = (token: SignatureToken): void => {
    if (token.kind === 'typeParameter') needed = Math.max(needed, token.index + 1);
    else if (token.kind === 'vector') visit(token.element);
    else if (token.kind === 'reference') visit(token.to);
    else if (token.kind === 'datatype') token.typeArgs.forEach(visit);
  };
  signature.forEach(visit);
  return needed;
}

/** Memo of `typeParametersNeeded` for the signatures of one module. */
export class SignatureNeeds {
  readonly #module: CompiledModule;
  readonly #needed: number[];

  constructor(module: CompiledModule) {
    this.#module = module;
    this.#needed = module.signatures.map(typeParametersNeeded);
  }

  /** Checks that signature `index` exists and stays inside `typeParameters`. */
  check(index: number, typeParameters: number, what: string): void {
    checkIndex(index, this.#module.signatures.length, what);
    const needed = this.#needed[index]!;
    if (needed > typeParameters) {
      throw rejected(
        'INDEX_OUT_OF_BOUNDS',
        `type parameter ${needed - 1} in ${what} ${index}, only ${typeParameters} are declared`,
      );
    }
  }
}

function checkHandles(module: CompiledModule, needs: SignatureNeeds): void {
  const { moduleHandles, identifiers } = module;
  if (moduleHandles.length === 0) throw rejected('NO_MODULE_HANDLES', 'no module handle at all');
  for (const handle of [...moduleHandles, ...module.friends]) {
    checkIndex(handle.address, module.addresses.length, 'address');
    checkIndex(handle.name, identifiers.length, 'module name');
  }
  checkIndex(module.selfHandle, moduleHandles.length, 'self module handle');
  for (const handle of module.datatypeHandles) {
    checkIndex(handle.module, moduleHandles.length, 'module handle');
    checkIndex(handle.name, identifiers.length, 'datatype name');
  }
  for (const handle of module.functionHandles) {
    checkIndex(handle.module, moduleHandles.length, 'module handle');
    checkIndex(handle.name, identifiers.length, 'function name');
    needs.check(handle.parameters, handle.typeParameters.length, 'parameter signature');
    needs.check(handle.returns, handle.typeParameters.length, 'return signature');
  }
}

function checkFields(
  module: CompiledModule,
  fields: readonly FieldDefinition[],
  typeParameters: number,
): void {
  for (const field of fields) {
    checkIndex(field.name, module.identifiers.length, 'field name');
    checkToken(module, field.type, typeParameters);
  }
}

/** Type parameters of a struct or enum definition. */
export function definitionArity(
  module: CompiledModule,
  definition: StructDefinition | EnumDefinition,
): number {
  return module.datatypeHandles[definition.handle]!.typeParameters.length;
}

function checkDefinitions(module: CompiledModule): void {
  for (const struct of module.structs) {
    checkIndex(struct.handle, module.datatypeHandles.length, 'datatype handle');
    checkFields(module, struct.fields, definitionArity(module, struct));
  }
  for (const item of module.enums) {
    checkIndex(item.handle, module.datatypeHandles.length, 'datatype handle');
    for (const variant of item.variants) {
      checkIndex(variant.name, module.identifiers.length, 'variant name');
      checkFields(module, variant.fields, definitionArity(module, item));
    }
  }
  for (const handle of module.fieldHandles) {
    checkIndex(handle.owner, module.structs.length, 'struct definition');
    checkIndex(handle.field, module.structs[handle.owner]!.fields.length, 'field number');
  }
  for (const handle of module.variantHandles) {
    checkIndex(handle.enumDefinition, module.enums.length, 'enum definition');
    const { variants } = module.enums[handle.enumDefinition]!;
    checkIndex(handle.variant, variants.length, 'variant tag');
  }
}

function checkInstantiations(module: CompiledModule): void {
  const typeArgs = (index: number, expected: number, what: string): void => {
    checkIndex(index, module.signatures.length, 'type argument signature');
    checkArity(module.signatures[index]!.length, expected, what);
  };
  for (const { handle, typeArgs: index } of module.functionInstantiations) {
    checkIndex(handle, module.functionHandles.length, 'function handle');
    typeArgs(index, module.functionHandles[handle]!.typeParameters.length, 'function');
  }
  for (const { definition, typeArgs: index } of module.structInstantiations) {
    checkIndex(definition, module.structs.length, 'struct definition');
    typeArgs(index, definitionArity(module, module.structs[definition]!), 'struct');
  }
  for (const { definition, typeArgs: index } of module.enumInstantiations) {
    checkIndex(definition, module.enums.length, 'enum definition');
    typeArgs(index, definitionArity(module, module.enums[definition]!), 'enum');
  }
  for (const { handle, typeArgs: index } of module.fieldInstantiations) {
    checkIndex(handle, module.fieldHandles.length, 'field handle');
    const owner = module.structs[module.fieldHandles[handle]!.owner]!;
    typeArgs(index, definitionArity(module, owner), 'struct');
  }
  for (const { enumInstantiation, variant } of module.variantInstantiations) {
    checkIndex(enumInstantiation, module.enumInstantiations.length, 'enum instantiation');
    const { definition } = module.enumInstantiations[enumInstantiation]!;
    checkIndex(variant, module.enums[definition]!.variants.length, 'variant tag');
  }
}

export function checkBounds(module: CompiledModule): void {
  for (const signature of module.signatures) {
    for (const token of signature) checkToken(module, token, undefined);
  }
  const needs = new SignatureNeeds(module);
  checkHandles(module, needs);
  for (const constant of module.constants) checkToken(module, constant.type, 0);
  checkDefinitions(module);
  checkInstantiations(module);
  boundsOfCode(module, needs);
}
