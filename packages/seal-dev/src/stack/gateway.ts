/**
 * The address of an aggregator that stays the same while the process behind it changes, as the reverse proxy
 * of an operator does it. Each request goes to whichever process is the target when it comes.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { LOOPBACK } from './ports.ts';

/** Headers of one connection, which are not passed on (RFC 9110 §7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer'];

export class Gateway {
  readonly url: string;
  /** Port of the process that answers. */
  target: number;
  readonly #server = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));

  private constructor(port: number, target: number) {
    this.url = `http://${LOOPBACK}:${port}`;
    this.target = target;
  }

  /** Listens on `port` of the loopback interface. */
  static async open(port: number, target: number): Promise<Gateway> {
    const gateway = new Gateway(port, target);
    await new Promise<void>((resolve, reject) => {
      gateway.#server.once('error', reject);
      gateway.#server.listen(port, LOOPBACK, resolve);
    });
    return gateway;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url: path } = incoming;
    const headers = withoutHopByHop(incoming.headers);
    const target = { host: LOOPBACK, port: this.target, method, path, headers, agent: false };
    const passed = request(target, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headersDistinct));
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    // A stopped aggregator looks from outside as if nothing listened.
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  }
}

function withoutHopByHop<T>(headers: NodeJS.Dict<T>): Record<string, T> {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name));
  return Object.fromEntries(kept) as Record<string, T>;
}
