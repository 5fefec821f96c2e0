/** Move bytecode: the module type, its opcodes, reading and writing. */
export * from './module.ts';
export * from './opcodes.ts';
export * from './view.ts';
