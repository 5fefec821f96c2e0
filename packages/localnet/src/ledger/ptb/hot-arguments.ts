/**
 * The rule for `entry` functions that are not public (sui-ledger.md §6.4).
 *
 * Values used together in a command join one clique. A clique is hot while it holds a live hot
 * potato (neither `drop` nor `store`), and for ever once a command took a shared object by value.
 * Such a function takes no argument from a hot clique; its own arguments are released first, so it
 * may consume the last potato.
 */
import { ABILITY, type MoveType } from '../vm.ts';
import { failArgument } from './failure.ts';
import type { Plan, PlannedCommand, Usage } from './plan.ts';
import { inCommand } from './resolve.ts';

interface Clique {
  parent: Clique | undefined;
  /** Live hot potatoes. */
  potatoes: number;
  alwaysHot: boolean;
}

export function checkHotArguments(plan: Plan): void {
  if (!plan.commands.some(isPrivateEntry)) return;
  const cliques = plan.locations.map(newClique);
  for (const [index, command] of plan.commands.entries()) {
    inCommand(index, () => checkCommand(plan, command, index, cliques));
  }
}

function isPrivateEntry(command: PlannedCommand): boolean {
  if (command.kind !== 'moveCall') return false;
  return command.function.isEntry && command.function.visibility !== 'public';
}

function checkCommand(plan: Plan, command: PlannedCommand, index: number, cliques: Clique[]): void {
  for (const { location, mode } of command.arguments) {
    const { type, origin } = plan.locations[location]!;
    if (mode === 'move' && origin.kind === 'result' && isHotPotato(type)) {
      root(cliques[location]!).potatoes -= 1;
    }
  }
  if (isPrivateEntry(command)) checkArguments(command.arguments, cliques);
  const merged = newClique();
  for (const { location } of command.arguments) join(cliques[location]!, merged);
  merged.alwaysHot ||= command.arguments.some(
    ({ location, mode }) => mode === 'move' && isSharedInput(plan, location),
  );
  for (const location of plan.results[index]!) {
    const { type, used } = plan.locations[location]!;
    cliques[location] = merged;
    // A result that nobody uses and that can be dropped is dropped at once; a potato cannot.
    if (used && isHotPotato(type)) merged.potatoes += 1;
  }
}

function checkArguments(usages: readonly Usage[], cliques: readonly Clique[]): void {
  for (const { location, position } of usages) {
    const { potatoes, alwaysHot } = root(cliques[location]!);
    if (alwaysHot || potatoes > 0) failArgument(position, 'InvalidArgumentToPrivateEntryFunction');
  }
}

function isSharedInput(plan: Plan, location: number): boolean {
  const { origin } = plan.locations[location]!;
  return origin.kind === 'object' && origin.input.object.owner.kind === 'shared';
}

function isHotPotato(type: MoveType): boolean {
  return (type.abilities & (ABILITY.drop | ABILITY.store)) === 0;
}

function newClique(): Clique {
  return { parent: undefined, potatoes: 0, alwaysHot: false };
}

function root(clique: Clique): Clique {
  let top = clique;
  while (top.parent !== undefined) top = top.parent;
  if (clique !== top) clique.parent = top;
  return top;
}

function join(clique: Clique, into: Clique): void {
  const top = root(clique);
  if (top === into) return;
  into.potatoes += top.potatoes;
  into.alwaysHot ||= top.alwaysHot;
  top.parent = into;
}
