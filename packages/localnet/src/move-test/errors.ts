/** What the Move test runner itself can object to; failing tests are results, not errors. */

export type MoveTestErrorCode = 'MOVE_TEST_UNKNOWN_SKIP' | 'MOVE_TEST_EXPECTATION';

export class MoveTestError extends Error {
  override readonly name = 'MoveTestError';
  readonly code: MoveTestErrorCode;

  constructor(code: MoveTestErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
