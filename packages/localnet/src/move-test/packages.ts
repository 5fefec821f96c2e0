/**
 * Makes the packages of a test run: the package under test, its local dependencies and the
 * framework, each compiled with its test-only code and linked as on a chain.
 */
import {
  compilePackage,
  type FrameworkSources,
  type MoveFiles,
  type MoveTest,
  memoryReader,
  type PackageGraph,
  type PublishedPackage,
  placeholderIds,
  stripTestAttributes,
  withoutTestFolder,
} from '@seal-ts/move-build';
import {
  buildLinkage,
  buildTypeOrigins,
  type CompiledModule,
  type MovePackage,
  type PackageSource,
  parseModule,
  selfId,
  substituteSelfAddress,
} from '@seal-ts/move-vm';
import type { FrameworkPackage } from '../framework.ts';
import { FRAMEWORK_STD_PATH } from '../framework-manifest.ts';

export interface TestPackages {
  readonly source: PackageSource;
  /** Parsed modules by `address::name`, to explain aborts. */
  readonly modules: ReadonlyMap<string, CompiledModule>;
  /** Storage id of the package under test. */
  readonly rootId: string;
  readonly tests: readonly MoveTest[];
}

/**
 * @param graph the package under test with its dependencies
 * @param framework sources of the framework
 * @param compiled the framework's test build; the packages that the root itself is are left out
 */
export async function buildTestPackages(
  graph: PackageGraph,
  framework: FrameworkSources,
  compiled: readonly FrameworkPackage[],
): Promise<TestPackages> {
  const stripped: FrameworkSources = {
    std: withoutTests(framework.std),
    sui: withoutTests(framework.sui),
  };
  const ids = placeholderIds(graph);
  const root = stripTestAttributes(graph.root.files);
  // Our own `sui` as a root package finds `std` beside it.
  const sources: Record<string, MoveFiles> = {
    [FRAMEWORK_STD_PATH]: stripped.std,
    [graph.root.path]: root.files,
  };
  for (const dependency of graph.dependencies) {
    sources[dependency.path] = withoutTests(dependency.files);
  }
  const common = { reader: memoryReader(sources), framework: stripped, silenceWarnings: true };
  const linker = new Linker();
  const own = new Set<string>();
  const rootBuild = await compilePackage({
    ...common,
    packagePath: graph.root.path,
    published: ids,
    mode: 'unpublished',
  });
  const rootBytes = rootBuild.modules.map(({ bytes }) => bytes);
  const rootId = selfId(parseModule(rootBytes[0] ?? new Uint8Array())).address;
  own.add(rootId);
  for (const { id, modules } of compiled) if (!own.has(id)) linker.add(id, modules);
  for (const dependency of graph.dependencies) {
    const { name } = dependency.manifest;
    const built = await compilePackage({
      ...common,
      packagePath: dependency.path,
      published: onlyNeeded(ids, graph, dependency.path),
      mode: 'publish',
    });
    const id = ids[name]?.originalId ?? '';
    linker.add(
      id,
      built.modules.map(({ bytes }) => substituteSelfAddress(bytes, id)),
    );
  }
  linker.add(rootId, rootBytes);
  return { source: linker, modules: linker.modules, rootId, tests: root.tests };
}

function withoutTests(files: MoveFiles): MoveFiles {
  return stripTestAttributes(withoutTestFolder(files)).files;
}

/** Ids of a dependency itself and of all it depends on. */
function onlyNeeded(
  ids: Readonly<Record<string, PublishedPackage>>,
  graph: PackageGraph,
  path: string,
): Record<string, PublishedPackage> {
  const needed = new Set<string>();
  const visit = (at: string): void => {
    const found = graph.dependencies.find((dependency) => dependency.path === at);
    if (!found || needed.has(found.manifest.name)) return;
    needed.add(found.manifest.name);
    for (const dependency of found.localDependencies) visit(dependency);
  };
  visit(path);
  return Object.fromEntries(Object.entries(ids).filter(([name]) => needed.has(name)));
}

/** Packages of a run by storage id; each links against all that came before it. */
class Linker implements PackageSource {
  readonly modules = new Map<string, CompiledModule>();
  readonly #packages = new Map<string, MovePackage>();

  package(storageId: string): MovePackage | undefined {
    return this.#packages.get(storageId);
  }

  add(id: string, modules: readonly Uint8Array[]): void {
    const parsed = modules.map((bytes) => parseModule(bytes));
    const byName = new Map<string, Uint8Array>();
    for (const [index, module] of parsed.entries()) {
      const { address, name } = selfId(module);
      byName.set(name, modules[index] ?? new Uint8Array());
      this.modules.set(`${address}::${name}`, module);
    }
    this.#packages.set(id, {
      storageId: id,
      originalId: id,
      version: 1n,
      modules: byName,
      typeOrigins: buildTypeOrigins(parsed, id, []),
      linkage: buildLinkage(parsed, id, [...this.#packages.values()]),
    });
  }
}
