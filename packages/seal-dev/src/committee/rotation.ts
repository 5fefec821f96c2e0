/**
 * A committee hands its key over to another one while it goes on answering (docs/committee/rotation.md,
 * seal-protocol.md §6.5): the ceremony of the people, and what operators do with their servers meanwhile.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../progress.ts';
import { freeServerPorts } from '../stack/ports.ts';
import { type Servers, stopped } from '../stack/servers.ts';
import { Ceremony, type CeremonyStatus } from './ceremony.ts';
import { chooseWay, usesShare } from './change-over.ts';
import { aggregatorPart, memberPart, type ShareState } from './parts.ts';
import { destroyShare, newPerson, type Person, stateDirOf } from './people.ts';
import { type CommitteeSize, continuingMembers, parseSize, sizeText } from './plan.ts';
import { newNames, type RunningCommittee } from './running.ts';

export interface RotationRequest {
  /** Name of the committee in the manifest. */
  readonly committee: string;
  /** The next threshold and size, such as `3of4`. */
  readonly to: string;
  /** How many members go on; as many as can when undefined. New ones fill up. */
  readonly continuing?: number | undefined;
  /** False: rather fail some requests than wait for servers to change over by themselves. */
  readonly wait?: boolean | undefined;
}

export interface RotationDeps {
  readonly servers: Servers;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Called when the chain has the new committee, which `committee` then describes. */
  readonly onFinal: () => void;
}

/** Errors: DEV_BAD_OPTION, DEV_CEREMONY_FAILED, DEV_CHILD_FAILED, DEV_STOPPED. */
export async function rotate(
  committee: RunningCommittee,
  request: RotationRequest,
  deps: RotationDeps,
): Promise<void> {
  const next = parseSize(request.to, 'the next committee');
  const count = continuingMembers(committee.size, next, request.continuing);
  await new Rotation(committee, next, count, deps).run(request.wait ?? true);
}

const names = (people: readonly Person[]) => people.map(({ name }) => name).join(', ');

class Rotation {
  readonly #committee: RunningCommittee;
  readonly #next: CommitteeSize;
  readonly #deps: RotationDeps;
  readonly #old: { readonly size: CommitteeSize; readonly version: number };
  readonly #version: number;
  readonly #staying: readonly Person[];
  readonly #leaving: readonly Person[];
  #joining: readonly Person[] = [];
  /** Those whose servers run in Rotation mode. */
  readonly #holdBoth: Person[] = [];
  /** From here on the chain may have the new committee, whatever is heard of it. */
  #decided = false;

  constructor(committee: RunningCommittee, next: CommitteeSize, count: number, deps: RotationDeps) {
    this.#committee = committee;
    this.#next = next;
    this.#deps = deps;
    this.#old = { size: committee.size, version: committee.version };
    this.#version = committee.version + 1;
    this.#staying = committee.people.slice(0, count);
    this.#leaving = committee.people.slice(count);
  }

  async run(wait: boolean): Promise<void> {
    try {
      await this.#handOver();
      await this.#changeOver(wait);
      await this.#cleanUp();
    } catch (error) {
      // What fails while the stack stops fails because of that.
      if (this.#deps.signal.aborted) throw stopped(error);
      if (!this.#decided) await this.#giveUp();
      throw error;
    }
  }

  /** Everything up to the last proposal; the old committee answers as before. */
  async #handOver(): Promise<void> {
    const { name, settings } = this.#committee;
    const { members } = this.#next;
    this.#joining = await this.#newPeople(members - this.#staying.length);
    const people = [...this.#staying, ...this.#joining];
    const agreement = {
      version: this.#version,
      threshold: this.#next.threshold,
      people,
      rotation: {
        keyServerObjectId: settings.keyServerObjectId,
        oldThreshold: this.#old.size.threshold,
        continuing: new Set(this.#staying.map((person) => person.name)),
      },
    };
    const ceremony = new Ceremony(agreement, settings.chain, this.#deps.signal);
    const from = sizeText(this.#old.size);
    await this.#step(
      `${name}: ${from} to ${sizeText(this.#next)} announced, checked and registered by ${members}`,
      () => ceremony.register(),
    );
    await this.#step(`${this.#old.size.threshold} members have dealt their shares`, () =>
      ceremony.deal(),
    );
    await this.#step('a second aggregator, which knows the new members, has taken over', () =>
      this.#relieveAggregator([...this.#committee.people, ...this.#joining]),
    );
    await this.#propose(ceremony, people);
  }

  /** Servers of continuing members hold both shares before the last proposal is sent. */
  async #propose(ceremony: Ceremony, people: readonly Person[]): Promise<void> {
    const last = people.at(-1) as Person;
    await this.#step('proposals are made; continuing servers hold both shares', async () => {
      for (const person of people) {
        if (person !== last) await ceremony.propose(person);
        else await ceremony.prepareProposal(person);
        if (this.#staying.includes(person)) {
          this.#holdBoth.push(person);
          await this.#replace(person, { kind: 'rotation', target: this.#version });
        }
      }
    });
    const { servers } = this.#deps;
    if (this.#joining.length > 0) {
      const state: ShareState = { kind: 'active', version: this.#version };
      await this.#step(`new members stand by: ${names(this.#joining)}`, async () => {
        const parts = this.#joining.map((one) => memberPart(one, state, this.#committee.settings));
        await Promise.all(parts.map((part) => servers.start(part)));
      });
    }
    await this.#step(
      `the last proposal is made: version ${this.#version} is on chain`,
      async () => {
        this.#decided = true;
        await ceremony.sendProposal(last);
        this.#take(await ceremony.finalStatus(), people);
      },
    );
  }

  #take({ committeeId, packageId, members }: CeremonyStatus, people: readonly Person[]): void {
    const committee = this.#committee;
    committee.size = this.#next;
    committee.version = this.#version;
    committee.people = people;
    committee.committeeId = committeeId;
    committee.packageId = packageId;
    committee.partialPublicKeys = members.map((member) => member.partialPublicKey ?? '');
    this.#deps.onFinal();
  }

  /** New servers answer as soon as they see the chain; continuing ones come to hold the new share alone. */
  async #changeOver(wait: boolean): Promise<void> {
    const state: ShareState = { kind: 'active', version: this.#version };
    let joined = true;
    if (this.#joining.length > 0) {
      await this.#step(`new members answer: ${names(this.#joining)}`, async () => {
        joined = await this.#useNewShares(this.#joining);
      });
    }
    const way = this.#way();
    const safe =
      joined && (way === 'restart' || (way === 'wait' && wait && (await this.#changedOver())));
    const gap = safe ? '' : '; requests may have failed meanwhile';
    await this.#step(
      `continuing members use the new share alone: ${names(this.#staying)}${gap}`,
      async () => {
        for (const person of this.#staying) await this.#replace(person, state);
      },
    );
  }

  #way(): ReturnType<typeof chooseWay> {
    const running = (people: readonly Person[]) =>
      people.filter(({ name }) => this.#deps.servers.isRunning(name)).length;
    return chooseWay({
      oldThreshold: this.#old.size.threshold,
      newThreshold: this.#next.threshold,
      continuing: running(this.#staying),
      leaving: running(this.#leaving),
      joining: running(this.#joining),
    });
  }

  /** Waits for servers in Rotation mode; answers whether all of them use the new share then. */
  async #changedOver(): Promise<boolean> {
    this.#deps.progress('waiting for continuing servers, which look at the chain every 10 s');
    let all = true;
    await this.#step('they have changed over', async () => {
      all = await this.#useNewShares(this.#staying);
    });
    return all;
  }

  /** Waits for servers that run; answers whether all of them use the new share. */
  async #useNewShares(people: readonly Person[]): Promise<boolean> {
    const { servers, signal } = this.#deps;
    const { people: members, partialPublicKeys } = this.#committee;
    const used = people.map((person) => {
      const key = partialPublicKeys[members.indexOf(person)] ?? '';
      return servers.isRunning(person.name) ? usesShare(person, key, signal) : true;
    });
    return (await Promise.all(used)).every(Boolean);
  }

  /** What belongs to the old version is destroyed, so that nobody can collect it. */
  async #cleanUp(): Promise<void> {
    const { people } = this.#committee;
    await this.#step('old shares are destroyed, members who left have stopped', async () => {
      for (const { name } of this.#leaving) await this.#deps.servers.remove(name);
      for (const person of [...this.#staying, ...this.#leaving]) {
        destroyShare(person, this.#old.version);
      }
      // It holds the old share, and nothing needs it once the committee is final.
      for (const person of people) {
        rmSync(join(stateDirOf(person, this.#version), 'state.json'), { force: true });
      }
    });
  }

  /** Servers hold the old share alone again; on chain the old committee is still the one that counts. */
  async #giveUp(): Promise<void> {
    for (const person of this.#holdBoth) {
      // What made the ceremony fail is told; a server that does not come back says so in its log.
      await this.#replace(person, { kind: 'active', version: this.#old.version }).catch(() => {});
    }
    for (const person of this.#staying) destroyShare(person, this.#version);
    for (const { home, name } of this.#joining) {
      await this.#deps.servers.remove(name);
      rmSync(home, { recursive: true, force: true });
    }
  }

  async #newPeople(count: number): Promise<Person[]> {
    const { name, settings } = this.#committee;
    const ports = await freeServerPorts(count);
    const names = newNames(this.#committee, count);
    const home = settings.files.committee(name);
    return Promise.all(
      ports.map((own, i) => newPerson(home, names[i] as string, own, settings.chain)),
    );
  }

  async #relieveAggregator(members: readonly Person[]): Promise<void> {
    const { name, gateway, settings } = this.#committee;
    const [ports] = (await freeServerPorts(1)) as [Person['ports']];
    const part = aggregatorPart(name, members, ports, settings);
    await this.#deps.servers.relieve(part, () => {
      gateway.target = ports.http;
    });
  }

  async #replace(person: Person, state: ShareState): Promise<void> {
    await this.#deps.servers.replace(memberPart(person, state, this.#committee.settings));
  }

  async #step(name: string, work: () => Promise<void>): Promise<void> {
    if (this.#deps.signal.aborted) throw stopped();
    const started = performance.now();
    await work();
    if (this.#deps.signal.aborted) throw stopped();
    this.#deps.progress(name, performance.now() - started);
  }
}
