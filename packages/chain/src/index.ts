/** Reading Seal's objects and running approvals on Sui. */
export * from './errors.ts';
export * from './server-chain.ts';
