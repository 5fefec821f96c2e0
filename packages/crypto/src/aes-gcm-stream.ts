/**
 * AES-256-GCM in pieces: the same bytes as `aesGcmEncrypt`, without holding message and ciphertext
 * as a whole. Web Crypto encrypts messages only in one piece, so each piece is encrypted in counter
 * mode, and the authentication hash is put together from the hashes of the pieces.
 *
 * GHASH is a polynomial in H over the blocks, so the hash of a concatenation follows from those of
 * its parts and a power of H (NIST SP 800-38D §6.4). Web Crypto computes the hash of one piece as
 * the tag of an empty message with that piece as associated data: `E(J0) ⊕ (G(piece) ⊕ lengths)·H`.
 * Those tags stay inside; they could not be compared or published, since all share one nonce.
 */

import { AES_GCM_TAG_BYTES } from './aes-gcm.ts';
import { assertLength, equalConstantTime } from './bytes.ts';
import { AES_GCM_IV } from './domains.ts';
import { CryptoError } from './errors.ts';
import { KEY_BYTES } from './kdf.ts';
import { bigintFromBytes } from './scalar.ts';

/** Bytes of an AES block: pieces are multiples of it, except the last. */
export const AES_BLOCK_BYTES = 16;

const REDUCTION = 0xe1n << 120n;
const EMPTY = new Uint8Array(0);

/** A product in GCM's field, whose bits run from the most significant one. */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let shifted = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ REDUCTION : shifted >> 1n;
  }
  return product;
}

/** `base^exponent`; the one of GCM's field is its highest bit. */
function power(base: bigint, exponent: number): bigint {
  let result = 1n << 127n;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

function blockOf(value: bigint): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(AES_BLOCK_BYTES);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, value >> 64n);
  view.setBigUint64(8, BigInt.asUintN(64, value));
  return out;
}

const lengths = (aadBytes: number, textBytes: number) =>
  ((BigInt(aadBytes) * 8n) << 64n) | (BigInt(textBytes) * 8n);
const blocksIn = (bytes: number) => Math.ceil(bytes / AES_BLOCK_BYTES);

/** Counter mode and hash of one message under one key. Pieces are whole blocks, except the last. */
class GcmMessage {
  readonly #counterKey: CryptoKey;
  readonly #hashKey: CryptoKey;
  readonly #aad: Uint8Array;
  /** GHASH's key, `E(0)`. */
  #h = 0n;
  /** `E(J0)`: hides every tag. */
  #mask = 0n;
  /** First counter block. */
  #j0 = 0n;
  /** `G(aad || pieces so far) · H`. */
  #hash = 0n;
  /** Bytes of the pieces so far. */
  #bytes = 0;
  /** The power of H that belongs to the usual piece size. */
  #shift: { readonly blocks: number; readonly factor: bigint } | undefined;

  private constructor(counterKey: CryptoKey, hashKey: CryptoKey, aad: Uint8Array) {
    this.#counterKey = counterKey;
    this.#hashKey = hashKey;
    this.#aad = aad;
  }

  static async start(key: Uint8Array, aad: Uint8Array): Promise<GcmMessage> {
    assertLength(key, KEY_BYTES, 'key');
    const raw = key as Uint8Array<ArrayBuffer>;
    const message = new GcmMessage(
      await crypto.subtle.importKey('raw', raw, 'AES-CTR', false, ['encrypt']),
      await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']),
      aad,
    );
    await message.#initialize();
    return message;
  }

  async #initialize(): Promise<void> {
    const zero = new Uint8Array(AES_BLOCK_BYTES);
    this.#h = bigintFromBytes(await this.#keystream(0n, zero));
    // SP 800-38D §7.1: the counter of an IV that is not 12 bytes long is its hash.
    const iv = multiply(bigintFromBytes(AES_GCM_IV), this.#h);
    this.#j0 = multiply(iv ^ lengths(0, AES_GCM_IV.length), this.#h);
    this.#mask = await this.#tagOf(EMPTY);
    this.#hash = await this.#hashOf(this.#aad);
  }

  async #keystream(counter: bigint, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const parameters = { name: 'AES-CTR', counter: blockOf(counter), length: 32 };
    const bytes = data as Uint8Array<ArrayBuffer>;
    return new Uint8Array(await crypto.subtle.encrypt(parameters, this.#counterKey, bytes));
  }

  async #tagOf(data: Uint8Array): Promise<bigint> {
    const additionalData = data as Uint8Array<ArrayBuffer>;
    const parameters = { name: 'AES-GCM', iv: AES_GCM_IV, additionalData };
    const tag = await crypto.subtle.encrypt(parameters, this.#hashKey, EMPTY);
    return bigintFromBytes(new Uint8Array(tag));
  }

  /** `G(data) · H`. */
  async #hashOf(data: Uint8Array): Promise<bigint> {
    if (data.length === 0) return 0n;
    const lengthTerm = multiply(lengths(data.length, 0), this.#h);
    return (await this.#tagOf(data)) ^ this.#mask ^ lengthTerm;
  }

  #shiftBy(blocks: number): bigint {
    if (this.#shift?.blocks !== blocks) this.#shift = { blocks, factor: power(this.#h, blocks) };
    return this.#shift.factor;
  }

  /**
   * XORs the keystream from byte `offset` of the message (a multiple of 16) into a copy of `data`.
   */
  apply(offset: number, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    // The low 32 bits of the counter block count, the others stay (SP 800-38D §6.2).
    const low = BigInt.asUintN(32, this.#j0 + 1n + BigInt(offset / AES_BLOCK_BYTES));
    return this.#keystream(((this.#j0 >> 32n) << 32n) | low, data);
  }

  /** Takes the next piece of ciphertext into the hash. */
  async absorb(ciphertext: Uint8Array): Promise<void> {
    const shifted = multiply(this.#hash, this.#shiftBy(blocksIn(ciphertext.length)));
    this.#hash = shifted ^ (await this.#hashOf(ciphertext));
    this.#bytes += ciphertext.length;
  }

  /** The tag of everything absorbed. */
  tag(): Uint8Array {
    const end = multiply(lengths(this.#aad.length, this.#bytes), this.#h);
    return blockOf(this.#hash ^ end ^ this.#mask);
  }
}

/** Encrypts one message piece by piece. Calls must not overlap. */
export class AesGcmEncryptor {
  readonly #message: GcmMessage;
  #bytes = 0;
  #finished = false;

  private constructor(message: GcmMessage) {
    this.#message = message;
  }

  /** Starts a message under a 32-byte key that is used for nothing else. */
  static async create(key: Uint8Array, aad: Uint8Array): Promise<AesGcmEncryptor> {
    return new AesGcmEncryptor(await GcmMessage.start(key, aad));
  }

  #assertOpen(): void {
    if (this.#finished) throw new CryptoError('INVALID_INPUT', 'AES-GCM: the message is finished');
  }

  /**
   * The ciphertext of the next piece. Every piece but the last must be a multiple of 16 bytes long;
   * throws `INVALID_INPUT` when one follows a piece that is not.
   */
  async update(piece: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    this.#assertOpen();
    if (piece.length === 0) return new Uint8Array(0);
    if (this.#bytes % AES_BLOCK_BYTES !== 0) {
      throw new CryptoError('INVALID_INPUT', 'AES-GCM: only the last piece may end inside a block');
    }
    const ciphertext = await this.#message.apply(this.#bytes, piece);
    await this.#message.absorb(ciphertext);
    this.#bytes += piece.length;
    return ciphertext;
  }

  /** The 16-byte tag, which goes after the ciphertext. */
  finish(): Uint8Array {
    this.#assertOpen();
    this.#finished = true;
    return this.#message.tag();
  }
}

/**
 * Bytes that are in flight at a time: large enough to hide the cost of a call, small enough that
 * the copies the runtime has not collected yet stay small (measured on Node 24).
 */
const PIECE_BYTES = 1_048_576;
/** Hashing gives 16 bytes for a piece, so only the copy that Web Crypto makes counts. */
const HASHED_PIECE_BYTES = 4 * 1_048_576;

/** Puts a result in its place and gives its memory back now, not when the collector gets to it. */
function move(from: Uint8Array<ArrayBuffer>, target: Uint8Array, offset: number): void {
  target.set(from, offset);
  // Older browsers have no transfer; there the collector frees it.
  if (typeof from.buffer.transfer === 'function') from.buffer.transfer(0);
}

/**
 * Encrypts into `target`, which must be as long as the plaintext and the tag together; throws
 * `INVALID_LENGTH` otherwise. Takes little memory besides.
 */
export async function aesGcmEncryptInto(
  key: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
  target: Uint8Array,
): Promise<void> {
  assertLength(target, plaintext.length + AES_GCM_TAG_BYTES, 'target');
  const encryptor = await AesGcmEncryptor.create(key, aad);
  for (let offset = 0; offset < plaintext.length; offset += PIECE_BYTES) {
    const piece = plaintext.subarray(offset, offset + PIECE_BYTES);
    move(await encryptor.update(piece), target, offset);
  }
  target.set(encryptor.finish(), plaintext.length);
}

/**
 * The plaintext of a big blob, in two passes: the tag of the whole is checked before the first byte
 * is decrypted. Throws `DECRYPTION_FAILED`.
 */
export async function aesGcmDecryptInPieces(
  key: Uint8Array,
  blob: Uint8Array,
  aad: Uint8Array,
): Promise<Uint8Array> {
  const message = await GcmMessage.start(key, aad);
  const length = Math.max(0, blob.length - AES_GCM_TAG_BYTES);
  const ciphertext = blob.subarray(0, length);
  for (let offset = 0; offset < length; offset += HASHED_PIECE_BYTES) {
    await message.absorb(ciphertext.subarray(offset, offset + HASHED_PIECE_BYTES));
  }
  if (!equalConstantTime(message.tag(), blob.subarray(length))) {
    throw new CryptoError('DECRYPTION_FAILED', 'decryption failed: wrong key or damaged data');
  }
  const plaintext = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += PIECE_BYTES) {
    const piece = ciphertext.subarray(offset, offset + PIECE_BYTES);
    move(await message.apply(offset, piece), plaintext, offset);
  }
  return plaintext;
}
