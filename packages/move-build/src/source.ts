/** Where Move sources come from: a port, and its in-memory form. */
import { MoveBuildError } from './errors.ts';
import { joinInside } from './paths.ts';

/** Files of one package: path inside the package (`Move.toml`, `sources/m.move`) to text. */
export type MoveFiles = Readonly<Record<string, string>>;

/**
 * Reads whole packages of one workspace. `path` is normalized and never leaves the workspace.
 * An unknown path gives `undefined`.
 */
export interface PackageReader {
  readPackage(path: string): Promise<MoveFiles | undefined>;
}

/** Sources of the two framework packages, 0x1 and 0x2. */
export interface FrameworkSources {
  readonly std: MoveFiles;
  readonly sui: MoveFiles;
}

/** Most files read for one package. */
export const MAX_PACKAGE_FILES = 2_000;
/** Most source text read for one package, in UTF-16 units. */
export const MAX_PACKAGE_TEXT = 16 * 1024 * 1024;

const SOURCE_FOLDERS = ['sources/', 'tests/', 'examples/'];

/** True for the files a Move build looks at. */
export function isPackageFile(path: string): boolean {
  if (path === 'Move.toml') return true;
  return path.endsWith('.move') && SOURCE_FOLDERS.some((folder) => path.startsWith(folder));
}

/** A reader over packages held in memory: workspace path of a package to its files. */
export function memoryReader(packages: Readonly<Record<string, MoveFiles>>): PackageReader {
  const known = new Map<string, MoveFiles>();
  for (const [path, files] of Object.entries(packages)) {
    known.set(joinInside('', path, 'package'), files);
  }
  return { readPackage: async (path) => known.get(path) };
}

/**
 * Keeps what a build looks at, drops lock and publication files (they belong to public networks and
 * would bring their addresses in), and checks the limits.
 */
export function selectPackageFiles(files: MoveFiles, where: string): Record<string, string> {
  const selected: Record<string, string> = {};
  let count = 0;
  let length = 0;
  for (const path of Object.keys(files).sort()) {
    const text = files[path];
    if (text === undefined || !isPackageFile(path)) continue;
    joinInside('', path, where);
    count += 1;
    length += text.length;
    if (count > MAX_PACKAGE_FILES || length > MAX_PACKAGE_TEXT) {
      throw new MoveBuildError(
        'MOVE_BUILD_TOO_LARGE',
        `${where}: more than ${MAX_PACKAGE_FILES} files or ${MAX_PACKAGE_TEXT} characters`,
      );
    }
    selected[path] = text;
  }
  if (selected['Move.toml'] === undefined) {
    throw new MoveBuildError(
      'MOVE_BUILD_PACKAGE_NOT_FOUND',
      `${where}: no Move.toml; is this the folder of a Move package?`,
    );
  }
  return selected;
}
