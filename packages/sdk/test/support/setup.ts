/** Short cuts shared by the client tests. */
import { SealClient, type SealClientOptions, SealError, SessionKey } from '../../src/index.ts';
import { approveTx, PACKAGE, user, World, type WorldOptions } from './world.ts';

export const ID = '0a0b';
export const DATA = new TextEncoder().encode('data');

export interface Scene {
  readonly world: World;
  readonly client: SealClient;
  readonly sessionKey: SessionKey;
  readonly txBytes: Uint8Array;
}

/** A client of all servers with weight 1, a session and a transaction for `ID`. */
export async function scene(
  options: Partial<SealClientOptions> = {},
  worldOptions: WorldOptions = {},
): Promise<Scene> {
  const world = new World(worldOptions);
  return {
    world,
    client: clientOf(world, options),
    sessionKey: await sessionOf(world),
    txBytes: await approveTx([ID]),
  };
}

export function clientOf(world: World, options: Partial<SealClientOptions> = {}): SealClient {
  return new SealClient({
    suiClient: world.suiClient,
    serverConfigs: world.configs,
    fetch: world.fetch,
    ...options,
  });
}

export function sessionOf(world: World, change: { now?: () => number } = {}): Promise<SessionKey> {
  return SessionKey.create({
    address: user.toSuiAddress(),
    packageId: PACKAGE,
    ttlMin: 10,
    signer: user,
    suiClient: world.suiClient,
    ...change,
  });
}

/** The SealError that `work` rejects with. */
export async function sealErrorOf(work: Promise<unknown>): Promise<SealError> {
  const error: unknown = await work.then(
    () => new Error('expected a rejection'),
    (reason: unknown) => reason,
  );
  if (error instanceof SealError) return error;
  throw error;
}
