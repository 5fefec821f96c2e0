/**
 * Records the ledger answers with: executed transactions, checkpoints, epochs, packages.
 */
import type { BalanceChange, GasCostSummary, LedgerEvent, TransactionEffects } from './effects.ts';
import type { LedgerObject } from './object.ts';
import type { Address, Argument, Digest, TransactionData } from './transaction.ts';

/** A transaction in the ledger, system transactions included. */
export interface ExecutedTransaction {
  readonly digest: Digest;
  readonly transaction: TransactionData;
  /** BCS TransactionData. */
  readonly transactionBytes: Uint8Array;
  /** Serialized signatures, flag byte first; empty for system transactions. */
  readonly signatures: readonly Uint8Array[];
  readonly effects: TransactionEffects;
  /** BCS TransactionEffects, with the V2 tag. */
  readonly effectsBytes: Uint8Array;
  readonly effectsDigest: Digest;
  readonly events: readonly LedgerEvent[];
  readonly balanceChanges: readonly BalanceChange[];
  /** Input and output versions of the changed objects, sorted by id, inputs first. */
  readonly objectVersions: readonly { readonly objectId: Address; readonly version: bigint }[];
  /** Position in the ledger's total order, from 0 (genesis). */
  readonly sequence: bigint;
  /** Sequence number of its checkpoint; undefined until included. */
  readonly checkpoint: bigint | undefined;
  /** Timestamp of its checkpoint, milliseconds; undefined until included. */
  readonly timestampMs: bigint | undefined;
}

/** One value that came out of a simulated command. */
export interface CommandValue {
  /** Canonical type text. */
  readonly type: string;
  /** BCS of the value; references are read through. */
  readonly value: Uint8Array;
}

export interface CommandOutput {
  readonly returnValues: readonly CommandValue[];
  readonly mutatedByRef: readonly (CommandValue & { readonly argument: Argument })[];
}

export interface SimulationResult {
  readonly digest: Digest;
  /** The resolved transaction: price, budget, payment (mock coin included) filled in. */
  readonly transaction: TransactionData;
  readonly transactionBytes: Uint8Array;
  readonly effects: TransactionEffects;
  readonly effectsBytes: Uint8Array;
  readonly effectsDigest: Digest;
  readonly events: readonly LedgerEvent[];
  readonly balanceChanges: readonly BalanceChange[];
  /** One for each command; empty if execution failed. */
  readonly commandOutputs: readonly CommandOutput[];
  /** Input versions then output versions of everything the transaction touched. */
  readonly objects: readonly LedgerObject[];
}

export interface Checkpoint {
  readonly sequenceNumber: bigint;
  readonly epoch: bigint;
  readonly digest: Digest;
  readonly contentDigest: Digest;
  readonly previousDigest: Digest | undefined;
  readonly networkTotalTransactions: bigint;
  readonly epochRollingGasCostSummary: GasCostSummary;
  readonly timestampMs: bigint;
  /** Set on the last checkpoint of an epoch. */
  readonly endOfEpoch: { readonly nextProtocolVersion: bigint } | undefined;
  readonly transactions: readonly { readonly transaction: Digest; readonly effects: Digest }[];
  /** Signatures of each transaction, in the same order. */
  readonly userSignatures: readonly (readonly Uint8Array[])[];
  /** BCS CheckpointSummary and CheckpointContents. */
  readonly summaryBytes: Uint8Array;
  readonly contentsBytes: Uint8Array;
}

export interface EpochRecord {
  readonly epoch: bigint;
  readonly firstCheckpoint: bigint;
  /** Undefined while the epoch runs. */
  readonly lastCheckpoint: bigint | undefined;
  readonly startTimestampMs: bigint;
  readonly endTimestampMs: bigint | undefined;
  readonly referenceGasPrice: bigint;
  readonly protocolVersion: bigint;
}

export interface Balance {
  /** Canonical type of the coin's parameter. */
  readonly coinType: string;
  /** Sum over the owner's coins, in the smallest unit. */
  readonly balance: bigint;
  readonly coinCount: number;
}

export interface CoinInfo {
  readonly coinType: string;
  readonly metadata:
    | {
        /** Id of the metadata object; undefined for built-in SUI without an object. */
        readonly objectId: Address | undefined;
        readonly decimals: number;
        readonly name: string;
        readonly symbol: string;
        readonly description: string;
        readonly iconUrl: string | undefined;
      }
    | undefined;
  readonly treasury: { readonly objectId: Address; readonly totalSupply: bigint } | undefined;
}

export interface DynamicFieldEntry {
  readonly parent: Address;
  /** `field`: the value is inside the field object. `object`: it is an object of its own. */
  readonly kind: 'field' | 'object';
  readonly fieldId: Address;
  /** Key type, without `Wrapper`, and key BCS. */
  readonly nameType: string;
  readonly nameValue: Uint8Array;
  /** Type of the value; for `object` the child object's type. */
  readonly valueType: string;
  /** BCS of the value; for `object` the child's id. */
  readonly value: Uint8Array;
  /** Id of the child object, `object` kind only. */
  readonly childId: Address | undefined;
  /** The field object itself. */
  readonly fieldObject: LedgerObject;
}

export type Ability = 'copy' | 'drop' | 'store' | 'key';
export type Visibility = 'private' | 'public' | 'friend';

/** A type as it stands in a signature; `typeName` is `0x<64>::module::Name` by defining id. */
export type SignatureType =
  | {
      readonly kind: 'bool' | 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'u256' | 'address' | 'signer';
    }
  | { readonly kind: 'vector'; readonly element: SignatureType }
  | {
      readonly kind: 'datatype';
      readonly typeName: string;
      readonly typeArguments: readonly SignatureType[];
    }
  | { readonly kind: 'typeParameter'; readonly index: number };

export interface SignatureParameter {
  readonly reference: 'immutable' | 'mutable' | undefined;
  readonly body: SignatureType;
}

export interface FunctionSignature {
  readonly name: string;
  readonly visibility: Visibility;
  readonly isEntry: boolean;
  /** Constraints of each type parameter. */
  readonly typeParameters: readonly (readonly Ability[])[];
  readonly parameters: readonly SignatureParameter[];
  readonly returns: readonly SignatureParameter[];
}

export interface FieldDescriptor {
  readonly name: string;
  readonly type: SignatureType;
}

export interface DatatypeDescriptor {
  readonly module: string;
  readonly name: string;
  /** `0x<64>::module::Name` by defining id. */
  readonly typeName: string;
  readonly definingId: Address;
  readonly abilities: readonly Ability[];
  readonly typeParameters: readonly {
    readonly constraints: readonly Ability[];
    readonly isPhantom: boolean;
  }[];
  /** Fields of a struct; undefined for an enum. */
  readonly fields: readonly FieldDescriptor[] | undefined;
  /** Variants of an enum; undefined for a struct. */
  readonly variants:
    | readonly { readonly name: string; readonly fields: readonly FieldDescriptor[] }[]
    | undefined;
}

export interface ModuleDescriptor {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly datatypes: readonly DatatypeDescriptor[];
  readonly functions: readonly FunctionSignature[];
}

export interface PackageRecord {
  readonly storageId: Address;
  readonly originalId: Address;
  readonly version: bigint;
  readonly modules: readonly ModuleDescriptor[];
  readonly typeOrigins: readonly {
    readonly module: string;
    readonly datatype: string;
    readonly package: Address;
  }[];
  readonly linkage: readonly {
    readonly originalId: Address;
    readonly storageId: Address;
    readonly version: bigint;
  }[];
}

/** What `google.protobuf.Value` can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [field: string]: JsonValue };
