/**
 * Point and field encodings: both engines accept exactly the canonical bytes of prime-order points,
 * and give the same error for everything else. mcl by itself accepts more, which is why each oddity
 * has a case.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';
import { type Engine, fromHex, G1_BYTES, G2_BYTES, GT_BYTES, toHex } from '@seal-ts/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engines, mcl, noble } from './support/engines.ts';
import { codeOf, flipped, scalar } from './support/helpers.ts';

const P = bls12_381.fields.Fp.ORDER;
const fieldBytes = (value: bigint) => fromHex(value.toString(16).padStart(96, '0'));

/** `bytes` with its flag bits replaced. */
function withFlags(bytes: Uint8Array, flags: number): Uint8Array {
  const out = bytes.slice();
  out[0] = (out[0]! & 0x1f) | flags;
  return out;
}

/** A point on the curve outside the prime-order subgroup, compressed. */
function outsideSubgroup(group: 'G1' | 'G2'): Uint8Array {
  const { Point } = bls12_381[group];
  const length = group === 'G1' ? G1_BYTES : G2_BYTES;
  for (let x = 1; x < 200; x++) {
    const bytes = new Uint8Array(length);
    bytes[length - 1] = x;
    bytes[0] = 0x80;
    try {
      noble[group === 'G1' ? 'g1' : 'g2'].fromTrustedBytes(bytes);
    } catch {
      continue;
    }
    try {
      Point.fromBytes(bytes);
    } catch {
      return bytes;
    }
  }
  throw new Error('no such point found');
}

/** An x-coordinate without a point on the curve. */
function offCurve(group: 'g1' | 'g2'): Uint8Array {
  const length = noble[group].byteLength;
  for (let x = 1; x < 200; x++) {
    const bytes = new Uint8Array(length);
    bytes[length - 1] = x;
    bytes[0] = 0x80;
    try {
      noble[group].fromTrustedBytes(bytes);
    } catch {
      return bytes;
    }
  }
  throw new Error('no such coordinate found');
}

function oddCompressed(group: 'g1' | 'g2'): [string, Uint8Array][] {
  const { byteLength, generator } = noble[group];
  const good = noble[group].toBytes(generator as never);
  const zeros = new Uint8Array(byteLength);
  const trailing = withFlags(zeros, 0xc0);
  trailing[byteLength - 1] = 1;
  const highLimb = withFlags(zeros, 0xc0);
  highLimb[0]! |= 0x01;
  const modulus = new Uint8Array(byteLength);
  modulus.set(fieldBytes(P), byteLength - 48);
  const beyond = new Uint8Array(byteLength);
  beyond.set(fieldBytes(P + 2n), byteLength - 48);
  const firstCoordinate = new Uint8Array(byteLength);
  firstCoordinate.set(fieldBytes(P), 0);
  return [
    ['all zeros', zeros],
    ['all ones', new Uint8Array(byteLength).fill(0xff)],
    ['identity without the compression flag', withFlags(zeros, 0x40)],
    ['identity with the sign flag', withFlags(zeros, 0xe0)],
    ['identity with a trailing byte', trailing],
    ['identity with a high payload bit', highLimb],
    ['x of a point with the identity flag', withFlags(good, 0xc0)],
    ['a point without the compression flag', withFlags(good, 0x00)],
    ['a point with the sign flag only', withFlags(good, 0x20)],
    ['coordinate equal to the modulus', withFlags(modulus, 0x80)],
    ['coordinate above the modulus', withFlags(beyond, 0x80)],
    ['first coordinate equal to the modulus', withFlags(firstCoordinate, 0x80)],
    ['largest coordinate', withFlags(new Uint8Array(byteLength).fill(0xff), 0x80)],
    ['x without a point', offCurve(group)],
  ];
}

describe.each(engines)('strict decoding on %s', (_, engine) => {
  describe.each(['g1', 'g2'] as const)('%s', (name) => {
    const group = engine[name];
    it.each(oddCompressed(name))('refuses %s', (_case, bytes) => {
      expect(codeOf(() => group.fromBytes(bytes))).toBe('INVALID_POINT');
      expect(codeOf(() => group.fromTrustedBytes(bytes))).toBe('INVALID_POINT');
    });

    it('refuses a point outside the subgroup unless trusted', () => {
      const bytes = outsideSubgroup(name === 'g1' ? 'G1' : 'G2');
      expect(codeOf(() => group.fromBytes(bytes))).toBe('INVALID_POINT');
      expect(toHex(group.toBytes(group.fromTrustedBytes(bytes) as never))).toBe(toHex(bytes));
    });

    it.each([0, 1, -1])('refuses lengths off by some (%i)', (offset) => {
      const bytes = new Uint8Array(offset === 0 ? 0 : group.byteLength + offset);
      expect(codeOf(() => group.fromBytes(bytes))).toBe('INVALID_LENGTH');
      expect(codeOf(() => group.fromTrustedBytes(bytes))).toBe('INVALID_LENGTH');
    });

    it('refuses what is not a byte array', () => {
      for (const bad of ['97f1', [1, 2], null, undefined, new ArrayBuffer(48)]) {
        expect(codeOf(() => group.fromBytes(bad as never))).toBe('INVALID_INPUT');
      }
    });

    it('has one encoding of the identity', () => {
      const canonical = new Uint8Array(group.byteLength);
      canonical[0] = 0xc0;
      const identity = group.fromBytes(canonical);
      expect(group.isIdentity(identity as never)).toBe(true);
      expect(group.equal(identity as never, group.identity as never)).toBe(true);
      expect(group.toBytes(group.identity as never)).toEqual(canonical);
      const cancelled = group.sub(group.generator as never, group.generator as never);
      expect(group.toBytes(cancelled as never)).toEqual(canonical);
    });

    it('does not keep the caller’s bytes', () => {
      const bytes = group.toBytes(group.generator as never);
      const point = group.fromBytes(bytes);
      bytes.fill(0);
      expect(group.equal(point as never, group.generator as never)).toBe(true);
    });
  });

  it('decodes uncompressed G1 as Sui does', () => {
    const { g1 } = engine;
    const good = g1.toUncompressedBytes(g1.generator);
    expect(g1.equal(g1.fromUncompressedTrustedBytes(good), g1.generator)).toBe(true);
    const identity = g1.toUncompressedBytes(g1.identity);
    expect(toHex(identity)).toBe(`40${'00'.repeat(95)}`);
    expect(g1.isIdentity(g1.fromUncompressedTrustedBytes(identity))).toBe(true);
    const y = new Uint8Array(96);
    y.set(good.subarray(0, 48));
    y.set(fieldBytes(P), 48);
    for (const bad of [
      withFlags(good, 0x80),
      withFlags(good, 0x20),
      withFlags(good, 0x40),
      withFlags(identity, 0x60),
      withFlags(identity, 0xc0),
      flipped(identity, 95),
      flipped(good, 95),
      flipped(good, 47),
      new Uint8Array(96),
      y,
    ]) {
      expect(codeOf(() => g1.fromUncompressedTrustedBytes(bad))).toBe('INVALID_POINT');
    }
    for (const length of [0, 48, 95, 97]) {
      const bytes = new Uint8Array(length);
      expect(codeOf(() => g1.fromUncompressedTrustedBytes(bytes))).toBe('INVALID_LENGTH');
    }
  });

  it('decodes target elements with canonical coordinates only', () => {
    const { gt } = engine;
    const good = gt.toBytes(gt.generator);
    expect(good.length).toBe(GT_BYTES);
    expect(toHex(good).startsWith('1250ebd871fc0a92')).toBe(true);
    expect(toHex(good).endsWith('383b676631')).toBe(true);
    expect(gt.equal(gt.fromTrustedBytes(good), gt.generator)).toBe(true);
    const one = gt.toBytes(gt.identity);
    expect(toHex(one)).toBe(`${'00'.repeat(47)}01${'00'.repeat(528)}`);
    for (let coordinate = 0; coordinate < 12; coordinate++) {
      const bad = good.slice();
      bad.set(fieldBytes(P), coordinate * 48);
      expect(codeOf(() => gt.fromTrustedBytes(bad))).toBe('INVALID_TARGET_ELEMENT');
      bad.set(fieldBytes(P - 1n), coordinate * 48);
      expect(gt.toBytes(gt.fromTrustedBytes(bad))).toEqual(bad);
    }
    for (const length of [0, 575, 577]) {
      expect(codeOf(() => gt.fromTrustedBytes(new Uint8Array(length)))).toBe('INVALID_LENGTH');
    }
  });

  it('refuses handles of the other engine', () => {
    const other: Engine = engine === noble ? mcl : noble;
    const { g1, g2, gt } = engine;
    for (const operation of [
      () => g1.add(g1.generator, other.g1.generator),
      () => g1.mul(other.g1.generator, scalar(2)),
      () => g2.toBytes(other.g2.generator),
      () => g1.toBytes(g2.generator as never),
      () => gt.mul(gt.generator, other.gt.generator),
      () => engine.pairing(g1.generator, other.g2.generator),
      () => engine.pairing(g1.generator, other.prepareG2(other.g2.generator)),
      () => engine.prepareG2(other.g2.generator),
    ]) {
      expect(codeOf(operation)).toBe('ENGINE_MISMATCH');
    }
  });
});

describe('both engines judge arbitrary bytes alike', () => {
  const outcome = (operation: () => Uint8Array) => {
    try {
      return toHex(operation());
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  it.each(['g1', 'g2'] as const)('%s', (name) => {
    const length = noble[name].byteLength;
    const random = fc.uint8Array({ minLength: length, maxLength: length });
    const flags = fc.constantFrom(0x00, 0x20, 0x40, 0x60, 0x80, 0xa0, 0xc0, 0xe0);
    fc.assert(
      fc.property(random, flags, (body, flag) => {
        const bytes = withFlags(body, flag);
        const [a, b] = [noble, mcl].map((engine) => {
          const group = engine[name];
          return [
            outcome(() => group.toBytes(group.fromBytes(bytes) as never)),
            outcome(() => group.toBytes(group.fromTrustedBytes(bytes) as never)),
          ];
        });
        expect(b).toEqual(a);
      }),
      { numRuns: 40 },
    );
  });
});
