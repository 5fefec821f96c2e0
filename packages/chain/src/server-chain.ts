/**
 * The server port: everything a key server or aggregator asks of a Sui node (seal-protocol.md §12).
 * `GrpcServerChain` implements it on the official gRPC service stubs; tests implement it in memory.
 */
import type { KeyServerInfo } from '@seal-ts/protocol';
import type { RpcMethod } from './retry.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Fields a raw read can ask for; also the read mask sent to the node. */
export type ObjectField = 'bcs' | 'owner' | 'object_type';

export interface ObjectReadOptions extends CallOptions {
  readonly mask: readonly ObjectField[];
  /** What the read is for, in metrics; default `get_object`. */
  readonly method?: RpcMethod | undefined;
}

export type ObjectOwner =
  | { readonly kind: 'address' | 'object'; readonly address: string }
  | { readonly kind: 'shared'; readonly initialSharedVersion: bigint }
  | { readonly kind: 'immutable' }
  | { readonly kind: 'consensus'; readonly address: string; readonly startVersion: bigint };

/** A raw read. Fields that were not asked for are undefined. */
export interface ChainObject {
  readonly objectId: string;
  /** Whole object BCS (sui-ledger.md §3.6); `decodeObject` opens it. */
  readonly bcs?: Uint8Array | undefined;
  readonly owner?: ObjectOwner | undefined;
  /** Canonical type string, or `package`. */
  readonly objectType?: string | undefined;
}

/** `ptb` = BCS ProgrammableTransaction; the caller has inserted the staleness command. */
export interface SimulationRequest {
  readonly ptb: Uint8Array;
  readonly sender: string;
  readonly gasPrice: bigint;
  readonly gasBudget: bigint;
}

export interface MoveAbort {
  /** Storage id of the package version that aborted. */
  readonly package: string;
  readonly module: string;
  readonly function?: string | undefined;
  readonly code: bigint;
  /** Name of the error constant, when the node knows it. */
  readonly constantName?: string | undefined;
}

export type SimulationOutcome =
  | { readonly ok: true; readonly computationCost: bigint }
  | {
      readonly ok: false;
      /** gRPC execution error kind, e.g. `MOVE_ABORT`, `FUNCTION_NOT_FOUND`. */
      readonly kind: string;
      readonly description: string;
      readonly abort?: MoveAbort | undefined;
    };

export interface ZkLoginRequest {
  /** The personal message itself; the port adds its BCS length. */
  readonly message: Uint8Array;
  /** Serialized signature, flag byte first. */
  readonly signature: Uint8Array;
  readonly address: string;
}

/** Every method throws ChainError. */
export interface ServerChain {
  referenceGasPrice(options?: CallOptions): Promise<bigint>;
  /** Original (first) package id of any version. NOT_FOUND, NOT_A_PACKAGE, MALFORMED. */
  packageOriginalId(packageId: string, options?: CallOptions): Promise<string>;
  objectExists(objectId: string, options?: CallOptions): Promise<boolean>;
  object(objectId: string, options: ObjectReadOptions): Promise<ChainObject>;
  simulate(request: SimulationRequest, options?: CallOptions): Promise<SimulationOutcome>;
  verifyZkLogin(request: ZkLoginRequest, options?: CallOptions): Promise<boolean>;
  keyServer(objectId: string, options?: CallOptions): Promise<KeyServerInfo>;
}
