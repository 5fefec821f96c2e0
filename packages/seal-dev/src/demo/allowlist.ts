/** The demo's policy: an allowlist of the `walrus` package. */
import type { Keypair } from '@mysten/sui/cryptography';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Transaction } from '@mysten/sui/transactions';
import { fromHex, toHex } from '@mysten/sui/utils';
import { createdObject, run } from '../stack/transactions.ts';

export class Allowlist {
  readonly packageId: string;
  readonly objectId: string;
  readonly #capId: string;
  readonly #client: SuiGrpcClient;
  readonly #owner: Keypair;

  private constructor(
    client: SuiGrpcClient,
    owner: Keypair,
    ids: { readonly packageId: string; readonly objectId: string; readonly capId: string },
  ) {
    this.#client = client;
    this.#owner = owner;
    this.packageId = ids.packageId;
    this.objectId = ids.objectId;
    this.#capId = ids.capId;
  }

  /** A new list of `owner`, with `members` on it. */
  static async create(
    client: SuiGrpcClient,
    owner: Keypair,
    packageId: string,
    members: readonly string[],
  ): Promise<Allowlist> {
    const transaction = new Transaction();
    transaction.moveCall({
      target: `${packageId}::allowlist::create_allowlist_entry`,
      arguments: [transaction.pure.string('demo')],
    });
    const executed = await run(client, owner, transaction, 'creating the allowlist');
    const of = (name: string) =>
      createdObject(executed, (type) => type === `${packageId}::allowlist::${name}`, name);
    const ids = { packageId, objectId: of('Allowlist'), capId: of('Cap') };
    const list = new Allowlist(client, owner, ids);
    for (const member of members) await list.change('add', member);
    return list;
  }

  async change(action: 'add' | 'remove', account: string): Promise<void> {
    const transaction = new Transaction();
    transaction.moveCall({
      target: `${this.packageId}::allowlist::${action}`,
      arguments: [
        transaction.object(this.objectId),
        transaction.object(this.#capId),
        transaction.pure.address(account),
      ],
    });
    await run(this.#client, this.#owner, transaction, `${action} ${account}`);
  }

  /** Identity in the list's namespace, as hex. */
  identity(nonce: Uint8Array): string {
    return `${this.objectId.slice(2)}${toHex(nonce)}`;
  }

  /** Transaction kind bytes that ask the policy to approve `id`. */
  approval(id: string): Promise<Uint8Array> {
    const transaction = new Transaction();
    transaction.moveCall({
      target: `${this.packageId}::allowlist::seal_approve`,
      arguments: [transaction.pure.vector('u8', fromHex(id)), transaction.object(this.objectId)],
    });
    return transaction.build({ client: this.#client, onlyTransactionKind: true });
  }
}
