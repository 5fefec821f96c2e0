/** Signing and running transactions of the stack's own accounts. */

import type { Keypair } from '@mysten/sui/cryptography';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Transaction } from '@mysten/sui/transactions';
import { DevError } from '../errors.ts';

export interface CreatedObject {
  readonly objectId: string;
  /** Full type; the word `package` for a published package. */
  readonly type: string;
}

export interface Executed {
  readonly digest: string;
  readonly created: readonly CreatedObject[];
}

/** Runs `transaction` as `signer`. Errors: DEV_TRANSACTION_FAILED with the chain's reason. */
export async function run(
  client: SuiGrpcClient,
  signer: Keypair,
  transaction: Transaction,
  purpose: string,
): Promise<Executed> {
  transaction.setSenderIfNotSet(signer.toSuiAddress());
  const result = await client.signAndExecuteTransaction({
    transaction,
    signer,
    include: { effects: true, objectTypes: true },
  });
  if (result.$kind !== 'Transaction') {
    const reason = result.FailedTransaction.status.error?.message ?? 'no reason given';
    throw new DevError('DEV_TRANSACTION_FAILED', `${purpose}: ${reason}`);
  }
  const { digest, effects, objectTypes } = result.Transaction;
  const created = effects.changedObjects
    .filter((object) => object.idOperation === 'Created' && object.outputState !== 'DoesNotExist')
    .map((object) => ({
      objectId: object.objectId,
      type:
        object.outputState === 'PackageWrite' ? 'package' : (objectTypes[object.objectId] ?? ''),
    }));
  return { digest, created };
}

/** The one created object whose type passes `test`. */
export function createdObject(
  executed: Executed,
  test: (type: string) => boolean,
  what: string,
): string {
  const found = executed.created.filter((object) => test(object.type));
  if (found.length !== 1) {
    throw new DevError(
      'DEV_TRANSACTION_FAILED',
      `transaction ${executed.digest} created ${found.length} objects of kind ${what}, expected 1`,
    );
  }
  return (found[0] as CreatedObject).objectId;
}
