/**
 * A committee at work: the servers of its members, the aggregator, and the client that relies on them.
 * What happens in a ceremony must never disturb that client.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from './person.ts';
import { startHere } from './servers.ts';
import { Aggregator, machineLines, memberLines, Reader, Site } from './service.ts';
import {
  type Agreed,
  begin,
  deal,
  initState,
  type Messages,
  messagesOf,
  propose,
  register,
} from './steps.ts';
import { World } from './world.ts';

export type Sites = ReadonlyMap<Person, Site>;

/** A place for everybody's key server, before there is one. */
export async function openSites(people: readonly Person[]): Promise<Sites> {
  const sites = new Map<Person, Site>();
  for (const person of people) sites.set(person, await Site.open(person, startHere));
  return sites;
}

export class Committee {
  readonly world: World;
  readonly keyServerId: string;
  readonly aggregator: Aggregator;
  readonly reader: Reader;
  readonly #sites: Sites;
  members: readonly Person[];
  version = 0;

  private constructor(world: World, id: string, sites: Sites, members: readonly Person[]) {
    this.world = world;
    this.keyServerId = id;
    this.#sites = sites;
    this.members = members;
    this.aggregator = new Aggregator(world, id, startHere);
    this.reader = new Reader(world, this.aggregator);
  }

  /**
   * Makes a key and starts all servers.
   * @param people all who will ever be members
   */
  static async found(world: World, agreed: Agreed, people: readonly Person[]): Promise<Committee> {
    const { members } = agreed;
    const [coordinator] = members as readonly [Person];
    const sites = await openSites(people);
    await begin(world, coordinator, agreed);
    for (const member of members) await register(member, urlOf(sites, member));
    for (const member of members) await deal(member);
    for (const member of members) await propose(member, messagesOf(...members), 0);
    return Committee.open(world, sites, members);
  }

  /** Starts all servers of a first key; the aggregator has credentials for every site. */
  static async open(world: World, sites: Sites, members: readonly Person[]): Promise<Committee> {
    const [coordinator] = members as readonly [Person];
    const { keyServerId } = JSON.parse(await coordinator.run('status', '--json'));
    const committee = new Committee(world, keyServerId, sites, members);
    for (const member of members) await committee.serve(member, 0);
    await committee.aggregator.start([...sites.values()]);
    await committee.reader.writesAndReads();
    return committee;
  }

  site(person: Person): Site {
    const site = this.#sites.get(person);
    if (site === undefined) throw new TypeError(`${person.name} has no server`);
    return site;
  }

  /** What members agree on for a rotation of this committee. */
  next(threshold: number, ...members: readonly Person[]): Agreed {
    return { threshold, members, keyServerId: this.keyServerId };
  }

  register(person: Person): Promise<string> {
    return register(person, this.site(person).url);
  }

  /** Phases 0 and A of a rotation. */
  async rotation(coordinator: Person, agreed: Agreed): Promise<void> {
    await begin(this.world, coordinator, agreed);
    for (const member of agreed.members) await this.register(member);
  }

  /** Phase B of one member: continuing ones deal their share, new ones make none. */
  async prepare(person: Person): Promise<void> {
    if (this.members.includes(person)) await deal(person, this.version);
    else await initState(person);
  }

  /** Phase C of all, reading after every proposal; then the servers go on with the new shares. */
  async complete({ members }: Agreed, messages: Messages): Promise<void> {
    for (const member of members) {
      await propose(member, messages, this.version + 1);
      await this.reader.reads();
    }
    await this.changeOver(members);
  }

  /** New members start first: without their shares the rest might be too few of either version. */
  async changeOver(members: readonly Person[]): Promise<void> {
    const former = this.members;
    this.version += 1;
    this.members = members;
    const joining = members.filter((member) => !former.includes(member));
    const staying = members.filter((member) => former.includes(member));
    for (const member of [...joining, ...staying]) {
      await this.serve(member, this.version);
      await this.reader.reads();
    }
    for (const member of former) {
      if (!members.includes(member)) await this.site(member).stop();
    }
    await this.reader.writesAndReads();
  }

  /** Starts or restarts a member's key server with one share. */
  async serve(person: Person, version: number): Promise<void> {
    const config = join(person.home, 'key-server-config.yaml');
    const lines = memberLines(person.address, this.keyServerId);
    writeFileSync(config, `${machineLines(this.world)}${lines}`);
    const share = { [`MASTER_SHARE_V${version}`]: person.share(version) };
    await this.site(person).start({ CONFIG_PATH: config, ...share });
  }

  async close(): Promise<void> {
    await this.aggregator.close();
    for (const site of this.#sites.values()) await site.close();
  }
}

export interface Four {
  readonly world: World;
  readonly a: Person;
  readonly b: Person;
  readonly c: Person;
  readonly d: Person;
  /** 2 of a, b and c, at work. */
  readonly committee: Committee;
}

/** A committee of three people, and a fourth who may join. */
export async function fourPeople(): Promise<Four> {
  const world = await World.start();
  const [a, b] = [await world.person('a'), await world.person('b')];
  const [c, d] = [await world.person('c'), await world.person('d')];
  const agreed = { threshold: 2, members: [a, b, c] };
  return { world, a, b, c, d, committee: await Committee.found(world, agreed, [a, b, c, d]) };
}

const urlOf = (sites: Sites, person: Person) => sites.get(person)?.url ?? '';
