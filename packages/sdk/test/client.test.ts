/** Encryption, decryption, key servers and options of the client (seal-protocol.md §9.1). */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import type { ServerType } from '@seal-ts/protocol';
import { decodeEncryptedObject, encodeEncryptedObject } from '@seal-ts/protocol';
import { describe, expect, it, vi } from 'vitest';
import {
  DecryptionError,
  DemType,
  EncryptedObject,
  InconsistentKeyServersError,
  InvalidCiphertextError,
  InvalidClientOptionsError,
  InvalidGetObjectError,
  InvalidKeyServerError,
  InvalidKeyServerVersionError,
  InvalidPackageError,
  InvalidThresholdError,
  type KeyServerConfig,
  SealClient,
  SealError,
  type SessionKey,
  seal,
  UnsupportedFeatureError,
  UserError,
} from '../src/index.ts';
import { clientOf, DATA, ID, scene, sealErrorOf, sessionOf } from './support/setup.ts';
import { approveTx, PACKAGE, UPGRADED_PACKAGE, World } from './support/world.ts';

/** As `readFile` and the like return them. */
function bufferOf(bytes: Uint8Array): Buffer {
  const padded = Buffer.alloc(bytes.length + 7, 0xee);
  padded.set(bytes, 3);
  return padded.subarray(3, 3 + bytes.length);
}

const input = { threshold: 2, packageId: PACKAGE, id: ID, data: DATA };

describe('round trips', () => {
  it('give the data key of the object', async () => {
    const { client } = await scene();
    const { encryptedObject, key } = await client.encrypt(input);
    expect(key).toHaveLength(32);
    expect(EncryptedObject.parse(encryptedObject)).toMatchObject({
      version: 0,
      packageId: PACKAGE,
      id: ID,
      threshold: 2,
    });
  });

  it('work with the mcl engine against servers on noble', async () => {
    const { client, sessionKey, txBytes } = await scene({ engine: await loadMclEngine() });
    const { encryptedObject: data } = await client.encrypt(input);
    expect(await client.decrypt({ data, sessionKey, txBytes })).toEqual(DATA);
  });

  it('honour weights: a heavy server is enough alone', async () => {
    const { world, sessionKey, txBytes } = await scene();
    const [heavy, light] = world.configs as [KeyServerConfig, KeyServerConfig];
    const serverConfigs = [{ ...heavy, weight: 3 }, light];
    const client = clientOf(world, { serverConfigs });
    const { encryptedObject: data } = await client.encrypt({ ...input, threshold: 3 });
    expect(EncryptedObject.parse(data).services.map(([id]) => id)).toEqual([
      heavy.objectId,
      heavy.objectId,
      heavy.objectId,
      light.objectId,
    ]);
    world.servers[1]!.fault = { kind: 'network' };
    expect(await client.decrypt({ data, sessionKey, txBytes })).toEqual(DATA);
  });

  it('use a subset of the object’s servers', async () => {
    const { world, client, sessionKey, txBytes } = await scene();
    const { encryptedObject: data } = await client.encrypt(input);
    const subset = clientOf(world, { serverConfigs: world.configs.slice(1) });
    const options = { data, sessionKey, txBytes, checkShareConsistency: true };
    expect(await subset.decrypt(options)).toEqual(DATA);
  });

  it('authenticate the additional data and an empty message', async () => {
    const { client, sessionKey, txBytes } = await scene();
    for (const demType of [DemType.AesGcm256, DemType.Hmac256Ctr]) {
      const empty = { ...input, data: new Uint8Array(), aad: DATA, demType };
      const { encryptedObject: data } = await client.encrypt(empty);
      expect(await client.decrypt({ data, sessionKey, txBytes })).toEqual(new Uint8Array());
    }
  });

  it.each([DemType.AesGcm256, DemType.Hmac256Ctr])(
    'take Buffers, views of larger memory whose slice() does not copy, and leave them alone (%s)',
    async (demType) => {
      const { client, sessionKey, txBytes } = await scene();
      const bytes = { data: bufferOf(DATA), aad: bufferOf(DATA) };
      const { encryptedObject } = await client.encrypt({ ...input, ...bytes, demType });
      expect(new Uint8Array(bytes.data)).toEqual(DATA);
      expect(new Uint8Array(bytes.aad)).toEqual(DATA);
      const data = bufferOf(encryptedObject);
      const tx = bufferOf(txBytes);
      const options = { data, sessionKey, txBytes: tx, checkShareConsistency: true };
      expect(new Uint8Array(await client.decrypt(options))).toEqual(DATA);
      expect(new Uint8Array(data)).toEqual(new Uint8Array(encryptedObject));
      expect(new Uint8Array(tx)).toEqual(new Uint8Array(txBytes));
    },
  );

  it('read objects whose randomness is little-endian only when asked', async () => {
    const { client, sessionKey, txBytes } = await scene();
    const { encryptedObject, key } = await client.encrypt(input);
    const data = await littleEndianTwin(client, sessionKey, txBytes, encryptedObject);
    expect(key).toHaveLength(32);
    const options = { data, sessionKey, txBytes };
    expect(await sealErrorOf(client.decrypt(options))).toBeInstanceOf(DecryptionError);
    expect(await client.decrypt({ ...options, checkLEEncoding: true })).toEqual(DATA);
    const damaged = Uint8Array.from(data);
    damaged[data.length - 5]! ^= 1;
    const again = client.decrypt({ ...options, data: damaged, checkLEEncoding: true });
    await expect(again).rejects.toThrow();
  });
});

describe('encrypt refuses', () => {
  it('an upgraded package id', async () => {
    const { client } = await scene();
    const error = await sealErrorOf(client.encrypt({ ...input, packageId: UPGRADED_PACKAGE }));
    expect(error).toBeInstanceOf(InvalidPackageError);
    expect(error.message).toContain('it is version 2');
  });

  it('a package that does not exist', async () => {
    const { client } = await scene();
    const error = await sealErrorOf(client.encrypt({ ...input, packageId: '0x123' }));
    expect(error).toBeInstanceOf(InvalidGetObjectError);
  });

  it.each([0, 4, -1, 1.5, Number.NaN, 255])('threshold %s of 3', async (threshold) => {
    const { client } = await scene();
    const error = await sealErrorOf(client.encrypt({ ...input, threshold }));
    expect(error).toMatchObject({ name: 'UserError', code: 'SEAL_INVALID_ARGUMENT' });
  });

  it('more than 254 shares', async () => {
    const { world } = await scene({}, { servers: 1 });
    const config = world.configs[0] as KeyServerConfig;
    const weighing = (weight: number) =>
      clientOf(world, { serverConfigs: [{ ...config, weight }] });
    const { encryptedObject } = await weighing(254).encrypt({ ...input, threshold: 1 });
    expect(EncryptedObject.parse(encryptedObject).services).toHaveLength(254);
    const error = await sealErrorOf(weighing(255).encrypt({ ...input, threshold: 1 }));
    expect(error).toBeInstanceOf(UserError);
  });

  it('identities that are not hex, package ids that are none, unknown types', async () => {
    const { client } = await scene();
    const cases = [{ id: 'xyz' }, { id: 'abc' }, { packageId: 'abc' }, { packageId: '' }];
    for (const change of cases) {
      expect(await sealErrorOf(client.encrypt({ ...input, ...change }))).toBeInstanceOf(UserError);
    }
    const types = [{ demType: 7 as DemType }, { kemType: 1 as 0 }];
    for (const change of types) {
      const error = await sealErrorOf(client.encrypt({ ...input, ...change }));
      expect(error).toBeInstanceOf(UnsupportedFeatureError);
    }
  });
});

describe('decrypt refuses', () => {
  it('bytes that are no encrypted object', async () => {
    const { client, sessionKey, txBytes } = await scene();
    const { encryptedObject } = await client.encrypt(input);
    const broken = [
      new Uint8Array(),
      encryptedObject.slice(0, -1),
      Uint8Array.of(...encryptedObject, 0),
      Uint8Array.of(1, ...encryptedObject.slice(1)),
    ];
    for (const data of broken) {
      const error = await sealErrorOf(client.decrypt({ data, sessionKey, txBytes }));
      expect(error).toBeInstanceOf(InvalidCiphertextError);
      expect(error.code).toBe('SEAL_INVALID_CIPHERTEXT');
    }
  });

  it('objects without data', async () => {
    const { client, sessionKey, txBytes } = await scene();
    const { encryptedObject } = await client.encrypt(input);
    const envelope = decodeEncryptedObject(encryptedObject);
    const data = encodeEncryptedObject({ ...envelope, ciphertext: { kind: 'plain' } });
    const error = await sealErrorOf(client.decrypt({ data, sessionKey, txBytes }));
    expect(error.message).toContain('Invalid ciphertext type');
  });

  it('objects of another package, before asking anybody', async () => {
    const { world, client, sessionKey, txBytes } = await scene();
    const { encryptedObject } = await client.encrypt(input);
    const envelope = decodeEncryptedObject(encryptedObject);
    const data = encodeEncryptedObject({ ...envelope, packageId: new Uint8Array(32) });
    const error = await sealErrorOf(client.decrypt({ data, sessionKey, txBytes }));
    expect(error).toMatchObject({ name: 'DecryptionError', code: 'SEAL_PACKAGE_MISMATCH' });
    expect(world.servers.every((server) => server.requests.length === 0)).toBe(true);
  });

  it('another weight than the object has', async () => {
    const { world, client, sessionKey, txBytes } = await scene();
    const { encryptedObject: data } = await client.encrypt(input);
    const serverConfigs = world.configs.map((config) => ({ ...config, weight: 2 }));
    const other = clientOf(world, { serverConfigs });
    const error = await sealErrorOf(other.decrypt({ data, sessionKey, txBytes }));
    expect(error).toBeInstanceOf(InconsistentKeyServersError);
  });

  it('a threshold above the client’s weight', async () => {
    const { world, client, sessionKey, txBytes } = await scene();
    const { encryptedObject: data } = await client.encrypt(input);
    const one = clientOf(world, { serverConfigs: world.configs.slice(0, 1) });
    const error = await sealErrorOf(one.decrypt({ data, sessionKey, txBytes }));
    expect(error).toBeInstanceOf(InvalidThresholdError);
  });

  it('servers that hold no shares of the object', async () => {
    const { world, sessionKey, txBytes } = await scene();
    const first = clientOf(world, { serverConfigs: world.configs.slice(0, 1) });
    const { encryptedObject: data } = await first.encrypt({ ...input, threshold: 1 });
    const others = clientOf(world, { serverConfigs: world.configs.slice(1) });
    const error = await sealErrorOf(others.decrypt({ data, sessionKey, txBytes }));
    expect(error).toBeInstanceOf(DecryptionError);
    expect(error.message).toContain('Not enough shares');
  });

  it('damaged ciphertext and damaged shares', async () => {
    const { client, sessionKey, txBytes } = await scene();
    const { encryptedObject } = await client.encrypt(input);
    const envelope = decodeEncryptedObject(encryptedObject);
    const flip = (bytes: Uint8Array): Uint8Array =>
      bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    if (envelope.ciphertext.kind !== 'aes256gcm') throw new Error('wrong kind');
    const ciphertext = { ...envelope.ciphertext, blob: flip(envelope.ciphertext.blob) };
    const encryptedShares = envelope.encryptedShares.map(flip);
    const changes = [{ ciphertext }, { encryptedShares }];
    for (const change of changes) {
      const data = encodeEncryptedObject({ ...envelope, ...change });
      const error = await sealErrorOf(client.decrypt({ data, sessionKey, txBytes }));
      expect(error).toBeInstanceOf(DecryptionError);
    }
  });
});

describe('options', () => {
  const config = { objectId: '0x1', weight: 1 };

  it.each<[string, KeyServerConfig[]]>([
    ['duplicate servers', [config, { ...config, objectId: `0x${'1'.padStart(64, '0')}` }]],
    ['a key without a header name', [{ ...config, apiKey: 'k' }]],
    ['a header name without a key', [{ ...config, apiKeyName: 'X-API-Key' }]],
    ['a malformed object id', [{ ...config, objectId: 'one' }]],
    ['a negative weight', [{ ...config, weight: -1 }]],
    ['a fractional weight', [{ ...config, weight: 0.5 }]],
  ])('refuse %s', (_name, serverConfigs) => {
    const { suiClient } = new World();
    const make = (): SealClient => new SealClient({ suiClient, serverConfigs });
    expect(make).toThrow(InvalidClientOptionsError);
  });

  it('reach the chain only when needed', () => {
    const world = new World();
    clientOf(world);
    expect(world.reads).toEqual([]);
  });

  it('no servers at all is an error on use', async () => {
    const world = new World();
    const error = await sealErrorOf(clientOf(world, { serverConfigs: [] }).getKeyServers());
    expect(error).toBeInstanceOf(InvalidKeyServerError);
  });
});

describe('key servers', () => {
  it('are read once, also by concurrent callers, and again after a failure', async () => {
    const world = new World();
    const client = clientOf(world);
    const read = vi.spyOn(world.suiClient.core, 'getObject');
    read.mockRejectedValueOnce(new Error('node down'));
    expect(await sealErrorOf(client.getKeyServers())).toBeInstanceOf(InvalidGetObjectError);
    read.mockClear();
    const [a, b] = await Promise.all([client.getKeyServers(), client.getKeyServers()]);
    await client.getKeyServers();
    expect(read).toHaveBeenCalledTimes(3);
    expect(a).toEqual(b);
    expect(a.get(world.servers[0]!.objectId)).toEqual({
      objectId: world.servers[0]!.objectId,
      name: 'server 0',
      url: 'https://server-0.example',
      keyType: 0,
      pk: world.servers[0]!.publicKey,
      serverType: 'Independent',
    });
  });

  it('of version 1 work', async () => {
    const { client, sessionKey, txBytes } = await scene({}, { version: 1 });
    const { encryptedObject: data } = await client.encrypt(input);
    expect(await client.decrypt({ data, sessionKey, txBytes })).toEqual(DATA);
  });

  it('of a future version say what is supported', async () => {
    const versions = { firstVersion: 3n, lastVersion: 4n };
    const world = new World({ servers: 1, versions });
    const error = await sealErrorOf(clientOf(world).getKeyServers());
    expect(error).toBeInstanceOf(InvalidKeyServerVersionError);
    expect(error.message).toBe(
      `Key server ${world.servers[0]!.objectId} supports versions between 3 and 4 (inclusive), ` +
        'but SDK expects one of 2, 1',
    );
  });

  it.each([
    ['another key type', { keyType: 1 }],
    ['a public key that is no point', { publicKey: new Uint8Array(96) }],
    ['a short public key', { publicKey: new Uint8Array(95) }],
    ['the identity as public key', { publicKey: Uint8Array.of(0xc0, ...new Uint8Array(95)) }],
  ])('with %s are invalid', async (_name, options) => {
    const world = new World({ servers: 1, ...options });
    const error = await sealErrorOf(clientOf(world).getKeyServers());
    expect(error).toBeInstanceOf(InvalidKeyServerError);
  });

  it('that are not on chain are named', async () => {
    const world = new World();
    const serverConfigs = [{ objectId: '0xdead', weight: 1 }];
    const error = await sealErrorOf(clientOf(world, { serverConfigs }).getKeyServers());
    expect(error).toBeInstanceOf(InvalidGetObjectError);
    expect(error.message).toContain('dead');
  });

  it('give their public keys, also when not configured', async () => {
    const world = new World();
    const client = clientOf(world, { serverConfigs: world.configs.slice(0, 1) });
    const ids = world.servers.map((server) => server.objectId);
    const keys = await client.getPublicKeys([...ids, ids[0] as string]);
    expect(keys.map((key) => key.toBytes())).toEqual(
      [...world.servers, world.servers[0]!].map((server) => server.publicKey),
    );
    const reads = world.reads.length;
    await client.getPublicKeys(ids);
    expect(world.reads).toHaveLength(reads);
  });
});

describe('aggregators', () => {
  const committee: ServerType = { kind: 'committee', version: 0, threshold: 2, members: [] };
  const serverType = (i: number) => (i === 0 ? committee : undefined);
  const withAggregator = (world: World, index: number) =>
    world.configs.map((config, i) =>
      i === index ? { ...config, aggregatorUrl: 'https://server-0.example///' } : config,
    );

  it('take the requests of committee servers, and are not asked for proofs', async () => {
    const { world, sessionKey, txBytes } = await scene({}, { serverType });
    const serverConfigs = withAggregator(world, 0);
    const client = clientOf(world, { serverConfigs, verifyKeyServers: true });
    const servers = await client.getKeyServers();
    expect(servers.get(world.servers[0]!.objectId)).toMatchObject({
      serverType: 'Committee',
      url: 'https://server-0.example',
    });
    expect(world.servers.map((server) => server.requests.length)).toEqual([0, 1, 1]);
    const { encryptedObject: data } = await client.encrypt({ ...input, threshold: 3 });
    expect(await client.decrypt({ data, sessionKey, txBytes })).toEqual(DATA);
  });

  it('are required for committees', async () => {
    const world = new World({ serverType });
    const error = await sealErrorOf(clientOf(world).getKeyServers());
    expect(error).toBeInstanceOf(InvalidClientOptionsError);
    expect(error.message).toContain('requires aggregatorUrl');
  });

  it.each([1, 2] as const)('are refused for independent servers (V%i)', async (version) => {
    const world = new World({ version });
    const client = clientOf(world, { serverConfigs: withAggregator(world, 1) });
    expect(await sealErrorOf(client.getKeyServers())).toBeInstanceOf(InvalidClientOptionsError);
  });
});

describe('verification of key servers', () => {
  it('passes for servers that have their key', async () => {
    const { world, client } = await scene({ verifyKeyServers: true });
    await client.getKeyServers();
    const request = world.servers[0]!.requests[0];
    expect(request?.path).toBe('/v1/service');
    expect(request?.headers.get('client-sdk-type')).toBe('typescript');
  });

  it.each([
    ['wrongPop', InvalidKeyServerError],
    ['wrongServiceId', InvalidKeyServerError],
    ['notJson', SealError],
    ['network', SealError],
  ] as const)('fails for %s', async (kind, expected) => {
    const { world, client } = await scene({ verifyKeyServers: true });
    world.servers[1]!.fault = { kind };
    expect(await sealErrorOf(client.getKeyServers())).toBeInstanceOf(expected);
  });
});

describe('deadlines', () => {
  it('hold for reads from the chain', async () => {
    const world = new World();
    const client = clientOf(world, { timeout: 20 });
    const read = vi.spyOn(world.suiClient.core, 'getObject');
    read.mockReturnValue(new Promise(() => {}));
    for (const work of [client.getKeyServers(), client.encrypt(input)]) {
      const error = await sealErrorOf(work);
      expect(error).toBeInstanceOf(InvalidGetObjectError);
      expect(error.message).toContain('within 20 ms');
    }
  });
});

describe('randomness', () => {
  it('is injected: the same source gives the same object and request ids', async () => {
    const once = async (): Promise<unknown[]> => {
      let n = 0;
      const random = (length: number): Uint8Array => new Uint8Array(length).fill(++n);
      const { world, client, sessionKey, txBytes } = await scene({ random });
      const { encryptedObject, key } = await client.encrypt(input);
      await client.fetchKeys({ ids: [ID], txBytes, sessionKey, threshold: 1 });
      return [encryptedObject, key, world.servers[0]!.requests[0]!.headers.get('request-id')];
    };
    const first = await once();
    expect(await once()).toEqual(first);
    expect(first[2]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('the extension', () => {
  it('extends the official client', () => {
    const options = { network: 'localnet', baseUrl: 'http://127.0.0.1:1' } as const;
    const client = new SuiGrpcClient(options).$extend(seal({ serverConfigs: [] }));
    expect(client.seal).toBeInstanceOf(SealClient);
    const named = new SuiGrpcClient(options).$extend(seal({ name: 'vault', serverConfigs: [] }));
    expect(named.vault).toBeInstanceOf(SealClient);
  });

  it('registers under its name', async () => {
    const world = new World();
    const options = { serverConfigs: world.configs, fetch: world.fetch };
    const plain = seal(options);
    expect(plain.name).toBe('seal');
    const named: 'vault' = seal({ ...options, name: 'vault' }).name;
    expect(named).toBe('vault');
    const client = plain.register(world.suiClient);
    const { encryptedObject: data } = await client.encrypt(input);
    const sessionKey = await sessionOf(world);
    const txBytes = await approveTx([ID]);
    expect(await client.decrypt({ data, sessionKey, txBytes })).toEqual(DATA);
  });
});

/** The same object with its randomness encrypted byte-reversed, as old SDKs wrote it. */
async function littleEndianTwin(
  client: SealClient,
  sessionKey: SessionKey,
  txBytes: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array> {
  const { combine, decryptShare, derivePurposeKey, fullIdentity, hashIdentity, toHex, xor } =
    await import('@seal-ts/crypto');
  const { nobleEngine: engine } = await import('@seal-ts/crypto/noble');
  const envelope = decodeEncryptedObject(data);
  const { nonce, services, encryptedShares, threshold } = envelope;
  const keys = await client.getDerivedKeys({ id: ID, txBytes, sessionKey, threshold });
  const identity = hashIdentity(engine, fullIdentity(envelope.packageId, envelope.id));
  const prepared = engine.prepareG2(engine.g2.fromBytes(nonce));
  const shares = services.flatMap(({ objectId, index }, i) => {
    const key = keys.get(`0x${toHex(objectId)}`);
    if (key === undefined) return [];
    const position = { identity, nonce, objectId, index };
    const point = engine.g1.fromBytes(key.toBytes());
    const bytes = decryptShare(engine, point, prepared, position, encryptedShares[i] as Uint8Array);
    return [{ index, bytes }];
  });
  const objectIds = services.map((service) => service.objectId);
  const mask = derivePurposeKey('encryptedRandomness', combine(shares), {
    threshold,
    encryptedShares,
    objectIds,
  });
  const reversed = xor(envelope.encryptedRandomness, mask).reverse();
  return encodeEncryptedObject({ ...envelope, encryptedRandomness: xor(reversed, mask) });
}
