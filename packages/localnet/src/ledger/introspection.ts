/**
 * Packages as the RPC describes them: modules, functions, datatypes (sui-ledger.md §2.3).
 *
 * Type names carry the id of the package that first defined the type; the linkage of the package
 * that is asked about decides which versions its dependencies' names come from.
 */
import type {
  Ability,
  DatatypeDescriptor,
  FieldDescriptor,
  FunctionSignature,
  ModuleDescriptor,
  PackageRecord,
  SignatureParameter,
  SignatureType,
} from './types/records.ts';
import {
  ABILITY,
  type CompiledModule,
  type MovePackage,
  type PackageSource,
  parseModule,
  type SignatureToken,
} from './vm.ts';

const ABILITY_ORDER: readonly Ability[] = ['copy', 'drop', 'store', 'key'];
const parsed = new WeakMap<Uint8Array, CompiledModule>();
const described = new WeakMap<MovePackage, PackageRecord>();

/** The parsed form of published module bytes; remembered. */
export function compiledModule(bytes: Uint8Array): CompiledModule {
  let module = parsed.get(bytes);
  if (module === undefined) {
    module = parseModule(bytes);
    parsed.set(bytes, module);
  }
  return module;
}

/** Ability bits that a function asks of its type parameters; empty if there is no such function. */
export function functionConstraints(
  pkg: MovePackage | undefined,
  moduleName: string,
  name: string,
): readonly number[] {
  const bytes = pkg?.modules.get(moduleName);
  if (bytes === undefined) return [];
  const module = compiledModule(bytes);
  const handles = module.functions.map(({ handle }) => module.functionHandles[handle]!);
  const handle = handles.find((candidate) => module.identifiers[candidate.name] === name);
  return handle?.typeParameters ?? [];
}

/** Storage id of the package version that first defined a type of this package. */
export function definingId(pkg: MovePackage, module: string, datatype: string): string {
  const origin = pkg.typeOrigins.find(
    (entry) => entry.module === module && entry.datatype === datatype,
  );
  return origin?.package ?? pkg.storageId;
}

export function describePackage(pkg: MovePackage, packages: PackageSource): PackageRecord {
  let record = described.get(pkg);
  if (record === undefined) {
    record = {
      storageId: pkg.storageId,
      originalId: pkg.originalId,
      version: pkg.version,
      modules: [...pkg.modules].map(([name, bytes]) =>
        new ModuleView(pkg, compiledModule(bytes), packages).describe(name, bytes),
      ),
      typeOrigins: pkg.typeOrigins,
      linkage: [...pkg.linkage].map(([originalId, linked]) => ({ originalId, ...linked })),
    };
    described.set(pkg, record);
  }
  return record;
}

function abilitiesOf(bits: number): readonly Ability[] {
  return ABILITY_ORDER.filter((ability) => (bits & ABILITY[ability]) !== 0);
}

class ModuleView {
  readonly #package: MovePackage;
  readonly #module: CompiledModule;
  readonly #packages: PackageSource;

  constructor(pkg: MovePackage, module: CompiledModule, packages: PackageSource) {
    this.#package = pkg;
    this.#module = module;
    this.#packages = packages;
  }

  describe(name: string, bytes: Uint8Array): ModuleDescriptor {
    const { structs, enums, functions } = this.#module;
    const datatypes = [
      ...structs.map((definition) =>
        this.#datatype(name, definition.handle, this.#fields(definition.fields), undefined),
      ),
      ...enums.map((definition) =>
        this.#datatype(
          name,
          definition.handle,
          undefined,
          definition.variants.map((variant) => ({
            name: this.#name(variant.name),
            fields: this.#fields(variant.fields),
          })),
        ),
      ),
    ];
    return { name, bytes, datatypes, functions: functions.map((_, i) => this.#function(i)) };
  }

  #name(index: number): string {
    return this.#module.identifiers[index]!;
  }

  #datatype(
    module: string,
    handleIndex: number,
    fields: DatatypeDescriptor['fields'],
    variants: DatatypeDescriptor['variants'],
  ): DatatypeDescriptor {
    const handle = this.#module.datatypeHandles[handleIndex]!;
    const name = this.#name(handle.name);
    const origin = definingId(this.#package, module, name);
    return {
      module,
      name,
      typeName: `${origin}::${module}::${name}`,
      definingId: origin,
      abilities: abilitiesOf(handle.abilities),
      typeParameters: handle.typeParameters.map(({ constraints, phantom }) => ({
        constraints: abilitiesOf(constraints),
        isPhantom: phantom,
      })),
      fields,
      variants,
    };
  }

  #fields(fields: readonly { name: number; type: SignatureToken }[]): readonly FieldDescriptor[] {
    return fields.map(({ name, type }) => ({ name: this.#name(name), type: this.#type(type) }));
  }

  #function(index: number): FunctionSignature {
    const definition = this.#module.functions[index]!;
    const handle = this.#module.functionHandles[definition.handle]!;
    const signature = (at: number): readonly SignatureParameter[] =>
      this.#module.signatures[at]!.map((token) => this.#parameter(token));
    return {
      name: this.#name(handle.name),
      visibility: definition.visibility,
      isEntry: definition.isEntry,
      typeParameters: handle.typeParameters.map(abilitiesOf),
      parameters: signature(handle.parameters),
      returns: signature(handle.returns),
    };
  }

  #parameter(token: SignatureToken): SignatureParameter {
    if (token.kind !== 'reference') return { reference: undefined, body: this.#type(token) };
    return { reference: token.mutable ? 'mutable' : 'immutable', body: this.#type(token.to) };
  }

  #type(token: SignatureToken): SignatureType {
    switch (token.kind) {
      case 'vector':
        return { kind: 'vector', element: this.#type(token.element) };
      case 'typeParameter':
        return { kind: 'typeParameter', index: token.index };
      case 'datatype':
        return {
          kind: 'datatype',
          typeName: this.#typeName(token.handle),
          typeArguments: token.typeArgs.map((argument) => this.#type(argument)),
        };
      case 'reference':
        // References stand only at the top of a parameter; `#parameter` has taken it off.
        return this.#type(token.to);
      default:
        return { kind: token.kind };
    }
  }

  #typeName(handleIndex: number): string {
    const handle = this.#module.datatypeHandles[handleIndex]!;
    const moduleHandle = this.#module.moduleHandles[handle.module]!;
    const originalId = this.#module.addresses[moduleHandle.address]!;
    const module = this.#name(moduleHandle.name);
    const name = this.#name(handle.name);
    const linked = this.#package.linkage.get(originalId)?.storageId ?? originalId;
    const owner =
      originalId === this.#package.originalId ? this.#package : this.#packages.package(linked);
    const origin = owner === undefined ? linked : definingId(owner, module, name);
    return `${origin}::${module}::${name}`;
  }
}
