/** Assembles modules by hand: what the compiler never emits. Nothing is checked here. */
import {
  type CompiledModule,
  OP,
  PRIMITIVE_TOKENS,
  type SignatureToken,
  writeModule,
} from '../../src/binary/index.ts';
import { ZERO_ADDRESS } from '../../src/common/index.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

export const { bool, u8, u16, u32, u64, u128, u256, address, signer } = PRIMITIVE_TOKENS;
export const vector = (element: SignatureToken): SignatureToken => ({ kind: 'vector', element });
export const ref = (to: SignatureToken): SignatureToken => ({
  kind: 'reference',
  mutable: false,
  to,
});
export const mut = (to: SignatureToken): SignatureToken => ({
  kind: 'reference',
  mutable: true,
  to,
});
export const param = (index: number): SignatureToken => ({ kind: 'typeParameter', index });
export const type = (handle: number, ...typeArgs: SignatureToken[]): SignatureToken => ({
  kind: 'datatype',
  handle,
  typeArgs,
});

/** Opcode, small operand, wide operand. */
export type Instruction = readonly [op: number, arg?: number, wide?: bigint];

export interface FunctionSpec {
  params?: SignatureToken[];
  returns?: SignatureToken[];
  locals?: SignatureToken[];
  typeParameters?: number[];
  visibility?: 'private' | 'public' | 'friend';
  isEntry?: boolean;
  /** Default: `Ret`. `native` for a native function. */
  code?: Instruction[] | 'native';
  jumpTables?: { headEnum: number; offsets: number[] }[];
}

export interface TypeParameterSpec {
  constraints: number;
  phantom: boolean;
}

export class Assembler {
  readonly module: Mutable<CompiledModule>;

  constructor(name = 'm', self = ZERO_ADDRESS) {
    this.module = {
      version: 7,
      publishable: true,
      selfHandle: 0,
      moduleHandles: [],
      datatypeHandles: [],
      functionHandles: [],
      functionInstantiations: [],
      signatures: [],
      constants: [],
      identifiers: [],
      addresses: [],
      structs: [],
      structInstantiations: [],
      functions: [],
      fieldHandles: [],
      fieldInstantiations: [],
      friends: [],
      enums: [],
      enumInstantiations: [],
      variantHandles: [],
      variantInstantiations: [],
    };
    this.moduleHandle(self, name);
  }

  identifier(text: string): number {
    return index(this.module.identifiers, text, (a, b) => a === b);
  }

  signature(...tokens: SignatureToken[]): number {
    const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
    return index(this.module.signatures, tokens, same);
  }

  moduleHandle(at: string, name: string): number {
    const handle = {
      address: index(this.module.addresses, at, (a, b) => a === b),
      name: this.identifier(name),
    };
    const same = (a: typeof handle, b: typeof handle): boolean =>
      a.address === b.address && a.name === b.name;
    return index(this.module.moduleHandles, handle, same);
  }

  /** A handle to a datatype of `owner` (a module handle). */
  datatypeHandle(
    owner: number,
    name: string,
    abilities: number,
    typeParameters: TypeParameterSpec[] = [],
  ): number {
    const handle = { module: owner, name: this.identifier(name), abilities, typeParameters };
    return this.module.datatypeHandles.push(handle) - 1;
  }

  /** Defines a struct; returns its datatype handle. Definition number = order of definition. */
  struct(
    name: string,
    abilities: number,
    fields: Record<string, SignatureToken>,
    typeParameters: TypeParameterSpec[] = [],
  ): number {
    const handle = this.datatypeHandle(0, name, abilities, typeParameters);
    this.module.structs.push({ handle, fields: this.#fields(fields) });
    return handle;
  }

  enum(
    name: string,
    abilities: number,
    variants: Record<string, Record<string, SignatureToken>>,
  ): number {
    const handle = this.datatypeHandle(0, name, abilities);
    this.module.enums.push({
      handle,
      variants: Object.entries(variants).map(([variant, fields]) => ({
        name: this.identifier(variant),
        fields: this.#fields(fields),
      })),
    });
    return handle;
  }

  #fields(fields: Record<string, SignatureToken>) {
    return Object.entries(fields).map(([name, fieldType]) => ({
      name: this.identifier(name),
      type: fieldType,
    }));
  }

  functionHandle(owner: number, name: string, spec: FunctionSpec = {}): number {
    const handle = {
      module: owner,
      name: this.identifier(name),
      parameters: this.signature(...(spec.params ?? [])),
      returns: this.signature(...(spec.returns ?? [])),
      typeParameters: spec.typeParameters ?? [],
    };
    return this.module.functionHandles.push(handle) - 1;
  }

  /** Defines a function; returns its handle. */
  function(name: string, spec: FunctionSpec = {}): number {
    const handle = this.functionHandle(0, name, spec);
    const code = spec.code ?? [[OP.Ret]];
    this.module.functions.push({
      handle,
      visibility: spec.visibility ?? 'private',
      isEntry: spec.isEntry ?? false,
      acquires: [],
      code:
        code === 'native'
          ? undefined
          : {
              locals: this.signature(...(spec.locals ?? [])),
              ops: Uint8Array.from(code, ([op]) => op),
              args: Uint32Array.from(code, ([, arg]) => arg ?? 0),
              wide: code.map(([, , wide]) => wide),
              jumpTables: spec.jumpTables ?? [],
            },
    });
    return handle;
  }

  constant(constantType: SignatureToken, ...data: number[]): number {
    return this.module.constants.push({ type: constantType, data: Uint8Array.from(data) }) - 1;
  }

  bytes(): Uint8Array {
    return writeModule(this.module);
  }
}

function index<T>(items: T[], item: T, same: (a: T, b: T) => boolean): number {
  const found = items.findIndex((other) => same(other, item));
  return found >= 0 ? found : items.push(item) - 1;
}
