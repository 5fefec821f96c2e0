/**
 * EncryptedObject ⇄ sealed envelope (seal-protocol.md §1.8). Parsing is layout only and exact;
 * `checkEncryptedObject` adds the rules every decryptor applies (§1.9, §8.1.4).
 */
import type { SealedEnvelope } from '@seal-ts/crypto';
import { type BcsReader, decodeBcs } from './bcs/reader.ts';
import { type BcsWriter, checkLength, encodeBcs } from './bcs/writer.ts';
import {
  ADDRESS_BYTES,
  ENCRYPTED_OBJECT_VERSION,
  G2_BYTES,
  MAC_BYTES,
  SHARE_BYTES,
} from './constants.ts';
import { ProtocolError } from './errors.ts';

type Ciphertext = SealedEnvelope['ciphertext'];

/** The enum's variants in the order of their tags. */
const CIPHERTEXT_TAGS = ['aes256gcm', 'hmac256ctr', 'plain'] as const;
const EMPTY = new Uint8Array(0);

/**
 * Reads the BCS form; what it accepts re-encodes to the same bytes. The ciphertext's `blob` is a view
 * of `bytes`, everything else a copy. Error: INVALID_BCS.
 */
export function decodeEncryptedObject(bytes: Uint8Array): SealedEnvelope {
  return decodeBcs(bytes, (r) => {
    const version = r.u8();
    const packageId = r.bytes(ADDRESS_BYTES);
    const id = r.byteVector();
    const services = r.vector((v) => ({ objectId: v.bytes(ADDRESS_BYTES), index: v.u8() }));
    const threshold = r.u8();
    r.variant('IBEEncryptions', 1);
    const nonce = r.bytes(G2_BYTES);
    const encryptedShares = r.vector((v) => v.bytes(SHARE_BYTES));
    const encryptedRandomness = r.bytes(SHARE_BYTES);
    const ciphertext = readCiphertext(r);
    const sealed = { nonce, encryptedShares, encryptedRandomness, ciphertext };
    return { version, packageId, id, services, threshold, ...sealed };
  });
}

export function encodeEncryptedObject(envelope: SealedEnvelope): Uint8Array<ArrayBuffer> {
  const { ciphertext } = envelope;
  if (ciphertext.kind === 'plain') return layOutEncryptedObject(envelope, ciphertext).bytes;
  const { kind, aad } = ciphertext;
  const shape = { kind, aad, blobLength: ciphertext.blob.length };
  const { bytes, blob, mac } = layOutEncryptedObject(envelope, shape);
  blob.set(ciphertext.blob);
  if (kind === 'hmac256ctr') mac.set(checkLength(ciphertext.mac, MAC_BYTES, 'mac'));
  return bytes;
}

/** What the layout of a payload depends on: everything but its bytes. */
export type PayloadShape =
  | {
      readonly kind: 'aes256gcm' | 'hmac256ctr';
      /** Bytes of the ciphertext, with the tag where it is part of it. */
      readonly blobLength: number;
      readonly aad: Uint8Array | undefined;
    }
  | { readonly kind: 'plain' };

/** An encrypted object whose payload is still to come. */
export interface EncryptedObjectLayout {
  /** The whole object, zero where the payload goes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** View of `bytes` for the ciphertext; empty for the plain kind. */
  readonly blob: Uint8Array<ArrayBuffer>;
  /** View of `bytes` for the MAC; empty unless the kind has one. */
  readonly mac: Uint8Array<ArrayBuffer>;
}

/**
 * Lays an encrypted object out before its payload exists, so that big data is encrypted straight
 * into its place. Errors: INVALID_LENGTH, OUT_OF_RANGE.
 */
export function layOutEncryptedObject(
  header: Omit<SealedEnvelope, 'ciphertext'>,
  payload: PayloadShape,
): EncryptedObjectLayout {
  const front = encodeBcs((w) => writeFront(w, header, payload));
  const [blobLength, aad] =
    payload.kind === 'plain'
      ? [0, EMPTY]
      : [payload.blobLength, encodeBcs((w) => w.option(payload.aad, (v, a) => v.byteVector(a)))];
  const macLength = payload.kind === 'hmac256ctr' ? MAC_BYTES : 0;
  const aadStart = front.length + blobLength;
  const macStart = aadStart + aad.length;
  const bytes = new Uint8Array(macStart + macLength);
  bytes.set(front);
  bytes.set(aad, aadStart);
  return { bytes, blob: bytes.subarray(front.length, aadStart), mac: bytes.subarray(macStart) };
}

/** Everything in front of the blob. */
function writeFront(
  w: BcsWriter,
  header: Omit<SealedEnvelope, 'ciphertext'>,
  payload: PayloadShape,
): void {
  w.u8(header.version).fixed(header.packageId, ADDRESS_BYTES, 'packageId');
  w.byteVector(header.id);
  w.vector(header.services, (v, service) => {
    v.fixed(service.objectId, ADDRESS_BYTES, 'service').u8(service.index);
  });
  w.u8(header.threshold).uleb(0).fixed(header.nonce, G2_BYTES, 'nonce');
  w.vector(header.encryptedShares, (v, share) => {
    v.fixed(share, SHARE_BYTES, 'encrypted share');
  });
  w.fixed(header.encryptedRandomness, SHARE_BYTES, 'encryptedRandomness');
  w.uleb(CIPHERTEXT_TAGS.indexOf(payload.kind));
  if (payload.kind !== 'plain') w.uleb(payload.blobLength);
}

/**
 * Version 0, as many shares as services, `1 ≤ threshold ≤ n`, share indices unique and not zero.
 * Error: INVALID_ENCRYPTED_OBJECT.
 */
export function checkEncryptedObject(envelope: SealedEnvelope): void {
  const { version, services, threshold, encryptedShares } = envelope;
  const indices = services.map((service) => service.index);
  if (version !== ENCRYPTED_OBJECT_VERSION) throw bad(`version ${version}, expected 0`);
  if (encryptedShares.length !== services.length) {
    throw bad(`${encryptedShares.length} shares for ${services.length} services`);
  }
  if (threshold < 1 || threshold > services.length) {
    throw bad(`threshold ${threshold} of ${services.length} shares`);
  }
  if (indices.includes(0)) throw bad('share index 0');
  if (new Set(indices).size !== indices.length) throw bad('a share index occurs twice');
}

function readCiphertext(r: BcsReader): Ciphertext {
  switch (CIPHERTEXT_TAGS[r.variant('Ciphertext', CIPHERTEXT_TAGS.length)]) {
    case 'aes256gcm':
      return { kind: 'aes256gcm', blob: r.byteVectorView(), aad: readAad(r) };
    case 'hmac256ctr':
      return {
        kind: 'hmac256ctr',
        blob: r.byteVectorView(),
        aad: readAad(r),
        mac: r.bytes(MAC_BYTES),
      };
    default:
      return { kind: 'plain' };
  }
}

function readAad(r: BcsReader): Uint8Array | undefined {
  return r.option((v) => v.byteVector());
}

function bad(what: string): ProtocolError {
  return new ProtocolError('INVALID_ENCRYPTED_OBJECT', `invalid encrypted object: ${what}`);
}
