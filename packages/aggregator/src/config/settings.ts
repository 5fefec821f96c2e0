/**
 * Settings of one aggregator: the configuration file and the environment together (protocol §5.3),
 * with every fault of both collected.
 */

import type { RetryOptions } from '@seal-ts/chain';
import {
  type AggregatorClientType,
  NETWORKS,
  type NetworkName,
  parseRequirement,
  type VersionRequirement,
} from '@seal-ts/protocol';
import {
  ConfigError,
  type Environment,
  type Fault,
  type MetricsPushConfig,
  readConfig,
  readConfigFile,
  rpcLimits,
  SecretText,
  secretOf,
} from '@seal-ts/service';
import type { Credential } from '../members/credentials.ts';
import { type ConfigFile, type CredentialConfig, fileSchema } from './file-schema.ts';

export const DEFAULT_PORT = 2024;
export type EngineChoice = 'noble' | 'mcl';

export interface Settings {
  network: NetworkName;
  nodeUrl: string;
  keyServerObjectId: string;
  gates: Readonly<Record<AggregatorClientType, VersionRequirement>>;
  /** For `X-KeyServer-Version` of members. */
  memberRequirement: VersionRequirement;
  memberTimeoutMs: number;
  refreshIntervalMs: number;
  credentials: ReadonlyMap<string, Credential>;
  allowHttp: boolean;
  allowedRanges: readonly string[];
  rpc: RetryOptions;
  push: MetricsPushConfig | undefined;
  port: number;
  metricsPort: number;
  engine: EngineChoice;
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
  const fromEnvironment = readEnvironment(env, faults);
  const file = readFile(path, faults);
  const fromText = file.value && fromFile(file.value, faults);
  if (fromText === undefined || faults.length > 0) {
    throw new ConfigError(path ?? 'the environment', faults, file.warnings);
  }
  const engine = fromEnvironment.engine ?? fromText.engine;
  const settings = { ...fromText, port: fromEnvironment.port, engine };
  return { settings, warnings: file.warnings };
}

function readFile(
  path: string | undefined,
  faults: Fault[],
): { value?: ConfigFile; warnings: Fault[] } {
  if (path === undefined) {
    const fix = 'Give the path of a configuration file, here or with --config';
    faults.push({ path: '$CONFIG_PATH', problem: 'is not set', fix });
    return { warnings: [] };
  }
  try {
    return readConfig({ text: readConfigFile(path), schema: fileSchema, source: path });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
    return { warnings: [...error.warnings] };
  }
}

function fromFile(file: ConfigFile, faults: Fault[]): Omit<Settings, 'port'> {
  const network = file.network.tag.toLowerCase() as NetworkName;
  return {
    network,
    nodeUrl: file.node_url ?? NETWORKS[network].url,
    keyServerObjectId: file.key_server_object_id,
    gates: {
      typescript: parseRequirement(file.ts_sdk_version_requirement),
      rust: parseRequirement(file.rust_sdk_version_requirement),
      python: parseRequirement(file.python_sdk_version_requirement),
    },
    memberRequirement: parseRequirement(file.key_server_version_requirement),
    memberTimeoutMs: file.key_server_timeout_secs * 1000,
    refreshIntervalMs: file.committee_refresh_interval,
    credentials: readCredentials(file.api_credentials ?? {}, faults),
    allowHttp: file.member_access.allow_http,
    allowedRanges: file.member_access.allow_addresses,
    rpc: rpcLimits(file.rpc_config),
    push: pushSettings(file.metrics_push_config, faults),
    metricsPort: file.metrics_host_port,
    engine: file.engine ?? 'mcl',
  };
}

function readCredentials(
  entries: Readonly<Record<string, CredentialConfig>>,
  faults: Fault[],
): Map<string, Credential> {
  const credentials = new Map<string, Credential>();
  for (const [name, { api_key_name, api_key, url }] of Object.entries(entries)) {
    const pin = url === undefined ? {} : { url };
    if (api_key_name === undefined || api_key === undefined) {
      credentials.set(name, pin);
      continue;
    }
    const path = `api_credentials.${name}.api_key`;
    const value = secretOf(api_key, path, faults);
    if (value === undefined) continue;
    // Anything else would end or split the header.
    if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) {
      const fix = 'Write one line of printable ASCII';
      faults.push({ path, problem: 'cannot be the value of a header', fix });
      continue;
    }
    const secret = new SecretText(path, new TextEncoder().encode(value));
    credentials.set(name, { header: { name: api_key_name, value: secret }, ...pin });
  }
  return credentials;
}

function pushSettings(config: MetricsPushConfig | undefined, faults: Fault[]) {
  if (config === undefined) return undefined;
  const token = secretOf(config.bearer_token, 'metrics_push_config.bearer_token', faults);
  return token === undefined ? undefined : { ...config, bearer_token: token };
}

function readEnvironment(env: Environment, faults: Fault[]) {
  const port = env['PORT'] || String(DEFAULT_PORT);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    const fix = 'Set it to a number from 0 to 65535';
    faults.push({ path: '$PORT', problem: 'is not a port', fix });
  }
  const engine = env['SEAL_ENGINE'] || undefined;
  if (engine !== undefined && engine !== 'noble' && engine !== 'mcl') {
    faults.push({
      path: '$SEAL_ENGINE',
      problem: 'is not an engine',
      fix: 'Set it to noble or mcl',
    });
  }
  return { port: Number(port), engine: engine as EngineChoice | undefined };
}
