import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { describe, expect, it } from 'vitest';
import { MasterKey, permissionedMasterKeys } from '../src/index.ts';
import { createRequest, openAnswer, post } from './support/client.ts';
import { createWorld, PACKAGE, UPGRADED } from './support/world.ts';

const OTHER = `0x${'b7'.repeat(32)}`;
const PATH = '/v1/fetch_key';

async function permissionedWorld(resolveMvrName = async () => PACKAGE) {
  const client = (byte: number, packageId: string) => ({
    key: new MasterKey(new Uint8Array(32).fill(byte)),
    keyServerObjectId: `0x${`c${byte}`.repeat(32)}`,
    packageIds: [packageId],
  });
  const keys = permissionedMasterKeys([client(1, PACKAGE), client(2, OTHER)]);
  const world = await createWorld({ keys, resolveMvrName });
  world.chain.originals.set(OTHER, OTHER);
  return world;
}

describe('a permissioned server', () => {
  it('uses the key of the client that owns the package, upgrades included', async () => {
    const { app } = await permissionedWorld();
    const userKeys = await Promise.all(
      [PACKAGE, UPGRADED, OTHER].map(async (packageId) => {
        const packageName = packageId === OTHER ? OTHER : PACKAGE;
        const request = await createRequest({ engine, packageId, packageName });
        const res = await app.request(PATH, post(request.body));
        const [opened] = openAnswer(await res.json(), request.secretKey, engine);
        return Buffer.from(opened!.userSecretKey).toString('hex');
      }),
    );
    expect(userKeys[0]).toBe(userKeys[1]);
    expect(userKeys[0]).not.toBe(userKeys[2]);
  });

  it('refuses other packages before it looks at name or certificate', async () => {
    const world = await permissionedWorld(async () => {
      throw new Error('must not be asked');
    });
    const unlisted = `0x${'ee'.repeat(32)}`;
    world.chain.originals.set(unlisted, unlisted);
    const options = { engine, packageId: unlisted, mvrName: '@a/b', ttlMin: 99 };
    const { body } = await createRequest(options);
    const res = await world.app.request(PATH, post(body));
    expect(res.status).toBe(400);
    expect(await res.json()).toEqual({
      error: 'UnsupportedPackageId',
      message: 'Unsupported package ID',
    });
    expect(world.chain.calls).toEqual(['packageOriginalId']);
  });
});
