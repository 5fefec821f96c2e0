/**
 * HTTP/1.1 and cleartext HTTP/2 on one port: the first bytes of a connection tell which it is
 * (`PRI * HTTP/2.0`, RFC 9113 §3.4). No HTTP/1.1 method begins with `PRI`.
 */
import type { Server as Http1Server } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { HEADERS_TIMEOUT_MS, KEEP_ALIVE_TIMEOUT_MS } from './limits.ts';

const PREFACE_START = Buffer.from('PRI');

/** Makes `http1`, which listens, hand HTTP/2 connections to `http2`, which does not. */
export class TwoProtocols {
  /** Connections that have not yet said what they are. */
  readonly #undecided = new Set<Socket>();

  constructor(http1: Http1Server, http2: Http2Server) {
    const listeners = http1.listeners('connection') as ((socket: Socket) => void)[];
    http1.removeAllListeners('connection');
    http1.on('connection', (socket: Socket) => {
      this.#undecided.add(socket);
      socket.once('close', () => this.#undecided.delete(socket));
      sniff(socket, (isHttp2) => {
        this.#undecided.delete(socket);
        if (isHttp2) http2.emit('connection', socket);
        else for (const listener of listeners) listener.call(http1, socket);
      });
    });
  }

  /** Ends the connections that have said nothing. */
  dropUndecided(): void {
    for (const socket of this.#undecided) socket.destroy();
  }
}

function sniff(socket: Socket, decide: (isHttp2: boolean) => void): void {
  let head: Buffer = Buffer.alloc(0);
  // The other side may close early, and only its half: the listening server allows that.
  const drop = () => void socket.destroy();
  const done = (isHttp2: boolean) => {
    socket.removeListener('readable', onReadable);
    for (const event of ['end', 'error', 'timeout']) socket.removeListener(event, drop);
    socket.setTimeout(0);
    socket.unshift(head);
    decide(isHttp2);
  };
  const onReadable = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
      head = Buffer.concat([head, chunk as Buffer]);
    }
    if (head.length === 0) return;
    const start = head.subarray(0, PREFACE_START.length);
    if (!PREFACE_START.subarray(0, start.length).equals(start)) done(false);
    else if (start.length === PREFACE_START.length) done(true);
  };
  socket.setTimeout(HEADERS_TIMEOUT_MS, drop);
  socket.on('end', drop);
  socket.on('error', drop);
  socket.on('readable', onReadable);
}

/** Sessions that are open, so that stopping can end them. */
export class Http2Sessions {
  readonly #open = new Set<ServerHttp2Session>();

  constructor(server: Http2Server) {
    server.on('session', (session) => {
      this.#open.add(session);
      session.on('close', () => this.#open.delete(session));
      session.on('error', () => session.destroy());
      // Closing lets open streams go on: only a session without any ends here.
      session.setTimeout(KEEP_ALIVE_TIMEOUT_MS, () => session.close());
    });
  }

  /** Lets streams in flight end, takes no new ones. */
  close(): void {
    for (const session of this.#open) session.close();
  }

  destroy(): void {
    for (const session of this.#open) session.destroy();
  }
}
