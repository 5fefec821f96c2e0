/**
 * Failed executions as `ExecutionStatus` (spec sui-ledger §9.1).
 *
 * The gRPC kind is the BCS tag plus one; names differ in a few places (Consensus for Shared, one l
 * in CANCELED). The description is always set: clients show "Unknown error" without it.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import { base58 } from '@scure/base';
import type {
  CleverError,
  CommandArgumentErrorKind,
  ExecutionStatus,
  FailureKind,
  MoveLocation,
  PackageUpgradeErrorKind,
} from '../../ledger/api.ts';
import { compact } from './compact.ts';

const Kind = GrpcTypes.ExecutionError_ExecutionErrorKind;
const ArgumentKind = GrpcTypes.CommandArgumentError_CommandArgumentErrorKind;
const UpgradeKind = GrpcTypes.PackageUpgradeError_PackageUpgradeErrorKind;
const TypeKind = GrpcTypes.TypeArgumentError_TypeArgumentErrorKind;

type Details = GrpcTypes.ExecutionError['errorDetails'];

const KIND: Readonly<Record<FailureKind['kind'], GrpcTypes.ExecutionError_ExecutionErrorKind>> = {
  InsufficientGas: Kind.INSUFFICIENT_GAS,
  InvalidGasObject: Kind.INVALID_GAS_OBJECT,
  InvariantViolation: Kind.INVARIANT_VIOLATION,
  FeatureNotYetSupported: Kind.FEATURE_NOT_YET_SUPPORTED,
  MoveObjectTooBig: Kind.OBJECT_TOO_BIG,
  MovePackageTooBig: Kind.PACKAGE_TOO_BIG,
  CircularObjectOwnership: Kind.CIRCULAR_OBJECT_OWNERSHIP,
  InsufficientCoinBalance: Kind.INSUFFICIENT_COIN_BALANCE,
  CoinBalanceOverflow: Kind.COIN_BALANCE_OVERFLOW,
  PublishErrorNonZeroAddress: Kind.PUBLISH_ERROR_NON_ZERO_ADDRESS,
  SuiMoveVerificationError: Kind.SUI_MOVE_VERIFICATION_ERROR,
  MovePrimitiveRuntimeError: Kind.MOVE_PRIMITIVE_RUNTIME_ERROR,
  MoveAbort: Kind.MOVE_ABORT,
  VMVerificationOrDeserializationError: Kind.VM_VERIFICATION_OR_DESERIALIZATION_ERROR,
  VMInvariantViolation: Kind.VM_INVARIANT_VIOLATION,
  FunctionNotFound: Kind.FUNCTION_NOT_FOUND,
  ArityMismatch: Kind.ARITY_MISMATCH,
  TypeArityMismatch: Kind.TYPE_ARITY_MISMATCH,
  NonEntryFunctionInvoked: Kind.NON_ENTRY_FUNCTION_INVOKED,
  CommandArgumentError: Kind.COMMAND_ARGUMENT_ERROR,
  TypeArgumentError: Kind.TYPE_ARGUMENT_ERROR,
  UnusedValueWithoutDrop: Kind.UNUSED_VALUE_WITHOUT_DROP,
  InvalidPublicFunctionReturnType: Kind.INVALID_PUBLIC_FUNCTION_RETURN_TYPE,
  InvalidTransferObject: Kind.INVALID_TRANSFER_OBJECT,
  EffectsTooLarge: Kind.EFFECTS_TOO_LARGE,
  PublishUpgradeMissingDependency: Kind.PUBLISH_UPGRADE_MISSING_DEPENDENCY,
  PublishUpgradeDependencyDowngrade: Kind.PUBLISH_UPGRADE_DEPENDENCY_DOWNGRADE,
  PackageUpgradeError: Kind.PACKAGE_UPGRADE_ERROR,
  WrittenObjectsTooLarge: Kind.WRITTEN_OBJECTS_TOO_LARGE,
  CertificateDenied: Kind.CERTIFICATE_DENIED,
  SuiMoveVerificationTimedout: Kind.SUI_MOVE_VERIFICATION_TIMEDOUT,
  SharedObjectOperationNotAllowed: Kind.CONSENSUS_OBJECT_OPERATION_NOT_ALLOWED,
  InputObjectDeleted: Kind.INPUT_OBJECT_DELETED,
  ExecutionCancelledDueToSharedObjectCongestion:
    Kind.EXECUTION_CANCELED_DUE_TO_CONSENSUS_OBJECT_CONGESTION,
  AddressDeniedForCoin: Kind.ADDRESS_DENIED_FOR_COIN,
  CoinTypeGlobalPause: Kind.COIN_TYPE_GLOBAL_PAUSE,
  ExecutionCancelledDueToRandomnessUnavailable:
    Kind.EXECUTION_CANCELED_DUE_TO_RANDOMNESS_UNAVAILABLE,
  MoveVectorElemTooBig: Kind.MOVE_VECTOR_ELEM_TOO_BIG,
  MoveRawValueTooBig: Kind.MOVE_RAW_VALUE_TOO_BIG,
  InvalidLinkage: Kind.INVALID_LINKAGE,
  InsufficientFundsForWithdraw: Kind.INSUFFICIENT_FUNDS_FOR_WITHDRAW,
  NonExclusiveWriteInputObjectModified: Kind.NON_EXCLUSIVE_WRITE_INPUT_OBJECT_MODIFIED,
};

const ARGUMENT_KIND: Readonly<
  Record<CommandArgumentErrorKind['kind'], GrpcTypes.CommandArgumentError_CommandArgumentErrorKind>
> = {
  TypeMismatch: ArgumentKind.TYPE_MISMATCH,
  InvalidBCSBytes: ArgumentKind.INVALID_BCS_BYTES,
  InvalidUsageOfPureArg: ArgumentKind.INVALID_USAGE_OF_PURE_ARGUMENT,
  InvalidArgumentToPrivateEntryFunction: ArgumentKind.INVALID_ARGUMENT_TO_PRIVATE_ENTRY_FUNCTION,
  IndexOutOfBounds: ArgumentKind.INDEX_OUT_OF_BOUNDS,
  SecondaryIndexOutOfBounds: ArgumentKind.SECONDARY_INDEX_OUT_OF_BOUNDS,
  InvalidResultArity: ArgumentKind.INVALID_RESULT_ARITY,
  InvalidGasCoinUsage: ArgumentKind.INVALID_GAS_COIN_USAGE,
  InvalidValueUsage: ArgumentKind.INVALID_VALUE_USAGE,
  InvalidObjectByValue: ArgumentKind.INVALID_OBJECT_BY_VALUE,
  InvalidObjectByMutRef: ArgumentKind.INVALID_OBJECT_BY_MUT_REF,
  SharedObjectOperationNotAllowed: ArgumentKind.CONSENSUS_OBJECT_OPERATION_NOT_ALLOWED,
  InvalidArgumentArity: ArgumentKind.INVALID_ARGUMENT_ARITY,
  InvalidTransferObject: ArgumentKind.INVALID_TRANSFER_OBJECT,
  InvalidMakeMoveVecNonObjectArgument: ArgumentKind.INVALID_MAKE_MOVE_VEC_NON_OBJECT_ARGUMENT,
  ArgumentWithoutValue: ArgumentKind.ARGUMENT_WITHOUT_VALUE,
  CannotMoveBorrowedValue: ArgumentKind.CANNOT_MOVE_BORROWED_VALUE,
  CannotWriteToExtendedReference: ArgumentKind.CANNOT_WRITE_TO_EXTENDED_REFERENCE,
  InvalidReferenceArgument: ArgumentKind.INVALID_REFERENCE_ARGUMENT,
  InvalidTxContext: ArgumentKind.INVALID_TX_CONTEXT,
};

const UPGRADE_KIND: Readonly<
  Record<PackageUpgradeErrorKind['kind'], GrpcTypes.PackageUpgradeError_PackageUpgradeErrorKind>
> = {
  UnableToFetchPackage: UpgradeKind.UNABLE_TO_FETCH_PACKAGE,
  NotAPackage: UpgradeKind.NOT_A_PACKAGE,
  IncompatibleUpgrade: UpgradeKind.INCOMPATIBLE_UPGRADE,
  DigestDoesNotMatch: UpgradeKind.DIGEST_DOES_NOT_MATCH,
  UnknownUpgradePolicy: UpgradeKind.UNKNOWN_UPGRADE_POLICY,
  PackageIDDoesNotMatch: UpgradeKind.PACKAGE_ID_DOES_NOT_MATCH,
};

/** Status of an execution; a failed one always carries `error` with a description. */
export function renderStatus(status: ExecutionStatus): PartialMessage<GrpcTypes.ExecutionStatus> {
  if (status.success) return { success: true };
  const { error, command } = status;
  return {
    success: false,
    error: compact({
      description: status.description === '' ? error.kind : status.description,
      command: command === undefined ? undefined : BigInt(command),
      kind: KIND[error.kind],
      errorDetails: errorDetails(error),
    }),
  };
}

function errorDetails(error: FailureKind): Details {
  switch (error.kind) {
    case 'MoveAbort':
      return moveAbort(error.location, error.code, error.clever);
    case 'MovePrimitiveRuntimeError':
      if (error.location === undefined) return { oneofKind: undefined };
      return { oneofKind: 'abort', abort: { location: renderLocation(error.location) } };
    case 'MoveObjectTooBig':
    case 'MovePackageTooBig':
    case 'EffectsTooLarge':
    case 'WrittenObjectsTooLarge':
    case 'MoveVectorElemTooBig':
    case 'MoveRawValueTooBig':
      return { oneofKind: 'sizeError', sizeError: { size: error.size, maxSize: error.maxSize } };
    case 'CircularObjectOwnership':
    case 'NonExclusiveWriteInputObjectModified':
      return { oneofKind: 'objectId', objectId: error.objectId };
    case 'CommandArgumentError':
      return commandArgument(error.argument, error.error);
    case 'TypeArgumentError':
      return {
        oneofKind: 'typeArgumentError',
        typeArgumentError: {
          typeArgument: error.argument,
          kind:
            error.error === 'TypeNotFound'
              ? TypeKind.TYPE_NOT_FOUND
              : TypeKind.CONSTRAINT_NOT_SATISFIED,
        },
      };
    case 'UnusedValueWithoutDrop':
      return indexError(error.result, error.secondary);
    case 'InvalidPublicFunctionReturnType':
      return indexError(error.index);
    case 'PackageUpgradeError':
      return packageUpgrade(error.error);
    case 'ExecutionCancelledDueToSharedObjectCongestion':
      return { oneofKind: 'congestedObjects', congestedObjects: { objects: [...error.objectIds] } };
    case 'AddressDeniedForCoin':
      return {
        oneofKind: 'coinDenyListError',
        coinDenyListError: { address: error.address, coinType: error.coinType },
      };
    case 'CoinTypeGlobalPause':
      return { oneofKind: 'coinDenyListError', coinDenyListError: { coinType: error.coinType } };
    default:
      return { oneofKind: undefined };
  }
}

function moveAbort(location: MoveLocation, code: bigint, clever: CleverError | undefined): Details {
  const abort: GrpcTypes.MoveAbort = { abortCode: code, location: renderLocation(location) };
  if (clever !== undefined) abort.cleverError = renderClever(clever);
  return { oneofKind: 'abort', abort };
}

function renderLocation(location: MoveLocation): GrpcTypes.MoveLocation {
  return compact({
    package: location.package,
    module: location.module,
    function: location.function,
    instruction: location.instruction,
    functionName: location.functionName,
  });
}

function renderClever(clever: CleverError): GrpcTypes.CleverError {
  return {
    ...compact({
      errorCode: clever.errorCode === undefined ? undefined : BigInt(clever.errorCode),
      lineNumber: clever.lineNumber === undefined ? undefined : BigInt(clever.lineNumber),
      constantName: clever.constantName,
      constantType: clever.constantType,
    }),
    value: cleverValue(clever),
  };
}

function cleverValue(clever: CleverError): GrpcTypes.CleverError['value'] {
  if (clever.rendered !== undefined) return { oneofKind: 'rendered', rendered: clever.rendered };
  if (clever.raw !== undefined) return { oneofKind: 'raw', raw: clever.raw };
  return { oneofKind: undefined };
}

function commandArgument(argument: number, error: CommandArgumentErrorKind): Details {
  const rendered: GrpcTypes.CommandArgumentError = { argument, kind: ARGUMENT_KIND[error.kind] };
  if (error.kind === 'IndexOutOfBounds') rendered.indexError = { index: error.index };
  if (error.kind === 'InvalidResultArity') rendered.indexError = { index: error.result };
  if (error.kind === 'SecondaryIndexOutOfBounds') {
    rendered.indexError = { index: error.result, subresult: error.secondary };
  }
  return { oneofKind: 'commandArgumentError', commandArgumentError: rendered };
}

function indexError(index: number, subresult?: number): Details {
  return { oneofKind: 'indexError', indexError: compact({ index, subresult }) };
}

function packageUpgrade(error: PackageUpgradeErrorKind): Details {
  const rendered: GrpcTypes.PackageUpgradeError = { kind: UPGRADE_KIND[error.kind] };
  switch (error.kind) {
    case 'UnableToFetchPackage':
      rendered.packageId = error.packageId;
      break;
    case 'NotAPackage':
      rendered.packageId = error.objectId;
      break;
    case 'DigestDoesNotMatch':
      rendered.digest = base58.encode(error.digest);
      break;
    case 'UnknownUpgradePolicy':
      rendered.policy = error.policy;
      break;
    case 'PackageIDDoesNotMatch':
      rendered.packageId = error.packageId;
      rendered.ticketId = error.ticketId;
      break;
    case 'IncompatibleUpgrade':
      break;
  }
  return { oneofKind: 'packageUpgradeError', packageUpgradeError: rendered };
}
