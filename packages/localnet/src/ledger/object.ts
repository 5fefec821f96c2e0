/**
 * The object record: digest, bytes and coin balance computed on first use (sui-ledger.md §3.6).
 */
import { encodeObject, moveObjectSize, packageSize } from './bcs/object.ts';
import { digestOf } from './digests.ts';
import { OBJECT_STORAGE_OVERHEAD } from './limits.ts';
import { coinTypeOf, typeText } from './type-text.ts';
import type { LedgerObject, MoveObjectData, Owner, PackageData } from './types/object.ts';
import type { MovePackage, StructTag } from './vm.ts';

const ID_BYTES = 32;
const COIN_CONTENTS_BYTES = 40;

export interface ObjectInit {
  readonly objectId: string;
  readonly version: bigint;
  readonly owner: Owner;
  readonly data: MoveObjectData | PackageData;
  readonly previousTransaction: string;
  readonly storageRebate: bigint;
}

export class ObjectRecord implements LedgerObject {
  readonly objectId: string;
  readonly version: bigint;
  readonly owner: Owner;
  readonly data: MoveObjectData | PackageData;
  readonly previousTransaction: string;
  readonly storageRebate: bigint;
  #bcs: Uint8Array | undefined;
  #digest: string | undefined;

  constructor(init: ObjectInit) {
    this.objectId = init.objectId;
    this.version = init.version;
    this.owner = init.owner;
    this.data = init.data;
    this.previousTransaction = init.previousTransaction;
    this.storageRebate = init.storageRebate;
  }

  get objectType(): string {
    return this.data.kind === 'package' ? 'package' : this.data.typeText;
  }

  get bcs(): Uint8Array {
    this.#bcs ??= encodeObject(this);
    return this.#bcs;
  }

  get digest(): string {
    this.#digest ??= digestOf('Object', this.bcs);
    return this.#digest;
  }

  get coinBalance(): bigint | undefined {
    return this.data.kind === 'move' ? coinBalanceOf(this.data) : undefined;
  }
}

/** Balance of a `Coin<T>`: the u64 after the id. */
function coinBalanceOf(data: MoveObjectData): bigint | undefined {
  if (data.contents.length !== COIN_CONTENTS_BYTES) return undefined;
  if (coinTypeOf(data.type) === undefined) return undefined;
  const { buffer, byteOffset } = data.contents;
  return new DataView(buffer, byteOffset).getBigUint64(ID_BYTES, true);
}

export function moveData(
  type: StructTag,
  contents: Uint8Array,
  hasPublicTransfer: boolean,
): MoveObjectData {
  return { kind: 'move', type, typeText: typeText(type), hasPublicTransfer, contents };
}

export function packageData(pkg: MovePackage): PackageData {
  return { kind: 'package', package: pkg };
}

/** Bytes that storage is charged for (§7). */
export function storageSize(data: MoveObjectData | PackageData): number {
  const size = data.kind === 'package' ? packageSize(data.package) : moveObjectSize(data);
  return OBJECT_STORAGE_OVERHEAD + size;
}
