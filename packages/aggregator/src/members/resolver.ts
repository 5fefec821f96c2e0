/**
 * Names of members → addresses, so that a name whose servers are slow costs its own member only.
 * The system's resolver runs on a thread pool that looks up two names at a time: asked once for
 * every connection, two names that answer late would hold up all others. Here a name is looked up
 * once at a time, is not asked again for a while, and its last addresses serve while it is slow.
 *
 * Addresses are judged at every connection, wherever they come from (./transport.ts).
 */

import { type LookupAddress, lookup as systemLookup } from 'node:dns';

/** Addresses are good for this long, and a failure for a shorter time. */
export const FRESH_MS = 10_000;
export const FAILURE_MS = 1000;
/** The last addresses serve this long, */
export const STALE_MS = 3_600_000;
/** when a look-up fails or takes longer than this. */
export const PATIENCE_MS = 500;
/** Names kept; more than members of the largest committee have in all known versions. */
export const MAX_NAMES = 1024;

type LookupDone = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
export type Resolve = (host: string, done: LookupDone) => void;

export interface ResolverDeps {
  lookup?: Resolve;
  monotonicMs?: () => number;
}

interface Name {
  /** Of the last look-up that succeeded. */
  addresses: LookupAddress[];
  resolvedMs: number;
  /** How the last look-up ended, and until when that counts. */
  error: NodeJS.ErrnoException | null;
  freshUntilMs: number;
  /** Who waits for the look-up under way. */
  waiting: Set<() => void> | undefined;
}

export function createResolver(deps: ResolverDeps = {}): Resolve {
  const lookup = deps.lookup ?? ((host, done) => systemLookup(host, { all: true }, done));
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());
  const names = new Map<string, Name>();

  const start = (host: string, name: Name): Set<() => void> => {
    const waiting = new Set<() => void>();
    name.waiting = waiting;
    lookup(host, (error, addresses) => {
      const nowMs = monotonicMs();
      name.error = error;
      name.freshUntilMs = nowMs + (error === null ? FRESH_MS : FAILURE_MS);
      if (error === null) Object.assign(name, { addresses, resolvedMs: nowMs });
      name.waiting = undefined;
      for (const wake of waiting) wake();
    });
    return waiting;
  };

  return function resolve(host, done) {
    const name = nameOf(names, host);
    const answer = () => {
      const isKnown = monotonicMs() - name.resolvedMs < STALE_MS;
      if (isKnown) done(null, name.addresses);
      else done(name.error, []);
    };
    // Never in the same turn: the caller is still setting up its connection.
    if (monotonicMs() < name.freshUntilMs) return void setImmediate(answer);
    const waiting = name.waiting ?? start(host, name);
    let patience: NodeJS.Timeout | undefined;
    const wake = () => {
      clearTimeout(patience);
      waiting.delete(wake);
      answer();
    };
    waiting.add(wake);
    if (monotonicMs() - name.resolvedMs < STALE_MS) patience = setTimeout(wake, PATIENCE_MS);
    return undefined;
  };
}

function nameOf(names: Map<string, Name>, host: string): Name {
  let name = names.get(host);
  if (name === undefined) {
    const never = Number.NEGATIVE_INFINITY;
    name = {
      addresses: [],
      resolvedMs: never,
      error: null,
      freshUntilMs: never,
      waiting: undefined,
    };
    const [oldest] = names.keys();
    if (names.size >= MAX_NAMES && oldest !== undefined) names.delete(oldest);
    names.set(host, name);
  }
  return name;
}
