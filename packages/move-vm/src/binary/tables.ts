/**
 * The frame of a module file: magic, version, table headers. Source: move-vm.md §1.2.
 */
import { rejected } from '../common/errors.ts';
import {
  ENUM_VERSION,
  MAX_BINARY_VERSION,
  MAX_TABLE_COUNT,
  MIN_BINARY_VERSION,
  SUI_FLAVOR,
} from './limits.ts';
import type { ByteReader } from './reader.ts';

export const TABLE = {
  ModuleHandles: 0x01,
  DatatypeHandles: 0x02,
  FunctionHandles: 0x03,
  FunctionInstantiations: 0x04,
  Signatures: 0x05,
  Constants: 0x06,
  Identifiers: 0x07,
  Addresses: 0x08,
  StructDefinitions: 0x0a,
  StructInstantiations: 0x0b,
  FunctionDefinitions: 0x0c,
  FieldHandles: 0x0d,
  FieldInstantiations: 0x0e,
  Friends: 0x0f,
  Metadata: 0x10,
  EnumDefinitions: 0x11,
  EnumInstantiations: 0x12,
  VariantHandles: 0x13,
  VariantInstantiations: 0x14,
} as const;

const KNOWN_TABLES: ReadonlySet<number> = new Set(Object.values(TABLE));

const MAGIC = 0x0beb1ca1;
const TEST_MAGIC = 0xdec0adde;
/** Largest version word without a flavor byte. */
const LAST_PLAIN_VERSION = 6;
const MAX_U32 = 0xffff_ffff;

export interface TableHeader {
  readonly kind: number;
  /** Bytes from the end of the headers. */
  readonly offset: number;
  readonly length: number;
}

export interface ModuleFrame {
  readonly version: number;
  readonly publishable: boolean;
  /** Ordered by offset: contiguous, no kind twice. */
  readonly tables: readonly TableHeader[];
}

/** Which magic to take: only what a chain publishes, or test-mode modules too. */
export type AcceptedMagic = 'publishable' | 'any';

function readMagic(reader: ByteReader, accepted: AcceptedMagic): boolean {
  if (reader.remaining < 4) throw rejected('BAD_MAGIC', 'fewer than 4 bytes');
  const magic = reader.u32('magic');
  if (magic === MAGIC) return true;
  if (magic === TEST_MAGIC) {
    if (accepted === 'any') return false;
    throw rejected('BAD_MAGIC', 'the module was compiled in test mode and cannot be published');
  }
  throw rejected('BAD_MAGIC', 'the bytes do not start with the magic of a Move module');
}

function readVersion(reader: ByteReader): number {
  if (reader.remaining < 4) throw rejected('MALFORMED', 'no version word after the magic');
  const word = reader.u32('version');
  const flavor = word >>> 24;
  const version = word <= LAST_PLAIN_VERSION ? word : word & 0xff_ffff;
  if (word > LAST_PLAIN_VERSION && flavor !== SUI_FLAVOR) {
    throw rejected('UNKNOWN_VERSION', `flavor ${flavor}, expected ${SUI_FLAVOR}`);
  }
  if (version < MIN_BINARY_VERSION || version > MAX_BINARY_VERSION) {
    throw rejected(
      'UNKNOWN_VERSION',
      `version ${version}, expected ${MIN_BINARY_VERSION} to ${MAX_BINARY_VERSION}`,
    );
  }
  return version;
}

function checkHeaders(tables: TableHeader[], contentLength: number): void {
  tables.sort((a, b) => a.offset - b.offset);
  const seen = new Set<number>();
  let expected = 0;
  for (const { kind, offset, length } of tables) {
    if (offset !== expected) {
      throw rejected(
        'BAD_HEADER_TABLE',
        `table 0x${kind.toString(16)} starts at ${offset}, not at ${expected}`,
      );
    }
    if (length === 0) throw rejected('BAD_HEADER_TABLE', `table 0x${kind.toString(16)} is empty`);
    if (seen.has(kind)) {
      throw rejected('DUPLICATE_TABLE', `table 0x${kind.toString(16)} occurs twice`);
    }
    seen.add(kind);
    expected = offset + length;
  }
  if (expected > contentLength) {
    throw rejected(
      'BAD_HEADER_TABLE',
      `tables end at ${expected}, the content at ${contentLength}`,
    );
  }
}

/** Reads everything before the table content and leaves the reader at its first byte. */
export function readFrame(reader: ByteReader, accepted: AcceptedMagic): ModuleFrame {
  const publishable = readMagic(reader, accepted);
  const version = readVersion(reader);
  const count = reader.uleb(MAX_TABLE_COUNT, 'table count');
  const tables: TableHeader[] = [];
  for (let i = 0; i < count; i++) {
    const kind = reader.u8('table kind');
    if (!KNOWN_TABLES.has(kind)) {
      throw rejected('UNKNOWN_TABLE_TYPE', `table kind 0x${kind.toString(16)}`);
    }
    if (version < ENUM_VERSION && kind >= TABLE.EnumDefinitions) {
      throw rejected('MALFORMED', `enum table 0x${kind.toString(16)} in a version ${version} file`);
    }
    const offset = reader.uleb(MAX_U32, 'table offset');
    const length = reader.uleb(MAX_U32, 'table length');
    tables.push({ kind, offset, length });
  }
  checkHeaders(tables, reader.remaining);
  return { version, publishable, tables };
}
