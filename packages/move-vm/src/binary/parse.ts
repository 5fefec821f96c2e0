/**
 * `parseModule`: bytes to an immutable `CompiledModule`, strictly.
 *
 * Every table is read to its exact end, nothing may follow the self handle, counts are held to the
 * network's limits, and every index is checked (bounds.ts) before the module is handed out: whoever
 * has a `CompiledModule` from here may follow its indices. What the module *does* is the business of
 * `verify/`. Source: move-vm.md §1.
 */
import { ADDRESS_LENGTH, addressFromBytes } from '../common/address.ts';
import { rejected } from '../common/errors.ts';
import { isIdentifier } from '../common/identifier.ts';
import { checkBounds } from './bounds.ts';
import { readFunctionDefinition } from './code.ts';
import {
  MAX_CONSTANT_SIZE,
  MAX_FIELD_COUNT,
  MAX_FIELD_INDEX,
  MAX_IDENTIFIER_SIZE,
  MAX_TABLE_INDEX,
  MAX_TYPE_PARAMETER_COUNT,
  MAX_VARIANT_COUNT,
  NETWORK_TABLE_LIMITS,
  type TableLimits,
} from './limits.ts';
import {
  ALL_ABILITIES,
  type CompiledModule,
  type Constant,
  type DatatypeHandle,
  type EnumDefinition,
  type FieldDefinition,
  type FunctionHandle,
  type ModuleHandle,
  type StructDefinition,
  type VariantDefinition,
} from './module.ts';
import { ByteReader } from './reader.ts';
import { readSignature, readSignatureToken } from './signature.ts';
import { type AcceptedMagic, readFrame, TABLE } from './tables.ts';

export interface ParseOptions {
  /** Entries allowed in each table; default: the network's. */
  limits?: TableLimits;
  /** `any` also takes test-mode modules. Default `publishable`. */
  magic?: AcceptedMagic;
}

export const DECLARED_STRUCT = 2;
export const NATIVE_STRUCT = 1;
export const DECLARED_ENUM = 2;

type TableReader<T> = (reader: ByteReader, version: number) => T;

const index = (reader: ByteReader, what: string): number => reader.uleb(MAX_TABLE_INDEX, what);

function readModuleHandle(reader: ByteReader): ModuleHandle {
  return { address: index(reader, 'address'), name: index(reader, 'module name') };
}

function readAbilities(reader: ByteReader): number {
  return reader.uleb(ALL_ABILITIES, 'ability set');
}

function readDatatypeHandle(reader: ByteReader): DatatypeHandle {
  const module = index(reader, 'module handle');
  const name = index(reader, 'datatype name');
  const abilities = readAbilities(reader);
  const count = reader.uleb(MAX_TYPE_PARAMETER_COUNT, 'type parameter count');
  const typeParameters = [];
  for (let i = 0; i < count; i++) {
    const constraints = readAbilities(reader);
    typeParameters.push({ constraints, phantom: reader.uleb(1, 'phantom flag') === 1 });
  }
  return { module, name, abilities, typeParameters };
}

function readFunctionHandle(reader: ByteReader): FunctionHandle {
  const module = index(reader, 'module handle');
  const name = index(reader, 'function name');
  const parameters = index(reader, 'parameters');
  const returns = index(reader, 'returns');
  const count = reader.uleb(MAX_TYPE_PARAMETER_COUNT, 'type parameter count');
  const typeParameters: number[] = [];
  for (let i = 0; i < count; i++) typeParameters.push(readAbilities(reader));
  return { module, name, parameters, returns, typeParameters };
}

function readConstant(reader: ByteReader): Constant {
  const type = readSignatureToken(reader);
  // A copy: a constant must not keep the caller's buffer alive or follow its changes.
  return { type, data: reader.blob(MAX_CONSTANT_SIZE, 'constant').slice() };
}

function readIdentifier(reader: ByteReader): string {
  const bytes = reader.blob(MAX_IDENTIFIER_SIZE, 'identifier');
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  // Identifiers are ASCII, so a byte above 127 fails here whatever it decodes to.
  if (!isIdentifier(text)) throw rejected('MALFORMED', `${JSON.stringify(text)} is no identifier`);
  return text;
}

function readFields(reader: ByteReader): FieldDefinition[] {
  const count = reader.uleb(MAX_FIELD_COUNT, 'field count');
  const fields: FieldDefinition[] = [];
  for (let i = 0; i < count; i++) {
    fields.push({ name: index(reader, 'field name'), type: readSignatureToken(reader) });
  }
  return fields;
}

function readStruct(reader: ByteReader): StructDefinition {
  const handle = index(reader, 'datatype handle');
  const flag = reader.u8('struct flag');
  if (flag === NATIVE_STRUCT) {
    throw rejected('MALFORMED', 'native structs do not exist on Sui');
  }
  if (flag !== DECLARED_STRUCT) throw rejected('UNKNOWN_NATIVE_STRUCT_FLAG', `struct flag ${flag}`);
  return { handle, fields: readFields(reader) };
}

function readEnum(reader: ByteReader): EnumDefinition {
  const handle = index(reader, 'datatype handle');
  const flag = reader.u8('enum flag');
  if (flag !== DECLARED_ENUM) throw rejected('UNKNOWN_ENUM_FLAG', `enum flag ${flag}`);
  const count = reader.uleb(MAX_VARIANT_COUNT, 'variant count');
  if (count === 0) throw rejected('MALFORMED', 'an enum without variants');
  const variants: VariantDefinition[] = [];
  for (let i = 0; i < count; i++) {
    variants.push({ name: index(reader, 'variant name'), fields: readFields(reader) });
  }
  return { handle, variants };
}

function readAddress(reader: ByteReader): string {
  return addressFromBytes(reader.raw(ADDRESS_LENGTH, 'address'));
}

/** Reads the tables of one file; each is absent or read once. */
class TableSet {
  readonly #readers = new Map<number, ByteReader>();
  readonly #version: number;

  constructor(version: number) {
    this.#version = version;
  }

  add(kind: number, reader: ByteReader): void {
    this.#readers.set(kind, reader);
  }

  read<T>(kind: number, limit: number, what: string, entry: TableReader<T>): readonly T[] {
    const reader = this.#readers.get(kind);
    const entries: T[] = [];
    if (reader === undefined) return entries;
    while (reader.remaining > 0) {
      if (entries.length === limit) throw rejected('MALFORMED', `more than ${limit} ${what}`);
      entries.push(entry(reader, this.#version));
    }
    return entries;
  }
}

type Content = Omit<CompiledModule, 'version' | 'publishable' | 'selfHandle'>;
type InstantiationTables =
  | 'functionInstantiations'
  | 'structInstantiations'
  | 'fieldHandles'
  | 'fieldInstantiations'
  | 'enumInstantiations'
  | 'variantHandles'
  | 'variantInstantiations';

/** The tables whose entries are two numbers. */
function readInstantiations(
  tables: TableSet,
  limits: TableLimits,
): Pick<Content, InstantiationTables> {
  const read = <T>(kind: number, name: InstantiationTables, entry: TableReader<T>): readonly T[] =>
    tables.read(kind, limits[name], name, entry);
  const ofHandle = (r: ByteReader) => ({
    handle: index(r, 'handle'),
    typeArgs: index(r, 'type arguments'),
  });
  const ofDefinition = (r: ByteReader) => ({
    definition: index(r, 'definition'),
    typeArgs: index(r, 'type arguments'),
  });
  const variant = (r: ByteReader): number => r.uleb(MAX_VARIANT_COUNT, 'variant tag');
  return {
    functionInstantiations: read(TABLE.FunctionInstantiations, 'functionInstantiations', ofHandle),
    structInstantiations: read(TABLE.StructInstantiations, 'structInstantiations', ofDefinition),
    fieldHandles: read(TABLE.FieldHandles, 'fieldHandles', (r) => ({
      owner: index(r, 'struct'),
      field: r.uleb(MAX_FIELD_INDEX, 'field number'),
    })),
    fieldInstantiations: read(TABLE.FieldInstantiations, 'fieldInstantiations', ofHandle),
    enumInstantiations: read(TABLE.EnumInstantiations, 'enumInstantiations', ofDefinition),
    variantHandles: read(TABLE.VariantHandles, 'variantHandles', (r) => ({
      enumDefinition: index(r, 'enum'),
      variant: variant(r),
    })),
    variantInstantiations: read(TABLE.VariantInstantiations, 'variantInstantiations', (r) => ({
      enumInstantiation: index(r, 'enum instantiation'),
      variant: variant(r),
    })),
  };
}

function readTables(tables: TableSet, limits: TableLimits): Content {
  const read = <T>(kind: number, name: keyof TableLimits, entry: TableReader<T>): readonly T[] =>
    tables.read(kind, limits[name], name, entry);
  return {
    moduleHandles: read(TABLE.ModuleHandles, 'moduleHandles', readModuleHandle),
    datatypeHandles: read(TABLE.DatatypeHandles, 'datatypeHandles', readDatatypeHandle),
    functionHandles: read(TABLE.FunctionHandles, 'functionHandles', readFunctionHandle),
    signatures: read(TABLE.Signatures, 'signatures', readSignature),
    constants: read(TABLE.Constants, 'constants', readConstant),
    identifiers: read(TABLE.Identifiers, 'identifiers', readIdentifier),
    addresses: read(TABLE.Addresses, 'addresses', readAddress),
    structs: read(TABLE.StructDefinitions, 'structs', readStruct),
    functions: read(TABLE.FunctionDefinitions, 'functions', readFunctionDefinition),
    friends: read(TABLE.Friends, 'friends', readModuleHandle),
    enums: read(TABLE.EnumDefinitions, 'enums', readEnum),
    ...readInstantiations(tables, limits),
  };
}

/**
 * Parses and bounds-checks one module.
 *
 * @throws VmError of the deserialization class (3000–3028) when the bytes are not a module, of the
 * verification class (1001, 1014, 1068, 1076, 1089 …) when an index or count does not fit.
 */
export function parseModule(bytes: Uint8Array, options: ParseOptions = {}): CompiledModule {
  const reader = new ByteReader(bytes);
  const frame = readFrame(reader, options.magic ?? 'publishable');
  const base = reader.offset;
  const tables = new TableSet(frame.version);
  let end = base;
  for (const { kind, offset, length } of frame.tables) {
    if (kind === TABLE.Metadata) {
      throw rejected('MALFORMED', 'metadata table: extraneous bytes are not allowed');
    }
    end = base + offset + length;
    tables.add(kind, new ByteReader(bytes, base + offset, end));
  }
  const content = readTables(tables, options.limits ?? NETWORK_TABLE_LIMITS);
  const tail = new ByteReader(bytes, end);
  const selfHandle = tail.uleb(MAX_TABLE_INDEX, 'self module handle');
  if (tail.remaining > 0) {
    throw rejected('TRAILING_BYTES', `${tail.remaining} bytes after the self module handle`);
  }
  const { version, publishable } = frame;
  const module: CompiledModule = { version, publishable, selfHandle, ...content };
  checkBounds(module);
  return module;
}
