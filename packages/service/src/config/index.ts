export { ConfigError, type Fault, formatFault } from './faults.ts';
export {
  type LoadedConfig,
  type ReadConfigOptions,
  readConfig,
  readConfigFile,
} from './load.ts';
export {
  bool,
  duration,
  durationOr,
  durationParts,
  integer,
  MAX_POLL_MS,
  MIN_POLL_MS,
  normalizeId,
  objectId,
  pollInterval,
  port,
  text,
  url,
} from './scalars.ts';
export {
  checked,
  INVALID,
  type Invalid,
  list,
  object,
  optional,
  Place,
  record,
  type Schema,
  scalar,
  secretText,
  tagged,
  type Value,
  withDefault,
} from './schema.ts';
export {
  DEFAULT_PUSH_INTERVAL_SECS,
  MAX_PUSH_INTERVAL_SECS,
  MAX_RPC_ATTEMPTS,
  type MetricsPushConfig,
  metricsPush,
  network,
  type RpcConfig,
  type RpcLimits,
  rpcConfig,
  rpcLimits,
  secretOf,
  versionRequirement,
} from './server.ts';
export { KNOWN_TAGS, type KnownTag } from './tags.ts';
export { TaggedValue, writeYaml } from './write.ts';
export { type ConfigNode, MAX_CONFIG_BYTES, MAX_CONFIG_DEPTH, MAX_CONFIG_NODES } from './yaml.ts';
