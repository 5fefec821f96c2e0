/**
 * What the network and the full node will do with one request, drawn in full when it is sent. So
 * the properties know beforehand which requests nothing stands in the way of.
 */
import type { Random } from './random.ts';

export const REQUEST_FAULTS = ['corrupted', 'lost', 'refused', 'truncated'] as const;
export const ANSWER_FAULTS = [
  'corrupted',
  'lost',
  'replayed',
  'reset',
  'stalled',
  'trickled',
  'truncated',
] as const;
export const NODE_FAULTS = ['hangs', 'invalid', 'notFound', 'unavailable'] as const;

export interface Plan {
  readonly requestMs: number;
  readonly answerMs: number;
  /** The answer's body comes in this many pieces, 1 ms apart unless trickled. */
  readonly pieces: number;
  /** The server gets the request twice; the second answer is lost. */
  readonly duplicated: boolean;
  readonly requestFault: (typeof REQUEST_FAULTS)[number] | undefined;
  readonly answerFault: (typeof ANSWER_FAULTS)[number] | undefined;
  /** The transport goes on when the caller's signal aborts. */
  readonly deaf: boolean;
  /** Time of one call to the full node. */
  readonly nodeMs: number;
  readonly nodeFault: { kind: (typeof NODE_FAULTS)[number]; call: number } | undefined;
  /** Where a body is cut or changed, 0 to 1. */
  readonly position: number;
}

/** Calls to the full node that one key request makes at most. */
export const MAX_NODE_CALLS = 4;
/** What an aggregator adds at most: two ways to the members and back, and a pause of a second. */
export const MAX_COMMITTEE_MS = 4 * 200 + 1_100;
/** Longest gentle delays, ms. */
const GENTLE_MS = 800;
const GENTLE_NODE_MS = 300;
const MAX_PIECES = 20;
const TRICKLE_MS = 1_500;

export function drawPlan(random: Random, hostility: number): Plan {
  const fault = random.chance(hostility) ? random.pick(['request', 'answer', 'node', 'slow']) : '';
  const slow = fault === 'slow' ? random.integer(1, 40) : 1;
  return {
    requestMs: random.integer(1, GENTLE_MS) * slow,
    answerMs: random.integer(1, GENTLE_MS),
    pieces: random.integer(1, MAX_PIECES),
    duplicated: random.chance(0.1),
    requestFault: fault === 'request' ? random.pick(REQUEST_FAULTS) : undefined,
    answerFault: fault === 'answer' ? random.pick(ANSWER_FAULTS) : undefined,
    deaf: random.chance(0.1),
    nodeMs: random.integer(1, GENTLE_NODE_MS),
    nodeFault:
      fault === 'node'
        ? { kind: random.pick(NODE_FAULTS), call: random.integer(0, MAX_NODE_CALLS - 1) }
        : undefined,
    position: random.integer(0, 9_999) / 10_000,
  };
}

/** Virtual time from sending to the last byte of the answer, at most. */
export function longestMs(plan: Plan): number {
  const atServerMs = MAX_NODE_CALLS * plan.nodeMs + MAX_COMMITTEE_MS;
  return plan.requestMs + atServerMs + plan.answerMs + plan.pieces;
}

export function pieceGapMs(plan: Plan): number {
  return plan.answerFault === 'trickled' ? TRICKLE_MS : 1;
}

export function isFaultless(plan: Plan): boolean {
  return (
    plan.requestFault === undefined &&
    plan.answerFault === undefined &&
    plan.nodeFault === undefined
  );
}

/** Flips one bit, or cuts the text, where the plan says. */
export function damage(text: string, plan: Plan, how: 'corrupted' | 'truncated'): string {
  const at = Math.floor(text.length * plan.position);
  if (how === 'truncated') return text.slice(0, at);
  const changed = String.fromCharCode(text.charCodeAt(at) ^ (1 + (at % 15)));
  return text.slice(0, at) + changed + text.slice(at + 1);
}
