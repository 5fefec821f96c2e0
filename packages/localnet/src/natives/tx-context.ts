/** Natives of `sui::tx_context`. Source: move-vm.md §6.3. */
import {
  addressOf,
  bytesOf,
  COST,
  integerOf,
  itemsOf,
  type ModuleNatives,
  type NativeFunction,
  u64FromBigInt,
  type Value,
} from '@seal-ts/move-vm';
import { deriveFreshId } from './ids.ts';
import { OBJECT_RUNTIME, type ObjectRuntime } from './object-runtime.ts';
import type { TransactionContext } from './ports.ts';

const E_NO_IDS_CREATED = 1;

/** A native without arguments that shows one value of the running transaction. */
function getter(
  read: (context: TransactionContext, objects: ObjectRuntime) => Value,
): NativeFunction {
  return (context) => {
    context.charge(COST.getter);
    const objects = context.extension(OBJECT_RUNTIME);
    return read(objects.context, objects);
  };
}

export const txContextNatives: ModuleNatives = {
  fresh_id(context) {
    context.charge(COST.plain);
    return context.extension(OBJECT_RUNTIME).freshId();
  },
  derive_id(context, _types, [digest, created]) {
    context.charge(COST.plain);
    return deriveFreshId(bytesOf(digest), integerOf(created));
  },
  last_created_id(context) {
    context.charge(COST.plain);
    const { context: transaction, idsCreated } = context.extension(OBJECT_RUNTIME);
    if (idsCreated === 0n) return context.abort(E_NO_IDS_CREATED);
    return deriveFreshId(transaction.digest, idsCreated - 1n);
  },
  native_sender: getter((transaction) => transaction.sender),
  native_epoch: getter((transaction) => u64FromBigInt(transaction.epoch)),
  native_epoch_timestamp_ms: getter((transaction) => u64FromBigInt(transaction.epochTimestampMs)),
  native_rgp: getter((transaction) => u64FromBigInt(transaction.referenceGasPrice)),
  native_gas_price: getter((transaction) => u64FromBigInt(transaction.gasPrice)),
  native_gas_budget: getter((transaction) => u64FromBigInt(transaction.gasBudget)),
  native_ids_created: getter((_transaction, objects) => u64FromBigInt(objects.idsCreated)),
  native_sponsor: getter(({ sponsor }) => (sponsor === undefined ? [] : [sponsor])),

  replace(context, _types, args) {
    context.charge(COST.plain);
    const [sender, digest, epoch, timestamp, created, rgp, price, budget, sponsors] = args;
    const sponsor = itemsOf(sponsors)[0];
    context.extension(OBJECT_RUNTIME).replaceContext(
      {
        sender: addressOf(sender),
        digest: bytesOf(digest).slice(),
        epoch: integerOf(epoch),
        epochTimestampMs: integerOf(timestamp),
        referenceGasPrice: integerOf(rgp),
        gasPrice: integerOf(price),
        gasBudget: integerOf(budget),
        ...(sponsor === undefined ? {} : { sponsor: addressOf(sponsor) }),
      },
      integerOf(created),
    );
    return undefined;
  },
};
