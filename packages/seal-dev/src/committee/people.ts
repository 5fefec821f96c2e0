/**
 * The people of a committee, who all live on this machine: each has a home with a wallet, a state directory
 * for each ceremony, and a file for each share. They do everything with `seal-committee-cli`.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { runCli, systemDeps } from '@seal-ts/committee-cli';
import { Wallet } from '@seal-ts/wallet';
import { DevError } from '../errors.ts';
import { makePrivateDir } from '../stack/files.ts';
import type { ServerPorts } from '../stack/ports.ts';
import { urlOf } from '../stack/ports.ts';

/** What everybody in a ceremony needs of the chain. */
export interface CeremonyChain {
  readonly rpcUrl: string;
  readonly faucetUrl: string;
  readonly sealPackage: string;
}

export interface Person {
  /** Also the name of the person's key server. */
  readonly name: string;
  readonly address: string;
  readonly ports: ServerPorts;
  readonly home: string;
}

/** Makes a person: a home below `committeeHome`, a wallet in it, and some SUI. */
export async function newPerson(
  committeeHome: string,
  name: string,
  ports: ServerPorts,
  chain: CeremonyChain,
): Promise<Person> {
  const home = join(committeeHome, name);
  makePrivateDir(home);
  const environments = [{ alias: 'localnet', rpc: chain.rpcUrl }];
  const wallet = Wallet.create(join(home, 'client.yaml'), environments, 'localnet');
  const address = wallet.newAddress();
  await requestSuiFromFaucetV2({ host: chain.faucetUrl, recipient: address });
  return { name, address, ports, home };
}

export const serverUrl = ({ ports }: Person): string => urlOf(ports);

/** Folder of the ceremony that makes `version`: `dkg.yaml`, `dkg.key` and the messages. */
export function stateDirOf({ home }: Person, version: number): string {
  return join(home, version === 0 ? 'dkg-state' : `dkg-state-v${version}`);
}

/** A fresh state directory: what a ceremony that was given up left there is in the way of another one. */
export function freshStateDir(person: Person, version: number): string {
  const dir = stateDirOf(person, version);
  rmSync(dir, { recursive: true, force: true });
  makePrivateDir(dir);
  return dir;
}

/** The file that holds the person's share of `version`, as a key server reads it. */
export function shareFileOf({ home }: Person, version: number): string {
  return join(home, `master-share-v${version}`);
}

/** Destroys what a person holds of `version`, as everybody does when a rotation is over. */
export function destroyShare(person: Person, version: number): void {
  rmSync(shareFileOf(person, version), { force: true });
  rmSync(stateDirOf(person, version), { recursive: true, force: true });
}

/** Runs one command of the tool as `person`; answers what it printed. Errors: DEV_CEREMONY_FAILED. */
export async function tool(person: Person, ...args: readonly string[]): Promise<string> {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCli(args, {
    ...systemDeps,
    cwd: person.home,
    environment: { SUI_CONFIG_DIR: person.home },
    terminal: undefined,
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
  });
  if (code === 0) return out.join('\n');
  throw new DevError(
    'DEV_CEREMONY_FAILED',
    `${person.name}: seal-committee-cli ${args[0]} failed: ${[...notes, ...out].join('\n')}`,
  );
}

/** A hex value in `dkg.yaml` of a state directory. Errors: DEV_FILE. */
export function ceremonyValue(stateDir: string, key: string): string {
  const path = join(stateDir, 'dkg.yaml');
  const file = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const value = new RegExp(`^ *${key}: ["']?(0x[0-9a-f]+)`, 'm').exec(file)?.[1];
  if (value) return value;
  throw new DevError('DEV_FILE', `${path} has no ${key}`);
}
