/** Every byte of Seal that crosses a wire or lands on a chain. */
export * from './constants.ts';
export * from './encoding.ts';
export * from './errors.ts';
export * from './server-errors.ts';
