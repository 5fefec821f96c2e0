/** Hand-made ledger values for the RPC tests. */
import { sha256 } from '@noble/hashes/sha2.js';
import { base58 } from '@scure/base';
import { addressToBytes, parseTypeTag, type StructTag } from '@seal-ts/move-vm';
import type {
  ExecutionStatus,
  FunctionSignature,
  LedgerObject,
  Owner,
  PackageRecord,
  SignatureType,
} from '../../../src/ledger/api.ts';
import { moveData, ObjectRecord } from '../../../src/ledger/object.ts';

/** `0x` + 64 digits of a small number. */
export const id = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`;

/** A digest that stands for some text. */
export const digest = (text: string): string => base58.encode(sha256(Buffer.from(text)));

export const structOf = (text: string): StructTag => parseTypeTag(text) as StructTag;

export const ALICE = id(0xa11ce);
export const BOB = id(0xb0b);
export const SUI = `${id(2)}::sui::SUI`;
export const PACKAGE = id(0x5ea1);

export const addressOwner = (address: string): Owner => ({ kind: 'address', address });

export interface ObjectSpec {
  objectId: string;
  version?: bigint;
  owner: Owner;
  type: string;
  /** Bytes after the id. */
  tail?: Uint8Array;
}

/** A Move object; contents are its id and `tail`. */
export function moveObject(spec: ObjectSpec): LedgerObject {
  const contents = new Uint8Array([...addressToBytes(spec.objectId), ...(spec.tail ?? [])]);
  return new ObjectRecord({
    objectId: spec.objectId,
    version: spec.version ?? 3n,
    owner: spec.owner,
    data: moveData(structOf(spec.type), contents, true),
    previousTransaction: digest('previous'),
    storageRebate: 988_000n,
  });
}

export function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

/** A coin; `coinType` defaults to SUI. */
export function coin(
  objectId: string,
  owner: string,
  balance: bigint,
  coinType: string = SUI,
): LedgerObject {
  return moveObject({
    objectId,
    owner: addressOwner(owner),
    type: `0x2::coin::Coin<${coinType}>`,
    tail: u64(balance),
  });
}

/** A package object with one module of made-up bytes. */
export function packageObject(storageId: string, version = 1n): LedgerObject {
  return new ObjectRecord({
    objectId: storageId,
    version,
    owner: { kind: 'immutable' },
    data: {
      kind: 'package',
      package: {
        storageId,
        originalId: storageId,
        version,
        modules: new Map([['m', Uint8Array.of(1, 2, 3)]]),
        typeOrigins: [{ module: 'm', datatype: 'Thing', package: storageId }],
        linkage: new Map([[id(2), { storageId: id(2), version: 1n }]]),
      },
    },
    previousTransaction: digest('publish'),
    storageRebate: 1_000_000n,
  });
}

const datatype = (typeName: string, ...typeArguments: SignatureType[]): SignatureType => ({
  kind: 'datatype',
  typeName,
  typeArguments,
});

/** Functions of module `m`: `read(&Thing)`, `write(&mut Thing, u64)`, `take(Receiving<Thing>)`. */
export function functionsOf(storageId: string): FunctionSignature[] {
  const thing = datatype(`${storageId}::m::Thing`);
  const context = {
    reference: 'mutable' as const,
    body: datatype(`${id(2)}::tx_context::TxContext`),
  };
  const base = { visibility: 'public' as const, isEntry: false, typeParameters: [], returns: [] };
  return [
    { ...base, name: 'read', parameters: [{ reference: 'immutable', body: thing }, context] },
    {
      ...base,
      name: 'write',
      isEntry: true,
      typeParameters: [['copy', 'drop', 'store', 'key']],
      parameters: [
        context,
        { reference: 'mutable', body: thing },
        { reference: undefined, body: { kind: 'u64' } },
        { reference: undefined, body: { kind: 'vector', element: { kind: 'u8' } } },
        { reference: undefined, body: { kind: 'typeParameter', index: 0 } },
      ],
      returns: [{ reference: undefined, body: { kind: 'bool' } }],
    },
    {
      ...base,
      name: 'take',
      parameters: [
        { reference: undefined, body: datatype(`${id(2)}::transfer::Receiving`, thing) },
      ],
    },
  ];
}

export function packageRecord(storageId: string): PackageRecord {
  return {
    storageId,
    originalId: storageId,
    version: 1n,
    modules: [
      {
        name: 'm',
        bytes: Uint8Array.of(1, 2, 3),
        functions: functionsOf(storageId),
        datatypes: [
          {
            module: 'm',
            name: 'Thing',
            typeName: `${storageId}::m::Thing`,
            definingId: storageId,
            abilities: ['key', 'store'],
            typeParameters: [{ constraints: ['store'], isPhantom: true }],
            fields: [{ name: 'n', type: { kind: 'u64' } }],
            variants: undefined,
          },
        ],
      },
    ],
    typeOrigins: [{ module: 'm', datatype: 'Thing', package: storageId }],
    linkage: [{ originalId: id(2), storageId: id(2), version: 1n }],
  };
}

export const SUCCESS: ExecutionStatus = { success: true };
