/**
 * Natives of network machinery that a development chain does not have: they abort, with the code that
 * the network uses when the feature is off, and only when called. Source: move-vm.md §6.3, §6.4.
 */
import { COST, type ModuleNatives, type NativeFunction, optionValue } from '@seal-ts/move-vm';

/** Address balances, authenticated events and accumulators: ASCII `off`. */
export const FEATURE_OFF_ABORT_CODE = 0x6f6666;

const E_VDF_OFF = 1;
const E_ZKLOGIN_OFF = 255;
const E_NITRO_NOT_SUPPORTED = 0;

function abortsWith(code: number): NativeFunction {
  return (context) => context.abort(code);
}

const featureOff = abortsWith(FEATURE_OFF_ABORT_CODE);

export const unsupportedModules: Readonly<Record<string, ModuleNatives>> = {
  accumulator: { emit_deposit_event: featureOff, emit_withdraw_event: featureOff },
  accumulator_settlement: { record_settlement_sui_conservation: featureOff },
  funds_accumulator: {
    add_to_accumulator_address: featureOff,
    withdraw_from_accumulator_address: featureOff,
  },
  protocol_config: { is_feature_enabled: () => false },
  vdf: {
    hash_to_input_internal: abortsWith(E_VDF_OFF),
    vdf_verify_internal: abortsWith(E_VDF_OFF),
  },
  zklogin_verified_id: { check_zklogin_id_internal: abortsWith(E_ZKLOGIN_OFF) },
  zklogin_verified_issuer: { check_zklogin_issuer_internal: abortsWith(E_ZKLOGIN_OFF) },
  nitro_attestation: { load_nitro_attestation_internal: abortsWith(E_NITRO_NOT_SUPPORTED) },
  config: {
    read_setting_impl(context) {
      context.charge(COST.plain);
      return optionValue(undefined);
    },
  },
};

export const emitAuthenticatedNative = featureOff;
