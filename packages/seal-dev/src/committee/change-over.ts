/**
 * How members come from the old share to the new one while requests go on (protocol §4.12, §5.6). A request
 * needs enough members that hold a share of one version; whoever is restarted holds none for a moment.
 */
import { messageOf } from '../errors.ts';
import type { Person } from './people.ts';
import { serverUrl } from './people.ts';

/** The servers that answer when a rotation has become final on chain. */
export interface Standing {
  readonly oldThreshold: number;
  readonly newThreshold: number;
  /** In both committees. */
  readonly continuing: number;
  /** In the old one only; they answer until the end. */
  readonly leaving: number;
  /** In the new one only; they hold its share already. */
  readonly joining: number;
}

/**
 * - `restart`: one member after the other is restarted with the new share alone.
 * - `wait`: servers in Rotation mode change over by themselves, and are restarted afterwards.
 * - `interrupted`: for a moment neither version has enough members, whatever the order.
 */
export type Way = 'restart' | 'wait' | 'interrupted';

/** The quickest way on which some version always has enough members that answer. */
export function chooseWay(standing: Standing): Way {
  const { continuing, leaving, joining, oldThreshold, newThreshold } = standing;
  // `changed` members hold the new share; `away` ones, of those that have not changed, are starting.
  const enough = (changed: number, away: number) =>
    leaving + continuing - changed - away >= oldThreshold || joining + changed >= newThreshold;
  const steps = Array.from({ length: continuing }, (_, changed) => changed);
  if (steps.every((changed) => enough(changed, 1))) return 'restart';
  const restartsLater = joining + continuing - 1 >= newThreshold;
  return restartsLater && steps.every((changed) => enough(changed, 0)) ? 'wait' : 'interrupted';
}

/** How often servers are asked whether they have changed over. */
const POLL_MS = 250;
/** They look at the chain every 10 s at the least. */
const CHANGE_OVER_TIMEOUT_MS = 30_000;

/**
 * Waits until the server of `person` uses the share with `partialPublicKey` (Base64).
 * Answers false when `signal` aborted or the server did not within the time-out.
 */
export async function usesShare(
  person: Person,
  partialPublicKey: string,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + CHANGE_OVER_TIMEOUT_MS;
  while (!signal.aborted && performance.now() < deadline) {
    if ((await partialKeyOf(person)) === partialPublicKey) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

async function partialKeyOf(person: Person): Promise<string> {
  try {
    const answer = await fetch(`${serverUrl(person)}/v1/debug/committee_partial_pk`, {
      headers: { 'client-sdk-type': 'typescript', 'client-sdk-version': '1.0.0' },
      signal: AbortSignal.timeout(1_000),
    });
    const body = (await answer.json()) as { partial_pk?: unknown };
    return String(body.partial_pk);
  } catch (error) {
    return messageOf(error);
  }
}
