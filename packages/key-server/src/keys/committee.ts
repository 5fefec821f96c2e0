/**
 * Committee mode: one share of a master key that nobody has (protocol §4.12). During a rotation the
 * server holds the share of the version on chain and the next one, and changes over when the chain
 * does. This file is the state; ./committee-load.ts makes it, ./committee-monitor.ts moves it.
 */

import { SealServerError } from '@seal-ts/protocol';
import type { MasterKey } from './master-key.ts';
import type { MasterKeys } from './master-keys.ts';

/** Shares by committee version. */
export type CommitteeState =
  | { kind: 'active'; share: MasterKey }
  | {
      kind: 'rotation';
      /** Version of `next`. */
      target: number;
      /** Last version seen on chain. */
      onChain: number;
      /** Share of version `target − 1`; a new member has none. */
      current: MasterKey | undefined;
      next: MasterKey;
    };

export class CommitteeKeys implements MasterKeys {
  /** Members prove nothing alone: `/v1/service` knows no id in this mode. */
  readonly services: ReadonlyMap<string, MasterKey> = new Map();
  #state: CommitteeState;
  /** Share of the version before; requests that began with it may still use it. */
  #retired: MasterKey | undefined;

  constructor(state: CommitteeState) {
    this.#state = state;
  }

  get state(): Readonly<CommitteeState> {
    return this.#state;
  }

  /** Every package is served. @throws {SealServerError} Failure without a usable share */
  forPackage(): MasterKey {
    return this.share();
  }

  /** The share in use. @throws {SealServerError} Failure */
  share(): MasterKey {
    const state = this.#state;
    if (state.kind === 'active') return state.share;
    if (state.onChain !== state.target - 1) {
      throw new SealServerError('Failure', 'Invalid rotation state');
    }
    if (state.current === undefined) {
      throw new SealServerError('Failure', 'Cannot serve traffic without old share');
    }
    return state.current;
  }

  /** Changes over to the next share; the caller has compared it with the chain. */
  completeRotation(): void {
    const state = this.#state;
    if (state.kind !== 'rotation') return;
    this.#retired = state.current;
    this.#state = { kind: 'active', share: state.next };
  }

  /** Wipes the share of the version before, once no request can be using it. */
  wipeRetired(): void {
    this.#retired?.wipe();
    this.#retired = undefined;
  }

  wipe(): void {
    const state = this.#state;
    const shares = state.kind === 'active' ? [state.share] : [state.current, state.next];
    for (const share of shares) share?.wipe();
    this.wipeRetired();
  }
}
