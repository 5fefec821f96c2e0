/**
 * @seal-ts/crypto: the cryptography of Seal (protocol §1) without input or output. The engines have
 * their own entry points: `@seal-ts/crypto/noble` and `@seal-ts/crypto/mcl`.
 */

export * from './aes-gcm.ts';
export * from './aes-gcm-stream.ts';
export * from './bytes.ts';
export * from './ciphertext.ts';
export * from './decrypt.ts';
export * from './dem.ts';
export * from './domains.ts';
export * from './elgamal.ts';
export * from './encrypt.ts';
export * from './encrypted-shares.ts';
export * from './engine.ts';
export * from './envelope.ts';
export * from './errors.ts';
export * from './gf256.ts';
export * from './hmac-ctr.ts';
export * from './ibe.ts';
export * from './identity.ts';
export * from './kdf.ts';
export * from './master-key.ts';
export * from './possession.ts';
export * from './random.ts';
export * from './scalar.ts';
export * from './shamir.ts';
export * from './threshold.ts';
export * from './user-secret-key.ts';
