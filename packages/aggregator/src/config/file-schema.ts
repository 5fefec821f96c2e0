/**
 * The configuration file, key by key (protocol §5.3). Keys and spellings of the first group are the
 * reference's; `url` of a credential, `member_access`, `metrics_host_port` and `engine` are ours.
 */

import { DEFAULT_RETRY } from '@seal-ts/chain';
import { DEFAULT_MEMBER_REQUIREMENT, parseRequirement } from '@seal-ts/protocol';
import {
  bool,
  checked,
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
  record,
  rpcConfig,
  scalar,
  secretText,
  url,
  type Value,
  versionRequirement,
  withDefault,
} from '@seal-ts/service';
import { parseRange } from '../members/address-policy.ts';
import { fetchKeyUrl } from '../members/member-url.ts';

export const DEFAULT_METRICS_PORT = 9184;
export const DEFAULT_MEMBER_TIMEOUT_SECS = 8;
export const MAX_MEMBER_TIMEOUT_SECS = 60;
/** Oldest TypeScript client that is served by default. */
export const DEFAULT_TS_REQUIREMENT = '>=0.10.0';

/** Headers that the request itself sets, or that steer the connection. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'client-sdk-type',
  'client-sdk-version',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'request-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const headerName = scalar('the name of a header that the request does not set itself', (value) =>
  /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(value) && !RESERVED_HEADERS.has(value.toLowerCase())
    ? value
    : undefined,
);

const memberUrl = scalar('the http:// or https:// URL of the member, without query', (value) =>
  fetchKeyUrl(value) === undefined ? undefined : value,
);

const credential = object({
  api_key_name: optional(headerName),
  api_key: optional(secretText('the API key of the member, or @ and the path of its file')),
  url: optional(memberUrl),
});

function checkCredential(entry: Value<typeof credential>, place: Place): void {
  if ((entry.api_key === undefined) === (entry.api_key_name === undefined)) return;
  const missing = entry.api_key === undefined ? 'api_key' : 'api_key_name';
  place.child(missing).fault(undefined, 'is missing', 'Write both, or none for a member without');
}

const range = scalar('an address range such as 10.1.0.0/16 or fd00::/8', (value) =>
  parseRange(value) === undefined ? undefined : value,
);

const memberAccess = object({
  allow_http: withDefault(bool(), false),
  allow_addresses: withDefault(list(range), [] as string[]),
});

const engine = scalar('noble or mcl', (value) =>
  value === 'noble' || value === 'mcl' ? value : undefined,
);

const requirement = (byDefault: string) => versionRequirement(parseRequirement, byDefault);

export const fileSchema = object({
  network: network(),
  node_url: optional(url()),
  key_server_object_id: objectId(),
  ts_sdk_version_requirement: requirement(DEFAULT_TS_REQUIREMENT),
  rust_sdk_version_requirement: requirement('>=0.0.0'),
  python_sdk_version_requirement: requirement('>=0.0.0'),
  key_server_version_requirement: requirement(DEFAULT_MEMBER_REQUIREMENT),
  key_server_timeout_secs: withDefault(
    integer(1, MAX_MEMBER_TIMEOUT_SECS),
    DEFAULT_MEMBER_TIMEOUT_SECS,
  ),
  api_credentials: withDefault(
    optional(record(checked(credential, checkCredential))),
    {} as Record<string, Value<typeof credential>>,
  ),
  rpc_config: rpcConfig(DEFAULT_RETRY),
  metrics_push_config: metricsPush(),
  metrics_host_port: withDefault(port(), DEFAULT_METRICS_PORT),
  /** Ours: §5.6 fixes 30 s. */
  committee_refresh_interval: pollInterval('30s'),
  member_access: withDefault(memberAccess, { allow_http: false, allow_addresses: [] }),
  engine: optional(engine),
});

export type ConfigFile = Value<typeof fileSchema>;
export type CredentialConfig = Value<typeof credential>;
