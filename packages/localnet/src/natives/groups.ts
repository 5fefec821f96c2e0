/**
 * The groups of `sui::group_ops` over bytes: decode, compute, encode.
 *
 * Type codes: 0 scalar, 1 G1, 2 G2, 3 GT, 4 uncompressed G1. Inputs of arithmetic were validated when
 * their `Element` was made, so they are decoded without the subgroup check, as on Sui.
 * Source: move-vm.md §6.5.
 */
import { type Engine, G1_UNCOMPRESSED_BYTES, type Group } from '@seal-ts/crypto';

export const GROUP = { scalar: 0, g1: 1, g2: 2, gt: 3, uncompressedG1: 4 } as const;

export const MAX_MSM_TERMS = 32;
export const MAX_SUM_TERMS = 1200;

const SCALAR_LENGTH = 32;
/** Order of the groups. */
const R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

/** Input that a native refuses; becomes an abort. */
export class InvalidElement extends Error {
  override readonly name = 'InvalidElement';
  readonly code = 'LOCALNET_INVALID_GROUP_ELEMENT';
}

function scalarOf(bytes: Uint8Array): bigint {
  if (bytes.length !== SCALAR_LENGTH) {
    throw new InvalidElement(`a scalar has ${SCALAR_LENGTH} bytes, got ${bytes.length}`);
  }
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  if (value >= R) throw new InvalidElement('a scalar is below the group order');
  return value;
}

function scalarBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(SCALAR_LENGTH);
  let rest = ((value % R) + R) % R;
  for (let i = SCALAR_LENGTH - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** `base^(r-2)`: the inverse of a non-zero scalar. */
function invertScalar(base: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let exponent = R - 2n; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * square) % R;
    square = (square * square) % R;
  }
  return result;
}

/** The inverse of a scalar's bytes; zero is refused. */
function inverseBytes(bytes: Uint8Array): Uint8Array {
  const scalar = scalarOf(bytes);
  if (scalar === 0n) throw new InvalidElement('division by zero');
  return scalarBytes(invertScalar(scalar));
}

/** Arithmetic of one group on encodings. */
export interface ByteGroup {
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  sub(a: Uint8Array, b: Uint8Array): Uint8Array;
  mul(scalar: Uint8Array, element: Uint8Array): Uint8Array;
}

const scalarGroup: ByteGroup = {
  add: (a, b) => scalarBytes(scalarOf(a) + scalarOf(b)),
  sub: (a, b) => scalarBytes(scalarOf(a) - scalarOf(b)),
  mul: (scalar, element) => scalarBytes(scalarOf(scalar) * scalarOf(element)),
};

function pointGroup<P>(group: Group<P>): ByteGroup {
  const read = (bytes: Uint8Array): P => group.fromTrustedBytes(bytes);
  return {
    add: (a, b) => group.toBytes(group.add(read(a), read(b))),
    sub: (a, b) => group.toBytes(group.sub(read(a), read(b))),
    mul(scalar, element) {
      scalarOf(scalar);
      return group.toBytes(group.mulPublic(read(element), scalar));
    },
  };
}

function targetGroup({ gt }: Engine): ByteGroup {
  const read = (bytes: Uint8Array) => gt.fromTrustedBytes(bytes);
  return {
    add: (a, b) => gt.toBytes(gt.mul(read(a), read(b))),
    sub: (a, b) => gt.toBytes(gt.mul(read(a), gt.inverse(read(b)))),
    mul(scalar, element) {
      scalarOf(scalar);
      return gt.toBytes(gt.pow(read(element), scalar));
    },
  };
}

export class Groups {
  readonly #engine: Engine;
  readonly #groups: readonly ByteGroup[];

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#groups = [scalarGroup, pointGroup(engine.g1), pointGroup(engine.g2), targetGroup(engine)];
  }

  /** Scalars, G1, G2 and GT. */
  group(type: number): ByteGroup {
    const group = this.#groups[type];
    if (group === undefined) throw new InvalidElement(`no arithmetic for group type ${type}`);
    return group;
  }

  /** The element divided by a non-zero scalar. */
  div(type: number, scalar: Uint8Array, element: Uint8Array): Uint8Array {
    return this.group(type).mul(inverseBytes(scalar), element);
  }

  /** True for a canonical scalar, or a point in the subgroup. GT cannot be checked: false. */
  validate(type: number, bytes: Uint8Array): boolean {
    try {
      if (type === GROUP.scalar) scalarOf(bytes);
      else if (type === GROUP.g1) this.#engine.g1.fromBytes(bytes);
      else if (type === GROUP.g2) this.#engine.g2.fromBytes(bytes);
      else return false;
      return true;
    } catch {
      return false;
    }
  }

  hash(type: number, message: Uint8Array): Uint8Array {
    if (message.length === 0) throw new InvalidElement('an empty message cannot be hashed');
    const { g1, g2 } = this.#engine;
    if (type === GROUP.g1) return g1.toBytes(g1.hash(message));
    if (type === GROUP.g2) return g2.toBytes(g2.hash(message));
    throw new InvalidElement(`nothing hashes to group type ${type}`);
  }

  /** Number of terms of a multi-scalar multiplication over concatenated inputs. */
  msmTerms(type: number, scalars: Uint8Array, elements: Uint8Array): number {
    const { g1, g2 } = this.#engine;
    const length = type === GROUP.g1 ? g1.byteLength : g2.byteLength;
    const terms = scalars.length / SCALAR_LENGTH;
    if (type !== GROUP.g1 && type !== GROUP.g2) {
      throw new InvalidElement(`no multiplication of sums in group type ${type}`);
    }
    if (terms === 0 || !Number.isInteger(terms) || elements.length !== terms * length) {
      throw new InvalidElement('as many scalars as elements, at least one');
    }
    return terms;
  }

  msm(type: number, scalars: Uint8Array, elements: Uint8Array): Uint8Array {
    const terms = this.msmTerms(type, scalars, elements);
    const parts = Array.from({ length: terms }, (_, i) =>
      scalars.slice(SCALAR_LENGTH * i, SCALAR_LENGTH * (i + 1)),
    );
    for (const part of parts) scalarOf(part);
    const { g1, g2 } = this.#engine;
    return type === GROUP.g1 ? sum(g1, parts, elements) : sum(g2, parts, elements);
  }

  pairing(p: Uint8Array, q: Uint8Array): Uint8Array {
    const { g1, g2, gt } = this.#engine;
    return gt.toBytes(this.#engine.pairing(g1.fromTrustedBytes(p), g2.fromTrustedBytes(q)));
  }

  /** Between compressed and uncompressed G1. */
  convert(from: number, to: number, bytes: Uint8Array): Uint8Array {
    const { g1 } = this.#engine;
    if (from === GROUP.g1 && to === GROUP.uncompressedG1) {
      return g1.toUncompressedBytes(g1.fromTrustedBytes(bytes));
    }
    if (from === GROUP.uncompressedG1 && to === GROUP.g1) {
      return g1.toBytes(g1.fromUncompressedTrustedBytes(bytes));
    }
    throw new InvalidElement(`no conversion from type ${from} to ${to}`);
  }

  /** Sum of uncompressed G1 points; the identity for none. */
  sumUncompressed(elements: readonly Uint8Array[]): Uint8Array {
    const { g1 } = this.#engine;
    let total = g1.identity;
    for (const element of elements) {
      if (element.length !== G1_UNCOMPRESSED_BYTES) {
        throw new InvalidElement(`an uncompressed point has ${G1_UNCOMPRESSED_BYTES} bytes`);
      }
      total = g1.add(total, g1.fromUncompressedTrustedBytes(element));
    }
    return g1.toUncompressedBytes(total);
  }

  /** BLS signature in G1 under a key in G2. */
  verifyMinSig(signature: Uint8Array, key: Uint8Array, message: Uint8Array): boolean {
    const { g1, g2 } = this.#engine;
    return falseOnError(() => {
      const publicKey = g2.fromBytes(key);
      if (g2.isIdentity(publicKey)) return false;
      return this.#engine.pairingProductIsOne([
        { g1: g1.fromBytes(signature), g2: g2.neg(g2.generator) },
        { g1: g1.hash(message), g2: publicKey },
      ]);
    });
  }

  /** BLS signature in G2 under a key in G1. */
  verifyMinPk(signature: Uint8Array, key: Uint8Array, message: Uint8Array): boolean {
    const { g1, g2 } = this.#engine;
    return falseOnError(() => {
      const publicKey = g1.fromBytes(key);
      if (g1.isIdentity(publicKey)) return false;
      return this.#engine.pairingProductIsOne([
        { g1: g1.neg(g1.generator), g2: g2.fromBytes(signature) },
        { g1: publicKey, g2: g2.hash(message) },
      ]);
    });
  }
}

function sum<P>(group: Group<P>, scalars: readonly Uint8Array[], elements: Uint8Array): Uint8Array {
  const length = group.byteLength;
  const points = scalars.map((_, i) =>
    group.fromTrustedBytes(elements.slice(length * i, length * (i + 1))),
  );
  return group.toBytes(group.msmPublic(points, scalars));
}

function falseOnError(compute: () => boolean): boolean {
  try {
    return compute();
  } catch {
    return false;
  }
}
