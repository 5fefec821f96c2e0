/**
 * TransactionEffects V2 in BCS (sui-ledger.md §3.5, §9.1).
 */
import type {
  ChangedObject,
  CommandArgumentErrorKind,
  ExecutionStatus,
  FailureKind,
  GasCostSummary,
  MoveLocation,
  PackageUpgradeErrorKind,
  TransactionEffects,
} from '../types/effects.ts';
import { writeOwner } from './object.ts';
import { BcsWriter } from './writer.ts';

/** BCS tag = position. */
export const FAILURE_KINDS = [
  'InsufficientGas',
  'InvalidGasObject',
  'InvariantViolation',
  'FeatureNotYetSupported',
  'MoveObjectTooBig',
  'MovePackageTooBig',
  'CircularObjectOwnership',
  'InsufficientCoinBalance',
  'CoinBalanceOverflow',
  'PublishErrorNonZeroAddress',
  'SuiMoveVerificationError',
  'MovePrimitiveRuntimeError',
  'MoveAbort',
  'VMVerificationOrDeserializationError',
  'VMInvariantViolation',
  'FunctionNotFound',
  'ArityMismatch',
  'TypeArityMismatch',
  'NonEntryFunctionInvoked',
  'CommandArgumentError',
  'TypeArgumentError',
  'UnusedValueWithoutDrop',
  'InvalidPublicFunctionReturnType',
  'InvalidTransferObject',
  'EffectsTooLarge',
  'PublishUpgradeMissingDependency',
  'PublishUpgradeDependencyDowngrade',
  'PackageUpgradeError',
  'WrittenObjectsTooLarge',
  'CertificateDenied',
  'SuiMoveVerificationTimedout',
  'SharedObjectOperationNotAllowed',
  'InputObjectDeleted',
  'ExecutionCancelledDueToSharedObjectCongestion',
  'AddressDeniedForCoin',
  'CoinTypeGlobalPause',
  'ExecutionCancelledDueToRandomnessUnavailable',
  'MoveVectorElemTooBig',
  'MoveRawValueTooBig',
  'InvalidLinkage',
  'InsufficientFundsForWithdraw',
  'NonExclusiveWriteInputObjectModified',
] as const satisfies readonly FailureKind['kind'][];

/** BCS tag = position. */
export const COMMAND_ARGUMENT_ERRORS = [
  'TypeMismatch',
  'InvalidBCSBytes',
  'InvalidUsageOfPureArg',
  'InvalidArgumentToPrivateEntryFunction',
  'IndexOutOfBounds',
  'SecondaryIndexOutOfBounds',
  'InvalidResultArity',
  'InvalidGasCoinUsage',
  'InvalidValueUsage',
  'InvalidObjectByValue',
  'InvalidObjectByMutRef',
  'SharedObjectOperationNotAllowed',
  'InvalidArgumentArity',
  'InvalidTransferObject',
  'InvalidMakeMoveVecNonObjectArgument',
  'ArgumentWithoutValue',
  'CannotMoveBorrowedValue',
  'CannotWriteToExtendedReference',
  'InvalidReferenceArgument',
  'InvalidTxContext',
] as const satisfies readonly CommandArgumentErrorKind['kind'][];

/** BCS tag = position. */
export const PACKAGE_UPGRADE_ERRORS = [
  'UnableToFetchPackage',
  'NotAPackage',
  'IncompatibleUpgrade',
  'DigestDoesNotMatch',
  'UnknownUpgradePolicy',
  'PackageIDDoesNotMatch',
] as const satisfies readonly PackageUpgradeErrorKind['kind'][];

const ID_OPERATIONS = ['none', 'created', 'deleted'] as const;

export function encodeEffects(effects: TransactionEffects): Uint8Array {
  const writer = new BcsWriter();
  writer.u8(1);
  writeStatus(writer, effects.status);
  writer.u64(effects.executedEpoch);
  writeGasCostSummary(writer, effects.gasUsed);
  writer.digest(effects.transactionDigest);
  writer.option(effects.gasObjectIndex, (index) => writer.u32(index));
  writer.option(effects.eventsDigest, (digest) => writer.digest(digest));
  writer.vector(effects.dependencies, (digest) => writer.digest(digest));
  writer.u64(effects.lamportVersion);
  writer.vector(effects.changedObjects, (change) => writeChange(writer, change));
  writer.vector(effects.unchangedConsensusObjects, (object) => {
    writer.address(object.objectId).u8(0).u64(object.version).digest(object.digest);
  });
  writer.u8(0);
  return writer.toBytes();
}

export function writeGasCostSummary(writer: BcsWriter, gas: GasCostSummary): void {
  writer.u64(gas.computationCost).u64(gas.storageCost);
  writer.u64(gas.storageRebate).u64(gas.nonRefundableStorageFee);
}

function writeChange(writer: BcsWriter, change: ChangedObject): void {
  writer.address(change.objectId);
  const { input, output } = change;
  if (input.kind === 'notExist') {
    writer.u8(0);
  } else {
    writer.u8(1).u64(input.version).digest(input.digest);
    writeOwner(writer, input.owner);
  }
  if (output.kind === 'notExist') {
    writer.u8(0);
  } else if (output.kind === 'objectWrite') {
    writer.u8(1).digest(output.digest);
    writeOwner(writer, output.owner);
  } else {
    writer.u8(2).u64(output.version).digest(output.digest);
  }
  writer.u8(ID_OPERATIONS.indexOf(change.idOperation));
}

function writeStatus(writer: BcsWriter, status: ExecutionStatus): void {
  if (status.success) {
    writer.u8(0);
    return;
  }
  writer.u8(1);
  writeFailure(writer, status.error);
  writer.option(status.command, (index) => writer.u64(BigInt(index)));
}

function writeLocation(writer: BcsWriter, location: MoveLocation): void {
  writer.address(location.package).string(location.module);
  writer.u16(location.function).u16(location.instruction);
  writer.option(location.functionName, (name) => writer.string(name));
}

function writeFailure(writer: BcsWriter, error: FailureKind): void {
  writer.u8(FAILURE_KINDS.indexOf(error.kind));
  switch (error.kind) {
    case 'MoveObjectTooBig':
    case 'MovePackageTooBig':
    case 'EffectsTooLarge':
    case 'WrittenObjectsTooLarge':
    case 'MoveVectorElemTooBig':
    case 'MoveRawValueTooBig':
      writer.u64(error.size).u64(error.maxSize);
      return;
    case 'CircularObjectOwnership':
    case 'NonExclusiveWriteInputObjectModified':
      writer.address(error.objectId);
      return;
    case 'MovePrimitiveRuntimeError':
      writer.option(error.location, (location) => writeLocation(writer, location));
      return;
    case 'MoveAbort':
      writeLocation(writer, error.location);
      writer.u64(error.code);
      return;
    case 'CommandArgumentError':
      writer.u16(error.argument);
      writeArgumentError(writer, error.error);
      return;
    case 'TypeArgumentError':
      writer.u16(error.argument).u8(error.error === 'TypeNotFound' ? 0 : 1);
      return;
    case 'UnusedValueWithoutDrop':
      writer.u16(error.result).u16(error.secondary);
      return;
    case 'InvalidPublicFunctionReturnType':
      writer.u16(error.index);
      return;
    case 'PackageUpgradeError':
      writeUpgradeError(writer, error.error);
      return;
    case 'ExecutionCancelledDueToSharedObjectCongestion':
      writer.vector(error.objectIds, (id) => writer.address(id));
      return;
    case 'AddressDeniedForCoin':
      writer.address(error.address).string(error.coinType);
      return;
    case 'CoinTypeGlobalPause':
      writer.string(error.coinType);
      return;
    default:
      // The rest carry no fields.
      return;
  }
}

function writeArgumentError(writer: BcsWriter, error: CommandArgumentErrorKind): void {
  writer.u8(COMMAND_ARGUMENT_ERRORS.indexOf(error.kind));
  if (error.kind === 'IndexOutOfBounds') writer.u16(error.index);
  if (error.kind === 'InvalidResultArity') writer.u16(error.result);
  if (error.kind === 'SecondaryIndexOutOfBounds') writer.u16(error.result).u16(error.secondary);
}

function writeUpgradeError(writer: BcsWriter, error: PackageUpgradeErrorKind): void {
  writer.u8(PACKAGE_UPGRADE_ERRORS.indexOf(error.kind));
  if (error.kind === 'UnableToFetchPackage') writer.address(error.packageId);
  if (error.kind === 'NotAPackage') writer.address(error.objectId);
  if (error.kind === 'DigestDoesNotMatch') writer.bytes(error.digest);
  if (error.kind === 'UnknownUpgradePolicy') writer.u8(error.policy);
  if (error.kind === 'PackageIDDoesNotMatch') {
    writer.address(error.packageId).address(error.ticketId);
  }
}
