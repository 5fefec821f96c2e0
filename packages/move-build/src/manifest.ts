/**
 * Reads the parts of a Move.toml that decide what gets compiled: name, edition, dependencies.
 * The compiler reads the file again by its own rules; this reading comes first because the compiler
 * would go to the network for a dependency that it does not have, and we refuse it by name instead.
 */
import { parse } from 'smol-toml';
import { MoveBuildError } from './errors.ts';

export interface MoveManifest {
  readonly name: string;
  readonly edition: string | undefined;
  readonly dependencies: readonly MoveDependency[];
}

export type MoveDependency =
  | { readonly kind: 'local'; readonly name: string; readonly path: string }
  | { readonly kind: 'framework'; readonly name: string; readonly package: 'std' | 'sui' };

/** Largest Move.toml accepted, in UTF-16 units. */
export const MAX_MANIFEST_LENGTH = 65_536;
/** Most direct dependencies of one package (the network's own limit for a published package). */
export const MAX_DEPENDENCIES = 32;

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const SUI_REPOSITORY = /^https:\/\/github\.com\/MystenLabs\/sui(?:\.git)?\/?$/;
const FRAMEWORK_FOLDERS = new Map<string, 'std' | 'sui'>([
  ['crates/sui-framework/packages/move-stdlib', 'std'],
  ['crates/sui-framework/packages/sui-framework', 'sui'],
]);
const REFUSED_TABLES = ['dep-replacements', 'dev-dependencies'];

/**
 * @param text content of Move.toml
 * @param where the file's path, for messages
 * @throws MoveBuildError `MOVE_BUILD_MANIFEST` or `MOVE_BUILD_UNSUPPORTED_DEPENDENCY`
 */
export function parseManifest(text: string, where: string): MoveManifest {
  const bad = (why: string) => new MoveBuildError('MOVE_BUILD_MANIFEST', `${where}: ${why}`);
  if (text.length > MAX_MANIFEST_LENGTH) {
    throw bad(`${text.length} characters, at most ${MAX_MANIFEST_LENGTH} are read`);
  }
  let document: unknown;
  try {
    document = parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new MoveBuildError('MOVE_BUILD_MANIFEST', `${where}: not valid TOML: ${reason}`, {
      cause,
    });
  }
  const root = table(document);
  const pack = table(root?.['package']);
  if (!root || !pack) throw bad('has no [package] table');
  const name = pack['name'];
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw bad('package.name must be a name of letters, digits, "_" and "-"');
  }
  const edition = pack['edition'];
  if (edition !== undefined && typeof edition !== 'string') {
    throw bad('package.edition must be a string such as "2024"');
  }
  for (const refused of REFUSED_TABLES) {
    if (Object.keys(table(root[refused]) ?? {}).length > 0) {
      throw bad(`[${refused}] is not supported; give on-chain ids to the build instead`);
    }
  }
  return { name, edition, dependencies: parseDependencies(root['dependencies'], where, bad) };
}

function parseDependencies(
  value: unknown,
  where: string,
  bad: (why: string) => MoveBuildError,
): MoveDependency[] {
  if (value === undefined) return [];
  const dependencies = table(value);
  if (!dependencies) throw bad('[dependencies] must be a table');
  const entries = Object.entries(dependencies);
  if (entries.length > MAX_DEPENDENCIES) {
    throw bad(`${entries.length} dependencies, at most ${MAX_DEPENDENCIES} are allowed`);
  }
  return entries.map(([name, spec]) => parseDependency(name, spec, where, bad));
}

function parseDependency(
  name: string,
  value: unknown,
  where: string,
  bad: (why: string) => MoveBuildError,
): MoveDependency {
  const spec = table(value);
  if (!NAME.test(name) || !spec) throw bad(`dependency ${JSON.stringify(name)} must be a table`);
  if (typeof spec['local'] === 'string' && spec['git'] === undefined) {
    return { kind: 'local', name, path: spec['local'] };
  }
  const { git, subdir } = spec;
  if (typeof git === 'string' && SUI_REPOSITORY.test(git) && typeof subdir === 'string') {
    const found = FRAMEWORK_FOLDERS.get(subdir.replace(/\/+$/, ''));
    if (found) return { kind: 'framework', name, package: found };
  }
  throw new MoveBuildError(
    'MOVE_BUILD_UNSUPPORTED_DEPENDENCY',
    `${where}: dependency "${name}" is ${describe(spec)}; only local packages and the Sui ` +
      'framework can be compiled offline. Copy the package into the workspace and use { local = "…" }',
  );
}

function describe(spec: Record<string, unknown>): string {
  if (typeof spec['git'] === 'string') return `a git package (${spec['git']})`;
  const keys = Object.keys(spec);
  return keys.length === 0 ? 'empty' : `of kind "${keys[0]}"`;
}

function table(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}
