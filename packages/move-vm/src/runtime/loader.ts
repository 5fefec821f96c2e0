/**
 * Packages → linked packages, datatypes and types.
 *
 * Code of a package depends on the versions its dependencies resolve to. A `LinkedPackage` is one
 * package version under one such choice; it is shared by every context that makes the same choice.
 * Datatypes do not depend on it: their identity is (defining id, module, name), and their fields are
 * read from the defining version. A session that publishes has a loader of its own over the shared
 * one, so nothing of a failed or simulated transaction stays behind. Source: move-vm.md §4.
 */
import { ALL_ABILITIES, type SignatureToken } from '../binary/module.ts';
import {
  type MovePackage,
  type PackageSource,
  STATUS,
  type TypeTag,
  VmError,
} from '../common/index.ts';
import type { NativeTable } from './api.ts';
import { MAX_CACHED_PACKAGES, MAX_CACHED_TYPES, MAX_TYPE_ARGUMENT_DEPTH } from './limits.ts';
import { LinkedModule } from './linked-module.ts';
import { CachedPackage } from './package-cache.ts';
import {
  abilitiesOf,
  DatatypeDefinition,
  fieldAbilities,
  type MoveType,
  PRIMITIVE_TYPES,
  typesMade,
  type VariantBody,
  vectorOf,
} from './types.ts';

/** Original id to the storage id that it means. */
export type LinkageContext = ReadonlyMap<string, string>;

export class LinkedPackage {
  readonly cached: CachedPackage;
  readonly loader: Loader;
  readonly #context: LinkageContext;
  readonly #modules = new Map<string, LinkedModule>();
  readonly #dependencies = new Map<string, LinkedPackage>();

  constructor(loader: Loader, cached: CachedPackage, context: LinkageContext) {
    this.loader = loader;
    this.cached = cached;
    this.#context = context;
  }

  get storageId(): string {
    return this.cached.pkg.storageId;
  }

  get originalId(): string {
    return this.cached.pkg.originalId;
  }

  hasModule(name: string): boolean {
    return this.cached.hasModule(name);
  }

  module(name: string): LinkedModule {
    let module = this.#modules.get(name);
    if (module === undefined) {
      module = new LinkedModule(this, this.cached.module(name));
      this.#modules.set(name, module);
    }
    return module;
  }

  /** The package that an address inside this package's bytes means. */
  dependency(originalId: string): LinkedPackage {
    if (originalId === this.originalId) return this;
    let linked = this.#dependencies.get(originalId);
    if (linked === undefined) {
      const storageId = this.#context.get(originalId);
      if (storageId === undefined) {
        throw new VmError(
          STATUS.LINKER_ERROR,
          `package ${this.storageId} is not linked with ${originalId}`,
        );
      }
      linked = this.loader.link(storageId, this.#context);
      this.#dependencies.set(originalId, linked);
    }
    return linked;
  }
}

export class Loader {
  readonly natives: NativeTable;
  readonly #source: PackageSource;
  readonly #parent: Loader | undefined;
  readonly #packages = new Map<string, CachedPackage>();
  readonly #linked = new Map<string, LinkedPackage>();
  readonly #definitions = new Map<string, DatatypeDefinition>();
  readonly #typesBefore = typesMade();

  constructor(natives: NativeTable, source: PackageSource, parent?: Loader) {
    this.natives = natives;
    this.#source = source;
    this.#parent = parent;
  }

  /** A loader that sees everything this one does and keeps what is added to itself. */
  overlay(): Loader {
    return new Loader(this.natives, this.#source, this);
  }

  /** True when so much is kept that a new loader should take over. */
  get isFull(): boolean {
    return (
      this.#packages.size > MAX_CACHED_PACKAGES ||
      this.#linked.size > MAX_CACHED_PACKAGES ||
      typesMade() - this.#typesBefore > MAX_CACHED_TYPES
    );
  }

  findPackage(storageId: string): CachedPackage | undefined {
    let cached = this.#packages.get(storageId);
    if (cached !== undefined) return cached;
    if (this.#parent !== undefined) return this.#parent.findPackage(storageId);
    const pkg = this.#source.package(storageId);
    if (pkg === undefined) return undefined;
    cached = new CachedPackage(pkg);
    this.#packages.set(storageId, cached);
    return cached;
  }

  package(storageId: string): CachedPackage {
    const cached = this.findPackage(storageId);
    if (cached === undefined) {
      throw new VmError(STATUS.LINKER_ERROR, `there is no package ${storageId}`);
    }
    return cached;
  }

  /** Makes a package known to this loader alone. */
  add(pkg: MovePackage): void {
    this.#packages.set(pkg.storageId, new CachedPackage(pkg));
  }

  /** A package under `context`, or under its own linkage. */
  link(storageId: string, context?: LinkageContext): LinkedPackage {
    if (context === undefined) {
      const own = this.#linked.get(storageId);
      if (own !== undefined) return own;
      // What was published before this session cannot be linked with what the session publishes.
      if (this.#parent !== undefined && !this.#packages.has(storageId)) {
        return this.#parent.link(storageId);
      }
    }
    const cached = this.package(storageId);
    const resolved = new Map<string, string>();
    let key = storageId;
    let canonical = true;
    let shared = this.#parent !== undefined && !this.#packages.has(storageId);
    for (const [originalId, linked] of cached.pkg.linkage) {
      const choice = context === undefined ? linked.storageId : context.get(originalId);
      if (choice === undefined) {
        throw new VmError(
          STATUS.LINKER_ERROR,
          `no version of ${originalId}, a dependency of ${storageId}, is linked`,
        );
      }
      resolved.set(originalId, choice);
      key += `|${originalId}=${choice}`;
      if (choice !== linked.storageId) canonical = false;
      if (this.#packages.has(choice)) shared = false;
    }
    if (shared) return this.#parent!.link(storageId, resolved);
    return this.#cachedLink(canonical ? storageId : key, cached, resolved);
  }

  #cachedLink(key: string, cached: CachedPackage, context: LinkageContext): LinkedPackage {
    let linked = this.#linked.get(key);
    if (linked === undefined) {
      linked = new LinkedPackage(this, cached, context);
      this.#linked.set(key, linked);
    }
    return linked;
  }

  /** The datatype first defined by package version `definingId`. */
  definition(definingId: string, module: string, name: string): DatatypeDefinition {
    if (this.#parent !== undefined && !this.#packages.has(definingId)) {
      return this.#parent.definition(definingId, module, name);
    }
    const key = `${definingId}::${module}::${name}`;
    let definition = this.#definitions.get(key);
    if (definition === undefined) {
      definition = this.#define(definingId, module, name);
      this.#definitions.set(key, definition);
    }
    return definition;
  }

  #define(definingId: string, module: string, name: string): DatatypeDefinition {
    const cached = this.package(definingId);
    const parsed = cached.module(module);
    const struct = parsed.compiled.structs[parsed.structIndex(name)];
    const shape = struct ?? parsed.compiled.enums[parsed.enumIndex(name)];
    if (shape === undefined) {
      throw new VmError(
        STATUS.TYPE_RESOLUTION_FAILURE,
        `package ${definingId} defines no type ${module}::${name}`,
      );
    }
    const handle = parsed.compiled.datatypeHandles[shape.handle]!;
    const definition: DatatypeDefinition = new DatatypeDefinition({
      definingId,
      originalId: cached.pkg.originalId,
      module,
      name,
      abilities: handle.abilities,
      typeParameters: handle.typeParameters,
      isEnum: struct === undefined,
      loadBody: () => {
        const linked = this.link(definingId).module(module);
        const variants =
          'fields' in shape ? [{ name: handle.name, fields: shape.fields }] : shape.variants;
        return { variants: variants.map((variant) => linkVariant(linked, definition, variant)) };
      },
    });
    return definition;
  }

  /** A type by its tag. The address may be the storage id of any version that has the type. */
  typeOf(tag: TypeTag, depth = 1): MoveType {
    if (depth > MAX_TYPE_ARGUMENT_DEPTH) {
      throw new VmError(
        STATUS.VM_MAX_TYPE_DEPTH_REACHED,
        `a type nests deeper than ${MAX_TYPE_ARGUMENT_DEPTH}`,
      );
    }
    if (tag.kind === 'vector') return vectorOf(this.typeOf(tag.element, depth + 1));
    if (tag.kind !== 'struct') return PRIMITIVE_TYPES[tag.kind];
    const cached = this.package(tag.address);
    const definition = this.definition(
      cached.definingId(tag.module, tag.name),
      tag.module,
      tag.name,
    );
    const typeArguments = tag.typeArgs.map((argument) => this.typeOf(argument, depth + 1));
    const type = definition.instantiate(typeArguments);
    checkConstraints(
      definition.name,
      definition.typeParameters.map((parameter) => parameter.constraints),
      typeArguments,
      undefined,
    );
    return type;
  }
}

/** Each argument has the abilities that its parameter's constraint lists. */
export function checkConstraints(
  what: string,
  constraints: readonly number[],
  typeArguments: readonly MoveType[],
  scope: readonly number[] | undefined,
): void {
  if (constraints.length !== typeArguments.length) {
    throw new VmError(
      STATUS.NUMBER_OF_TYPE_ARGUMENTS_MISMATCH,
      `${what} takes ${constraints.length} type arguments, got ${typeArguments.length}`,
    );
  }
  for (const [i, constraint] of constraints.entries()) {
    const argument = typeArguments[i]!;
    if ((constraint & ~abilitiesOf(argument, scope)) !== 0) {
      throw new VmError(
        STATUS.CONSTRAINT_NOT_SATISFIED,
        `type argument ${i} of ${what}, ${argument}, lacks an ability that is required`,
      );
    }
  }
}

/** Field types of one variant (or of a struct), checked against the abilities of the datatype. */
function linkVariant(
  module: LinkedModule,
  definition: DatatypeDefinition,
  variant: { name: number; fields: readonly { name: number; type: SignatureToken }[] },
): VariantBody {
  const { identifiers } = module.compiled;
  const scope = definition.typeParameters.map(() => ALL_ABILITIES);
  const needed = fieldAbilities(definition.abilities);
  const fields = variant.fields.map((field) => {
    const type = module.type(
      field.type,
      definition.typeParameters.map((parameter) => parameter.constraints),
    );
    checkPhantoms(type, definition);
    if ((needed & ~abilitiesOf(type, scope)) !== 0) {
      throw new VmError(
        STATUS.FIELD_MISSING_TYPE_ABILITY,
        `field ${identifiers[field.name]} of ${definition.module}::${definition.name} lacks an ability of its type`,
      );
    }
    return type;
  });
  return {
    name: identifiers[variant.name] ?? '',
    fieldNames: variant.fields.map((field) => identifiers[field.name]!),
    fields,
  };
}

/** A phantom parameter does not count for abilities, so it must not stand where a value would be. */
function checkPhantoms(type: MoveType, owner: DatatypeDefinition): void {
  if (!type.open) return;
  if (type.definition === undefined && type.element === undefined) {
    if (owner.typeParameters[type.parameter]!.phantom) {
      throw new VmError(
        STATUS.INVALID_PHANTOM_TYPE_PARAM_POSITION,
        `${owner.module}::${owner.name} uses its phantom type parameter ${type.parameter} in a field`,
      );
    }
    return;
  }
  if (type.element !== undefined) checkPhantoms(type.element, owner);
  for (const [i, argument] of type.typeArguments.entries()) {
    if (!type.definition!.typeParameters[i]!.phantom) checkPhantoms(argument, owner);
  }
}
