/** Limits of one transaction's object runtime, at the limit and one over. Source: move-vm.md §3.1. */
import { isVmError, STATUS, U64, type Value } from '@seal-ts/move-vm';
import { describe, expect, it } from 'vitest';
import {
  MAX_DELETED_IDS,
  MAX_EVENT_BYTES,
  MAX_NEW_IDS,
  MAX_TOTAL_EVENT_BYTES,
  MAX_TRANSFERS,
  MEMORY_LIMIT,
  ObjectRuntime,
  type ObjectRuntimeLimits,
  SYSTEM_LIMITS,
  type TypeServices,
} from '../../src/natives/index.ts';

function objects(limits?: ObjectRuntimeLimits): ObjectRuntime {
  return new ObjectRuntime(
    {
      context: {
        sender: `0x${'0'.repeat(64)}`,
        digest: new Uint8Array(32),
        epoch: 0n,
        epochTimestampMs: 0n,
        referenceGasPrice: 1000n,
        gasPrice: 1000n,
        gasBudget: 1n,
      },
      ...(limits === undefined ? {} : { limits }),
    },
    { reader: { readChild: () => undefined, readReceived: () => undefined } },
  );
}

const id = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`;
const object = (n: number): Value => [[[id(n)]]];

/** Runs `step` up to `limit` times without an error; the next one must name `subStatus`. */
function expectLimit(limit: number, subStatus: bigint, step: (n: number) => void): void {
  for (let n = 0; n < limit; n++) step(n);
  try {
    step(limit);
  } catch (error) {
    if (!isVmError(error)) throw error;
    expect([error.status, error.subStatus]).toEqual([STATUS.MEMORY_LIMIT_EXCEEDED, subStatus]);
    return;
  }
  expect.fail(`a limit of ${limit} was not kept`);
}

describe('limits', () => {
  it('new ids', () => {
    const subject = objects();
    expectLimit(MAX_NEW_IDS, MEMORY_LIMIT.newIds, (n) => subject.recordNew(id(n)));
  });

  it('deleted ids', () => {
    const subject = objects();
    expectLimit(MAX_DELETED_IDS, MEMORY_LIMIT.deletedIds, (n) => subject.recordDeleted(id(n)));
  });

  it('transfers; giving the same object twice counts once', () => {
    const subject = objects();
    const owner = { kind: 'immutable' } as const;
    subject.transfer(owner, U64, object(0));
    expectLimit(MAX_TRANSFERS, MEMORY_LIMIT.transfers, (n) =>
      subject.transfer(owner, U64, object(n)),
    );
  });

  it('bytes of all events', () => {
    const subject = objects();
    const contents = new Uint8Array(MAX_EVENT_BYTES);
    const types: TypeServices = {
      serialize: () => contents,
      tagOf: () => ({ kind: 'u64' }),
      typeOf: () => U64,
      deserialize: () => 0,
      charge: () => undefined,
    };
    const events = MAX_TOTAL_EVENT_BYTES / MAX_EVENT_BYTES;
    expectLimit(events, MEMORY_LIMIT.totalEventSize, () => subject.emit(U64, 0, types));
  });

  it('are higher for system transactions', () => {
    const subject = objects(SYSTEM_LIMITS);
    for (let n = 0; n <= MAX_NEW_IDS; n++) subject.recordNew(id(n));
    expectLimit(SYSTEM_LIMITS.newIds - MAX_NEW_IDS - 1, MEMORY_LIMIT.newIds, (n) =>
      subject.recordNew(id(MAX_NEW_IDS + 1 + n)),
    );
  });
});

describe('ids made and deleted', () => {
  it('cancel out, in both orders', () => {
    const subject = objects();
    subject.recordNew(id(1));
    subject.recordDeleted(id(1));
    subject.recordDeleted(id(2));
    subject.recordNew(id(2));
    expect([subject.isNew(id(1)), subject.deletedIds.size]).toEqual([false, 0]);
  });
});
