/**
 * What a member's messages and their processing depend on: the keys and thresholds that the chain showed
 * when messages were made (dkg spec §13, `state.json`).
 */

/** In a rotation, what is known of the committee that hands over. */
export interface RotationSnapshot {
  readonly oldThreshold: number;
  /** New party id to old party id, for continuing members. */
  readonly newToOld: ReadonlyMap<number, number>;
  /** Partial public keys by old party id. */
  readonly oldPartialKeys: ReadonlyMap<number, Uint8Array>;
  /** Secret; absent for a new member. */
  readonly myOldShare: Uint8Array | undefined;
}

export interface CeremonySnapshot {
  /** The committee being formed. */
  readonly committeeId: string;
  readonly threshold: number;
  readonly myPartyId: number;
  /** G1 keys by party id. */
  readonly encryptionKeys: readonly Uint8Array[];
  /** G2 keys by party id. */
  readonly signingKeys: readonly Uint8Array[];
  readonly rotation: RotationSnapshot | undefined;
}

/** The part that everybody can read on chain: no party of its own, and no old share. */
export type PublicSnapshot = Omit<CeremonySnapshot, 'myPartyId'>;
