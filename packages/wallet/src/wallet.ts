/**
 * The Sui command line's wallet: `client.yaml` (environments, what is active, where the keys are),
 * the keystore beside it, and the aliases of addresses. Both programs can use the same files.
 */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Keypair } from '@mysten/sui/cryptography';
import { normalizeAddress, toBase64 } from '@seal-ts/protocol';
import { WalletError } from './errors.ts';
import { takeLock } from './files/lock.ts';
import {
  createPrivateFile,
  makePrivateFolder,
  readTextFile,
  writePrivateFile,
} from './files/private-file.ts';
import { YamlFile } from './files/yaml-file.ts';
import { type KeyScheme, Keystore } from './keystore.ts';

export interface WalletEnvironment {
  readonly alias: string;
  /** URL of a full node. */
  readonly rpc: string;
}

/** How some versions of the Sui command line mark the kind of keystore. */
const KEYSTORE_TAGS = ['!File'];

/** `$SUI_CONFIG_DIR/client.yaml`, or the one below the home folder. */
export function defaultWalletPath(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  // An empty variable is not the working directory.
  const folder = environment['SUI_CONFIG_DIR'] || join(homedir(), '.sui', 'sui_config');
  return join(folder, 'client.yaml');
}

export class Wallet {
  readonly path: string;
  readonly keystore: Keystore;
  #file: YamlFile;

  private constructor(path: string, file: YamlFile, keystore: Keystore) {
    this.path = path;
    this.#file = file;
    this.keystore = keystore;
  }

  /** Errors: WALLET_MISSING, WALLET_INVALID, YAML, FILE. */
  static open(path: string = defaultWalletPath()): Wallet {
    const text = readTextFile(path);
    if (text === undefined) {
      throw new WalletError(
        'WALLET_MISSING',
        `there is no wallet at ${path}; name another one, or make it with \`sui client\``,
      );
    }
    const file = YamlFile.parse(path, text, KEYSTORE_TAGS);
    return new Wallet(path, file, Keystore.read(keystorePath(path, file)));
  }

  /** A new wallet without keys; never replaces one. Errors: FILE. */
  static create(path: string, environments: readonly WalletEnvironment[], active: string): Wallet {
    const folder = dirname(resolve(path));
    makePrivateFolder(folder);
    const keystore = join(folder, 'sui.keystore');
    createPrivateFile(path, newClientFile(keystore, environments, active));
    return Wallet.open(path);
  }

  get environments(): WalletEnvironment[] {
    return Array.from({ length: this.#file.size(['envs']) }, (_, index) => ({
      alias: this.#file.text(['envs', String(index), 'alias']) ?? '',
      rpc: this.#file.text(['envs', String(index), 'rpc']) ?? '',
    }));
  }

  /** Error: WALLET_ENV_MISSING. */
  environment(alias: string): WalletEnvironment {
    const found = this.environments.find((item) => item.alias === alias);
    if (found !== undefined) return found;
    throw this.#noEnvironment(`called ${alias}`, alias, '<URL>');
  }

  /** The environment whose node has this URL. Error: WALLET_ENV_MISSING. */
  environmentByUrl(url: string): WalletEnvironment {
    const found = this.environments.find((item) => sameUrl(item.rpc, url));
    if (found !== undefined) return found;
    throw this.#noEnvironment(`with RPC ${url}`, '<alias>', url);
  }

  /** Error: WALLET_ENV_MISSING. */
  get activeEnvironment(): WalletEnvironment {
    const alias = this.#file.text(['active_env']);
    if (alias !== undefined) return this.environment(alias);
    throw new WalletError('WALLET_ENV_MISSING', `${this.path}: no environment is active`);
  }

  get addresses(): string[] {
    return this.keystore.addresses;
  }

  /** Error: WALLET_KEY_MISSING when there is none, or no key for it. */
  get activeAddress(): string {
    const text = this.#file.text(['active_address']);
    if (text === undefined) {
      throw new WalletError('WALLET_KEY_MISSING', `${this.path}: no address is active`);
    }
    return normalizeAddress(text);
  }

  /** Errors: WALLET_KEY_MISSING. */
  key(address: string): Keypair {
    const normal = normalizeAddress(address);
    const key = this.keystore.find(normal);
    if (key !== undefined) return key;
    const held = this.addresses.join(', ') || 'none';
    throw new WalletError(
      'WALLET_KEY_MISSING',
      `${this.keystore.path} has no key for ${normal} (it has ${held})`,
    );
  }

  /** Makes a key, saves it, and makes its address the active one. Error: LOCKED. */
  newAddress(scheme: KeyScheme = 'ed25519'): string {
    return this.#alone(() => {
      const key = this.keystore.generate(scheme);
      const address = key.toSuiAddress();
      this.#addAlias(key, address);
      this.#edit((file) => file.set(['active_address'], address));
      return address;
    });
  }

  /** Errors: WALLET_KEY_MISSING, LOCKED. */
  switchAddress(address: string): void {
    const normal = this.key(address).toSuiAddress();
    this.#alone(() => this.#edit((file) => file.set(['active_address'], normal)));
  }

  /** Errors: WALLET_ENV_MISSING, LOCKED. */
  switchEnvironment(alias: string): void {
    this.environment(alias);
    this.#alone(() => this.#edit((file) => file.set(['active_env'], alias)));
  }

  /** Errors: WALLET_EXISTS, LOCKED. */
  addEnvironment({ alias, rpc }: WalletEnvironment): void {
    if (this.environments.some((item) => item.alias === alias)) {
      throw new WalletError('WALLET_EXISTS', `${this.path} has an environment ${alias} already`);
    }
    const entry = { alias, rpc, ws: null, basic_auth: null };
    this.#alone(() => this.#edit((file) => file.append(['envs'], entry)));
  }

  /** While no other run of this tool changes the wallet. */
  #alone<T>(change: () => T): T {
    const lock = takeLock(`${this.path}.lock`, this.path);
    try {
      return change();
    } finally {
      lock.release();
    }
  }

  /** Changes the newest version of the file, so that edits of other programs are kept. */
  #edit(change: (file: YamlFile) => void): void {
    const file = YamlFile.parse(this.path, readTextFile(this.path) ?? '', KEYSTORE_TAGS);
    change(file);
    writePrivateFile(this.path, file.toString());
    this.#file = file;
  }

  /**
   * The Sui command line keeps a name for every key in `sui.aliases`. Where that file does not exist
   * it makes one by itself.
   */
  #addAlias(key: Keypair, address: string): void {
    const path = join(dirname(this.keystore.path), 'sui.aliases');
    const text = readTextFile(path);
    if (text === undefined) return;
    let list: unknown;
    try {
      list = JSON.parse(text);
    } catch (cause) {
      throw new WalletError('WALLET_INVALID', `${path}: it is not JSON`, { cause });
    }
    if (!Array.isArray(list)) throw new WalletError('WALLET_INVALID', `${path}: expected a list`);
    const alias = `key-${address.slice(2, 10)}`;
    const entry = { alias, public_key_base64: toBase64(key.getPublicKey().toSuiBytes()) };
    writePrivateFile(path, `${JSON.stringify([...list, entry], null, 2)}\n`);
  }

  #noEnvironment(what: string, alias: string, url: string): WalletError {
    const known = this.environments.map((item) => `${item.alias} ${item.rpc}`).join(', ') || 'none';
    return new WalletError(
      'WALLET_ENV_MISSING',
      `${this.path} has no environment ${what} (it has: ${known}); ` +
        `add it with \`sui client new-env --alias ${alias} --rpc ${url}\``,
    );
  }
}

/** `keystore: { File: path }`, or `keystore: !File path` of older versions. */
function keystorePath(path: string, file: YamlFile): string {
  const nested = file.isSection(['keystore']);
  const found = nested ? file.text(['keystore', 'File']) : file.text(['keystore']);
  if (found === undefined || found === '') {
    throw new WalletError(
      'WALLET_INVALID',
      `${path}: keystore.File is missing; only file keystores can be used`,
    );
  }
  return resolve(dirname(path), found);
}

function newClientFile(
  keystore: string,
  environments: readonly WalletEnvironment[],
  active: string,
): string {
  const file = YamlFile.empty('client.yaml');
  file.set(['keystore', 'File'], keystore);
  file.set(['envs'], []);
  for (const { alias, rpc } of environments) {
    file.append(['envs'], { alias, rpc, ws: null, basic_auth: null });
  }
  file.set(['active_env'], active);
  file.setNull(['active_address']);
  return file.toString();
}

function sameUrl(a: string, b: string): boolean {
  const parsed = [a, b].map((url) => (URL.canParse(url) ? new URL(url).href : url));
  return parsed[0] === parsed[1];
}
