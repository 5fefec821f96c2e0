/** Group operations: encodings, refusals and known answers, on both engines. Source: move-vm.md §6.5. */
import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { Engine } from '@seal-ts/crypto';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';
import {
  ByteVector,
  gasMeter,
  isVmError,
  MoveRuntime,
  normalizeAddress,
  type Value,
  type VmError,
} from '@seal-ts/move-vm';
import { describe, expect, it } from 'vitest';
import { GROUP, MAX_MSM_TERMS, MAX_SUM_TERMS } from '../../src/natives/groups.ts';
import { frameworkNatives } from '../../src/natives/index.ts';

const G1 =
  '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb';
const G1_IDENTITY = `c0${'00'.repeat(47)}`;
const G2_IDENTITY = `c0${'00'.repeat(95)}`;
const R_HEX = '73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001';

const hex = (text: string): ByteVector => new ByteVector(Uint8Array.from(Buffer.from(text, 'hex')));
const scalar = (value: number): string => value.toString(16).padStart(64, '0');

function toHex(value: Value | undefined): string {
  if (!(value instanceof ByteVector)) throw new Error('expected bytes');
  return Buffer.from(value.view()).toString('hex');
}

class Subject {
  readonly #runtime: MoveRuntime;
  readonly #natives;

  constructor(engine: Engine) {
    this.#natives = frameworkNatives({ engine });
    this.#runtime = new MoveRuntime(
      { natives: this.#natives },
      { packages: { package: () => undefined } },
    );
  }

  call(name: string, ...args: (string | number | Value[])[]): Value | undefined {
    const native = this.#natives.get(`${normalizeAddress('0x2')}::${name}`)!;
    const values = args.map((item) => (typeof item === 'string' ? hex(item) : item));
    return native(this.#runtime.session({ gas: gasMeter(100_000_000) }), [], values);
  }

  op(name: string, ...args: (string | number | Value[])[]): string {
    return toHex(this.call(`group_ops::internal_${name}`, ...args));
  }

  abort(name: string, ...args: (string | number | Value[])[]): bigint | undefined {
    try {
      this.call(`group_ops::internal_${name}`, ...args);
    } catch (error) {
      if (isVmError(error)) return (error as VmError).subStatus;
      throw error;
    }
    return undefined;
  }
}

const engines: [string, () => Promise<Engine>][] = [
  ['noble', () => Promise.resolve(nobleEngine)],
  ['mcl', () => loadMclEngine()],
];

describe.each(engines)('on %s', (_name, load) => {
  const G2 = bls12_381.G2.Point.BASE.toHex();

  it('computes with scalars modulo the order', async () => {
    const subject = new Subject(await load());
    expect(subject.op('add', 0, scalar(5), scalar(6))).toBe(scalar(11));
    expect(subject.op('sub', 0, scalar(0), scalar(1))).toBe(`${R_HEX.slice(0, 56)}00000000`);
    expect(subject.op('mul', 0, scalar(5), scalar(6))).toBe(scalar(30));
    expect(subject.op('div', 0, scalar(5), scalar(30))).toBe(scalar(6));
    expect(subject.op('mul', 0, subject.op('div', 0, scalar(7), scalar(1)), scalar(7))).toBe(
      scalar(1),
    );
    expect(subject.abort('div', 0, scalar(0), scalar(1))).toBe(1n);
    expect(subject.abort('add', 0, R_HEX, scalar(1))).toBe(1n);
    expect(subject.abort('add', 0, '01', scalar(1))).toBe(1n);
  });

  it('validates what comes from outside', async () => {
    const subject = new Subject(await load());
    const valid = (type: number, bytes: string) =>
      subject.call('group_ops::internal_validate', type, bytes);
    expect(valid(GROUP.scalar, scalar(1))).toBe(true);
    expect(valid(GROUP.scalar, R_HEX)).toBe(false);
    expect(valid(GROUP.g1, G1)).toBe(true);
    expect(valid(GROUP.g1, G1_IDENTITY)).toBe(true);
    expect(valid(GROUP.g1, `${G1}00`)).toBe(false);
    expect(valid(GROUP.g1, `c0${'00'.repeat(46)}01`)).toBe(false);
    expect(valid(GROUP.g1, `17${G1.slice(2)}`)).toBe(false);
    expect(valid(GROUP.g2, G2)).toBe(true);
    expect(valid(GROUP.g2, G2_IDENTITY)).toBe(true);
    expect(valid(GROUP.g2, G1)).toBe(false);
    expect(valid(GROUP.gt, '00'.repeat(576))).toBe(false);
    expect(valid(GROUP.uncompressedG1, '00'.repeat(96))).toBe(false);
    expect(valid(9, G1)).toBe(false);
    // On the curve, outside the subgroup: x = 4.
    expect(valid(GROUP.g1, `80${'00'.repeat(46)}04`)).toBe(false);
  });

  it('computes in G1 and G2', async () => {
    const subject = new Subject(await load());
    for (const [type, generator, identity] of [
      [GROUP.g1, G1, G1_IDENTITY],
      [GROUP.g2, G2, G2_IDENTITY],
    ] as const) {
      const twice = subject.op('add', type, generator, generator);
      expect(subject.op('mul', type, scalar(2), generator)).toBe(twice);
      expect(subject.op('sub', type, twice, generator)).toBe(generator);
      expect(subject.op('div', type, scalar(2), twice)).toBe(generator);
      expect(subject.op('mul', type, scalar(0), generator)).toBe(identity);
      expect(subject.op('add', type, generator, identity)).toBe(generator);
      const scalars = scalar(3) + scalar(4);
      const sum = subject.op('multi_scalar_mul', type, scalars, generator + twice);
      expect(sum).toBe(subject.op('mul', type, scalar(11), generator));
      expect(subject.abort('mul', type, R_HEX, generator)).toBe(1n);
      expect(subject.abort('add', type, generator, '00')).toBe(1n);
    }
    expect(subject.abort('add', 7, G1, G1)).toBe(1n);
  });

  it('bounds multi-scalar multiplication and sums', async () => {
    const subject = new Subject(await load());
    const msm = (scalars: number, points: number) =>
      subject.abort('multi_scalar_mul', 1, scalar(1).repeat(scalars), G1.repeat(points));
    expect(msm(MAX_MSM_TERMS, MAX_MSM_TERMS)).toBeUndefined();
    expect(msm(MAX_MSM_TERMS + 1, MAX_MSM_TERMS + 1)).toBe(2n);
    expect([msm(0, 0), msm(1, 2), msm(2, 1)]).toEqual([1n, 1n, 1n]);
    expect(subject.abort('multi_scalar_mul', 1, '00', G1)).toBe(1n);
    expect(subject.abort('multi_scalar_mul', 3, scalar(1), G1)).toBe(1n);
    const uncompressed = subject.op('convert', 1, 4, G1);
    const identity = subject.op('convert', 1, 4, G1_IDENTITY);
    expect(subject.op('sum', 4, [])).toBe(identity);
    expect(subject.op('sum', 4, [hex(uncompressed), hex(uncompressed)])).toBe(
      subject.op('convert', 1, 4, subject.op('mul', 1, scalar(2), G1)),
    );
    const many = (count: number) => Array.from({ length: count }, () => hex(identity));
    expect(subject.abort('sum', 4, many(MAX_SUM_TERMS))).toBeUndefined();
    expect(subject.abort('sum', 4, many(MAX_SUM_TERMS + 1))).toBe(2n);
    expect(subject.abort('sum', 1, [])).toBe(1n);
    expect(subject.abort('sum', 4, [hex('00')])).toBe(1n);
  });

  it('converts between the forms of G1 only', async () => {
    const subject = new Subject(await load());
    const uncompressed = subject.op('convert', 1, 4, G1);
    expect(subject.op('convert', 4, 1, uncompressed)).toBe(G1);
    expect(uncompressed).toBe(bls12_381.G1.Point.BASE.toHex(false));
    expect(subject.abort('convert', 1, 2, G1)).toBe(1n);
    expect(subject.abort('convert', 4, 1, G1)).toBe(1n);
  });

  it('pairs into GT in the order of the framework', async () => {
    const subject = new Subject(await load());
    const generator = subject.op('pairing', 1, G1, G2);
    expect(generator).toHaveLength(2 * 576);
    expect(generator.slice(0, 16)).toBe('1250ebd871fc0a92');
    expect(generator.slice(-10)).toBe('383b676631');
    const doubled = subject.op('pairing', 1, subject.op('mul', 1, scalar(2), G1), G2);
    expect(subject.op('add', 3, generator, generator)).toBe(doubled);
    expect(subject.op('mul', 3, scalar(2), generator)).toBe(doubled);
    expect(subject.op('sub', 3, doubled, generator)).toBe(generator);
    expect(subject.op('div', 3, scalar(2), doubled)).toBe(generator);
    expect(subject.abort('pairing', 2, G1, G2)).toBe(1n);
    expect(subject.abort('pairing', 1, G1, G1)).toBe(1n);
  });

  it('hashes to the groups, but not the empty message', async () => {
    const subject = new Subject(await load());
    const message = '616263';
    const point = bls12_381.shortSignatures.hash(Uint8Array.of(0x61, 0x62, 0x63));
    expect(subject.op('hash_to', 1, message)).toBe(point.toHex());
    expect(subject.op('hash_to', 2, message)).toHaveLength(192);
    expect(subject.abort('hash_to', 1, '')).toBe(1n);
    expect(subject.abort('hash_to', 3, message)).toBe(1n);
  });

  it('verifies BLS signatures in both placements', async () => {
    const subject = new Subject(await load());
    const message = Uint8Array.of(1, 2, 3);
    const secret = Uint8Array.from(Buffer.from(scalar(0x1234567), 'hex'));
    for (const [name, scheme, otherIdentity] of [
      ['min_sig', bls12_381.shortSignatures, G2_IDENTITY],
      ['min_pk', bls12_381.longSignatures, G1_IDENTITY],
    ] as const) {
      const signature = Buffer.from(
        (scheme.sign(scheme.hash(message) as never, secret) as { toBytes(): Uint8Array }).toBytes(),
      ).toString('hex');
      const key = Buffer.from(
        (scheme.getPublicKey(secret) as { toBytes(): Uint8Array }).toBytes(),
      ).toString('hex');
      const verify = (s: string, k: string, m: string) =>
        subject.call(`bls12381::bls12381_${name}_verify`, s, k, m);
      expect(verify(signature, key, '010203')).toBe(true);
      expect(verify(signature, key, '010204')).toBe(false);
      expect(verify(signature.slice(2), key, '010203')).toBe(false);
      expect(verify(signature, signature, '010203')).toBe(false);
      expect(verify(signature, otherIdentity, '010203')).toBe(false);
    }
  });
});
