/** Move unit tests on two machines. */
export { MoveTestError, type MoveTestErrorCode } from './errors.ts';
export { ORACLE_SKIPS } from './oracle-skips.ts';
export {
  type MoveTestOptions,
  type MoveTestReport,
  type MoveTestResult,
  runFrameworkTests,
  runMoveTests,
  runMoveTestsFrom,
} from './run.ts';
