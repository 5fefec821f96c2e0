/**
 * Epochs, the system state as far as clients read it, and the protocol configuration
 * (spec sui-ledger §2.3, §6.1, §7).
 *
 * There is no staking here: stake and safe-mode figures are zero. The epoch's start is set twice,
 * because the client throws when it finds neither.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { EpochRecord } from '../../ledger/api.ts';
import { SYSTEM_STATE_VERSION } from '../../ledger/limits.ts';
import type { Mask } from '../masks/mask.ts';
import { project } from '../masks/project.ts';
import { timestamp } from './compact.ts';

/** Limits and prices of protocol 138 that transaction builders look at. */
export const PROTOCOL_ATTRIBUTES: Readonly<Record<string, string>> = {
  base_tx_cost_fixed: '1000',
  gas_rounding_step: '1000',
  max_arguments: '512',
  max_event_emit_size: '256000',
  max_event_emit_size_total: '65536000',
  max_gas_computation_bucket: '5000000',
  max_gas_payment_objects: '256',
  max_gas_price: '50000000000',
  max_input_objects: '2048',
  max_modules_in_publish: '64',
  max_move_object_size: '256000',
  max_move_package_size: '102400',
  max_move_value_depth: '128',
  max_move_vector_len: '262144',
  max_num_event_emit: '1024',
  max_num_new_move_object_ids: '2048',
  max_package_dependencies: '32',
  max_programmable_tx_commands: '1024',
  max_publish_or_upgrade_per_ptb: '5',
  max_pure_argument_size: '16384',
  max_serialized_tx_effects_size_bytes: '524288',
  max_size_written_objects: '5000000',
  max_tx_gas: '50000000000000',
  max_tx_size_bytes: '131072',
  max_type_argument_depth: '16',
  max_type_arguments: '16',
  obj_access_cost_read_per_byte: '15',
  obj_data_cost_refundable: '100',
  package_publish_cost_per_byte: '80',
  storage_gas_price: '76',
  storage_rebate_rate: '9900',
};

/** The selected parts of an epoch. */
export function renderEpoch(
  epoch: EpochRecord,
  mask: Mask,
  epochDurationMs: bigint,
): PartialMessage<GrpcTypes.Epoch> {
  return project(GrpcTypes.Epoch, mask, {
    epoch: () => epoch.epoch,
    committee: () => ({ epoch: epoch.epoch }),
    systemState: () => systemState(epoch, epochDurationMs),
    firstCheckpoint: () => epoch.firstCheckpoint,
    lastCheckpoint: () => epoch.lastCheckpoint,
    start: () => timestamp(epoch.startTimestampMs),
    end: () => (epoch.endTimestampMs === undefined ? undefined : timestamp(epoch.endTimestampMs)),
    referenceGasPrice: () => epoch.referenceGasPrice,
    protocolConfig: () => ({
      protocolVersion: epoch.protocolVersion,
      featureFlags: {},
      attributes: { ...PROTOCOL_ATTRIBUTES },
    }),
  });
}

function systemState(
  epoch: EpochRecord,
  epochDurationMs: bigint,
): PartialMessage<GrpcTypes.SystemState> {
  return {
    version: SYSTEM_STATE_VERSION,
    epoch: epoch.epoch,
    protocolVersion: epoch.protocolVersion,
    referenceGasPrice: epoch.referenceGasPrice,
    epochStartTimestampMs: epoch.startTimestampMs,
    safeMode: false,
    safeModeStorageRewards: 0n,
    safeModeComputationRewards: 0n,
    safeModeStorageRebates: 0n,
    safeModeNonRefundableStorageFee: 0n,
    parameters: {
      epochDurationMs,
      stakeSubsidyStartEpoch: 0n,
      minValidatorCount: 0n,
      maxValidatorCount: 0n,
      minValidatorJoiningStake: 0n,
      validatorLowStakeThreshold: 0n,
      validatorVeryLowStakeThreshold: 0n,
      validatorLowStakeGracePeriod: 0n,
    },
    storageFund: { totalObjectStorageRebates: 0n, nonRefundableBalance: 0n },
    stakeSubsidy: {
      balance: 0n,
      distributionCounter: 0n,
      currentDistributionAmount: 0n,
      stakeSubsidyPeriodLength: 0n,
      stakeSubsidyDecreaseRate: 0,
    },
  };
}
