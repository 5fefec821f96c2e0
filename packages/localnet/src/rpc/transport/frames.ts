/**
 * gRPC frames: one flag byte, four bytes big-endian length, payload (spec sui-ledger §1.1).
 *
 * Flag 0x00 is a message, 0x80 the trailers of gRPC-web. A request of any method here is exactly
 * one message; anything else is refused with a status, never guessed at.
 */
import { encodeStatusMessage, GRPC_STATUS, RpcError, statusDetailsBin } from './status.ts';

/** Bytes before the payload of a frame. */
export const FRAME_HEADER_BYTES = 5;
/** Largest request message; the common default of gRPC servers. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

const FLAG_MESSAGE = 0x00;
const FLAG_COMPRESSED = 0x01;
const FLAG_TRAILERS = 0x80;

/** A message frame around `payload`. */
export function messageFrame(payload: Uint8Array): Buffer {
  return frame(FLAG_MESSAGE, payload);
}

/**
 * The trailers of a call as ordered pairs: `grpc-status`, then `grpc-message` and details if any.
 */
export function trailerPairs(error: RpcError | undefined): [string, string][] {
  if (error === undefined) return [['grpc-status', '0']];
  const pairs: [string, string][] = [
    ['grpc-status', String(GRPC_STATUS[error.code])],
    ['grpc-message', encodeStatusMessage(error.message)],
  ];
  const details = statusDetailsBin(error);
  if (details !== undefined) pairs.push(['grpc-status-details-bin', details]);
  return pairs;
}

/** The trailer frame of gRPC-web; lower-case keys, because the client looks them up as written. */
export function trailerFrame(error: RpcError | undefined): Buffer {
  if (error === undefined) return OK_TRAILER_FRAME;
  const text = trailerPairs(error)
    .map(([key, value]) => `${key}:${value}\r\n`)
    .join('');
  return frame(FLAG_TRAILERS, Buffer.from(text, 'latin1'));
}

const OK_TRAILER_FRAME = frame(FLAG_TRAILERS, Buffer.from('grpc-status:0\r\n', 'latin1'));

function frame(flag: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  bytes[0] = flag;
  bytes.writeUInt32BE(payload.length, 1);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/**
 * The payload of the only frame in a request body.
 * @throws RpcError INVALID_ARGUMENT (malformed), UNIMPLEMENTED (compressed), RESOURCE_EXHAUSTED
 * (too large)
 */
export function readRequestFrame(
  body: Uint8Array,
  maxBytes: number = MAX_REQUEST_BYTES,
): Uint8Array {
  if (body.length < FRAME_HEADER_BYTES) {
    throw malformed(`a frame needs ${FRAME_HEADER_BYTES} header bytes, got ${body.length}`);
  }
  const flag = body[0]!;
  if (flag === FLAG_COMPRESSED) {
    throw new RpcError('UNIMPLEMENTED', 'compressed messages are not supported, use identity');
  }
  if (flag !== FLAG_MESSAGE) throw malformed(`unknown frame flag 0x${flag.toString(16)}`);
  const length = new DataView(body.buffer, body.byteOffset, body.length).getUint32(1);
  if (length > maxBytes) {
    throw new RpcError(
      'RESOURCE_EXHAUSTED',
      `request message of ${length} bytes is larger than the limit of ${maxBytes} bytes`,
    );
  }
  const available = body.length - FRAME_HEADER_BYTES;
  if (available !== length) {
    throw malformed(`the frame announces ${length} bytes, the body has ${available}`);
  }
  // A plain Uint8Array, not a Buffer: `slice` of a Buffer would share memory further on.
  return new Uint8Array(body.buffer, body.byteOffset + FRAME_HEADER_BYTES, length);
}

/**
 * Decodes the body of a gRPC-web-text request: Base64, possibly several padded pieces in a row.
 * @throws RpcError INVALID_ARGUMENT
 */
export function decodeTextBody(body: Buffer): Buffer {
  const text = body.toString('latin1');
  if (/[^A-Za-z0-9+/=]/.test(text)) throw malformed('the body is not Base64');
  if (text.length % 4 !== 0) throw malformed('the Base64 body is cut short');
  const firstPadding = text.indexOf('=');
  if (firstPadding === -1 || firstPadding >= text.length - 2) return decodePiece(text);
  // Pieces end where padding ends; each is a multiple of four characters long.
  const pieces = text.match(/[^=]+={0,2}/g) ?? [];
  if (pieces.join('').length !== text.length) throw malformed('the Base64 padding is wrong');
  return Buffer.concat(pieces.map(decodePiece));
}

function decodePiece(text: string): Buffer {
  if (text.length % 4 !== 0) throw malformed('the Base64 padding is wrong');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== (text.length / 4) * 3 - padding) throw malformed('the body is not Base64');
  return bytes;
}

function malformed(what: string): RpcError {
  return new RpcError('INVALID_ARGUMENT', `malformed gRPC request: ${what}`);
}
