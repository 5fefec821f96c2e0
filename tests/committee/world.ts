/** A chain with the package `seal`, and people with a wallet and a folder each, who use the tool. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { type CliDeps, runCli, systemDeps } from '@seal-ts/committee-cli';
import { type Localnet, startLocalnet } from '@seal-ts/localnet';
import { frameworkSources } from '@seal-ts/localnet/framework';
import { compilePackage, publishPayload } from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { Wallet } from '@seal-ts/wallet';
import { execute, temporaryFolder } from '../support/stack.ts';

export const MOVE = new URL('../../move', import.meta.url).pathname;
const FUNDS = 5_000_000_000n;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

/** One person: a home folder with a wallet and, in it, a state directory. */
export class Person {
  readonly home: string;
  readonly world: World;
  readonly address: string;

  constructor(world: World, name: string) {
    this.world = world;
    this.home = join(world.dir, name);
    mkdirSync(this.home);
    const environments = [{ alias: 'localnet', rpc: world.localnet.url }];
    const wallet = Wallet.create(join(this.home, 'client.yaml'), environments, 'localnet');
    this.address = wallet.newAddress();
  }

  get stateDir(): string {
    return join(this.home, 'dkg-state');
  }

  path(...parts: string[]): string {
    return join(this.stateDir, ...parts);
  }

  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), 'utf8');
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
    const code = await runCli(args, {
      ...systemDeps,
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

export class World {
  readonly dir: string;
  readonly localnet: Localnet;
  readonly client: SuiGrpcClient;
  readonly sealPackage: string;

  private constructor(dir: string, localnet: Localnet, client: SuiGrpcClient, sealPackage: string) {
    this.dir = dir;
    this.localnet = localnet;
    this.client = client;
    this.sealPackage = sealPackage;
  }

  static async start(): Promise<World> {
    const localnet = await startLocalnet({ checkpointMs: 0 });
    const client = new SuiGrpcClient({ network: 'localnet', baseUrl: localnet.url });
    const publisher = Ed25519Keypair.generate();
    await localnet.ledger.fund(publisher.toSuiAddress(), [FUNDS]);
    const compiled = await compilePackage({
      packagePath: 'seal',
      reader: directoryReader(MOVE),
      framework: await frameworkSources(),
    });
    const payload = publishPayload(compiled);
    const transaction = new Transaction();
    const capability = transaction.publish({
      modules: payload.modules.map((module) => Array.from(module)),
      dependencies: [...payload.dependencies],
    });
    transaction.transferObjects([capability], publisher.toSuiAddress());
    const { created } = await execute(client, publisher, transaction);
    const dir = temporaryFolder('seal-committee-');
    return new World(dir, localnet, client, created.get('package') as string);
  }

  async person(name: string): Promise<Person> {
    const person = new Person(this, name);
    await this.localnet.ledger.fund(person.address, [FUNDS, FUNDS]);
    return person;
  }

  /** What a coordinator writes by hand. */
  config(threshold: number, members: readonly Person[], keyServerId?: string): string {
    const lines = [
      'init-params:',
      '  NETWORK: Localnet',
      `  SEAL_PKG: ${this.sealPackage}`,
      `  THRESHOLD: ${threshold}`,
      '  MEMBERS:',
      ...members.map(({ address }) => `    - ${address}`),
    ];
    if (keyServerId) lines.push('init-rotation-params:', `  KEY_SERVER_OBJ_ID: ${keyServerId}`);
    return `${lines.join('\n')}\n`;
  }

  async close(): Promise<void> {
    await this.localnet.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
