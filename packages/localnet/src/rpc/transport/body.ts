/** Reads a request body of bounded size, in bounded time. */
import type { IncomingMessage } from 'node:http';
import { REQUEST_TIMEOUT_MS } from './limits.ts';
import { RpcError } from './status.ts';

/**
 * The whole body.
 * @param timeoutMs time for the rest of the body to arrive
 * @throws RpcError RESOURCE_EXHAUSTED when it is longer than `maxBytes`, DEADLINE_EXCEEDED when it
 * does not come in time, CANCELLED when the client left
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  timeoutMs: number = REQUEST_TIMEOUT_MS,
): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // HTTP/1.1 requests have a timeout of their own; HTTP/2 streams do not.
    const timer =
      request.httpVersionMajor === 1
        ? undefined
        : setTimeout(() => fail(tooSlow(timeoutMs)), timeoutMs);
    const fail = (error: RpcError) => {
      clearTimeout(timer);
      request.pause();
      request.removeAllListeners('data');
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) fail(tooLarge(maxBytes));
      else chunks.push(chunk);
    });
    request.on('end', () => {
      clearTimeout(timer);
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    request.on('error', (cause) => fail(cancelled(cause)));
    request.on('close', () => {
      if (!request.complete) fail(cancelled(undefined));
    });
  });
}

function tooLarge(maxBytes: number): RpcError {
  return new RpcError('RESOURCE_EXHAUSTED', `request body is larger than ${maxBytes} bytes`);
}

function tooSlow(timeoutMs: number): RpcError {
  return new RpcError('DEADLINE_EXCEEDED', `the request body did not arrive in ${timeoutMs} ms`);
}

function cancelled(cause: unknown): RpcError {
  return new RpcError('CANCELLED', 'the client closed the request', { cause });
}
