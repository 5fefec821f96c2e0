/**
 * Wallet, node and sender of one run. The wallet's active environment is never changed: the network or
 * the URL of the ceremony chooses the environment (seal-protocol.md §6.3).
 */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Transaction } from '@mysten/sui/transactions';
import { GrpcServerChain, type ServerChain } from '@seal-ts/chain';
import { NETWORKS, type NetworkName, networkByName } from '@seal-ts/protocol';
import {
  buildUnsigned,
  defaultWalletPath,
  type Executed,
  execute,
  Wallet,
  type WalletEnvironment,
  WalletError,
} from '@seal-ts/wallet';
import { explained } from './chain/explained.ts';
import type { CliDeps } from './deps.ts';
import { CommitteeError, messageOf } from './errors.ts';
import { wholeAddress } from './files/hex.ts';

/** Largest budget that the network accepts (protocol 118): 50 SUI. */
export const MAX_GAS_BUDGET = 50_000_000_000n;

/** Options that every command takes. */
export interface GlobalOptions {
  readonly wallet?: string;
  readonly activeAddress?: string;
  readonly senderAddress?: string;
  readonly gasBudget?: bigint;
}

export interface Place {
  readonly network: NetworkName;
  /** A node other than the one in the wallet's environment for the network. */
  readonly url: string | undefined;
}

export class Session {
  readonly deps: CliDeps;
  readonly options: GlobalOptions;
  readonly place: Place;
  #wallet: Wallet | undefined;
  #client: SuiGrpcClient | undefined;

  constructor(deps: CliDeps, options: GlobalOptions, place: Place) {
    this.deps = deps;
    this.options = options;
    this.place = place;
  }

  get wallet(): Wallet {
    this.#wallet ??= openWallet(this.deps, this.options);
    return this.#wallet;
  }

  /** Reading needs no wallet: without one the network's public node, or the given URL, is asked. */
  get environment(): WalletEnvironment {
    const { network, url } = this.place;
    let wallet: Wallet;
    try {
      wallet = this.wallet;
    } catch (error) {
      if (!(error instanceof WalletError) || error.code !== 'WALLET_MISSING') throw error;
      return { alias: network, rpc: url ?? NETWORKS[network].url };
    }
    return url === undefined ? wallet.environment(network) : wallet.environmentByUrl(url);
  }

  get client(): SuiGrpcClient {
    this.#client ??= this.deps.connect(this.place.network, this.environment.rpc);
    return this.#client;
  }

  get chain(): ServerChain {
    return explained(new GrpcServerChain({}, { client: this.client }), this.environment.rpc);
  }

  /** Who acts: `--active-address`, or the wallet's active address. */
  get address(): string {
    const { activeAddress } = this.options;
    return activeAddress === undefined ? this.wallet.activeAddress : addressOption(activeAddress);
  }

  /** As `address`; with `--unsigned`, whom the transaction is for. */
  sender(unsigned: boolean): string {
    if (!unsigned) return this.address;
    const { senderAddress } = this.options;
    if (senderAddress !== undefined) return addressOption(senderAddress);
    throw new CommitteeError('COMMITTEE_BAD_OPTION', '--unsigned needs --sender-address');
  }

  /** Executes as `address` and prints the digest. */
  async execute(transaction: Transaction, purpose: string): Promise<Executed> {
    const { gasBudget } = this.options;
    const key = this.wallet.key(this.address);
    const executed = await execute(this.client, key, transaction, { gasBudget, purpose });
    this.deps.out(`Transaction executed successfully. Digest: ${executed.digest}`);
    return executed;
  }

  /** Executes, or prints the transaction for `--unsigned`; answers whether it was executed. */
  async submit(
    transaction: Transaction,
    { purpose, unsigned }: { readonly purpose: string; readonly unsigned: boolean },
  ): Promise<Executed | undefined> {
    if (!unsigned) return this.execute(transaction, purpose);
    const { gasBudget } = this.options;
    const sender = this.sender(true);
    const text = await buildUnsigned(this.client, transaction, { sender, gasBudget, purpose });
    this.deps.out('Unsigned transaction (Base64 of BCS TransactionData):');
    this.deps.out(text);
    this.deps.note('Nothing was executed. Sign it with: sign-and-execute --tx-bytes <Base64>');
    return undefined;
  }
}

export function walletPath(deps: CliDeps, { wallet }: GlobalOptions): string {
  if (wallet === undefined) return defaultWalletPath(deps.environment);
  const path = resolve(deps.cwd, wallet);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(path, 'client.yaml') : path;
}

export function openWallet(deps: CliDeps, options: GlobalOptions): Wallet {
  try {
    return Wallet.open(walletPath(deps, options));
  } catch (error) {
    if (!(error instanceof WalletError) || error.code !== 'WALLET_MISSING') throw error;
    const hint = 'or with `seal-committee-cli new-address`';
    throw new WalletError(error.code, `${error.message} ${hint}`, { cause: error });
  }
}

export function addressOption(text: string): string {
  try {
    return wholeAddress(text);
  } catch (cause) {
    throw new CommitteeError('COMMITTEE_BAD_OPTION', messageOf(cause), { cause });
  }
}

/** `mainnet`, `Testnet`, … Error: COMMITTEE_BAD_OPTION. */
export function networkOption(text: string): NetworkName {
  try {
    return networkByName(text.toLowerCase()).name;
  } catch (cause) {
    throw new CommitteeError('COMMITTEE_BAD_OPTION', messageOf(cause), { cause });
  }
}
