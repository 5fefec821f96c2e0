/** Request ids: random UUIDs (RFC 9562, version 4), also where `crypto.randomUUID` is missing. */
import { type RandomSource, randomBytes, toHex } from '@seal-ts/crypto';

const UUID_BYTES = 16;

/** `crypto.randomUUID` exists in secure contexts only; plain http pages lack it. */
export function uuid(random: RandomSource): string {
  const bytes = randomBytes(random, UUID_BYTES);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = toHex(bytes);
  const parts = [0, 8, 12, 16, 20].map((start, i, all) => hex.slice(start, all[i + 1]));
  return parts.join('-');
}
