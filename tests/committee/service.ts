/**
 * A committee's servers as its operators run them, and somebody who relies on them: the official client,
 * which encrypted once and has to be able to read at every moment of a ceremony.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EncryptedObject, SealClient, SessionKey } from '@mysten/seal';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { fromHex } from '@mysten/sui/utils';
import type { Person } from './person.ts';
import { Gateway, type Launch, LOOPBACK, type Program, type RunningServer } from './servers.ts';
import type { World } from './world.ts';

/** Where a member's key server is: one URL, whatever runs behind it. */
export class Site {
  readonly person: Person;
  readonly gateway: Gateway;
  readonly #launch: Launch;
  #running: RunningServer | undefined;

  private constructor(person: Person, gateway: Gateway, launch: Launch) {
    this.person = person;
    this.gateway = gateway;
    this.#launch = launch;
  }

  static async open(person: Person, launch: Launch): Promise<Site> {
    return new Site(person, await Gateway.open(), launch);
  }

  get url(): string {
    return this.gateway.url;
  }

  /** Starts the key server, in place of the one that runs. */
  async start(environment: Readonly<Record<string, string>>): Promise<void> {
    await this.stop();
    this.#running = await this.#launch('key-server', environment);
    this.gateway.target = this.#running.port;
  }

  async stop(): Promise<void> {
    this.gateway.target = undefined;
    await this.#running?.stop();
    this.#running = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    this.gateway.close();
  }

  /** Base64 of the public key of the share that the server answers with now. */
  async partialPublicKey(): Promise<string> {
    const { apiKey } = this.gateway;
    const answer = await fetch(`${this.url}/v1/debug/committee_partial_pk`, {
      headers: {
        'Client-Sdk-Type': 'typescript',
        'Client-Sdk-Version': '1.4.12',
        ...(apiKey && { [apiKey.name]: apiKey.value }),
      },
    });
    return ((await answer.json()) as { partial_pk: string }).partial_pk;
  }
}

/** Lines that every configuration file on this machine needs. */
export function machineLines(world: World): string {
  return `network: !Localnet
  seal_package: '${world.sealPackage}'
node_url: '${world.localnet.url}'
metrics_host_port: 0
`;
}

/** The part that the runbooks show. */
export function memberLines(address: string, keyServerId: string, target?: number): string {
  const state = target === undefined ? '!Active' : `!Rotation\n    target_version: ${target}`;
  return `server_mode: !Committee
  member_address: '${address}'
  key_server_obj_id: '${keyServerId}'
  committee_state: ${state}
`;
}

/** The aggregator that a third party runs. */
export class Aggregator {
  readonly world: World;
  readonly keyServerId: string;
  readonly #launch: Launch;
  #running: RunningServer | undefined;

  constructor(world: World, keyServerId: string, launch: Launch) {
    this.world = world;
    this.keyServerId = keyServerId;
    this.#launch = launch;
  }

  get url(): string {
    if (this.#running === undefined) throw new TypeError('the aggregator does not run');
    return `http://${LOOPBACK}:${this.#running.port}`;
  }

  /** With the credentials of these members, in place of the one that runs. */
  async start(sites: readonly Site[]): Promise<void> {
    const config = join(this.world.dir, 'aggregator-config.yaml');
    const credentials = sites.map(({ person, gateway: { apiKey, url } }) => {
      const key = apiKey && `api_key_name: '${apiKey.name}', api_key: '${apiKey.value}', `;
      return `  '${person.name}': { ${key ?? ''}url: '${url}' }\n`;
    });
    const text = `${machineLines(this.world)}key_server_object_id: '${this.keyServerId}'
api_credentials:
${credentials.join('')}member_access:
  allow_addresses: ['127.0.0.0/8']
`;
    writeFileSync(config, text, { mode: 0o600 });
    const next = await this.#launch('aggregator' satisfies Program, { CONFIG_PATH: config });
    await this.#running?.stop();
    this.#running = next;
  }

  async close(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }
}

const DATA = new TextEncoder().encode('written once, read through every ceremony');

/** The official client of a committee. */
export class Reader {
  readonly #world: World;
  readonly #aggregator: Aggregator;
  readonly #user = Ed25519Keypair.generate();
  #first: Uint8Array | undefined;
  #written = 0;

  constructor(world: World, aggregator: Aggregator) {
    this.#world = world;
    this.#aggregator = aggregator;
  }

  /** Reads what was written when the first key was made. */
  async reads(): Promise<void> {
    this.#first ??= await this.#write();
    await this.#expectData(this.#first);
  }

  /** Writes, and reads both that and what is old. */
  async writesAndReads(): Promise<void> {
    await this.reads();
    await this.#expectData(await this.#write());
  }

  async #expectData(object: Uint8Array): Promise<void> {
    const found = await this.#read(object);
    if (Buffer.compare(found, DATA) !== 0) throw new TypeError('the data came back changed');
  }

  /** A client without any memory of earlier keys. */
  #client(): SealClient {
    const { keyServerId: objectId, url: aggregatorUrl } = this.#aggregator;
    return new SealClient({
      suiClient: this.#world.client,
      serverConfigs: [{ objectId, weight: 1, aggregatorUrl }],
    });
  }

  async #write(): Promise<Uint8Array> {
    this.#written += 1;
    const { encryptedObject } = await this.#client().encrypt({
      threshold: 1,
      packageId: this.#world.policy,
      id: this.#written.toString(16).padStart(4, '0'),
      data: DATA,
    });
    return encryptedObject;
  }

  async #read(data: Uint8Array): Promise<Uint8Array> {
    const { client, policy: packageId } = this.#world;
    const id = this.#idOf(data);
    const transaction = new Transaction();
    transaction.moveCall({
      target: `${packageId}::open::seal_approve`,
      arguments: [transaction.pure.vector('u8', fromHex(id))],
    });
    const sessionKey = await SessionKey.create({
      address: this.#user.toSuiAddress(),
      packageId,
      ttlMin: 5,
      signer: this.#user,
      suiClient: client,
    });
    const txBytes = await transaction.build({ client, onlyTransactionKind: true });
    return this.#client().decrypt({ data, sessionKey, txBytes });
  }

  #idOf(data: Uint8Array): string {
    return EncryptedObject.parse(data).id;
  }
}
