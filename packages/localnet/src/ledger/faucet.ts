/**
 * The treasury that the faucet pays from: an Ed25519 account whose key comes from the chain's seed.
 */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { base64 } from '@scure/base';
import type { FundedCoin, LedgerReader, LedgerWriter } from './api.ts';
import { BcsWriter } from './bcs/writer.ts';
import { blake2b256, digestToBytes, freshId } from './digests.ts';
import { LedgerError } from './errors.ts';
import { SUI_COIN_TEXT } from './type-text.ts';
import type { Argument, TransactionData } from './types/transaction.ts';

/** MIST: far above what a transfer of this many coins costs. */
const FAUCET_BUDGET = 10_000_000_000n;
/** Most coins in one call of `fund`. */
export const MAX_FUNDED_COINS = 256;
const LABEL = new TextEncoder().encode('localnet faucet key');

export class Faucet {
  readonly address: string;
  readonly #keypair: Ed25519Keypair;
  /** Payments follow each other: each spends the coin that the one before left. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(keypair: Ed25519Keypair) {
    this.#keypair = keypair;
    this.address = keypair.toSuiAddress();
  }

  async fund(
    ledger: LedgerReader & LedgerWriter,
    recipient: string,
    amounts: readonly bigint[],
  ): Promise<{ digest: string; coins: readonly FundedCoin[] }> {
    if (amounts.length === 0 || amounts.length > MAX_FUNDED_COINS) {
      throw new LedgerError(
        'LEDGER_INVALID_ARGUMENT',
        `fund: expected 1 to ${MAX_FUNDED_COINS} amounts, got ${amounts.length}`,
      );
    }
    const payment = this.#queue.then(() => this.#pay(ledger, recipient, amounts));
    this.#queue = payment.catch(() => undefined);
    return payment;
  }

  async #pay(
    ledger: LedgerReader & LedgerWriter,
    recipient: string,
    amounts: readonly bigint[],
  ): Promise<{ digest: string; coins: readonly FundedCoin[] }> {
    const bytes = ledger.encodeTransaction(this.#transfer(ledger, recipient, amounts));
    const { signature } = await this.#keypair.signTransaction(bytes);
    const executed = await ledger.execute(bytes, [base64.decode(signature)]);
    if (!executed.effects.status.success) {
      throw new LedgerError(
        'LEDGER_INVALID_ARGUMENT',
        `fund: the treasury could not pay: ${executed.effects.status.description}`,
      );
    }
    const digest = digestToBytes(executed.digest)!;
    const coins = amounts.map((amount, i) => ({ objectId: freshId(digest, BigInt(i)), amount }));
    return { digest: executed.digest, coins };
  }

  #transfer(
    ledger: LedgerReader & LedgerWriter,
    recipient: string,
    amounts: readonly bigint[],
  ): TransactionData {
    const treasury = ledger
      .ownedObjects({ owner: this.address, type: SUI_COIN_TEXT, limit: 1 })
      .items.at(0);
    if (treasury === undefined) {
      throw new LedgerError('LEDGER_INVARIANT', 'fund: the treasury has no coin left');
    }
    const { objectId, version, digest } = treasury;
    const inputs = [
      { kind: 'pure', bytes: new BcsWriter().address(recipient).toBytes() } as const,
      ...amounts.map((amount) => {
        return { kind: 'pure', bytes: new BcsWriter().u64(amount).toBytes() } as const;
      }),
    ];
    const objects: Argument[] = amounts.map((_, i) => ({
      kind: 'nestedResult',
      index: 0,
      subIndex: i,
    }));
    return {
      kind: {
        kind: 'programmable',
        inputs,
        commands: [
          {
            kind: 'splitCoins',
            coin: { kind: 'gasCoin' },
            amounts: amounts.map((_, i) => ({ kind: 'input', index: i + 1 })),
          },
          { kind: 'transferObjects', objects, address: { kind: 'input', index: 0 } },
        ],
      },
      sender: this.address,
      gasData: {
        payment: [{ objectId, version, digest }],
        owner: this.address,
        price: ledger.info().referenceGasPrice,
        budget: FAUCET_BUDGET,
      },
      expiration: { kind: 'none' },
    };
  }
}

export function faucetOf(seed: Uint8Array): Faucet {
  return new Faucet(Ed25519Keypair.fromSecretKey(blake2b256(LABEL, seed)));
}
