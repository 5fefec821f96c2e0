/**
 * Natives for which the oracle has stand-ins (move-vm.md §6.4, oracle fidelity). A test that calls
 * one may end otherwise there without anything being wrong here. The repository's own tests of this
 * kind are listed by name in oracle-skips.ts all the same, so that the list cannot grow unseen.
 */
import { type NativeFunction, type NativeTable, normalizeAddress } from '@seal-ts/move-vm';

const STAND_IN_MODULES: ReadonlySet<string> = new Set([
  'bls12381',
  'ecvrf',
  'group_ops',
  'groth16',
  'nitro_attestation',
  'poseidon',
  'random',
  'vdf',
  'zklogin_verified_id',
  'zklogin_verified_issuer',
]);

const SUI = normalizeAddress('0x2');

/** The same natives; `called` is told when one of those runs. */
export function watchStandIns(natives: NativeTable, called: () => void): NativeTable {
  return new Map(
    [...natives].map(([name, native]): [string, NativeFunction] => {
      const [address = '', module = ''] = name.split('::');
      if (address !== SUI || !STAND_IN_MODULES.has(module)) return [name, native];
      return [
        name,
        (...call) => {
          called();
          return native(...call);
        },
      ];
    }),
  );
}
