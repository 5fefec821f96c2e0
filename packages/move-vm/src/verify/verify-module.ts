/**
 * `verifyModule`: everything about one module that can be decided without its dependencies.
 *
 * Same rules as the genuine Move verifier: limits, structure, signatures, abilities, recursion,
 * constants, control flow, operand types, locals, references. With link.ts (handles agree with the
 * dependencies) and sui/ (object rules) it is what publish runs.
 *
 * Not verified, on purpose:
 * - the genuine verifier's metering: our bounds (`MAX_BORROW_WORK`, `MAX_VISITS_PER_BLOCK`) are coarser,
 *   so a very large function may pass here and time out there, or the other way round;
 * - declared signatures of native functions: they are the framework's own; package-modules.ts refuses
 *   natives in every other package;
 * - `acquires` and global storage: modules that use either are refused whole.
 *
 * The order of the checks, and so which of several faults is named, is ours.
 * Source: move-vm.md §7.
 */
import type { CompiledModule } from '../binary/module.ts';
import { rejected } from '../common/errors.ts';
import { controlFlow } from './cfg.ts';
import { checkConstants } from './constants.ts';
import { FunctionView } from './function-view.ts';
import { checkLimits, MAX_BACK_EDGES } from './limits.ts';
import { checkLocals } from './locals-safety.ts';
import { checkInstantiationLoops, checkRecursiveDatatypes } from './recursion.ts';
import { checkReferences } from './reference-safety.ts';
import { checkSignatures } from './signatures.ts';
import { checkStructure } from './structure.ts';
import { checkTypes } from './type-safety.ts';
import { TypeInterner } from './types.ts';

function checkCode(module: CompiledModule): void {
  const types = new TypeInterner(module);
  let backEdges = 0;
  module.functions.forEach(({ code }, index) => {
    if (code === undefined) return;
    const flow = controlFlow(code);
    backEdges += flow.backEdges;
    if (backEdges > MAX_BACK_EDGES) {
      throw rejected('TOO_MANY_BACK_EDGES', `${backEdges} back edges, at most ${MAX_BACK_EDGES}`);
    }
    const view = new FunctionView(types, { module, index, code, graph: flow.graph });
    checkTypes(view);
    checkLocals(view);
    checkReferences(view);
  });
}

/**
 * Verifies a parsed module.
 *
 * @throws VmError of the verification class (1000–1999); code faults carry their location.
 */
export function verifyModule(module: CompiledModule): void {
  checkLimits(module);
  checkStructure(module);
  checkSignatures(module);
  checkRecursiveDatatypes(module);
  checkInstantiationLoops(module);
  checkConstants(module);
  checkCode(module);
}
