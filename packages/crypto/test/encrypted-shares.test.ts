/** Batches of encrypted partial keys (protocol §1.11): all good, or not. */

import { describe, expect, it } from 'vitest';
import {
  elgamalEncrypt,
  extract,
  generateElGamalKeyPair,
  hashIdentity,
  MAX_BATCH_MEMBERS,
  MAX_BATCH_SHARES,
  type MemberShare,
  publicKeyFromMasterKey,
  verifyEncryptedShares,
} from '../src/index.ts';
import { loadMclEngine } from '../src/mcl.ts';
import { nobleEngine } from '../src/noble.ts';

describe.each([nobleEngine, await loadMclEngine()])('with engine $name', (engine) => {
  const deps = { engine };
  const client = generateElGamalKeyPair(deps);
  const ids = [1, 2].map((byte) => hashIdentity(engine, Uint8Array.of(byte)));
  const members = [3, 4].map((byte) => {
    const share = new Uint8Array(32).fill(byte);
    return { share, publicKey: engine.prepareG2(publicKeyFromMasterKey(engine, share)) };
  });
  const shares: MemberShare[] = members.flatMap(({ share, publicKey }) =>
    ids.map((identity) => ({
      identity,
      partialPublicKey: publicKey,
      ciphertext: elgamalEncrypt(deps, client.publicKey, extract(engine, share, identity)),
    })),
  );
  const verify = (list: readonly MemberShare[], key = client.verificationKey) =>
    verifyEncryptedShares(deps, key, list);
  /** The batch with one share changed. */
  const changed = (at: number, change: Partial<MemberShare>) =>
    shares.map((share, i) => (i === at ? { ...share, ...change } : share));

  it('accepts good ones: none, one, several', () => {
    for (const count of [0, 1, 2, 3, 4]) expect(verify(shares.slice(0, count))).toBe(true);
  });

  it('refuses a batch with any bad one', () => {
    const { g1, g2 } = engine;
    const [first] = shares;
    const { c1, c2 } = first!.ciphertext;
    const identity = g1.identity;
    for (let at = 0; at < shares.length; at++) {
      const other = shares[(at + 1) % shares.length]!;
      const { ciphertext } = shares[at]!;
      for (const change of [
        { ciphertext: other.ciphertext },
        { ciphertext: { c1: ciphertext.c2, c2: ciphertext.c1 } },
        { ciphertext: { c1: g1.neg(ciphertext.c1), c2: g1.neg(ciphertext.c2) } },
        { ciphertext: { c1: identity, c2: ciphertext.c2 } },
        { ciphertext: { c1: ciphertext.c1, c2: identity } },
        { ciphertext: { c1: identity, c2: identity } },
        { partialPublicKey: g2.identity },
        { partialPublicKey: g2.generator },
        { identity: hashIdentity(engine, Uint8Array.of(9)) },
      ] as Partial<MemberShare>[]) {
        expect(verify(changed(at, change))).toBe(false);
      }
    }
    expect(verify(shares, g2.generator)).toBe(false);
    expect(verify(shares, g2.identity)).toBe(false);
    // Two errors that cancel out in a plain sum.
    const off = { c1, c2: g1.add(c2, g1.generator) };
    const back = shares[1]!.ciphertext;
    const undone = { c1: back.c1, c2: g1.sub(back.c2, g1.generator) };
    expect(
      verify([
        { ...first!, ciphertext: off },
        { ...shares[1]!, ciphertext: undone },
      ]),
    ).toBe(false);
  });

  it('is bounded', () => {
    const over = Array.from({ length: MAX_BATCH_SHARES + 1 }, () => shares[0]!);
    expect(() => verify(over)).toThrow(/number of shares/);
  });
});

describe('distinct members of one batch', () => {
  it.each([MAX_BATCH_MEMBERS, MAX_BATCH_MEMBERS + 1])('%d', (count) => {
    const engine = nobleEngine;
    const { g1, g2 } = engine;
    const identity = hashIdentity(engine, Uint8Array.of(1));
    const list = Array.from({ length: count }, () => ({
      identity,
      ciphertext: { c1: g1.generator, c2: g1.generator },
      // Handles count as distinct, whatever the point.
      partialPublicKey: g2.neg(g2.generator),
    }));
    const run = () => verifyEncryptedShares({ engine: cheap }, g2.generator, list);
    if (count > MAX_BATCH_MEMBERS) expect(run).toThrow(/partial public keys/);
    else expect(run()).toBe(true);
  });
  /** Without the pairings, which would take seconds. */
  const cheap = { ...nobleEngine, pairingProductIsOne: () => true };
});
