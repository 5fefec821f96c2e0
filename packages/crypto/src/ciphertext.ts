/**
 * The shapes of encapsulated data (protocol §1.7, §1.8 field 7). `aad: undefined` is BCS `None`;
 * an empty array is `Some(empty)`. Both authenticate the same bytes.
 */

/** AES-256-GCM: ciphertext followed by the 16-byte tag. */
export interface Aes256GcmCiphertext {
  readonly kind: 'aes256gcm';
  readonly blob: Uint8Array;
  readonly aad: Uint8Array | undefined;
}

/** HMAC-SHA3-256 in counter mode; the MAC travels apart. */
export interface Hmac256CtrCiphertext {
  readonly kind: 'hmac256ctr';
  readonly blob: Uint8Array;
  readonly aad: Uint8Array | undefined;
  /** 32 bytes. */
  readonly mac: Uint8Array;
}

/** No payload: decryption yields the 32-byte key itself. */
export interface PlainCiphertext {
  readonly kind: 'plain';
}

export type Ciphertext = Aes256GcmCiphertext | Hmac256CtrCiphertext | PlainCiphertext;

/** What to encrypt, and how. */
export type Payload =
  | {
      readonly kind: 'aes256gcm' | 'hmac256ctr';
      readonly plaintext: Uint8Array;
      readonly aad?: Uint8Array | undefined;
    }
  | PlainCiphertext;
