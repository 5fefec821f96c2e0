/**
 * The one error class of the Move VM.
 *
 * `status` is the genuine VM's major status, `code` the stable string to switch on; the location
 * names the instruction that failed. A rejected module carries its verification or deserialization
 * status; package-level refusals (linkage, upgrades) carry a `failure` with the name that Sui gives
 * them. Source: move-vm.md §3.3, §4, §7.
 */
import { STATUS, type StatusName, statusClass, statusName } from './status.ts';

export type VmErrorCode =
  | 'MOVE_VM_DESERIALIZATION'
  | 'MOVE_VM_VERIFICATION'
  | 'MOVE_VM_SUI_VERIFICATION'
  | 'MOVE_VM_PACKAGE'
  | 'MOVE_VM_INVARIANT'
  | 'MOVE_VM_EXECUTION'
  | 'MOVE_VM_ABORTED'
  | 'MOVE_VM_OUT_OF_GAS'
  | 'MOVE_VM_INVALID_ARGUMENT';

/** A module by address and name; the address is an original id unless said otherwise. */
export interface ModuleId {
  address: string;
  name: string;
}

/** Where in a module: function definition index, instruction number from the function's start. */
export interface CodeLocation {
  module: ModuleId;
  function: number;
  instruction: number;
  functionName?: string;
}

/** Why a publish or upgrade was refused, in the words of Sui's execution status. */
export type PackageFailure =
  | 'PublishErrorNonZeroAddress'
  | 'PublishUpgradeMissingDependency'
  | 'PublishUpgradeDependencyDowngrade'
  | 'InvalidLinkage'
  | 'FeatureNotYetSupported'
  | 'PackageTooBig'
  | 'PackageUpgradeError.PackageIDDoesNotMatch'
  | 'PackageUpgradeError.UnknownUpgradePolicy'
  | 'PackageUpgradeError.DigestDoesNotMatch'
  | 'PackageUpgradeError.UnableToFetchPackage'
  | 'PackageUpgradeError.NotAPackage'
  | 'PackageUpgradeError.IncompatibleUpgrade';

export interface VmErrorDetails {
  code?: VmErrorCode;
  subStatus?: bigint;
  location?: CodeLocation;
  /** The module a rejection is about, when no instruction is to blame. */
  module?: ModuleId;
  failure?: PackageFailure;
  cause?: unknown;
}

function codeOf(status: number): VmErrorCode {
  if (status === STATUS.ABORTED) return 'MOVE_VM_ABORTED';
  if (status === STATUS.OUT_OF_GAS) return 'MOVE_VM_OUT_OF_GAS';
  switch (statusClass(status)) {
    case 'verification':
      return 'MOVE_VM_VERIFICATION';
    case 'invariant':
      return 'MOVE_VM_INVARIANT';
    case 'deserialization':
      return 'MOVE_VM_DESERIALIZATION';
    case 'execution':
    case 'other':
      return 'MOVE_VM_EXECUTION';
  }
}

export class VmError extends Error {
  override readonly name = 'VmError';
  readonly code: VmErrorCode;
  /** Major status, a value of `STATUS`. */
  readonly status: number;
  readonly subStatus?: bigint;
  readonly location?: CodeLocation;
  readonly module?: ModuleId;
  readonly failure?: PackageFailure;

  constructor(status: number, message: string, details: VmErrorDetails = {}) {
    super(
      `${statusName(status)}: ${message}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.status = status;
    this.code = details.code ?? codeOf(status);
    if (details.subStatus !== undefined) this.subStatus = details.subStatus;
    if (details.location !== undefined) this.location = details.location;
    if (details.module !== undefined) this.module = details.module;
    if (details.failure !== undefined) this.failure = details.failure;
  }

  /** The name of `status`, for example `ABORTED`. */
  get statusName(): string {
    return statusName(this.status);
  }
}

export function isVmError(error: unknown): error is VmError {
  return error instanceof VmError;
}

/** A rejected module: `status` by name. */
export function rejected(
  status: StatusName,
  message: string,
  details: VmErrorDetails = {},
): VmError {
  return new VmError(STATUS[status], message, details);
}

/** A module that Move accepts and one of Sui's own passes refuses (`SuiMoveVerificationError`). */
export function suiRejected(message: string, module: ModuleId): VmError {
  return new VmError(STATUS.VERIFICATION_ERROR, message, {
    code: 'MOVE_VM_SUI_VERIFICATION',
    module,
  });
}

/** A publish or upgrade that Sui refuses by name. */
export function packageRejected(failure: PackageFailure, message: string): VmError {
  return new VmError(STATUS.LINKER_ERROR, `${failure}: ${message}`, {
    code: 'MOVE_VM_PACKAGE',
    failure,
  });
}

/** A caller of this package broke a contract: wrong shape, length or form. */
export function argumentError(message: string): VmError {
  return new VmError(STATUS.UNKNOWN_RUNTIME_STATUS, message, { code: 'MOVE_VM_INVALID_ARGUMENT' });
}
