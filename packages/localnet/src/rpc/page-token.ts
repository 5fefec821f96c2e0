/**
 * Page tokens: the ledger's cursor behind a fingerprint of the query it belongs to, so that a token
 * of another owner, type or method is refused (spec sui-ledger §2.3).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { invalidField } from './transport/status.ts';

const FINGERPRINT_BYTES = 8;
/** Longest token that is looked at. */
export const MAX_PAGE_TOKEN_BYTES = 1024;

/** Makes and reads tokens of one query. */
export class PageTokens {
  readonly #fingerprint: Uint8Array;

  /** @param query everything that must be the same on the next page */
  constructor(...query: readonly string[]) {
    const text = JSON.stringify(query);
    this.#fingerprint = sha256(Buffer.from(text)).subarray(0, FINGERPRINT_BYTES);
  }

  /** `next_page_token`: unset on the last page, never empty. */
  encode(cursor: string | undefined): { nextPageToken?: Uint8Array } {
    if (cursor === undefined) return {};
    return {
      nextPageToken: new Uint8Array(Buffer.concat([this.#fingerprint, Buffer.from(cursor)])),
    };
  }

  /**
   * The cursor of a token; undefined for the first page.
   * @throws RpcError INVALID_ARGUMENT `invalid page_token`
   */
  decode(token: Uint8Array | undefined): string | undefined {
    if (token === undefined || token.length === 0) return undefined;
    const bytes = Buffer.from(token);
    const fits = token.length > FINGERPRINT_BYTES && token.length <= MAX_PAGE_TOKEN_BYTES;
    if (!fits || !bytes.subarray(0, FINGERPRINT_BYTES).equals(this.#fingerprint)) {
      throw invalidPageToken();
    }
    return bytes.toString('utf8', FINGERPRINT_BYTES);
  }
}

export function invalidPageToken() {
  return invalidField('page_token', 'invalid page_token');
}
