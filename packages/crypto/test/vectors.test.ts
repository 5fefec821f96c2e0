/** Known answers of protocol Appendix A.1 to A.6, A.9 and A.10, on both engines. */

import {
  aesGcmDecrypt,
  aesGcmEncrypt,
  aggregateEncryptedShares,
  bigintFromBytes,
  combine,
  deriveMasterKey,
  elgamalDecrypt,
  elgamalEncrypt,
  extract,
  fromHex,
  gfDiv,
  gfMul,
  hashIdentity,
  hmacCtrDecrypt,
  hmacCtrEncrypt,
  interpolate,
  lagrangeAtZero,
  proofOfPossession,
  publicKeyFromMasterKey,
  scalarAdd,
  scalarMul,
  scalarToBigint,
  shareMask,
  toHex,
  utf8,
  verifyEncryptedShare,
  verifyProofOfPossession,
  verifyUserSecretKey,
} from '@seal-ts/crypto';
import { describe, expect, it } from 'vitest';
import committee from '../../../vectors/crypto/committee.json' with { type: 'json' };
import curve from '../../../vectors/crypto/curve.json' with { type: 'json' };
import dem from '../../../vectors/crypto/dem.json' with { type: 'json' };
import derivation from '../../../vectors/crypto/derivation.json' with { type: 'json' };
import possession from '../../../vectors/crypto/possession-elgamal.json' with { type: 'json' };
import shamir from '../../../vectors/crypto/shamir.json' with { type: 'json' };
import userKeys from '../../../vectors/crypto/user-secret-keys.json' with { type: 'json' };
import { engines } from './support/engines.ts';
import { codeOf, codeOfAsync, flipped, scalar } from './support/helpers.ts';

const GF = [...Array(256).keys()];
const evaluate = (coefficients: readonly number[], x: number) =>
  coefficients.reduceRight((sum, c) => gfMul(sum, x) ^ c, 0);

describe.each(engines)('A.1 curve basics on %s', (_, engine) => {
  it.each([
    ['G1', engine.g1, curve.g1, curve.g1Times7],
    ['G2', engine.g2, curve.g2, curve.g2Times7],
  ] as const)('%s generator and its multiple', (_name, group, one, seven) => {
    expect(toHex(group.toBytes(group.generator as never))).toBe(one);
    expect(toHex(group.toBytes(group.mul(group.generator as never, scalar(7)) as never))).toBe(
      seven,
    );
    expect(toHex(group.toBytes(group.fromBytes(fromHex(seven)) as never))).toBe(seven);
  });
});

describe('A.1 scalars are big-endian', () => {
  it('reads the published bytes', () => {
    const bytes = fromHex(curve.scalar.bytes);
    expect(scalarToBigint(bytes)).toBe(BigInt(curve.scalar.bigEndian));
    expect(bigintFromBytes(bytes.toReversed())).toBe(BigInt(curve.scalar.littleEndian));
  });
});

describe.each(engines)('A.2 hashing and derivation on %s', (_, engine) => {
  it('hashes the identity', () => {
    const { bytes } = hashIdentity(engine, fromHex(derivation.hashToG1.fullId));
    expect(toHex(bytes)).toBe(derivation.hashToG1.point);
  });

  it('derives the share mask', () => {
    const v = derivation.shareMask;
    const nonce = engine.g2.mul(engine.g2.generator, scalar(v.publicScalar));
    const mask = shareMask({
      target: engine.gt.toBytes(engine.pairing(engine.g1.generator, nonce)),
      nonce: engine.g2.toBytes(nonce),
      identity: hashIdentity(engine, fromHex(v.identityMessage)).bytes,
      objectId: fromHex(v.objectId),
      index: v.index,
    });
    expect(toHex(mask)).toBe(v.mask);
  });
});

describe('A.2 master key derivation', () => {
  const v = derivation.masterKey;
  it('matches, for a number and a bigint index', () => {
    expect(toHex(deriveMasterKey(fromHex(v.seed), v.index))).toBe(v.key);
    expect(toHex(deriveMasterKey(fromHex(v.seed), BigInt(v.index)))).toBe(v.key);
  });
  it('differs for another index or seed', () => {
    expect(toHex(deriveMasterKey(fromHex(v.seed), v.index + 1))).not.toBe(v.key);
    expect(toHex(deriveMasterKey(flipped(fromHex(v.seed)), v.index))).not.toBe(v.key);
  });
});

describe('A.3 data encapsulation', () => {
  it.each(dem.aes256gcm)('AES-256-GCM: $source', async (v) => {
    const [key, aad, blob] = [fromHex(v.key), utf8(v.aadText), fromHex(v.blob)];
    expect(toHex(await aesGcmEncrypt(key, utf8(v.plaintextText), aad))).toBe(v.blob);
    expect(await aesGcmDecrypt(key, blob, aad)).toEqual(utf8(v.plaintextText));
    for (const [k, b, a] of [
      [flipped(key), blob, aad],
      [key, flipped(blob), aad],
      [key, flipped(blob, blob.length - 1), aad],
      [key, blob.subarray(1), aad],
      [key, blob.subarray(0, 15), aad],
      [key, blob, flipped(aad)],
      [key, blob, new Uint8Array(0)],
    ] as const) {
      expect(await codeOfAsync(aesGcmDecrypt(k, b, a))).toBe('DECRYPTION_FAILED');
    }
  });

  it.each(dem.hmac256ctr)('HMAC-256-CTR: $source', (v) => {
    const [key, aad, blob, mac] = [v.key, toHex(utf8(v.aadText)), v.blob, v.mac].map(fromHex) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const made = hmacCtrEncrypt(key, utf8(v.plaintextText), aad);
    expect(toHex(made.blob)).toBe(v.blob);
    expect(toHex(made.mac)).toBe(v.mac);
    expect(hmacCtrDecrypt(key, blob, aad, mac)).toEqual(utf8(v.plaintextText));
    for (const forged of [
      () => hmacCtrDecrypt(flipped(key), blob, aad, mac),
      () => hmacCtrDecrypt(key, flipped(blob), aad, mac),
      () => hmacCtrDecrypt(key, blob.subarray(1), aad, mac),
      () => hmacCtrDecrypt(key, blob, flipped(aad), mac),
      () => hmacCtrDecrypt(key, blob, aad, flipped(mac, 31)),
    ]) {
      expect(codeOf(forged)).toBe('DECRYPTION_FAILED');
    }
  });

  it.each(dem.hmac256ctrInvalid)('HMAC-256-CTR refuses: $source', (v) => {
    const open = () =>
      hmacCtrDecrypt(fromHex(v.key), fromHex(v.blob), utf8(v.aadText), fromHex(v.mac));
    expect(codeOf(open)).toBe('DECRYPTION_FAILED');
  });
});

describe('A.4 GF(256) and Shamir', () => {
  it('adds, multiplies and divides', () => {
    const { a, b, sum, product, quotient } = shamir.field;
    expect([a ^ b, gfMul(a, b), gfDiv(a, b)]).toEqual([sum, product, quotient]);
  });

  it('combines single bytes', () => {
    const shares = shamir.combineByte.points.map(([index, value]) => ({
      index: index!,
      bytes: Uint8Array.of(value!),
    }));
    expect(combine(shares)).toEqual(Uint8Array.of(shamir.combineByte.secret));
  });

  it('agrees with the published polynomial arithmetic everywhere', () => {
    const { product, evaluate: values, divide } = shamir;
    for (const x of GF) {
      const left = evaluate(product.left, x);
      expect(gfMul(left, evaluate(product.right, x))).toBe(evaluate(product.coefficients, x));
    }
    expect([0, 1, 2, 3].map((x) => evaluate(values.coefficients, x))).toEqual(values.values);
    expect(divide.coefficients.map((c) => gfDiv(c, divide.divisor))).toEqual(divide.quotient);
  });

  it('interpolates', () => {
    const at = interpolate(
      shamir.interpolate.points.map(([index, y]) => ({ index: index!, bytes: Uint8Array.of(y!) })),
    );
    for (const x of GF) expect(at(x)[0]).toBe(evaluate(shamir.interpolate.coefficients, x));
  });

  it('recovers the published secret from any two shares or all three', () => {
    const all = shamir.shares.shares.map(({ index, share }) => ({ index, bytes: fromHex(share) }));
    const secret = utf8(shamir.shares.secretText);
    for (const out of all) expect(combine(all.filter((share) => share !== out))).toEqual(secret);
    expect(combine(all)).toEqual(secret);
    expect(combine(all.slice(0, 1))).not.toEqual(secret);
  });
});

describe.each(engines)('A.6 user secret keys on %s', (_, engine) => {
  const identity = hashIdentity(engine, fromHex(userKeys.fullId));
  const elsewhere = hashIdentity(
    engine,
    fromHex(userKeys.otherPackageId + userKeys.fullId.slice(64)),
  );
  const keys = [userKeys.valid, userKeys.other].map(({ publicKey, userSecretKey }) => ({
    publicKey: engine.g2.fromBytes(fromHex(publicKey)),
    userSecretKey: engine.g1.fromBytes(fromHex(userSecretKey)),
  }));
  const [good, bad] = [keys[0]!, keys[1]!];

  it('accepts the valid pair', () => {
    expect(verifyUserSecretKey(engine, { ...good, identity })).toBe(true);
  });
  it('refuses every other combination', () => {
    for (const claim of [
      { ...good, identity: elsewhere },
      { ...good, publicKey: bad.publicKey, identity },
      { ...good, userSecretKey: bad.userSecretKey, identity },
      { ...bad, identity: elsewhere },
    ]) {
      expect(verifyUserSecretKey(engine, claim)).toBe(false);
    }
  });
});

describe.each(engines)('A.9 proof of possession and ElGamal on %s', (_, engine) => {
  const masterKey = fromHex(possession.masterKey);
  const message = fromHex(possession.message);
  const publicKey = publicKeyFromMasterKey(engine, masterKey);

  it('makes and verifies the proof', () => {
    const proof = proofOfPossession(engine, masterKey, message);
    expect(toHex(engine.g1.toBytes(proof))).toBe(possession.proof);
    expect(verifyProofOfPossession(engine, proof, publicKey, message)).toBe(true);
    expect(verifyProofOfPossession(engine, proof, publicKey, flipped(message))).toBe(false);
    expect(verifyProofOfPossession(engine, proof, engine.g2.generator, message)).toBe(false);
    expect(verifyProofOfPossession(engine, engine.g1.neg(proof), publicKey, message)).toBe(false);
    const { identity } = engine.g1;
    expect(verifyProofOfPossession(engine, identity, engine.g2.identity, message)).toBe(false);
  });

  it('encrypts, checks and decrypts the user secret key', () => {
    const v = possession.elgamal;
    const wide = new Uint8Array(64);
    wide[63] = v.randomness;
    const { g1, g2 } = engine;
    const secret = scalar(v.secret);
    const userSecretKey = g1.fromBytes(fromHex(v.message));
    const ciphertext = elgamalEncrypt(
      { engine, random: () => wide.slice() },
      g1.mul(g1.generator, secret),
      userSecretKey,
    );
    expect(toHex(g1.toBytes(ciphertext.c1))).toBe(v.c1);
    expect(toHex(g1.toBytes(ciphertext.c2))).toBe(v.c2);
    const opened = elgamalDecrypt(engine, secret, ciphertext);
    expect(g1.equal(opened, userSecretKey)).toBe(true);
    const claim = {
      ciphertext,
      identity: hashIdentity(engine, fromHex(possession.fullId)),
      verificationKey: g2.mul(g2.generator, secret),
      partialPublicKey: g2.fromBytes(fromHex(possession.partialPublicKey)),
    };
    expect(verifyEncryptedShare(engine, claim)).toBe(true);
    const other = { ...claim, identity: hashIdentity(engine, utf8('someone else')) };
    expect(verifyEncryptedShare(engine, other)).toBe(false);
  });
});

describe.each(engines)('A.10 committee shares on %s', (_, engine) => {
  const groupKey = engine.g2.fromBytes(fromHex(committee.groupPublicKey));
  const identity = hashIdentity(engine, utf8('some identity'));

  it.each(committee.committees)('threshold $threshold gives the group key', (c) => {
    const members = c.members.slice(-c.threshold);
    const lambdas = lagrangeAtZero(members.map(({ party }) => party + 1));
    const secret = members
      .map(({ share }, i) => scalarMul(lambdas[i]!, fromHex(share)))
      .reduce(scalarAdd);
    expect(engine.g2.equal(publicKeyFromMasterKey(engine, secret), groupKey)).toBe(true);
  });

  it.each(committee.committees)('threshold $threshold aggregates a user secret key', (c) => {
    const { g1, g2 } = engine;
    const session = scalar(99);
    const encKey = g1.mul(g1.generator, session);
    const encrypted = c.members.slice(0, c.threshold).map(({ party, share }) => {
      const partial = extract(engine, fromHex(share), identity);
      return { partyId: party, ciphertext: elgamalEncrypt({ engine }, encKey, partial) };
    });
    for (const { partyId, ciphertext } of encrypted) {
      const share = c.members.find(({ party }) => party === partyId)!.share;
      const claim = {
        ciphertext,
        identity,
        verificationKey: g2.mul(g2.generator, session),
        partialPublicKey: publicKeyFromMasterKey(engine, fromHex(share)),
      };
      expect(verifyEncryptedShare(engine, claim)).toBe(true);
    }
    const sum = aggregateEncryptedShares(engine, encrypted, c.threshold);
    const userSecretKey = elgamalDecrypt(engine, session, sum);
    expect(verifyUserSecretKey(engine, { userSecretKey, identity, publicKey: groupKey })).toBe(
      true,
    );
  });
});
