/**
 * Random and damaged input against every decoder: it is refused with a code, or it re-encodes to the
 * same bytes and the official codec reads it too. `FUZZ_RUNS` sets how many.
 */
import { bcs } from '@mysten/sui/bcs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkEncryptedObject,
  decodeCertificate,
  decodeCommittee,
  decodeEncryptedObject,
  decodeKeyServerV2,
  decodePtb,
  encodeCertificate,
  encodeCommittee,
  encodeEncryptedObject,
  encodeKeyServerV2,
  encodePtb,
  fromBase64,
  fromHex,
  isProtocolError,
  parseFetchKeyRequest,
  parseFetchKeyResponse,
  SealServerError,
  validatePtbBytes,
} from '../src/index.ts';
import { loadVectors } from './support/vectors.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 2_000);
const { valid } = loadVectors<{ valid: { object: string }[] }>('encrypted-objects');
const requests = loadVectors<{ vectors: { ptb: string }[] }>('signed-requests');

/** Bytes near a valid encoding: edits, cuts and insertions. */
function near(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({ at: fc.nat(), value: fc.nat(255), kind: fc.nat(3) });
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 6 }))
    .map(([seed, edits]) => {
      const bytes = Array.from(seed);
      for (const { at, value, kind } of edits) {
        const index = bytes.length === 0 ? 0 : at % bytes.length;
        if (kind < 2) bytes[index] = value;
        else if (kind === 2) bytes.splice(index, 1);
        else bytes.splice(index, 0, value);
      }
      return Uint8Array.from(bytes);
    });
}

function refusedOrSame(bytes: Uint8Array, recode: (bytes: Uint8Array) => Uint8Array): void {
  try {
    expect(recode(bytes)).toEqual(bytes);
  } catch (error) {
    if (!isProtocolError(error)) throw error;
    expect(error.code).toBe('INVALID_BCS');
  }
}

const objects = valid.map((vector) => fromHex(vector.object));
const ptbs = requests.vectors.map((vector) => fromBase64(vector.ptb));
const noise = fc.uint8Array({ maxLength: 200 });

describe('decoders', () => {
  it.each<[string, fc.Arbitrary<Uint8Array>, (bytes: Uint8Array) => Uint8Array]>([
    ['encrypted objects', near(objects), (b) => encodeEncryptedObject(decodeEncryptedObject(b))],
    ['transactions', near(ptbs), (b) => encodePtb(decodePtb(b))],
    ['noise as encrypted objects', noise, (b) => encodeEncryptedObject(decodeEncryptedObject(b))],
    ['noise as transactions', noise, (b) => encodePtb(decodePtb(b))],
    ['noise as certificates', noise, (b) => encodeCertificate(decodeCertificate(b))],
    ['noise as committees', noise, (b) => encodeCommittee(decodeCommittee(b))],
    ['noise as key servers', noise, (b) => encodeKeyServerV2(decodeKeyServerV2(b))],
  ])('%s', (_name, arbitrary, recode) => {
    fc.assert(
      fc.property(arbitrary, (bytes) => refusedOrSame(bytes, recode)),
      { numRuns },
    );
  });

  it('what passes is read by the official codec as well', () => {
    fc.assert(
      fc.property(near(ptbs), (bytes) => {
        try {
          decodePtb(bytes);
        } catch {
          return;
        }
        bcs.ProgrammableTransaction.parse(bytes);
      }),
      { numRuns },
    );
  });

  it('rules throw nothing but refusals', () => {
    fc.assert(
      fc.property(near(ptbs), near(objects), (ptb, object) => {
        try {
          validatePtbBytes(ptb);
        } catch (error) {
          expect(error).toBeInstanceOf(SealServerError);
        }
        try {
          checkEncryptedObject(decodeEncryptedObject(object));
        } catch (error) {
          expect(isProtocolError(error)).toBe(true);
        }
      }),
      { numRuns },
    );
  });
});

it('JSON bodies of any shape are refused by shape', () => {
  const fields = ['ptb', 'enc_key', 'certificate', 'decryption_keys', 'id', 'encrypted_key'];
  const key = fc.oneof(fc.constantFrom(...fields), fc.string());
  fc.assert(
    fc.property(fc.object({ key, maxDepth: 3 }), (value) => {
      for (const parse of [parseFetchKeyRequest, parseFetchKeyResponse]) {
        try {
          parse(value);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProtocolError', code: 'INVALID_SHAPE' });
        }
      }
    }),
    { numRuns },
  );
});
