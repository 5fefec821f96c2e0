/** A key server with everything injected: fake chain, fixed clock, known keys, captured logs. */

import {
  type CallOptions,
  ChainError,
  type ChainObject,
  type ServerChain,
  type SimulationOutcome,
  type SimulationRequest,
  type ZkLoginRequest,
} from '@seal-ts/chain';
import { type Engine, fromHex, type RandomSource } from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { createLogger } from '@seal-ts/service';
import {
  createMetrics,
  GasPrice,
  type KeyServerOptions,
  keyServer,
  MasterKey,
  type MasterKeys,
  type MvrResolver,
  openMasterKeys,
} from '../../src/index.ts';

export const T0 = 1_700_000_000_000;
export const SEAL_PACKAGE = `0x${'5e'.repeat(32)}`;
export const SERVICE_ID = `0x${'ab'.repeat(32)}`;
/** Policy package in its first version, and its upgrade. */
export const PACKAGE = `0x${'a1'.repeat(32)}`;
export const UPGRADED = `0x${'a2'.repeat(32)}`;
export const MASTER_KEY_HEX = '1f'.repeat(32);
export const GAS_PRICE = 1000n;

/** A chain that approves everything until told otherwise, and remembers what it was asked. */
export class FakeChain implements ServerChain {
  readonly calls: string[] = [];
  readonly simulations: SimulationRequest[] = [];
  readonly zkLogins: ZkLoginRequest[] = [];
  outcome: SimulationOutcome | Error = { ok: true, computationCost: 1_000_000n };
  originals = new Map([
    [PACKAGE, PACKAGE],
    [UPGRADED, PACKAGE],
  ]);
  packageError: Error | undefined;
  existing = new Set<string>();
  existsError: Error | undefined;
  zkLogin: boolean | Error = true;
  gasPrice: bigint | Error = GAS_PRICE;
  /** When set, simulations wait for it. */
  gate: Promise<void> | undefined;

  async referenceGasPrice(): Promise<bigint> {
    this.calls.push('referenceGasPrice');
    return orThrow(this.gasPrice);
  }
  async packageOriginalId(packageId: string): Promise<string> {
    this.calls.push('packageOriginalId');
    if (this.packageError) throw this.packageError;
    const original = this.originals.get(packageId);
    if (original === undefined) throw new ChainError('NOT_FOUND', `${packageId} not found`);
    return original;
  }
  async objectExists(objectId: string): Promise<boolean> {
    this.calls.push('objectExists');
    if (this.existsError) throw this.existsError;
    return this.existing.has(objectId);
  }
  async object(): Promise<ChainObject> {
    throw new ChainError('NOT_FOUND', 'no objects here');
  }
  async simulate(request: SimulationRequest, _options?: CallOptions): Promise<SimulationOutcome> {
    this.calls.push('simulate');
    this.simulations.push(request);
    await this.gate;
    return orThrow(this.outcome);
  }
  async verifyZkLogin(request: ZkLoginRequest): Promise<boolean> {
    this.calls.push('verifyZkLogin');
    this.zkLogins.push(request);
    return orThrow(this.zkLogin);
  }
  async keyServer(): Promise<never> {
    throw new ChainError('NOT_FOUND', 'no key server here');
  }
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}

export interface WorldOptions extends Partial<KeyServerOptions> {
  engine?: Engine;
  keys?: MasterKeys;
  resolveMvrName?: MvrResolver;
  random?: RandomSource;
  logLevel?: 'trace' | 'info';
}

/** Everything a test needs to talk to one server. */
export async function createWorld(options: WorldOptions = {}) {
  const {
    engine = nobleEngine,
    keys,
    resolveMvrName,
    random,
    logLevel,
    ...serverOptions
  } = options;
  const chain = new FakeChain();
  const clock = { nowMs: T0, monotonicMs: 1000 };
  const logs: string[] = [];
  const log = createLogger({
    name: 'key-server',
    level: logLevel ?? 'trace',
    destination: { write: (line: string) => void logs.push(line) },
  });
  const metrics = createMetrics({ version: '0.6.10', gitVersion: 'test' });
  const gasPrice = new GasPrice({ updateIntervalMs: 60_000 }, { chain, metrics, log });
  await gasPrice.start(new AbortController().signal);
  chain.calls.length = 0;
  const state = { ready: true };
  const app = keyServer(
    {
      sealPackage: SEAL_PACKAGE,
      allowedStalenessMs: 120_000,
      sessionTtlMaxMs: 30 * 60_000,
      gitVersion: 'test',
      ...serverOptions,
    },
    {
      chain,
      engine,
      keys: keys ?? openMasterKeys(SERVICE_ID, new MasterKey(fromHex(MASTER_KEY_HEX))),
      gasPrice,
      metrics,
      log,
      ready: () => state.ready,
      now: () => clock.nowMs,
      monotonicMs: () => clock.monotonicMs,
      resolveMvrName: resolveMvrName ?? (async () => PACKAGE),
      ...(random === undefined ? {} : { random }),
    },
  );
  return { app, chain, clock, logs, metrics, gasPrice, state, engine };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
