/** What the errors say: which field, which values, what to do; never a secret. */

import {
  aggregateEncryptedShares,
  assertLength,
  combine,
  deriveMasterKey,
  encryptShares,
  fromHex,
  hashIdentity,
  publicKeyFromBytes,
  randomScalar,
  recoverDataKey,
  scalarToBigint,
  split,
  systemRandom,
  utf8,
} from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { createMclEngine } from '@seal-ts/crypto/mcl';
import { describe, expect, it } from 'vitest';
import { mcl as engine, noble } from './support/engines.ts';
import { objectId, scalar } from './support/helpers.ts';

const { g1 } = engine;
const envelope = {
  version: 0,
  packageId: objectId(1),
  id: utf8('x'),
  services: [{ objectId: objectId(2), index: 1 }],
  threshold: 1,
  nonce: engine.g2.toBytes(engine.g2.generator),
  encryptedShares: [new Uint8Array(32)],
  encryptedRandomness: new Uint8Array(32),
  ciphertext: { kind: 'plain' },
} as const;
const open = (change: object, keys = new Map([[`0x${'00'.repeat(31)}02`, g1.generator]])) =>
  recoverDataKey({ engine }, { envelope: { ...envelope, ...change }, userSecretKeys: keys });

const FAILURES: Record<string, () => unknown> = {
  'wrong length': () => assertLength(new Uint8Array(31), 32, 'masterKey'),
  'not bytes': () => assertLength('aa' as never, 32, 'masterKey'),
  'bad hex': () => fromHex('0xabc'),
  'scalar too large': () => scalarToBigint(new Uint8Array(32).fill(255), 'secret key'),
  'random source': () => randomScalar(() => new Uint8Array(3)),
  'G1 flags': () => g1.fromBytes(new Uint8Array(48)),
  'G1 identity': () => g1.fromBytes(new Uint8Array(48).fill(0xc0, 0, 1).fill(1, 47)),
  'G1 off curve': () => g1.fromTrustedBytes(new Uint8Array(48).fill(0x80, 0, 1).fill(1, 47)),
  'noble, same point': () => noble.g1.fromBytes(new Uint8Array(48).fill(0x80, 0, 1).fill(1, 47)),
  'public key': () => publicKeyFromBytes(engine, engine.g2.toBytes(engine.g2.identity)),
  'other engine': () => g1.add(g1.generator, noble.g1.generator),
  'target element': () => engine.gt.fromTrustedBytes(new Uint8Array(576).fill(255)),
  'inverse of zero': () => engine.gt.inverse(engine.gt.fromTrustedBytes(new Uint8Array(576))),
  threshold: () => split(systemRandom, new Uint8Array(32), 4, 3),
  'share index': () => combine([{ index: 0, bytes: new Uint8Array(32) }]),
  'derivation index': () => deriveMasterKey(new Uint8Array(32), -1),
  recipients: () => encryptShares({ engine }, hashIdentity(engine, utf8('x')), [], []),
  'too few partial keys': () => aggregateEncryptedShares(engine, [], 2),
  version: () => open({ version: 3 }),
  'envelope threshold': () => open({ threshold: 2 }),
  'share count': () => open({ encryptedShares: [] }),
  'no keys': () => open({}, new Map()),
  'wrong keys': () => open({}),
  'committee id': () => dkg.RandomOracle.forCommittee('0x1'),
  'DKG truncated': () => dkg.decodeDkgMessage(dkg.deployedSuite(engine), new Uint8Array(3)),
  'DKG nodes': () => dkg.makeNodes(g1, []),
  'signing key': () => dkg.blsSign(engine, scalar(0), utf8('x')),
};

describe('error messages', () => {
  it.each(Object.entries(FAILURES))('%s', (_, failure) => {
    let message = 'nothing was thrown';
    try {
      failure();
    } catch (error) {
      const { code, message: text } = error as { code: string; message: string };
      message = `${code}: ${text}`;
    }
    expect(message).toMatchSnapshot();
  });

  it('a broken random source does not pass for a missing WebAssembly', async () => {
    const broken = createMclEngine({ random: () => new Uint8Array(1) });
    const started = await broken;
    expect(() => started.g1.mul(started.g1.generator, scalar(2))).toThrow(/random source/);
  });
});
