/**
 * What a key server or aggregator may answer instead of keys: names, HTTP statuses and texts of
 * seal-protocol.md §4.4. All of it is visible on the wire and compared by clients.
 */
import { isRecord } from './json.ts';

interface Entry {
  readonly status: number;
  readonly message: (detail: string) => string;
}

const fixed = (status: number, text: string): Entry => ({ status, message: () => text });
const detailed = (status: number, prefix: string): Entry => ({
  status,
  message: (detail) => `${prefix}: ${detail}`,
});

const TABLE = {
  InvalidPTB: detailed(403, 'Invalid PTB'),
  InvalidPackage: fixed(403, 'Invalid package ID'),
  NoAccess: detailed(403, 'Access denied'),
  InvalidSignature: fixed(403, 'Invalid user signature'),
  InvalidSessionSignature: fixed(403, 'Invalid session key signature'),
  InvalidCertificate: fixed(403, 'Invalid certificate time or ttl'),
  InvalidParameter: detailed(403, 'Invalid parameter to PTB'),
  InvalidMVRName: fixed(403, 'Invalid MVR name'),
  InvalidSDKType: fixed(400, 'Invalid SDK type'),
  InvalidSDKVersion: fixed(400, 'Invalid SDK version'),
  MissingRequiredHeader: detailed(400, 'Missing required header'),
  InvalidServiceId: fixed(400, 'Invalid service ID'),
  UnsupportedPackageId: fixed(400, 'Unsupported package ID'),
  DeprecatedSDKVersion: fixed(426, 'Deprecated SDK version'),
  Failure: fixed(503, 'Internal server error, please try again later'),
} as const satisfies Record<string, Entry>;

export type ServerErrorName = keyof typeof TABLE;

export const SERVER_ERROR_NAMES = Object.keys(TABLE) as readonly ServerErrorName[];

export function isServerErrorName(name: string): name is ServerErrorName {
  return Object.hasOwn(TABLE, name);
}

/** HTTP status for an error name; 503 for names relayed from a newer server (§4.4). */
export function statusOfServerError(name: string): number {
  return isServerErrorName(name) ? TABLE[name].status : 503;
}

/** JSON body `{error, message}` of a refused request. */
export interface ServerErrorBody {
  readonly error: string;
  readonly message: string;
}

/** A refusal. Thrown by handlers, rendered in one place. `detail` fills the text's placeholder. */
export class SealServerError extends Error {
  readonly code: ServerErrorName;
  readonly status: number;
  readonly detail: string;

  constructor(code: ServerErrorName, detail = '', options?: ErrorOptions) {
    super(TABLE[code].message(detail), options);
    this.name = 'SealServerError';
    this.code = code;
    this.status = TABLE[code].status;
    this.detail = detail;
  }

  toBody(): ServerErrorBody {
    return { error: this.code, message: this.message };
  }
}

/** Anything that was thrown, as a refusal: what is not one becomes `Failure`. */
export function asServerError(thrown: Error): SealServerError {
  if (thrown instanceof SealServerError) return thrown;
  return new SealServerError('Failure', 'unexpected error', { cause: thrown });
}

/** Reads an error body; undefined when the value does not have that shape. */
export function parseServerErrorBody(value: unknown): ServerErrorBody | undefined {
  if (!isRecord(value)) return undefined;
  const { error, message } = value;
  if (typeof error !== 'string' || typeof message !== 'string') return undefined;
  return { error, message };
}
