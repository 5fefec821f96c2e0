/**
 * What a compiled package looks like inside a transaction: the fields of the Publish and Upgrade
 * commands.
 */
import type { CompiledPackage } from './compile.ts';
import { MoveBuildError } from './errors.ts';

export interface PublishPayload {
  readonly modules: readonly Uint8Array[];
  readonly dependencies: readonly string[];
}

export interface UpgradePayload extends PublishPayload {
  /** Storage id of the version that is being upgraded. */
  readonly package: string;
  /** 32 bytes, for `0x2::package::authorize_upgrade`. */
  readonly digest: Uint8Array;
}

/** Limits of the network on one Publish or Upgrade command (protocol 118). */
export const MAX_MODULES = 64;
export const MAX_MODULE_BYTES = 102_400;
export const MAX_PACKAGE_DEPENDENCIES = 32;

/**
 * @throws MoveBuildError `MOVE_BUILD_TOO_LARGE` when the network would refuse the package for its
 * size
 */
export function publishPayload(compiled: CompiledPackage): PublishPayload {
  const modules = compiled.modules.map((module) => module.bytes);
  const bytes = modules.reduce((sum, module) => sum + module.length, 0);
  const check = (what: string, value: number, limit: number) => {
    if (value <= limit) return;
    throw new MoveBuildError(
      'MOVE_BUILD_TOO_LARGE',
      `package "${compiled.name}" has ${value} ${what}; the network takes at most ${limit}`,
    );
  };
  check('modules', modules.length, MAX_MODULES);
  check('bytes of modules', bytes, MAX_MODULE_BYTES);
  check('dependencies', compiled.dependencies.length, MAX_PACKAGE_DEPENDENCIES);
  return { modules, dependencies: compiled.dependencies };
}

/** @param packageId storage id of the version to upgrade */
export function upgradePayload(compiled: CompiledPackage, packageId: string): UpgradePayload {
  return { ...publishPayload(compiled), package: packageId, digest: compiled.digest };
}
