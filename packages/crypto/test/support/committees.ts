/**
 * Committees for the tests of key generation and rotation: who deals, what everybody holds after
 * it, and what every subset of the shares makes of it.
 */

import {
  type Engine,
  type G1Point,
  lagrangeAtZero,
  scalarAdd,
  scalarMul,
  toHex,
} from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { expect } from 'vitest';
import { mcl } from './engines.ts';
import { scalar, seededRandom } from './helpers.ts';

export type Ceremony = dkg.DkgCeremony<G1Point>;
export type Processed = dkg.ProcessedMessage<G1Point>;

export const COMMITTEE = `0x${'5a'.repeat(32)}`;
export const committeeId = new Uint8Array(32).fill(0x5a);
const FIRST_ENCRYPTION_KEY = 1000;
const FIRST_SIGNING_KEY = 7000;

/** Encryption and signing keys of party `id`. */
export const encryptionKeyOf = (id: number) => scalar(FIRST_ENCRYPTION_KEY + id);
export const signingKeyOf = (id: number) => scalar(FIRST_SIGNING_KEY + id);

/** Public keys are the same in every committee: made once. */
const nodeCache: dkg.DkgNode<G1Point>[] = [];
function nodeOf(id: number): dkg.DkgNode<G1Point> {
  const publicKey = () => mcl.g1.mul(mcl.g1.generator, encryptionKeyOf(id));
  nodeCache[id] ??= { id, publicKey: publicKey(), weight: 1 };
  return nodeCache[id];
}

/** The ceremony of `n` parties of weight 1; on mcl, or on an engine that shares its G1. */
export function ceremonyOf(
  n: number,
  threshold: number,
  oldThreshold?: number,
  engine: Engine = mcl,
): Ceremony {
  return {
    suite: dkg.deployedSuite(engine),
    nodes: dkg.makeNodes(
      mcl.g1,
      Array.from({ length: n }, (_, id) => nodeOf(id)),
    ),
    threshold,
    ...(oldThreshold === undefined ? {} : { oldThreshold }),
    oracle: dkg.RandomOracle.forCommittee(COMMITTEE),
  };
}

/** Who deals in a rotation: old ids by new id of everybody who continues, and the dealing ones. */
export interface Handover {
  readonly newToOld: ReadonlyMap<number, number>;
  /** New ids of the dealers, as many as the old threshold. */
  readonly dealers: readonly number[];
}

/** What party `id` holds of `dealt` polynomials, as if it had decrypted and checked them. */
function heldBy({ suite }: Ceremony, dealt: ReadonlyMap<number, readonly Uint8Array[]>) {
  const messages = [...dealt].map(([sender, polynomial]) => ({
    polynomial,
    message: {
      sender,
      commitment: dkg.commitPolynomial(suite.engine, polynomial),
      encryptedShares: {} as dkg.MultiRecipientCiphertext<G1Point>,
    },
  }));
  return (id: number): Processed[] =>
    messages.map(({ message, polynomial }) => ({
      message,
      shares: [{ index: id + 1, value: dkg.evaluatePolynomial(polynomial, id + 1) }],
      complaint: undefined,
    }));
}

/** Outputs of all parties, by party id. */
type Outputs = readonly dkg.DkgOutput[];

/** A fresh key without encryption: `dealers` deal, everybody completes. */
export function freshAlgebra(
  ceremony: Ceremony,
  seed: string,
  dealers: readonly number[],
): Outputs {
  const random = seededRandom(seed);
  const dealt = dealers.map(
    (id) => [id, dkg.samplePolynomial(random, ceremony.threshold)] as const,
  );
  const held = heldBy(ceremony, new Map(dealt));
  return ceremony.nodes.list.map(({ id }) => {
    const { used } = dkg.mergeMessages(ceremony, id, held(id));
    return dkg.completeFresh(ceremony, used);
  });
}

/** A rotation without encryption. `oldShares` by old id. */
export function rotateAlgebra(
  ceremony: Ceremony,
  seed: string,
  { newToOld, dealers }: Handover,
  oldShares: readonly Uint8Array[],
): Outputs {
  const random = seededRandom(seed);
  const dealt = dealers.map((id) => {
    const secret = oldShares[newToOld.get(id)!]!;
    return [id, dkg.samplePolynomial(random, ceremony.threshold, secret)] as const;
  });
  const held = heldBy(ceremony, new Map(dealt));
  return ceremony.nodes.list.map(({ id }) => {
    const { used } = dkg.mergeMessages(ceremony, id, held(id));
    return dkg.completeRotation(ceremony, used, newToOld);
  });
}

/** The share values of all parties, by party id. */
export const sharesOf = (outputs: Outputs) => outputs.map(({ shares }) => shares![0]!.value);

/** Members of a bit mask. */
export const membersOf = (mask: number): number[] =>
  Array.from({ length: 32 - Math.clz32(mask) }, (_, i) => i).filter((i) => (mask >> i) & 1);

/** All subsets of `n` parties with at least `min` and at most `max` members. */
export function subsets(n: number, min: number, max = n): number[][] {
  return Array.from({ length: 2 ** n }, (_, mask) => membersOf(mask)).filter(
    ({ length }) => length >= min && length <= max,
  );
}

/** All ways to give `k` things different places among `n`. */
export function* placements(
  k: number,
  n: number,
  taken: readonly number[] = [],
): Generator<number[]> {
  if (k === 0) {
    yield [];
    return;
  }
  for (let place = 0; place < n; place++) {
    if (taken.includes(place)) continue;
    for (const rest of placements(k - 1, n, [...taken, place])) yield [place, ...rest];
  }
}

const lambdaCache = new Map<string, readonly Uint8Array[]>();
function lambdasOf(ids: readonly number[]): readonly Uint8Array[] {
  const key = ids.join();
  const known = lambdaCache.get(key) ?? lagrangeAtZero(ids.map((id) => id + 1));
  lambdaCache.set(key, known);
  return known;
}

/** What the shares of `ids` interpolate to at zero. */
export function combined(shares: readonly Uint8Array[], ids: readonly number[]): Uint8Array {
  const lambdas = lambdasOf(ids);
  return ids.map((id, i) => scalarMul(lambdas[i]!, shares[id]!)).reduce(scalarAdd);
}

/**
 * That the outputs are those of a committee with secret key `secret`: one commitment, with the key
 * as its constant term and the shares on it, and each of the `groups` of parties (by default all)
 * finds the key exactly when it has at least `threshold` members.
 */
export function expectCommittee(
  { suite, nodes, threshold, ...rest }: Ceremony,
  outputs: Outputs,
  secret: Uint8Array,
  groups: readonly (readonly number[])[] = subsets(nodes.list.length, 1),
): void {
  const { g2 } = suite.engine;
  const [{ commitment }] = outputs as [dkg.DkgOutput];
  const publicOf = (key: Uint8Array) => g2.mul(g2.generator, key);
  const sameCommitment = outputs.every((output) =>
    output.commitment.every((point, k) => g2.equal(point, commitment[k]!)),
  );
  const shares = sharesOf(outputs);
  const partials = dkg.partialPublicKeys({ suite, nodes, threshold, ...rest }, commitment);
  const wrong = groups.filter(
    (ids) => (toHex(combined(shares, ids)) === toHex(secret)) !== ids.length >= threshold,
  );
  expect({
    sameCommitment,
    length: commitment.length,
    key: g2.equal(commitment[0]!, publicOf(secret)),
    partials: partials.every((partial, id) => g2.equal(partial, publicOf(shares[id]!))),
    wrong,
  }).toEqual({ sameCommitment: true, length: threshold, key: true, partials: true, wrong: [] });
}

/** Sizes of a committee and of the one it hands over to, and how it does. */
export interface Rotation extends Handover {
  readonly n: number;
  readonly t: number;
  readonly nextN: number;
  readonly nextT: number;
}

/**
 * Every legal rotation between committees of up to `maxN` parties: sizes and thresholds of both,
 * who stays (at least the old threshold), which of them deal (exactly the old threshold), and the
 * places in the new committee of those who stay, from `placesOf(how many, new size)`.
 */
export function* rotations(
  maxN: number,
  placesOf: (k: number, nextN: number) => Iterable<readonly number[]>,
): Generator<Rotation> {
  for (const { n, t } of sizes(maxN)) {
    for (const { n: nextN, t: nextT } of sizes(maxN)) {
      for (const staying of subsets(n, t, nextN)) {
        for (const places of placesOf(staying.length, nextN)) {
          const newToOld = new Map(staying.map((old, i) => [places[i]!, old]));
          for (const dealing of subsets(staying.length, t, t)) {
            const dealers = dealing.map((i) => places[i]!);
            yield { n, t, nextN, nextT, newToOld, dealers };
          }
        }
      }
    }
  }
}

/** Every size and threshold of committees of up to `maxN` parties. */
export function sizes(maxN: number): { n: number; t: number }[] {
  const list: { n: number; t: number }[] = [];
  for (let n = 2; n <= maxN; n++) for (let t = 2; t <= n; t++) list.push({ n, t });
  return list;
}

/** Checks rotations, and says how many; old committees are made once for each size. */
export function checkRotations(engine: Engine, cases: Iterable<Rotation>): number {
  const olds = new Map<string, readonly Uint8Array[]>();
  let count = 0;
  for (const { n, t, nextN, nextT, newToOld, dealers } of cases) {
    const name = `${t} of ${n}`;
    const everybody = Array.from({ length: n }, (_, id) => id);
    const old =
      olds.get(name) ??
      sharesOf(freshAlgebra(ceremonyOf(n, t, undefined, engine), name, everybody));
    olds.set(name, old);
    const secret = combined(old, everybody.slice(0, t));
    const next = ceremonyOf(nextN, nextT, t, engine);
    const outputs = rotateAlgebra(next, `${name} ${count}`, { newToOld, dealers }, old);
    expectCommittee(next, outputs, secret);
    // No share survives, so that old and new ones do not mix.
    const shares = sharesOf(outputs).map(toHex);
    expect(old.filter((share, id) => toHex(share) === shares[id])).toEqual([]);
    count++;
  }
  return count;
}
