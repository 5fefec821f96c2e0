/**
 * Just enough BCS to read the published encrypted objects (protocol §1.8). The real codec, strict
 * and in both directions, is @seal-ts/protocol's; it cannot be imported from here.
 */

import type { Ciphertext, SealedEnvelope } from '@seal-ts/crypto';

export function readEnvelope(bytes: Uint8Array): SealedEnvelope {
  let offset = 0;
  const take = (n: number) => {
    if (offset + n > bytes.length) throw new Error('truncated');
    offset += n;
    return bytes.slice(offset - n, offset);
  };
  const u8 = () => take(1)[0]!;
  const length = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const list = <T>(read: () => T): T[] => Array.from({ length: length() }, read);
  const variable = () => take(length());
  const option = <T>(read: () => T) => (u8() === 1 ? read() : undefined);
  const ciphertext = (): Ciphertext => {
    switch (u8()) {
      case 0:
        return { kind: 'aes256gcm', blob: variable(), aad: option(variable) };
      case 1:
        return { kind: 'hmac256ctr', blob: variable(), aad: option(variable), mac: take(32) };
      default:
        return { kind: 'plain' };
    }
  };
  const version = u8();
  const packageId = take(32);
  const id = variable();
  const services = list(() => ({ objectId: take(32), index: u8() }));
  const threshold = u8();
  if (u8() !== 0) throw new Error('unknown encryption');
  const envelope: SealedEnvelope = {
    version,
    packageId,
    id,
    services,
    threshold,
    nonce: take(96),
    encryptedShares: list(() => take(32)),
    encryptedRandomness: take(32),
    ciphertext: ciphertext(),
  };
  if (offset !== bytes.length) throw new Error('trailing bytes');
  return envelope;
}
