/**
 * The rules of the DKG spec one by one: what is refused, with which code, and what leads to a
 * complaint.
 */

import {
  concat,
  type G1Point,
  type G2Point,
  publicKeyFromMasterKey,
  scalarAdd,
  utf8,
} from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { describe, expect, it } from 'vitest';
import { mcl as engine } from '../support/engines.ts';
import { codeOf, codeOfAsync, scalar, seededRandom } from '../support/helpers.ts';

type Ceremony = dkg.DkgCeremony<G1Point>;
type Message = dkg.DkgMessage<G1Point>;
const suite = dkg.deployedSuite(engine);
const { g1, g2 } = engine;
const COMMITTEE = `0x${'5a'.repeat(32)}`;
const committeeId = new Uint8Array(32).fill(0x5a);
const publicOf = (key: Uint8Array) => g1.mul(g1.generator, key);

/** A committee of parties with keys 1000, 1001, … (or the given ones). */
function committee(weights: readonly number[], threshold: number, firstKey = 1000) {
  const keys = weights.map((_, i) => scalar(firstKey + i));
  const nodes = dkg.makeNodes(
    g1,
    keys.map((key, id) => ({ id, publicKey: publicOf(key), weight: weights[id]! })),
  );
  const oracle = dkg.RandomOracle.forCommittee(COMMITTEE);
  return { keys, ceremony: { suite, nodes, threshold, oracle } satisfies Ceremony };
}

async function deal(ceremony: Ceremony, key: Uint8Array, secret?: Uint8Array): Promise<Message> {
  const random = seededRandom(`deal ${key.join()}`);
  const polynomial = dkg.samplePolynomial(random, ceremony.threshold, secret);
  return dkg.createDkgMessage(ceremony, { encryptionKey: key, random }, polynomial);
}

const processAll = (ceremony: Ceremony, key: Uint8Array, messages: readonly Message[]) =>
  Promise.all(messages.map((m) => dkg.processDkgMessage(ceremony, { encryptionKey: key }, m)));

describe('member keys', () => {
  it('are fresh, belong together and stay out of logs', () => {
    const keys = dkg.generateDkgKeys(suite);
    expect(g1.equal(keys.encryptionPublicKey, publicOf(keys.encryptionKey))).toBe(true);
    const signature = dkg.blsSign(engine, keys.signingKey, utf8('m'));
    expect(dkg.blsVerify(engine, keys.signingPublicKey, utf8('m'), signature)).toBe(true);
    expect(keys.encryptionKey).not.toEqual(keys.signingKey);
    expect(Object.keys(keys)).toEqual(['encryptionPublicKey', 'signingPublicKey']);
  });
  it('are never zero', () => {
    let draws = 0;
    const zerosFirst = (n: number) => new Uint8Array(n).fill(draws++ < 2 ? 0 : 7);
    const { encryptionKey } = dkg.generateDkgKeys(suite, zerosFirst);
    expect(encryptionKey.some((byte) => byte !== 0)).toBe(true);
    const zeros = () => dkg.generateDkgKeys(suite, (n) => new Uint8Array(n));
    expect(codeOf(zeros)).toBe('RANDOM_SOURCE_FAILED');
  });
});

describe('nodes', () => {
  const node = (id: number, weight = 1) => ({ id, weight, publicKey: publicOf(scalar(id + 1)) });

  it('deals out share indices in id order, whatever the order of the list', () => {
    const nodes = dkg.makeNodes(g1, [node(2, 3), node(0, 2), node(1, 0)]);
    expect([0, 1, 2].map((id) => nodes.shareIndices(id))).toEqual([[1, 2], [], [3, 4, 5]]);
    expect(nodes.totalWeight).toBe(5);
    expect(nodes.get(3)).toBeUndefined();
    expect(codeOf(() => nodes.shareIndices(3))).toBe('INVALID_INPUT');
  });

  it.each([
    ['no parties', []],
    ['a missing id', [node(0), node(2)]],
    ['ids from 1', [node(1), node(2)]],
    ['a duplicate id', [node(0), node(1), { ...node(2), id: 1 }]],
    ['zero total weight', [node(0, 0), node(1, 0)]],
    ['too large a weight', [node(0, dkg.MAX_TOTAL_WEIGHT + 1)]],
    ['too large a total weight', [node(0, dkg.MAX_TOTAL_WEIGHT), node(1, 1)]],
    ['a negative weight', [node(0, -1), node(1, 3)]],
    ['a fractional weight', [node(0, 1.5)]],
    ['a duplicate key', [node(0), { ...node(0), id: 1 }]],
    ['the identity as key', [node(0), { ...node(1), publicKey: g1.identity }]],
  ])('refuses %s', (_, list) => {
    expect(codeOf(() => dkg.makeNodes(g1, list))).toBe('INVALID_INPUT');
  });

  it('takes the largest committee and weight, and no more', () => {
    const list = Array.from({ length: dkg.MAX_NODES + 1 }, (_, id) => node(id));
    expect(dkg.makeNodes(g1, list.slice(0, -1)).totalWeight).toBe(dkg.MAX_NODES);
    expect(codeOf(() => dkg.makeNodes(g1, list))).toBe('INVALID_INPUT');
    const heavy = dkg.makeNodes(g1, [node(0, dkg.MAX_TOTAL_WEIGHT - 1), node(1, 1)]);
    expect(heavy.shareIndices(1)).toEqual([dkg.MAX_TOTAL_WEIGHT]);
  });
});

describe('random oracle', () => {
  it('takes full-width lower-case committee ids only', () => {
    for (const bad of ['', '0x1', 'ab'.repeat(32), `0x${'AB'.repeat(32)}`, `${COMMITTEE}0`]) {
      expect(codeOf(() => dkg.RandomOracle.forCommittee(bad))).toBe('INVALID_INPUT');
    }
  });
  it('derives the published prefixes', () => {
    const root = dkg.RandomOracle.forCommittee(COMMITTEE);
    expect(dkg.encryptionOracle(root, 7).prefix).toBe(`SEAL_DKG_V0:${COMMITTEE}-encs 7`);
    expect(dkg.recoveryOracle(root, 1, 20).prefix).toBe(
      `SEAL_DKG_V0:${COMMITTEE}-recovery of 1 received from 20`,
    );
    expect(dkg.secretProofOracle(root, 3).prefix).toBe(
      `SEAL_DKG_V0:${COMMITTEE}-nizkpok of secret from 3`,
    );
  });
});

describe('proofs', () => {
  const oracle = new dkg.RandomOracle('proofs');
  const x = scalar(31337);
  const h = g1.hash(utf8('h'));
  const statement = { h, xg: publicOf(x), xh: g1.mul(h, x) };
  const ddh = dkg.proveDdh(g1, seededRandom('ddh'), oracle, x, statement);
  const dl = dkg.proveDl(g2, seededRandom('dl'), oracle, x, publicKeyFromMasterKey(engine, x));

  it('verify', () => {
    dkg.verifyDdh(g1, oracle, statement, ddh);
    dkg.verifyDl(g2, oracle, publicKeyFromMasterKey(engine, x), dl);
  });

  it('fail for anything else', () => {
    const refuse = (s: typeof statement, proof: typeof ddh, o = oracle) =>
      expect(codeOf(() => dkg.verifyDdh(g1, o, s, proof))).toBe('INVALID_PROOF');
    refuse(statement, ddh, oracle.extend('other'));
    refuse(statement, { ...ddh, a: g1.generator });
    refuse(statement, { ...ddh, b: g1.generator });
    refuse(statement, { ...ddh, z: scalarAdd(ddh.z, scalar(1)) });
    refuse({ ...statement, xh: g1.mul(h, scalar(2)) }, ddh);
    refuse({ ...statement, h: g1.generator }, ddh);
    for (const part of ['h', 'xg', 'xh']) refuse({ ...statement, [part]: g1.identity }, ddh);
    const refuseDl = (xg: G2Point, proof: typeof dl) =>
      expect(codeOf(() => dkg.verifyDl(g2, oracle, xg, proof))).toBe('INVALID_PROOF');
    refuseDl(g2.generator, dl);
    refuseDl(g2.identity, dl);
    refuseDl(publicKeyFromMasterKey(engine, x), { ...dl, z: scalar(1) });
  });

  it('do not prove unequal logarithms', () => {
    const unequal = { ...statement, xh: g1.mul(h, scalar(31338)) };
    const forged = dkg.proveDdh(g1, seededRandom('forged'), oracle, x, unequal);
    expect(codeOf(() => dkg.verifyDdh(g1, oracle, unequal, forged))).toBe('INVALID_PROOF');
  });
});

describe('evaluating a commitment', () => {
  it.each([0, 1, 2, 3, 7, 20])('of %i coefficients gives the same in both ways', (length) => {
    const random = seededRandom(`evaluate ${length}`);
    const polynomial = length === 0 ? [] : dkg.samplePolynomial(random, length);
    const commitment = dkg.commitPolynomial(engine, polynomial);
    const count = length + 3;
    const all = dkg.evaluateCommitmentUpTo(engine, commitment, count);
    expect(all).toHaveLength(count);
    for (const [i, value] of all.entries()) {
      const secret = dkg.evaluatePolynomial(polynomial, i + 1);
      expect(g2.equal(value, g2.mul(g2.generator, secret))).toBe(true);
      expect(g2.equal(value, dkg.evaluateCommitment(engine, commitment, i + 1))).toBe(true);
    }
  });
  it('takes identities among the coefficients', () => {
    const polynomial = [5, 0, 7, 0, 0].map(scalar);
    const commitment = dkg.commitPolynomial(engine, polynomial);
    for (const [i, value] of dkg.evaluateCommitmentUpTo(engine, commitment, 8).entries()) {
      expect(g2.equal(value, dkg.evaluateCommitment(engine, commitment, i + 1))).toBe(true);
    }
    expect(dkg.evaluateCommitmentUpTo(engine, commitment, 0)).toEqual([]);
  });
});

describe('creating a message', () => {
  const { keys, ceremony } = committee([1, 1, 0], 2);
  const polynomial = dkg.samplePolynomial(seededRandom('p'), 2);
  it.each([
    ['threshold 0', { ...ceremony, threshold: 0 }, keys[0]!],
    ['threshold 1', { ...ceremony, threshold: 1 }, keys[0]!],
    ['threshold above the weight', { ...ceremony, threshold: 3 }, keys[0]!],
    ['old threshold 0', { ...ceremony, oldThreshold: 0 }, keys[0]!],
    ['a key of nobody', ceremony, scalar(5)],
    ['a party of weight 0', ceremony, keys[2]!],
  ])('refuses %s', async (_, c: Ceremony, encryptionKey) => {
    const attempt = dkg.createDkgMessage(c, { encryptionKey }, polynomial);
    expect(await codeOfAsync(attempt)).toBe('INVALID_INPUT');
  });
  it('refuses a polynomial of another degree', async () => {
    const encryptionKey = keys[0]!;
    for (const bad of [polynomial.slice(1), [...polynomial, scalar(1)]]) {
      const attempt = dkg.createDkgMessage(ceremony, { encryptionKey }, bad);
      expect(await codeOfAsync(attempt)).toBe('INVALID_INPUT');
    }
    expect(codeOf(() => dkg.samplePolynomial(seededRandom('x'), 0))).toBe('INVALID_INPUT');
    const zero = () => dkg.samplePolynomial(seededRandom('x'), 2, scalar(0));
    expect(codeOf(zero)).toBe('INVALID_SCALAR');
    const short = new Uint8Array(31);
    expect(codeOf(() => dkg.samplePolynomial(seededRandom('x'), 2, short))).toBe('INVALID_LENGTH');
  });
});

describe('checking a message', async () => {
  const { keys, ceremony } = committee([1, 1, 1, 0], 2);
  const good = await deal(ceremony, keys[0]!);
  const foreign = await deal(ceremony, keys[1]!);
  const { encryptedShares: sealed } = good;

  it.each<[string, Partial<Message>]>([
    ['an unknown sender', { sender: 4 }],
    ['a sender of weight 0', { sender: 3 }],
    ['another sender’s name', { sender: 1 }],
    ['no commitment', { commitment: [] }],
    ['too few commitments', { commitment: good.commitment.slice(1) }],
    ['too many commitments', { commitment: [...good.commitment, g2.generator] }],
    ['a zero secret', { commitment: [g2.identity, good.commitment[1]!] }],
    [
      'a missing ciphertext',
      { encryptedShares: { ...sealed, encryptions: sealed.encryptions.slice(1) } },
    ],
    [
      'an empty ciphertext',
      {
        encryptedShares: {
          ...sealed,
          encryptions: sealed.encryptions.map(() => new Uint8Array(0)),
        },
      },
    ],
    ['a replaced second key', { encryptedShares: { ...sealed, cHat: g1.generator } }],
    ['a replaced first key', { encryptedShares: { ...sealed, c: g1.generator } }],
    [
      'a proof of another message',
      { encryptedShares: { ...sealed, proof: foreign.encryptedShares.proof } },
    ],
  ])('refuses %s', async (_, change) => {
    const deps = { encryptionKey: keys[1]! };
    const attempt = dkg.processDkgMessage(ceremony, deps, { ...good, ...change });
    expect(await codeOfAsync(attempt)).toBe('INVALID_DKG_MESSAGE');
  });

  const complaints: [string, Message][] = [
    [
      'swapped ciphertexts',
      {
        ...good,
        encryptedShares: {
          ...sealed,
          encryptions: [1, 0, 2, 3].map((i) => sealed.encryptions[i]!),
        },
      },
    ],
    ['shares of another polynomial', { ...good, commitment: foreign.commitment }],
    [
      'a ciphertext that is too long',
      {
        ...good,
        encryptedShares: { ...sealed, encryptions: sealed.encryptions.map((e) => concat(e, e)) },
      },
    ],
    [
      'a ciphertext that is too short',
      {
        ...good,
        encryptedShares: { ...sealed, encryptions: sealed.encryptions.map((e) => e.slice(0, 1)) },
      },
    ],
  ];
  it.each(complaints)('complains about %s, and others agree', async (_, message) => {
    const processed = await dkg.processDkgMessage(ceremony, { encryptionKey: keys[1]! }, message);
    expect(processed.shares).toEqual([]);
    const complaint = processed.complaint!;
    expect(complaint.accused).toBe(0);
    const bytes = dkg.encodeComplaint(suite, complaint);
    expect(bytes.length).toBe(178);
    const received = dkg.decodeComplaint(suite, bytes);
    expect(await dkg.isComplaintValid(ceremony, 1, received, message)).toBe(true);
    expect(await dkg.isComplaintValid(ceremony, 2, received, message)).toBe(false);
    expect(await dkg.isComplaintValid(ceremony, 9, received, message)).toBe(false);
    const elsewhere = { ...ceremony, oracle: ceremony.oracle.extend('x') };
    expect(await dkg.isComplaintValid(elsewhere, 1, received, message)).toBe(false);
  });

  it('gives a party of weight 0 nothing, and no complaint', async () => {
    const processed = await dkg.processDkgMessage(ceremony, { encryptionKey: keys[3]! }, good);
    expect([processed.shares, processed.complaint]).toEqual([[], undefined]);
  });
});

describe('encodings', async () => {
  const { keys, ceremony } = committee([1, 1, 1], 2);
  const signed = await dkg.createSignedMessage(
    ceremony,
    { encryptionKey: keys[0]!, random: seededRandom('enc') },
    { committeeId, signingKey: scalar(3) },
  );
  const bytes = dkg.encodeSignedMessage(suite, signed);
  const decode = (b: Uint8Array) => dkg.decodeSignedMessage(suite, b);

  it('have the published size', () => {
    expect(bytes.length).toBe(404 + 96 * 2 + 34 * 3);
    expect(dkg.encodeSignedMessage(suite, decode(bytes))).toEqual(bytes);
  });

  it('refuse every truncation and any extension', () => {
    for (const length of [0, 1, 2, 3, 98, 99, 250, 300, bytes.length - 1]) {
      expect(codeOf(() => decode(bytes.slice(0, length)))).toBe('INVALID_DKG_MESSAGE');
    }
    expect(codeOf(() => decode(concat(bytes, Uint8Array.of(0))))).toBe('INVALID_DKG_MESSAGE');
  });

  it('refuse counts that are long, huge or not minimal', () => {
    const withCount = (...count: number[]) =>
      concat(bytes.slice(0, 2), Uint8Array.from(count), bytes.slice(3));
    for (const count of [
      [0x82, 0x00],
      [0x82, 0x80, 0x00],
      [0xff, 0xff, 0xff, 0xff, 0x7f],
      [0x7f],
      [0xff, 0xff, 0x03],
    ]) {
      expect(codeOf(() => decode(withCount(...count)))).toBe('INVALID_DKG_MESSAGE');
    }
  });

  it('refuse bad points, scalars and trivial proofs', () => {
    const patched = (offset: number, patch: Uint8Array) => {
      const copy = bytes.slice();
      copy.set(patch, offset);
      return copy;
    };
    const proofAt = bytes.length - 128;
    const g2Identity = g2.toBytes(g2.identity);
    for (const bad of [
      patched(3, new Uint8Array(96)),
      patched(3, Uint8Array.of(0xff)),
      patched(proofAt, g2Identity),
      patched(proofAt + 96, new Uint8Array(32)),
      patched(proofAt + 96, new Uint8Array(32).fill(0xff)),
      patched(proofAt - 48, new Uint8Array(48)),
    ]) {
      expect(codeOf(() => decode(bad))).toBe('INVALID_DKG_MESSAGE');
    }
  });

  it('are bounded in size', () => {
    const long = new Uint8Array(dkg.MAX_DKG_MESSAGE_BYTES + 1);
    expect(() => decode(long)).toThrow(/more than 400000/);
    expect(() => decode(long.subarray(1))).toThrow(/DKG encoding/);
    expect(() => decode(long.subarray(1))).not.toThrow(/more than/);
  });
});

describe('merging and completing', async () => {
  const { keys, ceremony } = committee([1, 1, 1], 2);
  const messages = await Promise.all(keys.map((key) => deal(ceremony, key)));
  const processed = await processAll(ceremony, keys[0]!, messages);
  const complaint = { accused: 1, recovery: {} as dkg.RecoveryPackage<G1Point> };
  const spoiled = { ...processed[1]!, shares: [], complaint };

  it('keeps the first of repeated senders', () => {
    const again = { ...processed[0]!, shares: [] };
    const { used } = dkg.mergeMessages(ceremony, 0, [...processed, again]);
    expect(used).toEqual(processed);
  });

  it('needs the weight of the threshold, the old one in a rotation', () => {
    const first = processed[0]!;
    const attempt = (c: Ceremony, list: typeof processed) =>
      codeOf(() => dkg.mergeMessages(c, 0, list));
    expect(attempt(ceremony, [])).toBe('NOT_ENOUGH_MESSAGES');
    expect(attempt(ceremony, [first])).toBe('NOT_ENOUGH_MESSAGES');
    expect(attempt(ceremony, [first, first])).toBe('NOT_ENOUGH_MESSAGES');
    expect(attempt({ ...ceremony, oldThreshold: 3 }, processed.slice(1))).toBe(
      'NOT_ENOUGH_MESSAGES',
    );
    expect(dkg.mergeMessages({ ...ceremony, oldThreshold: 1 }, 0, [first]).used).toEqual([first]);
  });

  it('collects complaints, but not only complaints', () => {
    const { confirmation } = dkg.mergeMessages(ceremony, 2, [processed[0]!, spoiled]);
    expect(confirmation).toEqual({ sender: 2, complaints: [complaint] });
    const all = processed.map((p) => ({ ...p, complaint }));
    expect(codeOf(() => dkg.mergeMessages(ceremony, 0, all))).toBe('INVALID_DKG_MESSAGE');
    expect(dkg.completeFresh(ceremony, [processed[0]!, spoiled]).shares).toBeUndefined();
    expect(codeOf(() => dkg.completeFresh(ceremony, []))).toBe('NOT_ENOUGH_MESSAGES');
  });

  it.each<[string, Partial<Ceremony>, [number, number][], number]>([
    [
      'no old threshold',
      {},
      [
        [0, 0],
        [1, 1],
      ],
      2,
    ],
    [
      'too few messages',
      { oldThreshold: 2 },
      [
        [0, 0],
        [1, 1],
      ],
      1,
    ],
    [
      'too many messages',
      { oldThreshold: 2 },
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      3,
    ],
    [
      'two parties from one',
      { oldThreshold: 2 },
      [
        [0, 0],
        [1, 0],
      ],
      2,
    ],
    [
      'an unknown new party',
      { oldThreshold: 2 },
      [
        [0, 0],
        [1, 1],
        [7, 3],
      ],
      2,
    ],
    [
      'a dealer from outside',
      { oldThreshold: 2 },
      [
        [0, 0],
        [2, 1],
      ],
      2,
    ],
    [
      'an old party before the first',
      { oldThreshold: 2 },
      [
        [0, -1],
        [1, 1],
      ],
      2,
    ],
    [
      'an old party that is no number',
      { oldThreshold: 2 },
      [
        [0, 0.5],
        [1, Number.NaN],
      ],
      2,
    ],
    [
      'an old party beyond the largest committee',
      { oldThreshold: 2 },
      [
        [0, 0],
        [1, dkg.MAX_NODES],
      ],
      2,
    ],
  ])('refuses a rotation with %s', (_, change, map, count) => {
    const attempt = () =>
      dkg.completeRotation({ ...ceremony, ...change }, processed.slice(0, count), new Map(map));
    expect(codeOf(attempt)).toBe('INVALID_INPUT');
  });

  it('takes the last old party of the largest committee', () => {
    const last = new Map([
      [0, 0],
      [1, dkg.MAX_NODES - 1],
    ]);
    const rotation = { ...ceremony, oldThreshold: 2 };
    expect(dkg.completeRotation(rotation, processed.slice(0, 2), last).shares).toHaveLength(1);
  });

  it('counts no party twice', () => {
    const twice = [processed[0]!, processed[0]!];
    expect(codeOf(() => dkg.completeFresh(ceremony, twice))).toBe('INVALID_INPUT');
    const rotation = { ...ceremony, oldThreshold: 2 };
    const map = new Map([[0, 0]]);
    expect(codeOf(() => dkg.completeRotation(rotation, twice, map))).toBe('INVALID_INPUT');
  });

  it('refuses a weighted rotation', () => {
    const weighted = committee([2, 1], 2);
    const c = { ...weighted.ceremony, oldThreshold: 2 };
    const attempt = () =>
      dkg.completeRotation(
        c,
        processed.slice(0, 2),
        new Map([
          [0, 0],
          [1, 1],
        ]),
      );
    expect(codeOf(attempt)).toBe('INVALID_INPUT');
  });

  it('needs confirmations of weight 2t − 1, and removes false accusers', async () => {
    const empty = (sender: number) => ({ sender, complaints: [] });
    const tooFew = [empty(0), empty(1), empty(1), empty(9)];
    const attempt = dkg.completeWithConfirmations(ceremony, processed, tooFew);
    expect(await codeOfAsync(attempt)).toBe('NOT_ENOUGH_MESSAGES');
    const recovery = dkg.makeRecoveryPackage(
      g1,
      seededRandom('r'),
      dkg.recoveryOracle(ceremony.oracle, 2, 1),
      keys[2]!,
      messages[1]!.encryptedShares,
    );
    const liar = {
      sender: 2,
      complaints: [
        { accused: 1, recovery },
        { accused: 0, recovery },
      ],
    };
    const judged = await dkg.completeWithConfirmations(ceremony, processed, [
      empty(0),
      empty(1),
      liar,
    ]);
    const honest = dkg.completeFresh(ceremony, processed.slice(0, 2));
    expect(judged).toEqual(honest);
    const unknown = { sender: 2, complaints: [{ accused: 8, recovery }] };
    const alike = await dkg.completeWithConfirmations(ceremony, processed, [
      empty(0),
      empty(1),
      unknown,
    ]);
    expect(alike).toEqual(honest);
  });
});
