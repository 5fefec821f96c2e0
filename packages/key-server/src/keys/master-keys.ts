/** The port through which the server uses its master keys, whatever the mode (protocol §4.11). */

import type { MasterKey } from './master-key.ts';

export interface MasterKeys {
  /** @throws {SealServerError} UnsupportedPackageId, Failure */
  forPackage(firstPackageId: string): MasterKey;
  /** The keys that `/v1/service` proves possession of, by key server object id. */
  readonly services: ReadonlyMap<string, MasterKey>;
  /** Committee members only: the share in use. @throws {SealServerError} Failure */
  share?(): MasterKey;
  /** Ends the use of every key. */
  wipe(): void;
}

/** Open mode: one key for every package. */
export function openMasterKeys(objectId: string, key: MasterKey): MasterKeys {
  return {
    forPackage: () => key,
    services: new Map([[objectId, key]]),
    wipe: () => key.wipe(),
  };
}
