/** Coins from the faucet of a test network. */
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { normalizeAddress } from '@seal-ts/protocol';
import { messageOf, WalletError } from './errors.ts';

/** Asks the faucet at `url` to send SUI to `address`. Error: FAUCET. */
export async function fundFromFaucet(url: string, address: string): Promise<void> {
  const recipient = normalizeAddress(address);
  let reason: string;
  try {
    const { status } = await requestSuiFromFaucetV2({ host: url, recipient });
    if (status === 'Success') return;
    reason = status.Failure.internal;
  } catch (cause) {
    reason = messageOf(cause);
  }
  throw new WalletError('FAUCET', `the faucet ${url} sent nothing to ${recipient}: ${reason}`);
}
