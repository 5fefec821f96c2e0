/** From a package in a workspace to bytecode, dependency ids and digest. */
import { type CompilerJob, runCompiler } from './compiler.ts';
import { type MoveDiagnostic, parseDiagnostics } from './diagnostics.ts';
import { packageDigest } from './digest.ts';
import { MoveBuildError } from './errors.ts';
import { type ModuleHeader, readModuleHeader, sortByDependency } from './module-header.ts';
import { type PublishedPackage, publicationFile } from './publication.ts';
import { type PackageGraph, resolvePackages } from './resolve.ts';
import type { FrameworkSources, MoveFiles, PackageReader } from './source.ts';

export type CompileMode = 'publish' | 'upgrade' | 'unpublished';

export interface CompileOptions {
  /** Workspace path of the package, for example `move/patterns`. */
  readonly packagePath: string;
  readonly reader: PackageReader;
  readonly framework: FrameworkSources;
  /** On-chain ids of local dependencies by package name; of the package itself for an upgrade. */
  readonly published?: Readonly<Record<string, PublishedPackage>>;
  /**
   * `publish` (default): own address zero, every dependency needs an on-chain id. `upgrade`: as
   * publish, and the package itself needs its ids. `unpublished`: dependencies without ids are
   * compiled at address zero; good for checking a package, not for sending it.
   */
  readonly mode?: CompileMode;
  /** Compiler modes (`#[mode(…)]`). */
  readonly modes?: readonly string[];
  readonly silenceWarnings?: boolean;
}

export interface CompiledModule {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface CompiledPackage {
  readonly name: string;
  /** Each module after the modules of this package that it uses. */
  readonly modules: readonly CompiledModule[];
  /** Storage ids of all dependencies, direct or not: `0x` + 64 hex digits. */
  readonly dependencies: readonly string[];
  /** 32 bytes; equals what the compiler printed (checked). */
  readonly digest: Uint8Array;
  readonly warnings: readonly MoveDiagnostic[];
}

/**
 * Compiles one package.
 * @throws MoveBuildError; with `diagnostics` when the sources do not compile
 */
export async function compilePackage(options: CompileOptions): Promise<CompiledPackage> {
  const mode = options.mode ?? 'publish';
  const graph = await resolvePackages(options.packagePath, options.reader);
  const published = options.published ?? {};
  checkPublished(graph, published, mode);
  const job = compilerJob(graph, {
    framework: options.framework,
    published: mode === 'upgrade' ? published : withoutRoot(published, graph),
    modes: options.modes ?? [],
    silenceWarnings: options.silenceWarnings ?? false,
  });
  const output = await runCompiler(job, mode === 'upgrade' ? 'upgrade' : 'dump');
  const modules = output.modules.map((text) => {
    const bytes = fromBase64(text);
    return { header: readModuleHeader(bytes), bytes };
  });
  const dependencies = output.dependencies;
  const digest = packageDigest(
    modules.map((module) => module.bytes),
    dependencies,
  );
  checkDigest(graph.root.manifest.name, digest, output.digest);
  return {
    name: graph.root.manifest.name,
    modules: sortByDependency<{ header: ModuleHeader; bytes: Uint8Array }>(modules).map(
      ({ header, bytes }) => ({ name: header.name, bytes }),
    ),
    dependencies,
    digest,
    warnings: parseDiagnostics(output.warnings ?? ''),
  };
}

/** Settings of a compiler job beside the packages themselves. */
export interface JobSettings {
  readonly framework: FrameworkSources;
  readonly published: Readonly<Record<string, PublishedPackage>>;
  readonly modes: readonly string[];
  readonly silenceWarnings: boolean;
}

/** Lays a package graph out the way the compiler asks for it. */
export function compilerJob(graph: PackageGraph, settings: JobSettings): CompilerJob {
  const withIds = (name: string, files: MoveFiles): MoveFiles => {
    const ids = settings.published[name];
    return ids ? { ...files, 'Published.toml': publicationFile(name, ids) } : files;
  };
  const localFiles = new Map<string, MoveFiles>();
  for (const dependency of graph.dependencies) {
    const path = relativePath(graph.root.path, dependency.path);
    localFiles.set(path, withIds(dependency.manifest.name, dependency.files));
  }
  return {
    rootFiles: withIds(graph.root.manifest.name, graph.root.files),
    localFiles,
    framework: settings.framework,
    modes: settings.modes,
    silenceWarnings: settings.silenceWarnings,
  };
}

function checkPublished(
  graph: PackageGraph,
  published: Readonly<Record<string, PublishedPackage>>,
  mode: CompileMode,
): void {
  const known = new Set([graph.root, ...graph.dependencies].map((p) => p.manifest.name));
  for (const name of Object.keys(published)) {
    if (known.has(name)) continue;
    throw new MoveBuildError(
      'MOVE_BUILD_INVALID_INPUT',
      `an on-chain id was given for "${name}", which is not in this build ` +
        `(${[...known].join(', ')})`,
    );
  }
  if (mode === 'unpublished') return;
  const needed = graph.dependencies.map((dependency) => dependency.manifest.name);
  if (mode === 'upgrade') needed.push(graph.root.manifest.name);
  const missing = needed.filter((name) => published[name] === undefined);
  if (missing.length > 0) {
    throw new MoveBuildError(
      'MOVE_BUILD_DEPENDENCY_UNPUBLISHED',
      `no on-chain id for ${missing.map((name) => `"${name}"`).join(', ')}; publish first and ` +
        'pass the ids, or compile with mode "unpublished"',
    );
  }
}

function withoutRoot(
  published: Readonly<Record<string, PublishedPackage>>,
  graph: PackageGraph,
): Record<string, PublishedPackage> {
  const rest = { ...published };
  delete rest[graph.root.manifest.name];
  return rest;
}

function checkDigest(name: string, ours: Uint8Array, theirs: readonly number[]): void {
  if (theirs.length === ours.length && theirs.every((byte, i) => byte === ours[i])) return;
  throw new MoveBuildError(
    'MOVE_BUILD_DIGEST_MISMATCH',
    `package "${name}": the compiler's digest differs from the one computed from its output`,
  );
}

/** Path of `to` as seen from `from`; both are normalized workspace paths. */
function relativePath(from: string, to: string): string {
  const a = from === '.' ? [] : from.split('/');
  const b = to === '.' ? [] : to.split('/');
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared += 1;
  const up = a.slice(shared).map(() => '..');
  return [...up, ...b.slice(shared)].join('/') || '.';
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
