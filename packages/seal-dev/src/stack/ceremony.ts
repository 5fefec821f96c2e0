/**
 * A key ceremony of people who all live on this machine: each has a wallet and a state directory of its
 * own, and runs `seal-committee-cli` as the runbook says.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { runCli, systemDeps } from '@seal-ts/committee-cli';
import { Wallet } from '@seal-ts/wallet';
import { DevError } from '../errors.ts';
import type { CommitteePlan } from './committee-plan.ts';
import { makePrivateDir, writePrivateFile } from './files.ts';

export interface CeremonyChain {
  readonly rpcUrl: string;
  readonly faucetUrl: string;
  readonly sealPackage: string;
}

export interface Member {
  readonly name: string;
  readonly address: string;
  readonly url: string;
  /** Folder of `dkg.yaml`, `dkg.key` and the messages. */
  readonly stateDir: string;
}

export interface Ceremony {
  readonly members: readonly Member[];
  readonly keyServerObjectId: string;
  readonly committeeId: string;
  readonly packageId: string;
}

interface Person extends Member {
  readonly home: string;
}

/** Runs a fresh ceremony. Errors: DEV_CHILD_FAILED with what the tool said. */
export async function runCeremony(
  home: string,
  plan: CommitteePlan,
  urls: readonly string[],
  chain: CeremonyChain,
): Promise<Ceremony> {
  const people = urls.map((url, i) => newPerson(home, `${plan.name}-member-${i + 1}`, url, chain));
  for (const { address } of people) {
    await requestSuiFromFaucetV2({ host: chain.faucetUrl, recipient: address });
  }
  const [coordinator, ...others] = people as [Person, ...Person[]];
  writePrivateFile(join(coordinator.stateDir, 'dkg.yaml'), initialFile(plan, people, chain));
  await tool(coordinator, 'publish-and-init');
  const shared = await tool(coordinator, 'export-public');
  for (const { stateDir } of others) writePrivateFile(join(stateDir, 'dkg.yaml'), `${shared}\n`);
  for (const person of people) {
    await tool(person, 'verify');
    await tool(person, 'genkey-and-register', '-u', person.url, '-n', person.name);
  }
  for (const person of people) await tool(person, 'create-message');
  await propose(people);
  return outcome(coordinator, people);
}

function newPerson(home: string, name: string, url: string, chain: CeremonyChain): Person {
  const own = join(home, name);
  makePrivateDir(own);
  const environments = [{ alias: 'localnet', rpc: chain.rpcUrl }];
  const wallet = Wallet.create(join(own, 'client.yaml'), environments, 'localnet');
  const stateDir = join(own, 'dkg-state');
  makePrivateDir(stateDir);
  return { name, url, home: own, stateDir, address: wallet.newAddress() };
}

function initialFile(plan: CommitteePlan, people: readonly Person[], chain: CeremonyChain): string {
  return [
    'init-params:',
    '  NETWORK: Localnet',
    `  SEAL_PKG: "${chain.sealPackage}"`,
    `  THRESHOLD: ${plan.threshold}`,
    '  MEMBERS:',
    ...people.map(({ address }) => `    - "${address}"`),
    '',
  ].join('\n');
}

/** Everybody gets everybody's message; the first one's set hash binds the others to the same set. */
async function propose(people: readonly Person[]): Promise<void> {
  let setHash: string | undefined;
  for (const person of people) {
    const folder = join(person.stateDir, 'dkg-messages');
    makePrivateDir(folder);
    for (const [id, sender] of people.entries()) {
      const file = `message_${id}.json`;
      copyFileSync(join(sender.stateDir, file), join(folder, file));
    }
    const bound = setHash === undefined ? [] : ['--set-hash', setHash];
    const said = await tool(person, 'process-all-and-propose', ...bound);
    setHash ??= /(0x[0-9a-f]{64})/.exec(said.split('set hash')[1] ?? '')?.[1];
  }
}

async function outcome(coordinator: Person, people: readonly Person[]): Promise<Ceremony> {
  const status = JSON.parse(await tool(coordinator, 'status', '--json')) as {
    state: string;
    keyServerId: string;
    committeeId: string;
  };
  if (status.state !== 'finalized') {
    throw new DevError('DEV_CHILD_FAILED', `the ceremony ended in state ${status.state}`);
  }
  const file = readFileSync(join(coordinator.stateDir, 'dkg.yaml'), 'utf8');
  const packageId = /COMMITTEE_PKG: ["']?(0x[0-9a-f]{64})/.exec(file)?.[1] ?? '';
  return {
    members: people.map(({ name, address, url, stateDir }) => ({ name, address, url, stateDir })),
    keyServerObjectId: status.keyServerId,
    committeeId: status.committeeId,
    packageId,
  };
}

/** Runs one command as `person`; answers what it printed. */
async function tool(person: Person, ...args: readonly string[]): Promise<string> {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCli(args, {
    ...systemDeps,
    cwd: person.home,
    environment: { SUI_CONFIG_DIR: person.home },
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
  });
  if (code === 0) return out.join('\n');
  throw new DevError(
    'DEV_CHILD_FAILED',
    `${person.name}: seal-committee-cli ${args[0]} failed: ${[...notes, ...out].join('\n')}`,
  );
}
