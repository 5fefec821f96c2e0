/** What can go wrong in move-build: one error class, a stable code for each cause. */
import type { MoveDiagnostic } from './diagnostics.ts';

export type MoveBuildErrorCode =
  | 'MOVE_BUILD_INVALID_INPUT'
  | 'MOVE_BUILD_MANIFEST'
  | 'MOVE_BUILD_PACKAGE_NOT_FOUND'
  | 'MOVE_BUILD_TOO_LARGE'
  | 'MOVE_BUILD_UNSUPPORTED_DEPENDENCY'
  | 'MOVE_BUILD_DEPENDENCY_OUTSIDE'
  | 'MOVE_BUILD_DEPENDENCY_CYCLE'
  | 'MOVE_BUILD_DEPENDENCY_UNPUBLISHED'
  | 'MOVE_BUILD_COMPILE'
  | 'MOVE_BUILD_TEST_SOURCE'
  | 'MOVE_BUILD_MALFORMED_MODULE'
  | 'MOVE_BUILD_DIGEST_MISMATCH'
  | 'MOVE_BUILD_ORACLE'
  | 'MOVE_BUILD_COMPILER';

/**
 * Every failure of this package. `diagnostics` holds the compiler's findings (file, line, column)
 * when the code is `MOVE_BUILD_COMPILE`, and is empty otherwise.
 */
export class MoveBuildError extends Error {
  override readonly name = 'MoveBuildError';
  readonly code: MoveBuildErrorCode;
  readonly diagnostics: readonly MoveDiagnostic[];

  constructor(
    code: MoveBuildErrorCode,
    message: string,
    options: { cause?: unknown; diagnostics?: readonly MoveDiagnostic[] } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.diagnostics = options.diagnostics ?? [];
  }
}

export function isMoveBuildError(value: unknown): value is MoveBuildError {
  return value instanceof MoveBuildError;
}
