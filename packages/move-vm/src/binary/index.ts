/** Move bytecode: the module type, its opcodes, reading and writing. */
export * from './limits.ts';
export * from './module.ts';
export * from './opcodes.ts';
export { type ParseOptions, parseModule } from './parse.ts';
export { PRIMITIVE_TOKENS } from './signature.ts';
export type { AcceptedMagic } from './tables.ts';
export * from './view.ts';
export { writeModule } from './write.ts';
