/** Known answers made with the official client: transactions, ids, objects (vectors/protocol). */
import { describe, expect, it } from 'vitest';
import {
  addressAliasId,
  committeeKeyServerFieldId,
  decodeKeyServer,
  decodeKeyServerV1,
  decodeKeyServerV2,
  decodePtb,
  encodeKeyServer,
  encodeKeyServerV1,
  encodeKeyServerV2,
  encodePtb,
  fromBase64,
  fromHex,
  insertStalenessCheck,
  keyServerFieldId,
  mvrRecordId,
  parseMvrName,
  toBase64,
  toHex,
  upgradeManagerFieldId,
  validatePtbBase64,
} from '../src/index.ts';
import { loadVectors, thrownBy } from './support/vectors.ts';

interface Transactions {
  valid: { name: string; ptb: string; packageId: string; innerIds: string[] }[];
  invalid: { name: string; ptb: string; detail: string }[];
  staleness: {
    name: string;
    ptb: string;
    sealPackage: string;
    nowMs: number;
    allowedStalenessMs: number;
    result: string;
  }[];
}

interface Chain {
  ids: { kind: string; args: [string, ...unknown[]]; id: string }[];
  objects: { kind: string; bytes: string }[];
}

const transactions = loadVectors<Transactions>('transactions');
const chain = loadVectors<Chain>('chain');

describe('transactions', () => {
  it.each(transactions.valid)('pass: $name', ({ ptb, packageId, innerIds }) => {
    const valid = validatePtbBase64(ptb);
    expect(valid.packageId).toBe(packageId);
    expect(valid.innerIds.map(toHex)).toEqual(innerIds);
    expect(toBase64(encodePtb(valid.ptb))).toBe(ptb);
  });

  it.each(transactions.invalid)('are refused: $name', ({ ptb, detail }) => {
    const error = thrownBy(() => validatePtbBase64(ptb));
    expect(error).toMatchObject({ code: 'InvalidPTB', message: `Invalid PTB: ${detail}` });
  });

  it.each(transactions.staleness)('get the staleness check: $name', (v) => {
    const checked = insertStalenessCheck(decodePtb(fromBase64(v.ptb)), {
      sealPackage: v.sealPackage,
      nowMs: BigInt(v.nowMs),
      allowedStalenessMs: BigInt(v.allowedStalenessMs),
    });
    expect(toBase64(encodePtb(checked))).toBe(v.result);
  });
});

describe('derived ids', () => {
  const derive: Readonly<Record<string, (first: string, second?: unknown) => string>> = {
    keyServerFieldId: (id, version) => keyServerFieldId(id, version === 1 ? 1 : 2),
    committeeKeyServerFieldId,
    upgradeManagerFieldId: (id, packageId) => upgradeManagerFieldId(id, String(packageId)),
    addressAliasId,
    mvrRecordId: (name) => mvrRecordId(parseMvrName(name)),
  };

  it.each(chain.ids)('$kind $args', ({ kind, args: [first, second], id }) => {
    expect(derive[kind]?.(first, second)).toBe(id);
  });
});

describe('objects', () => {
  const recode: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    KeyServer: (bytes) => encodeKeyServer(decodeKeyServer(bytes)),
    KeyServerV1: (bytes) => encodeKeyServerV1(decodeKeyServerV1(bytes)),
    KeyServerV2: (bytes) => encodeKeyServerV2(decodeKeyServerV2(bytes)),
  };

  it.each(chain.objects)('$kind', ({ kind, bytes }) => {
    expect(toHex(recode[kind]?.(fromHex(bytes)) ?? new Uint8Array())).toBe(bytes);
  });
});
