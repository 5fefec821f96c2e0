/** Development accounts: keys that follow from the ledger's seed, funded at genesis. */
import { createHmac } from 'node:crypto';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';

/** Most accounts that can be asked for. */
export const MAX_ACCOUNTS = 100;
/** Coins of each account: as many and as large as the faucet's. */
export const ACCOUNT_COINS = 5;
export const ACCOUNT_COIN_MIST = 200_000_000_000n;

/** A key that is worth nothing outside this ledger. */
export interface DevAccount {
  readonly address: string;
  /** `suiprivkey1…`, as wallets import it. */
  readonly secretKey: string;
}

/** Accounts number 0 to `count` − 1 of a seed. */
export function devAccounts(seed: Uint8Array, count: number): DevAccount[] {
  return Array.from({ length: count }, (_, index) => {
    const secret = createHmac('sha256', seed).update(`seal-localnet account ${index}`).digest();
    const keypair = Ed25519Keypair.fromSecretKey(new Uint8Array(secret));
    return { address: keypair.toSuiAddress(), secretKey: keypair.getSecretKey() };
  });
}
