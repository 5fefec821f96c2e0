/**
 * The modules of one publish or upgrade command: parsed, their self address set, verified alone and
 * against each other and their dependencies. Source: move-vm.md §4, §7.
 */

import type { CompiledModule } from '../binary/module.ts';
import { parseModule } from '../binary/parse.ts';
import { definedFunctionName, selfId } from '../binary/view.ts';
import { writeModule } from '../binary/write.ts';
import { MOVE_STDLIB_ADDRESS, SUI_FRAMEWORK_ADDRESS, ZERO_ADDRESS } from '../common/address.ts';
import { type ModuleId, packageRejected, rejected } from '../common/errors.ts';
import { checkLinks, checkPackageGraph, type ModuleLookup } from './link.ts';
import { checkNoGlobalStorage, verifySui } from './sui/index.ts';
import { verifyModule } from './verify-module.ts';

/** Bytes of all modules of a package together. */
export const MAX_PACKAGE_SIZE = 102_400;
export const MAX_PACKAGE_MODULES = 64;

/** Packages whose native functions the VM implements. */
const NATIVE_PACKAGES: ReadonlySet<string> = new Set([MOVE_STDLIB_ADDRESS, SUI_FRAMEWORK_ADDRESS]);

/**
 * Natives are found by address, module and name. Elsewhere there is nothing to find, so that nobody
 * can declare one with a signature of his own.
 */
function checkNatives(module: CompiledModule): void {
  const self = selfId(module);
  if (NATIVE_PACKAGES.has(self.address)) return;
  const index = module.functions.findIndex(({ code }) => code === undefined);
  if (index < 0) return;
  throw rejected(
    'MISSING_DEPENDENCY',
    `native function '${definedFunctionName(module, index)}' of ${self.address}::${self.name} ` +
      'does not exist; only std and sui have native functions',
    { module: self },
  );
}

/** The module with its own address replaced in the address pool. */
export function withSelfAddress(module: CompiledModule, address: string): CompiledModule {
  const self = module.moduleHandles[module.selfHandle]!.address;
  return { ...module, addresses: module.addresses.map((old, i) => (i === self ? address : old)) };
}

/**
 * The bytes of a module with its own address replaced: what the publisher stores.
 *
 * @throws VmError when the bytes are not a module
 */
export function substituteSelfAddress(moduleBytes: Uint8Array, address: string): Uint8Array {
  return writeModule(withSelfAddress(parseModule(moduleBytes), address));
}

function checkSize(modules: readonly Uint8Array[]): void {
  if (modules.length === 0) throw rejected('MALFORMED', 'a package without modules');
  if (modules.length > MAX_PACKAGE_MODULES) {
    throw packageRejected(
      'PackageTooBig',
      `${modules.length} modules, at most ${MAX_PACKAGE_MODULES}`,
    );
  }
  const size = modules.reduce((sum, bytes) => sum + bytes.length, 0);
  if (size > MAX_PACKAGE_SIZE) {
    throw packageRejected('PackageTooBig', `${size} bytes of modules, at most ${MAX_PACKAGE_SIZE}`);
  }
}

/**
 * Parses the modules and gives them `address`.
 *
 * @param mayBe a self address that is accepted besides zero (an upgrade's original id)
 */
export function parsePackage(
  modules: readonly Uint8Array[],
  address: string,
  mayBe: string | undefined,
): CompiledModule[] {
  checkSize(modules);
  return modules.map((bytes) => {
    const module = parseModule(bytes);
    const self = selfId(module);
    if (self.address !== ZERO_ADDRESS && self.address !== mayBe) {
      throw packageRejected(
        'PublishErrorNonZeroAddress',
        `module '${self.name}' says it is at ${self.address}; build it with address 0x0`,
      );
    }
    return withSelfAddress(module, address);
  });
}

/**
 * Verifies the modules of one package.
 *
 * @param dependency finds modules of other packages by original id
 */
export function verifyPackage(modules: readonly CompiledModule[], dependency: ModuleLookup): void {
  // Refused by Sui's passes, but these instructions mean nothing to our walk either.
  modules.forEach(checkNoGlobalStorage);
  modules.forEach(verifyModule);
  modules.forEach(checkNatives);
  checkPackageGraph(modules);
  const own = new Map(modules.map((module) => [key(selfId(module)), module]));
  for (const module of modules) checkLinks(module, (id) => own.get(key(id)) ?? dependency(id));
  modules.forEach(verifySui);
}

function key(id: ModuleId): string {
  return `${id.address}::${id.name}`;
}
