/**
 * What an upgrade may change, by policy. Source: move-vm.md §4.
 *
 * `compatible` (0): bodies, private and package functions, additions; public functions and all types
 * stay. `additive` (128): only additions. `dependency only` (192): nothing in the modules themselves.
 */

import type { CompiledModule } from '../binary/module.ts';
import { parseModule } from '../binary/parse.ts';
import { packageRejected, type VmError } from '../common/errors.ts';
import type { MovePackage } from '../common/package.ts';
import {
  moduleName,
  type NormalDatatype,
  type NormalFunction,
  type NormalModule,
  normalizeModule,
} from './normalize.ts';

export const UPGRADE_POLICY = { compatible: 0, additive: 128, dependencyOnly: 192 } as const;

function incompatible(module: string, message: string): VmError {
  return packageRejected(
    'PackageUpgradeError.IncompatibleUpgrade',
    `module '${module}': ${message}`,
  );
}

function sameTypeParameters(before: NormalDatatype, after: NormalDatatype): boolean {
  return (
    before.typeParameters.length === after.typeParameters.length &&
    before.typeParameters.every((parameter, i) => {
      const { constraints, phantom } = after.typeParameters[i]!;
      return parameter.constraints === constraints && (phantom || !parameter.phantom);
    })
  );
}

function checkDatatypes(
  module: string,
  before: ReadonlyMap<string, NormalDatatype>,
  after: ReadonlyMap<string, NormalDatatype>,
  exact: boolean,
): void {
  for (const [name, old] of before) {
    const now = after.get(name);
    if (now === undefined) throw incompatible(module, `type '${name}' is gone`);
    if (now.abilities !== old.abilities) {
      throw incompatible(module, `type '${name}' has other abilities`);
    }
    const phantoms = old.typeParameters.every(
      ({ phantom }, i) => now.typeParameters[i]?.phantom === phantom,
    );
    if (!sameTypeParameters(old, now) || (exact && !phantoms)) {
      throw incompatible(module, `type '${name}' has other type parameters`);
    }
    if (now.contents !== old.contents) {
      throw incompatible(module, `type '${name}' was { ${old.contents} }, is { ${now.contents} }`);
    }
  }
}

function sameSignature(before: NormalFunction, after: NormalFunction): boolean {
  return before.parameters === after.parameters && before.returns === after.returns;
}

function checkPublicFunctions(module: string, before: NormalModule, after: NormalModule): void {
  for (const [name, old] of before.functions) {
    if (old.visibility !== 'public') continue;
    const now = after.functions.get(name);
    if (now === undefined) throw incompatible(module, `public function '${name}' is gone`);
    if (now.visibility !== 'public') {
      throw incompatible(module, `function '${name}' is not public any more`);
    }
    if (!sameSignature(old, now)) {
      throw incompatible(module, `public function '${name}' has another signature`);
    }
    const relaxed =
      old.typeParameters.length === now.typeParameters.length &&
      now.typeParameters.every((constraints, i) => (constraints & ~old.typeParameters[i]!) === 0);
    if (!relaxed) {
      throw incompatible(module, `public function '${name}' asks more of its type parameters`);
    }
  }
}

function checkSameFunctions(module: string, before: NormalModule, after: NormalModule): void {
  for (const [name, old] of before.functions) {
    const now = after.functions.get(name);
    if (now === undefined) throw incompatible(module, `function '${name}' is gone`);
    const same =
      now.visibility === old.visibility &&
      now.isEntry === old.isEntry &&
      sameSignature(old, now) &&
      old.typeParameters.join() === now.typeParameters.join() &&
      old.code() === now.code();
    if (!same) throw incompatible(module, `function '${name}' has changed`);
  }
}

function checkNothingNew(module: string, before: NormalModule, after: NormalModule): void {
  for (const kind of ['structs', 'enums', 'functions'] as const) {
    for (const name of after[kind].keys()) {
      if (!before[kind].has(name)) throw incompatible(module, `'${name}' is new`);
    }
  }
  if (before.friends.join() !== after.friends.join()) {
    throw incompatible(module, 'has other friends');
  }
}

function checkModule(name: string, before: NormalModule, after: NormalModule, policy: number) {
  if (after.version < before.version) {
    throw incompatible(name, `file format ${after.version}, was ${before.version}`);
  }
  const exact = policy !== UPGRADE_POLICY.compatible;
  checkDatatypes(name, before.structs, after.structs, exact);
  checkDatatypes(name, before.enums, after.enums, exact);
  if (exact) checkSameFunctions(name, before, after);
  else checkPublicFunctions(name, before, after);
  if (policy === UPGRADE_POLICY.dependencyOnly) checkNothingNew(name, before, after);
}

/**
 * Checks that `modules` may replace `current` under `policy`.
 *
 * @param modules parsed, with the original id as self address
 * @throws VmError `PackageUpgradeError.UnknownUpgradePolicy` or `….IncompatibleUpgrade`
 */
export function checkUpgrade(
  current: MovePackage,
  modules: readonly CompiledModule[],
  policy: number,
): void {
  if (!Object.values(UPGRADE_POLICY).some((known) => known === policy)) {
    throw packageRejected('PackageUpgradeError.UnknownUpgradePolicy', `policy ${policy}`);
  }
  const after = new Map(modules.map((module) => [moduleName(module), module]));
  for (const [name, bytes] of current.modules) {
    const module = after.get(name);
    if (module === undefined) throw incompatible(name, 'is gone');
    const before = normalizeModule(parseModule(bytes));
    checkModule(name, before, normalizeModule(module), policy);
  }
  if (policy !== UPGRADE_POLICY.dependencyOnly) return;
  for (const name of after.keys()) {
    if (!current.modules.has(name)) throw incompatible(name, 'is new');
  }
}
