/**
 * Names behind the indices of a `CompiledModule`. The module must have passed the bounds check.
 */
import type { ModuleId } from '../common/errors.ts';
import type { CompiledModule, DatatypeHandle, FunctionHandle, ModuleHandle } from './module.ts';

export function moduleIdOf(module: CompiledModule, handle: ModuleHandle): ModuleId {
  return {
    address: module.addresses[handle.address]!,
    name: module.identifiers[handle.name]!,
  };
}

/** The module's own address and name. */
export function selfId(module: CompiledModule): ModuleId {
  return moduleIdOf(module, module.moduleHandles[module.selfHandle]!);
}

export function datatypeName(module: CompiledModule, handle: DatatypeHandle): string {
  return module.identifiers[handle.name]!;
}

export function functionName(module: CompiledModule, handle: FunctionHandle): string {
  return module.identifiers[handle.name]!;
}

/** The name of the function definition at `index`. */
export function definedFunctionName(module: CompiledModule, index: number): string {
  return functionName(module, module.functionHandles[module.functions[index]!.handle]!);
}

/** The module that a datatype handle points to. */
export function datatypeModule(module: CompiledModule, handle: DatatypeHandle): ModuleId {
  return moduleIdOf(module, module.moduleHandles[handle.module]!);
}

/** The module that a function handle points to. */
export function functionModule(module: CompiledModule, handle: FunctionHandle): ModuleId {
  return moduleIdOf(module, module.moduleHandles[handle.module]!);
}

/** Index of the struct definition called `name`, or -1. */
export function findStruct(module: CompiledModule, name: string): number {
  return module.structs.findIndex(
    (struct) => datatypeName(module, module.datatypeHandles[struct.handle]!) === name,
  );
}

/** Index of the enum definition called `name`, or -1. */
export function findEnum(module: CompiledModule, name: string): number {
  return module.enums.findIndex(
    (item) => datatypeName(module, module.datatypeHandles[item.handle]!) === name,
  );
}

/** Index of the function definition called `name`, or -1. */
export function findFunction(module: CompiledModule, name: string): number {
  return module.functions.findIndex((_, index) => definedFunctionName(module, index) === name);
}
