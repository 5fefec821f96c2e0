/** A localnet with an allowlist, in a process of its own; started by localnet.ts and key-server.ts. */
import type { Keypair } from '@mysten/sui/cryptography';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { type Localnet, startLocalnet } from '@seal-ts/localnet';
import { frameworkSources } from '@seal-ts/localnet/framework';
import { compilePackage, publishPayload } from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { answerParent } from './child.ts';

const MOVE_FOLDER = decodeURIComponent(new URL('../move/', import.meta.url).pathname);

/** What the parent needs to use the chain. */
export interface LocalnetFacts {
  readonly url: string;
  readonly sealPackage: string;
  readonly policyPackage: string;
  readonly allowlist: string;
  /** `suiprivkey…` of the only member; the account has coins too. */
  readonly member: string;
}

let running: Localnet | undefined;

answerParent({ start, cpuMs, stop });

async function start(): Promise<LocalnetFacts> {
  const localnet = await startLocalnet({ accounts: 1, seed: new Uint8Array(32).fill(3) });
  running = localnet;
  const member = localnet.accounts[0]?.secretKey as string;
  const signer = Ed25519Keypair.fromSecretKey(member);
  const client = new SuiGrpcClient({ network: 'localnet', baseUrl: localnet.url });
  const sealPackage = await publish(client, signer, 'seal');
  const policyPackage = await publish(client, signer, 'walrus');
  const allowlist = await createAllowlist(client, signer, policyPackage);
  return { url: localnet.url, sealPackage, policyPackage, allowlist, member };
}

/** CPU time of this process so far. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function stop(): Promise<void> {
  await running?.close();
}

async function publish(client: SuiGrpcClient, signer: Keypair, name: string): Promise<string> {
  const compiled = await compilePackage({
    packagePath: name,
    reader: directoryReader(MOVE_FOLDER),
    framework: await frameworkSources(),
    published: {},
    mode: 'publish',
  });
  const { modules, dependencies } = publishPayload(compiled);
  const transaction = new Transaction();
  const upgradeCap = transaction.publish({
    modules: modules.map((module) => Array.from(module)),
    dependencies: [...dependencies],
  });
  transaction.transferObjects([upgradeCap], signer.toSuiAddress());
  const created = await execute(client, signer, transaction);
  return created.get('package') as string;
}

/** Shared, with its creator as the only member. */
async function createAllowlist(
  client: SuiGrpcClient,
  signer: Keypair,
  policyPackage: string,
): Promise<string> {
  const create = new Transaction();
  create.moveCall({
    target: `${policyPackage}::allowlist::create_allowlist_entry`,
    arguments: [create.pure.string('bench')],
  });
  const created = await execute(client, signer, create);
  const allowlist = created.get('Allowlist') as string;
  const add = new Transaction();
  add.moveCall({
    target: `${policyPackage}::allowlist::add`,
    arguments: [
      add.object(allowlist),
      add.object(created.get('Cap') as string),
      add.pure.address(signer.toSuiAddress()),
    ],
  });
  await execute(client, signer, add);
  return allowlist;
}

/** Ids of what was created, by the last part of their types. */
async function execute(
  client: SuiGrpcClient,
  signer: Keypair,
  transaction: Transaction,
): Promise<Map<string, string>> {
  const result = await client.signAndExecuteTransaction({
    transaction,
    signer,
    include: { effects: true, objectTypes: true },
  });
  if (result.$kind !== 'Transaction') {
    throw new TypeError(`setting up failed: ${result.FailedTransaction.status.error?.message}`);
  }
  const { effects, objectTypes } = result.Transaction;
  const created = effects.changedObjects.filter(({ idOperation }) => idOperation === 'Created');
  return new Map(
    created.map(({ objectId, outputState }) => {
      const type = outputState === 'PackageWrite' ? 'package' : (objectTypes[objectId] ?? '');
      return [type.split('::').at(-1) ?? '', objectId];
    }),
  );
}
