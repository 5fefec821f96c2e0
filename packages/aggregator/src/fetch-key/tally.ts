/**
 * Shares of one request, and whether any version of the committee can be completed with them
 * (protocol §1.11, §5.5). Shares are verified when enough are there to finish, all at once; when
 * that fails, one member at a time, so that a liar costs its own share only. A share that fits no
 * version is remembered: the member may be ahead of what this aggregator knows.
 */

import {
  aggregateEncryptedShares,
  type ElGamalCiphertext,
  type Engine,
  type G2Point,
  hashIdentity,
  type Identity,
  MAX_BATCH_SHARES,
  type MemberShare,
  type RandomSource,
  verifyEncryptedShares,
} from '@seal-ts/crypto';
import { fromHex } from '@seal-ts/protocol';
import type { Committee, Member } from '../committee/snapshot.ts';
import type { Endpoint, MemberKeys } from '../members/ask-member.ts';

export interface TallyOptions {
  /** Full identities in hex. */
  expectedIds: ReadonlySet<string>;
  /** The client's `x·g2`. */
  verificationKey: G2Point;
}
export interface TallyDeps {
  engine: Engine;
  random: RandomSource;
}

/** Encryptions of the full keys, by identity in hex, and where they came from. */
export interface Combined {
  readonly keys: ReadonlyMap<string, ElGamalCiphertext>;
  readonly committeeVersion: number;
  /** Names of the members whose shares were used. */
  readonly members: readonly string[];
}

interface Answer {
  readonly endpoint: string;
  readonly keys: MemberKeys;
}
interface Candidate {
  readonly member: Member;
  readonly answer: Answer;
}

/** Verified and refused answers under one committee version. */
class Standing {
  readonly good = new Map<number, Candidate>();
  readonly bad = new Set<Answer>();
}

/** Members with the same name and URL are one endpoint. */
export function endpointKey({ name, url }: Endpoint): string {
  return JSON.stringify([name, url]);
}

export class Tally {
  readonly #options: TallyOptions;
  readonly #deps: TallyDeps;
  readonly #identities = new Map<string, Identity>();
  readonly #answers: Answer[] = [];
  readonly #standings = new Map<string, Standing>();

  constructor(options: TallyOptions, deps: TallyDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  add(endpoint: Endpoint, keys: MemberKeys): void {
    this.#answers.push({ endpoint: endpointKey(endpoint), keys });
  }

  /** Whether `committee` could still be completed, with the answers of `pending` endpoints. */
  isReachable(committee: Committee, pending: ReadonlySet<string>): boolean {
    const standing = this.#standing(committee);
    const hopeful = committee.members.filter((member) => {
      const key = endpointKey(member);
      return (
        standing.good.has(member.partyId) ||
        pending.has(key) ||
        this.#candidates(committee, standing).some((c) => c.member === member)
      );
    });
    return hopeful.length >= committee.threshold;
  }

  /** The first of `committees` that can be completed with what is here. */
  combine(committees: readonly Committee[]): Combined | undefined {
    for (const committee of committees) {
      const combined = this.#complete(committee);
      if (combined !== undefined) return combined;
    }
    return undefined;
  }

  /** Whether the member's share is verified under this version. */
  isVerified(committee: Committee, endpoint: Endpoint): boolean {
    const { good } = this.#standing(committee);
    const key = endpointKey(endpoint);
    return [...good.values()].some(({ answer }) => answer.endpoint === key);
  }

  /** Judges every answer under every version. */
  verifyAll(committees: readonly Committee[]): void {
    for (const committee of committees) {
      const standing = this.#standing(committee);
      for (;;) {
        const candidates = this.#candidates(committee, standing);
        if (candidates.length === 0) break;
        this.#judge(standing, candidates);
      }
    }
  }

  /**
   * Endpoints that gave a share which is bad under one version and good under none. Answers that
   * nobody looked at are left alone.
   */
  mismatched(committees: readonly Committee[]): Set<string> {
    const standings = committees.map((committee) => this.#standing(committee));
    const newest = [...new Map(this.#answers.map((a) => [a.endpoint, a])).values()];
    const suspects = newest.filter((answer) => standings.some((s) => s.bad.has(answer)));
    if (suspects.length > 0 && committees.length > 1) this.verifyAll(committees);
    const fits = (answer: Answer) =>
      standings.some((s) => [...s.good.values()].some((c) => c.answer === answer));
    return new Set(suspects.filter((a) => !fits(a)).map(({ endpoint }) => endpoint));
  }

  #standing(committee: Committee): Standing {
    let standing = this.#standings.get(committee.fingerprint);
    if (standing === undefined) {
      standing = new Standing();
      this.#standings.set(committee.fingerprint, standing);
    }
    return standing;
  }

  /** Answers that were not judged under this version yet, newest first, one for each party. */
  #candidates(committee: Committee, { good, bad }: Standing): Candidate[] {
    return committee.members.flatMap((member) => {
      if (good.has(member.partyId)) return [];
      const key = endpointKey(member);
      const answer = this.#answers.findLast((a) => a.endpoint === key && !bad.has(a));
      return answer === undefined ? [] : [{ member, answer }];
    });
  }

  #complete(committee: Committee): Combined | undefined {
    const standing = this.#standing(committee);
    // Each turn settles at least one answer, so this ends.
    for (;;) {
      const missing = committee.threshold - standing.good.size;
      const candidates = this.#candidates(committee, standing);
      if (missing > candidates.length) return undefined;
      if (missing > 0) this.#judge(standing, candidates.slice(0, missing));
      if (standing.good.size >= committee.threshold) return this.#aggregate(committee, standing);
    }
  }

  #judge(standing: Standing, candidates: readonly Candidate[]): void {
    const together = candidates.length > 1 && this.#holds(candidates);
    for (const candidate of candidates) {
      if (together || this.#holds([candidate])) {
        standing.good.set(candidate.member.partyId, candidate);
      } else standing.bad.add(candidate.answer);
    }
  }

  #holds(candidates: readonly Candidate[]): boolean {
    const { expectedIds, verificationKey } = this.#options;
    if (candidates.length > 1 && candidates.length * expectedIds.size > MAX_BATCH_SHARES) {
      return false;
    }
    const shares: MemberShare[] = candidates.flatMap(({ member, answer }) =>
      [...answer.keys].map(([id, ciphertext]) => ({
        ciphertext,
        identity: this.#identity(id),
        partialPublicKey: member.partialKey,
      })),
    );
    return verifyEncryptedShares(this.#deps, verificationKey, shares);
  }

  #identity(id: string): Identity {
    let identity = this.#identities.get(id);
    if (identity === undefined) {
      identity = hashIdentity(this.#deps.engine, fromHex(id));
      this.#identities.set(id, identity);
    }
    return identity;
  }

  #aggregate({ version, threshold }: Committee, { good }: Standing): Combined {
    const used = [...good.values()].slice(0, threshold);
    const keys = new Map<string, ElGamalCiphertext>();
    for (const id of this.#options.expectedIds) {
      const shares = used.map(({ member, answer }) => ({
        partyId: member.partyId,
        ciphertext: answer.keys.get(id)!,
      }));
      keys.set(id, aggregateEncryptedShares(this.#deps.engine, shares, threshold));
    }
    const members = used.map(({ member }) => member.name);
    return { keys, committeeVersion: version, members };
  }
}
