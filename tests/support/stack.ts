/** A stack of its own for one test file, and the policy that most of them use. */
import { rmSync } from 'node:fs';
import type { Keypair } from '@mysten/sui/cryptography';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { fromHex, toHex } from '@mysten/sui/utils';
import { type Manifest, type Stack, startStack } from '@seal-ts/seal-dev';
import { execute, temporaryFolder } from './execute.ts';

export { execute, temporaryFolder } from './execute.ts';

export interface TestStack {
  readonly dir: string;
  readonly stack: Stack;
  readonly manifest: Manifest;
  readonly client: SuiGrpcClient;
  account(name: string): Ed25519Keypair;
  close(): Promise<void>;
}

/** Starts `servers` key servers and all that they need. */
export async function testStack(servers = 3): Promise<TestStack> {
  const dir = temporaryFolder('seal-test-stack-');
  const stack = await startStack({ dir, servers });
  const { manifest } = stack;
  return {
    dir,
    stack,
    manifest,
    client: new SuiGrpcClient({ network: 'localnet', baseUrl: manifest.chain.rpcUrl }),
    account(name) {
      const entry = manifest.accounts.find((account) => account.name === name);
      if (!entry) throw new TypeError(`no account ${name}`);
      return Ed25519Keypair.fromSecretKey(entry.privateKey);
    },
    async close() {
      await stack.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** An allowlist of the walrus package, owned by `owner`. */
export class TestAllowlist {
  readonly packageId: string;
  readonly objectId: string;
  readonly #capId: string;
  readonly #client: SuiGrpcClient;
  readonly #owner: Keypair;

  private constructor(
    client: SuiGrpcClient,
    owner: Keypair,
    packageId: string,
    created: ReadonlyMap<string, string>,
  ) {
    this.#client = client;
    this.#owner = owner;
    this.packageId = packageId;
    this.objectId = created.get('Allowlist') as string;
    this.#capId = created.get('Cap') as string;
  }

  static async create(
    { client, manifest }: Pick<TestStack, 'client' | 'manifest'>,
    owner: Keypair,
    members: readonly string[],
  ): Promise<TestAllowlist> {
    const packageId = manifest.packages.walrus;
    const transaction = new Transaction();
    transaction.moveCall({
      target: `${packageId}::allowlist::create_allowlist_entry`,
      arguments: [transaction.pure.string('test')],
    });
    const { created } = await execute(client, owner, transaction);
    const list = new TestAllowlist(client, owner, packageId, created);
    for (const member of members) await list.change('add', member);
    return list;
  }

  async change(action: 'add' | 'remove', member: string): Promise<void> {
    const transaction = new Transaction();
    transaction.moveCall({
      target: `${this.packageId}::allowlist::${action}`,
      arguments: [
        transaction.object(this.objectId),
        transaction.object(this.#capId),
        transaction.pure.address(member),
      ],
    });
    await execute(this.#client, this.#owner, transaction);
  }

  /** Hex identity in the list's namespace. */
  identity(nonce: number): string {
    return `${this.objectId.slice(2)}${toHex(Uint8Array.of(nonce))}`;
  }

  /** Kind bytes asking for all of `ids`. */
  async approval(...ids: readonly string[]): Promise<Uint8Array> {
    const transaction = new Transaction();
    for (const id of ids) {
      transaction.moveCall({
        target: `${this.packageId}::allowlist::seal_approve`,
        arguments: [transaction.pure.vector('u8', fromHex(id)), transaction.object(this.objectId)],
      });
    }
    return transaction.build({ client: this.#client, onlyTransactionKind: true });
  }
}
