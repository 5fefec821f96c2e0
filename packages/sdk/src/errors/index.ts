export { type AnySealError, isSealError } from './any.ts';
export * from './api.ts';
export {
  SealError,
  type SealErrorCode,
  type ServerErrorCode,
  type ShareOutcome,
  type UserErrorCode,
} from './base.ts';
export { toMajorityError } from './majority.ts';
export { describeAbort, type MoveAbortInfo, parseMoveAbort } from './move-abort.ts';
export * from './user.ts';
