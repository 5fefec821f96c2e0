/** Transaction effects as a protobuf message (spec sui-ledger §2.3, §3.5). */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type {
  ChangedObject,
  GasCostSummary,
  LedgerReader,
  TransactionEffects,
  UnchangedConsensusObject,
} from '../../ledger/api.ts';
import type { Mask } from '../masks/mask.ts';
import { project } from '../masks/project.ts';
import { renderStatus } from './execution-error.ts';
import { renderOwner } from './object.ts';

const InputState = GrpcTypes.ChangedObject_InputObjectState;
const OutputState = GrpcTypes.ChangedObject_OutputObjectState;
const ID_OPERATION = {
  none: GrpcTypes.ChangedObject_IdOperation.NONE,
  created: GrpcTypes.ChangedObject_IdOperation.CREATED,
  deleted: GrpcTypes.ChangedObject_IdOperation.DELETED,
} as const;

/** The version of effects that this ledger writes. */
const EFFECTS_VERSION = 2;

/** Effects with their bytes. */
export interface EffectsRecord {
  readonly effects: TransactionEffects;
  readonly effectsBytes: Uint8Array;
  readonly effectsDigest: string;
}

/** All four gas figures. */
export function renderGas(gas: GasCostSummary): PartialMessage<GrpcTypes.GasCostSummary> {
  return {
    computationCost: gas.computationCost,
    storageCost: gas.storageCost,
    storageRebate: gas.storageRebate,
    nonRefundableStorageFee: gas.nonRefundableStorageFee,
  };
}

/** The selected parts of a transaction's effects. */
export function renderEffects(
  record: EffectsRecord,
  mask: Mask,
  reader: LedgerReader,
): PartialMessage<GrpcTypes.TransactionEffects> {
  const { effects } = record;
  const change = (changed: ChangedObject) => renderChange(changed, effects.lamportVersion);
  return project(GrpcTypes.TransactionEffects, mask, {
    bcs: () => ({ name: 'TransactionEffects', value: record.effectsBytes }),
    digest: () => record.effectsDigest,
    version: () => EFFECTS_VERSION,
    status: () => renderStatus(effects.status),
    epoch: () => effects.executedEpoch,
    gasUsed: () => renderGas(effects.gasUsed),
    transactionDigest: () => effects.transactionDigest,
    gasObject: () => {
      const index = effects.gasObjectIndex;
      return index === undefined ? undefined : change(effects.changedObjects[index]!);
    },
    eventsDigest: () => effects.eventsDigest,
    dependencies: () => [...effects.dependencies],
    lamportVersion: () => effects.lamportVersion,
    changedObjects: () => effects.changedObjects.map(change),
    unchangedConsensusObjects: () =>
      effects.unchangedConsensusObjects.map((object) => renderUnchanged(object, reader)),
  });
}

function renderChange(
  changed: ChangedObject,
  lamportVersion: bigint,
): PartialMessage<GrpcTypes.ChangedObject> {
  return {
    objectId: changed.objectId,
    ...inputFields(changed.input),
    ...outputFields(changed.output, lamportVersion),
    idOperation: ID_OPERATION[changed.idOperation],
    objectType: changed.objectType,
  };
}

function inputFields(input: ChangedObject['input']): PartialMessage<GrpcTypes.ChangedObject> {
  if (input.kind === 'notExist') return { inputState: InputState.DOES_NOT_EXIST };
  return {
    inputState: InputState.EXISTS,
    inputVersion: input.version,
    inputDigest: input.digest,
    inputOwner: renderOwner(input.owner),
  };
}

function outputFields(
  output: ChangedObject['output'],
  lamportVersion: bigint,
): PartialMessage<GrpcTypes.ChangedObject> {
  switch (output.kind) {
    case 'notExist':
      return { outputState: OutputState.DOES_NOT_EXIST };
    case 'objectWrite':
      return {
        outputState: OutputState.OBJECT_WRITE,
        outputVersion: lamportVersion,
        outputDigest: output.digest,
        outputOwner: renderOwner(output.owner),
      };
    case 'packageWrite':
      return {
        outputState: OutputState.PACKAGE_WRITE,
        outputVersion: output.version,
        outputDigest: output.digest,
        outputOwner: renderOwner({ kind: 'immutable' }),
      };
  }
}

function renderUnchanged(
  object: UnchangedConsensusObject,
  reader: LedgerReader,
): PartialMessage<GrpcTypes.UnchangedConsensusObject> {
  const type = reader.object(object.objectId, object.version)?.objectType;
  return {
    kind: GrpcTypes.UnchangedConsensusObject_UnchangedConsensusObjectKind.READ_ONLY_ROOT,
    objectId: object.objectId,
    version: object.version,
    digest: object.digest,
    ...(type === undefined ? {} : { objectType: type }),
  };
}
