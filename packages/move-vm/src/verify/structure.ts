/**
 * Structural checks of a module: nothing is declared twice, every own handle is implemented, friends
 * are modules of the same package that this module does not use. Source: move-vm.md §7.
 */

import type {
  CompiledModule,
  EnumDefinition,
  FieldDefinition,
  SignatureToken,
  StructDefinition,
} from '../binary/module.ts';
import { moduleIdOf, selfId } from '../binary/view.ts';
import { rejected } from '../common/errors.ts';
import type { StatusName } from '../common/status.ts';

/** A key that two tokens share exactly when they are the same type in one module. */
export function tokenKey(token: SignatureToken): string {
  switch (token.kind) {
    case 'vector':
      return `v${tokenKey(token.element)}`;
    case 'reference':
      return `${token.mutable ? 'm' : 'r'}${tokenKey(token.to)}`;
    case 'typeParameter':
      return `t${token.index};`;
    case 'datatype':
      return `d${token.handle}<${token.typeArgs.map(tokenKey).join(',')}>`;
    default:
      return `${token.kind};`;
  }
}

function distinct<T>(items: readonly T[], key: (item: T) => string | number, what: string): void {
  const seen = new Set<string | number>();
  items.forEach((item, index) => {
    const k = key(item);
    if (seen.has(k)) throw rejected('DUPLICATE_ELEMENT', `${what} ${index} occurs twice`);
    seen.add(k);
  });
}

function bytesKey(bytes: Uint8Array): string {
  let key = '';
  for (const byte of bytes) key += String.fromCharCode(byte);
  return key;
}

function checkDistinctHandles(module: CompiledModule): void {
  distinct(module.identifiers, (text) => text, 'identifier');
  distinct(module.addresses, (address) => address, 'address');
  distinct(module.moduleHandles, (h) => `${h.address},${h.name}`, 'module handle');
  distinct(module.datatypeHandles, (h) => `${h.module},${h.name}`, 'datatype handle');
  distinct(module.functionHandles, (h) => `${h.module},${h.name}`, 'function handle');
  distinct(module.signatures, (s) => s.map(tokenKey).join(' '), 'signature');
  distinct(module.constants, (c) => `${tokenKey(c.type)} ${bytesKey(c.data)}`, 'constant');
  distinct(module.friends, (f) => `${f.address},${f.name}`, 'friend');
  distinct(
    module.functionInstantiations,
    (i) => `${i.handle},${i.typeArgs}`,
    'function instantiation',
  );
  distinct(
    module.structInstantiations,
    (i) => `${i.definition},${i.typeArgs}`,
    'struct instantiation',
  );
  distinct(module.enumInstantiations, (i) => `${i.definition},${i.typeArgs}`, 'enum instantiation');
  distinct(module.fieldHandles, (h) => `${h.owner},${h.field}`, 'field handle');
  distinct(module.fieldInstantiations, (i) => `${i.handle},${i.typeArgs}`, 'field instantiation');
  distinct(module.variantHandles, (h) => `${h.enumDefinition},${h.variant}`, 'variant handle');
  distinct(
    module.variantInstantiations,
    (i) => `${i.enumInstantiation},${i.variant}`,
    'variant instantiation',
  );
}

function checkFieldNames(fields: readonly FieldDefinition[]): void {
  distinct(fields, (field) => field.name, 'field');
}

function ownHandle(module: CompiledModule, handleModule: number, what: string): void {
  if (handleModule !== module.selfHandle) {
    throw rejected(
      'INVALID_MODULE_HANDLE',
      `${what} is defined here but belongs to another module`,
    );
  }
}

function checkDefinitions(module: CompiledModule): void {
  const datatypes: readonly (StructDefinition | EnumDefinition)[] = [
    ...module.structs,
    ...module.enums,
  ];
  distinct(datatypes, (definition) => definition.handle, 'datatype definition');
  distinct(module.functions, (definition) => definition.handle, 'function definition');
  for (const { handle } of datatypes) {
    ownHandle(module, module.datatypeHandles[handle]!.module, 'a datatype');
  }
  for (const { handle, acquires } of module.functions) {
    ownHandle(module, module.functionHandles[handle]!.module, 'a function');
    if (acquires.length > 0) {
      throw rejected('EXTRANEOUS_ACQUIRES_ANNOTATION', 'there is no global storage to acquire');
    }
  }
  for (const struct of module.structs) {
    if (struct.fields.length === 0) throw rejected('ZERO_SIZED_STRUCT', 'a struct without fields');
    checkFieldNames(struct.fields);
  }
  for (const { variants } of module.enums) {
    if (variants.length === 0) throw rejected('ZERO_SIZED_ENUM', 'an enum without variants');
    distinct(variants, (variant) => variant.name, 'variant');
    for (const variant of variants) checkFieldNames(variant.fields);
  }
}

function checkImplemented(module: CompiledModule): void {
  const datatypes = new Set([...module.structs, ...module.enums].map((d) => d.handle));
  const functions = new Set(module.functions.map((definition) => definition.handle));
  const check = (handles: readonly { module: number }[], defined: Set<number>, what: string) => {
    handles.forEach((handle, index) => {
      if (handle.module === module.selfHandle && !defined.has(index)) {
        throw rejected('UNIMPLEMENTED_HANDLE', `own ${what} handle ${index} has no definition`);
      }
    });
  };
  check(module.datatypeHandles, datatypes, 'datatype');
  check(module.functionHandles, functions, 'function');
}

function checkFriends(module: CompiledModule): void {
  const self = selfId(module);
  const used = new Set(
    module.moduleHandles.map((handle) => {
      const id = moduleIdOf(module, handle);
      return `${id.address}::${id.name}`;
    }),
  );
  for (const friend of module.friends) {
    const id = moduleIdOf(module, friend);
    const refuse = (status: StatusName, why: string): Error =>
      rejected(status, `friend ${id.address}::${id.name} ${why}`);
    if (id.address !== self.address) {
      throw refuse(
        'INVALID_FRIEND_DECL_WITH_MODULES_OUTSIDE_ACCOUNT_ADDRESS',
        'is in another package',
      );
    }
    if (id.name === self.name)
      throw refuse('INVALID_FRIEND_DECL_WITH_SELF', 'is the module itself');
    if (used.has(`${id.address}::${id.name}`)) {
      throw refuse('INVALID_FRIEND_DECL_WITH_MODULES_IN_DEPENDENCIES', 'is a dependency');
    }
  }
}

export function checkStructure(module: CompiledModule): void {
  checkDistinctHandles(module);
  checkDefinitions(module);
  checkImplemented(module);
  checkFriends(module);
}
