/** BCS bytes → programmable transaction, strictly (sui-ledger.md §3.1). */
import { type BcsReader, decodeBcs, invalid } from '../bcs/reader.ts';
import { readIdentifier, readTypeTag } from '../bcs/type-tag.ts';
import type {
  ObjectRef,
  Ptb,
  PtbArgument,
  PtbCommand,
  PtbInput,
  SharedMutability,
  WithdrawFrom,
} from './types.ts';

const MUTABILITY: readonly SharedMutability[] = ['immutable', 'mutable', 'nonExclusiveWrite'];

/** Error: INVALID_BCS. */
export function decodePtb(bytes: Uint8Array): Ptb {
  return decodeBcs(bytes, (r) => ({ inputs: r.vector(input), commands: r.vector(command) }));
}

function input(r: BcsReader): PtbInput {
  switch (r.variant('CallArg', 3)) {
    case 0:
      return { kind: 'pure', bytes: r.byteVector() };
    case 1:
      return objectInput(r);
    default: {
      r.variant('Reservation', 1);
      const maxAmount = r.u64();
      r.variant('WithdrawalType', 1);
      return { kind: 'fundsWithdrawal', maxAmount, coinType: readTypeTag(r), from: withdrawal(r) };
    }
  }
}

function objectInput(r: BcsReader): PtbInput {
  switch (r.variant('ObjectArg', 3)) {
    case 0:
      return { kind: 'immutableOrOwned', ref: objectRef(r) };
    case 1:
      return {
        kind: 'shared',
        objectId: r.address(),
        initialSharedVersion: r.u64(),
        mutability: MUTABILITY[r.variant('SharedObjectMutability', 3)] as SharedMutability,
      };
    default:
      return { kind: 'receiving', ref: objectRef(r) };
  }
}

function objectRef(r: BcsReader): ObjectRef {
  const objectId = r.address();
  const version = r.u64();
  const digest = r.byteVector();
  if (digest.length !== 32) throw invalid(`object digest of ${digest.length} bytes`);
  return { objectId, version, digest };
}

function withdrawal(r: BcsReader): WithdrawFrom {
  switch (r.variant('WithdrawFrom', 3)) {
    case 0:
      return { kind: 'sender' };
    case 1:
      return { kind: 'sponsor' };
    default:
      return { kind: 'senderAllowance', funder: r.address(), allowance: r.address() };
  }
}

function command(r: BcsReader): PtbCommand {
  switch (r.variant('Command', 7)) {
    case 0:
      return {
        kind: 'moveCall',
        package: r.address(),
        module: readIdentifier(r),
        function: readIdentifier(r),
        typeArguments: r.vector((v) => readTypeTag(v)),
        arguments: r.vector(argument),
      };
    case 1:
      return { kind: 'transferObjects', objects: r.vector(argument), address: argument(r) };
    case 2:
      return { kind: 'splitCoins', coin: argument(r), amounts: r.vector(argument) };
    case 3:
      return { kind: 'mergeCoins', target: argument(r), sources: r.vector(argument) };
    case 4:
      return { kind: 'publish', modules: r.vector(blob), dependencies: r.vector(address) };
    case 5:
      return {
        kind: 'makeMoveVec',
        type: r.option((v) => readTypeTag(v)),
        elements: r.vector(argument),
      };
    default:
      return {
        kind: 'upgrade',
        modules: r.vector(blob),
        dependencies: r.vector(address),
        package: r.address(),
        ticket: argument(r),
      };
  }
}

function argument(r: BcsReader): PtbArgument {
  switch (r.variant('Argument', 4)) {
    case 0:
      return { kind: 'gasCoin' };
    case 1:
      return { kind: 'input', index: r.u16() };
    case 2:
      return { kind: 'result', index: r.u16() };
    default:
      return { kind: 'nestedResult', index: r.u16(), subIndex: r.u16() };
  }
}

const blob = (r: BcsReader): Uint8Array => r.byteVector();
const address = (r: BcsReader): string => r.address();
