/**
 * Permissioned mode: a key for each client, found by the first package id of a request (protocol
 * §4.11). Keys are derived from a seed, or imported; exported clients have none.
 */

import { SealServerError } from '@seal-ts/protocol';
import type { MasterKey } from './master-key.ts';
import type { MasterKeys } from './master-keys.ts';

export interface ClientKey {
  key: MasterKey;
  keyServerObjectId: string;
  /** First versions. */
  packageIds: readonly string[];
}

export function permissionedMasterKeys(clients: readonly ClientKey[]): MasterKeys {
  const byPackage = new Map(
    clients.flatMap(({ key, packageIds }) => packageIds.map((id) => [id, key] as const)),
  );
  return {
    forPackage(firstPackageId) {
      const key = byPackage.get(firstPackageId);
      if (key === undefined) throw new SealServerError('UnsupportedPackageId');
      return key;
    },
    services: new Map(clients.map(({ key, keyServerObjectId }) => [keyServerObjectId, key])),
    wipe() {
      for (const { key } of clients) key.wipe();
    },
  };
}
