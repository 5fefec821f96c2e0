/**
 * A ledger and its servers, started together: what `seal-localnet start` runs and what tests use in
 * process (spec localnet §7).
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FrameworkPackage, loadFramework } from '../framework.ts';
import { loadFrameworkFrom } from '../framework-from.ts';
import { SUI_SYSTEM_ID } from '../framework-manifest.ts';
import type { LedgerApi } from '../ledger/api.ts';
import { LedgerError } from '../ledger/errors.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { StorePort } from '../ledger/store/port.ts';
import { SUI_TEXT } from '../ledger/type-text.ts';
import {
  ACCOUNT_COIN_MIST,
  ACCOUNT_COINS,
  type DevAccount,
  devAccounts,
  MAX_ACCOUNTS,
} from './accounts.ts';
import type { DevRegistry } from './registry.ts';
import { compact } from './render/compact.ts';
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
  /**
   * 32 bytes that make chain id, accounts and randomness reproducible. Default: random, or what the
   * data directory was made with.
   */
  readonly seed?: Uint8Array | undefined;
  /** Folder that keeps the chain across restarts; made when missing. Default: memory only. */
  readonly dataDir?: string | undefined;
  /**
   * Where packages 0x1 and 0x2 of a new chain come from: the URL of a full node, or a folder with
   * `0x1/*.mv` and `0x2/*.mv`. Default: our own framework. A kept chain goes on with what it was
   * made with.
   */
  readonly frameworkFrom?: string | undefined;
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
const OWNER_ONLY_FOLDER = 0o700;
/** Name of the chain's file in a data directory. */
const STORE_FILE = 'ledger.sqlite';

/**
 * Starts a ledger and serves it.
 * @throws LocalnetOptionError, ListenError (port in use), LedgerError (data directory in use or of
 * another format), FrameworkError (set-up has not run, or `frameworkFrom` is no framework)
 */
export async function startLocalnet(
  options: LocalnetOptions = {},
  deps: ServeDeps = {},
): Promise<Localnet> {
  checkOptions(options);
  const { ledger, accounts } = await openLedger(options, deps);
  let served: Served;
  try {
    await fundEmptyAccounts(ledger, accounts);
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

const ACCOUNT_AMOUNTS = Array.from({ length: ACCOUNT_COINS }, () => ACCOUNT_COIN_MIST);

async function openLedger(
  options: LocalnetOptions,
  deps: ServeDeps,
): Promise<{ ledger: LedgerApi; accounts: readonly DevAccount[] }> {
  const store = options.dataDir === undefined ? undefined : await openStore(options.dataDir);
  try {
    const framework = await frameworkFor(store, options.frameworkFrom);
    const seed = chooseSeed(options.seed, store?.seed(), deps.random ?? randomBytes);
    const accounts = devAccounts(seed, options.accounts ?? 0);
    const ledger = await Ledger.create(
      {
        ...compact({
          referenceGasPrice: options.referenceGasPrice,
          checkpointIntervalMs: options.checkpointMs,
          heartbeatMs: options.heartbeatMs,
        }),
        seed,
        accounts: accounts.map(({ address }) => ({ address, coins: ACCOUNT_AMOUNTS })),
      },
      { framework, ...(store === undefined ? {} : { store }) },
    );
    return { ledger, accounts };
  } catch (error) {
    store?.close();
    throw error;
  }
}

/** A kept chain has its framework in its packages, and must start without a network. */
async function frameworkFor(
  store: StorePort | undefined,
  from: string | undefined,
): Promise<readonly FrameworkPackage[]> {
  if (store !== undefined && store.transactionCount() > 0n) return [];
  const own = await loadFramework();
  if (from === undefined) return own;
  // The genuine 0x3 would run validators; ours is a type and no more.
  return [...(await loadFrameworkFrom(from)), ...own.filter(({ id }) => id === SUI_SYSTEM_ID)];
}

/** Loaded only when asked for: Node warns on start that its SQLite is young. */
async function openStore(dataDir: string): Promise<StorePort> {
  const { SqliteStore } = await import('../ledger/store/sqlite.ts');
  try {
    mkdirSync(dataDir, { recursive: true, mode: OWNER_ONLY_FOLDER });
    return new SqliteStore(join(dataDir, STORE_FILE));
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LocalnetOptionError(
      `dataDir: cannot use ${dataDir}: ${why}. Give a folder that can be written.`,
    );
  }
}

/** A chain keeps the seed that it was made with. */
function chooseSeed(
  asked: Uint8Array | undefined,
  kept: Uint8Array | undefined,
  random: (length: number) => Uint8Array,
): Uint8Array {
  if (kept === undefined) return asked ?? new Uint8Array(random(SEED_BYTES));
  if (asked === undefined || Buffer.compare(asked, kept) === 0) return kept;
  throw new LocalnetOptionError('seed: the chain in dataDir was made with another seed');
}

/** Genesis funds the accounts of a new chain; on a kept one, some may be new or have spent all. */
async function fundEmptyAccounts(
  ledger: LedgerApi,
  accounts: readonly DevAccount[],
): Promise<void> {
  for (const { address } of accounts) {
    if (ledger.balance(address, SUI_TEXT).balance === 0n)
      await ledger.fund(address, ACCOUNT_AMOUNTS);
  }
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
