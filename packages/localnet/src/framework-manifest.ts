/**
 * Manifests under which the framework's packages are compiled as root packages. The compiler puts a
 * root package of a framework name at address zero, and adds the framework to any other; a package
 * of another name that says it wants no implicit dependencies keeps its address.
 */

/** Packages that other packages compile against. */
export type SystemPackage = 'std' | 'sui';

/** Workspace path under which `sui` finds `std`. */
export const FRAMEWORK_STD_PATH = 'move-stdlib';

/** Address of a system package: `0x` + 64 hex digits. */
export function systemAddress(name: SystemPackage): string {
  return `0x${(name === 'std' ? '1' : '2').padStart(64, '0')}`;
}

/** Text of Move.toml. `sui` finds `std` as a local package at `FRAMEWORK_STD_PATH`. */
export function frameworkManifest(name: SystemPackage): string {
  return [
    '[package]',
    `name = "framework_${name}"`,
    'edition = "2024"',
    'implicit-dependencies = false',
    '[dependencies]',
    name === 'sui' ? `MoveStdlib = { local = "../${FRAMEWORK_STD_PATH}" }` : '',
    '[addresses]',
    `${name} = "${systemAddress(name)}"`,
    '',
  ].join('\n');
}

/** Text of Move.toml for the package 0x3, which stands on the framework as any other package does. */
export const SUI_SYSTEM_MANIFEST = [
  '[package]',
  'name = "framework_sui_system"',
  'edition = "2024"',
  '[addresses]',
  'sui_system = "0x3"',
  '',
].join('\n');

/** Address of the package 0x3. */
export const SUI_SYSTEM_ID = `0x${'3'.padStart(64, '0')}`;
