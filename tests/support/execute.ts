/** Transactions and folders of tests that need a chain, and no stack around it. */
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keypair } from '@mysten/sui/cryptography';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Transaction } from '@mysten/sui/transactions';

/** A fresh folder below the system's temporary one. */
export function temporaryFolder(prefix: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), prefix));
}

/** What a transaction cost, in MIST. */
interface Gas {
  readonly computation: bigint;
  readonly storage: bigint;
  readonly rebate: bigint;
}

/** Executes and insists on success; answers ids of created objects by the last part of their type. */
export async function execute(
  client: SuiGrpcClient,
  signer: Keypair,
  transaction: Transaction,
): Promise<{ digest: string; created: Map<string, string>; gas: Gas }> {
  const result = await client.signAndExecuteTransaction({
    transaction,
    signer,
    include: { effects: true, objectTypes: true },
  });
  if (result.$kind !== 'Transaction') {
    throw new TypeError(`transaction failed: ${result.FailedTransaction.status.error?.message}`);
  }
  const { digest, effects, objectTypes } = result.Transaction;
  const created = new Map<string, string>();
  for (const change of effects.changedObjects) {
    if (change.idOperation !== 'Created') continue;
    const type = change.outputState === 'PackageWrite' ? 'package' : objectTypes[change.objectId];
    created.set(type?.split('<')[0]?.split('::').at(-1) ?? '', change.objectId);
  }
  const { computationCost, storageCost, storageRebate } = effects.gasUsed;
  const gas = {
    computation: BigInt(computationCost),
    storage: BigInt(storageCost),
    rebate: BigInt(storageRebate),
  };
  return { digest, created, gas };
}
