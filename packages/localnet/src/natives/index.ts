/** Natives of the object framework and the object runtime behind them. */
export { deriveChildId, deriveFreshId } from './ids.ts';
export * from './object-runtime.ts';
export type * from './ports.ts';
export { SCENARIO, ScenarioInventory } from './scenario.ts';
export { type FrameworkNativesOptions, frameworkNatives } from './table.ts';
export { DEFAULT_TEST_BUDGET, type TestSession, testSession } from './test-session.ts';
