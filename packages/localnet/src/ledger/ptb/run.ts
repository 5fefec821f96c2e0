/**
 * One run of one transaction: what every command shares.
 */
import type { ObjectRuntime } from '../../natives/index.ts';
import type { CommandOutput } from '../types/records.ts';
import type { MovePackage, Session, Slot } from '../vm.ts';
import type { Plan, Usage } from './plan.ts';

/** Who called: module and storage id stand in the events and abort locations of a command. */
interface CallSite {
  readonly package: string;
  readonly module: string;
}

/** Events `[start, end)` of the object runtime were emitted under this call. */
export interface EventRange extends CallSite {
  readonly end: number;
}

export interface Run {
  readonly plan: Plan;
  readonly session: Session;
  readonly objects: ObjectRuntime;
  readonly checks: 'enabled' | 'disabled';
  /** Packages that exist before this transaction. */
  packageObject(id: string): MovePackage | 'notAPackage' | undefined;
  /** Packages that this transaction publishes, in order. */
  readonly published: MovePackage[];
  readonly eventRanges: EventRange[];
  /** Undefined when nobody asked for command outputs. */
  readonly outputs: CommandOutput[] | undefined;
  /** The transaction context, one for the whole run. */
  readonly txContext: Slot;
  /** The value at a location, read from its input the first time. */
  slot(location: number): Slot;
}

/** Notes that events up to now belong to a call. */
export function closeEventRange(run: Run, site: CallSite): void {
  run.eventRanges.push({ ...site, end: run.objects.events.length });
}

/** Where a result of the running command goes. */
export function setResult(run: Run, command: number, index: number, slot: Slot): void {
  run.plan.locations[run.plan.results[command]![index]!]!.slot = slot;
}

/** A by-value argument. */
export function takeUsage(run: Run, usage: Usage): ReturnType<Slot['take']> {
  const slot = run.slot(usage.location);
  return usage.mode === 'copy' ? slot.copy() : slot.take();
}
