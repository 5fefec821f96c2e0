/** Where the package is, and which packages it may find on the running chain. */
import { existsSync, statSync } from 'node:fs';
import { join, parse, relative, resolve, sep } from 'node:path';
import { isMoveBuildError } from '@seal-ts/move-build';
import { DevError } from '../../errors.ts';
import { readJson, type StackFiles, writePrivateFile } from '../../stack/files.ts';
import type { Manifest } from '../../stack/manifest.ts';
import { firstVersion, type Publications } from '../../stack/move-packages.ts';

export interface PackagePath {
  /** Root below which local dependencies may lie. */
  readonly workspace: string;
  /** Path of the package from there, with `/`. */
  readonly path: string;
  readonly dir: string;
}

/** Checks that `path` is a Move package. Errors: DEV_BAD_OPTION. */
export function packagePath(path: string): PackagePath {
  const dir = resolve(path);
  if (!existsSync(dir) || !statSync(dir).isDirectory()) {
    throw new DevError('DEV_BAD_OPTION', `--path ${path}: there is no such folder`);
  }
  if (!existsSync(join(dir, 'Move.toml'))) {
    throw new DevError('DEV_BAD_OPTION', `--path ${path}: it has no Move.toml`);
  }
  const workspace = parse(dir).root;
  return { workspace, path: relative(workspace, dir).split(sep).join('/'), dir };
}

/** Packages on the chain of a stack: those it came with, and those published since. */
export function publications(files: StackFiles, manifest: Manifest): Publications {
  const own = Object.entries(manifest.packages).map(([name, id]) => [name, firstVersion(id)]);
  return { ...Object.fromEntries(own), ...(readJson(publicationsFile(files)) as Publications) };
}

/** Remembers a publication, so that packages published later can depend on it. */
export function remember(files: StackFiles, name: string, packageId: string): void {
  const known = (readJson(publicationsFile(files)) ?? {}) as Publications;
  const next = { ...known, [name]: firstVersion(packageId) };
  writePrivateFile(publicationsFile(files), `${JSON.stringify(next, null, 2)}\n`);
}

function publicationsFile(files: StackFiles): string {
  return join(files.dir, 'publications.json');
}

/** The compiler's findings as JSON, for `--json`. */
export function failureJson(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: string }).code ?? 'DEV_UNKNOWN';
  const diagnostics = isMoveBuildError(error) ? (error.diagnostics ?? []) : [];
  return JSON.stringify({ error: { code, message, diagnostics } });
}
