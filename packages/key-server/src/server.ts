/**
 * Starts a whole key server from its settings: engine, master keys, full node, background tasks,
 * the metrics listener and the public listener, tied to one lifecycle. Protocol §4.1, §4.10.
 */

import { hostname } from 'node:os';
import { type ChainEvents, connectFullNode, type ServerChain } from '@seal-ts/chain';
import { type Engine, publicKeyFromMasterKey, toHex } from '@seal-ts/crypto';
import { KEY_SERVER_VERSION } from '@seal-ts/protocol';
import {
  type Environment,
  type Lifecycle,
  type Logger,
  listen,
  metricsApp,
  observeCalls,
  runMetricsPush,
} from '@seal-ts/service';
import { collectDefaultMetrics } from 'prom-client';
import { keyServer } from './app.ts';
import type { Settings } from './config/settings.ts';
import { loadEngine } from './engine.ts';
import { connectRegistry } from './full-node.ts';
import { GasPrice } from './gas-price.ts';
import type { CommitteeKeys } from './keys/committee.ts';
import { loadCommitteeKeys, memberOf } from './keys/committee-load.ts';
import { watchRotation } from './keys/committee-monitor.ts';
import { loadMasterKeys } from './keys/load.ts';
import type { MasterKeys } from './keys/master-keys.ts';
import { watchRotationEvents } from './keys/rotation-events.ts';
import { watchUpgrades } from './keys/upgrade-monitor.ts';
import { createMetrics, type KeyServerMetrics } from './metrics.ts';
import { mvrResolver } from './mvr/resolve.ts';

export interface StartDeps {
  env: Environment;
  /** Removes a secret's variable from the environment once it was read. */
  forget?: (name: string) => void;
  log: Logger;
  lifecycle: Lifecycle;
  /** `X-KeyServer-GitVersion`. */
  gitVersion: string;
  /** Interface of both listeners. */
  hostname?: string;
  now?: () => number;
  fetch?: typeof fetch;
}

export interface RunningServer {
  port: number;
  metricsPort: number;
}

/**
 * Resolves once requests are answered, or with `undefined` when it was stopped before that.
 * Everything it started ends with `lifecycle.stop`.
 * @throws {ConfigError} for keys and shares; {ServiceError} LISTEN_FAILED, OPTION_INVALID;
 *   {ChainError} when a committee cannot be read
 */
export async function startKeyServer(
  settings: Settings,
  deps: StartDeps,
): Promise<RunningServer | undefined> {
  const { log, lifecycle, gitVersion, now = Date.now } = deps;
  const engine = await loadEngine(settings.engine);
  const metrics = createMetrics({ version: KEY_SERVER_VERSION, gitVersion });
  // Memory, garbage collection and event-loop delay of the process.
  collectDefaultMetrics({ register: metrics.registry });
  const node = { ...settings, url: settings.nodeUrl, retry: settings.rpc };
  const nodeOptions = { ...node, header: settings.nodeHeader };
  const chain = connectFullNode(nodeOptions, { observe: observeCalls(metrics) });
  const keys = await loadKeys(settings, deps, { engine, chain, metrics });
  lifecycle.onStop('master keys', () => keys.wipe());

  const interfaceName = deps.hostname === undefined ? {} : { hostname: deps.hostname };
  const metricsServer = await listen(metricsApp(metrics.registry), {
    port: settings.metricsPort,
    ...interfaceName,
  });
  lifecycle.onStop('metrics server', () => metricsServer.close());

  const gasPrice = await startTasks(settings, deps, chain, metrics);
  if (lifecycle.signal.aborted) return undefined;

  const app = keyServer(
    { ...settings, gitVersion, observeGas: settings.mode.tag === 'Permissioned' },
    {
      chain,
      keys,
      engine,
      gasPrice,
      metrics,
      log,
      now,
      ready: () => lifecycle.state === 'ready' && gasPrice.known,
      resolveMvrName: mvrResolver(settings.network, {
        chain,
        registry: connectRegistry(chain, nodeOptions, { observe: observeCalls(metrics) }),
      }),
    },
  );
  const server = await listen(app, { port: settings.port, ...interfaceName });
  lifecycle.onStop('server', () => server.close());
  lifecycle.markReady();
  void compareWithChain(keys, { chain, engine, log }, lifecycle.signal);
  return { port: server.port, metricsPort: metricsServer.port };
}

interface LoadKeysDeps {
  engine: Engine;
  chain: ServerChain & ChainEvents;
  metrics: KeyServerMetrics;
}

/** Keys of the configured mode; a committee member keeps watching for its rotation. */
async function loadKeys(
  { mode, eventMonitoring, committeePollMs, eventPollMs }: Settings,
  { env, forget, log, lifecycle }: StartDeps,
  { engine, chain, metrics }: LoadKeysDeps,
): Promise<MasterKeys> {
  if (mode.tag !== 'Committee') {
    const announce = (fields: Record<string, unknown>) => log.info(fields, 'public key');
    return loadMasterKeys(mode, { engine, env, announce, forget });
  }
  const { signal } = lifecycle;
  const keys = await loadCommitteeKeys(mode, { engine, env, chain, forget }, signal);
  logRotation(keys, log);
  const watching = watchRotation(
    { member: memberOf(mode), pollMs: committeePollMs },
    { keys, chain, engine, log },
    signal,
  );
  lifecycle.runCritical('committee version', watching);
  if (eventMonitoring) {
    const monitorDeps = { chain, metrics, log };
    const watch = { keyServerObjectId: mode.key_server_obj_id, pollMs: eventPollMs };
    const rotations = watchRotationEvents(watch, monitorDeps, signal);
    lifecycle.runCritical('rotation events', rotations);
    const upgrades = watchUpgrades(watch, monitorDeps, signal);
    lifecycle.runCritical('upgrade proposals', upgrades);
  }
  return keys;
}

function logRotation({ state }: CommitteeKeys, log: Logger): void {
  if (state.kind !== 'rotation') return;
  const { onChain, target, current } = state;
  log.warn({ onChain, target, hasOldShare: current !== undefined }, 'rotation pending');
}

/** The gas price must be known before the first request; the rest runs in the background. */
async function startTasks(
  settings: Settings,
  { log, lifecycle, now = Date.now, fetch = globalThis.fetch }: StartDeps,
  chain: ServerChain,
  metrics: KeyServerMetrics,
): Promise<GasPrice> {
  const { signal } = lifecycle;
  const gasPrice = new GasPrice(
    { updateIntervalMs: settings.gasPriceIntervalMs },
    { chain, metrics, log },
  );
  await gasPrice.start(signal);
  lifecycle.runCritical('gas price', gasPrice.run(signal));
  const { push } = settings;
  if (push !== undefined) {
    const options = {
      url: push.push_url,
      bearerToken: push.bearer_token,
      intervalMs: push.push_interval_secs * 1000,
      labels: { ...push.labels, hostname: hostname(), ...committeeLabels(settings) },
    };
    const pushDeps = { registry: metrics.registry, log, fetch, now };
    lifecycle.runCritical('metrics push', runMetricsPush(options, pushDeps, signal));
  }
  return gasPrice;
}

/** Labels of §4.15; the reference never fills in `server_name`. */
function committeeLabels({ mode }: Settings): Record<string, string> {
  if (mode.tag !== 'Committee') return {};
  return { key_server_object_id: mode.key_server_obj_id, server_name: '' };
}

/**
 * Tells the operator when the registered public key is not the one of the configured master key:
 * such a server runs, but every client refuses its answers.
 */
async function compareWithChain(
  keys: MasterKeys,
  { chain, engine, log }: { chain: ServerChain; engine: Engine; log: Logger },
  signal: AbortSignal,
): Promise<void> {
  for (const [objectId, key] of keys.services) {
    try {
      const ours = engine.g2.toBytes(key.use((scalar) => publicKeyFromMasterKey(engine, scalar)));
      const { publicKey } = await chain.keyServer(objectId, { signal });
      if (toHex(publicKey) === toHex(ours)) continue;
      log.error(
        { keyServerObjectId: objectId, registered: toHex(publicKey), configured: toHex(ours) },
        'the registered public key does not belong to the configured master key',
      );
    } catch (err) {
      if (signal.aborted) return;
      log.warn({ keyServerObjectId: objectId, err }, 'cannot read the key server object');
    }
  }
}
