/**
 * Objects as the ledger keeps them (sui-ledger.md §3.6, §5).
 */
import type { MovePackage, StructTag } from '../vm.ts';
import type { Address, Digest } from './transaction.ts';

export type Owner =
  | { readonly kind: 'address'; readonly address: Address }
  /** Child of another object: a dynamic field, or the value of a dynamic object field. */
  | { readonly kind: 'object'; readonly address: Address }
  | { readonly kind: 'shared'; readonly initialSharedVersion: bigint }
  | { readonly kind: 'immutable' }
  | { readonly kind: 'consensusAddress'; readonly startVersion: bigint; readonly address: Address };

/** A Move value with an id. */
export interface MoveObjectData {
  readonly kind: 'move';
  /** Type by defining ids. */
  readonly type: StructTag;
  /** Canonical text of `type`: 64-digit addresses, `,` without space. */
  readonly typeText: string;
  /** The type has `store`. */
  readonly hasPublicTransfer: boolean;
  /** BCS of the Move struct; begins with the 32-byte id. */
  readonly contents: Uint8Array;
}

export interface PackageData {
  readonly kind: 'package';
  readonly package: MovePackage;
}

/** One version of one object. Immutable; the digest and bytes are computed on first use. */
export interface LedgerObject {
  readonly objectId: Address;
  readonly version: bigint;
  readonly owner: Owner;
  readonly data: MoveObjectData | PackageData;
  /** Digest of the transaction that wrote this version. */
  readonly previousTransaction: Digest;
  /** MIST that come back (less 1 %) when this version is overwritten or deleted. */
  readonly storageRebate: bigint;
  /** Canonical type text, or the word `package`. */
  readonly objectType: string;
  readonly digest: Digest;
  /** BCS of the whole object (§3.6). */
  readonly bcs: Uint8Array;
  /** Balance if the object is a `0x2::coin::Coin<T>`, else undefined. */
  readonly coinBalance: bigint | undefined;
}
