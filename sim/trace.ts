/**
 * What happened, in order, as one hash: two runs of a seed must give the same. Also the net for
 * secrets: whatever people or machines may read later is searched for them.
 */
import { createHash } from 'node:crypto';
import { toBase64, toHex } from '@seal-ts/protocol';
import { T0 } from './time.ts';

export class Trace {
  readonly #hash = createHash('sha256');
  readonly #print: ((line: string) => void) | undefined;

  constructor(print?: (line: string) => void) {
    this.#print = print;
  }

  add(atMs: number, what: string, body = ''): void {
    const line = `${String(atMs - T0).padStart(7)} ${what}`;
    this.#hash.update(`${line}\n${body}\n`);
    this.#print?.(line);
  }

  digest(): string {
    return this.#hash.digest('hex').slice(0, 16);
  }
}

/** Short digest of a body, for lines that people read. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

export class SecretNet {
  readonly #forms = new Map<string, string>();
  readonly #texts: { where: string; text: string }[] = [];

  /** Bytes that must not be found, in hex or Base64. */
  add(what: string, secret: Uint8Array): void {
    this.addText(what, toHex(secret));
    this.addText(what, toBase64(secret));
  }

  addText(what: string, secret: string): void {
    this.#forms.set(secret, what);
  }

  collect(where: string, text: string): void {
    this.#texts.push({ where, text });
  }

  get size(): number {
    return this.#texts.length;
  }

  /** One line for each secret found. */
  found(): string[] {
    return this.#texts.flatMap(({ where, text }) =>
      [...this.#forms]
        .filter(([form]) => text.includes(form))
        .map(([, what]) => `${what} appears in ${where}: ${text.slice(0, 200)}`),
    );
  }
}
