/**
 * Identity-based encryption, user secret keys, ElGamal and committee shares (protocol §1.4, §1.10,
 * §1.11).
 */

import {
  aggregateEncryptedShares,
  BATCH_FACTOR_BYTES,
  type CryptoDeps,
  elgamalDecrypt,
  elgamalEncrypt,
  elgamalKeyPairFromSecret,
  encryptShares,
  extract,
  fullIdentity,
  generateElGamalKeyPair,
  hashIdentity,
  isVerifiedUserSecretKey,
  MAX_BATCH_KEYS,
  MAX_COMMITTEE_THRESHOLD,
  MAX_FULL_ID_BYTES,
  MAX_PARTY_ID,
  publicKeyFromBytes,
  publicKeyFromMasterKey,
  randomScalar,
  scalarAdd,
  scalarMul,
  systemRandom,
  utf8,
  verifiedIdentity,
  verifyEncryptedShare,
  verifyUserSecretKeys,
} from '@seal-ts/crypto';
import { describe, expect, it } from 'vitest';
import { engines } from './support/engines.ts';
import { codeOf, objectId, scalar, seededRandom } from './support/helpers.ts';

describe.each(engines)('identity on %s', (_, engine) => {
  it('is the package id followed by the inner id', () => {
    const pkg = objectId(3);
    expect(fullIdentity(pkg, utf8('x'))).toEqual(Uint8Array.of(...pkg, 0x78));
    expect(fullIdentity(pkg, new Uint8Array(0))).toEqual(pkg);
    for (const length of [0, 31, 33]) {
      expect(codeOf(() => fullIdentity(new Uint8Array(length), utf8('x')))).toBe('INVALID_LENGTH');
    }
  });
  it('is bounded', () => {
    expect(hashIdentity(engine, new Uint8Array(MAX_FULL_ID_BYTES)).bytes.length).toBe(48);
    const over = new Uint8Array(MAX_FULL_ID_BYTES + 1);
    expect(codeOf(() => hashIdentity(engine, over))).toBe('INVALID_INPUT');
  });
});

describe.each(engines)('public keys on %s', (_, engine) => {
  it('refuses the identity, at which everybody could read', () => {
    const identity = engine.g2.toBytes(engine.g2.identity);
    expect(codeOf(() => publicKeyFromBytes(engine, identity))).toBe('INVALID_POINT');
    expect(codeOf(() => publicKeyFromBytes(engine, new Uint8Array(95)))).toBe('INVALID_LENGTH');
  });
});

describe.each(engines)('encrypted shares on %s', (_, engine) => {
  const identity = hashIdentity(engine, utf8('someone'));
  const publicKey = publicKeyFromMasterKey(engine, scalar(5));
  const recipient = { objectId: objectId(1), index: 1, publicKey };
  const deps: CryptoDeps = { engine, random: seededRandom('shares') };

  it('masks the same share differently for each index of one server', () => {
    const share = new Uint8Array(32);
    const { encryptedShares } = encryptShares(
      deps,
      identity,
      [recipient, { ...recipient, index: 2 }],
      [share, share],
    );
    expect(encryptedShares[0]).not.toEqual(encryptedShares[1]);
  });

  it('refuses counts and lengths that do not fit', () => {
    const share = new Uint8Array(32);
    const attempt = (recipients: (typeof recipient)[], shares: Uint8Array[]) => () =>
      encryptShares(deps, identity, recipients, shares);
    expect(codeOf(attempt([], []))).toBe('INVALID_INPUT');
    expect(codeOf(attempt([recipient], [share, share]))).toBe('INVALID_INPUT');
    expect(codeOf(attempt([recipient, recipient], [share]))).toBe('INVALID_INPUT');
    expect(codeOf(attempt([recipient], [new Uint8Array(31)]))).toBe('INVALID_LENGTH');
    expect(codeOf(attempt([{ ...recipient, index: 256 }], [share]))).toBe('INVALID_INPUT');
    const badId = { ...recipient, objectId: new Uint8Array(31) };
    expect(codeOf(attempt([badId], [share]))).toBe('INVALID_LENGTH');
  });
});

describe.each(engines)('batch verification on %s', (_, engine) => {
  const masterKeys = [11, 22, 33].map(scalar);
  const identities = ['a', 'b'].map((id) => hashIdentity(engine, utf8(id)));
  const claims = () =>
    masterKeys.flatMap((masterKey) => {
      const publicKey = engine.prepareG2(publicKeyFromMasterKey(engine, masterKey));
      return identities.map((identity) => ({
        userSecretKey: extract(engine, masterKey, identity),
        identity,
        publicKey,
      }));
    });

  it('accepts good keys and remembers them', () => {
    const good = claims();
    expect(isVerifiedUserSecretKey(good[0]!)).toBe(false);
    expect(verifiedIdentity(good[0]!.userSecretKey, good[0]!.identity.fullId)).toBe(undefined);
    expect(verifyUserSecretKeys({ engine }, good)).toEqual([]);
    for (const claim of good) {
      expect(isVerifiedUserSecretKey(claim)).toBe(true);
      const { fullId } = claim.identity;
      expect(verifiedIdentity(claim.userSecretKey, fullId)).toBe(claim.identity);
      expect(verifiedIdentity(claim.userSecretKey, fullId.subarray(1))).toBe(undefined);
      const other = identities.find((identity) => identity !== claim.identity)!;
      expect(isVerifiedUserSecretKey({ ...claim, identity: other })).toBe(false);
      const publicKey = engine.g2.generator;
      expect(isVerifiedUserSecretKey({ ...claim, publicKey })).toBe(false);
    }
    expect(verifyUserSecretKeys({ engine }, [])).toEqual([]);
    expect(verifyUserSecretKeys({ engine }, good.slice(0, 1))).toEqual([]);
  });

  it('names exactly the bad keys', () => {
    for (const bad of [[0], [5], [1, 3], [0, 1, 2, 3, 4, 5]]) {
      const mixed = claims().map((claim, i) =>
        bad.includes(i)
          ? { ...claim, userSecretKey: engine.g1.add(claim.userSecretKey, engine.g1.generator) }
          : claim,
      );
      expect(verifyUserSecretKeys({ engine }, mixed)).toEqual(bad);
      for (const i of bad) expect(isVerifiedUserSecretKey(mixed[i]!)).toBe(false);
    }
  });

  it('is not fooled by errors that cancel out', () => {
    const all = claims();
    const { g1 } = engine;
    const [first, second] = [all[0]!, all[2]!];
    const cancelling = [
      { ...first, userSecretKey: g1.add(first.userSecretKey, g1.generator) },
      { ...second, userSecretKey: g1.sub(second.userSecretKey, g1.generator) },
    ];
    expect(verifyUserSecretKeys({ engine }, cancelling)).toEqual([0, 1]);
    const swapped = [
      { ...first, userSecretKey: second.userSecretKey },
      { ...second, userSecretKey: first.userSecretKey },
    ];
    expect(verifyUserSecretKeys({ engine }, swapped)).toEqual([0, 1]);
  });

  it('draws fresh factors and survives a source of zeros', () => {
    const sizes: number[] = [];
    const zeros = (n: number) => {
      sizes.push(n);
      return new Uint8Array(n);
    };
    const mixed = claims().slice(0, 3);
    mixed[2] = { ...mixed[2]!, userSecretKey: engine.g1.identity };
    expect(verifyUserSecretKeys({ engine, random: zeros }, mixed)).toEqual([2]);
    expect(sizes).toEqual(mixed.map(() => BATCH_FACTOR_BYTES));
  });

  it('bounds the batch', () => {
    const claim = claims()[0]!;
    const over = Array.from({ length: MAX_BATCH_KEYS + 1 }, () => claim);
    expect(codeOf(() => verifyUserSecretKeys({ engine }, over))).toBe('INVALID_INPUT');
  });
});

describe.each(engines)('ElGamal on %s', (_, engine) => {
  it('makes both public keys from the secret', () => {
    const pair = generateElGamalKeyPair({ engine, random: seededRandom('pair') });
    const again = elgamalKeyPairFromSecret(engine, pair.secretKey);
    expect(engine.g1.equal(again.publicKey, pair.publicKey)).toBe(true);
    expect(engine.g2.equal(again.verificationKey, pair.verificationKey)).toBe(true);
    expect(Object.keys(pair)).toEqual(['publicKey', 'verificationKey']);
  });
  const { g1, g2 } = engine;
  it('round-trips and binds both public keys to one secret', () => {
    const pair = generateElGamalKeyPair({ engine });
    const message = g1.hash(utf8('m'));
    const ciphertext = elgamalEncrypt({ engine }, pair.publicKey, message);
    expect(g1.equal(elgamalDecrypt(engine, pair.secretKey, ciphertext), message)).toBe(true);
    expect(Object.keys(pair)).toEqual(['publicKey', 'verificationKey']);
    const other = generateElGamalKeyPair({ engine });
    expect(g1.equal(elgamalDecrypt(engine, other.secretKey, ciphertext), message)).toBe(false);
    const product = [
      { g1: pair.publicKey, g2: g2.generator },
      { g1: g1.neg(g1.generator), g2: pair.verificationKey },
    ];
    expect(engine.pairingProductIsOne(product)).toBe(true);
  });
});

describe.each(engines)('committee shares on %s', (_, engine) => {
  const { g1, g2 } = engine;
  const identity = hashIdentity(engine, utf8('someone'));
  const pair = generateElGamalKeyPair({ engine, random: seededRandom('client') });
  const partial = extract(engine, scalar(77), identity);
  const ciphertext = elgamalEncrypt({ engine }, pair.publicKey, partial);
  const good = {
    ciphertext,
    identity,
    verificationKey: pair.verificationKey,
    partialPublicKey: publicKeyFromMasterKey(engine, scalar(77)),
  };

  it('accepts an honest share, with a prepared public key too', () => {
    expect(verifyEncryptedShare(engine, good)).toBe(true);
    const partialPublicKey = engine.prepareG2(good.partialPublicKey);
    expect(verifyEncryptedShare(engine, { ...good, partialPublicKey })).toBe(true);
  });

  it('refuses dishonest ones', () => {
    const { c1, c2 } = ciphertext;
    const foreign = generateElGamalKeyPair({ engine });
    for (const change of [
      { ciphertext: { c1: c2, c2: c1 } },
      { ciphertext: { c1, c2: g1.add(c2, g1.generator) } },
      { ciphertext: { c1: g1.identity, c2: partial } },
      { ciphertext: { c1, c2: g1.identity } },
      { identity: hashIdentity(engine, utf8('someone else')) },
      { verificationKey: foreign.verificationKey },
      { verificationKey: g2.identity },
      { partialPublicKey: g2.generator },
      { partialPublicKey: g2.identity },
      { partialPublicKey: engine.prepareG2(g2.identity) },
    ]) {
      expect(verifyEncryptedShare(engine, { ...good, ...change })).toBe(false);
    }
  });

  it('aggregates nine of nine-threshold shares of ten, in any order', () => {
    const coefficients = Array.from({ length: 9 }, () => randomScalar(systemRandom));
    const at = (x: number) =>
      coefficients.reduceRight((sum, c) => scalarAdd(scalarMul(sum, scalar(x)), c), scalar(0));
    const shares = [...Array(10).keys()].map((partyId) => ({
      partyId,
      ciphertext: elgamalEncrypt(
        { engine },
        pair.publicKey,
        extract(engine, at(partyId + 1), identity),
      ),
    }));
    const expected = extract(engine, coefficients[0]!, identity);
    for (const left of [0, 4, 9]) {
      const nine = shares.filter(({ partyId }) => partyId !== left).toReversed();
      const sum = aggregateEncryptedShares(engine, nine, 9);
      expect(g1.equal(elgamalDecrypt(engine, pair.secretKey, sum), expected)).toBe(true);
    }
    const eight = () => aggregateEncryptedShares(engine, shares.slice(0, 8), 9);
    expect(codeOf(eight)).toBe('NOT_ENOUGH_SHARES');
    expect(codeOf(() => aggregateEncryptedShares(engine, shares, 9))).toBe('INVALID_INPUT');
  });

  it('refuses bad thresholds and party ids', () => {
    const share = (partyId: number) => ({ partyId, ciphertext });
    const attempt = (ids: number[], threshold = ids.length) =>
      codeOf(() => aggregateEncryptedShares(engine, ids.map(share), threshold));
    expect(attempt([], 0)).toBe('INVALID_INPUT');
    expect(attempt([0], MAX_COMMITTEE_THRESHOLD + 1)).toBe('INVALID_INPUT');
    expect(attempt([0], MAX_COMMITTEE_THRESHOLD)).toBe('NOT_ENOUGH_SHARES');
    for (const ids of [[1, 1], [MAX_PARTY_ID + 1], [-1], [0.5]]) {
      expect(attempt(ids)).toBe('INVALID_SHARE_INDEX');
    }
    const largest = aggregateEncryptedShares(engine, [share(0), share(MAX_PARTY_ID)], 2);
    expect(g1.isIdentity(largest.c1)).toBe(false);
  });
});
