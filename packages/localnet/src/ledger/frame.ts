/**
 * The facts of one transaction that follow from its inputs (sui-ledger.md §5).
 */

import { greatest } from './bigints.ts';
import type { LoadedTransaction } from './checks/inputs.ts';
import { compareBytes, digestToBytes } from './digests.ts';
import type { TransactionFrame } from './settlement.ts';
import type { UnchangedConsensusObject } from './types/effects.ts';
import type { LedgerObject } from './types/object.ts';
import type { TransactionData } from './types/transaction.ts';

export function makeFrame(
  data: TransactionData,
  digest: string,
  epoch: bigint,
  loaded: LoadedTransaction,
): TransactionFrame {
  const objects: LedgerObject[] = [...loaded.gasCoins];
  const mutableInputs: LedgerObject[] = [];
  const unchangedConsensusObjects: UnchangedConsensusObject[] = [];
  for (const input of loaded.inputs) {
    if (input.kind === 'pure') continue;
    const { object } = input;
    objects.push(object);
    if (input.kind === 'receiving') continue;
    if (input.access === 'owned' || input.access === 'sharedMutable') mutableInputs.push(object);
    if (input.access === 'sharedReadOnly') unchangedConsensusObjects.push(readOnlyRoot(object));
  }
  const newest = objects.reduce((max, { version }) => greatest(max, version), 0n);
  let dependencies: readonly string[] | undefined;
  return {
    digest,
    sender: data.sender,
    gas: data.gasData,
    epoch,
    lamport: newest + 1n,
    gasCoins: loaded.gasCoins,
    mutableInputs,
    unchangedConsensusObjects,
    get dependencies() {
      dependencies ??= dependenciesOf([...objects, ...loaded.packages]);
      return dependencies;
    },
  };
}

function readOnlyRoot(object: LedgerObject): UnchangedConsensusObject {
  const { objectId, version } = object;
  return {
    objectId,
    kind: 'readOnlyRoot',
    version,
    get digest() {
      return object.digest;
    },
  };
}

/** Transactions that wrote what this one reads, sorted by bytes, once each. */
function dependenciesOf(objects: readonly LedgerObject[]): readonly string[] {
  const digests = new Set(objects.map(({ previousTransaction }) => previousTransaction));
  return [...digests]
    .map((digest) => ({ digest, bytes: digestToBytes(digest)! }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes))
    .map(({ digest }) => digest);
}
