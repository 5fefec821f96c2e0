/** The known answers of sui-ledger.md §16, from vectors/ledger/known-answers.json. */
import { readFileSync } from 'node:fs';
import { bcs } from '@mysten/sui/bcs';
import { base64, hex } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { encodeEffects } from '../../src/ledger/bcs/effects.ts';
import {
  encodeCheckpointContents,
  encodeCheckpointSummary,
  encodeEvents,
} from '../../src/ledger/bcs/ledger.ts';
import { decodeTransactionData, encodeTransactionData } from '../../src/ledger/bcs/transaction.ts';
import { writeTypeTag } from '../../src/ledger/bcs/type-tag.ts';
import { BcsWriter } from '../../src/ledger/bcs/writer.ts';
import {
  blake2b256,
  derivedObjectId,
  digestFromBytes,
  digestOf,
  digestToBytes,
  dynamicFieldId,
  dynamicObjectFieldId,
  freshId,
} from '../../src/ledger/digests.ts';
import { moveData, ObjectRecord, packageData, storageSize } from '../../src/ledger/object.ts';
import { parseSigners, verifyAnySignature, verifySigners } from '../../src/ledger/signatures.ts';
import { STD_ADDRESS, SUI_ADDRESS, SUI_COIN_TYPE, struct } from '../../src/ledger/type-text.ts';
import type { TransactionEffects } from '../../src/ledger/types/effects.ts';
import { normalizeAddress, parseTypeTag } from '../../src/ledger/vm.ts';

const answers = JSON.parse(
  readFileSync(new URL('../../../../vectors/ledger/known-answers.json', import.meta.url), 'utf8'),
);

const D = (n: number): string => digestFromBytes(new Uint8Array(32).fill(n));
const id = normalizeAddress;
const E = answers.keys.ed25519Address as string;
const T1 = hex.decode(answers.t1.bytes);

describe('transactions', () => {
  for (const name of ['t1', 't2'] as const) {
    it(`${name}: decodes, re-encodes to the same bytes, has the digest`, () => {
      const bytes = hex.decode(answers[name].bytes);
      expect(encodeTransactionData(decodeTransactionData(bytes))).toEqual(bytes);
      expect(digestOf('TransactionData', bytes)).toBe(answers[name].digest);
      expect(bcs.TransactionData.serialize(bcs.TransactionData.parse(bytes)).toBytes()).toEqual(
        bytes,
      );
    });
  }

  it('fresh ids follow from digest and counter', () => {
    const digest = digestToBytes(answers.t1.digest)!;
    expect(hex.encode(digest)).toBe(answers.t1.digestHex);
    expect([0n, 1n, 2n].map((n) => freshId(digest, n))).toEqual(answers.t1.freshIds);
    expect([0n, 1n].map((n) => freshId(new Uint8Array(32), n))).toEqual(answers.zeroDigestFreshIds);
  });

  it('refuses every truncation and any trailing byte', () => {
    for (let length = 0; length < T1.length; length++) {
      expect(() => decodeTransactionData(T1.subarray(0, length))).toThrow(/BCS/);
    }
    expect(() => decodeTransactionData(new Uint8Array([...T1, 0]))).toThrow(/trailing/);
  });

  it('refuses a length that is not in its shortest form', () => {
    // 0x02 inputs written as 0x82 0x00.
    const long = new Uint8Array([...T1.subarray(0, 2), 0x82, 0x00, ...T1.subarray(3)]);
    expect(() => decodeTransactionData(long)).toThrow(/shortest form/);
  });
});

describe('signatures', () => {
  const signing = blake2b256(new Uint8Array([0, 0, 0]), T1);

  it('has the signing digest', () => {
    expect(hex.encode(signing)).toBe(answers.t1.signingDigest);
  });

  for (const [scheme, address] of [
    ['ed25519', answers.keys.ed25519Address],
    ['secp256k1', answers.keys.secp256k1Address],
  ] as const) {
    it(`accepts the ${scheme} signature of T1 and no other message`, async () => {
      const signature = base64.decode(answers.t1[`${scheme}Signature`]);
      const parsed = parseSigners([signature], [address]);
      await verifySigners(T1, parsed);
      const other = T1.slice();
      other[218]! ^= 1;
      await expect(verifySigners(other, parsed)).rejects.toThrow(/not valid/);
    });
  }

  it('accepts the personal message, and not as a transaction', async () => {
    const message = bcs
      .vector(bcs.u8())
      .serialize([...new TextEncoder().encode('hello')])
      .toBytes();
    const signature = base64.decode(answers.personalMessage.ed25519Signature);
    const intent = new Uint8Array([3, 0, 0, ...message]);
    expect(hex.encode(intent)).toBe(answers.personalMessage.intentMessage);
    expect(hex.encode(blake2b256(intent))).toBe(answers.personalMessage.digest);
    const ask = (scope: 'personalMessage' | 'transaction', address?: string) =>
      verifyAnySignature({ scope, message, signature, address });
    expect(await ask('personalMessage', E)).toEqual({ kind: 'valid' });
    expect(await ask('personalMessage', id('0x7'))).toMatchObject({ kind: 'invalid' });
    expect(await ask('transaction')).toMatchObject({ kind: 'invalid' });
  });
});

describe('derived ids', () => {
  for (const { kind, parent, type, key, id: expected } of answers.derivedIds) {
    it(`${kind} of ${parent}, ${type} ${key}`, () => {
      const derive = { field: dynamicFieldId, objectField: dynamicObjectFieldId };
      const rule = kind === 'derived' ? derivedObjectId : derive[kind as keyof typeof derive];
      expect(rule(id(parent), parseTypeTag(type), hex.decode(key))).toBe(expected);
    });
  }
});

describe('type tags', () => {
  for (const { type, bytes } of answers.typeTags) {
    it(type, () => {
      const writer = new BcsWriter();
      writeTypeTag(writer, parseTypeTag(type));
      expect(hex.encode(writer.toBytes())).toBe(bytes);
    });
  }
});

describe('objects', () => {
  it('a SUI coin', () => {
    const contents = new Uint8Array(40);
    contents.set(hex.decode(id('0xc01').slice(2)));
    new DataView(contents.buffer).setBigUint64(32, 1_000_000_000n, true);
    const coin = new ObjectRecord({
      objectId: id('0xc01'),
      version: 5n,
      owner: { kind: 'address', address: E },
      data: moveData(SUI_COIN_TYPE, contents, true),
      previousTransaction: D(1),
      storageRebate: 988_000n,
    });
    expect(coin.bcs.length).toBe(answers.objects.suiCoin.bytes);
    expect(hex.encode(coin.bcs)).toMatch(new RegExp(`^${answers.objects.suiCoin.startsWith}`));
    expect(coin.digest).toBe(answers.objects.suiCoin.digest);
    expect(coin.coinBalance).toBe(1_000_000_000n);
    expect(storageSize(coin.data)).toBe(130);
  });

  it('a package', () => {
    const storageId = id('0x123');
    const pkg = new ObjectRecord({
      objectId: storageId,
      version: 1n,
      owner: { kind: 'immutable' },
      data: packageData({
        storageId,
        originalId: storageId,
        version: 1n,
        modules: new Map([
          ['b', new Uint8Array([2, 3])],
          ['a', new Uint8Array([1])],
        ]),
        typeOrigins: [{ module: 'a', datatype: 'T', package: storageId }],
        linkage: new Map([
          [SUI_ADDRESS, { storageId: SUI_ADDRESS, version: 3n }],
          [STD_ADDRESS, { storageId: STD_ADDRESS, version: 2n }],
        ]),
      }),
      previousTransaction: D(1),
      storageRebate: 0n,
    });
    expect(pkg.digest).toBe(answers.objects.package.digest);
  });
});

const effects: TransactionEffects = {
  status: { success: true },
  executedEpoch: 0n,
  gasUsed: {
    computationCost: 1_000_000n,
    storageCost: 1_976_000n,
    storageRebate: 978_120n,
    nonRefundableStorageFee: 9_880n,
  },
  transactionDigest: answers.t1.digest,
  gasObjectIndex: 0,
  eventsDigest: undefined,
  dependencies: [D(1)],
  lamportVersion: 6n,
  changedObjects: [
    {
      objectId: id('0xc01'),
      input: {
        kind: 'exist',
        version: 5n,
        digest: D(1),
        owner: { kind: 'address', address: E },
      },
      output: { kind: 'objectWrite', digest: D(2), owner: { kind: 'address', address: E } },
      idOperation: 'none',
      objectType: '',
    },
    {
      objectId: answers.t1.freshIds[0],
      input: { kind: 'notExist' },
      output: {
        kind: 'objectWrite',
        digest: D(3),
        owner: { kind: 'address', address: id('0x2') },
      },
      idOperation: 'created',
      objectType: '',
    },
  ],
  unchangedConsensusObjects: [
    { objectId: id('0x6'), kind: 'readOnlyRoot', version: 9n, digest: D(4) },
  ],
};

describe('effects, events, checkpoints', () => {
  it('E1, and the client decodes it', () => {
    const bytes = encodeEffects(effects);
    expect(bytes.length).toBe(answers.effects.bytes);
    expect(digestOf('TransactionEffects', bytes)).toBe(answers.effects.digest);
    expect(bcs.TransactionEffects.parse(bytes).V2?.lamportVersion).toBe('6');
  });

  it('E1 with a MoveAbort', () => {
    const location = {
      package: id('0x5'),
      module: 'm',
      function: 1,
      instruction: 3,
      functionName: 'f',
    };
    const error = { kind: 'MoveAbort', location, code: 7n, clever: undefined } as const;
    const status = { success: false, error, command: 0, description: 'abort' } as const;
    const bytes = hex.encode(encodeEffects({ ...effects, status }));
    expect(bytes.startsWith(answers.effects.moveAbortStart)).toBe(true);
  });

  it('events', () => {
    const type = struct(id('0x5'), 'm', 'E');
    const contents = new Uint8Array([7, 0, 0, 0, 0, 0, 0, 0]);
    const event = { packageId: id('0x5'), module: 'm', sender: E, type, typeText: '', contents };
    expect(digestOf('TransactionEvents', encodeEvents([event]))).toBe(answers.events.digest);
  });

  it('checkpoint contents and summary', () => {
    const contents = encodeCheckpointContents(
      [{ transaction: answers.t1.digest, effects: answers.effects.digest }],
      [[base64.decode(answers.t1.ed25519Signature)]],
    );
    expect(contents.length).toBe(answers.checkpointContents.bytes);
    const contentDigest = digestOf('CheckpointContents', contents);
    expect(contentDigest).toBe(answers.checkpointContents.digest);
    const summary = encodeCheckpointSummary({
      epoch: 0n,
      sequenceNumber: 1n,
      networkTotalTransactions: 2n,
      contentDigest,
      previousDigest: D(9),
      epochRollingGasCostSummary: {
        computationCost: 1n,
        storageCost: 2n,
        storageRebate: 3n,
        nonRefundableStorageFee: 4n,
      },
      timestampMs: 1_700_000_000_000n,
      endOfEpoch: undefined,
    });
    expect(digestOf('CheckpointSummary', summary)).toBe(answers.checkpointSummary.digest);
  });
});
