/**
 * Objects in BCS (sui-ledger.md §3.6), with the mandatory short forms of common types.
 */
import { coinTypeOf, isStruct, SUI_COIN_TEXT, SUI_SYSTEM_ADDRESS, typeText } from '../type-text.ts';
import type { MoveObjectData, Owner, PackageData } from '../types/object.ts';
import type { MovePackage, StructTag } from '../vm.ts';
import { writeStructTag, writeTypeTag } from './type-tag.ts';
import { BcsWriter } from './writer.ts';

const utf8 = new TextEncoder();

interface ObjectFields {
  readonly data: MoveObjectData | PackageData;
  readonly version: bigint;
  readonly owner: Owner;
  readonly previousTransaction: string;
  readonly storageRebate: bigint;
}

export function encodeObject(object: ObjectFields): Uint8Array {
  const writer = new BcsWriter();
  writeObjectData(writer, object);
  writeOwner(writer, object.owner);
  writer.digest(object.previousTransaction).u64(object.storageRebate);
  return writer.toBytes();
}

/** A genesis object: enum tag of the only variant, data, owner. */
export function encodeGenesisObject(object: ObjectFields): Uint8Array {
  const writer = new BcsWriter();
  writer.u8(0);
  writeObjectData(writer, object);
  writeOwner(writer, object.owner);
  return writer.toBytes();
}

function writeObjectData(writer: BcsWriter, object: ObjectFields): void {
  if (object.data.kind === 'package') {
    writer.u8(1);
    writePackage(writer, object.data.package);
    return;
  }
  writer.u8(0);
  writeMoveObjectType(writer, object.data.type);
  writer.bool(object.data.hasPublicTransfer).u64(object.version).bytes(object.data.contents);
}

function writeMoveObjectType(writer: BcsWriter, type: StructTag): void {
  if (typeText(type) === SUI_COIN_TEXT) {
    writer.u8(1);
    return;
  }
  const coin = coinTypeOf(type);
  if (coin !== undefined) {
    writer.u8(3);
    writeTypeTag(writer, coin);
  } else if (isStruct(type, SUI_SYSTEM_ADDRESS, 'staking_pool', 'StakedSui')) {
    writer.u8(2);
  } else {
    writer.u8(0);
    writeStructTag(writer, type);
  }
}

function writePackage(writer: BcsWriter, pkg: MovePackage): void {
  writer.address(pkg.storageId).u64(pkg.version);
  writer.vector(sortedModules(pkg), ([name, bytes]) => writer.string(name).bytes(bytes));
  writer.vector(pkg.typeOrigins, (origin) => {
    writer.string(origin.module).string(origin.datatype).address(origin.package);
  });
  // Map keys of equal length sort as their hex text does.
  const linkage = [...pkg.linkage].sort(([a], [b]) => (a < b ? -1 : 1));
  writer.vector(linkage, ([originalId, linked]) => {
    writer.address(originalId).address(linked.storageId).u64(linked.version);
  });
}

/** BCS maps sort by serialized key: by name length first, then by bytes. */
function sortedModules(pkg: MovePackage): [string, Uint8Array][] {
  return [...pkg.modules].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
}

export function writeOwner(writer: BcsWriter, owner: Owner): void {
  switch (owner.kind) {
    case 'address':
      writer.u8(0).address(owner.address);
      return;
    case 'object':
      writer.u8(1).address(owner.address);
      return;
    case 'shared':
      writer.u8(2).u64(owner.initialSharedVersion);
      return;
    case 'immutable':
      writer.u8(3);
      return;
    case 'consensusAddress':
      writer.u8(4).u64(owner.startVersion).address(owner.address);
  }
}

/** Bytes that storage is charged for, of a Move object (§7): contents, type, and 9. */
export function moveObjectSize(data: MoveObjectData): number {
  return data.contents.length + moveObjectTypeSize(data.type) + MOVE_OBJECT_OVERHEAD;
}

/** has_public_transfer and version. */
const MOVE_OBJECT_OVERHEAD = 9;
const typeSizes = new WeakMap<StructTag, number>();

function moveObjectTypeSize(type: StructTag): number {
  let size = typeSizes.get(type);
  if (size === undefined) {
    const writer = new BcsWriter();
    writeMoveObjectType(writer, type);
    size = writer.toBytes().length;
    typeSizes.set(type, size);
  }
  return size;
}

/** Bytes that storage is charged for, of a package (§7). */
export function packageSize(pkg: MovePackage): number {
  let size = 8;
  for (const [name, bytes] of pkg.modules) size += utf8.encode(name).length + bytes.length;
  for (const { module, datatype } of pkg.typeOrigins) size += module.length + datatype.length + 32;
  return size + 72 * pkg.linkage.size;
}
