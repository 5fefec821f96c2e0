/**
 * The linkage table of a new package (sui-ledger.md §6.6, move-vm.md §4).
 *
 * The command lists the storage ids of all transitive dependencies; each contributes itself and
 * must not need anything that is missing or newer than what is listed.
 */
import type { MovePackage } from '../vm.ts';
import { fail } from './failure.ts';

export type Linkage = Map<string, { storageId: string; version: bigint }>;

export function buildLinkage(dependencies: readonly MovePackage[]): Linkage {
  const linkage: Linkage = new Map();
  for (const { originalId, storageId, version } of dependencies) {
    const listed = linkage.get(originalId);
    if (listed !== undefined && listed.storageId !== storageId) {
      fail('InvalidLinkage', `Two versions of ${originalId} are listed.`);
    }
    linkage.set(originalId, { storageId, version });
  }
  for (const dependency of dependencies) checkTransitive(dependency, linkage);
  return linkage;
}

function checkTransitive(dependency: MovePackage, linkage: Linkage): void {
  for (const [originalId, needed] of dependency.linkage) {
    const listed = linkage.get(originalId);
    if (listed === undefined) {
      fail('PublishUpgradeMissingDependency', `${needed.storageId} is not listed.`);
    }
    if (listed.version < needed.version) {
      fail(
        'PublishUpgradeDependencyDowngrade',
        `${dependency.storageId} needs version ${needed.version} of ${originalId}.`,
      );
    }
  }
}
