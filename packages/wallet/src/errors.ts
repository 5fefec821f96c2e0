/** Errors of the wallet: stable codes, and messages that say what to do next. */

export type WalletErrorCode =
  /** There is no wallet file. */
  | 'WALLET_MISSING'
  /** A wallet file cannot be understood. */
  | 'WALLET_INVALID'
  /** The wallet has no environment of that name, or with that URL. */
  | 'WALLET_ENV_MISSING'
  /** The wallet has no active address, or no key for an address. */
  | 'WALLET_KEY_MISSING'
  | 'WALLET_EXISTS'
  /** A file or folder cannot be read or written. */
  | 'FILE'
  /** Another process is changing the same files. */
  | 'LOCKED'
  /** A YAML file is not what it should be. */
  | 'YAML'
  | 'BAD_INPUT'
  /** The transaction could not be built or sent. */
  | 'TRANSACTION_NOT_SENT'
  /** The transaction is on chain and failed. `digest` is set. */
  | 'TRANSACTION_FAILED'
  | 'NO_GAS'
  | 'FAUCET';

/** What failed, with which values, and what to do; `code` is stable. */
export class WalletError extends Error {
  override readonly name = 'WalletError';
  readonly code: WalletErrorCode;
  /** Digest of the transaction, where there is one. */
  readonly digest: string | undefined;

  constructor(
    code: WalletErrorCode,
    message: string,
    options: ErrorOptions & { readonly digest?: string } = {},
  ) {
    super(message, options);
    this.code = code;
    this.digest = options.digest;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
