/** Published encrypted objects V1 to V9 (protocol Appendix A.5), on both engines. */

import {
  decryptEnvelope,
  type Engine,
  extract,
  fromHex,
  fullIdentity,
  hashIdentity,
  publicKeyFromBytes,
  recoverDataKey,
  type SealedEnvelope,
  toHex,
} from '@seal-ts/crypto';
import { describe, expect, it } from 'vitest';
import published from '../../../vectors/crypto/envelopes.json' with { type: 'json' };
import { readEnvelope } from './support/bcs-reader.ts';
import { engines } from './support/engines.ts';
import { codeOf, codeOfAsync, flipped } from './support/helpers.ts';

interface Vector {
  readonly name: string;
  readonly object: string;
  readonly plaintext?: string;
  readonly key?: string;
  readonly masterKeys?: readonly string[];
  readonly userSecretKeys?: readonly string[];
  readonly publicKeys?: readonly string[];
}

const vectors = new Map((published as readonly Vector[]).map((v) => [v.name, v]));
const vector = (name: string) => vectors.get(name)!;

/** Distinct key servers of an envelope, in order of appearance. */
function serversOf(envelope: SealedEnvelope): string[] {
  return [...new Set(envelope.services.map(({ objectId }) => `0x${toHex(objectId)}`))];
}

/** The published (or, without them, extracted) user secret keys of the chosen servers. */
function keysOf(engine: Engine, v: Vector, envelope: SealedEnvelope, chosen?: readonly number[]) {
  const identity = hashIdentity(engine, fullIdentity(envelope.packageId, envelope.id));
  const points =
    v.userSecretKeys?.map((key) => engine.g1.fromBytes(fromHex(key))) ??
    v.masterKeys!.map((key) => extract(engine, fromHex(key), identity));
  const servers = serversOf(envelope);
  const positions = chosen ?? points.map((_, i) => i);
  return new Map(positions.map((i) => [servers[i]!, points[i]!]));
}

function publicKeysOf(engine: Engine, v: Vector, envelope: SealedEnvelope) {
  const servers = serversOf(envelope);
  const keys = v.publicKeys!.map((key) => publicKeyFromBytes(engine, fromHex(key)));
  return envelope.services.map(({ objectId }) => keys[servers.indexOf(`0x${toHex(objectId)}`)]!);
}

/** x = 2 is on the twist, but not in the prime-order subgroup. */
function nonceOutsideSubgroup(): Uint8Array {
  const nonce = new Uint8Array(96);
  nonce[0] = 0x80;
  nonce[95] = 2;
  return nonce;
}

describe('every vector is used', () => {
  it('knows exactly V1 to V9', () => {
    expect([...vectors.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `V${n}`));
  });
});

describe.each(engines)('published envelopes on %s', (_, engine) => {
  it.each(['V1', 'V2', 'V3', 'V4', 'V6', 'V7'])('%s decrypts', async (name) => {
    const v = vector(name);
    const envelope = readEnvelope(fromHex(v.object));
    const userSecretKeys = keysOf(engine, v, envelope);
    const plaintext = await decryptEnvelope({ engine }, { envelope, userSecretKeys });
    expect(toHex(plaintext)).toBe(v.plaintext);
    if (v.key !== undefined) {
      expect(toHex(recoverDataKey({ engine }, { envelope, userSecretKeys }))).toBe(v.key);
    }
  });

  it.each(['V2', 'V3', 'V6', 'V7'])('%s is consistent', async (name) => {
    const v = vector(name);
    const envelope = readEnvelope(fromHex(v.object));
    const options = {
      envelope,
      userSecretKeys: keysOf(engine, v, envelope),
      publicKeys: publicKeysOf(engine, v, envelope),
    };
    expect(toHex(await decryptEnvelope({ engine }, options))).toBe(v.plaintext);
  });

  it.each(['V2', 'V4'])('%s: master keys give the published user secret keys', (name) => {
    const v = vector(name);
    const { packageId, id } = readEnvelope(fromHex(v.object));
    const identity = hashIdentity(engine, fullIdentity(packageId, id));
    const extracted = v.masterKeys!.map((key) =>
      toHex(engine.g1.toBytes(extract(engine, fromHex(key), identity))),
    );
    expect(extracted).toEqual(v.userSecretKeys);
  });

  it('V1: any two of three open it, one does not', async () => {
    const v = vector('V1');
    const envelope = readEnvelope(fromHex(v.object));
    for (const chosen of [
      [0, 1],
      [0, 2],
      [1, 2],
      [0, 1, 2],
    ]) {
      const userSecretKeys = keysOf(engine, v, envelope, chosen);
      const plaintext = await decryptEnvelope({ engine }, { envelope, userSecretKeys });
      expect(toHex(plaintext)).toBe(v.plaintext);
    }
    const userSecretKeys = keysOf(engine, v, envelope, [1]);
    const refused = decryptEnvelope({ engine }, { envelope, userSecretKeys });
    expect(await codeOfAsync(refused)).toBe('NOT_ENOUGH_SHARES');
  });

  it('V5: an inconsistent share fails all complete key sets, and the check finds it', async () => {
    const v = vector('V5');
    const envelope = readEnvelope(fromHex(v.object));
    const publicKeys = publicKeysOf(engine, v, envelope);
    for (const chosen of [
      [0, 1],
      [0, 2],
      [0, 1, 2],
    ]) {
      const userSecretKeys = keysOf(engine, v, envelope, chosen);
      const attempt = decryptEnvelope({ engine }, { envelope, userSecretKeys });
      expect(await codeOfAsync(attempt)).toBe('DECRYPTION_FAILED');
    }
    const userSecretKeys = keysOf(engine, v, envelope, [1, 2]);
    const plaintext = await decryptEnvelope({ engine }, { envelope, userSecretKeys });
    expect(toHex(plaintext)).toBe(v.plaintext);
    const checked = decryptEnvelope({ engine }, { envelope, userSecretKeys, publicKeys });
    expect(await codeOfAsync(checked)).toBe('INCONSISTENT_SHARES');
  });

  it('V7: weights count', async () => {
    const v = vector('V7');
    const envelope = readEnvelope(fromHex(v.object));
    for (const chosen of [[0], [1, 2]]) {
      const userSecretKeys = keysOf(engine, v, envelope, chosen);
      const plaintext = await decryptEnvelope({ engine }, { envelope, userSecretKeys });
      expect(toHex(plaintext)).toBe(v.plaintext);
    }
    for (const chosen of [[1], [2]]) {
      const userSecretKeys = keysOf(engine, v, envelope, chosen);
      const refused = decryptEnvelope({ engine }, { envelope, userSecretKeys });
      expect(await codeOfAsync(refused)).toBe('NOT_ENOUGH_SHARES');
    }
  });

  it('V9: threshold zero is refused', () => {
    const envelope = readEnvelope(fromHex(vector('V9').object));
    const open = () => recoverDataKey({ engine }, { envelope, userSecretKeys: new Map() });
    expect(codeOf(open)).toBe('INVALID_ENVELOPE');
  });

  it('V2: any damaged field is refused', async () => {
    const v = vector('V2');
    const good = readEnvelope(fromHex(v.object));
    const userSecretKeys = keysOf(engine, v, good);
    const [first, second, third] = good.services;
    const damaged: [string, Partial<SealedEnvelope>][] = [
      ['INVALID_ENVELOPE', { version: 1 }],
      ['INVALID_ENVELOPE', { threshold: 4 }],
      ['INVALID_ENVELOPE', { services: good.services.slice(1) }],
      ['DECRYPTION_FAILED', { threshold: 1 }],
      ['DECRYPTION_FAILED', { id: flipped(good.id) }],
      ['DECRYPTION_FAILED', { packageId: flipped(good.packageId) }],
      ['DECRYPTION_FAILED', { encryptedRandomness: flipped(good.encryptedRandomness, 31) }],
      ['DECRYPTION_FAILED', { encryptedShares: good.encryptedShares.map((s) => flipped(s)) }],
      ['INVALID_SHARE_INDEX', { services: [first!, { ...second!, index: first!.index }, third!] }],
      ['INVALID_SHARE_INDEX', { services: [{ ...first!, index: 0 }, second!, third!] }],
      ['DECRYPTION_FAILED', { services: [{ ...first!, index: 9 }, second!, third!] }],
      ['INVALID_POINT', { nonce: new Uint8Array(96) }],
      ['INVALID_LENGTH', { nonce: good.nonce.subarray(1) }],
      ['DECRYPTION_FAILED', { nonce: nonceOutsideSubgroup() }],
      ['DECRYPTION_FAILED', { nonce: engine.g2.toBytes(engine.g2.generator) }],
    ];
    for (const [code, change] of damaged) {
      const envelope = { ...good, ...change };
      expect(await codeOfAsync(decryptEnvelope({ engine }, { envelope, userSecretKeys }))).toBe(
        code,
      );
    }
  });
});
