/**
 * @seal-ts/crypto/dkg: distributed key generation and rotation of committee keys (protocol §6.2,
 * dkg spec). The flow of one member: `createSignedMessage`; for every received message
 * `decodeSignedMessage` and `processSignedMessage`; `mergeMessages`; `completeFresh` or
 * `completeRotation`; `partialPublicKeys` and `messagesHash` for the proposal on chain. Whoever holds no
 * key of the ceremony checks messages with `verifySignedMessage`.
 */

export * from './ceremony.ts';
export * from './complete.ts';
export * from './ecies.ts';
export * from './keys.ts';
export * from './message.ts';
export * from './nodes.ts';
export * from './party.ts';
export * from './polynomial.ts';
export * from './proofs.ts';
export * from './random-oracle.ts';
export * from './signing.ts';
