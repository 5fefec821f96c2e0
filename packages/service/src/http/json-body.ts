/** Reads a JSON body: media type, then bytes, UTF-8 and syntax, then keys (protocol §4.1). */

import type { HonoRequest } from 'hono';
import { duplicateKey } from './duplicate-key.ts';
import { BodyRejection } from './rejection.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws {BodyRejection} 415, 400, or 422 for a key that occurs twice */
export async function readJsonBody(request: HonoRequest): Promise<unknown> {
  if (!isJson(request.header('content-type'))) throw new BodyRejection(415);
  const bytes = await request.arrayBuffer();
  const { text, value } = parse(bytes);
  const key = duplicateKey(text);
  if (key !== undefined) throw new BodyRejection(422, `duplicate field ${shown(key)}`);
  return value;
}

function parse(bytes: ArrayBuffer): { text: string; value: unknown } {
  try {
    const text = utf8.decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    // The parser's own message quotes the input, which holds the caller's certificate.
    throw new BodyRejection(400, 'not valid JSON', { cause });
  }
}

/** Longest key that an answer repeats. */
const MAX_SHOWN_KEY = 64;

function shown(key: string): string {
  return `\`${key.length > MAX_SHOWN_KEY ? `${key.slice(0, MAX_SHOWN_KEY)}…` : key}\``;
}

/** `application/json` or `application/*+json`, with or without parameters. */
export function isJson(contentType: string | undefined): boolean {
  const media = contentType?.split(';', 1)[0]?.trim() ?? '';
  return /^application\/([a-z0-9!#$&^_.-]+\+)?json$/i.test(media);
}
