/** The wallet's own commands (seal-protocol.md §6.3). */
import { existsSync } from 'node:fs';
import { NETWORKS } from '@seal-ts/protocol';
import {
  executeBytes,
  fundFromFaucet,
  type GivenTransaction,
  gasCoins,
  type KeyScheme,
  readTransaction,
  Wallet,
  WalletError,
} from '@seal-ts/wallet';
import { plain } from '../ceremony/people.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import {
  addressOption,
  type GlobalOptions,
  networkOption,
  openWallet,
  walletPath,
} from '../session.ts';

const MIST_PER_SUI = 1_000_000_000n;
/** MIST in the last decimal that is shown. */
const MIST_SHOWN = 100_000n;

/** Makes a wallet first where there is none. */
export function newAddress(
  deps: CliDeps,
  options: GlobalOptions & { readonly keyScheme: KeyScheme },
): void {
  const path = walletPath(deps, options);
  if (!existsSync(path)) {
    const known = [NETWORKS.testnet, NETWORKS.mainnet];
    const environments = known.map(({ name, url }) => ({ alias: name, rpc: url }));
    Wallet.create(path, environments, NETWORKS.testnet.name);
    deps.note(`made a wallet: ${path}`);
  }
  deps.out(Wallet.open(path).newAddress(options.keyScheme));
}

export function activeAddress(deps: CliDeps, options: GlobalOptions): void {
  const { activeAddress: given } = options;
  deps.out(given === undefined ? openWallet(deps, options).activeAddress : addressOption(given));
}

export function activeEnvironment(deps: CliDeps, options: GlobalOptions): void {
  const { alias, rpc } = openWallet(deps, options).activeEnvironment;
  deps.out(alias);
  deps.note(rpc);
}

export function environments(deps: CliDeps, options: GlobalOptions): void {
  const wallet = openWallet(deps, options);
  const active = activeAlias(wallet);
  for (const { alias, rpc } of wallet.environments) {
    deps.out(`${alias === active ? '*' : ' '} ${alias}  ${rpc}`);
  }
}

function activeAlias(wallet: Wallet): string | undefined {
  try {
    return wallet.activeEnvironment.alias;
  } catch (error) {
    if (error instanceof WalletError && error.code === 'WALLET_ENV_MISSING') return undefined;
    throw error;
  }
}

export function addresses(deps: CliDeps, options: GlobalOptions): void {
  const wallet = openWallet(deps, options);
  for (const address of wallet.addresses) deps.out(address);
}

export function switchWallet(
  deps: CliDeps,
  options: GlobalOptions & { readonly address?: string; readonly env?: string },
): void {
  const { address, env } = options;
  if (address === undefined && env === undefined) {
    throw new CommitteeError('COMMITTEE_BAD_OPTION', 'give --address, --env, or both');
  }
  const wallet = openWallet(deps, options);
  if (env !== undefined) wallet.switchEnvironment(env);
  if (address !== undefined) wallet.switchAddress(addressOption(address));
  deps.out(`Active environment: ${wallet.activeEnvironment.alias}`);
  deps.out(`Active address: ${wallet.activeAddress}`);
}

export function newEnvironment(
  deps: CliDeps,
  options: GlobalOptions & { readonly alias: string; readonly rpc: string },
): void {
  const { alias, rpc } = options;
  if (!URL.canParse(rpc) || !['http:', 'https:'].includes(new URL(rpc).protocol)) {
    const text = `--rpc ${rpc}: expected the URL of a node, such as https://fullnode.testnet.sui.io:443`;
    throw new CommitteeError('COMMITTEE_BAD_OPTION', text);
  }
  openWallet(deps, options).addEnvironment({ alias, rpc });
  deps.out(`Added environment ${alias}: ${rpc}`);
}

export async function fund(
  deps: CliDeps,
  options: GlobalOptions & { readonly faucetUrl: string },
): Promise<void> {
  const given = options.senderAddress ?? options.activeAddress;
  const address = given === undefined ? openWallet(deps, options).activeAddress : given;
  await fundFromFaucet(options.faucetUrl, addressOption(address));
  deps.out(`The faucet sent SUI to ${address}`);
}

/** Longest line of a command that is shown. */
const MAX_COMMAND_CHARACTERS = 2000;

/**
 * Shows what was built elsewhere, and asks at a terminal, before it signs.
 * Errors: BAD_INPUT, WALLET_KEY_MISSING, COMMITTEE_BAD_OPTION, and those of executing.
 */
export async function signAndExecute(
  deps: CliDeps,
  options: GlobalOptions & { readonly txBytes: string; readonly yes: boolean },
): Promise<void> {
  const { wallet, client } = activeClient(deps, options);
  const given = readTransaction(options.txBytes);
  const { activeAddress: active } = options;
  if (active !== undefined && addressOption(active) !== given.sender) {
    throw new CommitteeError(
      'COMMITTEE_BAD_OPTION',
      `the transaction is of ${given.sender}, and --active-address is ${active}; nothing was signed`,
    );
  }
  const key = wallet.key(given.sender);
  for (const line of givenLines(given)) deps.note(line);
  if (deps.terminal !== undefined && !options.yes) {
    const answer = await deps.terminal.ask('Sign and execute it? Type yes to go on: ');
    if (answer !== 'yes') {
      throw new CommitteeError(
        'COMMITTEE_BAD_OPTION',
        'the answer was not yes; nothing was signed',
      );
    }
  }
  const { digest } = await executeBytes(client, key, given.bytes, 'signed transaction');
  deps.out(`Transaction executed successfully. Digest: ${digest}`);
}

function givenLines({ sender, gasBudget, gasOwner, commands }: GivenTransaction): string[] {
  const payer = gasOwner === sender ? '' : `, paid by ${gasOwner}`;
  return [
    `Transaction of ${sender}, which may cost ${sui(gasBudget)} SUI${payer}:`,
    ...commands.map((text, index) => {
      const rest = text.length - MAX_COMMAND_CHARACTERS;
      const more = rest > 0 ? `… (${rest} more characters)` : '';
      return `  ${index}: ${plain(text, MAX_COMMAND_CHARACTERS)}${more}`;
    }),
  ];
}

export async function gas(deps: CliDeps, options: GlobalOptions): Promise<void> {
  const { wallet, client } = activeClient(deps, options);
  const { senderAddress, activeAddress: active } = options;
  const owner = addressOption(senderAddress ?? active ?? wallet.activeAddress);
  const coins = await gasCoins(client, owner);
  deps.out(`Gas coins of ${owner}: ${coins.length}`);
  for (const { objectId, balance } of coins) deps.out(`${objectId}  ${sui(balance)} SUI`);
}

function activeClient(deps: CliDeps, options: GlobalOptions) {
  const wallet = openWallet(deps, options);
  const { alias, rpc } = wallet.activeEnvironment;
  // The name only labels the client; an alias of the user's own counts as a private network.
  const network = alias in NETWORKS ? networkOption(alias) : 'localnet';
  return { wallet, client: deps.connect(network, rpc) };
}

/** Four decimals, rounded down. */
function sui(mist: bigint): string {
  const fraction = (mist % MIST_PER_SUI) / MIST_SHOWN;
  return `${mist / MIST_PER_SUI}.${String(fraction).padStart(4, '0')}`;
}
