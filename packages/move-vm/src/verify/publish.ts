/**
 * Publish and upgrade: from the bytes of a command to the package to store, or to the reason why not.
 *
 * What the ledger still does: object ids, gas, `init`, the upgrade capability and its ticket.
 * Source: move-vm.md §4, §7.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import type { CompiledModule } from '../binary/module.ts';
import { selfId } from '../binary/view.ts';
import { writeModule } from '../binary/write.ts';
import { addressToBytes } from '../common/address.ts';
import { packageRejected } from '../common/errors.ts';
import type { MovePackage, PackageSource } from '../common/package.ts';
import { checkUpgrade } from './compatibility.ts';
import { buildLinkage, buildTypeOrigins, dependencyLookup, fetchDependencies } from './linkage.ts';
import { parsePackage, verifyPackage } from './package-modules.ts';
import { initFunction } from './sui/index.ts';

export interface PublishRequest {
  /** Module bytes as sent, self address zero. */
  modules: readonly Uint8Array[];
  /** Storage ids of all transitive dependencies. */
  dependencies: readonly string[];
  /** The new package's object id. */
  storageId: string;
}

export interface UpgradeRequest extends PublishRequest {
  /** The version that is upgraded. */
  current: MovePackage;
  /** Policy of the upgrade ticket: 0, 128 or 192. */
  policy: number;
}

export interface BuiltPackage {
  package: MovePackage;
  /** The modules in the order of the request, self address set. */
  modules: readonly CompiledModule[];
  /** Names of the modules with an `init` to run, in that order; empty for an upgrade. */
  initModules: readonly string[];
}

/** Blake2b-256 over the sorted hashes of the modules as sent and the dependencies' storage ids. */
export function packageDigest(
  modules: readonly Uint8Array[],
  dependencies: readonly string[],
): Uint8Array {
  const items = [
    ...modules.map((bytes) => blake2b(bytes, { dkLen: 32 })),
    ...dependencies.map(addressToBytes),
  ];
  items.sort(compareBytes);
  const hash = blake2b.create({ dkLen: 32 });
  for (const item of items) hash.update(item);
  return hash.digest();
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return 0;
}

function moduleMap(modules: readonly CompiledModule[]): Map<string, Uint8Array> {
  const named = modules.map((module) => [selfId(module).name, writeModule(module)] as const);
  // The chain keeps modules in a map ordered by name.
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function firstVersion(
  request: PublishRequest,
  source: PackageSource,
  selfAddress: string | undefined,
): BuiltPackage {
  const { storageId } = request;
  const modules = parsePackage(request.modules, storageId, selfAddress);
  const dependencies = fetchDependencies(request.dependencies, source);
  const linkage = buildLinkage(modules, storageId, dependencies);
  verifyPackage(modules, dependencyLookup(dependencies));
  return {
    modules,
    initModules: modules
      .filter((module) => initFunction(module) !== undefined)
      .map((module) => selfId(module).name),
    package: {
      storageId,
      originalId: storageId,
      version: 1n,
      modules: moduleMap(modules),
      typeOrigins: buildTypeOrigins(modules, storageId, []),
      linkage,
    },
  };
}

/**
 * Verifies a new package and builds its first version.
 *
 * @throws VmError: deserialization or verification status, `MOVE_VM_SUI_VERIFICATION`, or
 * `MOVE_VM_PACKAGE` with a `failure`
 */
export function buildPublish(request: PublishRequest, source: PackageSource): BuiltPackage {
  return firstVersion(request, source, undefined);
}

/**
 * As `buildPublish`, for a package whose id is fixed before it is compiled (0x1, 0x2): its modules
 * may carry that id already.
 */
export function buildGenesisPackage(request: PublishRequest, source: PackageSource): BuiltPackage {
  return firstVersion(request, source, request.storageId);
}

/**
 * Verifies a new version of `request.current` under the ticket's policy and builds it.
 *
 * @throws VmError as `buildPublish`; `PackageUpgradeError.…` when the policy does not allow a change
 */
export function buildUpgrade(request: UpgradeRequest, source: PackageSource): BuiltPackage {
  const { current, storageId, policy } = request;
  const { originalId } = current;
  const modules = parsePackage(request.modules, originalId, originalId);
  const dependencies = fetchDependencies(request.dependencies, source);
  const linkage = buildLinkage(modules, originalId, dependencies);
  verifyPackage(modules, dependencyLookup(dependencies));
  for (const module of modules) {
    const { name } = selfId(module);
    if (current.modules.has(name) || initFunction(module) === undefined) continue;
    throw packageRejected(
      'FeatureNotYetSupported',
      `module '${name}' is new in this upgrade and has an init, which would never run`,
    );
  }
  checkUpgrade(current, modules, policy);
  return {
    modules,
    initModules: [],
    package: {
      storageId,
      originalId,
      version: current.version + 1n,
      modules: moduleMap(modules),
      typeOrigins: buildTypeOrigins(modules, storageId, current.typeOrigins),
      linkage,
    },
  };
}
