/** The configuration file, key by key (protocol §4.13). Tags and spellings are the reference's. */

import { DEFAULT_RETRY } from '@seal-ts/chain';
import {
  DEFAULT_VERSION_REQUIREMENTS,
  type GatedClientType,
  parseRequirement,
} from '@seal-ts/protocol';
import {
  bool,
  checked,
  durationOr,
  durationParts,
  integer,
  list,
  object,
  objectId,
  optional,
  type Place,
  port,
  record,
  scalar,
  secretText,
  tagged,
  text,
  url,
  type Value,
  withDefault,
} from '@seal-ts/service';
import { checkClients } from './permissioned-rules.ts';

export const DEFAULT_METRICS_PORT = 9184;
export const DEFAULT_PUSH_INTERVAL_SECS = 10;
/** Upper bounds of numbers that have no natural one. */
export const MAX_RPC_ATTEMPTS = 100;
export const MAX_PUSH_INTERVAL_SECS = 3600;

const sealPackage = { seal_package: objectId() };

const network = tagged({
  Testnet: null,
  Mainnet: null,
  Devnet: sealPackage,
  Localnet: sealPackage,
});

/** Derivation indices are u64 in the reference; we take those that are exact in JavaScript. */
const derivationIndex = () => integer(0, Number.MAX_SAFE_INTEGER);

const client = object({
  name: text(),
  client_master_key: tagged({
    Derived: { derivation_index: derivationIndex() },
    Imported: { env_var: text() },
    Exported: { deprecated_derivation_index: derivationIndex() },
  }),
  key_server_object_id: objectId(),
  package_ids: list(objectId()),
});

const serverMode = tagged({
  Open: { key_server_object_id: objectId() },
  Permissioned: { client_configs: list(client, checkClients) },
  Committee: {
    member_address: objectId(),
    key_server_obj_id: objectId(),
    committee_state: tagged({
      Active: null,
      Rotation: { target_version: integer(0, 0xffff_ffff) },
    }),
  },
});

function requirement(type: GatedClientType) {
  const schema = scalar('a version requirement such as ">=0.4.5"', (value) => {
    try {
      parseRequirement(value);
      return value;
    } catch {
      return undefined;
    }
  });
  return withDefault(schema, DEFAULT_VERSION_REQUIREMENTS[type]);
}

const rpc = object({
  timeout: durationParts(),
  retry_config: object({
    max_retries: integer(1, MAX_RPC_ATTEMPTS),
    min_delay: durationParts(),
    max_delay: durationParts(),
  }),
});

const DEFAULT_RPC: Value<typeof rpc> = {
  timeout: DEFAULT_RETRY.timeoutMs,
  retry_config: {
    max_retries: DEFAULT_RETRY.maxAttempts,
    min_delay: DEFAULT_RETRY.minDelayMs,
    max_delay: DEFAULT_RETRY.maxDelayMs,
  },
};

const metricsPush = object({
  bearer_token: secretText('the bearer token of the metrics receiver'),
  push_url: url(),
  push_interval_secs: withDefault(integer(1, MAX_PUSH_INTERVAL_SECS), DEFAULT_PUSH_INTERVAL_SECS),
  labels: optional(record(text())),
});

const engine = scalar('noble or mcl', (value) =>
  value === 'noble' || value === 'mcl' ? value : undefined,
);

function checkDelays({ retry_config: { min_delay, max_delay } }: Value<typeof rpc>, place: Place) {
  if (min_delay <= max_delay) return;
  const at = place.child('retry_config');
  at.fault(undefined, 'min_delay is longer than max_delay', 'Write a longer max_delay');
}

function checkMode(mode: Value<typeof serverMode>, place: Place): void {
  if (mode.tag !== 'Committee') return;
  const state = mode.committee_state;
  if (state.tag === 'Rotation' && state.target_version === 0) {
    const target = place.child('committee_state').child('target_version');
    target.fault(undefined, 'target_version cannot be 0', 'Write the version rotated to');
  }
}

export const fileSchema = object({
  network,
  node_url: optional(url()),
  server_mode: checked(serverMode, checkMode),
  ts_sdk_version_requirement: requirement('typescript'),
  rust_sdk_version_requirement: requirement('rust'),
  python_sdk_version_requirement: requirement('python'),
  aggregator_version_requirement: requirement('aggregator'),
  metrics_host_port: withDefault(port(), DEFAULT_METRICS_PORT),
  rgp_update_interval: durationOr('60s'),
  allowed_staleness: durationOr('2m'),
  session_key_ttl_max: durationOr('30m'),
  rpc_config: withDefault(checked(rpc, checkDelays), DEFAULT_RPC),
  metrics_push_config: optional(metricsPush),
  enable_event_monitoring: withDefault(bool(), true),
  /** Ours: the implementation of the curve. */
  engine: optional(engine),
});

export type ConfigFile = Value<typeof fileSchema>;
export type ServerMode = ConfigFile['server_mode'];
export type PermissionedClient = Value<typeof client>;
export type MetricsPushConfig = Value<typeof metricsPush>;
