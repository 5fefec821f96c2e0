/**
 * The error classes of the service layer. Every one carries a stable `code`; messages say what
 * failed, with which values, and what to do next. No message ever contains a secret's value.
 */

export type ServiceErrorCode =
  | 'CONFIG_INVALID'
  | 'CONFIG_UNREADABLE'
  | 'SECRET_MISSING'
  | 'SECRET_FILE_UNREADABLE'
  | 'SECRET_FILE_PERMISSIONS'
  | 'SECRET_TOO_LARGE'
  | 'LISTEN_FAILED'
  | 'OPTION_INVALID';

/** Base of everything this package throws on purpose. */
export class ServiceError extends Error {
  override readonly name: string = 'ServiceError';
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The text of anything that was thrown, for a log line. */
export function describeError(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return String(thrown);
}
