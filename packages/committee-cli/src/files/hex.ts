/** Bytes in the files of a ceremony: `0x` and lower-case hex (seal-protocol.md §6.4). */
import { fromHex, isFullAddress, toHex } from '@seal-ts/protocol';
import { CommitteeError, type CommitteeErrorCode } from '../errors.ts';

export const SCALAR_BYTES = 32;
export const G1_BYTES = 48;
export const G2_BYTES = 96;

export const hex = (bytes: Uint8Array): string => `0x${toHex(bytes)}`;

/** Exactly `length` bytes; never quotes the text, which may be a secret. */
export function bytesFromHex(
  text: string,
  length: number,
  what: string,
  code: CommitteeErrorCode = 'COMMITTEE_CONFIG',
): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fromHex(text.trim());
  } catch {
    throw new CommitteeError(code, `${what}: expected ${length} bytes as hex`);
  }
  if (bytes.length === length) return bytes;
  throw new CommitteeError(code, `${what}: expected ${length} bytes as hex, got ${bytes.length}`);
}

/** Quoted at most from what somebody wrote. */
const QUOTED = 80;

/**
 * An address or object id with all of its 64 digits. One that lost a digit on its way would be the
 * address of nobody, and a member for good. Error: TypeError in words.
 */
export function wholeAddress(text: string): string {
  const address = text.trim().toLowerCase();
  if (isFullAddress(address)) return address;
  const digits = /^0x([0-9a-f]+)$/.exec(address)?.[1]?.length;
  const found = digits === undefined ? '' : `, which has ${digits}`;
  throw new TypeError(
    `expected 0x and 64 hex digits, got ${JSON.stringify(text.slice(0, QUOTED))}${found}`,
  );
}
