/**
 * Errors of the ledger: rejected transactions (sui-ledger.md §14) and misuse of its own calls.
 *
 * A transaction that runs and fails is no error here: its failure stands in the effects.
 */

/** Names of §14, and those this ledger adds for undecodable or internal cases. */
export type RejectionName =
  | 'Deserialization'
  | 'ObjectNotFound'
  | 'ObjectVersionUnavailableForConsumption'
  | 'InvalidObjectDigest'
  | 'IncorrectUserSignature'
  | 'InvalidChildObjectArgument'
  | 'NotOwnedObjectError'
  | 'NotSharedObjectError'
  | 'SharedObjectStartingVersionMismatch'
  | 'MovePackageAsObject'
  | 'MoveObjectAsPackage'
  | 'DependentPackageNotFound'
  | 'ImmutableParameterExpectedError'
  | 'InaccessibleSystemObject'
  | 'MutableObjectUsedMoreThanOnce'
  | 'DuplicateObjectRefInput'
  | 'MutableParameterExpected'
  | 'MissingGasPayment'
  | 'InvalidGasObject'
  | 'GasObjectNotOwnedObject'
  | 'GasBudgetTooHigh'
  | 'GasBudgetTooLow'
  | 'GasBalanceTooLow'
  | 'GasPriceUnderRGP'
  | 'GasPriceTooHigh'
  | 'TransactionExpired'
  | 'InvalidChainId'
  | 'SizeLimitExceeded'
  | 'EmptyCommandInput'
  | 'InvalidIdentifier'
  | 'ObjectInputArityViolation'
  | 'MaxPublishCountExceeded'
  | 'PostRandomCommandRestrictions'
  | 'InvalidSystemTransaction'
  | 'Unsupported'
  | 'InvalidExpiration'
  | 'SignatureCount'
  | 'InvalidSignature'
  | 'GasSelection';

/**
 * What the RPC layer should answer with. `signature` problems are worded differently from
 * `input` problems (§14); `request` texts stand alone, without any prefix.
 */
export type RejectionClass = 'input' | 'signature' | 'request';

/** The transaction may not run; nothing was consumed and no record is left. */
export class RejectedTransaction extends Error {
  readonly code = 'LEDGER_TRANSACTION_REJECTED';
  readonly reason: RejectionName;
  readonly rejectionClass: RejectionClass;
  /** Index of the faulty signature, if one is unparseable. */
  readonly signatureIndex: number | undefined;

  constructor(
    reason: RejectionName,
    message: string,
    options: { rejectionClass?: RejectionClass; signatureIndex?: number } = {},
  ) {
    super(message);
    this.name = 'RejectedTransaction';
    this.reason = reason;
    this.rejectionClass = options.rejectionClass ?? 'input';
    this.signatureIndex = options.signatureIndex;
  }
}

export type LedgerErrorCode =
  | 'LEDGER_INVALID_ARGUMENT'
  | 'LEDGER_INVALID_CURSOR'
  | 'LEDGER_CLOCK_BACKWARDS'
  | 'LEDGER_CLOCK_TOO_LATE'
  | 'LEDGER_CLOSED'
  | 'LEDGER_BCS'
  | 'LEDGER_STORE_FORMAT'
  | 'LEDGER_STORE_IN_USE'
  | 'LEDGER_INVARIANT';

/** A call of the ledger was wrong, or the ledger found itself inconsistent. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}
