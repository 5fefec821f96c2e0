/**
 * Somebody who follows a published runbook to the letter: types its lines in the folder where Seal is
 * checked out, edits the files that it says, and passes files on over the trusted channel.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Person } from './person.ts';
import type { Launch } from './servers.ts';
import { machineLines, memberLines, Site } from './service.ts';
import { MOVE, type World } from './world.ts';

/** What stands before the tool's arguments in either generation of the runbooks. */
const LAUNCHERS = [
  'cargo run --bin seal-committee-cli -- ',
  'python crates/dkg-cli/scripts/dkg-scripts.py ',
];
const KEY_SERVER = /^((?:\w+=\S+ )*)cargo run --bin key-server$/;

const ADDRESS = `0x${'0'.repeat(64)}`;
const list = (size: number) => Array.from({ length: size }, () => `- ${ADDRESS}\n`);

/** The examples that both generations come with: what they hold is their format. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'crates/seal-committee-cli/dkg.example.yaml': `init-params:
  NETWORK: Testnet # Target network
  # NODE_URL: https://fullnode.testnet.sui.io:443
  THRESHOLD: 2 # Committee threshold (t of n)
  MEMBERS: # Addresses of all participating members
    ${list(3).join('    ')}`,
  'crates/seal-committee-cli/dkg-rotation.example.yaml': `init-params:
  NETWORK: Testnet # Target network
  THRESHOLD: 3 # Threshold for the new committee (t of n)
  MEMBERS: # New committee members (may include continuing members)
    ${list(4).join('    ')}
# Rotation only params
init-rotation-params:
  KEY_SERVER_OBJ_ID: ${ADDRESS} # Key server object ID from the current committee
`,
  'crates/dkg-cli/scripts/dkg.example.yaml': `NETWORK: Testnet # Target network
THRESHOLD: 2 # Committee threshold (t of n)
COORDINATOR_ADDRESS: ${ADDRESS} # Your address
MEMBERS: # Addresses of all participating members
  ${list(3).join('  ')}`,
  'crates/dkg-cli/scripts/dkg-rotation.example.yaml': `NETWORK: Testnet # Target network
THRESHOLD: 3 # Threshold for the new committee (t of n)
COORDINATOR_ADDRESS: ${ADDRESS} # Your address
KEY_SERVER_OBJ_ID: ${ADDRESS} # Key server object ID from the current committee
MEMBERS: # New committee members (may include continuing members)
  ${list(4).join('  ')}`,
};

export interface ServerStart {
  readonly keyServerId: string;
  /** Whose shares the server gets. */
  readonly versions: readonly number[];
  /** Rotation mode. */
  readonly target?: number | undefined;
}

export class Operator {
  readonly person: Person;
  readonly site: Site;

  private constructor(person: Person, site: Site) {
    this.person = person;
    this.site = site;
  }

  /** Everybody by name. */
  static async joinAll<Name extends string>(
    world: World,
    names: readonly Name[],
    launch: Launch,
  ): Promise<Record<Name, Operator>> {
    const operators = {} as Record<Name, Operator>;
    for (const name of names) operators[name] = await Operator.join(world, name, launch);
    return operators;
  }

  static async join(world: World, name: string, launch: Launch): Promise<Operator> {
    const person = await world.person(name);
    const site = await Site.open(person, launch);
    for (const folder of ['seal-committee-cli', 'dkg-cli/scripts', 'key-server']) {
      mkdirSync(join(person.home, 'crates', folder), { recursive: true });
    }
    mkdirSync(join(person.home, 'path/to'), { recursive: true });
    symlinkSync(MOVE, join(person.home, 'move'));
    for (const [path, text] of Object.entries(EXAMPLES)) {
      writeFileSync(join(person.home, path), text);
    }
    return new Operator(person, site);
  }

  /** Types lines one after another, each of which has to succeed; answers what the tool printed. */
  async type(lines: string): Promise<string> {
    const said: string[] = [];
    for (const line of commandsOf(lines)) said.push(await this.#enter(line));
    return said.join('\n');
  }

  /** Types one command of the tool that has to fail; answers its error. */
  async typeInVain(line: string): Promise<string> {
    return this.person.fail(...(toolArguments(commandsOf(line)[0] ?? '') ?? []));
  }

  async #enter(line: string): Promise<string> {
    const words = toolArguments(line);
    if (words !== undefined) return this.person.run(...words);
    const { home: cwd } = this.person;
    const server = KEY_SERVER.exec(line);
    if (server === null) return execFileSync('sh', ['-c', line], { cwd, encoding: 'utf8' });
    const variables = (server[1] ?? '').trim().split(' ');
    const environment = Object.fromEntries(variables.map((item) => item.split('=', 2)));
    const config = join(cwd, environment['CONFIG_PATH'] ?? '');
    await this.site.start({ ...environment, CONFIG_PATH: config });
    return '';
  }

  /** Changes a file by hand; every text to replace has to be there. */
  edit(path: string, ...changes: readonly (readonly [find: RegExp, put: string])[]): void {
    const file = join(this.person.home, path);
    let text = readFileSync(file, 'utf8');
    for (const [find, put] of changes) {
      if (text.search(find) < 0) throw new TypeError(`${path} has no ${find.source}`);
      text = text.replace(find, put);
    }
    writeFileSync(file, text);
  }

  /** Types the start of the key server, with these shares and in this state; ends the one before it. */
  async startKeyServer(world: World, { keyServerId, versions, target }: ServerStart) {
    const { person } = this;
    const config = 'crates/key-server/key-server-config.yaml';
    const lines = memberLines(person.address, keyServerId, target);
    // Without it a server that waits for the new version looks every 30 s.
    const often = 'committee_poll_interval: 1s\n';
    this.write(config, `${machineLines(world)}${often}${lines}`);
    const shares = versions.map((n) => `MASTER_SHARE_V${n}=${person.share(n)} \\\n`);
    await this.type(`CONFIG_PATH=${config} \\\n${shares.join('')}cargo run --bin key-server`);
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.person.home, path), text);
  }

  /** Passes a file or folder on: it arrives at `path/to/` of each receiver. */
  send(path: string, ...receivers: readonly Operator[]): void {
    for (const { person } of receivers) {
      const target = join(person.home, 'path/to', basename(path));
      cpSync(join(this.person.home, path), target, { recursive: true });
    }
  }
}

function commandsOf(lines: string): string[] {
  return lines
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Undefined for a line that is not the tool's. */
function toolArguments(line: string): string[] | undefined {
  const launcher = LAUNCHERS.find((item) => line.startsWith(item));
  return launcher === undefined ? undefined : line.slice(launcher.length).trim().split(/ +/);
}
