/**
 * Settings of one server: the configuration file and the environment together (protocol §4.13,
 * §4.14), with every fault of both collected. Secrets are not settings; see ../keys/load.ts.
 */

import type { RetryOptions } from '@seal-ts/chain';
import { NETWORKS, type NetworkName, type VersionGates, versionGates } from '@seal-ts/protocol';
import {
  ConfigError,
  type Environment,
  type Fault,
  findSecret,
  type MetricsPushConfig,
  normalizeId,
  readConfig,
  readConfigFile,
  rpcLimits,
  secretOf,
} from '@seal-ts/service';
import { type ConfigFile, fileSchema, type ServerMode } from './file-schema.ts';

export const DEFAULT_PORT = 2024;
export type EngineChoice = 'noble' | 'mcl';

export interface Settings {
  network: NetworkName;
  sealPackage: string;
  nodeUrl: string;
  mode: ServerMode;
  gates: VersionGates;
  port: number;
  metricsPort: number;
  gasPriceIntervalMs: number;
  allowedStalenessMs: number;
  sessionTtlMaxMs: number;
  rpc: RetryOptions;
  push: MetricsPushConfig | undefined;
  /** Watch the committee's objects; only committee mode has any. */
  eventMonitoring: boolean;
  committeePollMs: number;
  eventPollMs: number;
  engine: EngineChoice;
  /** Header for every call to the full node; the value is a secret. */
  nodeHeader: { name: string; value: string } | undefined;
}

export interface LoadedSettings {
  settings: Settings;
  warnings: Fault[];
}

export interface SettingsSource {
  env: Environment;
  /** Overrides `CONFIG_PATH`. */
  configPath?: string | undefined;
}

/** @throws {ConfigError} with every fault; {ServiceError} CONFIG_UNREADABLE */
export function loadSettings({ env, configPath }: SettingsSource): LoadedSettings {
  const path = configPath ?? env['CONFIG_PATH'];
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const fromEnvironment = readEnvironment(env, faults);
  const source = path ?? 'the environment';
  const file =
    path === undefined ? fileFromEnvironment(env, faults) : readFile(path, faults, warnings);
  if (path !== undefined && env['NODE_URL'] && file?.value.node_url !== undefined) {
    faults.push(
      fault('node_url', 'is set both in the file and as NODE_URL', 'Remove one of the two'),
    );
  }
  if (file === undefined || faults.length > 0) {
    throw new ConfigError(source, faults, file?.warnings ?? warnings);
  }
  const { value } = file;
  const network = value.network.tag.toLowerCase() as NetworkName;
  const row = NETWORKS[network];
  const nodeUrl = path === undefined ? undefined : (value.node_url ?? env['NODE_URL']);
  const fromText = fromFile(value, faults);
  if (faults.length > 0) throw new ConfigError(source, faults, file.warnings);
  const settings: Settings = {
    ...fromText,
    ...fromEnvironment,
    engine: fromEnvironment.engine ?? value.engine ?? 'mcl',
    network,
    sealPackage: 'seal_package' in value.network ? value.network.seal_package : row.seal!.latest,
    nodeUrl: nodeUrl || row.url,
  };
  return { settings, warnings: file.warnings };
}

function fromFile(file: ConfigFile, faults: Fault[]) {
  return {
    mode: file.server_mode,
    gates: versionGates({
      typescript: file.ts_sdk_version_requirement,
      rust: file.rust_sdk_version_requirement,
      python: file.python_sdk_version_requirement,
      aggregator: file.aggregator_version_requirement,
    }),
    metricsPort: file.metrics_host_port,
    gasPriceIntervalMs: file.rgp_update_interval,
    allowedStalenessMs: file.allowed_staleness,
    sessionTtlMaxMs: file.session_key_ttl_max,
    rpc: rpcLimits(file.rpc_config),
    push: pushSettings(file.metrics_push_config, faults),
    eventMonitoring: file.enable_event_monitoring,
    committeePollMs: file.committee_poll_interval,
    eventPollMs: file.event_poll_interval,
  };
}

function pushSettings(config: MetricsPushConfig | undefined, faults: Fault[]) {
  if (config === undefined) return undefined;
  const token = secretOf(config.bearer_token, 'metrics_push_config.bearer_token', faults);
  return token === undefined ? undefined : { ...config, bearer_token: token };
}

function readFile(path: string, faults: Fault[], warnings: Fault[]) {
  try {
    return readConfig({
      text: readConfigFile(path),
      schema: fileSchema,
      source: path,
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
    warnings.push(...error.warnings);
    return undefined;
  }
}

/** Without a file: an open server described by a few variables, for tests and trials (§4.14). */
function fileFromEnvironment(env: Environment, faults: Fault[]) {
  const word = (env['NETWORK'] ?? 'testnet').toLowerCase();
  const known = Object.keys(NETWORKS);
  const id = normalizeEnvironmentId(env['KEY_SERVER_OBJECT_ID']);
  if (id === undefined) {
    faults.push(
      fault(
        '$KEY_SERVER_OBJECT_ID',
        'is missing or not an object id',
        'Set it to 0x and 64 hex digits, or give a configuration file with --config',
      ),
    );
  }
  if (!known.includes(word)) {
    faults.push(fault('$NETWORK', 'is not a network', `Use one of ${known.join(', ')}`));
    return undefined;
  }
  const needsPackage = NETWORKS[word as NetworkName].seal === undefined;
  const sealPackage = normalizeEnvironmentId(env['SEAL_PACKAGE']);
  if (needsPackage && sealPackage === undefined) {
    const fix = `Set it to the id of package seal on ${word}`;
    faults.push(fault('$SEAL_PACKAGE', 'is missing or not an object id', fix));
  }
  if (faults.length > 0) return undefined;
  const tag = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  const network = needsPackage ? `!${tag} { seal_package: "${sealPackage}" }` : tag;
  const text = `network: ${network}\nserver_mode: !Open { key_server_object_id: "${id}" }\n`;
  return readConfig({ text, schema: fileSchema, source: 'the environment' });
}

/** 32 bytes in hex; `0x` may be left out. */
function normalizeEnvironmentId(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  return normalizeId(value.startsWith('0x') ? value : `0x${value}`);
}

function readEnvironment(env: Environment, faults: Fault[]) {
  const port = env['PORT'] || String(DEFAULT_PORT);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    faults.push(fault('$PORT', 'is not a port', 'Set it to a number from 0 to 65535'));
  }
  const engine = env['SEAL_ENGINE'] || undefined;
  if (engine !== undefined && engine !== 'noble' && engine !== 'mcl') {
    faults.push(fault('$SEAL_ENGINE', 'is not an engine', 'Set it to noble or mcl'));
  }
  const url = env['NODE_URL'];
  if (url && !/^https?:\/\//.test(url)) {
    faults.push(fault('$NODE_URL', 'is not a URL', 'Set it to an http:// or https:// URL'));
  }
  return {
    port: Number(port),
    engine: engine as EngineChoice | undefined,
    nodeHeader: readNodeHeader(env, faults),
  };
}

/** Both non-empty, or no header at all (§4.14). */
function readNodeHeader(env: Environment, faults: Fault[]) {
  const name = env['FULL_NODE_RPC_API_NAME'];
  if (!name) return undefined;
  const value = findSecret(env, 'FULL_NODE_RPC_API_KEY')?.reveal();
  if (!value) return undefined;
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    const fix = 'Use letters, digits and hyphens';
    faults.push(fault('$FULL_NODE_RPC_API_NAME', 'is not a header name', fix));
  }
  return { name, value };
}

function fault(path: string, problem: string, fix: string): Fault {
  return { path, problem, fix };
}
