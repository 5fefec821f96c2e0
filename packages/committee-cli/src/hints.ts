/** What to do about errors of the layers below, which do not know this tool. */
import { abortMeaning } from './chain/aborts.ts';

const HINTS: ReadonlyMap<unknown, string> = new Map([
  [
    'NO_GAS',
    'hint: `seal-committee-cli gas` shows what the address has. On testnet, https://faucet.sui.io gives ' +
      'SUI; on a network of your own, `seal-committee-cli fund --faucet-url <url>`',
  ],
  [
    'WALLET_ENV_MISSING',
    'hint: `seal-committee-cli new-env --alias <name> --rpc <url>` adds an environment, too. A NODE_URL ' +
      'in dkg.yaml is the choice of whoever wrote that file; without it, your own environment is used',
  ],
  [
    'WALLET_KEY_MISSING',
    'hint: `seal-committee-cli addresses` lists what the wallet can sign for; choose one with ' +
      '--active-address or `switch --address`',
  ],
]);

/** What the fetch of Node.js says, whatever the reason. */
const NO_CONNECTION =
  'hint: there is no connection to the node. Check the network and the URL of the environment ' +
  '(`seal-committee-cli envs`), then repeat the command';

/** A line for an error, or undefined. */
export function hintFor(code: unknown, message: string): string | undefined {
  if (code === 'TRANSACTION_NOT_SENT' && message.includes('fetch failed')) return NO_CONNECTION;
  const refusal = abortMeaning(message);
  if (refusal !== undefined) return `hint: the committee's package refused it. ${refusal}`;
  return HINTS.get(code);
}
