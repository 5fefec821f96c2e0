/** A chain with the package `seal`, and people with a wallet and a folder each, who use the tool. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { type Localnet, startLocalnet } from '@seal-ts/localnet';
import { frameworkSources } from '@seal-ts/localnet/framework';
import {
  compilePackage,
  memoryReader,
  type PackageReader,
  publishPayload,
} from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { execute, temporaryFolder } from '../support/execute.ts';
import { Person } from './person.ts';

export { Person, type Ran } from './person.ts';

export const MOVE = new URL('../../move', import.meta.url).pathname;
const FUNDS = 5_000_000_000n;

/** Whoever asks may read: these tests are about who holds the key, not about who gets it. */
const POLICY = memoryReader({
  policy: {
    'Move.toml': '[package]\nname = "policy"\nedition = "2024"\n[addresses]\npolicy = "0x0"\n',
    'sources/open.move': 'module policy::open;\n\nentry fun seal_approve(_id: vector<u8>) {}\n',
  },
});

export class World {
  readonly dir: string;
  readonly localnet: Localnet;
  readonly client: SuiGrpcClient;
  readonly sealPackage: string;
  /** Package whose `open::seal_approve` approves everything. */
  readonly policy: string;

  private constructor(localnet: Localnet, client: SuiGrpcClient, seal: string, policy: string) {
    this.dir = temporaryFolder('seal-committee-');
    this.localnet = localnet;
    this.client = client;
    this.sealPackage = seal;
    this.policy = policy;
  }

  static async start(): Promise<World> {
    const localnet = await startLocalnet({ checkpointMs: 0 });
    const client = new SuiGrpcClient({ network: 'localnet', baseUrl: localnet.url });
    const publisher = Ed25519Keypair.generate();
    await localnet.ledger.fund(publisher.toSuiAddress(), [FUNDS]);
    const seal = await publish(client, publisher, 'seal', directoryReader(MOVE));
    const policy = await publish(client, publisher, 'policy', POLICY);
    return new World(localnet, client, seal, policy);
  }

  async person(name: string): Promise<Person> {
    const person = new Person(name, join(this.dir, name), this.localnet.url);
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

async function publish(
  client: SuiGrpcClient,
  publisher: Ed25519Keypair,
  packagePath: string,
  reader: PackageReader,
): Promise<string> {
  const framework = await frameworkSources();
  const payload = publishPayload(await compilePackage({ packagePath, reader, framework }));
  const transaction = new Transaction();
  const capability = transaction.publish({
    modules: payload.modules.map((module) => Array.from(module)),
    dependencies: [...payload.dependencies],
  });
  transaction.transferObjects([capability], publisher.toSuiAddress());
  const { created } = await execute(client, publisher, transaction);
  return created.get('package') as string;
}
