/** Reads a request body of bounded size. */
import type { IncomingMessage } from 'node:http';
import { RpcError } from './status.ts';

/**
 * The whole body.
 * @throws RpcError RESOURCE_EXHAUSTED when it is longer than `maxBytes`; CANCELLED when the client left
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.pause();
        request.removeAllListeners('data');
        reject(tooLarge(maxBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on('error', (cause) => reject(cancelled(cause)));
    request.on('close', () => {
      if (!request.complete) reject(cancelled(undefined));
    });
  });
}

function tooLarge(maxBytes: number): RpcError {
  return new RpcError('RESOURCE_EXHAUSTED', `request body is larger than ${maxBytes} bytes`);
}

function cancelled(cause: unknown): RpcError {
  return new RpcError('CANCELLED', 'the client closed the request', { cause });
}
