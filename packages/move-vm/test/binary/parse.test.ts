/** The frame and tables of a module file, one fault at a time. Source: move-vm.md §1. */
import { describe, expect, it } from 'vitest';
import {
  MAX_LOCALS,
  MAX_SIGNATURE_DEPTH,
  NETWORK_TABLE_LIMITS,
  OP,
  parseModule,
  type SignatureToken,
  writeModule,
} from '../../src/binary/index.ts';
import { Assembler, type Instruction, param, ref, type, u8, u64, vector } from './assembler.ts';
import { expectStatus } from './expect-error.ts';

function sample(): Assembler {
  const a = new Assembler();
  const s = a.struct('S', 2, { x: u64 });
  a.function('f', {
    params: [u64],
    returns: [u64],
    locals: [type(s)],
    visibility: 'public',
    code: [[OP.Nop], [OP.CopyLoc, 0], [OP.LdU64, 0, 1n], [OP.Add], [OP.Ret]],
  });
  return a;
}

/** `bytes` with new values from `at` on. */
function put(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  bytes.set(values, at);
  return bytes;
}

/** Parses the bytes of `sample` after `change`. */
function parsing(change: (bytes: Uint8Array) => Uint8Array): () => unknown {
  const changed = change(sample().bytes());
  return () => parseModule(changed);
}

/** Headers start after magic, version and count: 3 bytes each in a small file. */
const header = (n: number): number => 9 + 3 * n;

describe('frame', () => {
  it('takes a version 6 file without jump tables', () => {
    const a = sample();
    a.module.version = 6;
    const bytes = a.bytes();
    const module = parseModule(bytes);
    expect(module.version).toBe(6);
    expect(writeModule(module)).toEqual(bytes);
  });

  it('refuses other magic', () => {
    expectStatus(
      parsing((b) => put(b, 0, 0)),
      'BAD_MAGIC',
    );
    expectStatus(() => parseModule(new Uint8Array()), 'BAD_MAGIC');
    expectStatus(() => parseModule(Uint8Array.of(0xa1, 0x1c, 0xeb)), 'BAD_MAGIC');
  });

  it('takes test-mode magic only when asked', () => {
    const a = sample();
    a.module.publishable = false;
    const bytes = a.bytes();
    expectStatus(() => parseModule(bytes), 'BAD_MAGIC');
    expect(parseModule(bytes, { magic: 'any' }).publishable).toBe(false);
    expect(writeModule(parseModule(bytes, { magic: 'any' }))).toEqual(bytes);
  });

  it.each([
    ['version 5', [5, 0, 0, 0]],
    ['version 8', [8, 0, 0, 5]],
    ['another flavor', [7, 0, 0, 4]],
    ['no flavor', [7, 0, 0, 0]],
    ['version 6 with a flavor byte only', [0, 0, 0, 5]],
  ])('refuses %s', (_, word) => {
    expectStatus(
      parsing((b) => put(b, 4, ...word)),
      'UNKNOWN_VERSION',
    );
  });

  it('refuses headers that do not tile the content', () => {
    expectStatus(
      parsing((b) => put(b, header(0), 0x09)),
      'UNKNOWN_TABLE_TYPE',
    );
    expectStatus(
      parsing((b) => put(b, header(0), 0x15)),
      'UNKNOWN_TABLE_TYPE',
    );
    expectStatus(
      parsing((b) => put(b, header(1) + 1, b[header(1) + 1]! + 1)),
      'BAD_HEADER_TABLE',
    );
    expectStatus(
      parsing((b) => put(b, header(0) + 2, b[header(0) + 2]! - 1)),
      'BAD_HEADER_TABLE',
    );
    expectStatus(
      parsing((b) => put(b, header(0) + 2, 0)),
      'BAD_HEADER_TABLE',
    );
    expectStatus(
      parsing((b) => put(b, header(1), b[header(0)]!)),
      'DUPLICATE_TABLE',
    );
    expectStatus(
      parsing((b) => b.slice(0, -40)),
      'BAD_HEADER_TABLE',
    );
  });

  it('refuses a metadata table', () => {
    // The last table takes the metadata code: same bytes, another meaning.
    expectStatus(
      parsing((b) => put(b, header(b[8]! - 1), 0x10)),
      'MALFORMED',
    );
  });

  it('refuses enum tables in a version 6 file', () => {
    const a = new Assembler();
    a.enum('E', 0, { A: {} });
    a.module.version = 6;
    expectStatus(() => parseModule(a.bytes()), 'MALFORMED');
  });

  it('refuses bytes after the self handle', () => {
    expectStatus(
      parsing((b) => Uint8Array.of(...b, 0)),
      'TRAILING_BYTES',
    );
  });

  it('refuses ULEB128 that is not canonical', () => {
    expectStatus(
      parsing((b) => Uint8Array.of(...b.slice(0, -1), 0x80, 0x00)),
      'MALFORMED',
    );
    expectStatus(
      parsing((b) => Uint8Array.of(...b.slice(0, -1), ...Array<number>(10).fill(0xff), 0x01)),
      'MALFORMED',
    );
    expectStatus(
      parsing((b) => b.slice(0, -1)),
      'MALFORMED',
    );
  });
});

type Limited =
  | 'identifiers'
  | 'constants'
  | 'friends'
  | 'signatures'
  | 'addresses'
  | 'functionHandles';

describe('tables', () => {
  it('refuses a function flag, visibility or struct flag that is not defined', () => {
    const at = (needle: number[]): ((b: Uint8Array) => number) => {
      return (b) => Buffer.from(b).indexOf(Buffer.from(needle));
    };
    // handle 0, public, no flags, no acquires, locals signature 2, 5 instructions, Nop
    const functionAt = at([0, 1, 0, 0, 1, 5, OP.Nop]);
    expectStatus(
      parsing((b) => put(b, functionAt(b) + 2, 1)),
      'INVALID_FLAG_BITS',
    );
    expectStatus(
      parsing((b) => put(b, functionAt(b) + 1, 2)),
      'MALFORMED',
    );
    expectStatus(
      parsing((b) => put(b, functionAt(b) + 6, 0x57)),
      'UNKNOWN_OPCODE',
    );
    expectStatus(
      parsing((b) => put(b, functionAt(b) + 6, 0)),
      'UNKNOWN_OPCODE',
    );
    // handle 0, declared, one field
    const structAt = at([0, 2, 1]);
    expectStatus(
      parsing((b) => put(b, structAt(b) + 1, 1)),
      'MALFORMED',
    );
    expectStatus(
      parsing((b) => put(b, structAt(b) + 1, 3)),
      'UNKNOWN_NATIVE_STRUCT_FLAG',
    );
  });

  it('refuses enum opcodes in a version 6 file', () => {
    const a = new Assembler();
    a.function('f', { code: [[OP.VariantSwitch, 0]] });
    a.module.version = 6;
    expectStatus(() => parseModule(a.bytes()), 'MALFORMED');
  });

  it('refuses names that are no identifiers', () => {
    for (const name of ['', '_', '1a', 'a-b', '<SELF>', 'é']) {
      expectStatus(() => parseModule(new Assembler(name).bytes()), 'MALFORMED');
    }
    expect(parseModule(new Assembler('_a1').bytes()).identifiers).toEqual(['_a1']);
  });

  it('reads signatures up to the depth limit and not beyond', () => {
    const nested = (depth: number): Uint8Array => {
      let token: SignatureToken = u8;
      for (let i = 1; i < depth; i++) token = vector(token);
      const a = new Assembler();
      a.signature(token);
      return a.bytes();
    };
    expect(() => parseModule(nested(MAX_SIGNATURE_DEPTH))).not.toThrow();
    expectStatus(() => parseModule(nested(MAX_SIGNATURE_DEPTH + 1)), 'MALFORMED');
  });

  it('refuses a huge count before allocating', () => {
    expectStatus(
      parsing((b) => {
        const at = Buffer.from(b).indexOf(Buffer.from([5, OP.Nop]));
        return put(b, at, 0x7f);
      }),
      'MALFORMED',
    );
  });

  it.each<[Limited, (a: Assembler, n: number) => void]>([
    ['identifiers', (a: Assembler, n: number) => void a.identifier(`x${n}`)],
    ['constants', (a: Assembler, n: number) => void a.constant(u8, n & 255)],
    ['friends', (a: Assembler) => void a.module.friends.push({ address: 0, name: 0 })],
    ['signatures', (a: Assembler) => void a.module.signatures.push([u8])],
    ['addresses', (a: Assembler) => void a.module.addresses.push(a.module.addresses[0]!)],
    [
      'functionHandles',
      (a: Assembler) =>
        void a.module.functionHandles.push({
          module: 0,
          name: 0,
          parameters: a.signature(),
          returns: a.signature(),
          typeParameters: [],
        }),
    ],
  ])('holds %s to the limit of the network', (table, add) => {
    const build = (count: number): Uint8Array => {
      const a = new Assembler();
      for (let n = 0; a.module[table].length < count; n++) add(a, n);
      return a.bytes();
    };
    const limits = { ...NETWORK_TABLE_LIMITS, [table]: 20 };
    expect(() => parseModule(build(20), { limits })).not.toThrow();
    expectStatus(() => parseModule(build(21), { limits }), 'MALFORMED');
  });
});

describe('bounds', () => {
  const withCode = (code: Instruction[], change?: (a: Assembler) => void) => (): unknown => {
    const a = new Assembler();
    change?.(a);
    a.function('f', { code });
    return parseModule(a.bytes());
  };

  it.each([
    OP.LdConst,
    OP.CopyLoc,
    OP.Branch,
    OP.Call,
    OP.CallGeneric,
    OP.Pack,
    OP.PackGeneric,
    OP.MutBorrowField,
    OP.ImmBorrowFieldGeneric,
    OP.PackVariant,
    OP.UnpackVariantGeneric,
    OP.VariantSwitch,
    OP.VecLen,
  ])('opcode 0x%i with an operand out of its table', (op) => {
    expectStatus(withCode([[op, 99]]), 'INDEX_OUT_OF_BOUNDS');
  });

  it('vector instructions take a signature of one token', () => {
    expectStatus(
      withCode([[OP.VecLen, 0]], (a) => a.signature(u8, u8)),
      'NUMBER_OF_TYPE_ARGUMENTS_MISMATCH',
    );
  });

  it('type parameters are declared', () => {
    const a = new Assembler();
    a.function('f', { params: [param(1)], typeParameters: [0] });
    expectStatus(() => parseModule(a.bytes()), 'INDEX_OUT_OF_BOUNDS');
    const b = new Assembler();
    b.struct('S', 0, { x: param(0) });
    expectStatus(() => parseModule(b.bytes()), 'INDEX_OUT_OF_BOUNDS');
    expectStatus(
      withCode([[OP.VecLen, 0]], (c) => c.signature(param(0))),
      'INDEX_OUT_OF_BOUNDS',
    );
  });

  it('instantiations have the arity of what they instantiate', () => {
    const a = new Assembler();
    const s = a.struct('S', 0, { x: u8 });
    a.signature(type(s, u8));
    expectStatus(() => parseModule(a.bytes()), 'NUMBER_OF_TYPE_ARGUMENTS_MISMATCH');
    const b = new Assembler();
    const g = b.function('g', { typeParameters: [0] });
    b.module.functionInstantiations.push({ handle: g, typeArgs: b.signature(u8, u8) });
    expectStatus(() => parseModule(b.bytes()), 'NUMBER_OF_TYPE_ARGUMENTS_MISMATCH');
  });

  it('plain and generic instructions keep to their kind', () => {
    const a = new Assembler();
    const g = a.function('g', { typeParameters: [0] });
    a.function('f', { code: [[OP.Call, g], [OP.Ret]] });
    expectStatus(() => parseModule(a.bytes()), 'GENERIC_MEMBER_OPCODE_MISMATCH');
    const b = new Assembler();
    const h = b.function('h');
    b.module.functionInstantiations.push({ handle: h, typeArgs: b.signature() });
    b.function('f', { code: [[OP.CallGeneric, 0], [OP.Ret]] });
    expectStatus(() => parseModule(b.bytes()), 'GENERIC_MEMBER_OPCODE_MISMATCH');
  });

  it('parameters and locals together stay within the limit', () => {
    const build = (locals: number) => (): unknown => {
      const a = new Assembler();
      a.function('f', { params: [u8], locals: Array<SignatureToken>(locals).fill(ref(u8)) });
      return parseModule(a.bytes());
    };
    expect(build(MAX_LOCALS - 2)).not.toThrow();
    // 255 tokens is the most that one signature holds, so two signatures make 257.
    const a = new Assembler();
    a.function('f', {
      params: [u8, u8],
      locals: Array<SignatureToken>(255).fill(u8),
    });
    expectStatus(() => parseModule(a.bytes()), 'TOO_MANY_LOCALS');
  });

  it('jump tables have one branch inside the code for each variant', () => {
    const build = (offsets: number[]) => (): unknown => {
      const a = new Assembler();
      a.enum('E', 2, { A: {}, B: {} });
      a.function('f', { code: [[OP.Ret]], jumpTables: [{ headEnum: 0, offsets }] });
      return parseModule(a.bytes());
    };
    expect(build([0, 0])).not.toThrow();
    expectStatus(build([0]), 'INDEX_OUT_OF_BOUNDS');
    expectStatus(build([0, 0, 0]), 'INDEX_OUT_OF_BOUNDS');
    expectStatus(build([0, 1]), 'INDEX_OUT_OF_BOUNDS');
  });

  it('a module has a module handle', () => {
    const a = new Assembler();
    a.module.moduleHandles.length = 0;
    expectStatus(() => parseModule(a.bytes()), 'NO_MODULE_HANDLES');
  });
});
