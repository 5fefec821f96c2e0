/**
 * Errors of the virtual machine as execution failures (move-vm.md §3.3).
 */
import { cleverError } from '../clever-error.ts';
import type { FailureKind, MoveLocation } from '../types/effects.ts';
import { isVmError, type MovePackage, type Session, STATUS, type VmError } from '../vm.ts';
import { ExecutionFailure } from './failure.ts';

const MAX_U16 = 0xffff;

/**
 * @param pkg the package that was called, whose linkage tells the storage ids of its dependencies
 */
export function vmFailure(
  error: unknown,
  pkg: MovePackage | undefined,
  session: Session,
): ExecutionFailure {
  if (error instanceof ExecutionFailure) return error;
  if (!isVmError(error)) {
    // Not a verdict of the machine but a fault in it (such as exhausting the host's stack): the
    // transaction fails, the ledger goes on.
    const name = error instanceof Error ? error.name : typeof error;
    return new ExecutionFailure({ kind: 'InvariantViolation' }, undefined, `Host error ${name}.`);
  }
  return new ExecutionFailure(failureKind(error, pkg, session), undefined, detailOf(error));
}

function failureKind(error: VmError, pkg: MovePackage | undefined, session: Session): FailureKind {
  const { status } = error;
  if (status === STATUS.OUT_OF_GAS) return { kind: 'InsufficientGas' };
  const location = locationOf(error, pkg);
  if (status === STATUS.ABORTED) {
    const code = error.subStatus;
    if (location === undefined || code === undefined) return { kind: 'VMInvariantViolation' };
    const bytes = session.package(location.package)?.modules.get(location.module);
    return { kind: 'MoveAbort', location, code, clever: cleverError(code, bytes) };
  }
  if (status >= 4000 && status < 5000) return { kind: 'MovePrimitiveRuntimeError', location };
  if (status >= 2000 && status < 3000) return { kind: 'VMInvariantViolation' };
  return { kind: 'VMVerificationOrDeserializationError' };
}

/** Aborts describe themselves; other failures gain from the machine's own words. */
function detailOf(error: VmError): string | undefined {
  return error.status === STATUS.ABORTED ? undefined : `${error.message}.`;
}

/** The location, with the storage id of the version that ran. */
function locationOf(error: VmError, pkg: MovePackage | undefined): MoveLocation | undefined {
  const { location } = error;
  if (location === undefined) return undefined;
  const { address, name } = location.module;
  return {
    package: storageIdOf(address, pkg),
    module: name,
    function: Math.min(location.function, MAX_U16),
    instruction: Math.min(location.instruction, MAX_U16),
    functionName: location.functionName,
  };
}

function storageIdOf(originalId: string, pkg: MovePackage | undefined): string {
  if (pkg === undefined) return originalId;
  if (pkg.originalId === originalId) return pkg.storageId;
  return pkg.linkage.get(originalId)?.storageId ?? originalId;
}
