/** Programmable transaction → BCS bytes; the mirror of decode.ts. */
import { writeTypeTag } from '../bcs/type-tag.ts';
import { type BcsWriter, encodeBcs } from '../bcs/writer.ts';
import type { ObjectRef, Ptb, PtbArgument, PtbCommand, PtbInput, WithdrawFrom } from './types.ts';

const MUTABILITY = { immutable: 0, mutable: 1, nonExclusiveWrite: 2 } as const;

export function encodePtb(ptb: Ptb): Uint8Array<ArrayBuffer> {
  return encodeBcs((w) => w.vector(ptb.inputs, input).vector(ptb.commands, command));
}

function input(w: BcsWriter, value: PtbInput): void {
  switch (value.kind) {
    case 'pure':
      w.uleb(0).byteVector(value.bytes);
      return;
    case 'immutableOrOwned':
      objectRef(w.uleb(1).uleb(0), value.ref);
      return;
    case 'shared':
      w.uleb(1).uleb(1).address(value.objectId).u64(value.initialSharedVersion);
      w.uleb(MUTABILITY[value.mutability]);
      return;
    case 'receiving':
      objectRef(w.uleb(1).uleb(2), value.ref);
      return;
    case 'fundsWithdrawal':
      w.uleb(2).uleb(0).u64(value.maxAmount).uleb(0);
      writeTypeTag(w, value.coinType);
      withdrawal(w, value.from);
      return;
  }
}

function objectRef(w: BcsWriter, ref: ObjectRef): void {
  w.address(ref.objectId).u64(ref.version).uleb(32).fixed(ref.digest, 32, 'digest');
}

function withdrawal(w: BcsWriter, from: WithdrawFrom): void {
  if (from.kind === 'senderAllowance') w.uleb(2).address(from.funder).address(from.allowance);
  else w.uleb(from.kind === 'sender' ? 0 : 1);
}

function command(w: BcsWriter, value: PtbCommand): void {
  switch (value.kind) {
    case 'moveCall':
      w.uleb(0).address(value.package).string(value.module).string(value.function);
      w.vector(value.typeArguments, writeTypeTag).vector(value.arguments, argument);
      return;
    case 'transferObjects':
      w.uleb(1).vector(value.objects, argument);
      argument(w, value.address);
      return;
    case 'splitCoins':
      argument(w.uleb(2), value.coin);
      w.vector(value.amounts, argument);
      return;
    case 'mergeCoins':
      argument(w.uleb(3), value.target);
      w.vector(value.sources, argument);
      return;
    case 'publish':
      w.uleb(4).vector(value.modules, blob).vector(value.dependencies, address);
      return;
    case 'makeMoveVec':
      w.uleb(5).option(value.type, writeTypeTag).vector(value.elements, argument);
      return;
    case 'upgrade':
      w.uleb(6).vector(value.modules, blob).vector(value.dependencies, address);
      argument(w.address(value.package), value.ticket);
      return;
  }
}

function argument(w: BcsWriter, value: PtbArgument): void {
  switch (value.kind) {
    case 'gasCoin':
      w.uleb(0);
      return;
    case 'input':
      w.uleb(1).u16(value.index);
      return;
    case 'result':
      w.uleb(2).u16(value.index);
      return;
    case 'nestedResult':
      w.uleb(3).u16(value.index).u16(value.subIndex);
      return;
  }
}

const blob = (w: BcsWriter, value: Uint8Array): void => void w.byteVector(value);
const address = (w: BcsWriter, value: string): void => void w.address(value);
