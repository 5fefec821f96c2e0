/** Known answers of the DKG spec §17, on both engines. */

import { sha3_512 } from '@noble/hashes/sha3.js';
import {
  type Engine,
  fromHex,
  type G2Point,
  scalarFromWideBytes,
  toHex,
  utf8,
} from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { describe, expect, it } from 'vitest';
import deployed from '../../../../vectors/crypto/dkg-deployed.json' with { type: 'json' };
import encodings from '../../../../vectors/crypto/dkg-encodings.json' with { type: 'json' };
import reference from '../../../../vectors/crypto/dkg-reference.json' with { type: 'json' };
import { stdRng } from '../support/chacha12.ts';
import { engines } from '../support/engines.ts';
import { codeOf, codeOfAsync, flipped, scalar } from '../support/helpers.ts';

const bcsString = (text: string) => Uint8Array.of(text.length, ...utf8(text));

describe('17.1 random oracle and reduction', () => {
  const { prefix, bcsStringText, output } = reference.randomOracle;
  it('matches', () => {
    const oracle = new dkg.RandomOracle(prefix);
    expect(toHex(oracle.evaluate(bcsString(bcsStringText)))).toBe(output);
    for (const other of [new dkg.RandomOracle('abcd'), oracle.extend('def'), oracle.extend('')]) {
      expect(toHex(other.evaluate(bcsString(bcsStringText)))).not.toBe(output);
    }
    expect(oracle.extend('').prefix).toBe('abc-');
  });
  it.each(reference.reduction)('reduces $input', ({ input, scalar: expected }) => {
    expect(toHex(scalarFromWideBytes(fromHex(input)))).toBe(expected);
  });
});

describe.each(engines)('17.1 BLS and 17.2 encodings on %s', (_, engine) => {
  it('signs and verifies', () => {
    const { messageText, secretKey, publicKey, signature } = reference.bls;
    const signed = dkg.blsSign(engine, fromHex(secretKey), utf8(messageText));
    expect(toHex(engine.g1.toBytes(signed))).toBe(signature);
    const key = engine.g2.fromBytes(fromHex(publicKey));
    expect(dkg.blsVerify(engine, key, utf8(messageText), signed)).toBe(true);
    expect(dkg.blsVerify(engine, key, utf8('hello'), signed)).toBe(false);
    expect(dkg.blsVerify(engine, engine.g2.generator, utf8(messageText), signed)).toBe(false);
    const { identity } = engine.g1;
    expect(dkg.blsVerify(engine, engine.g2.identity, utf8(messageText), identity)).toBe(false);
    expect(codeOf(() => dkg.blsSign(engine, scalar(0), utf8('x')))).toBe('INVALID_SCALAR');
  });

  it('encodes and decodes', () => {
    expect(toHex(engine.g1.toBytes(engine.g1.generator))).toBe(encodings.g1);
    expect(toHex(engine.g2.toBytes(engine.g2.generator))).toBe(encodings.g2);
    const { encryptionKey, signingKey } = encodings.testnetCommittee;
    expect(engine.g1.isIdentity(engine.g1.fromBytes(fromHex(encryptionKey)))).toBe(false);
    expect(engine.g2.isIdentity(engine.g2.fromBytes(fromHex(signingKey)))).toBe(false);
  });

  it.each(encodings.hashToCurve)(
    'hashes "$messageText" to $group',
    ({ group, messageText, point }) => {
      const bytes =
        group === 'G1'
          ? engine.g1.toBytes(engine.g1.hash(utf8(messageText)))
          : engine.g2.toBytes(engine.g2.hash(utf8(messageText)));
      expect(toHex(bytes)).toBe(point);
    },
  );
});

/** The reference instantiation: encryption keys in G2 too. */
const inG2 = (engine: Engine): dkg.DkgSuite<G2Point> => ({ engine, keys: engine.g2 });

describe.each(engines)('17.1 ECIES in G2 on %s', (_, engine) => {
  const { g2 } = engine;
  const v = reference.ecies;
  const oracle = new dkg.RandomOracle(v.prefix);
  const secrets = Array.from({ length: v.receivers }, (_x, i) => scalar(v.secretKeyStep * i));
  const texts = secrets.map(
    (_x, i) => `test ${i} 12345678901234567890123456789012345678901234567890`,
  );
  const recipients = secrets.map((secret, i) => ({
    publicKey: g2.mul(g2.generator, secret),
    plaintext: utf8(texts[i]!),
  }));

  it('reproduces encryption and recovery package, and opens both ways', async () => {
    const random = stdRng(1);
    const sealed = await dkg.eciesEncrypt(g2, random, oracle, recipients);
    expect(toHex(dkg.encodeMultiRecipient(g2, sealed))).toBe(v.encryption);
    dkg.eciesVerify(g2, oracle, sealed);
    for (const [i, secret] of secrets.entries()) {
      const opened = await dkg.eciesDecrypt(g2, oracle, secret, sealed, i);
      expect(opened).toEqual(utf8(texts[i]!));
    }
    const recovery = dkg.makeRecoveryPackage(g2, random, oracle, secrets[1]!, sealed);
    expect(toHex(dkg.encodeRecoveryPackage(g2, recovery))).toBe(v.recoveryOfReceiver1);
    const receiver = { index: 1, publicKey: recipients[1]!.publicKey };
    const context = { recovery: oracle, encryption: oracle, receiver };
    const opened = await dkg.openWithRecoveryPackage(g2, context, sealed, recovery);
    expect(opened).toEqual(utf8(texts[1]!));

    const elsewhere = { ...context, recovery: oracle.extend('other') };
    const otherReceiver = {
      ...context,
      receiver: { index: 2, publicKey: recipients[2]!.publicKey },
    };
    for (const wrong of [elsewhere, otherReceiver]) {
      const attempt = dkg.openWithRecoveryPackage(g2, wrong, sealed, recovery);
      expect(await codeOfAsync(attempt)).toBe('INVALID_PROOF');
    }
    const other = await dkg.eciesEncrypt(g2, random, oracle, recipients);
    const onOther = dkg.openWithRecoveryPackage(g2, context, other, recovery);
    expect(await codeOfAsync(onOther)).toBe('INVALID_PROOF');
    const beyond = dkg.eciesDecrypt(g2, oracle, secrets[1]!, sealed, v.receivers);
    expect(await codeOfAsync(beyond)).toBe('INVALID_INPUT');
  });
});

describe.each(engines)('17.1 weighted DKG in G2 on %s', (_, engine) => {
  const v = reference.dkg;
  it('reproduces message, confirmation and proof', async () => {
    const random = stdRng(1);
    const draw = () => scalarFromWideBytes(random(64));
    const suite = inG2(engine);
    const keys = v.weights.map(draw);
    const nodes = dkg.makeNodes(
      suite.keys,
      keys.map((key, id) => ({
        id,
        publicKey: engine.g2.mul(engine.g2.generator, key),
        weight: v.weights[id]!,
      })),
    );
    const oracle = new dkg.RandomOracle(v.prefix);
    const ceremony = { suite, nodes, threshold: v.threshold, oracle };
    const polynomials = [0, 1, 2, 3].map(() => dkg.samplePolynomial(random, v.threshold));
    const deal = (id: number) =>
      dkg.createDkgMessage(ceremony, { encryptionKey: keys[id]!, random }, polynomials[id]!);
    const first = await deal(0);
    expect(toHex(dkg.encodeDkgMessage(suite, first))).toBe(v.message);
    expect(dkg.encodeDkgMessage(suite, dkg.decodeDkgMessage(suite, fromHex(v.message)))).toEqual(
      fromHex(v.message),
    );
    const second = await deal(1);
    const third = await deal(3);
    // Party 3 cheats: the entries for parties 0 and 1 are swapped.
    const recipients = nodes.list.map(({ id, publicKey }) => {
      const shares = nodes.shareIndices(id).map((j) => dkg.evaluatePolynomial(polynomials[3]!, j));
      return {
        publicKey,
        plaintext: Uint8Array.of(shares.length, ...shares.flatMap((s) => [...s])),
      };
    });
    const [a, b, ...rest] = recipients;
    const swapped = await dkg.eciesEncrypt(suite.keys, random, oracle.extend('encs 3'), [
      b!,
      a!,
      ...rest,
    ]);
    const cheat = { ...third, encryptedShares: swapped };
    const me = { encryptionKey: keys[0]!, random };
    const processed = [];
    for (const message of [first, second]) {
      processed.push(await dkg.processDkgMessage(ceremony, me, message));
      random(16); // the reference draws two 64-bit factors for its randomized share check
    }
    processed.push(await dkg.processDkgMessage(ceremony, me, cheat));
    const { confirmation, used } = dkg.mergeMessages(ceremony, 0, processed);
    expect(toHex(dkg.encodeConfirmation(suite, confirmation))).toBe(v.confirmation);
    expect(
      dkg.encodeConfirmation(suite, dkg.decodeConfirmation(suite, fromHex(v.confirmation))),
    ).toEqual(fromHex(v.confirmation));
    const secretOracle = dkg.secretProofOracle(oracle, 0);
    const [secret] = polynomials[0]!;
    const proof = dkg.proveDl(engine.g2, random, secretOracle, secret!, first.commitment[0]!);
    expect(toHex(dkg.encodeDlProof(engine.g2, proof))).toBe(v.secretProof);
    dkg.verifyDl(engine.g2, secretOracle, first.commitment[0]!, proof);

    const [complaint] = confirmation.complaints;
    expect(await dkg.isComplaintValid(ceremony, 0, complaint!, cheat)).toBe(true);
    expect(await dkg.isComplaintValid(ceremony, 1, complaint!, cheat)).toBe(false);
    expect(await dkg.isComplaintValid(ceremony, 0, complaint!, first)).toBe(false);
    const output = await dkg.completeWithConfirmations(ceremony, used, [
      confirmation,
      { sender: 4, complaints: [] },
    ]);
    expect(output.shares?.map(({ index }) => index)).toEqual([1, 2]);
    expect(dkg.completeFresh(ceremony, used).shares).toBeUndefined();
  });
});

/** The randomness of §17.3: the k-th draw of label L is SHA3-512(`L:k`). */
function labelled(label: string) {
  let k = 0;
  return (n: number) => sha3_512(utf8(`${label}:${k++}`)).slice(0, n);
}

type Ceremony = (typeof deployed)['fresh'] | (typeof deployed)['rotation'];

function setUp(engine: Engine, v: Ceremony, oldThreshold?: number) {
  const suite = dkg.deployedSuite(engine);
  const nodes = dkg.makeNodes(
    suite.keys,
    v.parties.map((p) => ({
      id: p.party_id,
      publicKey: engine.g1.fromBytes(fromHex(p.enc_pk)),
      weight: 1,
    })),
  );
  const oracle = dkg.RandomOracle.forCommittee(v.committee_id);
  expect(oracle.prefix).toBe(v.ro_prefix);
  const base = { suite, nodes, threshold: v.t, oracle };
  const ceremony: dkg.DkgCeremony<(typeof engine.g1)['generator']> =
    oldThreshold === undefined ? base : { ...base, oldThreshold };
  const signingKeys = new Map(
    v.parties.map((p) => [p.party_id, engine.g2.fromBytes(fromHex(p.signing_pk))]),
  );
  return { suite, ceremony, signingKeys, committeeId: fromHex(v.committee_id) };
}

function expectOutputs(
  engine: Engine,
  v: Ceremony,
  ceremony: dkg.DkgCeremony<unknown>,
  party: number,
  output: dkg.DkgOutput,
) {
  const hexes = (points: readonly G2Point[]) => points.map((p) => toHex(engine.g2.toBytes(p)));
  expect(hexes(output.commitment)).toEqual(v.output.vss_pk);
  expect(hexes(output.commitment)[0]).toBe(v.output.key_server_pk);
  expect(hexes(dkg.partialPublicKeys(ceremony, output.commitment))).toEqual(v.output.partial_pks);
  expect(output.shares).toEqual([
    { index: party + 1, value: fromHex(v.output.master_shares[party]!) },
  ]);
}

describe.each(engines)('17.3 deployed ceremonies on %s', (_, engine) => {
  it('fresh: every dealer reproduces its message, every party its outputs', async () => {
    const v = deployed.fresh;
    const { suite, ceremony, signingKeys, committeeId } = setUp(engine, v);
    for (const { sender, signed_message: expected } of v.messages) {
      const party = v.parties[sender]!;
      const signed = await dkg.createSignedMessage(
        ceremony,
        { encryptionKey: fromHex(party.enc_sk), random: labelled(`fresh/rng/${sender}`) },
        { committeeId, signingKey: fromHex(party.signing_sk) },
      );
      expect(toHex(dkg.encodeSignedMessage(suite, signed))).toBe(expected);
    }
    const signed = v.messages.map((m) => dkg.decodeSignedMessage(suite, fromHex(m.signed_message)));
    expect(toHex(dkg.messagesHash(suite, signed))).toBe(v.messages_hash);
    expect(toHex(dkg.messagesHash(suite, signed.toReversed()))).toBe(v.messages_hash);
    for (const party of v.parties) {
      const deps = { encryptionKey: fromHex(party.enc_sk) };
      const processed = await Promise.all(
        signed.map((m) =>
          dkg.processSignedMessage(ceremony, deps, m, { committeeId, signingKeys }),
        ),
      );
      const { used, confirmation } = dkg.mergeMessages(ceremony, party.party_id, processed);
      expect(confirmation.complaints).toEqual([]);
      expectOutputs(engine, v, ceremony, party.party_id, dkg.completeFresh(ceremony, used));
    }
  });

  it('fresh: the intermediate values of party 0', async () => {
    const v = deployed.fresh.party_0_intermediates;
    const { suite, ceremony } = setUp(engine, deployed.fresh);
    const { g1 } = engine;
    const { message } = dkg.decodeSignedMessage(
      suite,
      fromHex(deployed.fresh.messages[0]!.signed_message),
    );
    const oracle = dkg.encryptionOracle(ceremony.oracle, 0);
    expect(toHex(g1.toBytes(message.encryptedShares.c))).toBe(v.c);
    expect(toHex(g1.toBytes(message.encryptedShares.cHat))).toBe(v.c_hat);
    const output = oracle.extend('g_hat').evaluate(fromHex(v.c));
    expect(toHex(output)).toBe(v.g_hat_oracle_output);
    expect(toHex(g1.toBytes(g1.hash(output)))).toBe(v.g_hat);
    expect(toHex(message.encryptedShares.encryptions[1]!)).toBe(v.receiver_1_ciphertext);
    const key = fromHex(deployed.fresh.parties[1]!.enc_sk);
    const opened = await dkg.eciesDecrypt(g1, oracle, key, message.encryptedShares, 1);
    expect(toHex(opened)).toBe(v.receiver_1_plaintext);
  });

  it('the published complaint is well formed and unjustified', async () => {
    const v = deployed.complaint;
    const { suite, ceremony } = setUp(engine, deployed.fresh);
    const complaint = dkg.decodeComplaint(suite, fromHex(v.complaint));
    expect(complaint.accused).toBe(v.accused);
    expect(toHex(dkg.encodeComplaint(suite, complaint))).toBe(v.complaint);
    const { message } = dkg.decodeSignedMessage(
      suite,
      fromHex(deployed.fresh.messages[v.accused]!.signed_message),
    );
    const recovery = dkg.makeRecoveryPackage(
      suite.keys,
      labelled('complaint/rng'),
      dkg.recoveryOracle(ceremony.oracle, v.accuser, v.accused),
      fromHex(deployed.fresh.parties[v.accuser]!.enc_sk),
      message.encryptedShares,
    );
    expect(toHex(dkg.encodeComplaint(suite, { accused: v.accused, recovery }))).toBe(v.complaint);
    expect(await dkg.isComplaintValid(ceremony, v.accuser, complaint, message)).toBe(false);
  });

  it('rotation: old share holders reproduce their messages, every party its outputs', async () => {
    const v = deployed.rotation;
    const { suite, ceremony, signingKeys, committeeId } = setUp(engine, v, v.old_t);
    const newToOld = new Map(Object.entries(v.new_to_old).map(([n, o]) => [Number(n), o]));
    const expectedOf = (sender: number) =>
      engine.g2.fromBytes(fromHex(deployed.fresh.output.partial_pks[newToOld.get(sender)!]!));
    for (const { sender, signed_message: expected } of v.messages) {
      const party = v.parties[sender]!;
      const oldShare = fromHex(deployed.fresh.output.master_shares[newToOld.get(sender)!]!);
      const signed = await dkg.createSignedMessage(
        ceremony,
        { encryptionKey: fromHex(party.enc_sk), random: labelled(`rotation/rng/${sender}`) },
        { committeeId, signingKey: fromHex(party.signing_sk), oldShare },
      );
      expect(toHex(dkg.encodeSignedMessage(suite, signed))).toBe(expected);
      expect(oldShare.some((byte) => byte !== 0)).toBe(true);
    }
    const signed = v.messages.map((m) => dkg.decodeSignedMessage(suite, fromHex(m.signed_message)));
    expect(toHex(dkg.messagesHash(suite, signed))).toBe(v.messages_hash);
    // A rotation is never verified without the key that the old share must belong to.
    for (const m of signed) {
      const options = { committeeId, signingKeys };
      const unchecked = () => dkg.verifySignedMessage(ceremony, m, options);
      expect(codeOf(unchecked)).toBe('INVALID_DKG_MESSAGE');
      const expectedPartialKey = expectedOf(m.message.sender);
      dkg.verifySignedMessage(ceremony, m, { ...options, expectedPartialKey });
    }
    for (const party of v.parties) {
      const deps = { encryptionKey: fromHex(party.enc_sk) };
      const processed = await Promise.all(
        signed.map((m) => {
          const expectedPartialKey = expectedOf(m.message.sender);
          const options = { committeeId, signingKeys, expectedPartialKey };
          return dkg.processSignedMessage(ceremony, deps, m, options);
        }),
      );
      const { used } = dkg.mergeMessages(ceremony, party.party_id, processed);
      const output = dkg.completeRotation(ceremony, used, newToOld);
      expectOutputs(engine, v, ceremony, party.party_id, output);
    }
    expect(v.output.key_server_pk).toBe(deployed.fresh.output.key_server_pk);
  });

  it('signed messages are refused for any other committee, key or content', async () => {
    const v = deployed.fresh;
    const { suite, ceremony, signingKeys, committeeId } = setUp(engine, v);
    const signed = dkg.decodeSignedMessage(suite, fromHex(v.messages[0]!.signed_message));
    const other = dkg.decodeSignedMessage(suite, fromHex(v.messages[1]!.signed_message));
    const deps = { encryptionKey: fromHex(v.parties[1]!.enc_sk) };
    const good = { committeeId, signingKeys };
    const swapped = new Map([[0, signingKeys.get(1)!]]);
    for (const [message, options, code] of [
      [signed, { ...good, committeeId: flipped(committeeId) }, 'INVALID_SIGNATURE'],
      [signed, { ...good, signingKeys: swapped }, 'INVALID_SIGNATURE'],
      [signed, { ...good, signingKeys: new Map() }, 'INVALID_SIGNATURE'],
      [{ ...signed, signature: other.signature }, good, 'INVALID_SIGNATURE'],
      [{ ...signed, secretProof: other.secretProof }, good, 'INVALID_SIGNATURE'],
      [{ ...signed, message: { ...signed.message, sender: 1 } }, good, 'INVALID_SIGNATURE'],
      [signed, { ...good, expectedPartialKey: engine.g2.generator }, 'INVALID_DKG_MESSAGE'],
      [signed, { ...good, committeeId: committeeId.subarray(1) }, 'INVALID_LENGTH'],
    ] as const) {
      const attempt = dkg.processSignedMessage(ceremony, deps, message, options);
      expect(await codeOfAsync(attempt)).toBe(code);
      expect(codeOf(() => dkg.verifySignedMessage(ceremony, message, options))).toBe(code);
    }
    dkg.verifySignedMessage(ceremony, signed, good);
    expect(codeOf(() => dkg.messagesHash(suite, [signed, signed]))).toBe('INVALID_INPUT');
  });
});
