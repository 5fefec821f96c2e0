/**
 * What changes over time in a scenario, fixed before it starts: so that the properties can be
 * judged from the outside, without asking the code under test.
 */

/** From `fromMs` up to but not including `toMs`, virtual time. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export function overlaps(span: Span, fromMs: number, toMs: number): boolean {
  return span.fromMs <= toMs && fromMs < span.toMs;
}

export function during(spans: readonly Span[], fromMs: number, toMs = fromMs): boolean {
  return spans.some((span) => overlaps(span, fromMs, toMs));
}

export interface Grant extends Span {
  readonly user: string;
  /** Hex of the inner id. */
  readonly id: string;
}

/** Who may open what, and when: the Move policy of the scenario. */
export class Policy {
  readonly #grants: readonly Grant[];

  constructor(grants: readonly Grant[]) {
    this.#grants = grants;
  }

  allows(user: string, id: string, atMs: number): boolean {
    return this.#of(user, id).some((grant) => grant.fromMs <= atMs && atMs < grant.toMs);
  }

  /** One grant covers the whole time. */
  allowsThroughout(user: string, id: string, fromMs: number, toMs: number): boolean {
    return this.#of(user, id).some((grant) => grant.fromMs <= fromMs && toMs < grant.toMs);
  }

  allowsSometime(user: string, id: string, fromMs: number, toMs: number): boolean {
    return this.#of(user, id).some((grant) => overlaps(grant, fromMs, toMs));
  }

  #of(user: string, id: string): Grant[] {
    return this.#grants.filter((grant) => grant.user === user && grant.id === id);
  }
}

/** How far a full node is behind, ms; outside the spans it is up to date. */
export interface Lag extends Span {
  readonly lagMs: number;
}

export function lagAt(lags: readonly Lag[], atMs: number): number {
  return Math.max(0, ...lags.filter((lag) => overlaps(lag, atMs, atMs)).map((lag) => lag.lagMs));
}

/** The lag never was smaller than this; 0 if the node was up to date for a moment. */
export function smallestLag(lags: readonly Lag[], fromMs: number, toMs: number): number {
  const throughout = lags.filter((lag) => lag.fromMs <= fromMs && toMs < lag.toMs);
  return Math.max(0, ...throughout.map((lag) => lag.lagMs));
}

export function largestLag(lags: readonly Lag[], fromMs: number, toMs: number): number {
  return Math.max(0, ...lags.filter((lag) => overlaps(lag, fromMs, toMs)).map((lag) => lag.lagMs));
}
