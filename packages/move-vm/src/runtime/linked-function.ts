/**
 * A function of a linked module, and its instances: the function with type arguments filled in.
 *
 * Code is checked and translated on the first call. An instance keeps what generic instructions need
 * (callees, substituted types), so that a warm generic call costs one array look-up.
 */
import { definedFunctionName } from '../binary/view.ts';
import { STATUS, VmError } from '../common/index.ts';
import type { LoadedFunction, NativeFunction, Visibility } from './api.ts';
import { type Code, translate } from './code.ts';
import { MAX_CACHED_INSTANCES } from './limits.ts';
import type { LinkedModule } from './linked-module.ts';
import { checkConstraints } from './loader.ts';
import { checkValueDepth, KIND, type MoveType, substitute } from './types.ts';

export class LinkedFunction {
  readonly module: LinkedModule;
  readonly index: number;
  readonly name: string;
  readonly visibility: Visibility;
  readonly isEntry: boolean;
  readonly isNative: boolean;
  /** Ability constraints of the type parameters. */
  readonly constraints: readonly number[];
  /** Open types. */
  readonly parameters: readonly MoveType[];
  /** Open types. */
  readonly returns: readonly MoveType[];
  readonly native: NativeFunction | undefined;
  readonly #instances = new Map<string, FunctionInstance>();
  #code: Code | undefined;

  constructor(module: LinkedModule, index: number) {
    const { compiled } = module;
    const definition = compiled.functions[index]!;
    const handle = compiled.functionHandles[definition.handle]!;
    this.module = module;
    this.index = index;
    this.name = definedFunctionName(compiled, index);
    this.visibility = definition.visibility;
    this.isEntry = definition.isEntry;
    this.isNative = definition.code === undefined;
    this.constraints = handle.typeParameters;
    this.parameters = module.signature(handle.parameters, this.constraints);
    this.returns = module.signature(handle.returns, this.constraints);
    this.native = this.isNative
      ? module.package.loader.natives.get(
          `${module.package.originalId}::${module.name}::${this.name}`,
        )
      : undefined;
  }

  toString(): string {
    return `${this.module}::${this.name}`;
  }

  isVisibleTo(caller: LinkedModule): boolean {
    if (caller === this.module || this.visibility === 'public') return true;
    if (this.visibility === 'private') return false;
    const { compiled } = this.module;
    return (
      caller.package === this.module.package &&
      compiled.friends.some(
        (friend) =>
          compiled.addresses[friend.address] === caller.package.originalId &&
          compiled.identifiers[friend.name] === caller.name,
      )
    );
  }

  /** The checked and translated code. Throws a verification-class VmError if it is not sound. */
  get code(): Code {
    this.#code ??= translate(this);
    return this.#code;
  }

  /** The function with closed type arguments; arity and constraints are checked the first time. */
  instantiate(typeArguments: readonly MoveType[]): FunctionInstance {
    let key = '';
    for (const argument of typeArguments) key += `${argument.id},`;
    let instance = this.#instances.get(key);
    if (instance === undefined) {
      checkConstraints(`${this}`, this.constraints, typeArguments, undefined);
      if (this.#instances.size >= MAX_CACHED_INSTANCES) this.#instances.clear();
      instance = new FunctionInstance(this, typeArguments);
      this.#instances.set(key, instance);
    }
    return instance;
  }
}

export class FunctionInstance implements LoadedFunction {
  readonly function: LinkedFunction;
  readonly typeArguments: readonly MoveType[];
  readonly parameters: readonly MoveType[];
  readonly returns: readonly MoveType[];
  readonly #callees: (FunctionInstance | undefined)[] = [];
  readonly #types: (MoveType | undefined)[] = [];

  constructor(linked: LinkedFunction, typeArguments: readonly MoveType[]) {
    this.function = linked;
    this.typeArguments = typeArguments;
    this.parameters = linked.parameters.map((type) => substitute(type, typeArguments));
    this.returns = linked.returns.map((type) => substitute(type, typeArguments));
  }

  get storageId(): string {
    return this.function.module.package.storageId;
  }

  get originalId(): string {
    return this.function.module.package.originalId;
  }

  get module(): string {
    return this.function.module.name;
  }

  get name(): string {
    return this.function.name;
  }

  get index(): number {
    return this.function.index;
  }

  get visibility(): Visibility {
    return this.function.visibility;
  }

  get isEntry(): boolean {
    return this.function.isEntry;
  }

  get isNative(): boolean {
    return this.function.isNative;
  }

  /** The callee of a call site of this function's code. */
  callee(site: number): FunctionInstance {
    return this.#callees[site] ?? this.#linkCallee(site);
  }

  #linkCallee(site: number): FunctionInstance {
    const { callee, typeArguments } = this.function.code.calls[site]!;
    const instance = callee.instantiate(
      typeArguments.map((type) => substitute(type, this.typeArguments)),
    );
    this.#callees[site] = instance;
    return instance;
  }

  /** The type that a pack instruction builds here; its values are not too deep. */
  packedType(site: number): MoveType {
    return this.#types[site] ?? this.#checkPackedType(site);
  }

  #checkPackedType(site: number): MoveType {
    const type = substitute(this.function.code.types[site]!, this.typeArguments);
    checkValueDepth(type);
    this.#types[site] = type;
    return type;
  }

  /** True when a vector pack site builds a `vector<u8>`. */
  packsBytes(site: number): boolean {
    return this.packedType(site).element!.kind === KIND.U8;
  }
}

/** What a bodiless function without an implementation does when it is called. */
export function missingNative(linked: LinkedFunction): VmError {
  return new VmError(
    STATUS.ABORTED,
    `the native function ${linked} is not implemented by this machine`,
    { subStatus: MISSING_NATIVE_ABORT_CODE },
  );
}

/** Abort code of a native function that this machine lacks: ASCII `native`. */
export const MISSING_NATIVE_ABORT_CODE = 0x6e6174697665n;
