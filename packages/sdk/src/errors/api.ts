/** Errors that stand for a server's answer, or for the lack of one (seal-protocol.md §9.3). */
import { parseServerErrorBody, type ServerErrorName } from '@seal-ts/protocol';
import { SealError, type ServerErrorCode } from './base.ts';
import { describeAbort, type MoveAbortInfo, parseMoveAbort } from './move-abort.ts';

export interface ApiErrorDetail extends ErrorOptions {
  readonly code?: ServerErrorCode;
  /** HTTP status. */
  readonly status?: number | undefined;
  readonly retryable?: boolean;
  /** The server's own words. */
  readonly serverMessage?: string | undefined;
  /** Replaces the standard text. */
  readonly message?: string;
}

export class SealAPIError extends SealError {
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly serverMessage: string | undefined;
  readonly abort: MoveAbortInfo | undefined;

  constructor(message: string, requestId?: string, status?: number, detail: ApiErrorDetail = {}) {
    super(
      detail.code ?? 'SEAL_SERVER_ERROR',
      message,
      detail.cause === undefined ? undefined : { cause: detail.cause },
    );
    this.name = 'SealAPIError';
    this.requestId = requestId;
    this.status = status;
    this.retryable = detail.retryable ?? false;
    this.serverMessage = detail.serverMessage;
    this.abort = parseMoveAbort(detail.serverMessage ?? '');
  }

  /** Throws the error an unsuccessful response stands for. */
  static async assertResponse(response: Response, requestId: string): Promise<void> {
    if (response.ok) return;
    throw apiErrorFrom(response.status, response.statusText, await response.text(), requestId);
  }
}

interface ClassFacts<Code extends ServerErrorCode> {
  readonly name: string;
  readonly code: Code;
  readonly text: (serverMessage: string | undefined) => string;
  readonly retryable?: boolean;
}

/** Classes differ in data only; each keeps its own identity for `instanceof`. */
function define<const Code extends ServerErrorCode>(facts: ClassFacts<Code>) {
  return class extends SealAPIError {
    declare readonly code: Code;

    constructor(requestId?: string, detail: ApiErrorDetail = {}) {
      super(detail.message ?? facts.text(detail.serverMessage), requestId, detail.status, {
        retryable: facts.retryable ?? false,
        ...detail,
        code: facts.code,
      });
      this.name = facts.name;
    }
  };
}

const said = (text: string | undefined): string => (text ? ` Server: ${text}` : '');

export class InvalidPTBError extends define({
  name: 'InvalidPTBError',
  code: 'SEAL_INVALID_PTB',
  text: (m) =>
    'The transaction is not one key servers evaluate: only Move calls to seal_approve* functions ' +
    `of one package, with the identity as first argument, at most 100.${said(m)}`,
}) {}

export class InvalidPackageError extends define({
  name: 'InvalidPackageError',
  code: 'SEAL_INVALID_PACKAGE',
  text: (m) => `The package of the transaction does not exist or is not a package.${said(m)}`,
}) {}

export class InvalidParameterError extends define({
  name: 'InvalidParameterError',
  code: 'SEAL_INVALID_PARAMETER',
  text: (m) =>
    'An input of the transaction was not found by the server’s node; an object created moments ' +
    `ago may not have reached it yet, so try again.${said(m)}`,
  retryable: true,
}) {}

export class InvalidUserSignatureError extends define({
  name: 'InvalidUserSignatureError',
  code: 'SEAL_INVALID_USER_SIGNATURE',
  text: (m) =>
    'The user’s signature on the session is not valid for this address, or the account has ' +
    `address aliases, which Seal refuses. Create a new session key.${said(m)}`,
}) {}

export class InvalidSessionKeySignatureError extends define({
  name: 'InvalidSessionKeySignatureError',
  code: 'SEAL_INVALID_SESSION_SIGNATURE',
  text: (m) => `The session key’s signature on the request is not valid.${said(m)}`,
}) {}

export class InvalidMVRNameError extends define({
  name: 'InvalidMVRNameError',
  code: 'SEAL_INVALID_MVR_NAME',
  text: (m) =>
    'The MVR name of the session is malformed, not registered on this network, or names another ' +
    `package.${said(m)}`,
}) {}

/** The server does not serve this key server object id. */
export class InvalidKeyServerObjectIdError extends define({
  name: 'InvalidKeyServerObjectIdError',
  code: 'SEAL_INVALID_SERVER_ID',
  text: (m) => `The server does not know this key server object id.${said(m)}`,
}) {}

/** A permissioned server does not list this package. */
export class UnsupportedPackageIdError extends define({
  name: 'UnsupportedPackageIdError',
  code: 'SEAL_UNSUPPORTED_PACKAGE',
  text: (m) =>
    `The server is permissioned and does not list this package; ask its operator.${said(m)}`,
}) {}

export class InvalidSDKVersionError extends define({
  name: 'InvalidSDKVersionError',
  code: 'SEAL_INVALID_SDK_VERSION',
  text: (m) => `The server did not understand the SDK version header.${said(m)}`,
}) {}

export class InvalidSDKTypeError extends define({
  name: 'InvalidSDKTypeError',
  code: 'SEAL_INVALID_SDK_TYPE',
  text: (m) => `The server did not understand the SDK type header.${said(m)}`,
}) {}

export class DeprecatedSDKVersionError extends define({
  name: 'DeprecatedSDKVersionError',
  code: 'SEAL_DEPRECATED_SDK_VERSION',
  text: (m) => `The server no longer accepts this SDK version; update the SDK.${said(m)}`,
}) {}

/** The policy said no. `abort` tells where, when the server passed it on. */
export class NoAccessError extends define({
  name: 'NoAccessError',
  code: 'SEAL_ACCESS_DENIED',
  text: (m) => {
    const abort = m === undefined ? undefined : parseMoveAbort(m);
    const why = abort === undefined ? '' : `: ${describeAbort(abort)}`;
    return `User does not have access to one or more of the requested keys${why}.${said(m)}`;
  },
}) {}

/** The session is over, or the machine's clock is ahead of the server's. */
export class ExpiredSessionKeyError extends define({
  name: 'ExpiredSessionKeyError',
  code: 'SEAL_SESSION_EXPIRED',
  text: (m) =>
    'The session key has expired, or this machine’s clock is ahead of the server’s. ' +
    `Create a new session key.${said(m)}`,
}) {
  /** When the session ended, milliseconds since the epoch; undefined when a server said so. */
  readonly expiredAt: number | undefined;

  constructor(requestId?: string, detail: ApiErrorDetail & { readonly expiredAt?: number } = {}) {
    super(requestId, detail);
    this.expiredAt = detail.expiredAt;
  }
}

/** The server failed; it says no more on purpose. */
export class InternalError extends define({
  name: 'InternalError',
  code: 'SEAL_SERVER_FAILURE',
  text: (m) => `Internal server error, try again later.${said(m)}`,
  retryable: true,
}) {}

/** Codes of answers, or missing answers, that are no refusal the protocol knows. */
export type GeneralErrorCode =
  | 'SEAL_INVALID_RESPONSE'
  | 'SEAL_INVALID_SHARE'
  | 'SEAL_NETWORK'
  | 'SEAL_SERVER_ERROR'
  | 'SEAL_TIMEOUT';

/** Anything else: an unknown error name, a gateway's page, a timeout, no connection. */
export class GeneralError extends SealAPIError {
  declare readonly code: GeneralErrorCode;

  constructor(
    message: string,
    requestId?: string,
    status?: number,
    detail: ApiErrorDetail & { readonly code?: GeneralErrorCode } = {},
  ) {
    super(message, requestId, status, detail);
    this.name = 'GeneralError';
  }
}

const CLASSES: Readonly<
  Record<
    Exclude<ServerErrorName, 'MissingRequiredHeader'>,
    new (
      requestId?: string,
      detail?: ApiErrorDetail,
    ) => SealAPIError
  >
> = {
  InvalidPTB: InvalidPTBError,
  InvalidPackage: InvalidPackageError,
  NoAccess: NoAccessError,
  InvalidSignature: InvalidUserSignatureError,
  InvalidSessionSignature: InvalidSessionKeySignatureError,
  InvalidCertificate: ExpiredSessionKeyError,
  InvalidParameter: InvalidParameterError,
  InvalidMVRName: InvalidMVRNameError,
  InvalidSDKType: InvalidSDKTypeError,
  InvalidSDKVersion: InvalidSDKVersionError,
  DeprecatedSDKVersion: DeprecatedSDKVersionError,
  InvalidServiceId: InvalidKeyServerObjectIdError,
  UnsupportedPackageId: UnsupportedPackageIdError,
  Failure: InternalError,
};

/** HTTP statuses worth another attempt when the body says nothing. */
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** The error an unsuccessful answer stands for. */
export function apiErrorFrom(
  status: number,
  statusText: string,
  body: string,
  requestId: string,
): SealAPIError {
  const parsed = parseBody(body);
  if (parsed === undefined) {
    const text = `HTTP ${status}${statusText ? ` ${statusText}` : ''}`;
    const retryable = RETRYABLE_STATUS.has(status);
    return new GeneralError(text, requestId, status, { retryable });
  }
  const { error, message: serverMessage } = parsed;
  if (Object.hasOwn(CLASSES, error)) {
    const Class = CLASSES[error as keyof typeof CLASSES];
    return new Class(requestId, { status, serverMessage });
  }
  return new GeneralError(serverMessage, requestId, status, {
    serverMessage,
    retryable: RETRYABLE_STATUS.has(status),
  });
}

function parseBody(body: string): ReturnType<typeof parseServerErrorBody> {
  try {
    return parseServerErrorBody(JSON.parse(body));
  } catch {
    return undefined;
  }
}
