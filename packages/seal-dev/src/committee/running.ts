/** A committee of the running stack: who is in it now, and where it answers. */
import type { Gateway } from '../stack/gateway.ts';
import type { CommitteeEntry } from '../stack/manifest.ts';
import type { PartSettings } from './parts.ts';
import { type Person, serverUrl, stateDirOf } from './people.ts';
import type { CommitteeSize } from './plan.ts';

export interface RunningCommittee {
  readonly name: string;
  /** Base64 of the 96-byte public key; a rotation never changes it. */
  readonly publicKey: string;
  readonly gateway: Gateway;
  readonly settings: PartSettings;
  size: CommitteeSize;
  version: number;
  committeeId: string;
  packageId: string;
  /** In the order of their party ids. */
  people: readonly Person[];
  /** Base64, by party id. */
  partialPublicKeys: readonly string[];
  /** Members that ever were, for names that are never used twice. */
  named: number;
}

/** Names for members that join. */
export function newNames(committee: RunningCommittee, count: number): string[] {
  const names = Array.from(
    { length: count },
    (_, i) => `${committee.name}-member-${committee.named + i + 1}`,
  );
  committee.named += count;
  return names;
}

export function entryOf(committee: RunningCommittee): CommitteeEntry {
  const { name, settings, gateway, size, version, publicKey, packageId, committeeId } = committee;
  return {
    name,
    keyServerObjectId: settings.keyServerObjectId,
    aggregatorUrl: gateway.url,
    version,
    threshold: size.threshold,
    publicKey,
    packageId,
    committeeId,
    members: committee.people.map((person) => ({
      name: person.name,
      address: person.address,
      url: serverUrl(person),
      stateDir: stateDirOf(person, version),
    })),
  };
}
