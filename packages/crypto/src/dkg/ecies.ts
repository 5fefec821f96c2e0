/**
 * Verifiable multi-recipient ECIES (dkg spec §6): one ephemeral key for all recipients, a proof
 * that the sender knows it, and recovery packages with which a recipient can show others what it
 * received.
 *
 * The group of the keys is a parameter: deployments use G1, the reference's vectors G2. Messages
 * are encrypted with AES-256-CTR under a zero counter block, which is safe because every key is
 * used once.
 */

import { concat, u64le, wipe } from '../bytes.ts';
import type { Group } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import type { RandomSource } from '../random.ts';
import { randomScalar } from '../scalar.ts';
import { type BcsReader, byteVector, vector } from './bcs.ts';
import { type DdhProof, encodeDdhProof, proveDdh, readDdhProof, verifyDdh } from './proofs.ts';
import type { RandomOracle } from './random-oracle.ts';

/** Ciphertexts for all recipients, in recipient order. */
export interface MultiRecipientCiphertext<E> {
  /** `r·g`. */
  readonly c: E;
  /** `r·ĝ`, with ĝ hashed from c. */
  readonly cHat: E;
  /** One for each recipient, as long as its plaintext. */
  readonly encryptions: readonly Uint8Array[];
  readonly proof: DdhProof<E>;
}

/** What a recipient publishes so that others can open its ciphertext: `sk·c` with a proof. */
export interface RecoveryPackage<E> {
  readonly ephemeralKey: E;
  readonly proof: DdhProof<E>;
}

export interface EciesRecipient<E> {
  readonly publicKey: E;
  readonly plaintext: Uint8Array;
}

const AES_KEY_BYTES = 32;

/** AES-256-CTR keystream applied to `data`: encryption and decryption are the same. */
async function applyKeystream(oracleOutput: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey(
    'raw',
    oracleOutput.slice(0, AES_KEY_BYTES),
    'AES-CTR',
    false,
    ['encrypt'],
  );
  const parameters = { name: 'AES-CTR', counter: new Uint8Array(16), length: 128 };
  const out = await crypto.subtle.encrypt(parameters, key, data as Uint8Array<ArrayBuffer>);
  return new Uint8Array(out);
}

/** The key material of one recipient, from the shared point. */
function recipientKey<E>(group: Group<E>, oracle: RandomOracle, index: number, shared: E) {
  return oracle.extend('encs').evaluate(u64le(index), group.toBytes(shared));
}

function secondBase<E>(group: Group<E>, oracle: RandomOracle, c: E): E {
  return group.hash(oracle.extend('g_hat').evaluate(group.toBytes(c)));
}

/** Encrypts to all recipients; the position in the list is part of each key. */
export async function eciesEncrypt<E>(
  group: Group<E>,
  random: RandomSource,
  oracle: RandomOracle,
  recipients: readonly EciesRecipient<E>[],
): Promise<MultiRecipientCiphertext<E>> {
  const r = randomScalar(random);
  const c = group.mulOnce(group.generator, r);
  const gHat = secondBase(group, oracle, c);
  const cHat = group.mulOnce(gHat, r);
  const statement = { h: gHat, xg: c, xh: cHat };
  const proof = proveDdh(group, random, oracle.extend('zk'), r, statement);
  const encryptions: Uint8Array[] = [];
  for (const [i, { publicKey, plaintext }] of recipients.entries()) {
    const key = recipientKey(group, oracle, i, group.mulOnce(publicKey, r));
    encryptions.push(await applyKeystream(key, plaintext));
    wipe(key);
  }
  wipe(r);
  return { c, cHat, encryptions, proof };
}

/** Throws `INVALID_DKG_MESSAGE` unless the sender proved its ephemeral key and nothing is empty. */
export function eciesVerify<E>(
  group: Group<E>,
  oracle: RandomOracle,
  { c, cHat, encryptions, proof }: MultiRecipientCiphertext<E>,
): void {
  const statement = { h: secondBase(group, oracle, c), xg: c, xh: cHat };
  try {
    verifyDdh(group, oracle.extend('zk'), statement, proof);
  } catch (cause) {
    throw new CryptoError('INVALID_DKG_MESSAGE', 'DKG message: invalid encryption proof', {
      cause,
    });
  }
  if (encryptions.some((encryption) => encryption.length === 0)) {
    throw new CryptoError('INVALID_DKG_MESSAGE', 'DKG message: empty ciphertext');
  }
}

function encryptionAt(ciphertext: MultiRecipientCiphertext<unknown>, index: number): Uint8Array {
  const encryption = ciphertext.encryptions[index];
  if (encryption === undefined) {
    throw new CryptoError(
      'INVALID_INPUT',
      `ECIES: no recipient ${index} among ${ciphertext.encryptions.length}`,
    );
  }
  return encryption;
}

/** Decrypts recipient `index`'s ciphertext. There is no authentication: check what comes out. */
export async function eciesDecrypt<E>(
  group: Group<E>,
  oracle: RandomOracle,
  secretKey: Uint8Array,
  ciphertext: MultiRecipientCiphertext<E>,
  index: number,
): Promise<Uint8Array> {
  const encryption = encryptionAt(ciphertext, index);
  const key = recipientKey(group, oracle, index, group.mul(ciphertext.c, secretKey));
  const plaintext = await applyKeystream(key, encryption);
  wipe(key);
  return plaintext;
}

/** Makes the recovery package of the recipient with `secretKey`. */
export function makeRecoveryPackage<E>(
  group: Group<E>,
  random: RandomSource,
  recovery: RandomOracle,
  secretKey: Uint8Array,
  { c }: MultiRecipientCiphertext<E>,
): RecoveryPackage<E> {
  const ephemeralKey = group.mul(c, secretKey);
  const publicKey = group.mul(group.generator, secretKey);
  const statement = { h: c, xg: publicKey, xh: ephemeralKey };
  return { ephemeralKey, proof: proveDdh(group, random, recovery, secretKey, statement) };
}

/** Who opens which ciphertext with a recovery package. */
export interface RecoveryContext<E> {
  /** The oracle of the complaint. */
  readonly recovery: RandomOracle;
  /** The oracle the sender encrypted under. */
  readonly encryption: RandomOracle;
  readonly receiver: { readonly index: number; readonly publicKey: E };
}

/**
 * Opens a ciphertext with a recovery package. Throws `INVALID_PROOF` when the package is forged.
 */
export async function openWithRecoveryPackage<E>(
  group: Group<E>,
  { recovery, encryption, receiver }: RecoveryContext<E>,
  ciphertext: MultiRecipientCiphertext<E>,
  { ephemeralKey, proof }: RecoveryPackage<E>,
): Promise<Uint8Array> {
  const statement = { h: ciphertext.c, xg: receiver.publicKey, xh: ephemeralKey };
  verifyDdh(group, recovery, statement, proof);
  const data = encryptionAt(ciphertext, receiver.index);
  return applyKeystream(recipientKey(group, encryption, receiver.index, ephemeralKey), data);
}

export function encodeRecoveryPackage<E>(
  group: Group<E>,
  { ephemeralKey, proof }: RecoveryPackage<E>,
): Uint8Array {
  return concat(group.toBytes(ephemeralKey), encodeDdhProof(group, proof));
}

export function readRecoveryPackage<E>(reader: BcsReader, group: Group<E>): RecoveryPackage<E> {
  const ephemeralKey = reader.point(group, 'ephemeral key');
  return { ephemeralKey, proof: readDdhProof(reader, group) };
}

export function encodeMultiRecipient<E>(
  group: Group<E>,
  { c, cHat, encryptions, proof }: MultiRecipientCiphertext<E>,
): Uint8Array {
  return concat(
    group.toBytes(c),
    group.toBytes(cHat),
    vector(encryptions.map(byteVector)),
    encodeDdhProof(group, proof),
  );
}

export function readMultiRecipient<E>(
  reader: BcsReader,
  group: Group<E>,
): MultiRecipientCiphertext<E> {
  const c = reader.point(group, 'c');
  const cHat = reader.point(group, 'c_hat');
  const encryptions = reader.list(1, 'encryptions', () => reader.bytes('encryption'));
  return { c, cHat, encryptions, proof: readDdhProof(reader, group) };
}
