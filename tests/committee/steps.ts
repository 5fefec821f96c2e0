/** The steps of a ceremony by people who do everything right, for tests about those who do not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** What the members agreed on over the trusted channel. */
export interface Agreed {
  readonly threshold: number;
  readonly members: readonly Person[];
  /** In a rotation. */
  readonly keyServerId?: string;
}

/** Texts of message files by name. */
export type Messages = Map<string, string>;

/** Compares the committee of `dkg.yaml` with a list of the person's own. */
export async function compare(person: Person, agreed: Agreed): Promise<void> {
  const { threshold, members, keyServerId } = agreed;
  const lines = [
    `THRESHOLD: ${threshold}`,
    'MEMBERS:',
    ...members.map(({ address }) => `  - ${address}`),
    ...(keyServerId === undefined ? [] : [`KEY_SERVER_OBJ_ID: ${keyServerId}`]),
  ];
  writeFileSync(join(person.home, 'trusted.yaml'), `${lines.join('\n')}\n`);
  await person.run('verify', '--trusted', 'trusted.yaml');
}

/** Phase 0: the coordinator starts the committee, and every member gets its file and compares. */
export async function begin(world: World, coordinator: Person, agreed: Agreed): Promise<void> {
  const { threshold, members, keyServerId } = agreed;
  coordinator.begin(world.config(threshold, members, keyServerId));
  await coordinator.run(keyServerId === undefined ? 'publish-and-init' : 'init-rotation');
  const shared = await coordinator.run('export-public');
  for (const member of members) {
    if (member !== coordinator) member.begin(shared);
    await compare(member, agreed);
  }
}

/** Phase A. */
export async function register(person: Person, url: string): Promise<string> {
  return person.run('genkey-and-register', '-u', url, '-n', person.name);
}

/** Phase B. @param version of the share that a continuing member of a rotation deals */
export async function deal(person: Person, version?: number): Promise<string> {
  if (version === undefined) return person.run('create-message');
  const file = join(person.home, `share-${version}`);
  writeFileSync(file, person.share(version), { mode: 0o600 });
  return person.run('create-message', '-o', `@${file}`);
}

/** What the coordinator collects from these members. */
export function messagesOf(...dealers: readonly Person[]): Messages {
  return new Map(dealers.map((dealer) => [dealer.messageFile(), dealer.message()]));
}

/** Phase C; keeps the share. */
export async function propose(person: Person, messages: Messages, version: number) {
  person.receive(messages);
  const said = await person.run('process-all-and-propose');
  person.keepShare(version);
  return said;
}
