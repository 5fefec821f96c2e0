/**
 * The codec users know as `EncryptedObject` (seal-protocol.md §1.8): `parse` gives ids as text and
 * `serialize(value).toBytes()` writes it. Parsing is strict: trailing bytes, long-form lengths and
 * unknown tags are refused.
 */
import { BcsType, bcs } from '@mysten/bcs';
import {
  decodeEncryptedObject,
  fromHex,
  isProtocolError,
  normalizeAddress,
  toHex,
} from '@seal-ts/protocol';
import { InvalidCiphertextError } from './errors/user.ts';

const address = bcs.bytes(32).transform({
  input: (value: string | Uint8Array) =>
    typeof value === 'string' ? fromHex(normalizeAddress(value)) : value,
  output: (value) => `0x${toHex(value)}`,
});

/** `vector<u8>` shown as hex without prefix. */
const hexBytes = bcs.byteVector().transform({
  input: (value: string) => fromHex(value),
  output: (value) => toHex(Uint8Array.from(value)),
});

const layout = bcs.struct('EncryptedObject', {
  version: bcs.u8(),
  packageId: address,
  id: hexBytes,
  services: bcs.vector(bcs.tuple([address, bcs.u8()])),
  threshold: bcs.u8(),
  encryptedShares: bcs.enum('IBEEncryptions', {
    BonehFranklinBLS12381: bcs.struct('BonehFranklinBLS12381', {
      nonce: bcs.bytes(96),
      encryptedShares: bcs.vector(bcs.bytes(32)),
      encryptedRandomness: bcs.bytes(32),
    }),
  }),
  ciphertext: bcs.enum('Ciphertext', {
    Aes256Gcm: bcs.struct('Aes256Gcm', {
      blob: bcs.byteVector(),
      aad: bcs.option(bcs.byteVector()),
    }),
    Hmac256Ctr: bcs.struct('Hmac256Ctr', {
      blob: bcs.byteVector(),
      aad: bcs.option(bcs.byteVector()),
      mac: bcs.bytes(32),
    }),
    Plain: bcs.struct('Plain', {}),
  }),
});

class StrictEncryptedObject extends BcsType<
  typeof layout.$inferType,
  typeof layout.$inferInput,
  'EncryptedObject'
> {
  constructor() {
    super({
      name: 'EncryptedObject',
      read: (reader) => layout.read(reader),
      write: (value, writer) => layout.write(value, writer),
      serialize: (value, options) => layout.serialize(value, options).toBytes(),
      serializedSize: (value) => layout.serializedSize(value),
    });
    const parse = this.parse;
    this.parse = (bytes) => {
      assertStrict(bytes);
      return parse.call(this, bytes);
    };
  }
}

/** BCS codec of encrypted objects. `parse` throws InvalidCiphertextError. */
export const EncryptedObject: BcsType<
  typeof layout.$inferType,
  typeof layout.$inferInput,
  'EncryptedObject'
> = /* @__PURE__ */ new StrictEncryptedObject();

function assertStrict(bytes: Uint8Array): void {
  try {
    decodeEncryptedObject(bytes);
  } catch (cause) {
    if (!isProtocolError(cause)) throw cause;
    throw new InvalidCiphertextError(`Not an encrypted object: ${cause.message}`, { cause });
  }
}
