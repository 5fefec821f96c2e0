/** `seal-aggregator`: runs the server until a signal ends it. */

import {
  createLogger,
  type Environment,
  formatFault,
  Lifecycle,
  logLevelOf,
  type SignalSource,
} from '@seal-ts/service';
import { loadSettings } from '../config/settings.ts';
import { settingsSummary } from '../config/summary.ts';
import { startAggregator } from '../server.ts';

export interface RunOptions {
  configPath?: string | undefined;
  host?: string | undefined;
}
export interface RunDeps {
  env: Environment;
  signals: SignalSource & {
    on(event: 'uncaughtException', listener: (error: Error) => void): unknown;
  };
  exit: (code: number) => void;
  gitVersion: string;
}

/** @throws {ConfigError} {ServiceError} {ChainError} when the server cannot start */
export async function run({ configPath, host }: RunOptions, deps: RunDeps): Promise<void> {
  const { env, signals, exit, gitVersion } = deps;
  const log = createLogger({ name: 'aggregator', level: logLevelOf(env['RUST_LOG']) });
  const { settings, warnings } = loadSettings({ env, configPath });
  for (const warning of warnings) log.warn({ config: formatFault(warning) }, 'configuration');
  log.info({ ...settingsSummary(settings), gitVersion }, 'configuration');

  const lifecycle = new Lifecycle({}, { log, exit });
  lifecycle.handleSignals(signals);
  signals.on('uncaughtException', (err) => {
    log.fatal({ err }, 'unexpected error');
    void lifecycle.stop(1, 'unexpected error');
  });
  const hostname = host === undefined ? {} : { hostname: host };
  const startDeps = { log, lifecycle, gitVersion, ...hostname };
  const running = await startAggregator(settings, startDeps).catch((error) => {
    // A signal during the start ends pending reads; the lifecycle exits then.
    if (lifecycle.signal.aborted) return undefined;
    throw error;
  });
  if (running !== undefined) log.info(running, 'ready');
}
