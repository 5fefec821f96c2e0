/**
 * Types as text that means the same in every module: datatypes by address, module and name. Used to
 * compare declarations across modules and versions, where handle indices differ.
 */
import type { CompiledModule, SignatureToken } from '../binary/module.ts';
import { datatypeModule, datatypeName } from '../binary/view.ts';

export function typeText(module: CompiledModule, token: SignatureToken): string {
  switch (token.kind) {
    case 'vector':
      return `vector<${typeText(module, token.element)}>`;
    case 'reference':
      return `${token.mutable ? '&mut ' : '&'}${typeText(module, token.to)}`;
    case 'typeParameter':
      return `T${token.index}`;
    case 'datatype': {
      const handle = module.datatypeHandles[token.handle]!;
      const { address, name } = datatypeModule(module, handle);
      const head = `${address}::${name}::${datatypeName(module, handle)}`;
      if (token.typeArgs.length === 0) return head;
      return `${head}<${token.typeArgs.map((argument) => typeText(module, argument)).join(', ')}>`;
    }
    default:
      return token.kind;
  }
}

export function signatureText(module: CompiledModule, index: number): string {
  return module.signatures[index]!.map((token) => typeText(module, token)).join(', ');
}
