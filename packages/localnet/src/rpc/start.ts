/**
 * A ledger and its servers, started together: what `seal-localnet start` runs and what tests use in
 * process (spec localnet §7).
 */
import { randomBytes } from 'node:crypto';
import { loadFramework } from '../framework.ts';
import type { LedgerApi } from '../ledger/api.ts';
import { Ledger } from '../ledger/ledger.ts';
import {
  ACCOUNT_COIN_MIST,
  ACCOUNT_COINS,
  type DevAccount,
  devAccounts,
  MAX_ACCOUNTS,
} from './accounts.ts';
import type { DevRegistry } from './registry.ts';
import { type ServeDeps, type Served, type ServeOptions, serveLedger } from './stack.ts';

/** How a localnet is started; everything has a default, ports are free ones. */
export interface LocalnetOptions extends ServeOptions {
  /**
   * Milliseconds between checkpoints while there is work; 0 = one for each transaction. Default
   * 250.
   */
  readonly checkpointMs?: number | undefined;
  /** Milliseconds after which an idle ledger makes a checkpoint; 0 = never. Default 1000. */
  readonly heartbeatMs?: number | undefined;
  /** MIST for each gas unit. Default 1000. */
  readonly referenceGasPrice?: bigint | undefined;
  /** Number of funded development accounts. Default 0. */
  readonly accounts?: number | undefined;
  /** 32 bytes that make chain id, accounts and randomness reproducible. Default: random. */
  readonly seed?: Uint8Array | undefined;
}

/** A running localnet. */
export interface Localnet {
  readonly url: string;
  readonly faucetUrl: string;
  readonly adminUrl: string;
  readonly adminToken: string;
  readonly adminTokenFile: string | undefined;
  readonly chainId: string;
  readonly accounts: readonly DevAccount[];
  readonly ledger: LedgerApi;
  /** What MVR and the name service answer with. */
  readonly registry: DevRegistry;
  /** Ends calls in flight, closes the ports, stops the ledger. Safe to call twice. */
  close(): Promise<void>;
}

/** A start option that cannot be used. */
export class LocalnetOptionError extends Error {
  override readonly name = 'LocalnetOptionError';
  readonly code = 'LOCALNET_BAD_OPTION';
}

/** Shortest epoch that can be asked for, in milliseconds. */
export const MIN_EPOCH_MS = 1000;
/** Longest timer that Node takes. */
export const MAX_INTERVAL_MS = 2 ** 31 - 1;
const SEED_BYTES = 32;
const MAX_PORT = 65_535;

/**
 * Starts a ledger in memory and serves it.
 * @throws LocalnetOptionError, ListenError (port in use), FrameworkError (set-up has not run)
 */
export async function startLocalnet(
  options: LocalnetOptions = {},
  deps: ServeDeps = {},
): Promise<Localnet> {
  checkOptions(options);
  const seed = options.seed ?? new Uint8Array((deps.random ?? randomBytes)(SEED_BYTES));
  const accounts = devAccounts(seed, options.accounts ?? 0);
  const coins = Array.from({ length: ACCOUNT_COINS }, () => ACCOUNT_COIN_MIST);
  const ledger = await Ledger.create(
    {
      seed,
      accounts: accounts.map(({ address }) => ({ address, coins })),
      ...(options.referenceGasPrice === undefined
        ? {}
        : { referenceGasPrice: options.referenceGasPrice }),
      ...(options.checkpointMs === undefined ? {} : { checkpointIntervalMs: options.checkpointMs }),
      ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
    },
    { framework: await loadFramework() },
  );
  let served: Served;
  try {
    served = await serveLedger(ledger, options, deps);
  } catch (error) {
    ledger.close();
    throw error;
  }
  const stopEpochs = endEpochsEvery(options.epochMs, ledger);
  let closing: Promise<void> | undefined;
  const close = async () => {
    stopEpochs();
    await served.close();
    ledger.close();
  };
  return {
    url: served.url,
    faucetUrl: served.faucetUrl,
    adminUrl: served.adminUrl,
    adminToken: served.adminToken,
    adminTokenFile: served.adminTokenFile,
    chainId: ledger.info().chainId,
    accounts,
    ledger,
    registry: served.registry,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function endEpochsEvery(epochMs: number | undefined, ledger: LedgerApi): () => void {
  if (epochMs === undefined || epochMs === 0) return () => undefined;
  const timer = setInterval(() => ledger.advanceEpoch(), epochMs);
  timer.unref();
  return () => clearInterval(timer);
}

function checkOptions(options: LocalnetOptions): void {
  const { accounts = 0, epochMs = 0, checkpointMs = 0, heartbeatMs = 0, seed } = options;
  for (const name of ['port', 'faucetPort', 'adminPort'] as const) {
    checkWhole(name, options[name] ?? 0, 0, MAX_PORT);
  }
  checkWhole('accounts', accounts, 0, MAX_ACCOUNTS);
  checkWhole('checkpointMs', checkpointMs, 0, MAX_INTERVAL_MS);
  checkWhole('heartbeatMs', heartbeatMs, 0, MAX_INTERVAL_MS);
  if (epochMs !== 0) checkWhole('epochMs', epochMs, MIN_EPOCH_MS, MAX_INTERVAL_MS);
  if (seed !== undefined && seed.length !== SEED_BYTES) {
    throw new LocalnetOptionError(`seed: expected ${SEED_BYTES} bytes, got ${seed.length}`);
  }
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new LocalnetOptionError(
    `${name}: expected a whole number from ${least} to ${most}, got ${value}`,
  );
}
