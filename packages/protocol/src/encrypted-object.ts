/**
 * EncryptedObject ⇄ sealed envelope (seal-protocol.md §1.8). Parsing is layout only and exact;
 * `checkEncryptedObject` adds the rules every decryptor applies (§1.9, §8.1.4).
 */
import type { SealedEnvelope } from '@seal-ts/crypto';
import { type BcsReader, decodeBcs } from './bcs/reader.ts';
import { type BcsWriter, encodeBcs, ulebSize } from './bcs/writer.ts';
import {
  ADDRESS_BYTES,
  ENCRYPTED_OBJECT_VERSION,
  G2_BYTES,
  MAC_BYTES,
  SHARE_BYTES,
} from './constants.ts';
import { ProtocolError } from './errors.ts';

type Ciphertext = SealedEnvelope['ciphertext'];

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
  return encodeBcs((w) => {
    w.u8(envelope.version).fixed(envelope.packageId, ADDRESS_BYTES, 'packageId');
    w.byteVector(envelope.id);
    w.vector(envelope.services, (v, service) => {
      v.fixed(service.objectId, ADDRESS_BYTES, 'service').u8(service.index);
    });
    w.u8(envelope.threshold).uleb(0).fixed(envelope.nonce, G2_BYTES, 'nonce');
    w.vector(envelope.encryptedShares, (v, share) => {
      v.fixed(share, SHARE_BYTES, 'encrypted share');
    });
    w.fixed(envelope.encryptedRandomness, SHARE_BYTES, 'encryptedRandomness');
    writeCiphertext(w, envelope.ciphertext);
  }, encodedSize(envelope));
}

/** Exact, so that a large payload is copied once. */
function encodedSize({ id, services, encryptedShares, ciphertext }: SealedEnvelope): number {
  const version = 1;
  const threshold = 1;
  const variant = 1;
  const serviceBytes = ADDRESS_BYTES + 1;
  const header =
    version +
    ADDRESS_BYTES +
    vectorSize(id.length, 1) +
    vectorSize(services.length, serviceBytes) +
    threshold;
  const shares = variant + G2_BYTES + vectorSize(encryptedShares.length, SHARE_BYTES) + SHARE_BYTES;
  return header + shares + variant + bodySize(ciphertext);
}

function bodySize(value: Ciphertext): number {
  if (value.kind === 'plain') return 0;
  const option = 1;
  const aad = value.aad === undefined ? 0 : vectorSize(value.aad.length, 1);
  const mac = value.kind === 'hmac256ctr' ? MAC_BYTES : 0;
  return vectorSize(value.blob.length, 1) + option + aad + mac;
}

function vectorSize(count: number, elementBytes: number): number {
  return ulebSize(count) + count * elementBytes;
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
  switch (r.variant('Ciphertext', 3)) {
    case 0:
      return { kind: 'aes256gcm', blob: r.byteVectorView(), aad: readAad(r) };
    case 1:
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

function writeCiphertext(w: BcsWriter, value: Ciphertext): void {
  switch (value.kind) {
    case 'aes256gcm':
      writeBody(w.uleb(0), value);
      return;
    case 'hmac256ctr':
      writeBody(w.uleb(1), value);
      w.fixed(value.mac, MAC_BYTES, 'mac');
      return;
    case 'plain':
      w.uleb(2);
      return;
  }
}

function writeBody(w: BcsWriter, value: { blob: Uint8Array; aad: Uint8Array | undefined }): void {
  w.byteVector(value.blob).option(value.aad, (v, aad) => v.byteVector(aad));
}

function bad(what: string): ProtocolError {
  return new ProtocolError('INVALID_ENCRYPTED_OBJECT', `invalid encrypted object: ${what}`);
}
