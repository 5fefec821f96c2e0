/** `seal-key-server`: runs the server until a signal ends it. */

import {
  createLogger,
  type Environment,
  formatFault,
  Lifecycle,
  logLevelOf,
  type SignalSource,
} from '@seal-ts/service';
import { type EngineChoice, loadSettings } from '../config/settings.ts';
import { settingsSummary } from '../config/summary.ts';
import { startKeyServer } from '../server.ts';

export interface RunOptions {
  configPath?: string | undefined;
  engine?: EngineChoice | undefined;
  host?: string | undefined;
}
export interface RunDeps {
  env: Environment;
  /** Removes a secret's variable: diagnostic reports and child processes would show it. */
  forget: (name: string) => void;
  signals: SignalSource & {
    on(event: 'uncaughtException', listener: (error: Error) => void): unknown;
  };
  exit: (code: number) => void;
  gitVersion: string;
}

/** @throws {ConfigError} {ServiceError} when the server cannot start */
export async function run(options: RunOptions, deps: RunDeps): Promise<void> {
  const { env, forget, signals, exit, gitVersion } = deps;
  const log = createLogger({ name: 'key-server', level: logLevelOf(env['RUST_LOG']) });
  const { settings, warnings } = loadSettings({ env, configPath: options.configPath });
  if (options.engine !== undefined) settings.engine = options.engine;
  for (const warning of warnings) log.warn({ config: formatFault(warning) }, 'configuration');
  log.info({ ...settingsSummary(settings), gitVersion }, 'configuration');

  const lifecycle = new Lifecycle({}, { log, exit });
  lifecycle.handleSignals(signals);
  signals.on('uncaughtException', (err) => {
    log.fatal({ err }, 'unexpected error');
    void lifecycle.stop(1, 'unexpected error');
  });
  const hostname = options.host === undefined ? {} : { hostname: options.host };
  forget('FULL_NODE_RPC_API_KEY');
  const startDeps = { env, forget, log, lifecycle, gitVersion, ...hostname };
  const running = await startKeyServer(settings, startDeps).catch((error) => {
    // A signal during the start ends pending reads; the lifecycle exits then.
    if (lifecycle.signal.aborted) return undefined;
    throw error;
  });
  if (running !== undefined) log.info(running, 'ready');
}
