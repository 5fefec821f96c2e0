/**
 * Domain separation tags and wire constants of protocol §1.3 and §1.7.1. Changing one byte of any
 * of these makes every existing ciphertext unreadable; vectors pin them.
 */

import { utf8 } from './bytes.ts';

/** Prefix of the message hashed to G1 for an identity. */
export const IDENTITY_TAG = utf8('SUI-SEAL-IBE-BLS12381-00');
/** Prefix of the message signed by a proof of possession. */
export const POP_TAG = utf8('SUI-SEAL-IBE-BLS12381-POP-00');
/** Prefix of the share mask hash. */
export const KDF_TAG = utf8('SUI-SEAL-IBE-BLS12381-H2-00');
/** Prefix of the purpose-key hash. */
export const DERIVE_KEY_TAG = utf8('SUI-SEAL-IBE-BLS12381-H3-00');
/** Prefix of the HMAC-CTR mask input. */
export const HMAC_CTR_ENC_TAG = utf8('HMAC-CTR-ENC');
/** Prefix of the HMAC-CTR authentication input. */
export const HMAC_CTR_MAC_TAG = utf8('HMAC-CTR-MAC');

/** The fixed 16-byte (not 12-byte) IV of AES-256-GCM; safe because every key is used once. */
export const AES_GCM_IV = Uint8Array.of(
  138,
  55,
  153,
  253,
  198,
  46,
  121,
  219,
  160,
  128,
  89,
  7,
  214,
  156,
  148,
  220,
);
