/**
 * The self address in a compiled Move module: the original id of its package, whatever version the
 * module came from (move-vm.md §1.2, §1.3). Only the header and two tables are read.
 */
import { addressFromBytes, BcsReader, ProtocolError } from '@seal-ts/protocol';

const MAGIC = [0xa1, 0x1c, 0xeb, 0x0b];
const MODULE_HANDLES = 0x01;
const ADDRESSES = 0x08;
/** More tables than any version of the format has. */
const MAX_TABLES = 32;
const ADDRESS_BYTES = 32;

interface Table {
  readonly offset: number;
  readonly length: number;
}

/** Error: ProtocolError INVALID_BCS. */
export function moduleSelfAddress(bytecode: Uint8Array): string {
  const r = new BcsReader(bytecode);
  if (MAGIC.some((byte) => r.u8() !== byte)) throw broken('no Move magic');
  r.u32();
  const tables = readTables(r);
  const content = bytecode.length - r.remaining;
  const end = Math.max(...[...tables.values()].map((table) => table.offset + table.length));
  const selfIndex = new BcsReader(bytecode.subarray(content + end)).uleb();
  const handles = tableReader(bytecode, content, tables.get(MODULE_HANDLES));
  let addressIndex = handles.uleb();
  for (let i = 0; i <= selfIndex; i++) {
    if (i > 0) addressIndex = handles.uleb();
    handles.uleb();
  }
  const addresses = tableReader(bytecode, content, tables.get(ADDRESSES));
  addresses.bytes(addressIndex * ADDRESS_BYTES);
  return addressFromBytes(addresses.bytes(ADDRESS_BYTES));
}

function readTables(r: BcsReader): Map<number, Table> {
  const count = r.uleb();
  if (count === 0 || count > MAX_TABLES) throw broken(`${count} tables`);
  const tables = new Map<number, Table>();
  for (let i = 0; i < count; i++) tables.set(r.u8(), { offset: r.uleb(), length: r.uleb() });
  return tables;
}

function tableReader(bytecode: Uint8Array, content: number, table: Table | undefined): BcsReader {
  if (table === undefined) throw broken('a table is missing');
  const start = content + table.offset;
  return new BcsReader(bytecode.subarray(start, start + table.length));
}

function broken(what: string): ProtocolError {
  return new ProtocolError('INVALID_BCS', `not a Move module: ${what}`);
}
