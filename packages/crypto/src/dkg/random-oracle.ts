/**
 * The random oracle of key generation (dkg spec §4): SHA3-512 under a textual prefix that names the
 * ceremony, the sender and the purpose.
 */

import { sha3_512 } from '@noble/hashes/sha3.js';
import { utf8 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';

/** Start of every prefix of a ceremony. */
export const DKG_ORACLE_PREFIX = 'SEAL_DKG_V0:';

const COMMITTEE_ID = /^0x[0-9a-f]{64}$/;

/** An immutable oracle; derived oracles are made with `extend`. */
export class RandomOracle {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /**
   * The root oracle of the ceremony for a (new) committee id, `0x` and 64 lower-case hex digits.
   */
  static forCommittee(committeeId: string): RandomOracle {
    if (!COMMITTEE_ID.test(committeeId)) {
      throw new CryptoError(
        'INVALID_INPUT',
        `committee id ${committeeId}: expected 0x and 64 lower-case hex digits`,
      );
    }
    return new RandomOracle(DKG_ORACLE_PREFIX + committeeId);
  }

  /** The oracle with prefix `prefix-label`. */
  extend(label: string): RandomOracle {
    return new RandomOracle(`${this.prefix}-${label}`);
  }

  /** 64 bytes: SHA3-512 of the prefix length (u32, big-endian), the prefix and the BCS parts. */
  evaluate(...parts: readonly Uint8Array[]): Uint8Array {
    const prefix = utf8(this.prefix);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, prefix.length, false);
    const hash = sha3_512.create().update(length).update(prefix);
    for (const part of parts) hash.update(part);
    return hash.digest();
  }
}

/** The oracle for what `sender` encrypts. */
export const encryptionOracle = (root: RandomOracle, sender: number) =>
  root.extend(`encs ${sender}`);
/** The oracle for `sender`'s proof that it knows the secret it deals. */
export const secretProofOracle = (root: RandomOracle, sender: number) =>
  root.extend(`nizkpok of secret from ${sender}`);
/** The oracle for the proof inside `accuser`'s complaint against `accused`. */
export const recoveryOracle = (root: RandomOracle, accuser: number, accused: number) =>
  root.extend(`recovery of ${accuser} received from ${accused}`);
