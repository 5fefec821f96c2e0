/** Why a board does not take or give something: a status, a stable code, and words. */

export type RefusalCode =
  | 'BAD_REQUEST'
  | 'SECRET'
  | 'INVALID_MESSAGE'
  | 'INVALID_SET'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'NOT_READY'
  | 'TOO_LARGE'
  | 'BUSY'
  | 'TIMEOUT'
  | 'FAILED';

const STATUS = {
  BAD_REQUEST: 400,
  SECRET: 422,
  INVALID_MESSAGE: 422,
  INVALID_SET: 422,
  NOT_FOUND: 404,
  CONFLICT: 409,
  NOT_READY: 409,
  TOO_LARGE: 413,
  BUSY: 503,
  TIMEOUT: 503,
  FAILED: 500,
} as const satisfies Record<RefusalCode, number>;

export class BoardRefusal extends Error {
  override readonly name = 'BoardRefusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get status(): (typeof STATUS)[RefusalCode] {
    return STATUS[this.code];
  }

  toBody(): { error: { code: RefusalCode; message: string } } {
    return { error: { code: this.code, message: this.message } };
  }
}
