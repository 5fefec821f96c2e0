/**
 * Packages as the loader needs them: parsed modules by name and the type origin table as a map.
 *
 * Parsing happens once for each package version. A module whose self address is not the package's
 * original id is refused, so that no package can speak for another. Source: move-vm.md §4.
 */
import { parseModule } from '../binary/index.ts';
import type { CompiledModule } from '../binary/module.ts';
import { findEnum, findFunction, findStruct, selfId } from '../binary/view.ts';
import { type MovePackage, STATUS, VmError } from '../common/index.ts';

/** A parsed module with the name lookups that linking needs. */
export class ParsedModule {
  readonly compiled: CompiledModule;
  readonly name: string;
  readonly #functions = new Map<string, number>();

  constructor(name: string, compiled: CompiledModule) {
    this.name = name;
    this.compiled = compiled;
  }

  /** Function definition index, or -1. */
  functionIndex(name: string): number {
    let index = this.#functions.get(name);
    if (index === undefined) {
      index = findFunction(this.compiled, name);
      this.#functions.set(name, index);
    }
    return index;
  }

  structIndex(name: string): number {
    return findStruct(this.compiled, name);
  }

  enumIndex(name: string): number {
    return findEnum(this.compiled, name);
  }
}

export class CachedPackage {
  readonly pkg: MovePackage;
  readonly #modules = new Map<string, ParsedModule>();
  readonly #origins = new Map<string, string>();

  constructor(pkg: MovePackage) {
    this.pkg = pkg;
    for (const origin of pkg.typeOrigins) {
      this.#origins.set(`${origin.module}::${origin.datatype}`, origin.package);
    }
  }

  hasModule(name: string): boolean {
    return this.pkg.modules.has(name);
  }

  module(name: string): ParsedModule {
    let module = this.#modules.get(name);
    if (module === undefined) {
      module = this.#parse(name);
      this.#modules.set(name, module);
    }
    return module;
  }

  /** The package version that first had the type; this one when the origin table is silent. */
  definingId(module: string, datatype: string): string {
    return this.#origins.get(`${module}::${datatype}`) ?? this.pkg.storageId;
  }

  #parse(name: string): ParsedModule {
    const bytes = this.pkg.modules.get(name);
    if (bytes === undefined) {
      throw new VmError(STATUS.LINKER_ERROR, `package ${this.pkg.storageId} has no module ${name}`);
    }
    const compiled = parseModule(bytes, { magic: 'any' });
    const self = selfId(compiled);
    if (self.address !== this.pkg.originalId || self.name !== name) {
      throw new VmError(
        STATUS.LINKER_ERROR,
        `module ${self.address}::${self.name} is stored as ${this.pkg.originalId}::${name}`,
      );
    }
    return new ParsedModule(name, compiled);
  }
}
