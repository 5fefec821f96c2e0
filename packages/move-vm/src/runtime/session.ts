/** `MoveSession`: one transaction on the machine. See api.ts for the contract. */
import { type MovePackage, STATUS, type TypeTag, VmError } from '../common/index.ts';
import type {
  Argument,
  ExtensionKey,
  GasMeter,
  LoadedFunction,
  NativeContext,
  Session,
  SessionOptions,
  Slot,
} from './api.ts';
import { Interpreter } from './interpreter.ts';
import { MAX_TYPE_ARGUMENT_DEPTH, MAX_TYPE_ARGUMENTS, MAX_VECTOR_LENGTH } from './limits.ts';
import { FunctionInstance, type LinkedFunction } from './linked-function.ts';
import type { Loader } from './loader.ts';
import { checkPureValue, deserializeValue, isPureType, serializeValue } from './serialization.ts';
import { SlotArgument, ValueSlot } from './slot.ts';
import { definingTag, originalTag } from './type-tags.ts';
import { BOOL, KIND, type MoveType, vectorOf } from './types.ts';
import type { Value } from './value.ts';
import { packVector } from './vector-operations.ts';

export class MoveSession implements Session, NativeContext {
  readonly gas: GasMeter;
  readonly #shared: Loader;
  readonly #print: (text: string) => void;
  readonly #extensions = new Map<string, unknown>();
  readonly #interpreter: Interpreter;
  /** The shared loader until this session publishes; then one of its own over it. */
  #loader: Loader;
  #running = false;

  constructor(loader: Loader, options: SessionOptions, print: (text: string) => void) {
    this.gas = options.gas;
    this.#shared = loader;
    this.#loader = loader;
    this.#print = print;
    for (const { key, value } of options.extensions ?? []) this.#extensions.set(key.name, value);
    this.#interpreter = new Interpreter(options.gas, this);
  }

  addPackage(pkg: MovePackage): void {
    if (this.#loader === this.#shared) this.#loader = this.#shared.overlay();
    this.#loader.add(pkg);
    checkLinkedPackage(this.#loader, pkg);
  }

  package(storageId: string): MovePackage | undefined {
    return this.#loader.findPackage(storageId)?.pkg;
  }

  loadFunction(
    storageId: string,
    module: string,
    name: string,
    typeArguments: readonly MoveType[] = [],
  ): LoadedFunction {
    const linked = this.#findFunction(storageId, module, name);
    if (linked === undefined) {
      throw new VmError(
        STATUS.FUNCTION_RESOLUTION_FAILURE,
        `module ${storageId}::${module} has no function ${name}`,
      );
    }
    return instantiate(linked, typeArguments);
  }

  findFunction(
    storageId: string,
    module: string,
    name: string,
    typeArguments: readonly MoveType[] = [],
  ): LoadedFunction | undefined {
    const linked = this.#findFunction(storageId, module, name);
    return linked === undefined ? undefined : instantiate(linked, typeArguments);
  }

  typeParameterCount(storageId: string, module: string, name: string): number | undefined {
    return this.#findFunction(storageId, module, name)?.constraints.length;
  }

  /** Undefined when package or module or function do not exist. */
  #findFunction(storageId: string, module: string, name: string): LinkedFunction | undefined {
    if (this.#loader.findPackage(storageId)?.hasModule(module) !== true) return undefined;
    return this.#loader.link(storageId).module(module).findFunction(name);
  }

  typeOf(tag: TypeTag): MoveType {
    return this.#loader.typeOf(tag);
  }

  tagOf(type: MoveType): TypeTag {
    return definingTag(type);
  }

  originalTagOf(type: MoveType): TypeTag {
    return originalTag(type);
  }

  isPure(type: MoveType): boolean {
    return isPureType(type);
  }

  deserializePure(type: MoveType, bytes: Uint8Array): Slot {
    const value = deserializeValue(type, bytes);
    checkPureValue(type, value);
    return new ValueSlot(type, value, this.gas);
  }

  deserializeSlot(type: MoveType, bytes: Uint8Array): Slot {
    return new ValueSlot(type, deserializeValue(type, bytes), this.gas);
  }

  deserialize(type: MoveType, bytes: Uint8Array): Value {
    return deserializeValue(type, bytes);
  }

  serialize(type: MoveType, value: Value): Uint8Array {
    return serializeValue(type, value);
  }

  slot(type: MoveType, value: Value): Slot {
    return new ValueSlot(type, value, this.gas);
  }

  vector(element: MoveType, items: readonly Argument[]): Slot {
    if (items.length > MAX_VECTOR_LENGTH) {
      throw new VmError(
        STATUS.VECTOR_OPERATION_ERROR,
        `a vector has at most ${MAX_VECTOR_LENGTH} elements, got ${items.length}`,
      );
    }
    const values = items.map((item) => checkedValue(item, element));
    return this.slot(vectorOf(element), packVector(values, element.kind === KIND.U8));
  }

  oneTimeWitness(type: MoveType): Slot {
    if (!isOneTimeWitness(type)) {
      throw new VmError(STATUS.INTERNAL_TYPE_ERROR, `${type} is not a one-time witness`);
    }
    return this.slot(type, [true]);
  }

  call(fn: LoadedFunction, args: readonly Argument[]): Slot[] {
    if (!(fn instanceof FunctionInstance)) {
      throw new VmError(STATUS.INTERNAL_TYPE_ERROR, 'the function was not loaded by this machine');
    }
    if (args.length !== fn.parameters.length) {
      throw new VmError(
        STATUS.NUMBER_OF_ARGUMENTS_MISMATCH,
        `${fn.function} takes ${fn.parameters.length} arguments, got ${args.length}`,
      );
    }
    const values = args.map((argument, i) => checkedValue(argument, fn.parameters[i]!));
    if (this.#running) throw new VmError(STATUS.UNREACHABLE, 'a native called back into Move');
    this.#running = true;
    try {
      const results = this.#interpreter.run(fn, values);
      return results.map((value, i) => new ValueSlot(fn.returns[i]!, value, this.gas));
    } finally {
      this.#running = false;
    }
  }

  charge(units: number): void {
    this.gas.charge(units);
  }

  abort(code: bigint | number): never {
    throw new VmError(STATUS.ABORTED, `code ${code}`, { subStatus: BigInt(code) });
  }

  extension<T>(key: ExtensionKey<T>): T {
    const value = this.#extensions.get(key.name);
    if (value === undefined) {
      throw new VmError(
        STATUS.VM_EXTENSION_ERROR,
        `this session has no ${key.name}; give it to MoveRuntime.session as an extension`,
      );
    }
    return value as T;
  }

  print(text: string): void {
    this.#print(text);
  }
}

/** Reads every function, so that everything wrong with the package comes out now. */
export function checkLinkedPackage(loader: Loader, pkg: MovePackage): void {
  const linked = loader.link(pkg.storageId);
  for (const name of pkg.modules.keys()) linked.module(name).checkAll();
}

function instantiate(linked: LinkedFunction, typeArguments: readonly MoveType[]): LoadedFunction {
  if (typeArguments.length > MAX_TYPE_ARGUMENTS) {
    throw new VmError(
      STATUS.NUMBER_OF_TYPE_ARGUMENTS_MISMATCH,
      `at most ${MAX_TYPE_ARGUMENTS} type arguments, got ${typeArguments.length}`,
    );
  }
  for (const type of typeArguments) {
    if (type.open || type.kind === KIND.Reference || type.kind === KIND.MutableReference) {
      throw new VmError(STATUS.INVALID_SIGNATURE_TOKEN, `${type} cannot be a type argument`);
    }
    if (type.depth > MAX_TYPE_ARGUMENT_DEPTH) {
      throw new VmError(
        STATUS.VM_MAX_TYPE_DEPTH_REACHED,
        `a type argument nests deeper than ${MAX_TYPE_ARGUMENT_DEPTH}`,
      );
    }
  }
  return linked.instantiate(typeArguments);
}

function checkedValue(argument: Argument, expected: MoveType): Value {
  if (!(argument instanceof SlotArgument) || argument.type !== expected) {
    throw new VmError(
      STATUS.TYPE_MISMATCH,
      `an argument of type ${argument.type} where ${expected} is expected`,
    );
  }
  return argument.value;
}

/** By type alone: named as the module in upper case, one bool field. Source: move-vm.md §6.3. */
export function isOneTimeWitness(type: MoveType): boolean {
  const { definition } = type;
  if (definition === undefined || definition.isEnum || type.typeArguments.length > 0) return false;
  const { fields } = type;
  return (
    definition.name === definition.module.toUpperCase() && fields.length === 1 && fields[0] === BOOL
  );
}
