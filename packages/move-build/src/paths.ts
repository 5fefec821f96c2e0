/**
 * Package paths are POSIX paths relative to one workspace. They are normalized here, once, and a
 * path that leaves the workspace is refused: a Move.toml from elsewhere must not read a neighbour's
 * files.
 */
import { MoveBuildError } from './errors.ts';

/** Longest package path accepted, in UTF-16 units. */
export const MAX_PATH_LENGTH = 1024;

/**
 * Joins `relative` to the workspace path `base` and normalizes.
 * @throws MoveBuildError `MOVE_BUILD_DEPENDENCY_OUTSIDE` if the result is absolute or above the
 * workspace.
 */
export function joinInside(base: string, relative: string, what: string): string {
  const outside = (why: string) =>
    new MoveBuildError(
      'MOVE_BUILD_DEPENDENCY_OUTSIDE',
      `${what}: path ${JSON.stringify(relative)} ${why}; use a relative path inside the workspace`,
    );
  if (relative.length === 0 || relative.length > MAX_PATH_LENGTH) throw outside('has a bad length');
  if (relative.includes('\0') || relative.includes('\\')) {
    throw outside('contains a backslash or a zero byte');
  }
  if (relative.startsWith('/') || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(relative)) {
    throw outside('is absolute');
  }
  const parts: string[] = base === '' || base === '.' ? [] : base.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw outside('leaves the workspace');
  }
  return parts.length === 0 ? '.' : parts.join('/');
}
