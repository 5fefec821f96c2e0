/** Session certificates (seal-protocol.md §3.3) and their time rules (§3.6). */
import { type BcsReader, decodeBcs, invalid } from './bcs/reader.ts';
import { encodeBcs } from './bcs/writer.ts';
import { ED25519_PUBLIC_KEY_BYTES, MAX_SESSION_TTL_MIN } from './constants.ts';
import { toBase64 } from './encoding.ts';
import { addressAt, base64At, recordAt, stringAt, uintAt } from './json.ts';
import { personalMessage } from './personal-message.ts';
import { SealServerError } from './server-errors.ts';

/** As it travels in JSON; field names are the wire's. */
export interface CertificateJson {
  readonly user: string;
  readonly session_vk: string;
  readonly creation_time: number;
  readonly ttl_min: number;
  readonly signature: string;
  readonly mvr_name?: string | null;
}

export interface Certificate {
  /** 66 characters. */
  readonly user: string;
  /** Ed25519 public key, 32 bytes. */
  readonly sessionKey: Uint8Array;
  readonly creationTimeMs: number;
  readonly ttlMin: number;
  /** Serialized Sui signature, flag byte first. */
  readonly signature: Uint8Array;
  readonly mvrName: string | undefined;
}

/** Reads the JSON form. Error: INVALID_SHAPE. */
export function parseCertificate(value: unknown, field = 'certificate'): Certificate {
  const json = recordAt(value, field);
  const name = json['mvr_name'];
  return {
    user: addressAt(json['user'], `${field}.user`),
    sessionKey: base64At(json['session_vk'], `${field}.session_vk`, ED25519_PUBLIC_KEY_BYTES),
    creationTimeMs: uintAt(
      json['creation_time'],
      `${field}.creation_time`,
      Number.MAX_SAFE_INTEGER,
    ),
    ttlMin: uintAt(json['ttl_min'], `${field}.ttl_min`, 0xffff),
    signature: base64At(json['signature'], `${field}.signature`),
    mvrName: name === undefined || name === null ? undefined : stringAt(name, `${field}.mvr_name`),
  };
}

/** The JSON form with `mvr_name: null` when absent, as the aggregator relays it (§5.5). */
export function certificateToJson(certificate: Certificate): CertificateJson {
  return {
    user: certificate.user,
    session_vk: toBase64(certificate.sessionKey),
    creation_time: certificate.creationTimeMs,
    ttl_min: certificate.ttlMin,
    signature: toBase64(certificate.signature),
    mvr_name: certificate.mvrName ?? null,
  };
}

/** The BCS form used by `seal-cli fetch-keys` (§3.3). */
export function encodeCertificate(certificate: Certificate): Uint8Array<ArrayBuffer> {
  return encodeBcs((w) => {
    w.address(certificate.user).fixed(certificate.sessionKey, 32, 'sessionKey');
    w.u64(BigInt(certificate.creationTimeMs)).u16(certificate.ttlMin);
    w.byteVector(certificate.signature).option(certificate.mvrName, (v, name) => v.string(name));
  });
}

/** Error: INVALID_BCS. */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  return decodeBcs(bytes, readCertificate);
}

export function readCertificate(r: BcsReader): Certificate {
  return {
    user: r.address(),
    sessionKey: r.bytes(ED25519_PUBLIC_KEY_BYTES),
    creationTimeMs: readTime(r),
    ttlMin: r.u16(),
    signature: r.byteVector(),
    mvrName: r.option((v) => v.string()),
  };
}

/** Times beyond 2^53 ms would lose digits; no date is that late. */
function readTime(r: BcsReader): number {
  const time = r.u64();
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid(`creation time ${time}`);
  return Number(time);
}

/**
 * TTL cap, no creation in the future (zero tolerance), not expired; equality is still valid (§3.6).
 * Throws SealServerError `InvalidCertificate`.
 */
export function checkCertificateTimes(
  certificate: Pick<Certificate, 'creationTimeMs' | 'ttlMin'>,
  nowMs: number,
  maxTtlMin: number = MAX_SESSION_TTL_MIN,
): void {
  const age = nowMs - certificate.creationTimeMs;
  if (certificate.ttlMin > maxTtlMin || age < 0 || age > certificate.ttlMin * 60_000) {
    throw new SealServerError('InvalidCertificate');
  }
}

/** The message the certificate's signature must cover (§3.2). `packageId` is the first version. */
export function certificateMessage(certificate: Certificate, packageId: string): Uint8Array {
  return personalMessage({
    packageName: certificate.mvrName ?? packageId,
    ttlMin: certificate.ttlMin,
    creationTimeMs: certificate.creationTimeMs,
    sessionKey: certificate.sessionKey,
  });
}
