/**
 * The shape of an on-chain package, as the loader and the publisher see it. Source: move-vm.md §4.
 *
 * Two addresses name a package. Its *storage id* is the object id of one version; its *original id*
 * is the storage id of version 1, and is what every address inside module bytes means.
 */

/** Where a type was first defined: the package version (storage id) that introduced it. */
export interface TypeOrigin {
  module: string;
  datatype: string;
  /** Storage id of the defining version. */
  package: string;
}

/** The version of a dependency that a package runs against. */
export interface LinkedPackage {
  storageId: string;
  version: bigint;
}

/** One version of a package. */
export interface MovePackage {
  storageId: string;
  originalId: string;
  version: bigint;
  /** Module name to module bytes; every address in the bytes is an original id. */
  modules: ReadonlyMap<string, Uint8Array>;
  typeOrigins: readonly TypeOrigin[];
  /** Original id to the version to use, for each transitive dependency. */
  linkage: ReadonlyMap<string, LinkedPackage>;
}

/** Where packages come from: the ledger, or a map in tests. */
export interface PackageSource {
  package(storageId: string): MovePackage | undefined;
}
