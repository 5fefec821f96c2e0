/** Bodies of `/v1/fetch_key` (seal-protocol.md §3.5, §3.7, §3.8). */
import { encodeBcs } from './bcs/writer.ts';
import {
  type Certificate,
  type CertificateJson,
  certificateToJson,
  parseCertificate,
} from './certificate.ts';
import { ED25519_SIGNATURE_BYTES, G1_BYTES, G2_BYTES, MAX_PTB_COMMANDS } from './constants.ts';
import { toBase64 } from './encoding.ts';
import { arrayAt, base64At, recordAt, stringAt, uintAt } from './json.ts';

export interface FetchKeyRequestJson {
  readonly ptb: string;
  readonly enc_key: string;
  readonly enc_verification_key: string;
  readonly request_signature: string;
  readonly certificate: CertificateJson;
}

/** Parsed request. Points are checked for length here and for validity by the crypto engine. */
export interface FetchKeyRequest {
  /** Base64 of BCS ProgrammableTransaction; left as text, its errors have names (§4.6). */
  readonly ptb: string;
  /** G1, 48 bytes. */
  readonly encKey: Uint8Array;
  /** G2, 96 bytes. */
  readonly encVerificationKey: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly requestSignature: Uint8Array;
  readonly certificate: Certificate;
}

/** Error: INVALID_SHAPE, to be answered 422. */
export function parseFetchKeyRequest(value: unknown): FetchKeyRequest {
  const json = recordAt(value, 'body');
  return {
    ptb: stringAt(json['ptb'], 'ptb'),
    encKey: base64At(json['enc_key'], 'enc_key', G1_BYTES),
    encVerificationKey: base64At(json['enc_verification_key'], 'enc_verification_key', G2_BYTES),
    requestSignature: base64At(
      json['request_signature'],
      'request_signature',
      ED25519_SIGNATURE_BYTES,
    ),
    certificate: parseCertificate(json['certificate']),
  };
}

export function fetchKeyRequestToJson(request: FetchKeyRequest): FetchKeyRequestJson {
  return {
    ptb: request.ptb,
    enc_key: toBase64(request.encKey),
    enc_verification_key: toBase64(request.encVerificationKey),
    request_signature: toBase64(request.requestSignature),
    certificate: certificateToJson(request.certificate),
  };
}

/** `RequestFormat` of §3.5: the bytes the session key signs, without intent or hash. */
export function signedRequestBytes(
  ptb: Uint8Array,
  encKey: Uint8Array,
  encVerificationKey: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return encodeBcs((w) => w.byteVector(ptb).byteVector(encKey).byteVector(encVerificationKey));
}

export interface EncryptedKey {
  /** First package id ‖ inner id. */
  readonly fullId: Uint8Array;
  /** ElGamal `c1`, `c2`: G1, 48 bytes each. */
  readonly c1: Uint8Array;
  readonly c2: Uint8Array;
}

export interface FetchKeyResponseJson {
  readonly decryption_keys: readonly {
    readonly id: readonly number[];
    readonly encrypted_key: readonly [string, string];
  }[];
}

export function fetchKeyResponseToJson(keys: readonly EncryptedKey[]): FetchKeyResponseJson {
  return {
    decryption_keys: keys.map(({ fullId, c1, c2 }) => ({
      id: Array.from(fullId),
      encrypted_key: [toBase64(c1), toBase64(c2)],
    })),
  };
}

/** Longest identity a response may carry, in bytes; a Move pure argument is at most 16 KiB. */
export const MAX_FULL_ID_BYTES = 32 + 16 * 1024;

/** Error: INVALID_SHAPE. */
export function parseFetchKeyResponse(value: unknown): EncryptedKey[] {
  const keys = recordAt(value, 'body')['decryption_keys'];
  return arrayAt(keys, 'decryption_keys', MAX_PTB_COMMANDS).map((item, i) => {
    const field = `decryption_keys[${i}]`;
    const json = recordAt(item, field);
    const id = arrayAt(json['id'], `${field}.id`, MAX_FULL_ID_BYTES);
    const pair = arrayAt(json['encrypted_key'], `${field}.encrypted_key`, 2);
    return {
      fullId: Uint8Array.from(id, (byte, j) => uintAt(byte, `${field}.id[${j}]`, 255)),
      c1: base64At(pair[0], `${field}.encrypted_key[0]`, G1_BYTES),
      c2: base64At(pair[1], `${field}.encrypted_key[1]`, G1_BYTES),
    };
  });
}

/** Answer of `GET /v1/service` (§4.1). */
export interface ServiceResponseJson {
  readonly service_id: string;
  readonly pop: string;
}

/** `serviceId` is left as written: clients compare it as text (§9.1). Error: INVALID_SHAPE. */
export function parseServiceResponse(value: unknown): { serviceId: string; pop: Uint8Array } {
  const json = recordAt(value, 'body');
  return {
    serviceId: stringAt(json['service_id'], 'service_id'),
    pop: base64At(json['pop'], 'pop', G1_BYTES),
  };
}
