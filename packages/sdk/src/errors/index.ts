export * from './api.ts';
export * from './base.ts';
export { toMajorityError } from './majority.ts';
export { describeAbort, type MoveAbortInfo, parseMoveAbort } from './move-abort.ts';
export * from './user.ts';
