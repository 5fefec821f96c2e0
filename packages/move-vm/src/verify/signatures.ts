/**
 * Signature check: references only at the top of parameters, returns and locals; type arguments
 * satisfy their constraints wherever a type or a generic member is named. Source: move-vm.md §1.4, §2.
 */

import {
  ALL_ABILITIES,
  type CompiledModule,
  type FunctionDefinition,
  type SignatureToken,
} from '../binary/module.ts';
import { OPERAND, OPERAND_KIND } from '../binary/opcodes.ts';
import { rejected } from '../common/errors.ts';
import { abilitiesOf, abilityNames, askedOfContents } from './abilities.ts';

type Constraints = readonly number[];

class SignatureChecker {
  readonly #module: CompiledModule;
  /** Signatures already checked, by index and constraint context. */
  readonly #done = new Set<string>();

  constructor(module: CompiledModule) {
    this.#module = module;
  }

  /** A type without references, arguments satisfying their constraints. */
  type(token: SignatureToken, context: Constraints): void {
    if (token.kind === 'reference') {
      throw rejected('INVALID_SIGNATURE_TOKEN', 'a reference inside a type');
    }
    if (token.kind === 'vector') {
      this.type(token.element, context);
    } else if (token.kind === 'datatype') {
      const { typeParameters } = this.#module.datatypeHandles[token.handle]!;
      for (const argument of token.typeArgs) this.type(argument, context);
      this.#satisfied(
        token.typeArgs,
        typeParameters.map((parameter) => parameter.constraints),
        context,
      );
    }
  }

  /** A parameter, return or local: a type or a reference to one. */
  slot(token: SignatureToken, context: Constraints): void {
    this.type(token.kind === 'reference' ? token.to : token, context);
  }

  slots(signature: number, context: Constraints): void {
    if (!this.#first(`s${signature}`, context)) return;
    for (const token of this.#module.signatures[signature]!) this.slot(token, context);
  }

  /** Type arguments of a member that declares `constraints`. */
  typeArgs(signature: number, constraints: Constraints, context: Constraints): void {
    if (!this.#first(`a${signature}:${constraints.join(',')}`, context)) return;
    const typeArgs = this.#module.signatures[signature]!;
    for (const token of typeArgs) this.type(token, context);
    this.#satisfied(typeArgs, constraints, context);
  }

  #first(what: string, context: Constraints): boolean {
    const key = `${what}|${context.join(',')}`;
    if (this.#done.has(key)) return false;
    this.#done.add(key);
    return true;
  }

  #satisfied(
    typeArgs: readonly SignatureToken[],
    constraints: Constraints,
    context: Constraints,
  ): void {
    typeArgs.forEach((argument, i) => {
      const missing = constraints[i]! & ~abilitiesOf(this.#module, argument, context);
      if (missing !== 0) {
        throw rejected(
          'CONSTRAINT_NOT_SATISFIED',
          `type argument ${i} lacks ${abilityNames(missing)}`,
        );
      }
    });
  }
}

function datatypeConstraints(module: CompiledModule, handle: number): number[] {
  return module.datatypeHandles[handle]!.typeParameters.map((parameter) => parameter.constraints);
}

function checkPhantoms(module: CompiledModule, handle: number, token: SignatureToken): void {
  if (token.kind === 'typeParameter') {
    if (module.datatypeHandles[handle]!.typeParameters[token.index]!.phantom) {
      throw rejected(
        'INVALID_PHANTOM_TYPE_PARAM_POSITION',
        `phantom type parameter ${token.index} is used as a value`,
      );
    }
  } else if (token.kind === 'vector') {
    checkPhantoms(module, handle, token.element);
  } else if (token.kind === 'datatype') {
    const { typeParameters } = module.datatypeHandles[token.handle]!;
    token.typeArgs.forEach((argument, i) => {
      // Straight below a phantom position a phantom parameter is fine.
      if (argument.kind === 'typeParameter' && typeParameters[i]!.phantom) return;
      checkPhantoms(module, handle, argument);
    });
  }
}

function checkInstruction(
  module: CompiledModule,
  checker: SignatureChecker,
  kind: number,
  arg: number,
  context: Constraints,
): void {
  switch (kind) {
    case OPERAND.FunctionInstantiation: {
      const { handle, typeArgs } = module.functionInstantiations[arg]!;
      checker.typeArgs(typeArgs, module.functionHandles[handle]!.typeParameters, context);
      return;
    }
    case OPERAND.StructInstantiation: {
      const { definition, typeArgs } = module.structInstantiations[arg]!;
      const { handle } = module.structs[definition]!;
      checker.typeArgs(typeArgs, datatypeConstraints(module, handle), context);
      return;
    }
    case OPERAND.FieldInstantiation: {
      const { handle, typeArgs } = module.fieldInstantiations[arg]!;
      const owner = module.structs[module.fieldHandles[handle]!.owner]!;
      checker.typeArgs(typeArgs, datatypeConstraints(module, owner.handle), context);
      return;
    }
    case OPERAND.VariantInstantiation: {
      const { enumInstantiation } = module.variantInstantiations[arg]!;
      const { definition, typeArgs } = module.enumInstantiations[enumInstantiation]!;
      const { handle } = module.enums[definition]!;
      checker.typeArgs(typeArgs, datatypeConstraints(module, handle), context);
      return;
    }
    case OPERAND.VectorSignature:
    case OPERAND.VectorSignatureCount:
      checker.typeArgs(arg, [0], context);
      return;
    default:
      return;
  }
}

function checkFunction(
  module: CompiledModule,
  checker: SignatureChecker,
  definition: FunctionDefinition,
): void {
  const { code } = definition;
  if (code === undefined) return;
  const context = module.functionHandles[definition.handle]!.typeParameters;
  checker.slots(code.locals, context);
  for (let pc = 0; pc < code.ops.length; pc++) {
    const kind = OPERAND_KIND[code.ops[pc]!]!;
    checkInstruction(module, checker, kind, code.args[pc]!, context);
  }
}

export function checkSignatures(module: CompiledModule): void {
  const checker = new SignatureChecker(module);
  for (const handle of module.functionHandles) {
    checker.slots(handle.parameters, handle.typeParameters);
    checker.slots(handle.returns, handle.typeParameters);
  }
  for (const definition of [...module.structs, ...module.enums]) {
    const context = datatypeConstraints(module, definition.handle);
    const fields =
      'fields' in definition ? definition.fields : definition.variants.flatMap((v) => v.fields);
    const { abilities } = module.datatypeHandles[definition.handle]!;
    checkFieldAbilities(module, abilities, context.length, fields);
    for (const { type } of fields) {
      checker.type(type, context);
      checkPhantoms(module, definition.handle, type);
    }
  }
  for (const definition of module.functions) checkFunction(module, checker, definition);
}

/**
 * Fields must have what the datatype's abilities ask of them. Type parameters count as having every
 * ability here: an instantiation loses what its arguments lack.
 */
function checkFieldAbilities(
  module: CompiledModule,
  abilities: number,
  typeParameters: number,
  fields: readonly { name: number; type: SignatureToken }[],
): void {
  const required = askedOfContents(abilities);
  const parameters = new Array<number>(typeParameters).fill(ALL_ABILITIES);
  for (const { name, type } of fields) {
    if (type.kind === 'reference') continue; // refused as a field type right after
    const missing = required & ~abilitiesOf(module, type, parameters);
    if (missing !== 0) {
      throw rejected(
        'FIELD_MISSING_TYPE_ABILITY',
        `field '${module.identifiers[name]!}' lacks ${abilityNames(missing)}`,
      );
    }
  }
}
