/** TransactionData as the protobuf `Transaction` message (spec sui-ledger §2.3, §3.1). */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type {
  Argument,
  CallArg,
  Command,
  Expiration,
  GasData,
  ObjectRef,
  TransactionData,
  TransactionKind,
  ValidDuring,
} from '../../ledger/api.ts';
import { typeText } from '../../ledger/type-text.ts';
import type { Mask } from '../masks/mask.ts';
import { project } from '../masks/project.ts';
import { compact, timestamp } from './compact.ts';

const InputKind = GrpcTypes.Input_InputKind;
const Mutability = GrpcTypes.Input_Mutability;
const ArgumentKind = GrpcTypes.Argument_ArgumentKind;
const ExpirationKind = GrpcTypes.TransactionExpiration_TransactionExpirationKind;
const Source = GrpcTypes.FundsWithdrawal_Source;
const Kind = GrpcTypes.TransactionKind_Kind;

/** The version of TransactionData that this ledger knows. */
const TRANSACTION_VERSION = 1;

/** A transaction with its bytes. */
export interface TransactionRecord {
  readonly digest: string;
  readonly transaction: TransactionData;
  readonly transactionBytes: Uint8Array;
}

/** The selected parts of a transaction. */
export function renderTransaction(
  record: TransactionRecord,
  mask: Mask,
): PartialMessage<GrpcTypes.Transaction> {
  const data = record.transaction;
  return project(GrpcTypes.Transaction, mask, {
    bcs: () => ({ name: 'TransactionData', value: record.transactionBytes }),
    digest: () => record.digest,
    version: () => TRANSACTION_VERSION,
    kind: () => renderKind(data.kind),
    sender: () => data.sender,
    gasPayment: () => renderGasData(data.gasData),
    expiration: () => renderExpiration(data.expiration),
  });
}

function renderKind(kind: TransactionKind): PartialMessage<GrpcTypes.TransactionKind> {
  switch (kind.kind) {
    case 'programmable':
      return {
        kind: Kind.PROGRAMMABLE_TRANSACTION,
        data: {
          oneofKind: 'programmableTransaction',
          programmableTransaction: {
            inputs: kind.inputs.map(renderInput),
            commands: kind.commands.map(renderCommand),
          },
        },
      };
    case 'genesis':
      // The objects are in the effects; repeating the whole framework here would serve nobody.
      return { kind: Kind.GENESIS, data: { oneofKind: 'genesis', genesis: { objects: [] } } };
    case 'consensusCommitPrologue':
      return {
        kind: Kind.CONSENSUS_COMMIT_PROLOGUE_V4,
        data: {
          oneofKind: 'consensusCommitPrologue',
          consensusCommitPrologue: {
            epoch: kind.epoch,
            round: kind.round,
            commitTimestamp: timestamp(kind.commitTimestampMs),
          },
        },
      };
    case 'changeEpoch':
      return {
        kind: Kind.CHANGE_EPOCH,
        data: {
          oneofKind: 'changeEpoch',
          changeEpoch: {
            epoch: kind.epoch,
            protocolVersion: kind.protocolVersion,
            epochStartTimestamp: timestamp(kind.epochStartTimestampMs),
            systemPackages: [],
          },
        },
      };
  }
}

function renderInput(input: CallArg): GrpcTypes.Input {
  switch (input.kind) {
    case 'pure':
      return { kind: InputKind.PURE, pure: input.bytes };
    case 'immutableOrOwned':
      return { kind: InputKind.IMMUTABLE_OR_OWNED, ...reference(input.ref) };
    case 'receiving':
      return { kind: InputKind.RECEIVING, ...reference(input.ref) };
    case 'shared':
      return {
        kind: InputKind.SHARED,
        objectId: input.objectId,
        version: input.initialSharedVersion,
        mutable: input.mutability !== 'immutable',
        mutability: MUTABILITY[input.mutability],
      };
    case 'fundsWithdrawal':
      return {
        kind: InputKind.FUNDS_WITHDRAWAL,
        fundsWithdrawal: {
          amount: input.withdrawal.maxAmount,
          coinType: typeText(input.withdrawal.balanceType),
          ...withdrawalSource(input.withdrawal.from),
        },
      };
  }
}

const MUTABILITY = {
  immutable: Mutability.IMMUTABLE,
  mutable: Mutability.MUTABLE,
  nonExclusiveWrite: Mutability.NON_EXCLUSIVE_WRITE,
} as const;

type WithdrawalSource = Extract<CallArg, { kind: 'fundsWithdrawal' }>['withdrawal']['from'];

function withdrawalSource(from: WithdrawalSource): Partial<GrpcTypes.FundsWithdrawal> {
  switch (from.kind) {
    case 'sender':
      return { source: Source.SENDER };
    case 'sponsor':
      return { source: Source.SPONSOR };
    case 'senderAllowance':
      return { source: Source.SENDER_ALLOWANCE, funder: from.funder, allowance: from.allowance };
  }
}

function reference(ref: ObjectRef): { objectId: string; version: bigint; digest: string } {
  return { objectId: ref.objectId, version: ref.version, digest: ref.digest };
}

/** An argument of a command; also used for what simulate reports as changed by reference. */
export function renderArgument(argument: Argument): GrpcTypes.Argument {
  switch (argument.kind) {
    case 'gasCoin':
      return { kind: ArgumentKind.GAS };
    case 'input':
      return { kind: ArgumentKind.INPUT, input: argument.index };
    case 'result':
      return { kind: ArgumentKind.RESULT, result: argument.index };
    case 'nestedResult':
      return {
        kind: ArgumentKind.RESULT,
        result: argument.index,
        subresult: argument.subIndex,
      };
  }
}

function renderCommand(command: Command): GrpcTypes.Command {
  return { command: commandOf(command) };
}

function commandOf(command: Command): GrpcTypes.Command['command'] {
  switch (command.kind) {
    case 'moveCall':
      return {
        oneofKind: 'moveCall',
        moveCall: {
          package: command.package,
          module: command.module,
          function: command.function,
          typeArguments: command.typeArguments.map(typeText),
          arguments: command.arguments.map(renderArgument),
        },
      };
    case 'transferObjects':
      return {
        oneofKind: 'transferObjects',
        transferObjects: {
          objects: command.objects.map(renderArgument),
          address: renderArgument(command.address),
        },
      };
    case 'splitCoins':
      return {
        oneofKind: 'splitCoins',
        splitCoins: {
          coin: renderArgument(command.coin),
          amounts: command.amounts.map(renderArgument),
        },
      };
    case 'mergeCoins':
      return {
        oneofKind: 'mergeCoins',
        mergeCoins: {
          coin: renderArgument(command.target),
          coinsToMerge: command.sources.map(renderArgument),
        },
      };
    default:
      return otherCommand(command);
  }
}

function otherCommand(
  command: Extract<Command, { kind: 'publish' | 'makeMoveVec' | 'upgrade' }>,
): GrpcTypes.Command['command'] {
  switch (command.kind) {
    case 'publish':
      return {
        oneofKind: 'publish',
        publish: { modules: [...command.modules], dependencies: [...command.dependencies] },
      };
    case 'makeMoveVec':
      return {
        oneofKind: 'makeMoveVector',
        makeMoveVector: {
          elements: command.elements.map(renderArgument),
          ...(command.type === undefined ? {} : { elementType: typeText(command.type) }),
        },
      };
    case 'upgrade':
      return {
        oneofKind: 'upgrade',
        upgrade: {
          modules: [...command.modules],
          dependencies: [...command.dependencies],
          package: command.package,
          ticket: renderArgument(command.ticket),
        },
      };
  }
}

function renderGasData(gas: GasData): PartialMessage<GrpcTypes.GasPayment> {
  return {
    objects: gas.payment.map(reference),
    owner: gas.owner,
    price: gas.price,
    budget: gas.budget,
  };
}

function renderExpiration(expiration: Expiration): PartialMessage<GrpcTypes.TransactionExpiration> {
  switch (expiration.kind) {
    case 'none':
      return { kind: ExpirationKind.NONE };
    case 'epoch':
      return { kind: ExpirationKind.EPOCH, epoch: expiration.epoch };
    case 'validDuring':
      return { kind: ExpirationKind.VALID_DURING, ...validity(expiration.during) };
    case 'validity':
      return {
        kind: ExpirationKind.VALIDITY,
        ...validity(expiration.during),
        ...(expiration.allowedProposers === undefined
          ? {}
          : {
              allowedProposers: {
                epoch: expiration.allowedProposers.epoch,
                proposers: [...expiration.allowedProposers.proposers],
              },
            }),
      };
  }
}

function validity(during: ValidDuring): PartialMessage<GrpcTypes.TransactionExpiration> {
  return compact({
    minEpoch: during.minEpoch,
    epoch: during.maxEpoch,
    minTimestamp: during.minTimestamp === undefined ? undefined : timestamp(during.minTimestamp),
    maxTimestamp: during.maxTimestamp === undefined ? undefined : timestamp(during.maxTimestamp),
    chain: during.chain,
    nonce: during.nonce,
  });
}
