/** The verifier's limits, on and one over; and work bombs, which must end soon. */
import { describe, expect, it } from 'vitest';
import { OP, parseModule, type SignatureToken } from '../../src/binary/index.ts';
import { MAX_IDENTIFIER_LENGTH } from '../../src/common/index.ts';
import { verifyModule } from '../../src/verify/index.ts';
import {
  MAX_DATATYPES,
  MAX_FUNCTION_PARAMETERS,
  MAX_STRUCT_FIELDS,
  MAX_TYPE_NODES,
  MAX_TYPE_PARAMETERS,
} from '../../src/verify/limits.ts';
import { Assembler, bool, type Instruction, mut, u8, u64, vector } from '../binary/assembler.ts';
import { expectStatus } from '../binary/expect-error.ts';

const verify = (edit: (a: Assembler) => void, name?: string) => (): void => {
  const a = new Assembler(name);
  edit(a);
  verifyModule(parseModule(a.bytes()));
};

/** `count` distinct names with values. */
const named = (count: number): Record<string, SignatureToken> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, u8]));

describe('limits', () => {
  const cases: [string, number, string, (limit: number) => () => void][] = [
    [
      'identifier length',
      MAX_IDENTIFIER_LENGTH,
      'IDENTIFIER_TOO_LONG',
      (n) => verify(() => undefined, 'a'.repeat(n)),
    ],
    [
      'fields of a struct',
      MAX_STRUCT_FIELDS,
      'MAX_FIELD_DEFINITIONS_REACHED',
      (n) => verify((a) => a.struct('S', 0, named(n))),
    ],
    [
      'fields of a variant',
      MAX_STRUCT_FIELDS,
      'MAX_FIELD_DEFINITIONS_REACHED',
      (n) => verify((a) => a.enum('E', 0, { A: named(n) })),
    ],
    [
      'parameters of a function',
      MAX_FUNCTION_PARAMETERS,
      'TOO_MANY_PARAMETERS',
      (n) => verify((a) => a.function('f', { params: Array<SignatureToken>(n).fill(u8) })),
    ],
    [
      'type parameters of a function',
      MAX_TYPE_PARAMETERS,
      'TOO_MANY_TYPE_PARAMETERS',
      (n) => verify((a) => a.function('f', { typeParameters: Array<number>(n).fill(0) })),
    ],
    [
      'type parameters of a struct',
      MAX_TYPE_PARAMETERS,
      'TOO_MANY_TYPE_PARAMETERS',
      (n) =>
        verify((a) =>
          a.struct('S', 0, { x: u8 }, Array(n).fill({ constraints: 0, phantom: true })),
        ),
    ],
    [
      'datatypes of a module',
      MAX_DATATYPES,
      'MAX_STRUCT_DEFINITIONS_REACHED',
      (n) =>
        verify((a) => {
          a.enum('E', 0, { A: {} });
          for (let i = 1; i < n; i++) a.struct(`S${i}`, 0, { x: u8 });
        }),
    ],
  ];

  it.each(cases)('%s', (_, limit, status, make) => {
    expect(make(limit)).not.toThrow();
    expectStatus(make(limit + 1), status);
  });

  it('nodes of a type, weighted: datatypes count 4, primitives 1', () => {
    const weighing = (weight: number) =>
      verify((a) => {
        const parameters = Array(32).fill({ constraints: 0, phantom: true });
        const wide = a.struct('Wide', 0, { x: u8 }, parameters);
        const build = (typeArgs: SignatureToken[]): SignatureToken => ({
          kind: 'datatype',
          handle: wide,
          typeArgs: [...typeArgs, ...Array<SignatureToken>(32 - typeArgs.length).fill(u8)],
        });
        // A plain one weighs 36; each argument that is one itself adds 35; a vector adds 1.
        let extra = weight - 36;
        const inner: SignatureToken[] = [];
        for (; extra >= 35; extra -= 35) inner.push(build([]));
        for (; extra > 0; extra--) inner.push(vector(u8));
        a.signature(build(inner));
      });
    expect(weighing(MAX_TYPE_NODES)).not.toThrow();
    expectStatus(weighing(MAX_TYPE_NODES + 1), 'TOO_MANY_TYPE_NODES');
  });
});

describe('work bombs end soon', () => {
  const SECONDS = 10_000;

  it('references woven together in loops', { timeout: SECONDS }, () => {
    const count = 100;
    const run = verify((a) => {
      const references = Array<SignatureToken>(count).fill(mut(u64));
      const weave = a.function('weave', {
        params: references,
        returns: references,
        code: [[OP.LdU64, 0, 1n], [OP.Abort]],
      });
      const load = references.map((_, i): Instruction => [OP.MoveLoc, i]);
      const store = references.map((_, i): Instruction => [OP.StLoc, count - 1 - i]);
      const round: Instruction[] = [...load, [OP.Call, weave], ...store];
      a.function('f', {
        params: references,
        code: [...round, ...round, [OP.LdTrue], [OP.BrTrue, 0], ...round, [OP.Ret]],
      });
    });
    const started = performance.now();
    try {
      run();
    } catch (error) {
      expect(String(error)).toMatch(/CALL_BORROWED_MUTABLE_REFERENCE_ERROR|PROGRAM_TOO_COMPLEX/);
    }
    expect(performance.now() - started).toBeLessThan(SECONDS / 2);
  });

  it('a thousand blocks that all jump to one another', { timeout: SECONDS }, () => {
    const blocks = 500;
    const code: Instruction[] = [];
    for (let i = 0; i < blocks; i++)
      code.push([OP.CopyLoc, 0], [OP.BrTrue, ((i * 7) % blocks) * 2]);
    code.push([OP.Ret]);
    const started = performance.now();
    expect(verify((a) => void a.function('f', { params: [bool], code }))).toThrow(
      /INVALID_LOOP_SPLIT|LOOP_MAX_DEPTH_REACHED/,
    );
    expect(performance.now() - started).toBeLessThan(SECONDS / 2);
  });
});
