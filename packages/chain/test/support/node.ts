/** A Sui node behind a fake `fetch`: real gRPC-web frames, so that the bytes sent are what is tested. */
import { GrpcTypes, SuiGrpcClient } from '@mysten/sui/grpc';

/** Answers with one message, or with those of a stream. */
type Answer = Uint8Array | readonly Uint8Array[];
type Handler = (message: Uint8Array, init: RequestInit) => Answer | Promise<Answer>;

/** An answer with a gRPC status instead of a message. */
export class Status extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const NOT_FOUND = 5;
export const INVALID_ARGUMENT = 3;
export const UNAVAILABLE = 14;
export const PERMISSION_DENIED = 7;

export class FakeNode {
  /** By method name, e.g. `GetObject`. */
  readonly handlers = new Map<string, Handler>();
  readonly calls: string[] = [];
  readonly client = new SuiGrpcClient({
    network: 'localnet',
    baseUrl: 'http://node.example',
    format: 'binary',
    fetch: (input, init) => this.#handle(String(input), init ?? {}),
  });

  async #handle(url: string, init: RequestInit): Promise<Response> {
    const method = url.slice(url.lastIndexOf('/') + 1);
    this.calls.push(method);
    const handler = this.handlers.get(method);
    if (handler === undefined) return reply(12, `no ${method}`);
    const body = new Uint8Array(await new Response(init.body as BodyInit).arrayBuffer());
    try {
      return reply(0, '', await handler(body.subarray(5), init));
    } catch (error) {
      if (error instanceof Status) return reply(error.status, error.message);
      throw error;
    }
  }

  /** Serves `GetObject` from a table and records the masks asked for. */
  serveObjects(objects: Readonly<Record<string, GrpcTypes.Object>>): (string[] | undefined)[] {
    const masks: (string[] | undefined)[] = [];
    this.handlers.set('GetObject', (message) => {
      const request = GrpcTypes.GetObjectRequest.fromBinary(message);
      masks.push(request.readMask?.paths);
      const object = objects[request.objectId ?? ''];
      if (object === undefined) {
        throw new Status(NOT_FOUND, `Object ${request.objectId} not found`);
      }
      return GrpcTypes.GetObjectResponse.toBinary({ object });
    });
    return masks;
  }
}

function reply(status: number, message: string, body: Answer = []): Response {
  const trailer = new TextEncoder().encode(
    `grpc-status:${status}\r\ngrpc-message:${encodeURIComponent(message)}\r\n`,
  );
  const messages = body instanceof Uint8Array ? [body] : body;
  const frames = [...messages.map((bytes) => frame(0, bytes)), frame(0x80, trailer)];
  return new Response(Buffer.concat(frames), {
    headers: { 'content-type': 'application/grpc-web+proto' },
  });
}

function frame(flag: number, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(5 + payload.length);
  out[0] = flag;
  new DataView(out.buffer).setUint32(1, payload.length);
  out.set(payload, 5);
  return out;
}
