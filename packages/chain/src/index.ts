/** Reading Seal's objects and running approvals on Sui. */
export * from './committee.ts';
export * from './connect.ts';
export * from './errors.ts';
export { type ChainEvents, type EventPage, type EventQuery, MAX_EVENT_PAGE } from './events.ts';
export * from './first-package.ts';
export * from './grpc-server-chain.ts';
export { moduleSelfAddress } from './module-address.ts';
export * from './mvr.ts';
export { type DecodedObject, decodeObject, moveContents, originalPackageId } from './object-bcs.ts';
export * from './reader.ts';
export {
  type AttemptObserver,
  type AttemptStatus,
  DEFAULT_RETRY,
  RETRYABLE_STATUS,
  type RetryDeps,
  type RetryOptions,
  type RpcMethod,
} from './retry.ts';
export * from './server-chain.ts';
export { SIMULATION_MASK } from './simulation.ts';
