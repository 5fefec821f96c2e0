/**
 * Walks the local dependencies of a package before the compiler does, and refuses what it must not
 * see.
 */
import { MoveBuildError } from './errors.ts';
import { type MoveManifest, parseManifest } from './manifest.ts';
import { joinInside } from './paths.ts';
import { type MoveFiles, type PackageReader, selectPackageFiles } from './source.ts';

export interface ResolvedPackage {
  /** Workspace path. */
  readonly path: string;
  readonly manifest: MoveManifest;
  readonly files: MoveFiles;
  /** Workspace paths of its direct local dependencies. */
  readonly localDependencies: readonly string[];
}

export interface PackageGraph {
  readonly root: ResolvedPackage;
  /** Local dependencies, each after those it depends on, without the root. */
  readonly dependencies: readonly ResolvedPackage[];
}

/** Most local packages in one build. */
export const MAX_PACKAGES = 64;

/**
 * @param packagePath workspace path of the root package
 * @throws MoveBuildError for a missing package, a bad Move.toml, a dependency that is neither local
 * nor the framework, a path outside the workspace, a cycle, or two packages with one name
 */
export async function resolvePackages(
  packagePath: string,
  reader: PackageReader,
): Promise<PackageGraph> {
  const done = new Map<string, ResolvedPackage>();
  const names = new Map<string, string>();

  const visit = async (path: string, neededBy: string, trail: readonly string[]): Promise<void> => {
    if (trail.includes(path)) {
      const loop = [...trail.slice(trail.indexOf(path)), path].join(' → ');
      throw new MoveBuildError('MOVE_BUILD_DEPENDENCY_CYCLE', `packages need each other: ${loop}`);
    }
    if (done.has(path)) return;
    const files = await reader.readPackage(path);
    if (!files) {
      throw new MoveBuildError(
        'MOVE_BUILD_PACKAGE_NOT_FOUND',
        `${neededBy}: no package at "${path}"; check the path in its Move.toml`,
      );
    }
    const selected = selectPackageFiles(files, path);
    const manifest = parseManifest(selected['Move.toml'] ?? '', `${path}/Move.toml`);
    const other = names.get(manifest.name);
    if (other !== undefined) {
      throw new MoveBuildError(
        'MOVE_BUILD_MANIFEST',
        `${path} and ${other} are both named "${manifest.name}"; rename one of them`,
      );
    }
    names.set(manifest.name, path);
    if (names.size > MAX_PACKAGES) {
      throw new MoveBuildError(
        'MOVE_BUILD_TOO_LARGE',
        `${packagePath}: more than ${MAX_PACKAGES} local packages in one build`,
      );
    }
    const localDependencies: string[] = [];
    for (const dependency of manifest.dependencies) {
      if (dependency.kind !== 'local') continue;
      const what = `${path}/Move.toml: dependency "${dependency.name}"`;
      const target = joinInside(path, dependency.path, what);
      localDependencies.push(target);
      await visit(target, what, [...trail, path]);
    }
    done.set(path, { path, manifest, files: selected, localDependencies });
  };

  const start = joinInside('', packagePath, 'package');
  await visit(start, 'build', []);
  const root = done.get(start);
  if (!root) throw new MoveBuildError('MOVE_BUILD_PACKAGE_NOT_FOUND', `no package at "${start}"`);
  done.delete(start);
  return { root, dependencies: [...done.values()] };
}
