/**
 * The failure of a running transaction, and its wording (sui-ledger.md §9.1).
 *
 * Every failure carries a description: clients that find none print "Unknown error".
 */
import type {
  CommandArgumentErrorKind,
  FailureKind,
  MoveLocation,
  PackageUpgradeErrorKind,
  PlainArgumentError,
  PlainFailure,
} from '../types/effects.ts';

/** Ends execution; becomes the status in the effects. Not an Error: it never leaves the ledger. */
export class ExecutionFailure {
  readonly error: FailureKind;
  readonly description: string;
  /** Set by the interpreter when it knows which command was running. */
  command: number | undefined;

  constructor(error: FailureKind, command?: number, detail?: string) {
    this.error = error;
    this.command = command;
    this.description = describe(error) + (detail === undefined ? '' : ` ${detail}`);
  }
}

export function fail(kind: PlainFailure, detail?: string): never {
  throw new ExecutionFailure({ kind }, undefined, detail);
}

export function failArgument(
  argument: number,
  error: PlainArgumentError | CommandArgumentErrorKind,
  detail?: string,
): never {
  const kind = typeof error === 'string' ? { kind: error } : error;
  throw new ExecutionFailure(
    { kind: 'CommandArgumentError', argument, error: kind },
    undefined,
    detail,
  );
}

export function failUpgrade(error: PackageUpgradeErrorKind): never {
  throw new ExecutionFailure({ kind: 'PackageUpgradeError', error });
}

const PLAIN_TEXT: Record<PlainFailure, string> = {
  InsufficientGas: 'Insufficient Gas.',
  InvalidGasObject: 'Invalid Gas Object. It must be a SUI coin owned by an address.',
  InvariantViolation: 'INVARIANT VIOLATION.',
  FeatureNotYetSupported: 'The transaction uses a feature that this ledger does not support.',
  InsufficientCoinBalance: 'Insufficient coin balance for operation.',
  CoinBalanceOverflow: 'The coin balance overflows u64.',
  PublishErrorNonZeroAddress: 'Publish Error. A module in the package has a non-zero address.',
  SuiMoveVerificationError: 'Sui Move Bytecode Verification Error.',
  VMVerificationOrDeserializationError:
    'Move Bytecode Verification Error. The bytes of a module are malformed or break a rule.',
  VMInvariantViolation: 'MOVE VM INVARIANT VIOLATION.',
  FunctionNotFound: 'Function Not Found.',
  ArityMismatch: 'Arity mismatch: the function takes another number of arguments.',
  TypeArityMismatch: 'Type arity mismatch: the function takes another number of type arguments.',
  NonEntryFunctionInvoked:
    'Non Entry Function Invoked: only public or entry functions can be called.',
  InvalidTransferObject: 'Invalid Transfer Object: the object must have the ability store.',
  PublishUpgradeMissingDependency: 'Publish/Upgrade Error: a dependency is missing.',
  PublishUpgradeDependencyDowngrade: 'Publish/Upgrade Error: a dependency would be downgraded.',
  CertificateDenied: 'The certificate was denied.',
  SuiMoveVerificationTimedout: 'Sui Move Bytecode Verification timed out.',
  SharedObjectOperationNotAllowed:
    'The shared object operation is not allowed: taken ' +
    'by value it must be deleted or shared again.',
  InputObjectDeleted: 'The transaction uses a shared object that was deleted.',
  ExecutionCancelledDueToRandomnessUnavailable: 'Randomness is not available.',
  InvalidLinkage: 'Invalid linkage: packages need different versions of one dependency.',
  InsufficientFundsForWithdraw: 'Insufficient funds for withdraw.',
};

const ARGUMENT_TEXT: Record<PlainArgumentError, string> = {
  TypeMismatch: 'The type of the value does not match the expected type.',
  InvalidBCSBytes: 'The argument cannot be deserialized into a value of the specified type.',
  InvalidUsageOfPureArg: 'The argument cannot be instantiated from raw bytes.',
  InvalidArgumentToPrivateEntryFunction:
    'Invalid argument to a private entry function: it is ' +
    'entangled with a value that must still be consumed.',
  InvalidGasCoinUsage:
    'Invalid usage of the Gas coin: it can only be used by value in TransferObjects.',
  InvalidValueUsage: 'The value was already moved, or is borrowed in a conflicting way.',
  InvalidObjectByValue: 'An immutable or read-only object cannot be passed by value.',
  InvalidObjectByMutRef: 'An immutable or read-only object cannot be passed by mutable reference.',
  SharedObjectOperationNotAllowed: 'The shared object operation is not allowed.',
  InvalidArgumentArity: 'Invalid argument arity: exactly one value is expected.',
  InvalidTransferObject:
    'Invalid object transfer: the value must have the abilities key and store.',
  InvalidMakeMoveVecNonObjectArgument:
    'MakeMoveVec without a type needs an object as its first element.',
  ArgumentWithoutValue: 'The argument has no value: it was moved.',
  CannotMoveBorrowedValue: 'The value is borrowed and cannot be moved.',
  CannotWriteToExtendedReference: 'The reference is extended and cannot be written.',
  InvalidReferenceArgument: 'The reference conflicts with another argument.',
  InvalidTxContext: 'The transaction context cannot be used here.',
};

function describe(error: FailureKind): string {
  switch (error.kind) {
    case 'MoveObjectTooBig':
      return (
        `Move object with size ${error.size} is larger ` +
        `than the maximum object size ${error.maxSize}.`
      );
    case 'MovePackageTooBig':
      return (
        `Move package with size ${error.size} is larger ` +
        `than the maximum package size ${error.maxSize}.`
      );
    case 'EffectsTooLarge':
      return (
        `Effects of size ${error.size} bytes are larger ` +
        `than the maximum of ${error.maxSize} bytes.`
      );
    case 'WrittenObjectsTooLarge':
      return (
        `Written objects of ${error.size} bytes are larger ` +
        `than the maximum of ${error.maxSize} bytes.`
      );
    case 'MoveVectorElemTooBig':
    case 'MoveRawValueTooBig':
      return `A value of ${error.size} is larger than the maximum of ${error.maxSize}.`;
    case 'CircularObjectOwnership':
      return `Circular object ownership, including object ${error.objectId}.`;
    case 'NonExclusiveWriteInputObjectModified':
      return `Non-exclusive write input object ${error.objectId} was modified.`;
    case 'MovePrimitiveRuntimeError':
      return (
        `Move primitive runtime error${at(error.location)}: arithmetic ` +
        'error, stack overflow, maximum value depth or the like.'
      );
    case 'MoveAbort':
      return `Move runtime abort${at(error.location)} with code ${error.code}.`;
    case 'CommandArgumentError':
      return `Invalid command argument at ${error.argument}. ${describeArgument(error.error)}`;
    case 'TypeArgumentError':
      return error.error === 'TypeNotFound'
        ? `Error for type argument at index ${error.argument}: ` +
            'a type was not found in the module specified.'
        : `Error for type argument at index ${error.argument}: ` +
            'a type does not satisfy its constraints.';
    case 'UnusedValueWithoutDrop':
      return (
        'Unused result without the drop ability. Command result ' +
        `${error.result}, return value ${error.secondary}.`
      );
    case 'InvalidPublicFunctionReturnType':
      return (
        'Invalid public Move function signature. Unsupported ' +
        `return type for return value ${error.index}.`
      );
    case 'PackageUpgradeError':
      return `Invalid package upgrade. ${describeUpgrade(error.error)}`;
    case 'ExecutionCancelledDueToSharedObjectCongestion':
      return `Execution was cancelled: congested objects ${error.objectIds.join(', ')}.`;
    case 'AddressDeniedForCoin':
      return `Address ${error.address} is denied for coin ${error.coinType}.`;
    case 'CoinTypeGlobalPause':
      return `Coin type is globally paused for use: ${error.coinType}.`;
    default:
      return PLAIN_TEXT[error.kind];
  }
}

function at(location: MoveLocation | undefined): string {
  if (location === undefined) return '';
  const name = location.functionName ?? `function ${location.function}`;
  return (
    ` in ${location.package}::${location.module}::${name} ` +
    `(instruction ${location.instruction})`
  );
}

function describeArgument(error: CommandArgumentErrorKind): string {
  switch (error.kind) {
    case 'IndexOutOfBounds':
      return `Out of bounds access to input or results vector ${error.index}.`;
    case 'SecondaryIndexOutOfBounds':
      return (
        'Out of bounds secondary access to result vector ' +
        `${error.result} at secondary index ${error.secondary}.`
      );
    case 'InvalidResultArity':
      return (
        `Invalid usage of result ${error.result}, expected ` +
        'a single result but found none or several.'
      );
    default:
      return ARGUMENT_TEXT[error.kind];
  }
}

function describeUpgrade(error: PackageUpgradeErrorKind): string {
  switch (error.kind) {
    case 'UnableToFetchPackage':
      return `Unable to fetch package at ${error.packageId}.`;
    case 'NotAPackage':
      return `Object ${error.objectId} is not a package.`;
    case 'IncompatibleUpgrade':
      return 'New package is incompatible with previous version.';
    case 'DigestDoesNotMatch':
      return 'Digest in upgrade ticket and computed digest disagree.';
    case 'UnknownUpgradePolicy':
      return `Upgrade policy ${error.policy} is not a valid upgrade policy.`;
    case 'PackageIDDoesNotMatch':
      return (
        `Package ID ${error.packageId} does not match ` +
        `package ID in upgrade ticket ${error.ticketId}.`
      );
  }
}
