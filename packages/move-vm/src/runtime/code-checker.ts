/**
 * Checks one instruction after the other against the types on the operand stack and writes down the
 * specialized instruction. One instance for each function; see code.ts for the rules as a whole.
 */
import type { CodeUnit } from '../binary/module.ts';
import { OP, opcodeName } from '../binary/opcodes.ts';
import { isVmError, STATUS, type StatusName, VmError } from '../common/index.ts';
import type { CallSite, Code, PackSite } from './code.ts';
import { I } from './instructions.ts';
import { integerInstruction } from './integer-instructions.ts';
import { MAX_OPERAND_STACK } from './limits.ts';
import type { LinkedFunction } from './linked-function.ts';
import { isReference } from './linked-module.ts';
import { checkConstraints } from './loader.ts';
import { deserializeValue } from './serialization.ts';
import {
  ADDRESS,
  abilitiesOf,
  BOOL,
  COPY,
  type DatatypeDefinition,
  DROP,
  KIND,
  type MoveType,
  nestsTooDeep,
  referenceTo,
  substitute,
  U8,
  U16,
  U32,
  U64,
  U128,
  U256,
  vectorOf,
} from './types.ts';
import { u64FromBigInt } from './u64.ts';
import type { Value } from './value.ts';

type CheckedCode = Omit<Code, 'localCount' | 'undroppable'>;

export class CodeChecker {
  readonly #linked: LinkedFunction;
  readonly #unit: CodeUnit;
  readonly #locals: readonly MoveType[];
  readonly #constraints: readonly number[];
  readonly #stack: MoveType[] = [];
  readonly #ops: Uint8Array;
  readonly #args: Uint32Array;
  readonly #constants: Value[] = [];
  readonly #calls: CallSite[] = [];
  readonly #types: MoveType[] = [];
  readonly #packs: PackSite[] = [];
  readonly #switches: (readonly number[])[] = [];

  constructor(linked: LinkedFunction, unit: CodeUnit, locals: readonly MoveType[]) {
    this.#linked = linked;
    this.#unit = unit;
    this.#locals = locals;
    this.#constraints = linked.constraints;
    this.#ops = new Uint8Array(unit.ops.length);
    this.#args = new Uint32Array(unit.ops.length);
  }

  result(): CheckedCode {
    return {
      ops: this.#ops,
      args: this.#args,
      constants: this.#constants,
      calls: this.#calls,
      types: this.#types,
      packs: this.#packs,
      switches: this.#switches,
    };
  }

  abilities(type: MoveType): number {
    return type.open ? abilitiesOf(type, this.#constraints) : type.abilities;
  }

  expectEmptyStack(): void {
    if (this.#stack.length > 0) {
      throw fault('POSITIVE_STACK_SIZE_AT_BLOCK_END', `${this.#stack.length} values are left`);
    }
  }

  #push(type: MoveType): void {
    if (this.#stack.length >= MAX_OPERAND_STACK) {
      throw fault('VALUE_STACK_OVERFLOW', `more than ${MAX_OPERAND_STACK} values`);
    }
    this.#stack.push(type);
  }

  #pop(): MoveType {
    const type = this.#stack.pop();
    if (type === undefined) throw fault('NEGATIVE_STACK_SIZE_WITHIN_BLOCK', 'nothing to pop');
    return type;
  }

  #popExactly(expected: MoveType, status: StatusName = 'TYPE_MISMATCH'): void {
    const type = this.#pop();
    if (type !== expected) throw fault(status, `expected ${expected}, found ${type}`);
  }

  /** Pops a reference, mutable if asked for, and returns what it points to. */
  #popReference(mutable: boolean, status: StatusName): MoveType {
    const type = this.#pop();
    const fits = mutable ? type.kind === KIND.MutableReference : isReference(type);
    if (!fits) throw fault(status, `expected a ${mutable ? '&mut ' : ''}reference, found ${type}`);
    return type.element!;
  }

  #need(type: MoveType, ability: number, status: StatusName): void {
    if ((this.abilities(type) & ability) === 0) throw fault(status, `${type} lacks the ability`);
  }

  #emit(pc: number, instruction: number, operand = 0): void {
    this.#ops[pc] = instruction;
    this.#args[pc] = operand;
  }

  #constant(value: Value): number {
    return this.#constants.push(value) - 1;
  }

  check(pc: number, op: number): void {
    if (this.#checkControl(pc, op)) return;
    if (this.#checkLocal(pc, op)) return;
    if (this.#checkLoad(pc, op)) return;
    if (this.#checkReference(pc, op)) return;
    if (this.#checkDatatype(pc, op)) return;
    if (this.#checkLogic(pc, op)) return;
    if (this.#checkVector(pc, op)) return;
    if (this.#checkInteger(pc, op)) return;
    throw fault('UNKNOWN_VERIFICATION_ERROR', `instruction ${opcodeName(op)} is not allowed`);
  }

  #checkControl(pc: number, op: number): boolean {
    const arg = this.#unit.args[pc]!;
    switch (op) {
      case OP.Nop:
        this.#emit(pc, I.Nop);
        return true;
      case OP.Pop:
        this.#need(this.#pop(), DROP, 'POP_WITHOUT_DROP_ABILITY');
        this.#emit(pc, I.Pop);
        return true;
      case OP.Ret:
        for (const type of this.#linked.returns.toReversed()) {
          this.#popExactly(type, 'RET_TYPE_MISMATCH_ERROR');
        }
        this.#emit(pc, I.Ret);
        return true;
      case OP.BrTrue:
      case OP.BrFalse:
        this.#popExactly(BOOL, 'BR_TYPE_MISMATCH_ERROR');
        this.#emit(pc, op === OP.BrTrue ? I.BrTrue : I.BrFalse, arg);
        return true;
      case OP.Branch:
        this.#emit(pc, I.Branch, arg);
        return true;
      case OP.Abort:
        this.#popExactly(U64, 'ABORT_TYPE_MISMATCH_ERROR');
        this.#emit(pc, I.Abort);
        // What is below is dropped with the transaction.
        this.#stack.length = 0;
        return true;
      case OP.Call:
        this.#checkCall(pc, arg, []);
        return true;
      case OP.CallGeneric: {
        const instantiation = this.#linked.module.compiled.functionInstantiations[arg]!;
        this.#checkCall(pc, instantiation.handle, this.#typeArguments(instantiation.typeArgs));
        return true;
      }
      case OP.VariantSwitch:
        this.#checkSwitch(pc, arg);
        return true;
      default:
        return false;
    }
  }

  #typeArguments(signature: number): readonly MoveType[] {
    return this.#linked.module.typeArguments(signature, this.#constraints);
  }

  #checkCall(pc: number, handle: number, typeArguments: readonly MoveType[]): void {
    const callee = this.#linked.module.callee(handle);
    checkConstraints(`${callee}`, callee.constraints, typeArguments, this.#constraints);
    for (const parameter of callee.parameters.toReversed()) {
      this.#popExactly(substitute(parameter, typeArguments), 'CALL_TYPE_MISMATCH_ERROR');
    }
    for (const type of callee.returns) this.#push(substitute(type, typeArguments));
    const site = this.#calls.push({ callee, typeArguments }) - 1;
    this.#emit(pc, callee.isNative ? I.CallNative : I.Call, site);
  }

  #checkSwitch(pc: number, table: number): void {
    const { headEnum, offsets } = this.#unit.jumpTables[table]!;
    const type = this.#pop();
    const definition = this.#definition(this.#linked.module.compiled.enums[headEnum]!.handle);
    if (type.kind !== KIND.Reference || type.element!.definition !== definition) {
      throw fault('ENUM_SWITCH_BAD_OPERAND', `expected &${definition.name}, found ${type}`);
    }
    if (offsets.length !== definition.body.variants.length) {
      throw fault('PARTIAL_ENUM_SWITCH', `${offsets.length} branches for ${definition.name}`);
    }
    this.#emit(pc, I.VariantSwitch, this.#switches.push(offsets) - 1);
  }

  #checkLocal(pc: number, op: number): boolean {
    if (op < OP.CopyLoc || op > OP.ImmBorrowLoc) return false;
    const arg = this.#unit.args[pc]!;
    const type = this.#locals[arg];
    if (type === undefined) throw fault('INDEX_OUT_OF_BOUNDS', `no local ${arg}`);
    switch (op) {
      case OP.CopyLoc:
        this.#need(type, COPY, 'COPYLOC_WITHOUT_COPY_ABILITY');
        this.#push(type);
        this.#emit(pc, copiesByReference(type) ? I.CopyLoc : I.CopyLocDeep, arg);
        return true;
      case OP.MoveLoc:
        this.#push(type);
        this.#emit(pc, I.MoveLoc, arg);
        return true;
      case OP.StLoc: {
        this.#popExactly(type, 'STLOC_TYPE_MISMATCH_ERROR');
        const droppable = (this.abilities(type) & DROP) !== 0;
        this.#emit(pc, droppable ? I.StLoc : I.StLocChecked, arg);
        return true;
      }
      default:
        if (isReference(type)) throw fault('BORROWLOC_REFERENCE_ERROR', `local ${arg} is ${type}`);
        this.#push(referenceTo(type, op === OP.MutBorrowLoc));
        this.#emit(pc, I.BorrowLoc, arg);
        return true;
    }
  }

  #checkLoad(pc: number, op: number): boolean {
    const wide = this.#unit.wide[pc] ?? 0n;
    switch (op) {
      case OP.LdU8:
        return this.#loadSmall(pc, U8);
      case OP.LdU16:
        return this.#loadSmall(pc, U16);
      case OP.LdU32:
        return this.#loadSmall(pc, U32);
      case OP.LdU64:
        return this.#loadValue(pc, U64, u64FromBigInt(wide));
      case OP.LdU128:
        return this.#loadValue(pc, U128, wide);
      case OP.LdU256:
        return this.#loadValue(pc, U256, wide);
      case OP.LdTrue:
      case OP.LdFalse:
        return this.#loadValue(pc, BOOL, op === OP.LdTrue);
      case OP.LdConst:
        return this.#loadConstant(pc);
      default:
        return false;
    }
  }

  #loadSmall(pc: number, type: MoveType): true {
    this.#push(type);
    this.#emit(pc, I.LdSmall, this.#unit.args[pc]!);
    return true;
  }

  #loadValue(pc: number, type: MoveType, value: Value): true {
    this.#push(type);
    this.#emit(pc, I.LdValue, this.#constant(value));
    return true;
  }

  #loadConstant(pc: number): true {
    const constant = this.#linked.module.compiled.constants[this.#unit.args[pc]!]!;
    const type = this.#linked.module.type(constant.type, []);
    let innermost = type;
    while (innermost.kind === KIND.Vector) innermost = innermost.element!;
    if (innermost.kind > KIND.Address || nestsTooDeep(type)) {
      throw fault('INVALID_CONSTANT_TYPE', `a constant of type ${type}`);
    }
    let value: Value;
    try {
      value = deserializeValue(type, constant.data);
    } catch (error) {
      if (!isVmError(error)) throw error;
      throw new VmError(STATUS.MALFORMED_CONSTANT_DATA, error.message, { cause: error });
    }
    this.#loadValue(pc, type, value);
    if (type.kind === KIND.Vector) this.#emit(pc, I.LdCopy, this.#args[pc]!);
    return true;
  }

  #checkReference(pc: number, op: number): boolean {
    switch (op) {
      case OP.ReadRef: {
        const type = this.#popReference(false, 'READREF_TYPE_MISMATCH_ERROR');
        this.#need(type, COPY, 'READREF_WITHOUT_COPY_ABILITY');
        this.#push(type);
        this.#emit(pc, copiesByReference(type) ? I.ReadRef : I.ReadRefDeep);
        return true;
      }
      case OP.WriteRef: {
        const type = this.#popReference(true, 'WRITEREF_NO_MUTABLE_REFERENCE_ERROR');
        this.#need(type, DROP, 'WRITEREF_WITHOUT_DROP_ABILITY');
        this.#popExactly(type, 'WRITEREF_TYPE_MISMATCH_ERROR');
        this.#emit(pc, I.WriteRef);
        return true;
      }
      case OP.FreezeRef:
        this.#push(referenceTo(this.#popReference(true, 'FREEZEREF_TYPE_MISMATCH_ERROR'), false));
        this.#emit(pc, I.Nop);
        return true;
      case OP.MutBorrowField:
      case OP.ImmBorrowField:
        this.#checkBorrowField(pc, this.#unit.args[pc]!, [], op === OP.MutBorrowField);
        return true;
      case OP.MutBorrowFieldGeneric:
      case OP.ImmBorrowFieldGeneric: {
        const instantiation =
          this.#linked.module.compiled.fieldInstantiations[this.#unit.args[pc]!]!;
        const typeArguments = this.#typeArguments(instantiation.typeArgs);
        const mutable = op === OP.MutBorrowFieldGeneric;
        this.#checkBorrowField(pc, instantiation.handle, typeArguments, mutable);
        return true;
      }
      default:
        return false;
    }
  }

  #checkBorrowField(
    pc: number,
    handleIndex: number,
    typeArguments: readonly MoveType[],
    mutable: boolean,
  ): void {
    const { compiled } = this.#linked.module;
    const handle = compiled.fieldHandles[handleIndex]!;
    const owner = this.#datatype(compiled.structs[handle.owner]!.handle, typeArguments);
    const found = this.#popReference(mutable, 'BORROWFIELD_TYPE_MISMATCH_ERROR');
    if (found !== owner) {
      throw fault('BORROWFIELD_TYPE_MISMATCH_ERROR', `expected ${owner}, found ${found}`);
    }
    const field = owner.fields[handle.field];
    if (field === undefined) throw fault('BORROWFIELD_BAD_FIELD_ERROR', `field ${handle.field}`);
    this.#push(referenceTo(field, mutable));
    this.#emit(pc, I.BorrowField, handle.field);
  }

  #definition(handle: number): DatatypeDefinition {
    return this.#linked.module.datatype(handle);
  }

  /** A datatype of this module with type arguments; constraints hold. */
  #datatype(handle: number, typeArguments: readonly MoveType[]): MoveType {
    const definition = this.#definition(handle);
    const constraints = definition.typeParameters.map((parameter) => parameter.constraints);
    checkConstraints(definition.name, constraints, typeArguments, this.#constraints);
    return definition.instantiate(typeArguments);
  }

  #checkDatatype(pc: number, op: number): boolean {
    const { compiled } = this.#linked.module;
    const arg = this.#unit.args[pc]!;
    switch (op) {
      case OP.Pack:
      case OP.Unpack:
        this.#checkStruct(pc, arg, [], op === OP.Pack);
        return true;
      case OP.PackGeneric:
      case OP.UnpackGeneric: {
        const { definition, typeArgs } = compiled.structInstantiations[arg]!;
        this.#checkStruct(pc, definition, this.#typeArguments(typeArgs), op === OP.PackGeneric);
        return true;
      }
      case OP.PackVariant:
      case OP.UnpackVariant:
      case OP.UnpackVariantImmRef:
      case OP.UnpackVariantMutRef: {
        const { enumDefinition, variant } = compiled.variantHandles[arg]!;
        this.#checkVariant(pc, op, enumDefinition, [], variant);
        return true;
      }
      case OP.PackVariantGeneric:
      case OP.UnpackVariantGeneric:
      case OP.UnpackVariantGenericImmRef:
      case OP.UnpackVariantGenericMutRef: {
        const { enumInstantiation, variant } = compiled.variantInstantiations[arg]!;
        const { definition, typeArgs } = compiled.enumInstantiations[enumInstantiation]!;
        const typeArguments = this.#typeArguments(typeArgs);
        this.#checkVariant(pc, PLAIN_VARIANT_OP[op]!, definition, typeArguments, variant);
        return true;
      }
      default:
        return false;
    }
  }

  #checkStruct(
    pc: number,
    structIndex: number,
    typeArguments: readonly MoveType[],
    packs: boolean,
  ): void {
    const struct = this.#linked.module.compiled.structs[structIndex]!;
    const type = this.#datatype(struct.handle, typeArguments);
    const { fields } = type;
    if (!packs) {
      this.#popExactly(type, 'UNPACK_TYPE_MISMATCH_ERROR');
      for (const field of fields) this.#push(field);
      this.#emit(pc, I.Unpack, fields.length);
      return;
    }
    this.#popFields(fields);
    this.#push(type);
    if (!type.open && !nestsTooDeep(type)) this.#emit(pc, I.Pack, fields.length);
    else this.#emit(pc, I.PackChecked, this.#packSite(type, 0, fields.length));
  }

  #popFields(fields: readonly MoveType[]): void {
    for (const field of fields.toReversed()) this.#popExactly(field, 'PACK_TYPE_MISMATCH_ERROR');
  }

  #packSite(type: MoveType, tag: number, count: number): number {
    const index = this.#types.push(type) - 1;
    return this.#packs.push({ type: index, tag, count }) - 1;
  }

  #checkVariant(
    pc: number,
    op: number,
    enumIndex: number,
    typeArguments: readonly MoveType[],
    tag: number,
  ): void {
    const { handle } = this.#linked.module.compiled.enums[enumIndex]!;
    const type = this.#datatype(handle, typeArguments);
    const fields = type.variants[tag];
    if (fields === undefined) throw fault('ENUM_TAG_MISMATCH', `${type} has no variant ${tag}`);
    const site = this.#packSite(type, tag, fields.length);
    if (op === OP.PackVariant) {
      this.#popFields(fields);
      this.#push(type);
      this.#emit(pc, I.PackVariant, site);
    } else if (op === OP.UnpackVariant) {
      this.#popExactly(type, 'UNPACK_TYPE_MISMATCH_ERROR');
      for (const field of fields) this.#push(field);
      this.#emit(pc, I.UnpackVariant, site);
    } else {
      const mutable = op === OP.UnpackVariantMutRef;
      const found = this.#popReference(mutable, 'ENUM_TYPE_MISMATCH');
      if (found !== type) throw fault('ENUM_TYPE_MISMATCH', `expected ${type}, found ${found}`);
      for (const field of fields) this.#push(referenceTo(field, mutable));
      this.#emit(pc, I.UnpackVariantRef, site);
    }
  }

  #checkLogic(pc: number, op: number): boolean {
    switch (op) {
      case OP.Or:
      case OP.And:
        this.#popExactly(BOOL, 'BOOLEAN_OP_TYPE_MISMATCH_ERROR');
        this.#popExactly(BOOL, 'BOOLEAN_OP_TYPE_MISMATCH_ERROR');
        this.#push(BOOL);
        this.#emit(pc, op === OP.Or ? I.Or : I.And);
        return true;
      case OP.Not:
        this.#popExactly(BOOL, 'BOOLEAN_OP_TYPE_MISMATCH_ERROR');
        this.#push(BOOL);
        this.#emit(pc, I.Not);
        return true;
      case OP.Eq:
      case OP.Neq: {
        const type = this.#pop();
        this.#popExactly(type, 'EQUALITY_OP_TYPE_MISMATCH_ERROR');
        this.#need(type, DROP, 'EQUALITY_OP_TYPE_MISMATCH_ERROR');
        this.#push(BOOL);
        const plain = type.kind <= KIND.Signer;
        if (op === OP.Eq) this.#emit(pc, plain ? I.Eq : I.EqDeep);
        else this.#emit(pc, plain ? I.Neq : I.NeqDeep);
        return true;
      }
      default:
        return false;
    }
  }

  #checkVector(pc: number, op: number): boolean {
    if (op < OP.VecPack || op > OP.VecSwap) return false;
    const element = this.#typeArguments(this.#unit.args[pc]!)[0]!;
    const vector = vectorOf(element);
    if (op === OP.VecPack || op === OP.VecUnpack) {
      this.#checkVectorPack(pc, op, vector);
      return true;
    }
    if (op === OP.VecPushBack) this.#popExactly(element);
    if (op === OP.VecSwap) this.#popExactly(U64);
    if (op === OP.VecSwap || op === OP.VecImmBorrow || op === OP.VecMutBorrow) {
      this.#popExactly(U64);
    }
    const found = this.#popReference(op !== OP.VecLen && op !== OP.VecImmBorrow, 'TYPE_MISMATCH');
    if (found !== vector) throw fault('TYPE_MISMATCH', `expected ${vector}, found ${found}`);
    if (op === OP.VecLen) this.#push(U64);
    else if (op === OP.VecPopBack) this.#push(element);
    else if (op === OP.VecImmBorrow) this.#push(referenceTo(element, false));
    else if (op === OP.VecMutBorrow) this.#push(referenceTo(element, true));
    this.#emit(pc, VECTOR_INSTRUCTION[op]!);
    return true;
  }

  #checkVectorPack(pc: number, op: number, vector: MoveType): void {
    const wide = this.#unit.wide[pc] ?? 0n;
    if (wide > BigInt(MAX_OPERAND_STACK)) {
      throw fault('VALUE_STACK_OVERFLOW', `${wide} vector elements on the stack`);
    }
    const count = Number(wide);
    const element = vector.element!;
    if (op === OP.VecPack) {
      for (let i = 0; i < count; i++) this.#popExactly(element);
      this.#push(vector);
      this.#emit(pc, I.VecPack, this.#packSite(vector, 0, count));
    } else {
      this.#popExactly(vector);
      for (let i = 0; i < count; i++) this.#push(element);
      this.#emit(pc, I.VecUnpack, count);
    }
  }

  #checkInteger(pc: number, op: number): boolean {
    const shift = op === OP.Shl || op === OP.Shr;
    if (shift) this.#popExactly(U8, 'INTEGER_OP_TYPE_MISMATCH_ERROR');
    const right = this.#stack[this.#stack.length - 1];
    const chosen = integerInstruction(op, right);
    if (chosen === undefined) return false;
    this.#pop();
    if (chosen.binary) this.#popExactly(right!, 'INTEGER_OP_TYPE_MISMATCH_ERROR');
    this.#push(chosen.result);
    this.#emit(pc, chosen.instruction, chosen.operand);
    return true;
  }
}

/** Values of these types are immutable (or references), so the same one may be pushed twice. */
function copiesByReference(type: MoveType): boolean {
  return type.kind <= ADDRESS.kind || isReference(type);
}

const PLAIN_VARIANT_OP: Readonly<Record<number, number>> = {
  [OP.PackVariantGeneric]: OP.PackVariant,
  [OP.UnpackVariantGeneric]: OP.UnpackVariant,
  [OP.UnpackVariantGenericImmRef]: OP.UnpackVariantImmRef,
  [OP.UnpackVariantGenericMutRef]: OP.UnpackVariantMutRef,
};

const VECTOR_INSTRUCTION: Readonly<Record<number, number>> = {
  [OP.VecLen]: I.VecLen,
  [OP.VecImmBorrow]: I.VecBorrow,
  [OP.VecMutBorrow]: I.VecBorrow,
  [OP.VecPushBack]: I.VecPushBack,
  [OP.VecPopBack]: I.VecPopBack,
  [OP.VecSwap]: I.VecSwap,
};

function fault(status: StatusName, message: string): VmError {
  return new VmError(STATUS[status], message);
}
