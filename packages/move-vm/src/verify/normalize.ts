/**
 * Declarations and code of a module in a form that does not depend on table order, so that two
 * versions can be compared: indices replaced by the names and types behind them.
 */
import type {
  CodeUnit,
  CompiledModule,
  FieldDefinition,
  FunctionDefinition,
  Visibility,
} from '../binary/module.ts';
import { OPERAND, OPERAND_KIND } from '../binary/opcodes.ts';
import {
  datatypeName,
  definedFunctionName,
  functionModule,
  functionName,
  moduleIdOf,
  selfId,
} from '../binary/view.ts';
import { signatureText, typeText } from './type-text.ts';

export interface NormalDatatype {
  readonly abilities: number;
  readonly typeParameters: readonly { readonly constraints: number; readonly phantom: boolean }[];
  /** Fields of a struct, or variants with their fields, in order, as one text. */
  readonly contents: string;
}

export interface NormalFunction {
  readonly visibility: Visibility;
  readonly isEntry: boolean;
  readonly typeParameters: readonly number[];
  readonly parameters: string;
  readonly returns: string;
  /** Code as text; computed when asked for, since most upgrades do not compare it. */
  code(): string;
}

export interface NormalModule {
  readonly version: number;
  readonly structs: ReadonlyMap<string, NormalDatatype>;
  readonly enums: ReadonlyMap<string, NormalDatatype>;
  readonly functions: ReadonlyMap<string, NormalFunction>;
  readonly friends: readonly string[];
}

function fieldsText(module: CompiledModule, fields: readonly FieldDefinition[]): string {
  return fields
    .map(({ name, type }) => `${module.identifiers[name]!}: ${typeText(module, type)}`)
    .join(', ');
}

function datatype(module: CompiledModule, handleIndex: number, contents: string) {
  const handle = module.datatypeHandles[handleIndex]!;
  const { abilities, typeParameters } = handle;
  return [datatypeName(module, handle), { abilities, typeParameters, contents }] as const;
}

function structText(module: CompiledModule, definition: number): string {
  const handle = module.datatypeHandles[module.structs[definition]!.handle]!;
  return datatypeName(module, handle);
}

function fieldText(module: CompiledModule, fieldHandle: number): string {
  const { owner, field } = module.fieldHandles[fieldHandle]!;
  const { name } = module.structs[owner]!.fields[field]!;
  return `${structText(module, owner)}.${module.identifiers[name]!}`;
}

function calleeText(module: CompiledModule, index: number): string {
  const handle = module.functionHandles[index]!;
  const id = functionModule(module, handle);
  return `${id.address}::${id.name}::${functionName(module, handle)}`;
}

function enumText(module: CompiledModule, definition: number): string {
  const handle = module.datatypeHandles[module.enums[definition]!.handle]!;
  return datatypeName(module, handle);
}

function operandText(module: CompiledModule, kind: number, arg: number): string {
  const withArgs = (text: string, typeArgs: number): string =>
    `${text}<${signatureText(module, typeArgs)}>`;
  switch (kind) {
    case OPERAND.Constant: {
      const { type, data } = module.constants[arg]!;
      return `${typeText(module, type)} ${data.join('.')}`;
    }
    case OPERAND.FieldHandle:
      return fieldText(module, arg);
    case OPERAND.FieldInstantiation: {
      const { handle, typeArgs } = module.fieldInstantiations[arg]!;
      return withArgs(fieldText(module, handle), typeArgs);
    }
    case OPERAND.FunctionHandle:
      return calleeText(module, arg);
    case OPERAND.FunctionInstantiation: {
      const { handle, typeArgs } = module.functionInstantiations[arg]!;
      return withArgs(calleeText(module, handle), typeArgs);
    }
    case OPERAND.StructDefinition:
      return structText(module, arg);
    case OPERAND.StructInstantiation: {
      const { definition, typeArgs } = module.structInstantiations[arg]!;
      return withArgs(structText(module, definition), typeArgs);
    }
    case OPERAND.VectorSignature:
    case OPERAND.VectorSignatureCount:
      return signatureText(module, arg);
    case OPERAND.VariantHandle: {
      const { enumDefinition, variant } = module.variantHandles[arg]!;
      return `${enumText(module, enumDefinition)}#${variant}`;
    }
    case OPERAND.VariantInstantiation: {
      const { enumInstantiation, variant } = module.variantInstantiations[arg]!;
      const { definition, typeArgs } = module.enumInstantiations[enumInstantiation]!;
      return withArgs(`${enumText(module, definition)}#${variant}`, typeArgs);
    }
    default:
      return `${arg}`;
  }
}

function codeText(module: CompiledModule, unit: CodeUnit): string {
  const lines = [signatureText(module, unit.locals)];
  unit.ops.forEach((op, pc) => {
    const operand = operandText(module, OPERAND_KIND[op]!, unit.args[pc]!);
    lines.push(`${op} ${operand} ${unit.wide[pc] ?? ''}`);
  });
  for (const { headEnum, offsets } of unit.jumpTables) {
    lines.push(`${enumText(module, headEnum)} ${offsets.join(',')}`);
  }
  return lines.join('\n');
}

function normalFunction(module: CompiledModule, definition: FunctionDefinition): NormalFunction {
  const handle = module.functionHandles[definition.handle]!;
  const { code } = definition;
  return {
    visibility: definition.visibility,
    isEntry: definition.isEntry,
    typeParameters: handle.typeParameters,
    parameters: signatureText(module, handle.parameters),
    returns: signatureText(module, handle.returns),
    code: () => (code === undefined ? 'native' : codeText(module, code)),
  };
}

export function normalizeModule(module: CompiledModule): NormalModule {
  const structs = module.structs.map(({ handle, fields }) =>
    datatype(module, handle, fieldsText(module, fields)),
  );
  const enums = module.enums.map(({ handle, variants }) =>
    datatype(
      module,
      handle,
      variants
        .map(({ name, fields }) => `${module.identifiers[name]!} { ${fieldsText(module, fields)} }`)
        .join(', '),
    ),
  );
  return {
    version: module.version,
    structs: new Map(structs),
    enums: new Map(enums),
    functions: new Map(
      module.functions.map((definition, index) => [
        definedFunctionName(module, index),
        normalFunction(module, definition),
      ]),
    ),
    friends: module.friends.map((friend) => moduleIdOf(module, friend).name).sort(),
  };
}

/** The module's own name, for messages. */
export function moduleName(module: CompiledModule): string {
  return selfId(module).name;
}
