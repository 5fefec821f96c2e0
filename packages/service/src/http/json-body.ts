/** Reads a JSON body: media type, then bytes, then UTF-8 and syntax (protocol §4.1). */

import type { HonoRequest } from 'hono';
import { BodyRejection } from './rejection.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws {BodyRejection} 415 or 400 */
export async function readJsonBody(request: HonoRequest): Promise<unknown> {
  if (!isJson(request.header('content-type'))) throw new BodyRejection(415);
  const bytes = await request.arrayBuffer();
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch (cause) {
    // The parser's own message quotes the input, which holds the caller's certificate.
    throw new BodyRejection(400, 'not valid JSON', { cause });
  }
}

/** `application/json` or `application/*+json`, with or without parameters. */
export function isJson(contentType: string | undefined): boolean {
  const media = contentType?.split(';', 1)[0]?.trim() ?? '';
  return /^application\/([a-z0-9!#$&^_.-]+\+)?json$/i.test(media);
}
