/**
 * Publish and Upgrade (sui-ledger.md §6.6): gas, ids, `init`, capability, ticket and receipt.
 * What a
 * package must be like is the verifier's business.
 */

import { packageSize } from '../bcs/object.ts';
import { BcsReader } from '../bcs/reader.ts';
import { BcsWriter } from '../bcs/writer.ts';
import { MAX_PACKAGE_BYTES, PUBLISH_MILLIUNITS_PER_BYTE } from '../limits.ts';
import { struct } from '../type-text.ts';
import {
  type BuiltPackage,
  buildPublish,
  buildUpgrade,
  isVmError,
  KIND,
  type MovePackage,
  type PackageSource,
  packageDigest,
  type VmArgument,
  type VmError,
} from '../vm.ts';
import { ExecutionFailure, failUpgrade } from './failure.ts';
import type { PlannedCommand } from './plan.ts';
import { closeEventRange, type Run, setResult, takeUsage } from './run.ts';
import { vmFailure } from './vm-failure.ts';

const FIRST_VERSION = 1n;
const COMPATIBLE_POLICY = 0;
const UPGRADE_POLICIES = [COMPATIBLE_POLICY, 128, 192];

export function publish(
  run: Run,
  index: number,
  command: Extract<PlannedCommand, { kind: 'publish' }>,
): void {
  chargeBytes(run, command.modules);
  const storageId = run.objects.nextId();
  const { modules, dependencies } = command;
  const built = build(() => buildPublish({ modules, dependencies, storageId }, packagesOf(run)));
  addPackage(run, built.package);
  for (const module of built.initModules) runInit(run, built.package, module);
  const cap = new BcsWriter().address(run.objects.freshId()).address(storageId);
  setBytesResult(run, index, cap.u64(FIRST_VERSION).u8(COMPATIBLE_POLICY).toBytes());
}

export function upgrade(
  run: Run,
  index: number,
  command: Extract<PlannedCommand, { kind: 'upgrade' }>,
): void {
  chargeBytes(run, command.modules);
  const { modules, dependencies, package: packageId } = command;
  const ticket = readTicket(run, takeUsage(run, command.ticket));
  const current = checkTicket(run, command, ticket);
  const { policy } = ticket;
  const storageId = run.objects.nextId();
  const request = { modules, dependencies, storageId, current, policy };
  const built = build(() => buildUpgrade(request, packagesOf(run)), packageId);
  addPackage(run, built.package);
  const receipt = new BcsWriter().address(ticket.capId).address(storageId);
  setBytesResult(run, index, receipt.toBytes());
}

/** The package that the ticket allows to upgrade. */
function checkTicket(
  run: Run,
  command: Extract<PlannedCommand, { kind: 'upgrade' }>,
  ticket: Ticket,
): MovePackage {
  const { modules, dependencies, package: packageId } = command;
  if (ticket.packageId !== packageId) {
    failUpgrade({ kind: 'PackageIDDoesNotMatch', packageId, ticketId: ticket.packageId });
  }
  const digest = packageDigest(modules, dependencies);
  if (!sameBytes(digest, ticket.digest)) failUpgrade({ kind: 'DigestDoesNotMatch', digest });
  if (!UPGRADE_POLICIES.includes(ticket.policy)) {
    failUpgrade({ kind: 'UnknownUpgradePolicy', policy: ticket.policy });
  }
  const current = run.packageObject(packageId);
  if (current === undefined) failUpgrade({ kind: 'UnableToFetchPackage', packageId });
  if (current === 'notAPackage') failUpgrade({ kind: 'NotAPackage', objectId: packageId });
  return current;
}

function chargeBytes(run: Run, modules: readonly Uint8Array[]): void {
  const bytes = modules.reduce((sum, module) => sum + module.length, 0);
  run.session.gas.charge(Math.ceil((bytes * PUBLISH_MILLIUNITS_PER_BYTE) / 1000));
}

function packagesOf(run: Run): PackageSource {
  return {
    package: (id) => {
      const pkg = run.packageObject(id);
      return pkg === 'notAPackage' ? undefined : pkg;
    },
  };
}

/** Runs the verifier and puts its refusals into the network's words. */
function build(run: () => BuiltPackage, packageId = ''): BuiltPackage {
  try {
    return run();
  } catch (error) {
    if (!isVmError(error)) throw error;
    throw refusal(error, packageId);
  }
}

function refusal(error: VmError, packageId: string): ExecutionFailure {
  const detail = `${error.message}.`;
  const { failure } = error;
  if (failure === undefined) {
    const kind =
      error.code === 'MOVE_VM_SUI_VERIFICATION'
        ? 'SuiMoveVerificationError'
        : 'VMVerificationOrDeserializationError';
    return new ExecutionFailure({ kind }, undefined, detail);
  }
  switch (failure) {
    case 'PackageTooBig':
      return new ExecutionFailure(
        { kind: 'MovePackageTooBig', ...packageSizes(MAX_PACKAGE_BYTES + 1) },
        undefined,
        detail,
      );
    case 'PackageUpgradeError.IncompatibleUpgrade':
      return upgradeFailure({ kind: 'IncompatibleUpgrade' }, detail);
    case 'PackageUpgradeError.UnableToFetchPackage':
      return upgradeFailure({ kind: 'UnableToFetchPackage', packageId }, detail);
    case 'PackageUpgradeError.NotAPackage':
      return upgradeFailure({ kind: 'NotAPackage', objectId: packageId }, detail);
    case 'PackageUpgradeError.PackageIDDoesNotMatch':
    case 'PackageUpgradeError.UnknownUpgradePolicy':
    case 'PackageUpgradeError.DigestDoesNotMatch':
      // The ticket was checked before the verifier ran.
      return new ExecutionFailure({ kind: 'InvariantViolation' }, undefined, detail);
    default:
      return new ExecutionFailure({ kind: failure }, undefined, detail);
  }
}

function upgradeFailure(
  error: Extract<ExecutionFailure['error'], { kind: 'PackageUpgradeError' }>['error'],
  detail: string,
): ExecutionFailure {
  return new ExecutionFailure({ kind: 'PackageUpgradeError', error }, undefined, detail);
}

function packageSizes(size: number): { size: bigint; maxSize: bigint } {
  return { size: BigInt(size), maxSize: BigInt(MAX_PACKAGE_BYTES) };
}

function addPackage(run: Run, pkg: MovePackage): void {
  const size = packageSize(pkg);
  if (size > MAX_PACKAGE_BYTES) {
    throw new ExecutionFailure({ kind: 'MovePackageTooBig', ...packageSizes(size) });
  }
  build(() => {
    run.session.addPackage(pkg);
    return { package: pkg, modules: [], initModules: [] };
  });
  run.published.push(pkg);
}

/** Runs `init(otw?, ctx)` of a module. */
function runInit(run: Run, pkg: MovePackage, module: string): void {
  const init = run.session.loadFunction(pkg.storageId, module, 'init');
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

/** The command's single result, from its BCS. */
function setBytesResult(run: Run, index: number, bytes: Uint8Array): void {
  const { type } = run.plan.locations[run.plan.results[index]![0]!]!;
  setResult(run, index, 0, run.session.deserializeSlot(type, bytes));
}

interface Ticket {
  readonly capId: string;
  readonly packageId: string;
  readonly policy: number;
  readonly digest: Uint8Array;
}

/** `UpgradeTicket { cap: ID, package: ID, policy: u8, digest: vector<u8> }`. */
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
