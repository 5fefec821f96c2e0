/**
 * Clever abort codes (sui-ledger.md §9) in the ledger's words.
 */
import { compiledModule } from './introspection.ts';
import type { CleverError } from './types/effects.ts';
import { explainAbort } from './vm.ts';

/** Undefined for a plain code. `bytes` are those of the module that aborted. */
export function cleverError(code: bigint, bytes: Uint8Array | undefined): CleverError | undefined {
  if (bytes === undefined) return undefined;
  const explained = explainAbort(compiledModule(bytes), code);
  if (explained === undefined) return undefined;
  const { errorCode, line, constantName, constantType, rendered, raw } = explained;
  return { errorCode, lineNumber: line, constantName, constantType, rendered, raw };
}
