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
  integer,
  list,
  metricsPush,
  network,
  object,
  objectId,
  optional,
  type Place,
  pollInterval,
  port,
  rpcConfig,
  scalar,
  tagged,
  text,
  url,
  type Value,
  versionRequirement,
  withDefault,
} from '@seal-ts/service';
import { checkClients } from './permissioned-rules.ts';

export const DEFAULT_METRICS_PORT = 9184;
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

const requirement = (type: GatedClientType) =>
  versionRequirement(parseRequirement, DEFAULT_VERSION_REQUIREMENTS[type]);

const engine = scalar('noble or mcl', (value) =>
  value === 'noble' || value === 'mcl' ? value : undefined,
);

function checkMode(mode: Value<typeof serverMode>, place: Place): void {
  if (mode.tag !== 'Committee') return;
  const state = mode.committee_state;
  if (state.tag === 'Rotation' && state.target_version === 0) {
    const target = place.child('committee_state').child('target_version');
    target.fault(undefined, 'target_version cannot be 0', 'Write the version rotated to');
  }
}

export const fileSchema = object({
  network: network(),
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
  rpc_config: rpcConfig(DEFAULT_RETRY),
  metrics_push_config: metricsPush(),
  enable_event_monitoring: withDefault(bool(), true),
  /** Ours: how often a pending rotation, and events, are looked for (§4.10 fixes 30 s). */
  committee_poll_interval: pollInterval('30s'),
  event_poll_interval: pollInterval('30s'),
  /** Ours: the implementation of the curve. */
  engine: optional(engine),
});

export type ConfigFile = Value<typeof fileSchema>;
export type ServerMode = ConfigFile['server_mode'];
export type PermissionedClient = Value<typeof client>;
