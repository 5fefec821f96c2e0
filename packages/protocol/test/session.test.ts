/** Personal messages, certificates, requests (seal-protocol.md §3, A.7, A.8). */
import { describe, expect, it } from 'vitest';
import {
  type Certificate,
  certificateMessage,
  certificateToJson,
  checkCertificateTimes,
  decodeCertificate,
  encodeCertificate,
  fetchKeyRequestToJson,
  fetchKeyResponseToJson,
  fromBase64,
  MAX_FULL_ID_BYTES,
  MAX_TIME_MS,
  normalizeAddress,
  parseCertificate,
  parseFetchKeyRequest,
  parseFetchKeyResponse,
  parseServiceResponse,
  personalMessageText,
  signedRequestBytes,
  toBase64,
} from '../src/index.ts';
import { loadVectors, thrownBy } from './support/vectors.ts';

interface MessageVector {
  name: string;
  packageId: string;
  mvrName?: string;
  creationTimeMs: number;
  ttlMin: number;
  sessionKey: string;
  text: string;
}

describe('personal message', () => {
  const { vectors } = loadVectors<{ vectors: MessageVector[] }>('personal-messages');

  it.each(vectors)('$name', (v) => {
    const certificate: Certificate = {
      user: `0x${'1'.repeat(64)}`,
      sessionKey: fromBase64(v.sessionKey),
      creationTimeMs: v.creationTimeMs,
      ttlMin: v.ttlMin,
      signature: new Uint8Array(97),
      mvrName: v.mvrName,
    };
    const message = certificateMessage(certificate, normalizeAddress(v.packageId));
    expect(new TextDecoder().decode(message)).toBe(v.text);
  });

  const terms = { packageName: '@a/b', ttlMin: 1, sessionKey: new Uint8Array(32) };
  it('refuses times that are no dates', () => {
    expect(personalMessageText({ ...terms, creationTimeMs: MAX_TIME_MS })).toContain(
      'from +275760-09-13 00:00:00 UTC',
    );
    for (const creationTimeMs of [MAX_TIME_MS + 1, -1, 1.5, Number.NaN]) {
      expect(thrownBy(() => personalMessageText({ ...terms, creationTimeMs })).code).toBe(
        'OUT_OF_RANGE',
      );
    }
  });

  it('refuses a session key of another length', () => {
    const short = { ...terms, creationTimeMs: 0, sessionKey: new Uint8Array(31) };
    expect(thrownBy(() => personalMessageText(short)).code).toBe('INVALID_LENGTH');
  });
});

describe('signed request', () => {
  interface Vector {
    name: string;
    ptb: string;
    encKey: string;
    encVerificationKey: string;
    signed: string;
  }
  const { vectors } = loadVectors<{ vectors: Vector[] }>('signed-requests');

  it.each(vectors)('$name', (v) => {
    const bytes = signedRequestBytes(
      fromBase64(v.ptb),
      fromBase64(v.encKey),
      fromBase64(v.encVerificationKey),
    );
    expect(toBase64(bytes)).toBe(v.signed);
  });
});

const certificateJson = {
  user: `0x${'1'.repeat(64)}`,
  session_vk: toBase64(new Uint8Array(32)),
  creation_time: 1_700_000_000_000,
  ttl_min: 10,
  signature: toBase64(new Uint8Array(97)),
};

describe('certificate', () => {
  it('accepts absent, null and present MVR names', () => {
    expect(parseCertificate(certificateJson).mvrName).toBeUndefined();
    expect(parseCertificate({ ...certificateJson, mvr_name: null }).mvrName).toBeUndefined();
    expect(parseCertificate({ ...certificateJson, mvr_name: '@a/b' }).mvrName).toBe('@a/b');
  });

  it('relays an absent name as null', () => {
    const json = certificateToJson(parseCertificate(certificateJson));
    expect(json).toEqual({ ...certificateJson, mvr_name: null });
  });

  it('refuses times in BCS that a number cannot hold', () => {
    const bytes = encodeCertificate(parseCertificate(certificateJson));
    const time = new DataView(bytes.buffer);
    time.setBigUint64(64, 2n ** 53n - 1n, true);
    expect(decodeCertificate(bytes).creationTimeMs).toBe(Number.MAX_SAFE_INTEGER);
    time.setBigUint64(64, 2n ** 53n, true);
    expect(thrownBy(() => decodeCertificate(bytes)).code).toBe('INVALID_BCS');
  });

  it('survives BCS', () => {
    for (const mvrName of [undefined, '@a/b']) {
      const certificate = { ...parseCertificate(certificateJson), mvrName };
      expect(decodeCertificate(encodeCertificate(certificate))).toEqual(certificate);
    }
  });

  it.each([
    ['not an object', 'x'],
    ['an array', [certificateJson]],
    ['null', null],
    ['missing user', { ...certificateJson, user: undefined }],
    ['user without 0x', { ...certificateJson, user: '1'.repeat(64) }],
    ['user too long', { ...certificateJson, user: `0x${'1'.repeat(65)}` }],
    ['short session key', { ...certificateJson, session_vk: toBase64(new Uint8Array(31)) }],
    ['session key not Base64', { ...certificateJson, session_vk: '***' }],
    ['unpadded Base64', { ...certificateJson, signature: 'AAA' }],
    ['time as text', { ...certificateJson, creation_time: '1' }],
    ['negative time', { ...certificateJson, creation_time: -1 }],
    ['fractional time', { ...certificateJson, creation_time: 1.5 }],
    ['time above 2^53', { ...certificateJson, creation_time: 2 ** 53 }],
    ['ttl above u16', { ...certificateJson, ttl_min: 65_536 }],
    ['ttl missing', { ...certificateJson, ttl_min: undefined }],
    ['MVR name of another type', { ...certificateJson, mvr_name: 1 }],
  ])('shape error: %s', (_name, value) => {
    expect(thrownBy(() => parseCertificate(value)).code).toBe('INVALID_SHAPE');
  });

  it('keeps its times: the bounds themselves are valid', () => {
    const created = 1_000_000;
    const c = { creationTimeMs: created, ttlMin: 30 };
    const end = created + 30 * 60_000;
    for (const now of [created, end]) checkCertificateTimes(c, now);
    for (const now of [created - 1, end + 1]) {
      expect(thrownBy(() => checkCertificateTimes(c, now)).code).toBe('InvalidCertificate');
    }
    const long = { creationTimeMs: created, ttlMin: 31 };
    expect(thrownBy(() => checkCertificateTimes(long, created)).code).toBe('InvalidCertificate');
    checkCertificateTimes(long, created, 31);
  });

  it('does not wrap long lifetimes', () => {
    const c = { creationTimeMs: 0, ttlMin: 1093 };
    expect(thrownBy(() => checkCertificateTimes(c, 45_000)).code).toBe('InvalidCertificate');
  });
});

describe('fetch-key bodies', () => {
  const request = {
    ptb: 'AAAA',
    enc_key: toBase64(new Uint8Array(48)),
    enc_verification_key: toBase64(new Uint8Array(96)),
    request_signature: toBase64(new Uint8Array(64)),
    certificate: certificateJson,
  };

  it('round trips', () => {
    const json = fetchKeyRequestToJson(parseFetchKeyRequest(request));
    expect(json).toEqual({ ...request, certificate: { ...certificateJson, mvr_name: null } });
  });

  it('ignores unknown fields and keeps a bad transaction for its named error', () => {
    expect(parseFetchKeyRequest({ ...request, extra: 1, ptb: '!' }).ptb).toBe('!');
  });

  it.each([
    ['ptb', 1],
    ['enc_key', toBase64(new Uint8Array(47))],
    ['enc_verification_key', toBase64(new Uint8Array(97))],
    ['request_signature', toBase64(new Uint8Array(65))],
    ['request_signature', null],
    ['certificate', undefined],
  ])('shape error in %s', (field, value) => {
    const failure = thrownBy(() => parseFetchKeyRequest({ ...request, [field]: value }));
    expect(failure).toMatchObject({
      code: 'INVALID_SHAPE',
      message: expect.stringContaining(field),
    });
  });

  const key = { fullId: Uint8Array.of(1, 255), c1: new Uint8Array(48), c2: new Uint8Array(48) };

  it('writes ids as arrays of numbers', () => {
    const json = fetchKeyResponseToJson([key]);
    expect(json.decryption_keys[0]?.id).toEqual([1, 255]);
    expect(parseFetchKeyResponse(JSON.parse(JSON.stringify(json)))).toEqual([key]);
  });

  const item = fetchKeyResponseToJson([key]).decryption_keys[0];
  it.each([
    ['no list', {}],
    ['a hex id', { decryption_keys: [{ ...item, id: '01ff' }] }],
    ['a byte of 256', { decryption_keys: [{ ...item, id: [256] }] }],
    ['one point only', { decryption_keys: [{ ...item, encrypted_key: [item?.encrypted_key[0]] }] }],
    ['three points', { decryption_keys: [{ ...item, encrypted_key: ['', '', ''] }] }],
    ['a short point', { decryption_keys: [{ ...item, encrypted_key: ['AA==', 'AA=='] }] }],
    ['101 keys', { decryption_keys: Array(101).fill(item) }],
    ['a long id', { decryption_keys: [{ ...item, id: Array(MAX_FULL_ID_BYTES + 1).fill(0) }] }],
  ])('shape error: %s', (_name, value) => {
    expect(thrownBy(() => parseFetchKeyResponse(value)).code).toBe('INVALID_SHAPE');
  });

  it('takes as many keys and as long ids as the limits say', () => {
    expect(parseFetchKeyResponse({ decryption_keys: Array(100).fill(item) })).toHaveLength(100);
    const long = { ...item, id: Array(MAX_FULL_ID_BYTES).fill(0) };
    const [parsed] = parseFetchKeyResponse({ decryption_keys: [long] });
    expect(parsed?.fullId).toHaveLength(MAX_FULL_ID_BYTES);
  });

  it('leaves the service id as written', () => {
    const pop = toBase64(new Uint8Array(48));
    expect(parseServiceResponse({ service_id: '0x1', pop }).serviceId).toBe('0x1');
    const short = { service_id: '0x1', pop: 'AA==' };
    expect(thrownBy(() => parseServiceResponse(short)).code).toBe('INVALID_SHAPE');
  });
});
