/**
 * `sui.keystore`: a JSON list of private keys, each Base64 of `scheme flag ‖ 32 bytes`
 * (Ed25519 0, Secp256k1 1, Secp256r1 2). The Sui command line reads and writes the same file.
 */
import { decodeSuiPrivateKey, type Keypair } from '@mysten/sui/cryptography';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { fromBase64, toBase64 } from '@seal-ts/protocol';
import { WalletError } from './errors.ts';
import { takeLock } from './files/lock.ts';
import { readTextFile, writePrivateFile } from './files/private-file.ts';

export type KeyScheme = 'ed25519' | 'secp256k1' | 'secp256r1';

export const KEY_SCHEMES: readonly KeyScheme[] = ['ed25519', 'secp256k1', 'secp256r1'];
const SECRET_BYTES = 32;
/** Keys in one file. */
export const MAX_KEYS = 10_000;

const SCHEMES = {
  ed25519: Ed25519Keypair,
  secp256k1: Secp256k1Keypair,
  secp256r1: Secp256r1Keypair,
} as const;

/** The keys of a wallet, by address. */
export class Keystore {
  readonly path: string;
  /** As the file has them, in its order. */
  readonly #entries: string[];
  readonly #keys: Map<string, Keypair>;

  private constructor(path: string, entries: string[]) {
    this.path = path;
    this.#entries = entries;
    this.#keys = new Map();
    for (const [index, entry] of entries.entries()) {
      const key = decodeEntry(entry, `${path}, key ${index}`);
      this.#keys.set(key.toSuiAddress(), key);
    }
  }

  /** A missing file is an empty keystore. Errors: FILE, WALLET_INVALID. */
  static read(path: string): Keystore {
    return new Keystore(path, parseEntries(path, readTextFile(path)));
  }

  /** In the order of the file. */
  get addresses(): string[] {
    return [...this.#keys.keys()];
  }

  /** The key of an address (66 characters), or undefined. */
  find(address: string): Keypair | undefined {
    return this.#keys.get(address);
  }

  /** Makes a new key and saves the file. Errors: those of `add`. */
  generate(scheme: KeyScheme): Keypair {
    const key = SCHEMES[scheme].generate();
    this.add(key);
    return key;
  }

  /**
   * Adds a key, on top of what other programs have added since, and saves the file. Two that write at
   * once would lose a key whose address somebody was told already.
   * Errors: LOCKED, FILE, WALLET_INVALID.
   */
  add(key: Keypair): void {
    const lock = takeLock(`${this.path}.lock`, this.path);
    try {
      const current = parseEntries(this.path, readTextFile(this.path));
      const entry = encodeEntry(key);
      const entries = current.includes(entry) ? current : [...current, entry];
      writePrivateFile(this.path, `${JSON.stringify(entries, null, 2)}\n`);
      this.#entries.splice(0, this.#entries.length, ...entries);
      this.#keys.set(key.toSuiAddress(), key);
    } finally {
      lock.release();
    }
  }
}

function parseEntries(path: string, text: string | undefined): string[] {
  if (text === undefined || text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the file.
    throw invalid(path, 'it is not JSON');
  }
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) {
    throw invalid(path, 'expected a list of strings');
  }
  if (value.length > MAX_KEYS) throw invalid(path, `more than ${MAX_KEYS} keys`);
  return value as string[];
}

/** Never names the entry itself: it is a secret. */
function decodeEntry(entry: string, where: string): Keypair {
  if (entry.startsWith('suiprivkey')) return decodeBech32(entry, where);
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(entry);
  } catch {
    throw invalid(where, 'it is not Base64');
  }
  const scheme = KEY_SCHEMES[bytes[0] ?? -1];
  if (scheme === undefined) throw invalid(where, `unknown signature scheme ${bytes[0]}`);
  if (bytes.length !== 1 + SECRET_BYTES) {
    throw invalid(where, `${bytes.length} bytes, expected ${1 + SECRET_BYTES}`);
  }
  return fromSecret(scheme, bytes.subarray(1), where);
}

function decodeBech32(entry: string, where: string): Keypair {
  try {
    const { scheme, secretKey } = decodeSuiPrivateKey(entry);
    const known = KEY_SCHEMES.find((name) => name === scheme.toLowerCase());
    if (known !== undefined) return fromSecret(known, secretKey, where);
  } catch {
    throw invalid(where, 'it is not a valid suiprivkey text');
  }
  throw invalid(where, 'its signature scheme holds no single key');
}

/** Some key pairs keep the array they are given: it is not wiped here. */
function fromSecret(scheme: KeyScheme, secret: Uint8Array, where: string): Keypair {
  try {
    return SCHEMES[scheme].fromSecretKey(secret);
  } catch {
    throw invalid(where, `it is no valid ${scheme} key`);
  }
}

function encodeEntry(key: Keypair): string {
  const { scheme, secretKey } = decodeSuiPrivateKey(key.getSecretKey());
  const flag = (KEY_SCHEMES as readonly string[]).indexOf(scheme.toLowerCase());
  const bytes = Uint8Array.of(flag, ...secretKey);
  const text = toBase64(bytes);
  bytes.fill(0);
  secretKey.fill(0);
  return text;
}

function invalid(where: string, problem: string): WalletError {
  return new WalletError('WALLET_INVALID', `${where}: ${problem}`);
}
