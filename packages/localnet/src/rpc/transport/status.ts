/**
 * gRPC status codes and the one error class every handler throws (spec sui-ledger §1.1, §2.1).
 *
 * A status carries the field violations that real nodes put into `grpc-status-details-bin` as a
 * `google.rpc.Status` with a `google.rpc.BadRequest`; both are encoded here, next to the codes, so
 * that no transport has to know what a detail looks like.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import { MessageType, type PartialMessage, ScalarType } from '@protobuf-ts/runtime';

/** gRPC status numbers by name. */
export const GRPC_STATUS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** Name of a gRPC status. */
export type GrpcStatusName = keyof typeof GRPC_STATUS;

/** One entry of `google.rpc.BadRequest.field_violations`. */
export interface FieldViolation {
  /** Path of the request field, as in the proto: `signatures[0]`, `read_mask`. */
  field: string;
  description: string;
  reason: 'FIELD_INVALID' | 'FIELD_MISSING';
}

/** A call that ends with a non-OK status. `code` is the status name. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: GrpcStatusName;
  readonly violations: readonly FieldViolation[];

  constructor(code: GrpcStatusName, message: string, options: RpcErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.violations = options.violations ?? [];
  }
}

/** Extras of an {@link RpcError}. */
export interface RpcErrorOptions {
  violations?: readonly FieldViolation[];
  cause?: unknown;
}

/** INVALID_ARGUMENT because a field of the request cannot be used. */
export function invalidField(field: string, description: string): RpcError {
  return new RpcError('INVALID_ARGUMENT', description, {
    violations: [{ field, description, reason: 'FIELD_INVALID' }],
  });
}

/** INVALID_ARGUMENT because a required field is absent. */
export function missingField(field: string): RpcError {
  const description = `missing ${field}`;
  return new RpcError('INVALID_ARGUMENT', description, {
    violations: [{ field, description, reason: 'FIELD_MISSING' }],
  });
}

interface BadRequest {
  fieldViolations: { field: string; description: string; reason: string }[];
}

class FieldViolationType extends MessageType<BadRequest['fieldViolations'][number]> {
  constructor() {
    super('google.rpc.BadRequest.FieldViolation', [
      { no: 1, name: 'field', kind: 'scalar', T: ScalarType.STRING },
      { no: 2, name: 'description', kind: 'scalar', T: ScalarType.STRING },
      { no: 3, name: 'reason', kind: 'scalar', T: ScalarType.STRING },
    ]);
  }
}
const fieldViolationType = new FieldViolationType();

class BadRequestType extends MessageType<BadRequest> {
  constructor() {
    super('google.rpc.BadRequest', [
      { no: 1, name: 'field_violations', kind: 'message', repeat: 2, T: () => fieldViolationType },
    ]);
  }
}

/** `google.rpc.BadRequest`: exported so that tests can read what we send. */
export const badRequestType: MessageType<BadRequest> = new BadRequestType();

type ResultWithError = Extract<GrpcTypes.GetObjectResult['result'], { oneofKind: 'error' }>;
/** `google.rpc.Status` as the generated types know it. */
export type StatusMessage = ResultWithError['error'];

/** The message type of `google.rpc.Status`, reached through a message that contains it. */
export const statusType: MessageType<StatusMessage> = messageFieldType(
  GrpcTypes.GetObjectResult,
  'error',
);

function messageFieldType<T extends object>(
  owner: { typeName: string; fields: readonly unknown[] },
  localName: string,
): MessageType<T> {
  for (const field of owner.fields) {
    const info = field as { localName: string; kind: string; T: () => unknown };
    if (info.localName === localName && info.kind === 'message') return info.T() as MessageType<T>;
  }
  throw new RpcError('INTERNAL', `${owner.typeName} has no message field ${localName}`);
}

/**
 * The `google.rpc.Status` of an error: used inside batch answers and as details of a failed call.
 */
export function toStatusMessage(error: RpcError): PartialMessage<StatusMessage> {
  if (error.violations.length === 0) {
    return { code: GRPC_STATUS[error.code], message: error.message, details: [] };
  }
  const detail = badRequestType.toBinary(
    badRequestType.create({ fieldViolations: error.violations.map((v) => ({ ...v })) }),
  );
  const typeUrl = `type.googleapis.com/${badRequestType.typeName}`;
  return {
    code: GRPC_STATUS[error.code],
    message: error.message,
    details: [{ typeUrl, value: detail }],
  };
}

/** Value of `grpc-status-details-bin`: unpadded Base64, or undefined when there is no detail. */
export function statusDetailsBin(error: RpcError): string | undefined {
  if (error.violations.length === 0) return undefined;
  const bytes = statusType.toBinary(statusType.create(toStatusMessage(error)));
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

/** Longest `grpc-message` that is sent, in characters before percent-encoding. */
export const MAX_STATUS_MESSAGE_LENGTH = 4096;

/** Percent-encodes a status message for `grpc-message`: printable ASCII but `%` stays. */
export function encodeStatusMessage(message: string): string {
  const cut =
    message.length > MAX_STATUS_MESSAGE_LENGTH
      ? `${message.slice(0, MAX_STATUS_MESSAGE_LENGTH)}…`
      : message;
  return cut.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]+/g, (run) => encodeURIComponent(run));
}
