/** The Move virtual machine: bytecode, linking, running, and the natives that need no ledger. */
export * from './binary/index.ts';
export * from './common/index.ts';
export * from './natives/index.ts';
export * from './runtime/index.ts';
export * from './verify/index.ts';
