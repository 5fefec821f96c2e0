/**
 * Linking: what a module's handles say about its dependencies is what those dependencies define, and
 * modules of one package depend on each other without a cycle.
 *
 * A handle is a claim by the module's author; without this check a module could call a private
 * function, or pass a coin off as a type of another shape. Source: move-vm.md §7 (3).
 */

import type { CompiledModule, DatatypeHandle, FunctionHandle } from '../binary/module.ts';
import {
  datatypeName,
  findEnum,
  findFunction,
  findStruct,
  functionName,
  moduleIdOf,
  selfId,
} from '../binary/view.ts';
import { type ModuleId, rejected } from '../common/errors.ts';
import type { StatusName } from '../common/status.ts';
import { nodeOnCycle } from './graph.ts';
import { signatureText } from './type-text.ts';

/** Longest chain of modules that use one another. */
export const MAX_DEPENDENCY_DEPTH = 100;

/** A module by original address and name: from this package or a linked one. */
export type ModuleLookup = (id: ModuleId) => CompiledModule | undefined;

const idText = (id: ModuleId): string => `${id.address}::${id.name}`;

class Linker {
  readonly #module: CompiledModule;
  readonly #lookup: ModuleLookup;
  readonly #self: ModuleId;

  constructor(module: CompiledModule, lookup: ModuleLookup) {
    this.#module = module;
    this.#lookup = lookup;
    this.#self = selfId(module);
  }

  #fault(status: StatusName, message: string): Error {
    return rejected(status, `${idText(this.#self)}: ${message}`, { module: this.#self });
  }

  check(): void {
    const module = this.#module;
    const dependencies = module.moduleHandles.map((handle, index) => {
      if (index === module.selfHandle) return undefined;
      const id = moduleIdOf(module, handle);
      const dependency = this.#lookup(id);
      if (dependency === undefined) throw this.#fault('MISSING_DEPENDENCY', idText(id));
      return dependency;
    });
    for (const handle of module.datatypeHandles) {
      const dependency = dependencies[handle.module];
      if (dependency !== undefined) this.#datatype(handle, dependency);
    }
    for (const handle of module.functionHandles) {
      const dependency = dependencies[handle.module];
      if (dependency !== undefined) this.#function(handle, dependency);
    }
  }

  #datatype(handle: DatatypeHandle, dependency: CompiledModule): void {
    const name = datatypeName(this.#module, handle);
    const what = `${idText(selfId(dependency))}::${name}`;
    const struct = dependency.structs[findStruct(dependency, name)];
    const definition = struct ?? dependency.enums[findEnum(dependency, name)];
    if (definition === undefined) throw this.#fault('LOOKUP_FAILED', `no type ${what}`);
    const defined = dependency.datatypeHandles[definition.handle]!;
    if ((handle.abilities & ~defined.abilities) !== 0) {
      throw this.#fault('TYPE_MISMATCH', `${what} does not have all abilities claimed for it`);
    }
    const agrees =
      handle.typeParameters.length === defined.typeParameters.length &&
      handle.typeParameters.every((claimed, i) => {
        const { constraints, phantom } = defined.typeParameters[i]!;
        return (constraints & ~claimed.constraints) === 0 && (phantom || !claimed.phantom);
      });
    if (!agrees) throw this.#fault('TYPE_MISMATCH', `${what} has other type parameters`);
  }

  #function(handle: FunctionHandle, dependency: CompiledModule): void {
    const name = functionName(this.#module, handle);
    const what = `${idText(selfId(dependency))}::${name}`;
    const definition = dependency.functions[findFunction(dependency, name)];
    if (definition === undefined || !this.#visible(definition.visibility, dependency)) {
      throw this.#fault('LOOKUP_FAILED', `no function ${what} that may be called from here`);
    }
    const defined = dependency.functionHandles[definition.handle]!;
    const sameParameters =
      handle.typeParameters.length === defined.typeParameters.length &&
      defined.typeParameters.every(
        (constraints, i) => (constraints & ~handle.typeParameters[i]!) === 0,
      );
    if (
      !sameParameters ||
      signatureText(this.#module, handle.parameters) !==
        signatureText(dependency, defined.parameters) ||
      signatureText(this.#module, handle.returns) !== signatureText(dependency, defined.returns)
    ) {
      throw this.#fault('TYPE_MISMATCH', `${what} has another signature`);
    }
  }

  #visible(visibility: 'private' | 'public' | 'friend', dependency: CompiledModule): boolean {
    if (visibility !== 'friend') return visibility === 'public';
    return dependency.friends.some((friend) => {
      const id = moduleIdOf(dependency, friend);
      return id.address === this.#self.address && id.name === this.#self.name;
    });
  }
}

/** @throws VmError `MISSING_DEPENDENCY`, `LOOKUP_FAILED`, `TYPE_MISMATCH` */
export function checkLinks(module: CompiledModule, lookup: ModuleLookup): void {
  new Linker(module, lookup).check();
}

function longestPath(successors: readonly (readonly number[])[]): number {
  // Acyclic here. Depth by memo; the number of modules bounds the recursion.
  const depth = new Map<number, number>();
  const visit = (node: number): number => {
    const known = depth.get(node);
    if (known !== undefined) return known;
    const below = successors[node]!.map(visit);
    const own = 1 + Math.max(0, ...below);
    depth.set(node, own);
    return own;
  };
  return Math.max(0, ...successors.map((_, node) => visit(node)));
}

/** Modules of one package: names distinct, dependencies and friendships without a cycle. */
export function checkPackageGraph(modules: readonly CompiledModule[]): void {
  const ids = modules.map(selfId);
  const index = new Map<string, number>();
  ids.forEach((id, i) => {
    if (index.has(idText(id))) {
      throw rejected('DUPLICATE_MODULE_NAME', `two modules are called ${idText(id)}`);
    }
    index.set(idText(id), i);
  });
  const inside = (id: ModuleId): number[] => {
    const found = index.get(idText(id));
    return found === undefined ? [] : [found];
  };
  const uses = modules.map((module) =>
    module.moduleHandles.flatMap((handle, i) =>
      i === module.selfHandle ? [] : inside(moduleIdOf(module, handle)),
    ),
  );
  const cycle = nodeOnCycle(uses);
  if (cycle >= 0) throw rejected('CYCLIC_MODULE_DEPENDENCY', `${idText(ids[cycle]!)} uses itself`);
  const depth = longestPath(uses);
  if (depth > MAX_DEPENDENCY_DEPTH) {
    throw rejected('MAX_DEPENDENCY_DEPTH_REACHED', `modules use one another ${depth} deep`);
  }
  const friends = nodeOnCycle(
    modules.map((module) => module.friends.flatMap((friend) => inside(moduleIdOf(module, friend)))),
  );
  if (friends >= 0) {
    throw rejected('CYCLIC_MODULE_FRIENDSHIP', `${idText(ids[friends]!)} is its own friend`);
  }
}
