/**
 * Publish and Upgrade (sui-ledger.md §6.6, move-vm.md §4, §7).
 */

import { packageSize } from '../bcs/object.ts';
import { BcsReader } from '../bcs/reader.ts';
import { BcsWriter } from '../bcs/writer.ts';
import { packageDigest } from '../digests.ts';
import { definingId } from '../introspection.ts';
import { MAX_PACKAGE_BYTES, PUBLISH_MILLIUNITS_PER_BYTE } from '../limits.ts';
import { struct } from '../type-text.ts';
import {
  addressToBytes,
  type CompiledModule,
  isVmError,
  KIND,
  type MovePackage,
  parseModule,
  type VmArgument,
  writeModule,
} from '../vm.ts';
import { ExecutionFailure, fail, failUpgrade } from './failure.ts';
import { buildLinkage } from './linkage.ts';
import type { PlannedCommand } from './plan.ts';
import { checkModules, checkUpgrade } from './publish-rules.ts';
import { closeEventRange, type Run, setResult, takeUsage } from './run.ts';
import { vmFailure } from './vm-failure.ts';

const ZERO_ADDRESS = `0x${'0'.repeat(64)}`;
const COMPATIBLE_POLICY = 0;

export function publish(
  run: Run,
  index: number,
  command: Extract<PlannedCommand, { kind: 'publish' }>,
): void {
  chargeBytes(run, command.modules);
  const modules = parseModules(command.modules);
  for (const module of modules) {
    if (selfAddress(module) !== ZERO_ADDRESS) fail('PublishErrorNonZeroAddress');
  }
  const dependencies = loadDependencies(run, command.dependencies);
  const storageId = run.objects.nextId();
  const pkg: MovePackage = {
    storageId,
    originalId: storageId,
    version: 1n,
    modules: rewriteModules(modules, storageId),
    typeOrigins: modules.flatMap((module) =>
      datatypesOf(module).map((datatype) => ({
        module: selfName(module),
        datatype,
        package: storageId,
      })),
    ),
    linkage: buildLinkage(dependencies),
  };
  addPackage(run, pkg, dependencies);
  for (const module of modules) runInit(run, pkg, selfName(module));
  const cap = new BcsWriter();
  cap.address(run.objects.freshId()).address(storageId).u64(1n).u8(COMPATIBLE_POLICY);
  const { type } = run.plan.locations[run.plan.results[index]![0]!]!;
  setResult(run, index, 0, run.session.deserializeSlot(type, cap.toBytes()));
}

export function upgrade(
  run: Run,
  index: number,
  command: Extract<PlannedCommand, { kind: 'upgrade' }>,
): void {
  chargeBytes(run, command.modules);
  const ticket = readTicket(run, takeUsage(run, command.ticket));
  if (ticket.packageId !== command.package) {
    failUpgrade({
      kind: 'PackageIDDoesNotMatch',
      packageId: command.package,
      ticketId: ticket.packageId,
    });
  }
  const digest = packageDigest(command.modules, command.dependencies.map(addressToBytes));
  if (!sameBytes(digest, ticket.digest)) failUpgrade({ kind: 'DigestDoesNotMatch', digest });
  const current = run.packageObject(command.package);
  if (current === undefined) {
    failUpgrade({ kind: 'UnableToFetchPackage', packageId: command.package });
  }
  if (current === 'notAPackage') failUpgrade({ kind: 'NotAPackage', objectId: command.package });
  const modules = parseModules(command.modules);
  for (const module of modules) {
    const self = selfAddress(module);
    if (self !== ZERO_ADDRESS && self !== current.originalId) fail('PublishErrorNonZeroAddress');
  }
  const dependencies = loadDependencies(run, command.dependencies);
  const storageId = run.objects.nextId();
  const pkg: MovePackage = {
    storageId,
    originalId: current.originalId,
    version: current.version + 1n,
    modules: rewriteModules(modules, current.originalId),
    typeOrigins: upgradedOrigins(current, modules, storageId),
    linkage: buildLinkage(dependencies),
  };
  checkUpgrade(current, pkg, ticket.policy);
  addPackage(run, pkg, dependencies);
  const receipt = new BcsWriter();
  receipt.address(ticket.capId).address(storageId);
  const { type } = run.plan.locations[run.plan.results[index]![0]!]!;
  setResult(run, index, 0, run.session.deserializeSlot(type, receipt.toBytes()));
}

function chargeBytes(run: Run, modules: readonly Uint8Array[]): void {
  const bytes = modules.reduce((sum, module) => sum + module.length, 0);
  run.session.gas.charge(Math.ceil((bytes * PUBLISH_MILLIUNITS_PER_BYTE) / 1000));
}

function parseModules(modules: readonly Uint8Array[]): readonly CompiledModule[] {
  const parsed = modules.map((bytes) => parseModule(bytes));
  const names = new Set(parsed.map(selfName));
  if (names.size !== parsed.length) {
    fail('VMVerificationOrDeserializationError', 'Two modules have the same name.');
  }
  return parsed;
}

function selfAddress(module: CompiledModule): string {
  return module.addresses[module.moduleHandles[module.selfHandle]!.address]!;
}

function selfName(module: CompiledModule): string {
  return module.identifiers[module.moduleHandles[module.selfHandle]!.name]!;
}

/** Names of structs, then enums, in definition order. */
function datatypesOf(module: CompiledModule): readonly string[] {
  return [...module.structs, ...module.enums].map(
    ({ handle }) => module.identifiers[module.datatypeHandles[handle]!.name]!,
  );
}

/** The modules under their own address, in name order. */
function rewriteModules(
  modules: readonly CompiledModule[],
  address: string,
): ReadonlyMap<string, Uint8Array> {
  const named = modules.map((module): [string, Uint8Array] => {
    const self = selfAddress(module);
    const addresses = module.addresses.map((entry) => (entry === self ? address : entry));
    return [selfName(module), writeModule({ ...module, addresses })];
  });
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Old types keep the package that first had them. */
function upgradedOrigins(
  current: MovePackage,
  modules: readonly CompiledModule[],
  storageId: string,
): MovePackage['typeOrigins'] {
  const known = new Set(current.typeOrigins.map(({ module, datatype }) => `${module} ${datatype}`));
  return modules.flatMap((compiled) => {
    const module = selfName(compiled);
    return datatypesOf(compiled).map((datatype) => ({
      module,
      datatype,
      package: known.has(`${module} ${datatype}`)
        ? definingId(current, module, datatype)
        : storageId,
    }));
  });
}

function loadDependencies(run: Run, ids: readonly string[]): readonly MovePackage[] {
  return ids.map((id) => {
    const pkg = run.packageObject(id);
    if (pkg === undefined || pkg === 'notAPackage') {
      return fail('PublishUpgradeMissingDependency', `${id} is no package.`);
    }
    return pkg;
  });
}

function addPackage(run: Run, pkg: MovePackage, dependencies: readonly MovePackage[]): void {
  const size = packageSize(pkg);
  if (size > MAX_PACKAGE_BYTES) {
    throw new ExecutionFailure({
      kind: 'MovePackageTooBig',
      size: BigInt(size),
      maxSize: BigInt(MAX_PACKAGE_BYTES),
    });
  }
  checkModules(pkg, dependencies);
  try {
    run.session.addPackage(pkg);
  } catch (error) {
    if (!isVmError(error)) throw error;
    fail('VMVerificationOrDeserializationError', `${error.message}.`);
  }
  run.published.push(pkg);
}

/** Runs `init(otw?, ctx)` of one module, if it has one. */
function runInit(run: Run, pkg: MovePackage, module: string): void {
  const init = run.session.findFunction(pkg.storageId, module, 'init');
  if (init === undefined) return;
  const args: VmArgument[] = [];
  if (init.parameters.length === 2) {
    const witness = struct(pkg.storageId, module, module.toUpperCase());
    args.push(run.session.oneTimeWitness(run.session.typeOf(witness)).take());
  }
  const isMutable = init.parameters.at(-1)?.kind === KIND.MutableReference;
  args.push(isMutable ? run.txContext.borrowMut() : run.txContext.borrow());
  try {
    run.session.call(init, args);
  } catch (error) {
    throw vmFailure(error, pkg, run.session);
  }
  closeEventRange(run, { package: pkg.storageId, module });
}

interface Ticket {
  readonly capId: string;
  readonly packageId: string;
  readonly policy: number;
  readonly digest: Uint8Array;
}

function readTicket(run: Run, ticket: VmArgument): Ticket {
  const reader = new BcsReader(run.session.serialize(ticket.type, ticket.value));
  return {
    capId: reader.address(),
    packageId: reader.address(),
    policy: reader.u8(),
    digest: reader.bytes(),
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
