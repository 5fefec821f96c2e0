/** Errors of the stack and its commands. */

export type DevErrorCode =
  | 'DEV_ALREADY_RUNNING'
  | 'DEV_NOT_RUNNING'
  | 'DEV_BUSY'
  | 'DEV_STOPPED'
  | 'DEV_BAD_OPTION'
  | 'DEV_FILE'
  | 'DEV_PORT_IN_USE'
  | 'DEV_CHILD_FAILED'
  | 'DEV_CEREMONY_FAILED'
  | 'DEV_TRANSACTION_FAILED'
  | 'DEV_STOP_FAILED'
  | 'DEV_MOVE_TEST_FAILED'
  | 'DEV_DEMO_FAILED';

/** What failed, with which values, and what to do; `code` is stable. */
export class DevError extends Error {
  override readonly name = 'DevError';
  readonly code: DevErrorCode;

  constructor(code: DevErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The stable code of anything thrown, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
