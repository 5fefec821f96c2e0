/**
 * A ledger on a fixed clock with two funded accounts, and short ways to use it.
 */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { base64 } from '@scure/base';
import { type CompiledPackage, compilePackage, memoryReader } from '@seal-ts/move-build';
import { expect } from 'vitest';
import { frameworkSources, loadFramework } from '../../../src/framework.ts';
import type {
  ExecutedTransaction,
  LedgerObject,
  LedgerOptions,
  SimulateRequest,
  SimulationResult,
  TransactionData,
} from '../../../src/ledger/api.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { Ptb } from './ptb.ts';

export const START = 1_700_000_000_000;
const SUI = 1_000_000_000n;

const compiled = new Map<string, Promise<CompiledPackage>>();

/** Compiles one module; `name` is the package's and its address's name. */
export function compile(
  name: string,
  source: string,
  published?: { originalId: string; storageId: string; version: number },
): Promise<CompiledPackage> {
  const key = `${name} ${published?.originalId ?? ''} ${source}`;
  let result = compiled.get(key);
  if (result === undefined) {
    result = compileFresh(name, source, published);
    compiled.set(key, result);
  }
  return result;
}

async function compileFresh(
  name: string,
  source: string,
  published: { originalId: string; storageId: string; version: number } | undefined,
): Promise<CompiledPackage> {
  const manifest =
    `[package]\nname = "${name}"\nedition = "2024"\n\n` + `[addresses]\n${name} = "0x0"\n`;
  return compilePackage({
    packagePath: name,
    reader: memoryReader({ [name]: { 'Move.toml': manifest, 'sources/m.move': source } }),
    framework: await frameworkSources(),
    silenceWarnings: true,
    ...(published === undefined
      ? {}
      : {
          mode: 'upgrade' as const,
          published: {
            [name]: {
              originalId: published.originalId,
              publishedAt: published.storageId,
              version: published.version,
            },
          },
        }),
  });
}

export interface Published {
  readonly id: string;
  readonly executed: ExecutedTransaction;
  /** Ids created, by the last part of their type without arguments. */
  readonly created: ReadonlyMap<string, string>;
}

export class World {
  readonly ledger: Ledger;
  readonly alice = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(1));
  readonly bob = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(2));
  readonly a = this.alice.toSuiAddress();
  readonly b = this.bob.toSuiAddress();

  private constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  static async create(options: LedgerOptions = {}, coins = [1000n, 1000n, 1000n]): Promise<World> {
    const alice = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(1)).toSuiAddress();
    const bob = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(2)).toSuiAddress();
    const amounts = coins.map((amount) => amount * SUI);
    const ledger = await Ledger.create(
      {
        seed: new Uint8Array(32).fill(9),
        accounts: [
          { address: alice, coins: amounts },
          { address: bob, coins: amounts },
        ],
        ...options,
      },
      { framework: await loadFramework(), now: () => START, timers: null },
    );
    return new World(ledger);
  }

  simulate(
    ptb: Ptb,
    sender: string = this.a,
    request: Partial<SimulateRequest> = {},
  ): SimulationResult {
    return this.ledger.simulate({
      sender,
      programmable: ptb.programmable,
      gas: {},
      checks: 'enabled',
      selectGas: true,
      ...request,
    });
  }

  async sign(data: TransactionData, ...signers: Ed25519Keypair[]): Promise<ExecutedTransaction> {
    const bytes = this.ledger.encodeTransaction(data);
    const signatures = await Promise.all(signers.map((signer) => signer.signTransaction(bytes)));
    return this.ledger.execute(
      bytes,
      signatures.map(({ signature }) => base64.decode(signature)),
    );
  }

  /** Simulates with gas selection, signs what came out, executes it. */
  async run(ptb: Ptb, signer: Ed25519Keypair = this.alice): Promise<ExecutedTransaction> {
    const { transaction } = this.simulate(ptb, signer.toSuiAddress());
    return this.sign(transaction, signer);
  }

  /** As `run`, and it must succeed. */
  async ok(ptb: Ptb, signer: Ed25519Keypair = this.alice): Promise<ExecutedTransaction> {
    const executed = await this.run(ptb, signer);
    expect(executed.effects.status).toEqual({ success: true });
    return executed;
  }

  object(id: string | undefined): LedgerObject {
    const object = id === undefined ? undefined : this.ledger.object(id);
    if (object === undefined) throw new TypeError(`no live object ${id}`);
    return object;
  }

  async publish(name: string, source: string): Promise<Published> {
    const { modules, dependencies } = await compile(name, source);
    const ptb = new Ptb();
    const cap = ptb.publish(
      modules.map(({ bytes }) => bytes),
      dependencies,
    );
    ptb.transfer([cap], ptb.address(this.a));
    const executed = await this.ok(ptb);
    const created = createdObjects(executed);
    return { id: created.get('package')!, executed, created };
  }

  /** SUI coins of an address, richest first. */
  coins(owner: string): readonly LedgerObject[] {
    return this.ledger.ownedObjects({ owner, type: '0x2::coin::Coin<0x2::sui::SUI>', limit: 1000 })
      .items;
  }
}

/** Created ids by the last part of their type, without type arguments. */
export function createdObjects(executed: ExecutedTransaction): ReadonlyMap<string, string> {
  const created = new Map<string, string>();
  for (const { objectId, objectType, idOperation, output } of executed.effects.changedObjects) {
    if (idOperation !== 'created' || output.kind === 'notExist') continue;
    created.set(objectType.split('<')[0]!.split('::').at(-1)!, objectId);
  }
  return created;
}
