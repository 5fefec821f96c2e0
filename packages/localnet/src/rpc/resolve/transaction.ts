/**
 * The protobuf `Transaction` of a request to something the ledger can run (spec sui-ledger §8.1).
 *
 * Three forms come in: BCS bytes (taken as they are), a complete message (converted as it is), and
 * a message with holes: inputs without version and digest (what key servers send), objects without
 * a kind (what the client sends while building), gas left out. Holes in the inputs are filled here
 * from the latest objects; gas is left to the ledger, which alone can estimate it.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import type {
  Address,
  Command,
  Expiration,
  LedgerApi,
  ObjectRef,
  ProgrammableTransaction,
  SimulateRequest,
  TransactionData,
  ValidDuring,
} from '../../ledger/api.ts';
import { RejectedTransaction } from '../../ledger/errors.ts';
import { canonicalAddress, digestField, quote } from '../arguments.ts';
import { milliseconds } from '../render/compact.ts';
import { invalidField, missingField, RpcError } from '../transport/status.ts';
import { parseCommands } from './commands.ts';
import {
  convertInput,
  INPUTS,
  isCompleteInput,
  latestReference,
  parseReference,
  resolveInput,
} from './inputs.ts';
import { inputUses } from './usage.ts';

const ExpirationKind = GrpcTypes.TransactionExpiration_TransactionExpirationKind;

/** Protobuf limits are generous; this is the ledger's own (§6.1), checked before any look-up. */
export const MAX_INPUTS = 2048;
export const MAX_COMMANDS = 1024;
export const MAX_GAS_OBJECTS = 256;

type Reader = Pick<LedgerApi, 'object' | 'function' | 'decodeTransaction'>;
/** What a request says about a transaction; gas members are undefined where it says nothing. */
export type ResolvedTransaction = Pick<
  SimulateRequest,
  'sender' | 'programmable' | 'gas' | 'expiration'
>;

/**
 * A transaction to simulate.
 * @throws RpcError INVALID_ARGUMENT or NOT_FOUND, with the field or object
 */
export function resolveTransaction(
  transaction: GrpcTypes.Transaction | undefined,
  reader: Reader,
): ResolvedTransaction {
  if (transaction === undefined) throw missingField('transaction');
  const bytes = transaction.bcs?.value;
  if (bytes !== undefined) return fromData(decodeBytes(bytes, reader));
  const message = programmableMessage(transaction);
  const sender = senderOf(transaction);
  const gas = transaction.gasPayment;
  const commands = parseCommands(message.commands);
  const complete = isComplete(transaction, message);
  if (!complete) checkPackages(commands, reader);
  const programmable: ProgrammableTransaction = {
    inputs: complete
      ? message.inputs.map((input, index) => convertInput(input, `${INPUTS}[${index}]`))
      : resolveInputs(message.inputs, commands, reader),
    commands,
  };
  return {
    sender,
    programmable,
    gas: {
      price: gas?.price,
      budget: gas?.budget,
      payment: gas === undefined ? undefined : payment(gas, complete, reader),
      owner: gas === undefined ? undefined : gasOwner(gas),
    },
    expiration: parseExpiration(transaction.expiration),
  };
}

/**
 * A transaction to execute: BCS bytes, or a message without any hole.
 * @throws RpcError INVALID_ARGUMENT
 */
export function completeTransaction(
  transaction: GrpcTypes.Transaction | undefined,
): TransactionData | Uint8Array {
  if (transaction === undefined) throw missingField('transaction');
  if (transaction.bcs?.value !== undefined) return transaction.bcs.value;
  const message = programmableMessage(transaction);
  const sender = senderOf(transaction);
  if (!isComplete(transaction, message)) {
    throw invalidField(
      'transaction',
      'the transaction is not complete: every input needs its kind, version and digest, and gas ' +
        'payment, price, budget and owner must be set; simulate it first, or send transaction.bcs',
    );
  }
  const gas = transaction.gasPayment!;
  return {
    kind: {
      kind: 'programmable',
      inputs: message.inputs.map((input, index) => convertInput(input, `${INPUTS}[${index}]`)),
      commands: parseCommands(message.commands),
    },
    sender,
    gasData: {
      payment: gas.objects.map((ref, i) => parseReference(ref, `${GAS_OBJECTS}[${i}]`)),
      owner: gasOwner(gas),
      price: gas.price!,
      budget: gas.budget!,
    },
    expiration: parseExpiration(transaction.expiration),
  };
}

const GAS_OBJECTS = 'transaction.gas_payment.objects';

function decodeBytes(bytes: Uint8Array, reader: Reader): TransactionData {
  try {
    return reader.decodeTransaction(bytes);
  } catch (error) {
    if (!(error instanceof RejectedTransaction)) throw error;
    throw invalidField('transaction.bcs', `invalid transaction bytes: ${error.message}`);
  }
}

function fromData(data: TransactionData): ResolvedTransaction {
  if (data.kind.kind !== 'programmable') throw systemTransaction();
  const { price, budget, payment: objects, owner } = data.gasData;
  return {
    sender: data.sender,
    programmable: data.kind,
    gas: { price, budget, payment: objects, owner },
    expiration: data.expiration,
  };
}

function systemTransaction(): RpcError {
  return new RpcError('INVALID_ARGUMENT', 'simulate does not support system transactions');
}

function programmableMessage(
  transaction: GrpcTypes.Transaction,
): GrpcTypes.ProgrammableTransaction {
  const data = transaction.kind?.data;
  if (data === undefined || data.oneofKind === undefined) throw missingField('transaction.kind');
  if (data.oneofKind !== 'programmableTransaction') throw systemTransaction();
  const message = data.programmableTransaction;
  checkCount('inputs', message.inputs.length, MAX_INPUTS);
  checkCount('commands', message.commands.length, MAX_COMMANDS);
  checkCount('gas objects', transaction.gasPayment?.objects.length ?? 0, MAX_GAS_OBJECTS);
  return message;
}

function checkCount(what: string, count: number, limit: number): void {
  if (count <= limit) return;
  throw invalidField('transaction', `the transaction has ${count} ${what}, limit ${limit}`);
}

function senderOf(transaction: GrpcTypes.Transaction): Address {
  const sender = transaction.sender ?? '';
  const canonical = canonicalAddress(sender);
  if (canonical !== undefined) return canonical;
  throw invalidField(
    'transaction.sender',
    `invalid sender: expected 0x and 1 to 64 hex digits, got '${quote(sender)}'`,
  );
}

function gasOwner(gas: GrpcTypes.GasPayment): Address {
  const owner = gas.owner ?? '';
  const canonical = canonicalAddress(owner);
  if (canonical !== undefined) return canonical;
  throw invalidField(
    'transaction.gas_payment.owner',
    `invalid gas owner: expected 0x and 1 to 64 hex digits, got '${quote(owner)}'`,
  );
}

function isComplete(
  transaction: GrpcTypes.Transaction,
  message: GrpcTypes.ProgrammableTransaction,
): boolean {
  const gas = transaction.gasPayment;
  return (
    gas !== undefined &&
    gas.objects.length > 0 &&
    gas.price !== undefined &&
    gas.budget !== undefined &&
    gas.owner !== undefined &&
    gas.objects.every((ref) => ref.version !== undefined && ref.digest !== undefined) &&
    message.inputs.every(isCompleteInput)
  );
}

function checkPackages(commands: readonly Command[], reader: Reader): void {
  for (const command of commands) {
    if (command.kind !== 'moveCall') continue;
    const object = reader.object(command.package);
    if (object === undefined) {
      throw new RpcError('NOT_FOUND', `Object ${command.package} not found`);
    }
    if (object.data.kind !== 'package') {
      throw new RpcError('INVALID_ARGUMENT', `object ${command.package} is not a package`);
    }
  }
}

function resolveInputs(
  inputs: readonly GrpcTypes.Input[],
  commands: readonly Command[],
  reader: Reader,
): ProgrammableTransaction['inputs'] {
  const uses = inputUses(commands, reader);
  return inputs.map((input, index) =>
    resolveInput(input, uses.get(index), `${INPUTS}[${index}]`, reader),
  );
}

function payment(gas: GrpcTypes.GasPayment, complete: boolean, reader: Reader): ObjectRef[] {
  return gas.objects.map((ref, index) => {
    const field = `${GAS_OBJECTS}[${index}]`;
    return complete ? parseReference(ref, field) : latestReference(ref, field, reader);
  });
}

const EXPIRATION = 'transaction.expiration';

function parseExpiration(sent: GrpcTypes.TransactionExpiration | undefined): Expiration {
  switch (sent?.kind) {
    case undefined:
      if (sent !== undefined) throw missingField(`${EXPIRATION}.kind`);
      return { kind: 'none' };
    case ExpirationKind.NONE:
      return { kind: 'none' };
    case ExpirationKind.EPOCH:
      if (sent.epoch === undefined) throw missingField(`${EXPIRATION}.epoch`);
      return { kind: 'epoch', epoch: sent.epoch };
    case ExpirationKind.VALID_DURING:
      return { kind: 'validDuring', during: parseValidity(sent) };
    case ExpirationKind.VALIDITY:
      return {
        kind: 'validity',
        during: parseValidity(sent),
        allowedProposers: sent.allowedProposers && {
          epoch: sent.allowedProposers.epoch ?? 0n,
          proposers: sent.allowedProposers.proposers,
        },
      };
    default:
      throw invalidField(`${EXPIRATION}.kind`, `unknown expiration kind ${sent?.kind}`);
  }
}

function parseValidity(sent: GrpcTypes.TransactionExpiration): ValidDuring {
  return {
    minEpoch: sent.minEpoch,
    maxEpoch: sent.epoch,
    minTimestamp: sent.minTimestamp && milliseconds(sent.minTimestamp),
    maxTimestamp: sent.maxTimestamp && milliseconds(sent.maxTimestamp),
    chain: digestField(`${EXPIRATION}.chain`, sent.chain),
    nonce: sent.nonce ?? 0,
  };
}
