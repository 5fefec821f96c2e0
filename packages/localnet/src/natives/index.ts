/** Natives of the object framework and the object runtime behind them. */
export { deriveChildId, deriveFreshId } from './ids.ts';
export * from './object-runtime.ts';
export type * from './ports.ts';
export { frameworkNatives } from './table.ts';
export { testSession } from './test-session.ts';
