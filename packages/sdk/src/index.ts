/** Client for Seal: encrypt to a Move policy, decrypt when the chain agrees. */
export { DEFAULT_MAX_CACHED_KEYS, SealClient } from './client.ts';
export { EncryptedObject } from './encrypted-object.ts';
export * from './errors/index.ts';
export { type SealExtensionOptions, seal } from './extension.ts';
export { MAX_RESPONSE_BYTES } from './http.ts';
export {
  type Certificate,
  type CreateSessionKeyOptions,
  DEFAULT_TIMEOUT_MS,
  EXPIRY_MARGIN_MS,
  type ExportedSessionKey,
  type RequestParams,
  SessionKey,
} from './session-key.ts';
export * from './types.ts';
