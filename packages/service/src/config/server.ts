/** Parts that the configuration files of all servers have (protocol §4.13, §5.3). */

import { ServiceError } from '../errors.ts';
import { requireSecret } from '../secrets.ts';
import type { Fault } from './faults.ts';
import { durationParts, integer, objectId, text, url } from './scalars.ts';
import {
  checked,
  object,
  optional,
  type Place,
  record,
  type Schema,
  scalar,
  secretText,
  tagged,
  type Value,
  withDefault,
} from './schema.ts';

export const DEFAULT_PUSH_INTERVAL_SECS = 10;
/** Upper bounds of numbers that have no natural one. */
export const MAX_RPC_ATTEMPTS = 100;
export const MAX_PUSH_INTERVAL_SECS = 3600;

const sealPackage = { seal_package: objectId() };

/** `Testnet`, `Mainnet`, or `!Devnet` and `!Localnet` with the package `seal` there. */
export const network = () =>
  tagged({ Testnet: null, Mainnet: null, Devnet: sealPackage, Localnet: sealPackage });

const rpc = object({
  timeout: durationParts(),
  retry_config: object({
    max_retries: integer(1, MAX_RPC_ATTEMPTS),
    min_delay: durationParts(),
    max_delay: durationParts(),
  }),
});

/** Attempts, delays and deadlines of calls to the full node, as the file has them. */
export type RpcConfig = Value<typeof rpc>;

/** The same under the names of the code. */
export interface RpcLimits {
  maxAttempts: number;
  minDelayMs: number;
  maxDelayMs: number;
  timeoutMs: number;
}

function checkDelays({ retry_config: { min_delay, max_delay } }: RpcConfig, place: Place) {
  if (min_delay <= max_delay) return;
  const at = place.child('retry_config');
  at.fault(undefined, 'min_delay is longer than max_delay', 'Write a longer max_delay');
}

export function rpcConfig(defaults: RpcLimits): Schema<RpcConfig> {
  return withDefault(checked(rpc, checkDelays), {
    timeout: defaults.timeoutMs,
    retry_config: {
      max_retries: defaults.maxAttempts,
      min_delay: defaults.minDelayMs,
      max_delay: defaults.maxDelayMs,
    },
  });
}

export function rpcLimits({ retry_config: retry, timeout }: RpcConfig): RpcLimits {
  return {
    maxAttempts: retry.max_retries,
    minDelayMs: retry.min_delay,
    maxDelayMs: retry.max_delay,
    timeoutMs: timeout,
  };
}

const push = object({
  bearer_token: secretText('the bearer token of the metrics receiver'),
  push_url: url(),
  push_interval_secs: withDefault(integer(1, MAX_PUSH_INTERVAL_SECS), DEFAULT_PUSH_INTERVAL_SECS),
  labels: optional(record(text())),
});

export type MetricsPushConfig = Value<typeof push>;
export const metricsPush = () => optional(push);

/** A version requirement that `parse` accepts; the text itself is kept. */
export function versionRequirement(
  parse: (text: string) => unknown,
  byDefault: string,
): Schema<string> {
  const schema = scalar('a version requirement such as ">=0.4.5"', (value) => {
    try {
      parse(value);
      return value;
    } catch {
      return undefined;
    }
  });
  return withDefault(schema, byDefault);
}

/** A secret of the file, which may stand in a file of its own: `@` and its path. */
export function secretOf(value: string, path: string, faults: Fault[]): string | undefined {
  try {
    const secret = requireSecret({ [path]: value }, path);
    const plain = secret.reveal();
    secret.wipe();
    return plain;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    faults.push({ path, problem: error.message.replace(/\.$/, ''), fix: '' });
    return undefined;
  }
}
