/**
 * Linkage and type-origin tables of a package version. Source: move-vm.md §4.
 */

import type { CompiledModule } from '../binary/module.ts';
import { parseModule } from '../binary/parse.ts';
import { datatypeName, moduleIdOf, selfId } from '../binary/view.ts';
import { type ModuleId, packageRejected } from '../common/errors.ts';
import type { LinkedPackage, MovePackage, PackageSource, TypeOrigin } from '../common/package.ts';
import type { ModuleLookup } from './link.ts';

/** Packages that one publish or upgrade may list as dependencies. */
export const MAX_DEPENDENCIES = 32;

/** The packages with these storage ids. @throws `PublishUpgradeMissingDependency` */
export function fetchDependencies(
  storageIds: readonly string[],
  source: PackageSource,
): MovePackage[] {
  if (storageIds.length > MAX_DEPENDENCIES) {
    throw packageRejected(
      'InvalidLinkage',
      `${storageIds.length} dependencies, at most ${MAX_DEPENDENCIES}`,
    );
  }
  return storageIds.map((id) => {
    const found = source.package(id);
    if (found === undefined) {
      throw packageRejected('PublishUpgradeMissingDependency', `there is no package ${id}`);
    }
    return found;
  });
}

/** Original ids of the packages that the modules name themselves. */
function immediateDependencies(modules: readonly CompiledModule[], originalId: string) {
  const ids = new Set<string>();
  for (const module of modules) {
    for (const handle of module.moduleHandles) ids.add(moduleIdOf(module, handle).address);
  }
  ids.delete(originalId);
  return ids;
}

/**
 * The linkage table: every listed dependency under its original id. Each must be listed once, each
 * package that the modules use must be listed, and whatever an immediate dependency was linked with
 * must be listed in the same version or a later one.
 */
export function buildLinkage(
  modules: readonly CompiledModule[],
  originalId: string,
  dependencies: readonly MovePackage[],
): Map<string, LinkedPackage> {
  const linkage = new Map<string, LinkedPackage>();
  for (const { originalId: id, storageId, version } of dependencies) {
    if (linkage.has(id)) {
      throw packageRejected('InvalidLinkage', `package ${id} is listed in two versions`);
    }
    linkage.set(id, { storageId, version });
  }
  if (linkage.has(originalId)) {
    throw packageRejected('InvalidLinkage', `package ${originalId} depends on itself`);
  }
  const immediate = immediateDependencies(modules, originalId);
  for (const id of immediate) {
    if (!linkage.has(id)) {
      throw packageRejected('PublishUpgradeMissingDependency', `the modules use ${id}`);
    }
  }
  for (const dependency of dependencies) {
    if (!immediate.has(dependency.originalId)) continue;
    for (const [id, used] of dependency.linkage) {
      const listed = linkage.get(id);
      if (listed === undefined) {
        throw packageRejected(
          'PublishUpgradeMissingDependency',
          `${dependency.storageId} needs ${id}, which is not listed`,
        );
      }
      if (listed.version < used.version) {
        throw packageRejected(
          'PublishUpgradeDependencyDowngrade',
          `${id} is listed in version ${listed.version}, ${dependency.storageId} needs ${used.version}`,
        );
      }
    }
  }
  return linkage;
}

/** Finds modules of the listed dependencies by original id; parses each once. */
export function dependencyLookup(dependencies: readonly MovePackage[]): ModuleLookup {
  const packages = new Map(dependencies.map((item) => [item.originalId, item]));
  const parsed = new Map<string, CompiledModule>();
  return ({ address, name }: ModuleId) => {
    const key = `${address}::${name}`;
    const known = parsed.get(key);
    if (known !== undefined) return known;
    const bytes = packages.get(address)?.modules.get(name);
    if (bytes === undefined) return undefined;
    const module = parseModule(bytes);
    parsed.set(key, module);
    return module;
  };
}

/** Structs, then enums, of each module in turn; types of `previous` keep their origin. */
export function buildTypeOrigins(
  modules: readonly CompiledModule[],
  storageId: string,
  previous: readonly TypeOrigin[],
): TypeOrigin[] {
  const known = new Map(previous.map((origin) => [`${origin.module}::${origin.datatype}`, origin]));
  const origins: TypeOrigin[] = [];
  for (const module of modules) {
    const { name } = selfId(module);
    for (const { handle } of [...module.structs, ...module.enums]) {
      const datatype = datatypeName(module, module.datatypeHandles[handle]!);
      const before = known.get(`${name}::${datatype}`);
      origins.push({ module: name, datatype, package: before?.package ?? storageId });
    }
  }
  return origins;
}
