/** All natives of the framework packages 0x1 and 0x2, ready for `MoveRuntime`. */
import type { Engine } from '@seal-ts/crypto';
import {
  type NativeTable,
  nativesAt,
  nativeTable,
  pureSuiNatives,
  stdNatives,
} from '@seal-ts/move-vm';
import { dynamicFieldNatives } from './dynamic-field.ts';
import { eventNatives } from './event.ts';
import { bls12381Natives, groupOpsNatives } from './group-ops.ts';
import { objectNatives } from './object.ts';
import { scenarioNatives } from './scenario-natives.ts';
import { testingModules } from './testing.ts';
import { transferNatives } from './transfer.ts';
import { txContextNatives } from './tx-context.ts';
import { emitAuthenticatedNative, unsupportedModules } from './unsupported.ts';

export interface FrameworkNativesOptions {
  /** For `sui::bls12381`; mcl is several times faster than noble. */
  readonly engine: Engine;
  /** For `random::generate_rand_seed_for_testing`; default `crypto.getRandomValues`. */
  readonly random?: (length: number) => Uint8Array;
}

const systemRandom = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

export function frameworkNatives(options: FrameworkNativesOptions): NativeTable {
  const { engine, random = systemRandom } = options;
  return nativeTable(
    ...stdNatives,
    ...pureSuiNatives,
    ...nativesAt('0x2', {
      ...unsupportedModules,
      ...testingModules(random),
      test_scenario: scenarioNatives,
      object: objectNatives,
      transfer: transferNatives,
      dynamic_field: dynamicFieldNatives,
      tx_context: txContextNatives,
      event: { ...eventNatives, emit_authenticated_impl: emitAuthenticatedNative },
      group_ops: groupOpsNatives(engine),
      bls12381: bls12381Natives(engine),
    }),
  );
}
