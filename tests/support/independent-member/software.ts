/**
 * Another member's software, part 5 of 5: the steps of a member and of a coordinator, as the reference
 * tool does them (seal-protocol.md §6.3). It shares a state directory and a Sui wallet with our tool, and
 * no code: an oracle for ceremonies with members of both kinds.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { bcs } from '@mysten/sui/bcs';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { Chain } from './chain.ts';
import { complete, type Key, messagesHash } from './completion.ts';
import { bigEndian, type Draw, G1, G2, mod, mul1, mul2, scalarBytes } from './curve.ts';
import {
  Config,
  hex,
  readKeys,
  readMessages,
  readState,
  unhex,
  writeKeys,
  writeMessage,
  writeState,
} from './files.ts';
import { deal, receive } from './message.ts';

const PUBLISH = 'publish-and-init';
const ROTATE = 'init-rotation';
const REGISTER = 'genkey-and-register';
const RESULT = 'process-all-and-propose';

export const draw: Draw = () => mod(bigEndian(randomBytes(64)));

/** A member who was dealt a wrong share. */
export class ComplaintError extends TypeError {
  /** Hex, without `0x`. */
  readonly complaint: string;

  constructor(sender: number, complaint: Uint8Array) {
    super(`Do NOT propose onchain. Complaint against party ${sender}.`);
    this.complaint = Buffer.from(complaint).toString('hex');
  }
}

export interface Payload {
  readonly modules: readonly Uint8Array[];
  readonly dependencies: readonly string[];
}

export class OtherSoftware {
  readonly folder: string;
  readonly address: string;
  readonly #config: Config;
  readonly #client: SuiGrpcClient;
  readonly #chain: Chain;
  readonly #wallet: Ed25519Keypair;

  /** @param home folder of a Sui wallet with one Ed25519 key */
  constructor(home: string, folder: string, client: SuiGrpcClient) {
    const [entry] = JSON.parse(readFileSync(path(home, 'sui.keystore'), 'utf8'));
    this.#wallet = Ed25519Keypair.fromSecretKey(Buffer.from(entry, 'base64').subarray(1));
    this.address = this.#wallet.toSuiAddress();
    this.folder = folder;
    this.#config = new Config(folder);
    this.#client = client;
    this.#chain = new Chain(client);
  }

  // The coordinator, phase 0.

  async publishAndInit({ modules, dependencies }: Payload): Promise<void> {
    const publish = new Transaction();
    const listed = modules.map((module) => [...module]);
    const cap = publish.publish({ modules: listed, dependencies: [...dependencies] });
    publish.transferObjects([cap], this.address);
    const made = await this.#execute(publish);
    const init = new Transaction();
    const packageId = made('package');
    const { threshold, members } = this.#agreed(init);
    init.moveCall({
      target: `${packageId}::seal_committee::init_committee`,
      arguments: [init.object(made('UpgradeCap')), threshold, members],
    });
    const committee = (await this.#execute(init))('Committee');
    this.#config.put(PUBLISH, {
      COMMITTEE_PKG: packageId,
      COMMITTEE_ID: committee,
      COORDINATOR_ADDRESS: this.address,
    });
  }

  async initRotation(): Promise<void> {
    const keyServer = this.#config.text('init-rotation-params', 'KEY_SERVER_OBJ_ID');
    const { id, packageId } = await this.#chain.committee(await this.#chain.committeeOf(keyServer));
    this.#config.put(ROTATE, {
      COMMITTEE_PKG: packageId,
      CURRENT_COMMITTEE_ID: id,
      COORDINATOR_ADDRESS: this.address,
    });
    const call = new Transaction();
    const { threshold, members } = this.#agreed(call);
    call.moveCall({
      target: `${packageId}::seal_committee::init_rotation`,
      arguments: [call.object(id), threshold, members],
    });
    this.#config.put(ROTATE, { COMMITTEE_ID: (await this.#execute(call))('Committee') });
  }

  #agreed(transaction: Transaction) {
    const threshold = this.#config.get('init-params', 'THRESHOLD');
    const members = this.#config.get('init-params', 'MEMBERS');
    if (!Number.isInteger(threshold)) throw new TypeError('THRESHOLD not found or invalid');
    if (!Array.isArray(members) || members.some((member) => typeof member !== 'string')) {
      throw new TypeError('MEMBERS list not found or invalid');
    }
    const { pure } = transaction;
    return { threshold: pure.u16(Number(threshold)), members: pure.vector('address', members) };
  }

  // A member, phases A to C.

  /** @param send false is `--unsigned`: everything but the transaction */
  async register(url: string, name: string, send = true): Promise<void> {
    if (this.#config.get(REGISTER, 'DKG_ENC_PK') !== undefined) return;
    this.#config.put(REGISTER, {
      MY_ADDRESS: this.address,
      MY_SERVER_URL: Config.plain(url),
      MY_SERVER_NAME: Config.plain(name),
    });
    const keys = { encryption: draw(), signing: draw() };
    writeKeys(this.folder, keys);
    const encryption = mul1(G1.BASE, keys.encryption).toBytes();
    const signing = mul2(G2.BASE, keys.signing).toBytes();
    this.#config.put(REGISTER, { DKG_ENC_PK: hex(encryption), DKG_SIGNING_PK: hex(signing) });
    if (!send) return;
    const call = new Transaction();
    call.moveCall({
      target: `${this.#committee.packageId}::seal_committee::register`,
      arguments: [
        call.object(this.#committee.id),
        call.pure.vector('u8', encryption),
        call.pure.vector('u8', signing),
        call.pure.string(url),
        call.pure.string(name),
      ],
    });
    await this.#execute(call);
  }

  /** `create-message`, and `init-state` for who has no share of the old committee. */
  async createMessage(oldShareHex?: string): Promise<void> {
    const { id } = this.#committee;
    const ceremony = await this.#chain.ceremony(id);
    const { members } = await this.#chain.committee(id);
    const me = members.indexOf(this.#config.text(REGISTER, 'MY_ADDRESS'));
    const keys = readKeys(this.folder);
    const mine = ceremony.encryptionKeys[me];
    if (mine?.equals(mul1(G1.BASE, keys.encryption)) !== true) throw new TypeError('Mismatched PK');
    const oldShare = oldShareHex === undefined ? undefined : bigEndian(unhex(oldShareHex, 32));
    const oldId = ceremony.old?.newToOld.get(me);
    if ((oldShare !== undefined) !== (oldId !== undefined)) throw new TypeError('--old-share');
    if (oldShare !== undefined) {
      const expected = ceremony.old?.partialKeys.get(oldId ?? -1);
      if (expected?.equals(mul2(G2.BASE, oldShare)) !== true) throw new TypeError('--old-share');
    }
    const deals = ceremony.old === undefined || oldShare !== undefined;
    const signed = deals ? deal(ceremony, me, keys, draw, oldShare) : undefined;
    if (signed !== undefined) writeMessage(this.folder, signed);
    writeState(this.folder, { me, ceremony, oldShare }, signed);
  }

  /**
   * `process-all-and-propose` with the messages of `dkg-messages`.
   * @param send false: it is interrupted, or fails, before its transaction
   */
  async propose(send = true): Promise<Key> {
    const { id, packageId } = this.#committee;
    const { ceremony, me } = readState(this.folder);
    if (ceremony.id !== id) throw new TypeError('COMMITTEE_ID does not match state.json');
    const { old } = await this.#chain.committee(id);
    const before = old === null ? undefined : await this.#chain.keyServer(old);
    const version = before === undefined ? 0 : before.version + 1;
    const outputs = [`PARTIAL_PKS_V${version}`, `MASTER_SHARE_V${version}`];
    if (outputs.some((name) => this.#config.get(RESULT, name) !== undefined)) {
      throw new TypeError('already contains output field');
    }
    const keys = readKeys(this.folder);
    const messages = readMessages(path(this.folder, 'dkg-messages'));
    const dealt = messages.map((signed) => {
      const share = receive(ceremony, me, keys, signed, draw);
      if (typeof share !== 'bigint') throw new ComplaintError(signed.message.sender, share);
      return { signed, share };
    });
    const key = complete(ceremony, dealt);
    const publicKey = key.publicKey.toBytes();
    if (before !== undefined && hex(before.pk) !== hex(publicKey)) {
      throw new TypeError('KEY_SERVER_PK mismatch');
    }
    const partials = key.partialKeys.map((partial) => partial.toBytes());
    this.#config.put(RESULT, {
      ...(version === 0 && { KEY_SERVER_PK: hex(publicKey) }),
      [`PARTIAL_PKS_V${version}`]: partials.map(hex),
      [`MASTER_SHARE_V${version}`]: hex(scalarBytes(key.masterShare)),
    });
    if (!send) return key;
    const call = new Transaction();
    const vectors = bcs.vector(bcs.vector(bcs.u8()));
    const listed = call.pure(vectors.serialize(partials.map((partial) => [...partial])));
    const hash = call.pure.vector('u8', messagesHash(messages));
    call.moveCall(
      old === null
        ? {
            target: `${packageId}::seal_committee::propose`,
            arguments: [call.object(id), listed, call.pure.vector('u8', publicKey), hash],
          }
        : {
            target: `${packageId}::seal_committee::propose_for_rotation`,
            arguments: [call.object(id), listed, hash, call.object(old)],
          },
    );
    await this.#execute(call);
    return key;
  }

  get #committee(): { readonly id: string; readonly packageId: string } {
    const rotates = this.#config.get('init-rotation-params', 'KEY_SERVER_OBJ_ID') !== undefined;
    const section = rotates ? ROTATE : PUBLISH;
    return {
      id: this.#config.text(section, 'COMMITTEE_ID'),
      packageId: this.#config.text(section, 'COMMITTEE_PKG'),
    };
  }

  /** Insists on success; answers the id of what was created, by the name of its type. */
  async #execute(transaction: Transaction): Promise<(name: string) => string> {
    const result = await this.#client.signAndExecuteTransaction({
      transaction,
      signer: this.#wallet,
      include: { effects: true, objectTypes: true },
    });
    if (result.$kind !== 'Transaction') {
      throw new TypeError(`failed: ${result.FailedTransaction.status.error?.message}`);
    }
    const { effects, objectTypes } = result.Transaction;
    return (name) => {
      const found = effects.changedObjects.find(
        ({ idOperation, objectId, outputState }) =>
          idOperation === 'Created' &&
          (outputState === 'PackageWrite'
            ? name === 'package'
            : objectTypes[objectId]?.endsWith(`::${name}`) === true),
      );
      if (found === undefined) throw new TypeError(`no ${name} was created`);
      return found.objectId;
    };
  }
}
