/** The committees of a stack: made by a ceremony when it starts, and rotated while it runs. */
import { DevError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { makePrivateDir, type StackFiles } from '../stack/files.ts';
import { Gateway } from '../stack/gateway.ts';
import type { CommitteeEntry } from '../stack/manifest.ts';
import { freeServerPorts, type ServerPorts } from '../stack/ports.ts';
import type { Servers } from '../stack/servers.ts';
import { Ceremony } from './ceremony.ts';
import { aggregatorPart, memberPart } from './parts.ts';
import { type CeremonyChain, newPerson, type Person } from './people.ts';
import type { CommitteePlan } from './plan.ts';
import { type RotationRequest, rotate } from './rotation.ts';
import { entryOf, type RunningCommittee } from './running.ts';

export interface CommitteesDeps {
  readonly files: StackFiles;
  readonly chain: CeremonyChain;
  readonly servers: Servers;
  /** Called when an entry has changed. */
  readonly onChange: () => void;
}

export class Committees {
  readonly #deps: CommitteesDeps;
  readonly #running = new Map<string, RunningCommittee>();
  readonly #stop = new AbortController();
  /** Rotations under way, by committee; these never reject. */
  readonly #rotating = new Map<string, Promise<unknown>>();

  constructor(deps: CommitteesDeps) {
    this.#deps = deps;
  }

  get entries(): CommitteeEntry[] {
    return [...this.#running.values()].map(entryOf);
  }

  /** Makes a committee's key and starts its servers. `ports`: one entry for each member. */
  async make(
    plan: CommitteePlan,
    ports: readonly ServerPorts[],
    gatewayPort: number,
  ): Promise<void> {
    const { files, chain, servers } = this.#deps;
    const { name, threshold } = plan;
    const home = files.committee(name);
    makePrivateDir(home);
    const people: Person[] = [];
    for (const [i, own] of ports.entries()) {
      people.push(await newPerson(home, `${name}-member-${i + 1}`, own, chain));
    }
    const agreement = { version: 0, threshold, people };
    const ceremony = new Ceremony(agreement, chain, this.#stop.signal);
    await ceremony.register();
    await ceremony.deal();
    for (const person of people) await ceremony.propose(person);
    const { keyServerId, committeeId, packageId, members } = await ceremony.finalStatus();
    const settings = { files, chain, keyServerObjectId: keyServerId };
    const active = { kind: 'active', version: 0 } as const;
    const parts = people.map((person) => memberPart(person, active, settings));
    await Promise.all(parts.map((part) => servers.start(part)));
    const [behind] = (await freeServerPorts(1)) as [ServerPorts];
    await servers.start(aggregatorPart(name, people, behind, settings));
    this.#running.set(name, {
      name,
      publicKey: ceremony.publicKey(),
      gateway: await Gateway.open(gatewayPort, behind.http),
      settings,
      size: plan,
      version: 0,
      committeeId,
      packageId,
      people,
      partialPublicKeys: members.map((member) => member.partialPublicKey ?? ''),
      named: people.length,
    });
  }

  /**
   * Rotates a committee; answers its new entry. Errors: DEV_BAD_OPTION, DEV_BUSY while another rotation of
   * it is under way, and those of `rotate`.
   */
  async rotate(request: RotationRequest, progress: Progress): Promise<CommitteeEntry> {
    const { committee: name } = request;
    const committee = this.#running.get(name);
    if (!committee) {
      const known = [...this.#running.keys()].join(', ') || 'none; start with up --committee 2of3';
      throw new DevError('DEV_BAD_OPTION', `no committee ${name}; there are: ${known}`);
    }
    if (this.#rotating.has(name)) {
      throw new DevError('DEV_BUSY', `${name} is being rotated; wait until that is done`);
    }
    const { servers, onChange } = this.#deps;
    const { signal } = this.#stop;
    const work = rotate(committee, request, { servers, signal, progress, onFinal: onChange });
    const settled = work.catch(() => {}).finally(() => this.#rotating.delete(name));
    this.#rotating.set(name, settled);
    await work;
    return entryOf(committee);
  }

  /** Ends rotations under way at their next step. */
  async interrupt(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#rotating.values());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ gateway }) => gateway.close()));
  }
}
