/**
 * Limits that the verifier holds a module to. Source: move-vm.md §1.7 (mainnet protocol 118).
 */

import { MAX_VARIANT_COUNT } from '../binary/limits.ts';
import type { CompiledModule, Signature, SignatureToken } from '../binary/module.ts';
import { rejected } from '../common/errors.ts';
import { MAX_IDENTIFIER_LENGTH } from '../common/identifier.ts';

/** Type parameters of a declaration, and type arguments of an instantiation. */
export const MAX_TYPE_PARAMETERS = 32;
export const MAX_FUNCTION_PARAMETERS = 128;
export const MAX_BASIC_BLOCKS = 1024;
export const MAX_LOOP_DEPTH = 5;
export const MAX_BACK_EDGES = 10_000;
/** Operands that a function may have on the stack in one basic block. */
export const MAX_BLOCK_STACK = 1024;
/** Pushes in one function, each instruction counted once. */
export const MAX_FUNCTION_PUSHES = 10_000;
/** Weighted nodes of one type; datatypes and type parameters weigh `HEAVY_NODE`. */
export const MAX_TYPE_NODES = 256;
const HEAVY_NODE = 4;
/** Structs and enums together. */
export const MAX_DATATYPES = 200;
export const MAX_FUNCTIONS = 1000;
export const MAX_STRUCT_FIELDS = 32;
export const MAX_ENUM_VARIANTS = MAX_VARIANT_COUNT;
/** Elements of a vector constant. */
export const MAX_CONSTANT_VECTOR_LENGTH = 262_144;

function typeWeight(token: SignatureToken): number {
  switch (token.kind) {
    case 'vector':
      return 1 + typeWeight(token.element);
    case 'reference':
      return 1 + typeWeight(token.to);
    case 'typeParameter':
      return HEAVY_NODE;
    case 'datatype': {
      let weight = HEAVY_NODE;
      for (const argument of token.typeArgs) weight += typeWeight(argument);
      return weight;
    }
    default:
      return 1;
  }
}

function checkType(token: SignatureToken): void {
  const weight = typeWeight(token);
  if (weight > MAX_TYPE_NODES) {
    throw rejected('TOO_MANY_TYPE_NODES', `a type weighs ${weight}, at most ${MAX_TYPE_NODES}`);
  }
  checkArities(token);
}

function checkArities(token: SignatureToken): void {
  if (token.kind === 'vector') checkArities(token.element);
  else if (token.kind === 'reference') checkArities(token.to);
  else if (token.kind === 'datatype') {
    checkTypeParameterCount(token.typeArgs.length, 'type arguments');
    token.typeArgs.forEach(checkArities);
  }
}

function checkTypeParameterCount(count: number, what: string): void {
  if (count > MAX_TYPE_PARAMETERS) {
    throw rejected('TOO_MANY_TYPE_PARAMETERS', `${count} ${what}, at most ${MAX_TYPE_PARAMETERS}`);
  }
}

function checkFields(count: number): void {
  if (count > MAX_STRUCT_FIELDS) {
    throw rejected(
      'MAX_FIELD_DEFINITIONS_REACHED',
      `${count} fields, at most ${MAX_STRUCT_FIELDS}`,
    );
  }
}

function checkDefinitions(module: CompiledModule): void {
  if (module.functions.length > MAX_FUNCTIONS) {
    throw rejected('MAX_FUNCTION_DEFINITIONS_REACHED', `${module.functions.length} functions`);
  }
  const datatypes = module.structs.length + module.enums.length;
  if (datatypes > MAX_DATATYPES) {
    throw rejected('MAX_STRUCT_DEFINITIONS_REACHED', `${datatypes} structs and enums`);
  }
  for (const struct of module.structs) {
    checkFields(struct.fields.length);
    for (const field of struct.fields) checkType(field.type);
  }
  for (const { variants } of module.enums) {
    if (variants.length > MAX_ENUM_VARIANTS) {
      throw rejected('MAX_VARIANTS_REACHED', `${variants.length} variants`);
    }
    for (const variant of variants) {
      checkFields(variant.fields.length);
      for (const field of variant.fields) checkType(field.type);
    }
  }
}

export function checkLimits(module: CompiledModule): void {
  for (const identifier of module.identifiers) {
    if (identifier.length > MAX_IDENTIFIER_LENGTH) {
      throw rejected(
        'IDENTIFIER_TOO_LONG',
        `identifier of ${identifier.length} bytes, at most ${MAX_IDENTIFIER_LENGTH}`,
      );
    }
  }
  for (const handle of module.datatypeHandles) {
    checkTypeParameterCount(handle.typeParameters.length, 'type parameters');
  }
  for (const handle of module.functionHandles) {
    checkTypeParameterCount(handle.typeParameters.length, 'type parameters');
    const parameters: Signature = module.signatures[handle.parameters]!;
    if (parameters.length > MAX_FUNCTION_PARAMETERS) {
      throw rejected(
        'TOO_MANY_PARAMETERS',
        `${parameters.length} parameters, at most ${MAX_FUNCTION_PARAMETERS}`,
      );
    }
  }
  for (const signature of module.signatures) signature.forEach(checkType);
  for (const constant of module.constants) checkType(constant.type);
  checkDefinitions(module);
}
