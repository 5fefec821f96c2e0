/**
 * A board in front of an honest one. It passes requests on, unless its present lie says otherwise; a lie
 * sees who asks, because members get addresses of their own.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Question {
  /** Who asks: the first part of the address that was given to that member. */
  readonly who: string;
  readonly method: string;
  /** Such as `/v1/set`. */
  readonly path: string;
  /** What the honest board answers. */
  readonly honest: (path?: string) => Promise<Response>;
}

/** Answers by itself, or leaves the question to the honest board with undefined. */
export type Lie = (
  question: Question,
  response: ServerResponse,
) => Promise<Response | 'answered' | undefined> | Response | 'answered' | undefined;

export class LyingBoard {
  lie: Lie = () => undefined;
  readonly #server: Server;
  readonly #honest: string;

  private constructor(server: Server, honest: string) {
    this.#server = server;
    this.#honest = honest;
  }

  static async start(honest: string): Promise<LyingBoard> {
    const server = createServer((request, response) => {
      board.#answer(request, response).catch(() => response.destroy());
    });
    const board = new LyingBoard(server, honest);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return board;
  }

  urlFor(who: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${who}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, who = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const method = request.method ?? 'GET';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = method === 'PUT' ? Buffer.concat(chunks) : undefined;
    const honest = (asked = path) =>
      fetch(`${this.#honest}${asked}`, {
        method,
        ...(body === undefined
          ? {}
          : { body, headers: { 'content-type': request.headers['content-type'] ?? '' } }),
      });
    const lied = await this.lie({ who, method, path, honest }, response);
    if (lied === 'answered') return;
    const answer = lied ?? (await honest());
    response.statusCode = answer.status;
    answer.headers.forEach((value, name) => {
      if (name !== 'transfer-encoding' && name !== 'connection') response.setHeader(name, value);
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }
}
