/** Runs `seal-localnet start`: opens the ports, says where, waits for a signal, stops cleanly. */
import { isIP } from 'node:net';
import { join } from 'node:path';
import { type Localnet, startLocalnet } from '../rpc/start.ts';
import { ListenError } from '../rpc/transport/http-server.ts';
import { DEFAULT_FAUCET_PORT, type StartFlags } from './program.ts';

/** The process around the command. */
export interface StartDeps {
  out: (line: string) => void;
  warn: (line: string) => void;
  signals: {
    on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  };
  exit: (code: number) => void;
  version: string;
  now: () => number;
}

/** A second signal sooner than this is an echo of the first: launchers and terminals send both. */
export const SIGNAL_ECHO_MS = 400;

/**
 * Starts and answers once everything is served; the process then lives until a signal.
 * @throws LocalnetOptionError, ListenError, LedgerError, FrameworkError
 */
export async function runStart(flags: StartFlags, deps: StartDeps): Promise<Localnet> {
  if (!isLoopback(flags.host)) {
    deps.warn(
      `warning: listening on ${flags.host}. This is a development ledger with an open faucet: ` +
        'anyone who reaches it can use it, and nothing on it has value.',
    );
  }
  const localnet = await startWithFaucet(flags, deps);
  stopOnSignals(localnet, deps);
  for (const line of flags.json ? [describeJson(localnet)] : describeText(localnet, flags))
    deps.out(line);
  return localnet;
}

/** Beside the chain when it is kept, else in a private folder of this run. */
function tokenFile({ adminTokenFile, dataDir }: StartFlags): string | undefined {
  return adminTokenFile ?? (dataDir === undefined ? undefined : join(dataDir, 'admin-token'));
}

/** The default faucet port is a convenience: when it is taken, the main port serves the faucet. */
async function startWithFaucet(flags: StartFlags, deps: StartDeps): Promise<Localnet> {
  const { host, port, adminPort, checkpointMs, epochMs, accounts, faucetPort } = flags;
  const options = {
    host,
    port,
    adminPort,
    checkpointMs,
    epochMs,
    accounts,
    dataDir: flags.dataDir,
    frameworkFrom: flags.frameworkFrom,
    writeAdminToken: { file: tokenFile(flags) },
    server: `seal-localnet/${deps.version}`,
  };
  const log = { log: logFailure(deps) };
  if (faucetPort !== undefined) return startLocalnet({ ...options, faucetPort }, log);
  try {
    return await startLocalnet({ ...options, faucetPort: DEFAULT_FAUCET_PORT }, log);
  } catch (error) {
    const taken = error instanceof ListenError && error.port === DEFAULT_FAUCET_PORT;
    if (!taken || port === DEFAULT_FAUCET_PORT) throw error;
    deps.warn(`note: port ${DEFAULT_FAUCET_PORT} is in use; the faucet is on the main port only`);
    return startLocalnet(options, log);
  }
}

function logFailure(deps: StartDeps) {
  return ({ method, error }: { method: string; error: unknown }) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    deps.warn(`internal error in ${method}: ${text}`);
  };
}

function stopOnSignals(localnet: Localnet, deps: StartDeps): void {
  let first: number | undefined;
  const onSignal = () => {
    if (first !== undefined) {
      if (deps.now() - first > SIGNAL_ECHO_MS) deps.exit(1);
      return;
    }
    first = deps.now();
    localnet.close().then(
      () => deps.exit(0),
      (error) => {
        deps.warn(`seal-localnet: stopping failed: ${String(error)}`);
        deps.exit(1);
      },
    );
  };
  deps.signals.on('SIGINT', onSignal);
  deps.signals.on('SIGTERM', onSignal);
}

function describeJson(localnet: Localnet): string {
  return JSON.stringify({
    url: localnet.url,
    faucetUrl: localnet.faucetUrl,
    adminUrl: localnet.adminUrl,
    adminTokenFile: localnet.adminTokenFile,
    chainId: localnet.chainId,
    accounts: localnet.accounts,
  });
}

function describeText(localnet: Localnet, { dataDir }: StartFlags): string[] {
  const accounts = localnet.accounts.map(({ address, secretKey }) => `  ${address}  ${secretKey}`);
  return [
    `seal-localnet: a development ledger, kept in ${dataDir ?? 'memory'}`,
    `  RPC      ${localnet.url}`,
    `  faucet   ${localnet.faucetUrl}`,
    `  admin    ${localnet.adminUrl}  token: ${localnet.adminTokenFile}`,
    `  chain    ${localnet.chainId}`,
    ...(accounts.length === 0 ? [] : ['accounts, worth nothing elsewhere:', ...accounts]),
    'Ctrl-C stops it.',
  ];
}

/** Only this machine reaches it. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
