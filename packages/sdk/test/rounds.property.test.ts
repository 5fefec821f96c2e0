/**
 * Any mix of weights, thresholds and faults: decryption succeeds exactly when the honest servers
 * weigh enough, and otherwise ends with a SealError that lists servers, always within the deadline.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSealError, type SealClient, type SessionKey } from '../src/index.ts';
import { clientOf, DATA, ID, sessionOf } from './support/setup.ts';
import { approveTx, type Fault, PACKAGE, World } from './support/world.ts';

const TIMEOUT_MS = 1_500;
/** Scheduling on a busy machine, and the cryptography of all simulated servers in one thread. */
const SLACK_MS = 3_000;

const FAULTS: readonly (Fault | undefined)[] = [
  undefined,
  undefined,
  undefined,
  { kind: 'error', name: 'NoAccess' },
  { kind: 'error', name: 'Failure' },
  { kind: 'network' },
  { kind: 'wrongKey' },
  { kind: 'badPoint' },
  { kind: 'noKeys' },
  { kind: 'slow', ms: 20 },
  { kind: 'hang' },
];

const server = fc.record({
  weight: fc.integer({ min: 1, max: 3 }),
  fault: fc.constantFrom(...FAULTS),
});
const setting = fc.record({
  servers: fc.array(server, { minLength: 1, maxLength: 4 }),
  /** Share of the total weight the threshold takes. */
  part: fc.integer({ min: 1, max: 100 }),
});

const honest = (fault: Fault | undefined): boolean => fault === undefined || fault.kind === 'slow';

async function outcome(
  client: SealClient,
  sessionKey: SessionKey,
  data: Uint8Array,
): Promise<'opened' | 'refused'> {
  const txBytes = await approveTx([ID]);
  try {
    expect(await client.decrypt({ data, sessionKey, txBytes })).toEqual(DATA);
    return 'opened';
  } catch (error) {
    if (!isSealError(error)) throw error;
    expect(error.shares.length).toBeGreaterThan(0);
    return 'refused';
  }
}

it('opens exactly when honest weight reaches the threshold, in bounded time', async () => {
  await fc.assert(
    fc.asyncProperty(setting, async ({ servers, part }) => {
      const world = new World({ servers: servers.length });
      const serverConfigs = world.configs.map((config, i) => ({
        ...config,
        weight: servers[i]!.weight,
      }));
      const total = servers.reduce((sum, { weight }) => sum + weight, 0);
      const threshold = Math.max(1, Math.ceil((total * part) / 100));
      const client = clientOf(world, { serverConfigs, timeout: TIMEOUT_MS });
      const input = { threshold, packageId: PACKAGE, id: ID, data: DATA };
      const { encryptedObject } = await client.encrypt(input);
      const sessionKey = await sessionOf(world);
      world.servers.forEach((target, i) => {
        target.fault = servers[i]!.fault;
      });
      const good = servers.reduce(
        (sum, { weight, fault }) => sum + (honest(fault) ? weight : 0),
        0,
      );
      const startedAt = performance.now();
      const result = await outcome(client, sessionKey, encryptedObject);
      expect(result).toBe(good >= threshold ? 'opened' : 'refused');
      expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    }),
    { numRuns: 25 },
  );
});
