/** Bounds of the public server, and the counter that enforces the ones on concurrency. */
import { FRAME_HEADER_BYTES, MAX_REQUEST_BYTES } from './frames.ts';
import { RpcError } from './status.ts';

/** Calls in flight, and streams among them. */
export const MAX_ACTIVE_CALLS = 1024;
export const MAX_ACTIVE_STREAMS = 256;
/** Connections open at the same time. */
export const MAX_CONNECTIONS = 2048;
/** Streams at the same time on one HTTP/2 connection. */
export const MAX_HTTP2_STREAMS = 256;
/** Milliseconds for a client to send its headers, and its whole request. */
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 30_000;
/** Milliseconds that an idle connection is kept; longer than what clients keep in their pools. */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Milliseconds that a stream waits for a reader that takes nothing. */
export const SLOW_READER_TIMEOUT_MS = 30_000;
/** Milliseconds that stopping waits for calls in flight. */
export const STOP_GRACE_MS = 3_000;

/** Largest body of a gRPC-web request in binary and in text form. */
export const MAX_BINARY_BODY_BYTES = MAX_REQUEST_BYTES + FRAME_HEADER_BYTES;
export const MAX_TEXT_BODY_BYTES = Math.ceil(MAX_BINARY_BODY_BYTES / 3) * 4;

/** Counts calls and streams; refuses what is over the bound. */
export class CallGate {
  #calls = 0;
  #streams = 0;
  readonly #maxCalls: number;
  readonly #maxStreams: number;

  constructor(options: { maxCalls?: number; maxStreams?: number } = {}) {
    this.#maxCalls = options.maxCalls ?? MAX_ACTIVE_CALLS;
    this.#maxStreams = options.maxStreams ?? MAX_ACTIVE_STREAMS;
  }

  get activeCalls(): number {
    return this.#calls;
  }

  /**
   * Takes a place; call the result exactly once to give it back.
   * @throws RpcError RESOURCE_EXHAUSTED
   */
  enter(kind: 'unary' | 'stream'): () => void {
    if (this.#calls >= this.#maxCalls) throw full('calls', this.#maxCalls);
    if (kind === 'stream' && this.#streams >= this.#maxStreams) {
      throw full('streams', this.#maxStreams);
    }
    const streams = kind === 'stream' ? 1 : 0;
    this.#calls += 1;
    this.#streams += streams;
    return () => {
      this.#calls -= 1;
      this.#streams -= streams;
    };
  }
}

function full(what: string, limit: number): RpcError {
  return new RpcError('RESOURCE_EXHAUSTED', `the ledger serves at most ${limit} ${what} at a time`);
}
