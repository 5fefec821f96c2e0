/**
 * Reads 32 secret bytes from their text forms. Messages never repeat the text: not even its length
 * beyond "32 or not 32", and not which character was wrong.
 */

import type { SecretText } from '@seal-ts/service';

const HEX_KEY = /^(0x)?[0-9a-fA-F]{64}$/;

/** Hex with optional `0x`; in Open mode also Base64, for old deployments. */
export type KeyEncoding = 'hex' | 'hex-or-base64';

/** 32 bytes, or `undefined` when the text is neither form. */
export function decodeSecret32(secret: SecretText, encoding: KeyEncoding): Uint8Array | undefined {
  const text = secret.reveal();
  if (HEX_KEY.test(text)) return copyAndWipe(Buffer.from(text.replace(/^0x/, ''), 'hex'));
  if (encoding === 'hex') return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== text) {
    bytes.fill(0);
    return undefined;
  }
  return copyAndWipe(bytes);
}

/** Small Buffers live in a shared pool; secrets get memory of their own. */
function copyAndWipe(bytes: Buffer): Uint8Array {
  const own = new Uint8Array(bytes);
  bytes.fill(0);
  return own;
}
