/**
 * Function definitions and their code. Source: move-vm.md §1.5, §1.6.
 */
import { rejected } from '../common/errors.ts';
import {
  ENUM_VERSION,
  MAX_ACQUIRES_COUNT,
  MAX_CODE_LENGTH,
  MAX_JUMP_TABLES,
  MAX_LOCAL_INDEX,
  MAX_TABLE_INDEX,
  MAX_VARIANT_COUNT,
  MAX_VARIANT_HANDLE_INDEX,
} from './limits.ts';
import type { CodeUnit, FunctionDefinition, JumpTable, Visibility } from './module.ts';
import { OPERAND, OPERAND_KIND, opcodeName, opcodeVersion } from './opcodes.ts';
import type { ByteReader } from './reader.ts';

export const FUNCTION_FLAG = { native: 0x2, entry: 0x4 } as const;
export const FULL_JUMP_TABLE = 1;

const NO_WIDE: readonly (bigint | undefined)[] = Object.freeze([]);
const NO_JUMP_TABLES: readonly JumpTable[] = Object.freeze([]);
const NO_ACQUIRES: readonly number[] = Object.freeze([]);

const VISIBILITY: readonly (Visibility | undefined)[] = ['private', 'public', undefined, 'friend'];

/** Largest value of an index operand, by operand kind. */
const MAX_OPERAND = new Uint32Array(32).fill(MAX_TABLE_INDEX);
MAX_OPERAND[OPERAND.Local] = MAX_LOCAL_INDEX;
MAX_OPERAND[OPERAND.VariantHandle] = MAX_VARIANT_HANDLE_INDEX;
MAX_OPERAND[OPERAND.VariantInstantiation] = MAX_VARIANT_HANDLE_INDEX;
MAX_OPERAND[OPERAND.JumpTable] = MAX_JUMP_TABLES;

interface Instructions {
  ops: Uint8Array;
  args: Uint32Array;
  wide: readonly (bigint | undefined)[];
}

function readInstructions(reader: ByteReader, version: number): Instructions {
  const count = reader.uleb(MAX_CODE_LENGTH, 'instruction count');
  // An instruction takes at least one byte: a lying count allocates nothing.
  if (count > reader.remaining) {
    throw rejected('MALFORMED', `${count} instructions in ${reader.remaining} bytes`);
  }
  const ops = new Uint8Array(count);
  const args = new Uint32Array(count);
  let wide: (bigint | undefined)[] | undefined;
  for (let pc = 0; pc < count; pc++) {
    const op = reader.u8('opcode');
    const kind = OPERAND_KIND[op]!;
    if (kind === OPERAND.Unknown) {
      throw rejected('UNKNOWN_OPCODE', `opcode 0x${op.toString(16)} at instruction ${pc}`);
    }
    if (opcodeVersion(op) > version) {
      throw rejected('MALFORMED', `${opcodeName(op)} in a version ${version} file`);
    }
    ops[pc] = op;
    if (kind === OPERAND.None) continue;
    const large = readOperand(reader, kind, args, pc);
    if (large !== undefined) {
      wide ??= new Array<bigint | undefined>(count).fill(undefined);
      wide[pc] = large;
    }
  }
  return { ops, args, wide: wide ?? NO_WIDE };
}

/** Stores a small operand in `args[pc]`; returns a wide one. */
function readOperand(
  reader: ByteReader,
  kind: number,
  args: Uint32Array,
  pc: number,
): bigint | undefined {
  switch (kind) {
    case OPERAND.U8:
      args[pc] = reader.u8('u8 immediate');
      return undefined;
    case OPERAND.U16:
      args[pc] = reader.u16('u16 immediate');
      return undefined;
    case OPERAND.U32:
      args[pc] = reader.u32('u32 immediate');
      return undefined;
    case OPERAND.U64:
      return reader.u64('u64 immediate');
    case OPERAND.U128:
      return reader.u128('u128 immediate');
    case OPERAND.U256:
      return reader.u256('u256 immediate');
    case OPERAND.VectorSignatureCount:
      args[pc] = reader.uleb(MAX_TABLE_INDEX, 'signature');
      return reader.u64('element count');
    default:
      args[pc] = reader.uleb(MAX_OPERAND[kind]!, 'operand');
      return undefined;
  }
}

function readJumpTables(reader: ByteReader): readonly JumpTable[] {
  const count = reader.uleb(MAX_JUMP_TABLES, 'jump table count');
  if (count === 0) return NO_JUMP_TABLES;
  const tables: JumpTable[] = [];
  for (let i = 0; i < count; i++) {
    const headEnum = reader.uleb(MAX_TABLE_INDEX, 'head enum');
    const branches = reader.uleb(MAX_VARIANT_COUNT, 'branch count');
    const flag = reader.u8('jump table flag');
    if (flag !== FULL_JUMP_TABLE) {
      throw rejected('UNKNOWN_JUMP_TABLE_FLAG', `jump table flag ${flag}`);
    }
    const offsets: number[] = [];
    for (let b = 0; b < branches; b++) offsets.push(reader.uleb(MAX_CODE_LENGTH, 'jump offset'));
    tables.push({ headEnum, offsets });
  }
  return tables;
}

function readCodeUnit(reader: ByteReader, version: number): CodeUnit {
  const locals = reader.uleb(MAX_TABLE_INDEX, 'locals signature');
  const { ops, args, wide } = readInstructions(reader, version);
  const jumpTables = version >= ENUM_VERSION ? readJumpTables(reader) : NO_JUMP_TABLES;
  return { locals, ops, args, wide, jumpTables };
}

export function readFunctionDefinition(reader: ByteReader, version: number): FunctionDefinition {
  const handle = reader.uleb(MAX_TABLE_INDEX, 'function handle');
  const visibilityByte = reader.u8('visibility');
  const visibility = VISIBILITY[visibilityByte];
  if (visibility === undefined) {
    throw rejected('MALFORMED', `visibility byte ${visibilityByte}`);
  }
  const flags = reader.u8('function flags');
  if ((flags & ~(FUNCTION_FLAG.native | FUNCTION_FLAG.entry)) !== 0) {
    throw rejected('INVALID_FLAG_BITS', `function flags 0x${flags.toString(16)}`);
  }
  const acquiresCount = reader.uleb(MAX_ACQUIRES_COUNT, 'acquires count');
  const acquires: number[] = [];
  for (let i = 0; i < acquiresCount; i++) {
    acquires.push(reader.uleb(MAX_TABLE_INDEX, 'acquired struct'));
  }
  const isNative = (flags & FUNCTION_FLAG.native) !== 0;
  return {
    handle,
    visibility,
    isEntry: (flags & FUNCTION_FLAG.entry) !== 0,
    acquires: acquires.length === 0 ? NO_ACQUIRES : acquires,
    code: isNative ? undefined : readCodeUnit(reader, version),
  };
}
