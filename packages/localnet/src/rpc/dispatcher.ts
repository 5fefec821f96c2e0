/**
 * Routes `/{package.Service}/{Method}` to handlers, decoding and encoding with the message types of
 * the service descriptors (spec sui-ledger §1.4). It knows no HTTP: gRPC-web and native gRPC both
 * call it with the bytes of one message and get the bytes of one or many back.
 */
import type { IMessageType, PartialMessage } from '@protobuf-ts/runtime';
import { RpcError } from './transport/status.ts';

/** What a handler may know about the call besides its request. */
export interface CallContext {
  /** Aborted when the client goes away, the deadline passes or the server stops. */
  signal: AbortSignal;
}

/** A method with one answer. */
export type UnaryHandler<I extends object, O extends object> = (
  request: I,
  context: CallContext,
) => PartialMessage<O> | Promise<PartialMessage<O>>;

/** A method with a stream of answers. */
export type StreamHandler<I extends object, O extends object> = (
  request: I,
  context: CallContext,
) => AsyncIterable<PartialMessage<O>>;

/** A method ready to be called with encoded messages. */
export type Route =
  | { kind: 'unary'; call: (message: Uint8Array, context: CallContext) => Promise<Uint8Array> }
  | {
      kind: 'stream';
      call: (message: Uint8Array, context: CallContext) => AsyncIterable<Uint8Array>;
    };

/** Handlers of one service by local method name; each is typed where the service is written. */
export type ServiceHandlers = Readonly<Record<string, unknown>>;

/** Service descriptor: protobuf-ts runtime value of `GrpcTypes`. */
export interface ServiceDescriptor {
  readonly typeName: string;
  readonly methods: readonly {
    readonly name: string;
    readonly localName: string;
    readonly serverStreaming: boolean;
    readonly I: IMessageType<object>;
    readonly O: IMessageType<object>;
  }[];
}

/** Routing table over service descriptors. */
export class Dispatcher {
  readonly #routes = new Map<string, Route>();
  readonly #services = new Set<string>();

  /** Adds a service; every method of the descriptor must have a handler. */
  add(service: ServiceDescriptor, handlers: ServiceHandlers): this {
    this.#services.add(service.typeName);
    for (const method of service.methods) {
      const handler = handlers[method.localName];
      if (typeof handler !== 'function') {
        throw new RpcError('INTERNAL', `${service.typeName}.${method.name} has no handler`);
      }
      const path = `/${service.typeName}/${method.name}`;
      this.#routes.set(path, makeRoute(method.I, method.O, handler, method.serverStreaming));
    }
    return this;
  }

  /** Names of the services that are served. */
  get services(): readonly string[] {
    return [...this.#services];
  }

  /** @throws RpcError UNIMPLEMENTED for a path that names no method */
  route(path: string): Route {
    const route = this.#routes.get(path);
    if (route === undefined) throw new RpcError('UNIMPLEMENTED', `unknown method ${shorten(path)}`);
    return route;
  }
}

function makeRoute(
  input: IMessageType<object>,
  output: IMessageType<object>,
  handler: unknown,
  streaming: boolean,
): Route {
  const encode = (answer: PartialMessage<object>) => output.toBinary(output.create(answer));
  if (streaming) {
    const stream = handler as StreamHandler<object, object>;
    return {
      kind: 'stream',
      async *call(message, context) {
        for await (const answer of stream(decode(input, message), context)) yield encode(answer);
      },
    };
  }
  const unary = handler as UnaryHandler<object, object>;
  return {
    kind: 'unary',
    call: async (message, context) => encode(await unary(decode(input, message), context)),
  };
}

function decode(type: IMessageType<object>, message: Uint8Array): object {
  try {
    return type.fromBinary(message, { readUnknownField: false });
  } catch (cause) {
    // The reader throws plain errors for bad wire types, lengths and UTF-8, and for absurd nesting.
    throw new RpcError('INVALID_ARGUMENT', `malformed ${type.typeName} message`, { cause });
  }
}

const MAX_PATH_IN_MESSAGE = 120;

function shorten(path: string): string {
  return path.length > MAX_PATH_IN_MESSAGE ? `${path.slice(0, MAX_PATH_IN_MESSAGE)}…` : path;
}
