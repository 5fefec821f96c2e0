/** Natives that only Move unit tests call. Source: move-vm.md §6.3. */
import { bytesValue, isOneTimeWitness, type ModuleNatives } from '@seal-ts/move-vm';

const SEED_BYTES = 32;
/** `create_one_time_witness` of a type that is none. */
const E_NOT_ONE_TIME_WITNESS = 0;

export function testingModules(
  random: (length: number) => Uint8Array,
): Readonly<Record<string, ModuleNatives>> {
  return {
    random: {
      generate_rand_seed_for_testing: () => bytesValue(random(SEED_BYTES)),
    },
    test_utils: {
      create_one_time_witness(context, [type]) {
        if (!isOneTimeWitness(type!)) context.abort(E_NOT_ONE_TIME_WITNESS);
        return [true];
      },
      destroy: () => undefined,
    },
  };
}
