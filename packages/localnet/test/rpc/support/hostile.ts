/**
 * Strangers on the real stack: mutated modules that are published and called, and transactions of
 * any shape, signed and executed with the official client. Whatever they do, an answer is typed, a
 * refusal or simulation leaves the state as it was, and a failure takes nothing but gas.
 */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Inputs, Transaction, type TransactionObjectArgument } from '@mysten/sui/transactions';
import { publishPayload } from '@seal-ts/move-build';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { LedgerObject } from '../../../src/ledger/api.ts';
import { type Localnet, startLocalnet } from '../../../src/rpc/start.ts';
import { compileSample, publishSample } from './sample.ts';

const SUI_COIN = '0x2::coin::Coin<0x2::sui::SUI>';
const CLOCK = `0x${'6'.padStart(64, '0')}`;
const BUDGET = 500_000_000;
const FUNDS = 10n ** 15n;

type Outcome = { kind: 'success' | 'failure'; packageId?: string } | { kind: 'refused' };

export class HostileWorld {
  readonly #net: Localnet;
  readonly #client: SuiGrpcClient;
  readonly #signer = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(66));
  readonly #sender = this.#signer.toSuiAddress();
  readonly #failures: unknown[];
  #packageId = '';
  #owned: readonly string[] = [];
  #scanned = 0n;
  readonly #ids = new Set<string>();

  private constructor(net: Localnet, failures: unknown[]) {
    this.#net = net;
    this.#failures = failures;
    this.#client = new SuiGrpcClient({ network: 'localnet', baseUrl: net.url });
  }

  static async create(): Promise<HostileWorld> {
    const failures: unknown[] = [];
    const net = await startLocalnet(
      { checkpointMs: 0, heartbeatMs: 0 },
      { log: ({ method, error }) => failures.push([method, error]) },
    );
    const world = new HostileWorld(net, failures);
    await net.ledger.fund(world.#sender, [FUNDS]);
    const sample = await publishSample(world.#client, world.#signer);
    world.#packageId = sample.packageId;
    world.#owned = [sample.boardId, sample.capId];
    return world;
  }

  async close(): Promise<void> {
    await this.#net.close();
    expect(this.#failures).toEqual([]);
  }

  /** Digest of every live object that a transaction has touched so far. */
  #state(): Map<string, string> {
    const { ledger } = this.#net;
    const { networkTotalTransactions } = ledger.checkpoint('latest')!;
    if (networkTotalTransactions > this.#scanned) {
      for (const { item } of ledger.listTransactions({ limit: 50, descending: true }).items) {
        if (item.sequence < this.#scanned) break;
        for (const { objectId } of item.effects.changedObjects) this.#ids.add(objectId);
      }
      this.#scanned = networkTotalTransactions;
    }
    const state = new Map<string, string>();
    for (const id of this.#ids) {
      const object = ledger.object(id);
      if (object !== undefined) state.set(id, object.digest);
    }
    return state;
  }

  #gas(): LedgerObject {
    const { items } = this.#net.ledger.ownedObjects({
      owner: this.#sender,
      type: SUI_COIN,
      limit: 1,
    });
    return items[0]!;
  }

  /** Signs and executes, and holds the state to what the answer says. */
  async #run(tx: Transaction): Promise<Outcome> {
    const gas = this.#gas();
    tx.setSender(this.#sender);
    tx.setGasPrice(1000);
    tx.setGasBudget(BUDGET);
    const { objectId, version, digest } = gas;
    tx.setGasPayment([{ objectId, version: String(version), digest }]);
    const before = this.#state();
    const bytes = await tx.build();
    const { signature } = await this.#signer.signTransaction(bytes);
    const request = { transaction: bytes, signatures: [signature] };
    const outcome = await this.#client
      .executeTransaction({ ...request, include: { effects: true } })
      .catch((error: { code: string }) => error.code);
    const after = this.#state();
    if (typeof outcome === 'string') {
      expect(outcome).toBe('INVALID_ARGUMENT');
      expect(after).toEqual(before);
      return { kind: 'refused' };
    }
    const done = outcome.Transaction ?? outcome.FailedTransaction!;
    const { status } = done;
    if (status.success) {
      const changed = done.effects!.changedObjects;
      const packageId = changed.find(({ outputState }) => outputState === 'PackageWrite')?.objectId;
      return { kind: 'success', ...(packageId === undefined ? {} : { packageId }) };
    }
    expect(status.error.message).not.toMatch(/invariant/i);
    // A transaction input that is mutable gets a new version, and keeps its contents.
    const inputs = new Set([gas.objectId, CLOCK, ...this.#owned]);
    const others = (state: Map<string, string>) => [...state].filter(([id]) => !inputs.has(id));
    expect(others(after)).toEqual(others(before));
    return { kind: 'failure' };
  }

  /** Publishes a module with some bytes changed; what is accepted is called, in simulation. */
  async publishMutated(
    changes: readonly (readonly [at: number, flip: number])[],
  ): Promise<Outcome> {
    const payload = publishPayload(await compileSample());
    const [module] = payload.modules.map((bytes) => Uint8Array.from(bytes));
    for (const [at, flip] of changes) module![at % module!.length]! ^= flip;
    const tx = new Transaction();
    const cap = tx.publish({ modules: [[...module!]], dependencies: [...payload.dependencies] });
    tx.transferObjects([cap], this.#sender);
    const outcome = await this.#run(tx);
    if (outcome.kind === 'success') await this.#callAll(outcome.packageId!);
    return outcome;
  }

  async #callAll(packageId: string): Promise<void> {
    const before = this.#state();
    for (const { name: module, functions } of this.#net.ledger.package(packageId)!.modules) {
      for (const { name, parameters } of functions) {
        const tx = new Transaction();
        tx.setSender(this.#sender);
        const values = parameters.map(() => tx.pure.u64(1));
        tx.moveCall({ target: `${packageId}::${module}::${name}`, arguments: values });
        const code = await this.#client
          .simulateTransaction({ transaction: tx, checksEnabled: false })
          .then(
            () => 'OK',
            (error: { code: string }) => error.code,
          );
        expect(['OK', 'INVALID_ARGUMENT']).toContain(code);
      }
    }
    expect(this.#state()).toEqual(before);
  }

  /** Executes commands put together at random. */
  async execute(commands: readonly Command[]): Promise<Outcome> {
    const tx = new Transaction();
    const pure: TransactionObjectArgument[] = [
      tx.gas,
      tx.pure.u64(3) as TransactionObjectArgument,
      tx.pure.address(this.#sender) as TransactionObjectArgument,
      tx.pure.vector('u8', [1, 2]) as TransactionObjectArgument,
      ...this.#owned.map((id) => tx.object(reference(this.#net.ledger.object(id)!))),
    ];
    // The client refuses results of later commands itself; test/ledger/properties.test.ts has them.
    const pick = (choice: number, command: number): TransactionObjectArgument => {
      const index = choice % (pure.length + 2 * command);
      if (index < pure.length) return pure[index]!;
      const result = Math.floor((index - pure.length) / 2);
      return index % 2 === 0
        ? { $kind: 'Result', Result: result }
        : { $kind: 'NestedResult', NestedResult: [result, choice % 3] };
    };
    for (const [command, { kind, name, list, one: first, typed }] of commands.entries()) {
      const fitting = typed && kind === 'call' ? FITTING[name] : undefined;
      const items = fitting?.map((i) => pure[i]!) ?? list.map((choice) => pick(choice, command));
      const one = pick(first, command);
      const target = `${this.#packageId}::board::${name}`;
      if (kind === 'call') tx.moveCall({ target, arguments: items });
      if (kind === 'transfer') tx.transferObjects(items, one);
      if (kind === 'split') tx.splitCoins(one, items);
      if (kind === 'merge') tx.mergeCoins(one, items);
      if (kind === 'vector') tx.makeMoveVec({ elements: items });
    }
    return this.#run(tx);
  }
}

function reference({ objectId, version, digest, owner }: LedgerObject) {
  return owner.kind === 'shared'
    ? Inputs.SharedObjectRef({
        objectId,
        initialSharedVersion: String(owner.initialSharedVersion),
        mutable: true,
      })
    : Inputs.ObjectRef({ objectId, version: String(version), digest });
}

/** Arguments of the right types, as places among the inputs: gas, u64, address, bytes, board. */
const FITTING: Readonly<Record<string, readonly number[]>> = {
  write: [4, 3],
  notes: [4],
  pin: [4, 1, 3],
  seal_approve: [3, 4],
};

export interface Command {
  readonly kind: 'call' | 'transfer' | 'split' | 'merge' | 'vector';
  readonly name: string;
  readonly list: readonly number[];
  readonly one: number;
  /** A call takes fitting arguments, where there are some. */
  readonly typed: boolean;
}

/** One to three bytes of a module, changed. */
export const mutations = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
  minLength: 1,
  maxLength: 3,
});

export const commandLists: fc.Arbitrary<Command[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('call', 'transfer', 'split', 'merge', 'vector'),
    name: fc.constantFrom('write', 'notes', 'pin', 'note', 'accept', 'plain', 'seal_approve'),
    list: fc.array(fc.nat(1000), { maxLength: 3 }),
    one: fc.nat(1000),
    typed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);
