/**
 * `dkg.yaml`: what the coordinator and one member know about a ceremony (seal-protocol.md §6.4.1). Both
 * forms are read; sections are written. The file holds master shares, so it is private; a value that is
 * secret is written once and never changed.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type NetworkName, networkByName } from '@seal-ts/protocol';
import { readTextFile, writePrivateFile, YamlFile } from '@seal-ts/wallet/files';
import { CommitteeError, messageOf } from '../errors.ts';
import { bytesFromHex, G2_BYTES, hex, SCALAR_BYTES, wholeAddress } from './hex.ts';
import {
  INIT_PARAMS,
  intoSections,
  MEMBER,
  PUBLISH,
  RESULT,
  ROTATION,
  ROTATION_PARAMS,
  unknownKeys,
} from './sections.ts';

const TAGS = ['!Testnet', '!Mainnet', '!Devnet', '!Localnet'];
/** What the example has in place of addresses and ids. */
export const EXAMPLE_ID = `0x${'0'.repeat(64)}`;
/** The threshold is 16 bits on chain. */
export const MAX_THRESHOLD = 65_535;

export interface PublishRecord {
  readonly packageId: string | undefined;
  readonly committeeId: string | undefined;
}

export interface MemberRecord {
  readonly address: string;
  readonly url: string;
  readonly name: string;
  readonly encryptionKey: string;
  readonly signingKey: string;
}

export interface CeremonyResult {
  /** 0 for a first key, one more for each rotation. */
  readonly version: number;
  readonly publicKey: Uint8Array;
  readonly partialPublicKeys: readonly Uint8Array[];
  /** Secret. */
  readonly masterShare: Uint8Array;
}

export class CeremonyFile {
  readonly path: string;
  readonly #yaml: YamlFile;

  private constructor(path: string, yaml: YamlFile) {
    this.path = path;
    this.#yaml = yaml;
  }

  /** Errors: COMMITTEE_CONFIG, and FILE or YAML of the wallet's file layer. */
  static read(path: string): CeremonyFile {
    const text = readTextFile(path);
    if (text === undefined) {
      throw new CommitteeError('COMMITTEE_CONFIG', `${path}: ${absence(path)}`);
    }
    return CeremonyFile.parse(path, text);
  }

  /** A text that is at `path`, or is meant to be. Errors: COMMITTEE_CONFIG, YAML. */
  static parse(path: string, text: string): CeremonyFile {
    const yaml = YamlFile.parse(path, text, TAGS);
    intoSections(yaml);
    return new CeremonyFile(path, yaml);
  }

  /** Folder of everything else that belongs to the ceremony. */
  get stateDir(): string {
    return dirname(this.path);
  }

  get network(): NetworkName {
    const text = this.#yaml.text([INIT_PARAMS, 'NETWORK']);
    try {
      return networkByName((text ?? '').toLowerCase()).name;
    } catch (cause) {
      throw this.#fault(
        `NETWORK not found in config or invalid: ${text ?? 'missing'} (${messageOf(cause)})`,
      );
    }
  }

  get nodeUrl(): string | undefined {
    return this.#yaml.text([INIT_PARAMS, 'NODE_URL']);
  }

  /** Package `seal` to link with, where the network's table has none. */
  get sealPackage(): string | undefined {
    const text = this.#yaml.text([INIT_PARAMS, 'SEAL_PKG']);
    return text === undefined ? undefined : this.#address(text, 'SEAL_PKG');
  }

  get threshold(): number {
    const text = this.#yaml.text([INIT_PARAMS, 'THRESHOLD']);
    if (text === undefined || !/^\d+$/.test(text)) {
      throw this.#fault(
        `THRESHOLD not found or invalid in config: ${text ?? 'missing'} (expected a number)`,
      );
    }
    const threshold = Number(text);
    if (threshold <= 1) throw this.#fault(`THRESHOLD must be greater than 1, got ${text}`);
    if (threshold > MAX_THRESHOLD) {
      throw this.#fault(`THRESHOLD must be at most ${MAX_THRESHOLD}, got ${text}`);
    }
    return threshold;
  }

  /** Error: COMMITTEE_CONFIG with every fault of the list. */
  get members(): string[] {
    const path = [INIT_PARAMS, 'MEMBERS'];
    if (!this.#yaml.isList(path)) {
      const found = this.#yaml.has(path) ? 'not a list' : 'missing';
      throw this.#fault(
        `MEMBERS list not found or invalid in config: ${found} (expected a line \`- 0x…\` for each)`,
      );
    }
    const size = this.#yaml.size(path);
    if (size === 0) throw this.#fault('MEMBERS list is empty');
    const faults: string[] = [];
    const members = Array.from({ length: size }, (_, index) => {
      const name = `MEMBERS[${index}]`;
      const item = [...path, String(index)];
      if (!this.#yaml.isText(item)) {
        faults.push(`${name} must be a string`);
        return '';
      }
      try {
        return wholeAddress(this.#yaml.text(item) ?? '');
      } catch (cause) {
        faults.push(`${name}: ${messageOf(cause)}`);
        return '';
      }
    });
    for (const [index, member] of members.entries()) {
      if (member === EXAMPLE_ID) faults.push(`MEMBERS[${index}] is still the zeros of the example`);
      else if (member !== '' && members.indexOf(member) !== index) {
        faults.push(`MEMBERS names ${member} twice`);
      }
    }
    if (faults.length > 0) throw this.#fault(faults.join('; '));
    return members;
  }

  /** The key server that is handed over, in a rotation. */
  get keyServerId(): string | undefined {
    const text = this.#yaml.text([ROTATION_PARAMS, 'KEY_SERVER_OBJ_ID']);
    return text === undefined ? undefined : this.#address(text, 'KEY_SERVER_OBJ_ID');
  }

  get isRotation(): boolean {
    return this.keyServerId !== undefined;
  }

  /** What `publish-and-init` or `init-rotation` recorded, whichever this ceremony uses. */
  get publication(): PublishRecord {
    const section = this.isRotation ? ROTATION : PUBLISH;
    return {
      packageId: this.#optionalAddress(section, 'COMMITTEE_PKG'),
      committeeId: this.#optionalAddress(section, 'COMMITTEE_ID'),
    };
  }

  get committeeId(): string {
    const { committeeId } = this.publication;
    if (committeeId !== undefined) return committeeId;
    throw this.#fault(
      'COMMITTEE_ID not found in config; the coordinator gets it from ' +
        (this.isRotation ? 'init-rotation' : 'publish-and-init'),
    );
  }

  /** Who started the ceremony, as the shared file says. */
  get coordinator(): string | undefined {
    return this.#optionalAddress(this.isRotation ? ROTATION : PUBLISH, 'COORDINATOR_ADDRESS');
  }

  recordPublication(record: {
    readonly packageId: string;
    readonly committeeId?: string;
    readonly coordinator: string;
    readonly currentCommitteeId?: string;
  }): void {
    const section = this.isRotation ? ROTATION : PUBLISH;
    this.#yaml.set([section, 'COMMITTEE_PKG'], record.packageId);
    if (record.currentCommitteeId !== undefined) {
      this.#yaml.set([section, 'CURRENT_COMMITTEE_ID'], record.currentCommitteeId);
    }
    if (record.committeeId !== undefined) {
      this.#yaml.set([section, 'COMMITTEE_ID'], record.committeeId);
    }
    this.#yaml.set([section, 'COORDINATOR_ADDRESS'], record.coordinator);
    this.#save();
  }

  /** Address with which this member takes part. */
  get myAddress(): string {
    const found = this.#optionalAddress(MEMBER, 'MY_ADDRESS');
    if (found !== undefined) return found;
    throw this.#fault('MY_ADDRESS not found in config; run genkey-and-register first');
  }

  /** As this member registered it. */
  get serverName(): string | undefined {
    return this.#yaml.text([MEMBER, 'MY_SERVER_NAME']);
  }

  get serverUrl(): string | undefined {
    return this.#yaml.text([MEMBER, 'MY_SERVER_URL']);
  }

  get encryptionKey(): string | undefined {
    return this.#yaml.text([MEMBER, 'DKG_ENC_PK']);
  }

  recordMember(record: MemberRecord): void {
    this.#yaml.set([MEMBER, 'MY_ADDRESS'], record.address);
    this.#yaml.set([MEMBER, 'MY_SERVER_URL'], record.url);
    this.#yaml.set([MEMBER, 'MY_SERVER_NAME'], record.name);
    this.#yaml.set([MEMBER, 'DKG_ENC_PK'], record.encryptionKey);
    this.#yaml.set([MEMBER, 'DKG_SIGNING_PK'], record.signingKey);
    this.#save();
  }

  /** `KEY_SERVER_PK`, where an earlier step recorded it. */
  get keyServerPublicKey(): Uint8Array | undefined {
    const text = this.#yaml.text([RESULT, 'KEY_SERVER_PK']);
    return text === undefined ? undefined : bytesFromHex(text, G2_BYTES, 'KEY_SERVER_PK');
  }

  /** Versions of which an output is recorded. */
  get resultVersions(): number[] {
    const found = this.#yaml
      .keys([RESULT])
      .map((key) => /^(?:PARTIAL_PKS|MASTER_SHARE)_V(\d+)$/.exec(key)?.[1])
      .filter((version) => version !== undefined)
      .map(Number);
    return [...new Set(found)].sort((a, b) => a - b);
  }

  partialPublicKeys(version: number): Uint8Array[] | undefined {
    const name = `PARTIAL_PKS_V${version}`;
    const list = this.#yaml.list([RESULT, name]);
    return list?.map((text, i) => bytesFromHex(text, G2_BYTES, `${name}[${i}]`));
  }

  /** Secret. */
  masterShare(version: number): Uint8Array | undefined {
    const name = shareName(version);
    const text = this.#yaml.text([RESULT, name]);
    return text === undefined ? undefined : bytesFromHex(text, SCALAR_BYTES, name);
  }

  /**
   * Whether the outcome can be recorded: what is there already must be the same.
   * Error: COMMITTEE_MISMATCH.
   */
  checkResult(result: CeremonyResult): void {
    for (const [name, value] of resultFields(result)) {
      if (!this.#yaml.has([RESULT, name])) continue;
      const list = this.#yaml.isList([RESULT, name]);
      const known = list ? this.#yaml.list([RESULT, name]) : this.#yaml.text([RESULT, name]);
      if (String(known).toLowerCase() !== String(value)) {
        throw new CommitteeError(
          'COMMITTEE_MISMATCH',
          `${this.path} already contains output field ${RESULT}.${name} with another value; ` +
            'nothing was changed. Keep that file, and use a new state directory for this ceremony',
        );
      }
    }
  }

  /**
   * Records the outcome and reads it back from disk. With `publicOnly` the share is left to another
   * file. Error: COMMITTEE_MISMATCH, with nothing written.
   */
  recordResult(result: CeremonyResult, publicOnly = false): void {
    this.checkResult(result);
    const { version, masterShare } = result;
    const share = shareName(version);
    for (const [name, value] of resultFields(result)) {
      if (name !== share || !publicOnly) this.#yaml.set([RESULT, name], value);
    }
    this.#save();
    if (publicOnly) return;
    const reread = CeremonyFile.read(this.path).masterShare(version);
    if (reread === undefined || hex(reread) !== hex(masterShare)) {
      throw new CommitteeError(
        'COMMITTEE_STATE',
        `${this.path} does not hold ${share} after writing it; nothing was proposed`,
      );
    }
  }

  /** Keys that mean nothing to this tool. */
  get unknownKeys(): string[] {
    return unknownKeys(this.#yaml);
  }

  /** The part that a coordinator shares: no keys, shares or outputs of a member. */
  publicText(): string {
    const copy = YamlFile.parse(this.path, this.#yaml.toString(), TAGS);
    for (const key of copy.keys([])) {
      if (![INIT_PARAMS, ROTATION_PARAMS, PUBLISH, ROTATION].includes(key)) copy.delete([key]);
    }
    return copy.toStringWithoutComments();
  }

  #save(): void {
    writePrivateFile(this.path, this.#yaml.toString());
  }

  #optionalAddress(section: string, key: string): string | undefined {
    const text = this.#yaml.text([section, key]);
    return text === undefined ? undefined : this.#address(text, `${section}.${key}`);
  }

  #address(text: string, what: string): string {
    try {
      return wholeAddress(text);
    } catch (cause) {
      throw this.#fault(`${what}: ${messageOf(cause)}`);
    }
  }

  #fault(problem: string): CommitteeError {
    return new CommitteeError('COMMITTEE_CONFIG', `${this.path}: ${problem}`);
  }
}

/** Name of a master share, here and in the environment of a key server. */
export const shareName = (version: number): string => `MASTER_SHARE_V${version}`;

function resultFields(result: CeremonyResult): [string, string | readonly string[]][] {
  const { version, publicKey, partialPublicKeys, masterShare } = result;
  const fields: [string, string | readonly string[]][] = [
    [`PARTIAL_PKS_V${version}`, partialPublicKeys.map(hex)],
    [shareName(version), hex(masterShare)],
  ];
  if (version === 0) fields.unshift(['KEY_SERVER_PK', hex(publicKey)]);
  return fields;
}

/** Path of the file in a state directory. */
export const ceremonyPath = (stateDir: string): string => join(stateDir, 'dkg.yaml');

/** Why there is no file, and what to do. */
function absence(path: string): string {
  const folder = dirname(path);
  const what = existsSync(folder) ? 'it does not exist' : 'the folder does not exist';
  // Whoever went into the state directory has it one floor up.
  const above = join(dirname(folder), basename(path));
  if (!existsSync(folder) && existsSync(above)) {
    return `${what}, but ${above} does; go up one folder with \`cd ..\`, or pass --config ${above}`;
  }
  const make = existsSync(folder) ? '' : `mkdir -m 700 ${folder} && `;
  return (
    `${what}; put the coordinator's dkg.yaml there, or start one with ` +
    `\`${make}seal-committee-cli example > ${path}\``
  );
}
