/** Many clients of one loopback server, each with its next request ready. */
import autocannon from 'autocannon';

/** Enough that the server always has the next request waiting. */
const CONNECTIONS = 16;

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent in turn, over all connections; from the start again when they run out. */
  readonly bodies: readonly Uint8Array[];
  /** Whether an answer's body says that the work was done. */
  readonly isGood: (body: string) => boolean;
}

/** Requests that are not answered as they should be would make a server look fast. */
export class BadAnswersError extends Error {
  override readonly name = 'BadAnswersError';
  readonly code = 'BENCH_BAD_ANSWERS';
}

/** Sends `count` requests. Throws BadAnswersError unless every answer is good. */
export async function send(load: Load, count: number): Promise<void> {
  let next = 0;
  const setupRequest = (request: autocannon.Request): autocannon.Request => ({
    ...request,
    body: Buffer.from(load.bodies[next++ % load.bodies.length] as Uint8Array),
  });
  let sample = '';
  const result = await autocannon({
    url: load.url,
    method: 'POST',
    headers: { ...load.headers },
    connections: Math.min(CONNECTIONS, count),
    amount: count,
    requests: [{ setupRequest }],
    verifyBody: (body) => {
      const text = String(body);
      const good = load.isGood(text);
      if (!good && sample === '') sample = text;
      return good;
    },
  });
  const bad = result.non2xx + result.errors + result.mismatches;
  if (bad > 0) {
    throw new BadAnswersError(`${bad} of ${count} answers of ${load.url} are bad: ${sample}`);
  }
}
