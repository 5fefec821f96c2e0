/** Objects and owners as protobuf messages (spec sui-ledger §2.3). */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { LedgerObject, LedgerReader, Owner } from '../../ledger/api.ts';
import type { Mask } from '../masks/mask.ts';
import { project } from '../masks/project.ts';
import { protoValue } from './json.ts';
import { renderPackage } from './package.ts';

const OwnerKind = GrpcTypes.Owner_OwnerKind;

/** Owner with the kind always set: the client throws at kind 0. */
export function renderOwner(owner: Owner): PartialMessage<GrpcTypes.Owner> {
  switch (owner.kind) {
    case 'address':
      return { kind: OwnerKind.ADDRESS, address: owner.address };
    case 'object':
      return { kind: OwnerKind.OBJECT, address: owner.address };
    case 'shared':
      return { kind: OwnerKind.SHARED, version: owner.initialSharedVersion };
    case 'immutable':
      return { kind: OwnerKind.IMMUTABLE };
    case 'consensusAddress':
      return {
        kind: OwnerKind.CONSENSUS_ADDRESS,
        address: owner.address,
        version: owner.startVersion,
      };
  }
}

/** The selected fields of an object. */
export function renderObject(
  object: LedgerObject,
  mask: Mask,
  reader: LedgerReader,
): PartialMessage<GrpcTypes.Object> {
  const { data } = object;
  const move = data.kind === 'move' ? data : undefined;
  return project(GrpcTypes.Object, mask, {
    bcs: () => ({ name: 'Object', value: object.bcs }),
    objectId: () => object.objectId,
    version: () => object.version,
    digest: () => object.digest,
    owner: () => renderOwner(object.owner),
    objectType: () => object.objectType,
    hasPublicTransfer: () => move?.hasPublicTransfer,
    contents: () => move && { name: move.typeText, value: move.contents },
    package: () => {
      const record = move === undefined ? reader.package(object.objectId) : undefined;
      return record && renderPackage(record);
    },
    previousTransaction: () => object.previousTransaction,
    storageRebate: () => object.storageRebate,
    json: () => {
      const json = move && reader.json(move.typeText, move.contents);
      return json === undefined ? undefined : protoValue(json);
    },
    balance: () => object.coinBalance,
  });
}
