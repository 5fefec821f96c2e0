/** Somebody with a wallet and a folder, who uses the committee tool. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CliDeps, runCli, systemDeps } from '@seal-ts/committee-cli';
import { Wallet } from '@seal-ts/wallet';
import { YamlFile } from '@seal-ts/wallet/files';

const DEFAULT_FOLDER = 'dkg-state';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

/** One person: a home folder with a wallet and, in it, a state directory. */
export class Person {
  readonly name: string;
  readonly home: string;
  readonly address: string;
  /** `MASTER_SHARE_V{n}` by n: what an operator keeps when the state directory is deleted. */
  readonly shares = new Map<number, string>();
  #folder = DEFAULT_FOLDER;

  /** @param home does not exist yet */
  constructor(name: string, home: string, rpcUrl: string) {
    this.name = name;
    this.home = home;
    mkdirSync(this.home);
    const environments = [{ alias: 'localnet', rpc: rpcUrl }];
    const wallet = Wallet.create(join(this.home, 'client.yaml'), environments, 'localnet');
    this.address = wallet.newAddress();
  }

  get stateDir(): string {
    return join(this.home, this.#folder);
  }

  /** Works in another state directory from now on. */
  use(folder: string): void {
    this.#folder = folder;
  }

  path(...parts: string[]): string {
    return join(this.stateDir, ...parts);
  }

  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), 'utf8');
  }

  /** A file of the home folder. */
  readHome(path: string): string {
    return readFileSync(join(this.home, path), 'utf8');
  }

  /** A value of `dkg.yaml`; empty when it is not there. */
  value(section: string, key: string): string {
    return YamlFile.parse('dkg.yaml', this.read('dkg.yaml')).text([section, key]) ?? '';
  }

  /** Name of the message that this member made in phase B. */
  messageFile(): string {
    const found = readdirSync(this.stateDir).find((name) => /^message_\d+\.json$/.test(name));
    if (found === undefined) throw new TypeError(`${this.name} has made no message`);
    return found;
  }

  message(): string {
    return this.read(this.messageFile());
  }

  /** Keeps a copy of the share that phase C left in `dkg.yaml`. */
  keepShare(version: number): string {
    const share = this.recordedShare(version);
    if (share === undefined) throw new TypeError(`${this.name} has no share of version ${version}`);
    this.shares.set(version, share);
    return share;
  }

  /** A share in `dkg.yaml`, if there is one yet. */
  recordedShare(version: number): string | undefined {
    return this.value('process-all-and-propose', `MASTER_SHARE_V${version}`) || undefined;
  }

  share(version: number): string {
    return this.shares.get(version) ?? this.keepShare(version);
  }

  /** Starts over with this `dkg.yaml`. */
  begin(text: string): void {
    rmSync(this.stateDir, { recursive: true, force: true });
    mkdirSync(this.stateDir);
    writeFileSync(this.path('dkg.yaml'), text);
  }

  /** What others sent for phase C. */
  receive(messages: ReadonlyMap<string, string>): void {
    const folder = this.path('dkg-messages');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const [file, text] of messages) writeFileSync(join(folder, file), text);
  }

  async try(args: readonly string[], deps: Partial<CliDeps> = {}): Promise<Ran> {
    const out: string[] = [];
    const notes: string[] = [];
    const folder = this.#folder === DEFAULT_FOLDER ? [] : ['-s', this.#folder];
    const code = await runCli([...args, ...folder], {
      ...systemDeps,
      terminal: undefined,
      cwd: this.home,
      environment: { SUI_CONFIG_DIR: this.home },
      out: (line) => out.push(line),
      note: (line) => notes.push(line),
      ...deps,
    });
    return { code, out: out.join('\n'), notes: notes.join('\n') };
  }

  /** Insists on success and answers the output. */
  async run(...args: string[]): Promise<string> {
    const ran = await this.try(args);
    if (ran.code !== 0) throw new TypeError(`${args.join(' ')}: ${ran.notes}\n${ran.out}`);
    return ran.out;
  }

  /** Insists on failure and answers the message. */
  async fail(...args: string[]): Promise<string> {
    const ran = await this.try(args);
    if (ran.code === 0) throw new TypeError(`${args.join(' ')} succeeded: ${ran.out}`);
    return ran.notes;
  }
}
