/**
 * The public checks of a signed message one by one (protocol §6.2.7, steps 1 to 4), against a dealer
 * that signs whatever it sends: the signature alone would let all of these through.
 */

import type { G2Point } from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { describe, expect, it } from 'vitest';
import {
  type Ceremony,
  ceremonyOf,
  committeeId,
  encryptionKeyOf,
  signingKeyOf,
} from '../support/committees.ts';
import { codeOf, codeOfAsync, scalar } from '../support/helpers.ts';
import { dealSigned, optionsFor, type Signed, signingKeysOf } from '../support/protocol.ts';

const DEALER = 1;
const fresh = ceremonyOf(3, 2);
const { suite } = fresh;
const { g1, g2 } = suite.engine;
const signingKeys = signingKeysOf(fresh);
const good = await dealSigned(fresh, 'verification', DEALER);
const other = await dealSigned(fresh, 'verification', 2);
const { message } = good;
const sealed = message.encryptedShares;

/** `content`, signed for this committee with the key of `signer`. */
function sign(content: Omit<Signed, 'signature'>, signer = DEALER): Signed {
  const payload = dkg.signaturePayload(suite, committeeId, content);
  return { ...content, signature: dkg.blsSign(suite.engine, signingKeyOf(signer), payload) };
}

const withMessage = (change: Partial<Signed['message']>) =>
  sign({ ...good, message: { ...message, ...change } });

/** Verification and processing give the same verdict. */
async function expectRefused(
  code: string,
  signed: Signed,
  ceremony: Ceremony = fresh,
  partialKeys?: ReadonlyMap<number, G2Point>,
  keys: ReadonlyMap<number, G2Point> = signingKeys,
): Promise<void> {
  const onChain = { signingKeys: keys, ...(partialKeys === undefined ? {} : { partialKeys }) };
  const options = optionsFor(onChain, signed.message.sender);
  expect(codeOf(() => dkg.verifySignedMessage(ceremony, signed, options))).toBe(code);
  const deps = { encryptionKey: encryptionKeyOf(0) };
  const processed = dkg.processSignedMessage(ceremony, deps, signed, options);
  expect(await codeOfAsync(processed)).toBe(code);
}

describe('a message that its dealer signed', () => {
  it('passes when it is right, and signing it again changes nothing', () => {
    for (const signed of [good, sign(good)]) {
      dkg.verifySignedMessage(fresh, signed, optionsFor({ signingKeys }, DEALER));
    }
  });

  it.each<[string, string, Signed]>([
    ['signed by another member', 'INVALID_SIGNATURE', sign(good, 0)],
    [
      'from nobody we know',
      'INVALID_SIGNATURE',
      sign({ ...good, message: { ...message, sender: 3 } }),
    ],
    [
      'without knowledge of its secret',
      'INVALID_PROOF',
      sign({ ...good, secretProof: other.secretProof }),
    ],
    [
      'with another response in the proof of knowledge',
      'INVALID_PROOF',
      sign({ ...good, secretProof: { ...good.secretProof, z: scalar(1) } }),
    ],
    [
      'that repeats somebody else’s under the own name',
      'INVALID_PROOF',
      sign({ ...other, message: { ...other.message, sender: DEALER } }),
    ],
    ['without commitments', 'INVALID_DKG_MESSAGE', withMessage({ commitment: [] })],
    [
      'of the identity',
      'INVALID_PROOF',
      withMessage({ commitment: message.commitment.with(0, g2.identity) }),
    ],
    [
      'with too few commitments',
      'INVALID_DKG_MESSAGE',
      withMessage({ commitment: message.commitment.slice(0, 1) }),
    ],
    [
      'with too many commitments',
      'INVALID_DKG_MESSAGE',
      withMessage({ commitment: [...message.commitment, g2.identity] }),
    ],
    [
      'with too few ciphertexts',
      'INVALID_DKG_MESSAGE',
      withMessage({ encryptedShares: { ...sealed, encryptions: sealed.encryptions.slice(1) } }),
    ],
    [
      'with an empty ciphertext',
      'INVALID_DKG_MESSAGE',
      withMessage({
        encryptedShares: { ...sealed, encryptions: sealed.encryptions.with(2, new Uint8Array()) },
      }),
    ],
    [
      'with another ephemeral key',
      'INVALID_DKG_MESSAGE',
      withMessage({ encryptedShares: { ...sealed, c: g1.generator } }),
    ],
    [
      'with the ciphertexts of somebody else',
      'INVALID_DKG_MESSAGE',
      withMessage({ encryptedShares: other.message.encryptedShares }),
    ],
  ])('%s is refused', async (_, code, signed) => {
    await expectRefused(code, signed);
  });

  it('is refused when the dealer has a signing key and no place', async () => {
    const outsider = await dealSigned(ceremonyOf(4, 2), 'outsider', 3);
    const keys = signingKeysOf(ceremonyOf(4, 2));
    await expectRefused('INVALID_DKG_MESSAGE', outsider, fresh, undefined, keys);
  });

  it('is refused by a committee with a threshold that does not fit', async () => {
    for (const threshold of [1, 4]) {
      await expectRefused('INVALID_INPUT', good, { ...fresh, threshold });
    }
  });
});

describe('a rotation message that its dealer signed', async () => {
  const rotation = ceremonyOf(3, 2, 2);
  const oldShare = scalar(0x01d5);
  const partialKey = g2.mul(g2.generator, oldShare);
  const dealt = await dealSigned(rotation, 'rotation', DEALER, oldShare);

  it('passes with the old share', () => {
    const partialKeys = new Map([[DEALER, partialKey]]);
    dkg.verifySignedMessage(rotation, dealt, optionsFor({ signingKeys, partialKeys }, DEALER));
  });

  it('is refused with another secret', async () => {
    const partialKeys = new Map([[DEALER, partialKey]]);
    await expectRefused('INVALID_DKG_MESSAGE', good, rotation, partialKeys);
    const negated = new Map([[DEALER, g2.neg(partialKey)]]);
    await expectRefused('INVALID_DKG_MESSAGE', dealt, rotation, negated);
  });

  it('is refused of a member that was not in the old committee', async () => {
    await expectRefused('INVALID_DKG_MESSAGE', dealt, rotation, new Map([[0, partialKey]]));
    await expectRefused('INVALID_DKG_MESSAGE', dealt, rotation);
  });

  it('is not made of an old share that is zero', async () => {
    const attempt = dealSigned(rotation, 'zero', DEALER, new Uint8Array(32));
    expect(await codeOfAsync(attempt)).toBe('INVALID_SCALAR');
  });
});
