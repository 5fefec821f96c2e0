/** Reads Move packages from a folder on disk (Node only). Nothing outside that folder is read. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MoveBuildError } from './errors.ts';
import { joinInside } from './paths.ts';
import {
  isPackageFile,
  MAX_PACKAGE_FILES,
  MAX_PACKAGE_TEXT,
  type MoveFiles,
  type PackageReader,
} from './source.ts';

/** Deepest folder below a package that is looked at. */
export const MAX_FOLDER_DEPTH = 8;

/**
 * A reader of the packages below `workspace`. Links that lead out of it are refused.
 * @param workspace absolute path of the folder that holds all packages of the build
 */
export function directoryReader(workspace: string): PackageReader {
  return {
    async readPackage(path) {
      const top = await realpath(workspace);
      const folder = await resolveInside(top, join(top, joinInside('', path, 'package')));
      if (folder === undefined) return undefined;
      return readFolder(top, folder);
    },
  };
}

/**
 * Files of one package folder, without any workspace rule (for packages that come with our own
 * code).
 */
export async function readPackageFolder(folder: string): Promise<MoveFiles> {
  const top = await realpath(folder);
  return readFolder(top, top);
}

async function readFolder(top: string, folder: string): Promise<MoveFiles> {
  const files: Record<string, string> = {};
  const budget = { files: MAX_PACKAGE_FILES, bytes: MAX_PACKAGE_TEXT };
  const walk = async (directory: string, depth: number): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = await resolveInside(top, join(directory, entry.name));
      if (path === undefined || entry.name.startsWith('.')) continue;
      const info = await stat(path);
      const name = relative(folder, join(directory, entry.name)).split(sep).join('/');
      if (info.isDirectory()) {
        if (depth < MAX_FOLDER_DEPTH && name !== 'build') await walk(path, depth + 1);
      } else if (info.isFile() && isPackageFile(name)) {
        budget.files -= 1;
        budget.bytes -= info.size;
        if (budget.files < 0 || budget.bytes < 0) throw tooLarge(folder);
        files[name] = await readFile(path, 'utf8');
      }
    }
  };
  await walk(folder, 0);
  return files;
}

/** Real path of `path`, `undefined` if nothing is there. @throws if it lies outside `top` */
async function resolveInside(top: string, path: string): Promise<string | undefined> {
  let real: string;
  try {
    real = await realpath(path);
  } catch {
    return undefined;
  }
  // The root of the file system ends with the separator already.
  const below = top.endsWith(sep) ? top : top + sep;
  if (real !== top && !real.startsWith(below)) {
    throw new MoveBuildError(
      'MOVE_BUILD_DEPENDENCY_OUTSIDE',
      `${path} leads to ${real}, outside the workspace ${top}`,
    );
  }
  return real;
}

function tooLarge(folder: string): MoveBuildError {
  return new MoveBuildError(
    'MOVE_BUILD_TOO_LARGE',
    `${folder}: more than ${MAX_PACKAGE_FILES} files or ${MAX_PACKAGE_TEXT} bytes of Move source`,
  );
}
