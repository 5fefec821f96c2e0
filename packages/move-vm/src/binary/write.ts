/**
 * `writeModule`: a `CompiledModule` to bytes, in the table order of the official serializer, so that
 * compiler output comes back byte for byte.
 *
 * Checks nothing: the publisher uses it on parsed modules, tests use it to forge broken ones.
 * Source: move-vm.md §1.
 */
import { BcsWriter } from '../common/bcs.ts';
import { FULL_JUMP_TABLE, FUNCTION_FLAG } from './code.ts';
import { ENUM_VERSION, SUI_FLAVOR } from './limits.ts';
import type {
  CodeUnit,
  CompiledModule,
  FieldDefinition,
  FunctionDefinition,
  SignatureToken,
} from './module.ts';
import { OPERAND, OPERAND_KIND } from './opcodes.ts';
import { DECLARED_ENUM, DECLARED_STRUCT } from './parse.ts';
import { TOKEN } from './signature.ts';
import { TABLE } from './tables.ts';

const MAGIC = [0xa1, 0x1c, 0xeb, 0x0b];
const TEST_MAGIC = [0xde, 0xad, 0xc0, 0xde];
const VISIBILITY_BYTE = { private: 0, public: 1, friend: 3 } as const;

export function writeToken(out: BcsWriter, token: SignatureToken): void {
  switch (token.kind) {
    case 'vector':
      out.u8(TOKEN.vector);
      writeToken(out, token.element);
      return;
    case 'reference':
      out.u8(token.mutable ? TOKEN.mutableReference : TOKEN.reference);
      writeToken(out, token.to);
      return;
    case 'typeParameter':
      out.u8(TOKEN.typeParameter);
      out.uleb(token.index);
      return;
    case 'datatype':
      if (token.typeArgs.length === 0) {
        out.u8(TOKEN.datatype);
        out.uleb(token.handle);
        return;
      }
      out.u8(TOKEN.instantiation);
      out.uleb(token.handle);
      out.uleb(token.typeArgs.length);
      for (const argument of token.typeArgs) writeToken(out, argument);
      return;
    default:
      out.u8(TOKEN[token.kind]);
  }
}

function writeOperand(out: BcsWriter, unit: CodeUnit, pc: number): void {
  const kind = OPERAND_KIND[unit.ops[pc]!]!;
  const arg = unit.args[pc]!;
  switch (kind) {
    case OPERAND.Unknown:
    case OPERAND.None:
      return;
    case OPERAND.U8:
      out.u8(arg);
      return;
    case OPERAND.U16:
      out.uint(arg, 2);
      return;
    case OPERAND.U32:
      out.uint(arg, 4);
      return;
    case OPERAND.U64:
      out.uint(unit.wide[pc]!, 8);
      return;
    case OPERAND.U128:
      out.uint(unit.wide[pc]!, 16);
      return;
    case OPERAND.U256:
      out.uint(unit.wide[pc]!, 32);
      return;
    case OPERAND.VectorSignatureCount:
      out.uleb(arg);
      out.uint(unit.wide[pc]!, 8);
      return;
    default:
      out.uleb(arg);
      return;
  }
}

function writeCode(out: BcsWriter, unit: CodeUnit, version: number): void {
  out.uleb(unit.locals);
  out.uleb(unit.ops.length);
  for (let pc = 0; pc < unit.ops.length; pc++) {
    out.u8(unit.ops[pc]!);
    writeOperand(out, unit, pc);
  }
  if (version < ENUM_VERSION) return;
  out.uleb(unit.jumpTables.length);
  for (const table of unit.jumpTables) {
    out.uleb(table.headEnum);
    out.uleb(table.offsets.length);
    out.u8(FULL_JUMP_TABLE);
    for (const offset of table.offsets) out.uleb(offset);
  }
}

function writeFunction(out: BcsWriter, definition: FunctionDefinition, version: number): void {
  out.uleb(definition.handle);
  out.u8(VISIBILITY_BYTE[definition.visibility]);
  const native = definition.code === undefined ? FUNCTION_FLAG.native : 0;
  out.u8(native | (definition.isEntry ? FUNCTION_FLAG.entry : 0));
  out.uleb(definition.acquires.length);
  for (const struct of definition.acquires) out.uleb(struct);
  if (definition.code !== undefined) writeCode(out, definition.code, version);
}

function writeFields(out: BcsWriter, fields: readonly FieldDefinition[]): void {
  out.uleb(fields.length);
  for (const field of fields) {
    out.uleb(field.name);
    writeToken(out, field.type);
  }
}

type Table = readonly [kind: number, content: Uint8Array];

function table<T>(
  kind: number,
  entries: readonly T[],
  write: (out: BcsWriter, entry: T) => void,
): Table {
  const out = new BcsWriter();
  for (const entry of entries) write(out, entry);
  return [kind, out.bytes()];
}

/** Writes two index fields of an entry. */
function pair<T>(first: (entry: T) => number, second: (entry: T) => number) {
  return (out: BcsWriter, entry: T): void => {
    out.uleb(first(entry));
    out.uleb(second(entry));
  };
}

function handleTables(module: CompiledModule): Table[] {
  const moduleHandle = pair<{ address: number; name: number }>(
    (h) => h.address,
    (h) => h.name,
  );
  return [
    table(TABLE.ModuleHandles, module.moduleHandles, moduleHandle),
    table(TABLE.DatatypeHandles, module.datatypeHandles, (out, handle) => {
      out.uleb(handle.module);
      out.uleb(handle.name);
      out.uleb(handle.abilities);
      out.uleb(handle.typeParameters.length);
      for (const parameter of handle.typeParameters) {
        out.uleb(parameter.constraints);
        out.uleb(parameter.phantom ? 1 : 0);
      }
    }),
    table(TABLE.FunctionHandles, module.functionHandles, (out, handle) => {
      out.uleb(handle.module);
      out.uleb(handle.name);
      out.uleb(handle.parameters);
      out.uleb(handle.returns);
      out.uleb(handle.typeParameters.length);
      for (const constraints of handle.typeParameters) out.uleb(constraints);
    }),
    table(
      TABLE.FunctionInstantiations,
      module.functionInstantiations,
      pair(
        (i) => i.handle,
        (i) => i.typeArgs,
      ),
    ),
    table(TABLE.Signatures, module.signatures, (out, signature) => {
      out.uleb(signature.length);
      for (const token of signature) writeToken(out, token);
    }),
    table(TABLE.Identifiers, module.identifiers, (out, text) => out.text(text)),
    table(TABLE.Addresses, module.addresses, (out, address) => out.address(address)),
    table(TABLE.Constants, module.constants, (out, constant) => {
      writeToken(out, constant.type);
      out.blob(constant.data);
    }),
  ];
}

function definitionTables(module: CompiledModule): Table[] {
  const instantiation = pair<{ definition: number; typeArgs: number }>(
    (i) => i.definition,
    (i) => i.typeArgs,
  );
  return [
    table(TABLE.StructDefinitions, module.structs, (out, struct) => {
      out.uleb(struct.handle);
      out.u8(DECLARED_STRUCT);
      writeFields(out, struct.fields);
    }),
    table(TABLE.StructInstantiations, module.structInstantiations, instantiation),
    table(TABLE.FunctionDefinitions, module.functions, (out, definition) =>
      writeFunction(out, definition, module.version),
    ),
    table(
      TABLE.FieldHandles,
      module.fieldHandles,
      pair(
        (h) => h.owner,
        (h) => h.field,
      ),
    ),
    table(
      TABLE.FieldInstantiations,
      module.fieldInstantiations,
      pair(
        (i) => i.handle,
        (i) => i.typeArgs,
      ),
    ),
    table(
      TABLE.Friends,
      module.friends,
      pair(
        (f) => f.address,
        (f) => f.name,
      ),
    ),
    ...enumTables(module),
  ];
}

function enumTables(module: CompiledModule): Table[] {
  return [
    table(TABLE.EnumDefinitions, module.enums, (out, item) => {
      out.uleb(item.handle);
      out.u8(DECLARED_ENUM);
      out.uleb(item.variants.length);
      for (const variant of item.variants) {
        out.uleb(variant.name);
        writeFields(out, variant.fields);
      }
    }),
    table(
      TABLE.EnumInstantiations,
      module.enumInstantiations,
      pair(
        (i) => i.definition,
        (i) => i.typeArgs,
      ),
    ),
    table(
      TABLE.VariantHandles,
      module.variantHandles,
      pair(
        (h) => h.enumDefinition,
        (h) => h.variant,
      ),
    ),
    table(
      TABLE.VariantInstantiations,
      module.variantInstantiations,
      pair(
        (i) => i.enumInstantiation,
        (i) => i.variant,
      ),
    ),
  ];
}

/** The bytes of `module`; empty tables are left out, as the compiler does. */
export function writeModule(module: CompiledModule): Uint8Array {
  const tables = [...handleTables(module), ...definitionTables(module)].filter(
    ([, content]) => content.length > 0,
  );
  const out = new BcsWriter();
  for (const byte of module.publishable ? MAGIC : TEST_MAGIC) out.u8(byte);
  const flavor = module.version >= ENUM_VERSION ? SUI_FLAVOR : 0;
  out.uint(module.version + flavor * 2 ** 24, 4);
  out.uleb(tables.length);
  let offset = 0;
  for (const [kind, content] of tables) {
    out.u8(kind);
    out.uleb(offset);
    out.uleb(content.length);
    offset += content.length;
  }
  for (const [, content] of tables) out.raw(content);
  out.uleb(module.selfHandle);
  return out.bytes();
}
