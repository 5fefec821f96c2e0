/**
 * A ceremony as the runbook has it (docs/committee): the coordinator announces a committee, every member
 * checks it against what was agreed, registers, deals a message, and proposes the result. A first key and a
 * rotation differ in how they begin, in who deals, and in how many messages count.
 */
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DevError } from '../errors.ts';
import { makePrivateDir, writePrivateFile } from '../stack/files.ts';
import { stopped } from '../stack/servers.ts';
import {
  type CeremonyChain,
  ceremonyValue,
  freshStateDir,
  type Person,
  serverUrl,
  shareFileOf,
  stateDirOf,
  tool,
} from './people.ts';

/** Folder of the chosen messages in a state directory. */
const MESSAGES = 'dkg-messages';

/** What the members have agreed on before anything happens. */
export interface Agreement {
  /** Of the key that the ceremony makes: 0, or one more than the current one. */
  readonly version: number;
  readonly threshold: number;
  /** In the order of their party ids; the first one is the coordinator. */
  readonly people: readonly Person[];
  readonly rotation?: {
    readonly keyServerObjectId: string;
    readonly oldThreshold: number;
    /** Names of those who are in the current committee too. */
    readonly continuing: ReadonlySet<string>;
  };
}

/** What `status --json` says, as far as it is used here. */
export interface CeremonyStatus {
  readonly state: 'init' | 'postDkg' | 'finalized';
  readonly committeeId: string;
  readonly packageId: string;
  readonly keyServerId?: string;
  readonly committeeVersion?: number;
  readonly members: readonly {
    readonly address: string;
    /** Base64 of 96 bytes, once the committee is finalized. */
    readonly partialPublicKey?: string;
  }[];
}

export class Ceremony {
  readonly #agreement: Agreement;
  readonly #chain: CeremonyChain;
  readonly #signal: AbortSignal;
  /** A proposal that was computed and not sent. */
  #unsent: string | undefined;

  /** When `signal` aborts, the ceremony ends before its next command with DEV_STOPPED. */
  constructor(agreement: Agreement, chain: CeremonyChain, signal: AbortSignal) {
    this.#agreement = agreement;
    this.#chain = chain;
    this.#signal = signal;
  }

  /** Phase A: the committee is on chain, checked and registered by every member. */
  async register(): Promise<void> {
    const { people, rotation } = this.#agreement;
    for (const person of people) this.#freshState(person);
    const [coordinator, ...others] = people as [Person, ...Person[]];
    writePrivateFile(join(this.#stateDir(coordinator), 'dkg.yaml'), this.#agreedText());
    await this.#run(coordinator, rotation ? 'init-rotation' : 'publish-and-init');
    const shared = await this.#run(coordinator, 'export-public');
    for (const person of others) {
      writePrivateFile(join(this.#stateDir(person), 'dkg.yaml'), `${shared}\n`);
    }
    for (const person of people) {
      // What was agreed, written down by the member itself, and not what the coordinator sent.
      const trusted = join(this.#stateDir(person), 'trusted.yaml');
      writePrivateFile(trusted, this.#trustedList());
      await this.#run(person, 'verify', '--trusted', trusted);
      const [url, name] = [serverUrl(person), person.name];
      await this.#run(person, 'genkey-and-register', '-u', url, '-n', name);
    }
  }

  /** Phase B: messages are dealt, and everybody has the same set of them. */
  async deal(): Promise<void> {
    const { people, rotation, version } = this.#agreement;
    for (const person of people) {
      if (!rotation) await this.#run(person, 'create-message');
      else if (!rotation.continuing.has(person.name)) await this.#run(person, 'init-state');
      else {
        const share = ['-o', `@${shareFileOf(person, version - 1)}`];
        const keyServer = ['--key-server-id', rotation.keyServerObjectId];
        await this.#run(person, 'create-message', ...share, ...keyServer);
      }
    }
    await this.#chooseAndShare();
  }

  /** The coordinator collects what was dealt, signs its choice, and shares that folder. */
  async #chooseAndShare(): Promise<void> {
    const { people } = this.#agreement;
    const [coordinator, ...others] = people as [Person, ...Person[]];
    const received = join(this.#stateDir(coordinator), 'received');
    makePrivateDir(received);
    const dealers = this.#dealers();
    for (const id of dealers) {
      const file = `message_${id}.json`;
      copyFileSync(join(this.#stateDir(people[id] as Person), file), join(received, file));
    }
    const { rotation } = this.#agreement;
    const from = dealers.slice(0, rotation?.oldThreshold).join(',');
    const chosen = join(this.#stateDir(coordinator), MESSAGES);
    await this.#run(
      coordinator,
      'choose-messages',
      ...['-m', received, '--from', from, '--output', chosen],
    );
    for (const person of others) {
      const folder = join(this.#stateDir(person), MESSAGES);
      makePrivateDir(folder);
      for (const file of readdirSync(chosen)) {
        copyFileSync(join(chosen, file), join(folder, file));
      }
    }
  }

  /** Phase C of one member; afterwards its share of the new version is in its file. */
  async propose(person: Person): Promise<void> {
    await this.#process(person);
  }

  /** As `propose`, without sending the proposal yet. */
  async prepareProposal(person: Person): Promise<void> {
    const said = await this.#process(person, '--unsigned', '--sender-address', person.address);
    this.#unsent = said.split('\n').at(-1);
  }

  /** Sends what `prepareProposal` has made. */
  async sendProposal(person: Person): Promise<void> {
    await tool(person, 'sign-and-execute', '--tx-bytes', this.#unsent ?? '');
  }

  async status(): Promise<CeremonyStatus> {
    const [coordinator] = this.#agreement.people as [Person];
    return JSON.parse(await this.#run(coordinator, 'status', '--json')) as CeremonyStatus;
  }

  /** Errors: DEV_CEREMONY_FAILED unless the last proposal has made the key server. */
  async finalStatus(): Promise<CeremonyStatus & { readonly keyServerId: string }> {
    const status = await this.status();
    const { state, keyServerId, committeeVersion } = status;
    const { version } = this.#agreement;
    if (state === 'finalized' && keyServerId !== undefined && committeeVersion === version) {
      return { ...status, keyServerId };
    }
    throw new DevError(
      'DEV_CEREMONY_FAILED',
      `the ceremony ended in state ${state} with version ${committeeVersion}, expected ${version}`,
    );
  }

  /** Base64 of the 96-byte public key that a first ceremony has made. */
  publicKey(): string {
    const [coordinator] = this.#agreement.people as [Person];
    const value = ceremonyValue(this.#stateDir(coordinator), 'KEY_SERVER_PK');
    return Buffer.from(value.slice(2), 'hex').toString('base64');
  }

  /** Party ids of those who deal a message: all at first, continuing members in a rotation. */
  #dealers(): number[] {
    const { people, rotation } = this.#agreement;
    const ids = [...people.keys()];
    if (!rotation) return ids;
    return ids.filter((id) => rotation.continuing.has((people[id] as Person).name));
  }

  /** The share goes straight to the file that the member's key server reads. */
  #process(person: Person, ...args: readonly string[]): Promise<string> {
    const share = ['--share-file', shareFileOf(person, this.#agreement.version)];
    return this.#run(person, 'process-all-and-propose', ...share, ...args);
  }

  /** What the coordinator begins with. */
  #agreedText(): string {
    const { threshold, people, rotation } = this.#agreement;
    const lines = [
      'init-params:',
      '  NETWORK: Localnet',
      `  SEAL_PKG: "${this.#chain.sealPackage}"`,
      `  THRESHOLD: ${threshold}`,
      '  MEMBERS:',
      ...people.map(({ address }) => `    - "${address}"`),
    ];
    if (rotation) {
      lines.push('init-rotation-params:', `  KEY_SERVER_OBJ_ID: "${rotation.keyServerObjectId}"`);
    }
    return `${lines.join('\n')}\n`;
  }

  /** A member's own list. In a rotation the key server is the one of its own configuration. */
  #trustedList(): string {
    const { threshold, people, rotation } = this.#agreement;
    const [coordinator] = people as [Person];
    const lines = [
      'NETWORK: Localnet',
      `THRESHOLD: ${threshold}`,
      'MEMBERS:',
      ...people.map(({ address }) => `  - "${address}"`),
      `COORDINATOR_ADDRESS: "${coordinator.address}"`,
    ];
    if (rotation) lines.push(`KEY_SERVER_OBJ_ID: "${rotation.keyServerObjectId}"`);
    return `${lines.join('\n')}\n`;
  }

  #freshState(person: Person): void {
    freshStateDir(person, this.#agreement.version);
  }

  #stateDir(person: Person): string {
    return stateDirOf(person, this.#agreement.version);
  }

  async #run(person: Person, command: string, ...args: readonly string[]): Promise<string> {
    if (this.#signal.aborted) throw stopped();
    return tool(person, command, '-s', this.#stateDir(person), ...args);
  }
}
