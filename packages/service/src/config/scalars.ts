/** The scalar types that Seal's configuration files use. */

import { MAX_DURATION_MS, parseDuration } from '../duration.ts';
import { INVALID, object, type Schema, scalar, withDefault } from './schema.ts';

export const text = () => scalar('text', (value) => (value === '' ? undefined : value));

export const bool = () =>
  scalar('true or false', (value) =>
    value === 'true' ? true : value === 'false' ? false : undefined,
  );

/** A decimal integer in `min..max`, inclusive. */
export function integer(min: number, max: number): Schema<number> {
  return scalar(`a whole number from ${min} to ${max}`, (value) => {
    if (!/^\d{1,16}$/.test(value)) return undefined;
    const number = Number(value);
    return number >= min && number <= max ? number : undefined;
  });
}

export const port = () => integer(0, 65_535);

/** A Sui object id or address; short forms are padded. Yields `0x` + 64 lower-case hex. */
export const objectId = () => scalar('an object id, 0x and up to 64 hex digits', normalizeId);

/** `0x` + 64 lower-case hex of a hex literal, or `undefined`. */
export function normalizeId(value: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{1,64}$/.test(value)) return undefined;
  return `0x${value.slice(2).toLowerCase().padStart(64, '0')}`;
}

export const url = () =>
  scalar('an http:// or https:// URL', (value) => {
    if (!URL.canParse(value)) return undefined;
    return /^https?:$/.test(new URL(value).protocol) ? value : undefined;
  });

/** A duration of at least 1 ms as text (`60s`), in milliseconds. */
export const duration = () =>
  scalar('a duration such as 30s, 2m or 1h', (value) => {
    const ms = parseDuration(value);
    return ms === undefined || ms === 0 ? undefined : ms;
  });

const parts = object({
  secs: integer(0, MAX_DURATION_MS / 1000),
  nanos: integer(0, 999_999_999),
});

/** A duration written `{secs: 60, nanos: 0}` (the RPC settings); the text form is accepted too. */
export function durationParts(): Schema<number> {
  return {
    expects: 'a duration such as {secs: 60, nanos: 0}',
    read(node, place) {
      if (node.kind === 'scalar') return duration().read(node, place);
      const value = parts.read(node, place);
      return value === INVALID ? INVALID : value.secs * 1000 + value.nanos / 1_000_000;
    },
  };
}

/** Bounds of how often something on chain is looked at: gentle to the node, and not for ever away. */
export const MIN_POLL_MS = 1000;
export const MAX_POLL_MS = 3_600_000;

/** How often something is looked at: a duration within the bounds, in milliseconds. */
export function pollInterval(defaultText: string): Schema<number> {
  const schema = scalar('a duration from 1s to 1h', (value) => {
    const ms = parseDuration(value);
    return ms === undefined || ms < MIN_POLL_MS || ms > MAX_POLL_MS ? undefined : ms;
  });
  return withDefault(schema, parseDuration(defaultText)!);
}

/** Shorthand used by every schema: a duration with a default given as text. */
export function durationOr(defaultText: string): Schema<number> {
  return withDefault(duration(), parseDuration(defaultText)!);
}
