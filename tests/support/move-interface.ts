/** The linkable surface of a compiled module, as text: datatypes with layouts, and functions others can call. */
import { type CompiledModule, parseModule, type SignatureToken } from '@seal-ts/move-vm';

export interface ModuleInterface {
  /** `name: abilities { field: type, … }`; for an enum, its variants. */
  readonly datatypes: Record<string, string>;
  /** `public` and `entry` functions: `entry fun name(types): types`. */
  readonly functions: Record<string, string>;
}

const ABILITIES = ['copy', 'drop', 'store', 'key'];

export function moduleInterface(bytes: Uint8Array): ModuleInterface {
  const module = parseModule(bytes);
  return { datatypes: datatypes(module), functions: functions(module) };
}

function datatypes(module: CompiledModule): Record<string, string> {
  const found: Record<string, string> = {};
  for (const struct of module.structs) {
    const { name, abilities } = datatype(module, struct.handle);
    found[name] = `struct ${abilities}{ ${fields(module, struct.fields)} }`;
  }
  for (const item of module.enums) {
    const { name, abilities } = datatype(module, item.handle);
    const variants = item.variants.map(
      (variant) => `${module.identifiers[variant.name]} { ${fields(module, variant.fields)} }`,
    );
    found[name] = `enum ${abilities}{ ${variants.join(', ')} }`;
  }
  return found;
}

function datatype(module: CompiledModule, index: number): { name: string; abilities: string } {
  const handle = module.datatypeHandles[index];
  if (!handle) throw new TypeError(`no datatype handle ${index}`);
  const abilities = ABILITIES.filter((_, bit) => (handle.abilities & (1 << bit)) !== 0);
  return {
    name: module.identifiers[handle.name] as string,
    abilities: abilities.length > 0 ? `has ${abilities.join(', ')} ` : '',
  };
}

function fields(
  module: CompiledModule,
  list: readonly { readonly name: number; readonly type: SignatureToken }[],
): string {
  return list
    .map((field) => `${module.identifiers[field.name]}: ${typeText(module, field.type)}`)
    .join(', ');
}

function functions(module: CompiledModule): Record<string, string> {
  const found: Record<string, string> = {};
  for (const definition of module.functions) {
    const handle = module.functionHandles[definition.handle];
    if (!handle) throw new TypeError(`no function handle ${definition.handle}`);
    const isPublic = definition.visibility === 'public';
    if (!isPublic && !definition.isEntry) continue;
    const name = module.identifiers[handle.name] as string;
    const head = `${isPublic ? 'public ' : ''}${definition.isEntry ? 'entry ' : ''}fun`;
    const types = (index: number) =>
      (module.signatures[index] ?? []).map((token) => typeText(module, token)).join(', ');
    const returns = types(handle.returns);
    found[name] = `${head}(${types(handle.parameters)})${returns && `: ${returns}`}`;
  }
  return found;
}

function typeText(module: CompiledModule, token: SignatureToken): string {
  switch (token.kind) {
    case 'vector':
      return `vector<${typeText(module, token.element)}>`;
    case 'reference':
      return `${token.mutable ? '&mut ' : '&'}${typeText(module, token.to)}`;
    case 'typeParameter':
      return `T${token.index}`;
    case 'datatype':
      return datatypeText(module, token.handle, token.typeArgs);
    default:
      return token.kind;
  }
}

function datatypeText(
  module: CompiledModule,
  index: number,
  typeArgs: readonly SignatureToken[],
): string {
  const handle = module.datatypeHandles[index];
  const home = handle && module.moduleHandles[handle.module];
  if (!handle || !home) throw new TypeError(`no datatype handle ${index}`);
  const address = (module.addresses[home.address] as string).replace(/^0x0+(?=.)/, '0x');
  const path = [address, module.identifiers[home.name], module.identifiers[handle.name]].join('::');
  if (typeArgs.length === 0) return path;
  return `${path}<${typeArgs.map((argument) => typeText(module, argument)).join(', ')}>`;
}
