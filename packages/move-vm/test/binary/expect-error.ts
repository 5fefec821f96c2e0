/** Expectations on typed errors: the status by name, or the code of a Sui or package refusal. */
import { expect } from 'vitest';
import { isVmError, type VmError } from '../../src/common/index.ts';

/** Runs `action` and returns the VmError it throws; anything else fails the test. */
export function vmError(action: () => unknown): VmError {
  try {
    action();
  } catch (error) {
    if (isVmError(error)) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

export function expectStatus(action: () => unknown, status: string): void {
  const error = vmError(action);
  expect(error.statusName, error.message).toBe(status);
}

export function expectSuiRefusal(action: () => unknown, text: string): void {
  const error = vmError(action);
  expect(error.code, error.message).toBe('MOVE_VM_SUI_VERIFICATION');
  expect(error.message).toContain(text);
}

export function expectFailure(action: () => unknown, failure: string): void {
  const error = vmError(action);
  expect(error.failure, error.message).toBe(failure);
}
