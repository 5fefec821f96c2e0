/**
 * What the ledger, the Move test runner and the natives see of the virtual machine.
 *
 * One `MoveRuntime` lives as long as a chain and caches parsed, linked and checked code. One `Session`
 * runs one transaction: it has the gas meter, the native extensions and the packages that only this
 * transaction has published. Values cross the border only inside a `Slot`, which knows its type, so a
 * caller cannot hand a value to a parameter of another type. Source: move-vm.md §2–§4, localnet.md §2.
 */
import type { Visibility } from '../binary/module.ts';
import type { MovePackage, PackageSource } from '../common/package.ts';
import type { TypeTag } from '../common/type-tag.ts';
import type { MoveType } from './types.ts';
import type { Value } from './value.ts';

/** Ability bits as in the binary format: copy 1, drop 2, store 4, key 8. */
export type Abilities = number;

export type { Visibility };

/** Counts abstract units: one for each instruction, plus what natives and copies cost. */
export interface GasMeter {
  /** Units that may be spent in all. */
  readonly budget: number;
  /** Units spent so far. Never above `budget`. */
  used: number;
  /** Spends units. Throws `VmError` OUT_OF_GAS (4002), with `used = budget`, when they are not there. */
  charge(units: number): void;
}

/** A function of one package version under its own linkage, with type arguments filled in. */
export interface LoadedFunction {
  /** Package version that holds the code. */
  readonly storageId: string;
  readonly originalId: string;
  readonly module: string;
  readonly name: string;
  /** Function definition index, as in a MoveAbort location. */
  readonly index: number;
  readonly visibility: Visibility;
  readonly isEntry: boolean;
  readonly isNative: boolean;
  readonly typeArguments: readonly MoveType[];
  readonly parameters: readonly MoveType[];
  readonly returns: readonly MoveType[];
}

/** A typed argument for one call: made by a `Slot`, used once. */
export interface Argument {
  readonly type: MoveType;
  readonly value: Value;
}

/**
 * A place that holds one value of one type: a transaction input, a result of a command, or a local of
 * the test runner. Empty after `take`.
 */
export interface Slot {
  readonly type: MoveType;
  readonly isEmpty: boolean;
  /** Moves the value out. Throws VmError (invariant) if empty. */
  take(): Argument;
  /** Deep copy. Throws VmError (invariant) if empty or if the type has no `copy`. */
  copy(): Argument;
  /** `&T`. The slot must outlive the call. */
  borrow(): Argument;
  /** `&mut T`. What the callee writes is in the slot afterwards. */
  borrowMut(): Argument;
  /** The raw value, to be read only (serialization, comparison). Throws if empty. */
  peek(): Value;
  /** BCS of the value. Throws if empty. */
  serialize(): Uint8Array;
}

/** Looks up services that the embedder gives to natives (the object runtime, the crypto engine). */
export interface ExtensionKey<T> {
  readonly name: string;
  /** Never set; carries the type. */
  readonly _type?: T;
}

/** A service under its key, as given to `MoveRuntime.session`. */
export interface Extension {
  readonly key: ExtensionKey<unknown>;
  readonly value: unknown;
}

export interface SessionOptions {
  gas: GasMeter;
  extensions?: readonly Extension[];
}

/**
 * One transaction's view of the machine. Not reentrant: a native must not call `call`. Types and
 * functions it hands out are good for this session only.
 */
export interface Session {
  readonly gas: GasMeter;

  /**
   * Makes a package that this transaction publishes or upgrades visible to the rest of it. Every
   * function of it is linked and type-checked now; throws VmError of the verification class.
   */
  addPackage(pkg: MovePackage): void;
  /** The package as this session sees it. */
  package(storageId: string): MovePackage | undefined;

  /**
   * Throws VmError: LINKER_ERROR (package or module unknown), FUNCTION_RESOLUTION_FAILURE,
   * NUMBER_OF_TYPE_ARGUMENTS_MISMATCH, CONSTRAINT_NOT_SATISFIED, VM_MAX_TYPE_NODES_REACHED…
   */
  loadFunction(
    storageId: string,
    module: string,
    name: string,
    typeArguments?: readonly MoveType[],
  ): LoadedFunction;
  /** As `loadFunction`, or undefined when the module has no such function. */
  findFunction(
    storageId: string,
    module: string,
    name: string,
    typeArguments?: readonly MoveType[],
  ): LoadedFunction | undefined;
  /** Number of type parameters of a function; undefined when there is no such function. */
  typeParameterCount(storageId: string, module: string, name: string): number | undefined;

  /** Resolves a tag; its addresses may be the storage id of any version that has the type. */
  typeOf(tag: TypeTag): MoveType;
  /** The tag with defining ids. Throws for references and type parameters. */
  tagOf(type: MoveType): TypeTag;
  /** The tag with original ids (what `type_name::with_original_ids` prints). */
  originalTagOf(type: MoveType): TypeTag;

  /** True for types that a transaction may give as bytes (primitives, strings, ids, options, vectors of them). */
  isPure(type: MoveType): boolean;
  /** As `deserializeSlot`, and checks UTF-8, ASCII and Option lengths. The type must be pure. */
  deserializePure(type: MoveType, bytes: Uint8Array): Slot;
  /**
   * Strict BCS: canonical lengths, bool 0/1, no trailing bytes, bounded depth and size. Throws VmError
   * VALUE_DESERIALIZATION_ERROR.
   */
  deserializeSlot(type: MoveType, bytes: Uint8Array): Slot;
  deserialize(type: MoveType, bytes: Uint8Array): Value;
  serialize(type: MoveType, value: Value): Uint8Array;
  /** A slot over a value that the VM itself made (a native's result, a transferred object). */
  slot(type: MoveType, value: Value): Slot;
  /** `vector<element>` of the items, in order; each must have exactly that type. */
  vector(element: MoveType, items: readonly Argument[]): Slot;
  /** The one-time witness value of a type that is one (a struct with its single bool `true`). */
  oneTimeWitness(type: MoveType): Slot;

  /**
   * Runs a function to its end. Visibility is the caller's business. Throws VmError with status and
   * location (its module address is the storage id of the version that ran); after a throw the
   * session must be dropped.
   */
  call(fn: LoadedFunction, args: readonly Argument[]): Slot[];
}

/** Native code of one Move function; bound by `address::module::function`. */
export type NativeFunction = (
  context: NativeContext,
  typeArguments: readonly MoveType[],
  args: Value[],
) => Value | undefined;

/** Full addresses, e.g. `0x000…2::event::emit`. */
export type NativeTable = ReadonlyMap<string, NativeFunction>;

/** What a native may use. Valid during the native's call only. */
export interface NativeContext {
  /** Spends gas units (move-vm.md §6.4 has the network's figures). */
  charge(units: number): void;
  /** Throws the ABORTED error with this code, attributed to the native's module. */
  abort(code: bigint | number): never;
  /** The service, or an error that names it. */
  extension<T>(key: ExtensionKey<T>): T;
  tagOf(type: MoveType): TypeTag;
  originalTagOf(type: MoveType): TypeTag;
  typeOf(tag: TypeTag): MoveType;
  serialize(type: MoveType, value: Value): Uint8Array;
  /** Throws VmError VALUE_DESERIALIZATION_ERROR on malformed bytes. */
  deserialize(type: MoveType, bytes: Uint8Array): Value;
  /** Where `debug::print` goes. */
  print(text: string): void;
}

export interface RuntimeOptions {
  natives: NativeTable;
  /** Receives `debug::print` lines; default: nothing. */
  print?: (text: string) => void;
}

export interface RuntimeDependencies {
  packages: PackageSource;
}

/** Implemented by `class MoveRuntime` (runtime.ts): `new MoveRuntime(options, dependencies)`. */
export interface Runtime {
  session(options: SessionOptions): Session;
  /** Links and type-checks every function of a package against its dependencies; throws VmError. */
  checkPackage(pkg: MovePackage): void;
  /**
   * Starts with an empty cache from the next session on (a framework package changed under the same
   * storage id). Running sessions go on as they are.
   */
  clear(): void;
}
