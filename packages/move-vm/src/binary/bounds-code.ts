/**
 * Bounds of function definitions: operands, branch targets, jump tables. Source: move-vm.md §1.7.
 */
import { rejected } from '../common/errors.ts';
import { checkArity, checkIndex, definitionArity, type SignatureNeeds } from './bounds.ts';
import { MAX_LOCALS } from './limits.ts';
import type { CodeUnit, CompiledModule, FunctionDefinition } from './module.ts';
import { OPERAND, OPERAND_KIND } from './opcodes.ts';

function checkGeneric(generic: boolean, arity: number, op: string): void {
  if (generic === arity > 0) return;
  throw rejected(
    'GENERIC_MEMBER_OPCODE_MISMATCH',
    `${op} names a member with ${arity} type parameters`,
  );
}

/** Table length behind each operand kind that is a plain index. */
function tableLengths(module: CompiledModule, unit: CodeUnit, locals: number): number[] {
  const lengths: number[] = [];
  lengths[OPERAND.Offset] = unit.ops.length;
  lengths[OPERAND.Local] = locals;
  lengths[OPERAND.Constant] = module.constants.length;
  lengths[OPERAND.FieldHandle] = module.fieldHandles.length;
  lengths[OPERAND.FieldInstantiation] = module.fieldInstantiations.length;
  lengths[OPERAND.FunctionHandle] = module.functionHandles.length;
  lengths[OPERAND.FunctionInstantiation] = module.functionInstantiations.length;
  lengths[OPERAND.StructDefinition] = module.structs.length;
  lengths[OPERAND.StructInstantiation] = module.structInstantiations.length;
  lengths[OPERAND.VectorSignature] = module.signatures.length;
  lengths[OPERAND.VectorSignatureCount] = module.signatures.length;
  lengths[OPERAND.VariantHandle] = module.variantHandles.length;
  lengths[OPERAND.VariantInstantiation] = module.variantInstantiations.length;
  lengths[OPERAND.JumpTable] = unit.jumpTables.length;
  return lengths;
}

/**
 * Type arguments that an operand brings along must stay inside the function's own type parameters;
 * a generic instruction must name a generic member, a plain one a plain member.
 */
function checkMember(
  module: CompiledModule,
  kind: number,
  arg: number,
  typeParameters: number,
  needs: SignatureNeeds,
): void {
  const structArity = (definition: number): number =>
    definitionArity(module, module.structs[definition]!);
  switch (kind) {
    case OPERAND.FunctionHandle:
      checkGeneric(false, module.functionHandles[arg]!.typeParameters.length, 'Call');
      return;
    case OPERAND.StructDefinition:
      checkGeneric(false, structArity(arg), 'plain struct instruction');
      return;
    case OPERAND.FieldHandle:
      checkGeneric(false, structArity(module.fieldHandles[arg]!.owner), 'plain field instruction');
      return;
    case OPERAND.VariantHandle: {
      const item = module.enums[module.variantHandles[arg]!.enumDefinition]!;
      checkGeneric(false, definitionArity(module, item), 'plain variant instruction');
      return;
    }
    default:
      checkInstantiatedMember(module, kind, arg, typeParameters, needs);
      return;
  }
}

function checkInstantiatedMember(
  module: CompiledModule,
  kind: number,
  arg: number,
  typeParameters: number,
  needs: SignatureNeeds,
): void {
  const check = (typeArgs: number, op: string): void => {
    needs.check(typeArgs, typeParameters, 'type arguments');
    checkGeneric(true, module.signatures[typeArgs]!.length, op);
  };
  switch (kind) {
    case OPERAND.FunctionInstantiation:
      check(module.functionInstantiations[arg]!.typeArgs, 'CallGeneric');
      return;
    case OPERAND.StructInstantiation:
      check(module.structInstantiations[arg]!.typeArgs, 'generic struct instruction');
      return;
    case OPERAND.FieldInstantiation:
      check(module.fieldInstantiations[arg]!.typeArgs, 'generic field instruction');
      return;
    case OPERAND.VariantInstantiation: {
      const { enumInstantiation } = module.variantInstantiations[arg]!;
      const { typeArgs } = module.enumInstantiations[enumInstantiation]!;
      check(typeArgs, 'generic variant instruction');
      return;
    }
    case OPERAND.VectorSignature:
    case OPERAND.VectorSignatureCount:
      needs.check(arg, typeParameters, 'vector element');
      checkArity(module.signatures[arg]!.length, 1, 'vector');
      return;
    default:
      return;
  }
}

function checkJumpTables(module: CompiledModule, unit: CodeUnit): void {
  for (const table of unit.jumpTables) {
    checkIndex(table.headEnum, module.enums.length, 'head enum');
    const variants = module.enums[table.headEnum]!.variants.length;
    if (table.offsets.length !== variants) {
      throw rejected(
        'INDEX_OUT_OF_BOUNDS',
        `jump table with ${table.offsets.length} branches for an enum of ${variants} variants`,
      );
    }
    for (const offset of table.offsets) checkIndex(offset, unit.ops.length, 'jump offset');
  }
}

function checkFunction(
  module: CompiledModule,
  definition: FunctionDefinition,
  needs: SignatureNeeds,
): void {
  checkIndex(definition.handle, module.functionHandles.length, 'function handle');
  for (const struct of definition.acquires) {
    checkIndex(struct, module.structs.length, 'acquired struct');
  }
  const unit = definition.code;
  if (unit === undefined) return;
  const handle = module.functionHandles[definition.handle]!;
  const typeParameters = handle.typeParameters.length;
  needs.check(unit.locals, typeParameters, 'locals signature');
  const parameters = module.signatures[handle.parameters]!.length;
  const locals = parameters + module.signatures[unit.locals]!.length;
  if (locals > MAX_LOCALS) {
    throw rejected('TOO_MANY_LOCALS', `${locals} parameters and locals, at most ${MAX_LOCALS}`);
  }
  checkJumpTables(module, unit);
  const lengths = tableLengths(module, unit, locals);
  for (let pc = 0; pc < unit.ops.length; pc++) {
    const kind = OPERAND_KIND[unit.ops[pc]!]!;
    if (kind === OPERAND.None || kind >= OPERAND.U8) continue;
    const arg = unit.args[pc]!;
    if (arg >= lengths[kind]!) {
      throw rejected(
        'INDEX_OUT_OF_BOUNDS',
        `operand ${arg} of instruction ${pc}, the table has ${lengths[kind]}`,
      );
    }
    if (kind > OPERAND.Constant) checkMember(module, kind, arg, typeParameters, needs);
  }
}

export function boundsOfCode(module: CompiledModule, needs: SignatureNeeds): void {
  for (const definition of module.functions) checkFunction(module, definition, needs);
}
