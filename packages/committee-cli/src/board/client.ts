/**
 * Talks to a message board, which may be anybody's: addresses are not followed elsewhere, answers are
 * bounded in time and size, and what they say is checked by whoever asked.
 */
import type { CliDeps } from '../deps.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import { BOARD_LIMITS } from './limits.ts';
import { secretIn } from './secrets.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Asked {
  readonly path: string;
  readonly maxBytes: number;
  readonly type: 'application/json' | 'text/plain';
  /** Sent with PUT; without one it is a GET. */
  readonly body?: string;
}

/** Longest refusal that is read. */
const MAX_REFUSAL_BYTES = 4096;
/** Answers after which another try makes sense. */
const RETRIED = [429, 500, 502, 503, 504];

export class BoardClient {
  readonly url: string;
  readonly #deps: Pick<CliDeps, 'fetch' | 'sleep'>;

  /** Error: COMMITTEE_BAD_OPTION. */
  constructor(url: string, deps: Pick<CliDeps, 'fetch' | 'sleep'>) {
    this.url = boardUrl(url);
    this.#deps = deps;
  }

  /** Undefined when the board has no such thing yet. Error: COMMITTEE_BOARD. */
  async get(asked: Omit<Asked, 'body'>): Promise<string | undefined> {
    const { status, text } = await this.#ask(asked);
    if (status === 200) return text;
    if (status === 404) return undefined;
    throw this.#fault(`${asked.path}: ${reasonIn(status, text)}`);
  }

  /** Whether it was new to the board. Errors: COMMITTEE_BOARD, also for what looks like a secret. */
  async put(path: string, body: string): Promise<boolean> {
    const secret = secretIn(body);
    if (secret !== undefined) {
      throw this.#fault(`${path}: nothing was sent, because it looks like ${secret}`);
    }
    const asked = { path, maxBytes: MAX_REFUSAL_BYTES, type: 'application/json', body } as const;
    const { status, text } = await this.#ask(asked);
    if (status === 200 || status === 201) return status === 201;
    throw this.#fault(`${path} was refused: ${reasonIn(status, text)}`);
  }

  async #ask(asked: Asked): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const found = await this.#once(asked).catch((error: unknown) => {
        if (error instanceof CommitteeError) throw error;
        return error instanceof Error ? error : new TypeError(String(error));
      });
      const failed = found instanceof Error;
      if (!failed && !RETRIED.includes(found.status)) return found;
      if (attempt === BOARD_LIMITS.attempts) {
        const reason = failed ? causes(found) : reasonIn(found.status, found.text);
        throw this.#fault(`${asked.path}: ${reason} (after ${attempt} tries)`);
      }
      await this.#deps.sleep(BOARD_LIMITS.pauseMs * 2 ** (attempt - 1));
    }
  }

  async #once({ path, maxBytes, type, body }: Asked): Promise<Answer> {
    const response = await this.#deps.fetch(`${this.url}${path}`, {
      method: body === undefined ? 'GET' : 'PUT',
      redirect: 'manual',
      signal: AbortSignal.timeout(BOARD_LIMITS.clientTimeoutMs),
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    const { status } = response;
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
      await response.body?.cancel();
      throw this.#fault(`${path}: it sends to another address, which is not followed`);
    }
    const found = response.headers.get('content-type')?.split(';', 1)[0]?.trim();
    if (response.ok && found !== type) {
      await response.body?.cancel();
      throw this.#fault(`${path}: the answer is ${found ?? 'of no type'} instead of ${type}`);
    }
    const most = response.ok ? maxBytes : MAX_REFUSAL_BYTES;
    const text = await boundedText(response, most);
    if (text !== undefined) return { status, text };
    throw this.#fault(`${path}: the answer is longer than ${most} bytes`);
  }

  #fault(problem: string): CommitteeError {
    return new CommitteeError(
      'COMMITTEE_BOARD',
      `board ${this.url}${problem}. No file of yours was replaced; repeat the command later, or pass ` +
        'the files by hand and leave out --board',
    );
  }
}

/** Undefined when there is more than `maxBytes`. */
async function boundedText(response: Response, maxBytes: number): Promise<string | undefined> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    // Leaving the loop cancels the rest.
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A board's own words are foreign text: short, and without control characters. */
function reasonIn(status: number, text: string): string {
  let words = '';
  try {
    const value = JSON.parse(text) as { error?: { message?: unknown } } | null;
    const message = value?.error?.message;
    if (typeof message === 'string') words = message;
  } catch {
    // Not a board's refusal; the status has to do.
  }
  const plain = words.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
  const shown = plain.slice(0, BOARD_LIMITS.maxReasonCharacters);
  return shown === '' ? `status ${status}` : `status ${status}, ${shown}`;
}

/** `fetch failed` alone says nothing; its cause does. */
function causes(error: Error): string {
  const { cause } = error;
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(cause)})`;
}

function boardUrl(text: string): string {
  const fault = (problem: string) =>
    new CommitteeError('COMMITTEE_BAD_OPTION', `--board ${problem}; such as http://host:8645`);
  if (!URL.canParse(text)) throw fault('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw fault('must be http or https');
  if (url.username !== '' || url.password !== '') throw fault('must not hold a password');
  if (url.search !== '' || url.hash !== '') throw fault('must not have a query or a fragment');
  return url.href.replace(/\/+$/, '');
}
