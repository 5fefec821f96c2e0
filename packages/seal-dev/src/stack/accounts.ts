/** Development accounts: fresh keys, funded by the localnet's faucet. */
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { DevError, messageOf } from '../errors.ts';

/** The first account publishes and administers; the others are there to play users. */
export const ACCOUNT_NAMES = ['admin', 'alice', 'bob', 'carol'] as const;

export interface Account {
  readonly name: string;
  readonly keypair: Ed25519Keypair;
}

/** Creates and funds every account. */
export async function createAccounts(faucetUrl: string): Promise<Account[]> {
  const accounts = ACCOUNT_NAMES.map((name) => ({ name, keypair: new Ed25519Keypair() }));
  for (const { name, keypair } of accounts) {
    try {
      await requestSuiFromFaucetV2({ host: faucetUrl, recipient: keypair.toSuiAddress() });
    } catch (error) {
      throw new DevError('DEV_CHILD_FAILED', `funding ${name} failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
  return accounts;
}
