/** EncryptedObject against the published vectors (seal-protocol.md §1.8, A.5). */
import { decryptEnvelope, extract, hashIdentity } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkEncryptedObject,
  decodeEncryptedObject,
  encodeEncryptedObject,
  fromHex,
  layOutEncryptedObject,
  MAX_ULEB,
  toHex,
} from '../src/index.ts';
import { loadVectors, thrownBy } from './support/vectors.ts';

interface Vector {
  name: string;
  object: string;
  packageId: string;
  id: string;
  services: { objectId: string; index: number }[];
  threshold: number;
  ciphertext: string;
  aad: string | null;
  plaintext: string | null;
  masterKeys?: string[];
  userSecretKeys?: string[];
  publicKeys?: string[];
  inconsistent?: boolean;
}

interface Invalid {
  name: string;
  object: string;
  error: string;
}

const { valid, invalid } = loadVectors<{ valid: Vector[]; invalid: Invalid[] }>(
  'encrypted-objects',
);

/** User secret keys by server, made from master keys where the vector has those. */
function secretKeys(v: Vector): Map<string, ReturnType<typeof engine.g1.fromBytes>> {
  const servers = [...new Set(v.services.map((service) => `0x${service.objectId}`))];
  const identity = hashIdentity(engine, fromHex(v.packageId + v.id));
  const keys =
    v.userSecretKeys?.map((key) => engine.g1.fromBytes(fromHex(key))) ??
    v.masterKeys?.map((key) => extract(engine, fromHex(key), identity)) ??
    [];
  return new Map(keys.map((key, i) => [servers[i] as string, key]));
}

describe.each(valid)('$name', (v) => {
  const bytes = fromHex(v.object);

  it('parses to the published fields', () => {
    const parsed = decodeEncryptedObject(bytes);
    checkEncryptedObject(parsed);
    expect(toHex(parsed.packageId)).toBe(v.packageId);
    expect(toHex(parsed.id)).toBe(v.id);
    expect(parsed.threshold).toBe(v.threshold);
    expect(parsed.services.map((s) => ({ ...s, objectId: toHex(s.objectId) }))).toEqual(v.services);
    expect(parsed.ciphertext.kind).toBe(v.ciphertext);
    const aad = parsed.ciphertext.kind === 'plain' ? undefined : parsed.ciphertext.aad;
    expect(aad && toHex(aad)).toBe(v.aad ?? undefined);
  });

  it('re-encodes to the same bytes, in a buffer of exactly their size', () => {
    const encoded = encodeEncryptedObject(decodeEncryptedObject(bytes));
    expect(toHex(encoded)).toBe(v.object);
    expect(encoded.buffer.byteLength).toBe(bytes.length);
  });
});

describe('the memory of a payload', () => {
  const { object } = valid.find(({ ciphertext }) => ciphertext === 'aes256gcm') as Vector;
  const blobOf = (bytes: Uint8Array): Uint8Array => {
    const { ciphertext } = decodeEncryptedObject(bytes);
    if (ciphertext.kind === 'plain') throw new TypeError('expected a payload');
    return ciphertext.blob;
  };

  it('is that of the object', () => {
    const bytes = fromHex(object);
    expect(blobOf(bytes).buffer).toBe(bytes.buffer);
  });

  it('is its own when another thread could change the object', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(object.length / 2));
    shared.set(fromHex(object));
    const blob = blobOf(shared);
    expect(blob.buffer).toBeInstanceOf(ArrayBuffer);
    expect(blob).toEqual(blobOf(fromHex(object)));
  });

  it('is encoded at every size of the length in front of it', () => {
    const envelope = decodeEncryptedObject(fromHex(object));
    for (const length of [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
      const blob = new Uint8Array(length);
      const ciphertext = { kind: 'aes256gcm', blob, aad: undefined } as const;
      const encoded = encodeEncryptedObject({ ...envelope, ciphertext });
      expect(encoded.buffer.byteLength).toBe(encoded.length);
      expect(blobOf(encoded).length).toBe(length);
    }
  });
});

describe('laid out before the payload exists', () => {
  it.each(valid)('$name: becomes the same bytes', (v) => {
    const { ciphertext, ...header } = decodeEncryptedObject(fromHex(v.object));
    const shape =
      ciphertext.kind === 'plain'
        ? ciphertext
        : { ...ciphertext, blobLength: ciphertext.blob.length };
    const { bytes, blob, mac } = layOutEncryptedObject(header, shape);
    for (const view of [blob, mac]) expect(view.buffer).toBe(bytes.buffer);
    if (ciphertext.kind !== 'plain') blob.set(ciphertext.blob);
    if (ciphertext.kind === 'hmac256ctr') mac.set(ciphertext.mac);
    expect(mac.length).toBe(ciphertext.kind === 'hmac256ctr' ? 32 : 0);
    expect(toHex(bytes)).toBe(v.object);
  });

  it('refuses lengths that the format cannot write', () => {
    const { ciphertext: _, ...header } = decodeEncryptedObject(
      fromHex((valid[2] as Vector).object),
    );
    for (const blobLength of [-1, 0.5, MAX_ULEB + 1]) {
      const shape = { kind: 'aes256gcm', blobLength, aad: undefined } as const;
      expect(thrownBy(() => layOutEncryptedObject(header, shape)).code).toBe('OUT_OF_RANGE');
    }
  });

  it('refuses a MAC of another length', () => {
    const envelope = decodeEncryptedObject(fromHex((valid[2] as Vector).object));
    for (const length of [31, 33]) {
      const mac = new Uint8Array(length);
      const ciphertext = {
        kind: 'hmac256ctr',
        blob: new Uint8Array(1),
        aad: undefined,
        mac,
      } as const;
      const failure = thrownBy(() => encodeEncryptedObject({ ...envelope, ciphertext }));
      expect(failure.code).toBe('INVALID_LENGTH');
    }
  });
});

describe('decrypts', () => {
  const complete = valid.filter((v) => v.plaintext !== null && !v.inconsistent);

  it.each(complete)('$name', async (v) => {
    const envelope = decodeEncryptedObject(fromHex(v.object));
    const plain = await decryptEnvelope({ engine }, { envelope, userSecretKeys: secretKeys(v) });
    expect(toHex(plain)).toBe(v.plaintext);
  });
});

describe('V5, whose first share is inconsistent', () => {
  const v = valid.find((vector) => vector.inconsistent) as Vector;
  const envelope = decodeEncryptedObject(fromHex(v.object));
  const all = secretKeys(v);
  const good = new Map([...all].slice(1));
  const publicKeys = v.publicKeys?.map((key) => engine.g2.fromBytes(fromHex(key))) ?? [];

  it('fails with all keys', async () => {
    const decrypting = decryptEnvelope({ engine }, { envelope, userSecretKeys: all });
    await expect(decrypting).rejects.toThrow();
  });

  it('opens with the two good keys', async () => {
    const plain = await decryptEnvelope({ engine }, { envelope, userSecretKeys: good });
    expect(toHex(plain)).toBe(v.plaintext);
  });

  it('fails the consistency check', async () => {
    const decrypting = decryptEnvelope({ engine }, { envelope, userSecretKeys: good, publicKeys });
    await expect(decrypting).rejects.toMatchObject({ code: 'INCONSISTENT_SHARES' });
  });
});

describe('refused', () => {
  it.each(invalid)('$name: $error', ({ object, error }) => {
    const failure = thrownBy(() => checkEncryptedObject(decodeEncryptedObject(fromHex(object))));
    expect(failure.code).toBe(error);
  });

  it('every truncation', () => {
    const bytes = fromHex((valid[2] as Vector).object);
    for (let length = 0; length < bytes.length; length++) {
      const failure = thrownBy(() => decodeEncryptedObject(bytes.subarray(0, length)));
      expect(failure.code).toBe('INVALID_BCS');
    }
  });

  it('wrong lengths when encoding', () => {
    const envelope = decodeEncryptedObject(fromHex((valid[2] as Vector).object));
    for (const broken of [
      { ...envelope, packageId: new Uint8Array(31) },
      { ...envelope, nonce: new Uint8Array(95) },
      { ...envelope, encryptedRandomness: new Uint8Array(33) },
      { ...envelope, encryptedShares: [new Uint8Array(31)] },
      { ...envelope, services: [{ objectId: new Uint8Array(33), index: 1 }] },
    ]) {
      expect(thrownBy(() => encodeEncryptedObject(broken)).code).toBe('INVALID_LENGTH');
    }
    expect(thrownBy(() => encodeEncryptedObject({ ...envelope, threshold: 256 })).code).toBe(
      'OUT_OF_RANGE',
    );
  });
});

it('any damaged byte is either refused or survives a round trip', () => {
  const bytes = fromHex((valid[0] as Vector).object);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = value;
      try {
        expect(encodeEncryptedObject(decodeEncryptedObject(damaged))).toEqual(damaged);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_BCS' });
      }
    }),
    { numRuns: 200 },
  );
});
