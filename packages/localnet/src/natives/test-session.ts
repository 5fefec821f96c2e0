/**
 * A session for one Move unit test: fresh object runtime, fresh inventory, the dummy transaction that
 * the compiler's own test runner uses. Source: move-vm.md §6.6, §8.2 (tx_context).
 */
import { gasMeter, type MoveRuntime, type MoveSession, ZERO_ADDRESS } from '@seal-ts/move-vm';
import { OBJECT_RUNTIME, ObjectRuntime, SYSTEM_LIMITS } from './object-runtime.ts';
import { SCENARIO, ScenarioInventory } from './scenario.ts';

const DIGEST_BYTES = 32;
/** Instructions that one unit test may run, unless told otherwise. */
export const DEFAULT_TEST_BUDGET = 100_000_000;

export interface TestSession {
  readonly session: MoveSession;
  readonly objects: ObjectRuntime;
}

export function testSession(runtime: MoveRuntime, budget = DEFAULT_TEST_BUDGET): TestSession {
  const inventory = new ScenarioInventory();
  const objects = new ObjectRuntime(
    {
      context: {
        sender: ZERO_ADDRESS,
        digest: new Uint8Array(DIGEST_BYTES),
        epoch: 0n,
        epochTimestampMs: 0n,
        referenceGasPrice: 0n,
        gasPrice: 0n,
        gasBudget: 0n,
      },
      limits: SYSTEM_LIMITS,
    },
    { reader: inventory },
  );
  const session = runtime.session({
    gas: gasMeter(budget),
    extensions: [
      { key: OBJECT_RUNTIME, value: objects },
      { key: SCENARIO, value: inventory },
    ],
  });
  return { session, objects };
}
