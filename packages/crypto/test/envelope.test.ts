/** Encryption and decryption of whole envelopes (protocol §1.9). */

import {
  type CryptoDeps,
  decryptEnvelope,
  type Engine,
  encryptEnvelope,
  extract,
  fullIdentity,
  type G1Point,
  hashIdentity,
  MAX_ENCRYPT_SERVICES,
  type Payload,
  publicKeyFromMasterKey,
  recoverDataKey,
  toHex,
  utf8,
  verifyUserSecretKeys,
} from '@seal-ts/crypto';
import { describe, expect, it } from 'vitest';
import { engines, mcl, noble } from './support/engines.ts';
import { codeOfAsync, flipped, objectId, scalar, seededRandom } from './support/helpers.ts';

const packageId = objectId(9);
const id = utf8('inner');
const payload: Payload = { kind: 'aes256gcm', plaintext: utf8('secret'), aad: utf8('aad') };

const identityOf = (engine: Engine) => hashIdentity(engine, fullIdentity(packageId, id));

/** Key servers 1 to n with master keys 101 to 100 + n. */
function world(engine: Engine, n: number) {
  const identity = identityOf(engine);
  const masterKeys = [...Array(n).keys()].map((i) => scalar(101 + i));
  const servers = masterKeys.map((masterKey, i) => ({
    objectId: objectId(i + 1),
    publicKey: engine.prepareG2(publicKeyFromMasterKey(engine, masterKey)),
  }));
  const keys = (...chosen: number[]) =>
    new Map(
      chosen.map((i) => [
        `0x${toHex(servers[i]!.objectId)}`,
        extract(engine, masterKeys[i]!, identity),
      ]),
    );
  return { servers, keys, publicKeys: servers.map(({ publicKey }) => publicKey) };
}

describe.each(engines)('envelopes on %s', (_, engine) => {
  it('is not misled by what a key was verified for before', async () => {
    const { servers, keys, publicKeys } = world(engine, 1);
    const other = hashIdentity(engine, fullIdentity(packageId, utf8('other')));
    const [userSecretKey] = keys(0).values();
    const otherKey = extract(engine, scalar(101), other);
    const verified = [
      { userSecretKey: userSecretKey!, identity: identityOf(engine), publicKey: publicKeys[0]! },
      { userSecretKey: otherKey, identity: other, publicKey: publicKeys[0]! },
    ];
    expect(verifyUserSecretKeys({ engine }, verified)).toEqual([]);
    const options = { packageId, id, servers, threshold: 1, payload };
    const { envelope } = await encryptEnvelope({ engine }, options);
    const open = (key: G1Point) => {
      const userSecretKeys = new Map([[`0x${toHex(servers[0]!.objectId)}`, key]]);
      return decryptEnvelope({ engine }, { envelope, userSecretKeys });
    };
    expect(await open(userSecretKey!)).toEqual(utf8('secret'));
    expect(await codeOfAsync(open(otherKey))).toBe('DECRYPTION_FAILED');
  });

  const deps: CryptoDeps = { engine, random: seededRandom('envelope') };
  const { servers, keys, publicKeys } = world(engine, 3);
  const options = { packageId, id, servers, threshold: 2, payload };

  it.each(['aes256gcm', 'hmac256ctr'] as const)('round-trips %s, 2 of 3', async (kind) => {
    const { envelope, key } = await encryptEnvelope(deps, {
      ...options,
      payload: { ...payload, kind },
    });
    expect(envelope.services.map(({ index }) => index)).toEqual([1, 2, 3]);
    for (const userSecretKeys of [keys(0, 1), keys(2, 0), keys(0, 1, 2)]) {
      const request = { envelope, userSecretKeys, publicKeys };
      expect(await decryptEnvelope(deps, request)).toEqual(utf8('secret'));
      expect(recoverDataKey(deps, { envelope, userSecretKeys })).toEqual(key);
    }
    const wrongAad = {
      ...envelope,
      ciphertext: { ...envelope.ciphertext, aad: utf8('other') } as typeof envelope.ciphertext,
    };
    const refused = decryptEnvelope(deps, { envelope: wrongAad, userSecretKeys: keys(0, 1) });
    expect(await codeOfAsync(refused)).toBe('DECRYPTION_FAILED');
  });

  it('gives the data key in plain mode', async () => {
    const { envelope, key } = await encryptEnvelope(deps, {
      ...options,
      payload: { kind: 'plain' },
    });
    expect(await decryptEnvelope(deps, { envelope, userSecretKeys: keys(1, 2) })).toEqual(key);
  });

  it('fails below the threshold and with wrong keys', async () => {
    const { envelope } = await encryptEnvelope(deps, options);
    const attempt = (userSecretKeys: ReturnType<typeof keys>) =>
      codeOfAsync(decryptEnvelope(deps, { envelope, userSecretKeys }));
    expect(await attempt(keys())).toBe('NOT_ENOUGH_SHARES');
    expect(await attempt(keys(1))).toBe('NOT_ENOUGH_SHARES');
    const [[first, a], [second, b]] = [...keys(0, 1)] as [
      [string, typeof engine.g1.generator],
      [string, typeof engine.g1.generator],
    ];
    expect(
      await attempt(
        new Map([
          [first, b],
          [second, a],
        ]),
      ),
    ).toBe('DECRYPTION_FAILED');
    const upper = new Map([...keys(0, 1)].map(([name, key]) => [name.toUpperCase(), key]));
    expect(await attempt(upper)).toBe('NOT_ENOUGH_SHARES');
  });

  it('recomputes every share when a key does not verify against the public keys', async () => {
    const { envelope } = await encryptEnvelope(deps, options);
    const userSecretKeys = keys(0, 1);
    const swapped = [publicKeys[1]!, publicKeys[0]!, publicKeys[2]!];
    const refused = decryptEnvelope(deps, { envelope, userSecretKeys, publicKeys: swapped });
    expect(await codeOfAsync(refused)).toBe('INCONSISTENT_SHARES');
    const missing = decryptEnvelope(deps, {
      envelope,
      userSecretKeys,
      publicKeys: publicKeys.slice(1),
    });
    expect(await codeOfAsync(missing)).toBe('INVALID_INPUT');
  });

  it('finds a corrupted share that the given keys do not use', async () => {
    const { envelope } = await encryptEnvelope(deps, options);
    const encryptedShares = envelope.encryptedShares.map((s, i) => (i === 2 ? flipped(s) : s));
    const corrupted = { ...envelope, encryptedShares };
    const refused = decryptEnvelope(deps, {
      envelope: corrupted,
      userSecretKeys: keys(0, 1),
      publicKeys,
    });
    expect(await codeOfAsync(refused)).toBe('DECRYPTION_FAILED');
  });

  it('supports weights', async () => {
    const weighted = [servers[0]!, servers[0]!, servers[1]!];
    const { envelope } = await encryptEnvelope(deps, { ...options, servers: weighted });
    const alone = { envelope, userSecretKeys: keys(0) };
    expect(await decryptEnvelope(deps, alone)).toEqual(utf8('secret'));
    const light = decryptEnvelope(deps, { envelope, userSecretKeys: keys(1) });
    expect(await codeOfAsync(light)).toBe('NOT_ENOUGH_SHARES');
  });

  it.each([
    ['no servers', { servers: [], threshold: 1 }, 'INVALID_INPUT'],
    ['threshold 0', { threshold: 0 }, 'INVALID_INPUT'],
    ['threshold above the servers', { threshold: 4 }, 'INVALID_INPUT'],
    ['fractional threshold', { threshold: 1.5 }, 'INVALID_INPUT'],
    ['short package id', { packageId: new Uint8Array(31) }, 'INVALID_LENGTH'],
    [
      'short object id',
      { servers: [{ ...servers[0]!, objectId: id }], threshold: 1 },
      'INVALID_LENGTH',
    ],
  ])('refuses %s', async (_case, change, code) => {
    expect(await codeOfAsync(encryptEnvelope(deps, { ...options, ...change }))).toBe(code);
  });

  it('wipes the base key, the randomness and the shares it drew', async () => {
    const source = seededRandom('wipe');
    const drawn: Uint8Array[] = [];
    const random = (n: number) => {
      const bytes = source(n);
      drawn.push(bytes);
      return bytes;
    };
    await encryptEnvelope({ engine, random }, options);
    expect(drawn.length).toBeGreaterThanOrEqual(3);
    for (const bytes of drawn) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});

describe('between engines', () => {
  it('the same randomness makes the same envelope', async () => {
    const [a, b] = await Promise.all(
      [noble, mcl].map((engine) => {
        const { servers } = world(engine, 3);
        const options = { packageId, id, servers, threshold: 2, payload };
        return encryptEnvelope({ engine, random: seededRandom('same') }, options);
      }),
    );
    expect(b).toEqual(a);
  });
});

describe('limits', () => {
  it('encrypts to 254 servers and not to 255', async () => {
    const { servers } = world(mcl, 1);
    const many = (n: number) => Array.from({ length: n }, () => servers[0]!);
    const options = { packageId, id, payload, threshold: 254 };
    const most = { ...options, servers: many(MAX_ENCRYPT_SERVICES) };
    const { envelope } = await encryptEnvelope({ engine: mcl }, most);
    expect(envelope.services.at(-1)?.index).toBe(254);
    const over = { ...options, servers: many(MAX_ENCRYPT_SERVICES + 1) };
    expect(await codeOfAsync(encryptEnvelope({ engine: mcl }, over))).toBe('INVALID_INPUT');
  });
});
