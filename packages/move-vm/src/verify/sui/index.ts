/**
 * `verifySui`: the passes that Sui runs after the Move verifier, on a module that passed it.
 * Source: move-vm.md §7.
 */
import type { CompiledModule } from '../../binary/module.ts';
import { checkEntryPoints } from './entry-points.ts';
import { checkIdLeak } from './id-leak.ts';
import { checkKeyStructs, checkNoGlobalStorage } from './objects.ts';
import { checkOneTimeWitness } from './one-time-witness.ts';
import { checkPrivateGenerics } from './private-generics.ts';

export { initFunction } from './entry-points.ts';
export { checkNoGlobalStorage } from './objects.ts';
export { oneTimeWitnessCandidate } from './one-time-witness.ts';
export { hasInternalTypeParameter } from './private-generics.ts';

/** @throws VmError `MOVE_VM_SUI_VERIFICATION` */
export function verifySui(module: CompiledModule): void {
  checkNoGlobalStorage(module);
  checkKeyStructs(module);
  checkIdLeak(module);
  checkPrivateGenerics(module);
  checkEntryPoints(module);
  checkOneTimeWitness(module);
}
