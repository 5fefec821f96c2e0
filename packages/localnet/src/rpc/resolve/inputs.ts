/**
 * Protobuf inputs to the ledger's form: as sent when they are complete, else filled in from the
 * latest objects (spec sui-ledger §8.1, table of inputs).
 */
import type { GrpcTypes } from '@mysten/sui/grpc';
import { GrpcTypes as Types } from '@mysten/sui/grpc';
import type { Address, CallArg, LedgerObject, LedgerReader, ObjectRef } from '../../ledger/api.ts';
import { addressField, digestField, typeField } from '../arguments.ts';
import { invalidField, missingField, RpcError } from '../transport/status.ts';
import type { InputUse } from './usage.ts';

const InputKind = Types.Input_InputKind;
const Mutability = Types.Input_Mutability;
const Source = Types.FundsWithdrawal_Source;

/** Path of the inputs in a request, for error messages. */
export const INPUTS = 'transaction.kind.programmable_transaction.inputs';

/** Does the input say everything that its kind needs? */
export function isCompleteInput(input: GrpcTypes.Input): boolean {
  switch (input.kind) {
    case InputKind.PURE:
      return input.pure !== undefined;
    case InputKind.IMMUTABLE_OR_OWNED:
    case InputKind.RECEIVING:
      return input.version !== undefined && input.digest !== undefined;
    case InputKind.SHARED:
      return input.version !== undefined && sentMutability(input) !== undefined;
    case InputKind.FUNDS_WITHDRAWAL:
      return true;
    default:
      return false;
  }
}

/** A complete input, as it was sent. */
export function convertInput(input: GrpcTypes.Input, field: string): CallArg {
  switch (input.kind) {
    case InputKind.PURE:
      return { kind: 'pure', bytes: input.pure! };
    case InputKind.IMMUTABLE_OR_OWNED:
      return { kind: 'immutableOrOwned', ref: parseReference(input, field) };
    case InputKind.RECEIVING:
      return { kind: 'receiving', ref: parseReference(input, field) };
    case InputKind.SHARED:
      return {
        kind: 'shared',
        objectId: addressField(`${field}.object_id`, input.objectId),
        initialSharedVersion: input.version!,
        mutability: sentMutability(input)!,
      };
    case InputKind.FUNDS_WITHDRAWAL:
      return parseWithdrawal(input.fundsWithdrawal, `${field}.funds_withdrawal`);
    default:
      throw invalidField(`${field}.kind`, `unknown input kind ${input.kind}`);
  }
}

/** An object reference that must be whole. */
export function parseReference(
  reference: { objectId?: string; version?: bigint; digest?: string },
  field: string,
): ObjectRef {
  const objectId = addressField(`${field}.object_id`, reference.objectId);
  if (reference.version === undefined) throw missingField(`${field}.version`);
  const digest = digestField(`${field}.digest`, reference.digest);
  return { objectId, version: reference.version, digest };
}

/** An object reference at the latest version; what was sent of it must agree. */
export function latestReference(
  sent: { objectId?: string; version?: bigint; digest?: string },
  field: string,
  reader: Pick<LedgerReader, 'object'>,
): ObjectRef {
  const object = latestObject(addressField(`${field}.object_id`, sent.objectId), reader);
  return ownedReference(object, sent, field);
}

/** An input that may lack version, digest, mutability or even its kind. */
export function resolveInput(
  input: GrpcTypes.Input,
  use: InputUse | undefined,
  field: string,
  reader: Pick<LedgerReader, 'object'>,
): CallArg {
  const { kind } = input;
  if (input.literal !== undefined) {
    throw invalidField(`${field}.literal`, 'literal inputs are not supported, send pure BCS bytes');
  }
  switch (kind) {
    case InputKind.PURE:
      return resolvePure(input, field);
    case InputKind.IMMUTABLE_OR_OWNED:
      return { kind: 'immutableOrOwned', ref: latestReference(input, field, reader) };
    case InputKind.RECEIVING:
      return { kind: 'receiving', ref: latestReference(input, field, reader) };
    case InputKind.SHARED: {
      const id = addressField(`${field}.object_id`, input.objectId);
      return sharedInput(latestObject(id, reader), use, field);
    }
    case InputKind.FUNDS_WITHDRAWAL:
      return parseWithdrawal(input.fundsWithdrawal, `${field}.funds_withdrawal`);
    case undefined:
    case InputKind.INPUT_KIND_UNKNOWN:
      if (input.pure !== undefined) return resolvePure(input, field);
      return resolveByOwner(input, use, field, reader);
    default:
      throw invalidField(`${field}.kind`, `unknown input kind ${kind}`);
  }
}

function resolvePure(input: GrpcTypes.Input, field: string): CallArg {
  if (input.pure === undefined) throw missingField(`${field}.pure`);
  return { kind: 'pure', bytes: input.pure };
}

function resolveByOwner(
  input: GrpcTypes.Input,
  use: InputUse | undefined,
  field: string,
  reader: Pick<LedgerReader, 'object'>,
): CallArg {
  const object = latestObject(addressField(`${field}.object_id`, input.objectId), reader);
  switch (object.owner.kind) {
    case 'immutable':
      return { kind: 'immutableOrOwned', ref: ownedReference(object, input, field) };
    case 'address': {
      const ref = ownedReference(object, input, field);
      return { kind: use?.receiving ? 'receiving' : 'immutableOrOwned', ref };
    }
    case 'shared':
    case 'consensusAddress':
      return sharedInput(object, use, field);
    case 'object':
      throw invalidField(
        field,
        `object ${object.objectId} is object owned and cannot be used as an input`,
      );
  }
}

function latestObject(id: Address, reader: Pick<LedgerReader, 'object'>): LedgerObject {
  const object = reader.object(id);
  if (object === undefined) throw new RpcError('NOT_FOUND', `Object ${id} not found`);
  return object;
}

function sharedInput(object: LedgerObject, use: InputUse | undefined, field: string): CallArg {
  const { objectId, owner } = object;
  if (owner.kind !== 'shared' && owner.kind !== 'consensusAddress') {
    throw invalidField(field, `object ${objectId} is not Shared or ConsensusAddressOwned`);
  }
  return {
    kind: 'shared',
    objectId,
    initialSharedVersion: owner.kind === 'shared' ? owner.initialSharedVersion : owner.startVersion,
    mutability: use?.mutable ? 'mutable' : 'immutable',
  };
}

function ownedReference(
  object: LedgerObject,
  sent: { version?: bigint; digest?: string },
  field: string,
): ObjectRef {
  const { objectId, version, digest, owner } = object;
  if (owner.kind !== 'address' && owner.kind !== 'immutable') {
    throw invalidField(field, `object ${objectId} is not Immutable or AddressOwned`);
  }
  if (sent.version !== undefined && sent.version !== version) {
    throw mismatch(`${field}.version`, 'version', sent.version, version);
  }
  if (sent.digest !== undefined && sent.digest !== digest) {
    throw mismatch(
      `${field}.digest`,
      'digest',
      digestField(`${field}.digest`, sent.digest),
      digest,
    );
  }
  return { objectId, version, digest };
}

function mismatch(field: string, what: string, provided: unknown, actual: unknown): RpcError {
  return invalidField(
    field,
    `provided ${what} doesn't match, provided: ${provided} actual: ${actual}`,
  );
}

function sentMutability(
  input: GrpcTypes.Input,
): Extract<CallArg, { kind: 'shared' }>['mutability'] | undefined {
  switch (input.mutability) {
    case Mutability.IMMUTABLE:
      return 'immutable';
    case Mutability.MUTABLE:
      return 'mutable';
    case Mutability.NON_EXCLUSIVE_WRITE:
      return 'nonExclusiveWrite';
  }
  if (input.mutable === undefined) return undefined;
  return input.mutable ? 'mutable' : 'immutable';
}

function parseWithdrawal(sent: GrpcTypes.FundsWithdrawal | undefined, field: string): CallArg {
  if (sent === undefined) throw missingField(field);
  return {
    kind: 'fundsWithdrawal',
    withdrawal: {
      maxAmount: sent.amount ?? 0n,
      balanceType: typeField(`${field}.coin_type`, sent.coinType),
      from: withdrawalSource(sent, field),
    },
  };
}

type WithdrawalSource = Extract<CallArg, { kind: 'fundsWithdrawal' }>['withdrawal']['from'];

function withdrawalSource(sent: GrpcTypes.FundsWithdrawal, field: string): WithdrawalSource {
  switch (sent.source) {
    case undefined:
    case Source.SOURCE_UNKNOWN:
    case Source.SENDER:
      return { kind: 'sender' };
    case Source.SPONSOR:
      return { kind: 'sponsor' };
    case Source.SENDER_ALLOWANCE:
      return {
        kind: 'senderAllowance',
        funder: addressField(`${field}.funder`, sent.funder),
        allowance: addressField(`${field}.allowance`, sent.allowance),
      };
    default:
      throw invalidField(`${field}.source`, `unknown withdrawal source ${sent.source}`);
  }
}
