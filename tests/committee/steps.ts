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

/**
 * Everybody goes on unverified: to compare compiles the package anew each time, and other tests are about
 * that (verify.test.ts, and both runbooks).
 */
const UNVERIFIED = '--unverified';

/** Phase 0: the coordinator starts the committee, and every member gets its file. */
export async function begin(world: World, coordinator: Person, agreed: Agreed): Promise<void> {
  const { threshold, members, keyServerId } = agreed;
  coordinator.begin(world.config(threshold, members, keyServerId));
  await coordinator.run(keyServerId === undefined ? 'publish-and-init' : 'init-rotation');
  const shared = await coordinator.run('export-public');
  for (const member of members) if (member !== coordinator) member.begin(shared);
}

/** Phase A. */
export async function register(person: Person, url: string): Promise<string> {
  return person.run('genkey-and-register', '-u', url, '-n', person.name, UNVERIFIED);
}

/** Phase B. @param version of the share that a continuing member of a rotation deals */
export async function deal(person: Person, version?: number): Promise<string> {
  if (version === undefined) return person.run('create-message', UNVERIFIED);
  const file = join(person.home, `share-${version}`);
  writeFileSync(file, person.share(version), { mode: 0o600 });
  return person.run('create-message', '-o', `@${file}`, UNVERIFIED);
}

/** Phase B of a new member in a rotation. */
export async function initState(person: Person): Promise<string> {
  return person.run('init-state', UNVERIFIED);
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
