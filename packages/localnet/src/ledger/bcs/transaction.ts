/**
 * TransactionData in BCS, both ways (sui-ledger.md §3.1).
 *
 * Users may send only the programmable kind; the decoder refuses the others, which this ledger
 * makes itself and only ever encodes.
 */
import type {
  Argument,
  CallArg,
  Command,
  Expiration,
  FundsWithdrawal,
  GasData,
  ObjectRef,
  TransactionData,
  TransactionKind,
  ValidDuring,
} from '../types/transaction.ts';
import { BcsReader } from './reader.ts';
import { readTypeTag, writeTypeTag } from './type-tag.ts';
import { BcsWriter } from './writer.ts';

const MUTABILITY = ['immutable', 'mutable', 'nonExclusiveWrite'] as const;
const ZERO_DIGEST = new Uint8Array(32);

export function encodeTransactionData(data: TransactionData): Uint8Array {
  const writer = new BcsWriter();
  writer.u8(0);
  writeKind(writer, data.kind);
  writer.address(data.sender);
  writeGasData(writer, data.gasData);
  writeExpiration(writer, data.expiration);
  return writer.toBytes();
}

/** @throws LedgerError `LEDGER_BCS` with the byte offset, for anything but exact bytes. */
export function decodeTransactionData(bytes: Uint8Array): TransactionData {
  const reader = new BcsReader(bytes);
  reader.tag('TransactionData', 1);
  const kind = readKind(reader);
  const sender = reader.address();
  const gasData = readGasData(reader);
  const expiration = readExpiration(reader);
  reader.end();
  return { kind, sender, gasData, expiration };
}

function writeKind(writer: BcsWriter, kind: TransactionKind): void {
  switch (kind.kind) {
    case 'programmable':
      writer.u8(0);
      writer.vector(kind.inputs, (input) => writeCallArg(writer, input));
      writer.vector(kind.commands, (command) => writeCommand(writer, command));
      return;
    case 'changeEpoch':
      // ChangeEpoch: epoch, protocol version, four charges of zero, start time, no system packages.
      writer.u8(1).u64(kind.epoch).u64(kind.protocolVersion);
      writer.u64(0n).u64(0n).u64(0n).u64(0n);
      writer.u64(kind.epochStartTimestampMs).uleb(0);
      return;
    case 'genesis':
      writer.u8(2);
      writer.vector(kind.objects, (object) => writer.raw(object));
      return;
    case 'consensusCommitPrologue':
      // V4: epoch, round, sub-DAG index, time, commit digest, no version assignments, no extra
      // state.
      writer.u8(9).u64(kind.epoch).u64(kind.round).u8(0).u64(kind.commitTimestampMs);
      writer.bytes(ZERO_DIGEST).u8(0).uleb(0).bytes(ZERO_DIGEST);
  }
}

function readKind(reader: BcsReader): TransactionKind {
  const tag = reader.tag('TransactionKind', 11);
  if (tag !== 0) reader.fail(`transaction kind ${tag} is for the system only`);
  const inputs = reader.vector(() => readCallArg(reader));
  const commands = reader.vector(() => readCommand(reader));
  return { kind: 'programmable', inputs, commands };
}

function writeObjectRef(writer: BcsWriter, ref: ObjectRef): void {
  writer.address(ref.objectId).u64(ref.version).digest(ref.digest);
}

function readObjectRef(reader: BcsReader): ObjectRef {
  return { objectId: reader.address(), version: reader.u64(), digest: reader.digest() };
}

function writeCallArg(writer: BcsWriter, arg: CallArg): void {
  switch (arg.kind) {
    case 'pure':
      writer.u8(0).bytes(arg.bytes);
      return;
    case 'immutableOrOwned':
      writer.u8(1).u8(0);
      writeObjectRef(writer, arg.ref);
      return;
    case 'shared':
      writer.u8(1).u8(1).address(arg.objectId).u64(arg.initialSharedVersion);
      writer.u8(MUTABILITY.indexOf(arg.mutability));
      return;
    case 'receiving':
      writer.u8(1).u8(2);
      writeObjectRef(writer, arg.ref);
      return;
    case 'fundsWithdrawal':
      writer.u8(2);
      writeWithdrawal(writer, arg.withdrawal);
  }
}

function readCallArg(reader: BcsReader): CallArg {
  const tag = reader.tag('CallArg', 3);
  if (tag === 0) return { kind: 'pure', bytes: reader.bytes() };
  if (tag === 2) return { kind: 'fundsWithdrawal', withdrawal: readWithdrawal(reader) };
  switch (reader.tag('ObjectArg', 3)) {
    case 0:
      return { kind: 'immutableOrOwned', ref: readObjectRef(reader) };
    case 1:
      return {
        kind: 'shared',
        objectId: reader.address(),
        initialSharedVersion: reader.u64(),
        mutability: MUTABILITY[reader.tag('SharedObjectMutability', 3)]!,
      };
    default:
      return { kind: 'receiving', ref: readObjectRef(reader) };
  }
}

function writeWithdrawal(writer: BcsWriter, withdrawal: FundsWithdrawal): void {
  writer.u8(0).u64(withdrawal.maxAmount).u8(0);
  writeTypeTag(writer, withdrawal.balanceType);
  const from = withdrawal.from;
  if (from.kind === 'sender') writer.u8(0);
  else if (from.kind === 'sponsor') writer.u8(1);
  else writer.u8(2).address(from.funder).address(from.allowance);
}

function readWithdrawal(reader: BcsReader): FundsWithdrawal {
  reader.tag('Reservation', 1);
  const maxAmount = reader.u64();
  reader.tag('WithdrawalType', 1);
  const balanceType = readTypeTag(reader);
  switch (reader.tag('WithdrawFrom', 3)) {
    case 0:
      return { maxAmount, balanceType, from: { kind: 'sender' } };
    case 1:
      return { maxAmount, balanceType, from: { kind: 'sponsor' } };
    default: {
      const funder = reader.address();
      const allowance = reader.address();
      return { maxAmount, balanceType, from: { kind: 'senderAllowance', funder, allowance } };
    }
  }
}

function writeArgument(writer: BcsWriter, argument: Argument): void {
  switch (argument.kind) {
    case 'gasCoin':
      writer.u8(0);
      return;
    case 'input':
      writer.u8(1).u16(argument.index);
      return;
    case 'result':
      writer.u8(2).u16(argument.index);
      return;
    case 'nestedResult':
      writer.u8(3).u16(argument.index).u16(argument.subIndex);
  }
}

function readArgument(reader: BcsReader): Argument {
  switch (reader.tag('Argument', 4)) {
    case 0:
      return { kind: 'gasCoin' };
    case 1:
      return { kind: 'input', index: reader.u16() };
    case 2:
      return { kind: 'result', index: reader.u16() };
    default:
      return { kind: 'nestedResult', index: reader.u16(), subIndex: reader.u16() };
  }
}

function writeCommand(writer: BcsWriter, command: Command): void {
  const argument = (value: Argument) => writeArgument(writer, value);
  switch (command.kind) {
    case 'moveCall':
      writer.u8(0).address(command.package).string(command.module).string(command.function);
      writer.vector(command.typeArguments, (type) => writeTypeTag(writer, type));
      writer.vector(command.arguments, argument);
      return;
    case 'transferObjects':
      writer.u8(1).vector(command.objects, argument);
      argument(command.address);
      return;
    case 'splitCoins':
      writer.u8(2);
      argument(command.coin);
      writer.vector(command.amounts, argument);
      return;
    case 'mergeCoins':
      writer.u8(3);
      argument(command.target);
      writer.vector(command.sources, argument);
      return;
    case 'publish':
      writer.u8(4);
      writeModules(writer, command);
      return;
    case 'makeMoveVec':
      writer.u8(5).option(command.type, (type) => writeTypeTag(writer, type));
      writer.vector(command.elements, argument);
      return;
    case 'upgrade':
      writer.u8(6);
      writeModules(writer, command);
      writer.address(command.package);
      argument(command.ticket);
  }
}

function writeModules(
  writer: BcsWriter,
  command: { modules: readonly Uint8Array[]; dependencies: readonly string[] },
): void {
  writer.vector(command.modules, (module) => writer.bytes(module));
  writer.vector(command.dependencies, (id) => writer.address(id));
}

function readCommand(reader: BcsReader): Command {
  const argument = () => readArgument(reader);
  const modules = () => reader.vector(() => reader.bytes());
  const dependencies = () => reader.vector(() => reader.address());
  switch (reader.tag('Command', 7)) {
    case 0:
      return {
        kind: 'moveCall',
        package: reader.address(),
        module: reader.string(),
        function: reader.string(),
        typeArguments: reader.vector(() => readTypeTag(reader)),
        arguments: reader.vector(argument),
      };
    case 1:
      return { kind: 'transferObjects', objects: reader.vector(argument), address: argument() };
    case 2:
      return { kind: 'splitCoins', coin: argument(), amounts: reader.vector(argument) };
    case 3:
      return { kind: 'mergeCoins', target: argument(), sources: reader.vector(argument) };
    case 4:
      return { kind: 'publish', modules: modules(), dependencies: dependencies() };
    case 5:
      return {
        kind: 'makeMoveVec',
        type: reader.option(() => readTypeTag(reader)),
        elements: reader.vector(argument),
      };
    default:
      return {
        kind: 'upgrade',
        modules: modules(),
        dependencies: dependencies(),
        package: reader.address(),
        ticket: argument(),
      };
  }
}

function writeGasData(writer: BcsWriter, gas: GasData): void {
  writer.vector(gas.payment, (ref) => writeObjectRef(writer, ref));
  writer.address(gas.owner).u64(gas.price).u64(gas.budget);
}

function readGasData(reader: BcsReader): GasData {
  const payment = reader.vector(() => readObjectRef(reader));
  return { payment, owner: reader.address(), price: reader.u64(), budget: reader.u64() };
}

function writeExpiration(writer: BcsWriter, expiration: Expiration): void {
  switch (expiration.kind) {
    case 'none':
      writer.u8(0);
      return;
    case 'epoch':
      writer.u8(1).u64(expiration.epoch);
      return;
    case 'validDuring':
      writer.u8(2);
      writeValidDuring(writer, expiration.during);
      return;
    case 'validity':
      writer.u8(3);
      writeValidDuring(writer, expiration.during);
      writer.option(expiration.allowedProposers, ({ epoch, proposers }) => {
        writer.u64(epoch).vector(proposers, (proposer) => writer.u32(proposer));
      });
  }
}

function writeValidDuring(writer: BcsWriter, during: ValidDuring): void {
  const u64 = (value: bigint) => writer.u64(value);
  writer.option(during.minEpoch, u64).option(during.maxEpoch, u64);
  writer.option(during.minTimestamp, u64).option(during.maxTimestamp, u64);
  writer.digest(during.chain).u32(during.nonce);
}

function readExpiration(reader: BcsReader): Expiration {
  switch (reader.tag('TransactionExpiration', 4)) {
    case 0:
      return { kind: 'none' };
    case 1:
      return { kind: 'epoch', epoch: reader.u64() };
    case 2:
      return { kind: 'validDuring', during: readValidDuring(reader) };
    default: {
      const during = readValidDuring(reader);
      const allowedProposers = reader.option(() => readProposers(reader));
      return { kind: 'validity', during, allowedProposers };
    }
  }
}

/** Proposers may stand in any order here, but there must be some. */
function readProposers(reader: BcsReader): { epoch: bigint; proposers: readonly number[] } {
  const epoch = reader.u64();
  const proposers = reader.vector(() => reader.u32());
  if (proposers.length === 0) reader.fail('empty list of allowed proposers');
  return { epoch, proposers };
}

function readValidDuring(reader: BcsReader): ValidDuring {
  const u64 = () => reader.u64();
  return {
    minEpoch: reader.option(u64),
    maxEpoch: reader.option(u64),
    minTimestamp: reader.option(u64),
    maxTimestamp: reader.option(u64),
    chain: reader.digest(),
    nonce: reader.u32(),
  };
}
