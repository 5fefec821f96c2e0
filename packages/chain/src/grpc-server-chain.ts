/** The server port on the official gRPC stubs: methods and read masks of seal-protocol.md §12. */
import { GrpcTypes, RpcError, type SuiGrpcClient } from '@mysten/sui/grpc';
import {
  addressAliasId,
  decodeKeyServerFieldV1,
  decodeKeyServerFieldV2,
  encodeBcs,
  type KeyServerInfo,
  keyServerFieldId,
  keyServerInfoV1,
  keyServerInfoV2,
  normalizeAddress,
} from '@seal-ts/protocol';
import { ChainError, isChainError } from './errors.ts';
import { type ChainEvents, type EventPage, type EventQuery, readEventPage } from './events.ts';
import { decodeContents, moveContents, originalPackageId } from './object-bcs.ts';
import {
  DEFAULT_RETRY,
  DEFAULT_RETRY_DEPS,
  type RetryDeps,
  type RetryOptions,
  type RpcMethod,
  withRetries,
} from './retry.ts';
import type {
  CallOptions,
  ChainObject,
  ObjectField,
  ObjectOwner,
  ObjectReadOptions,
  ServerChain,
  SimulationOutcome,
  SimulationRequest,
  ZkLoginRequest,
} from './server-chain.ts';
import { simulationOutcome, simulationRequest } from './simulation.ts';

/** The stubs used; a `SuiGrpcClient` fits. */
export type GrpcStubs = Pick<
  SuiGrpcClient,
  'ledgerService' | 'transactionExecutionService' | 'signatureVerificationService'
>;

export interface GrpcServerChainDeps extends Partial<RetryDeps> {
  readonly client: GrpcStubs;
}

export class GrpcServerChain implements ServerChain, ChainEvents {
  readonly #client: GrpcStubs;
  readonly #retry: RetryOptions;
  readonly #deps: RetryDeps;

  constructor(options: Partial<RetryOptions>, deps: GrpcServerChainDeps) {
    const { client, ...retryDeps } = deps;
    this.#client = client;
    this.#retry = { ...DEFAULT_RETRY, ...options };
    this.#deps = { ...DEFAULT_RETRY_DEPS, ...retryDeps };
  }

  referenceGasPrice(options: CallOptions = {}): Promise<bigint> {
    return this.#call('get_reference_gas_price', options, async (abort) => {
      const request = GrpcTypes.GetEpochRequest.create({
        readMask: { paths: ['reference_gas_price'] },
      });
      const { response } = await this.#client.ledgerService.getEpoch(request, { abort });
      return required(response.epoch?.referenceGasPrice, 'reference gas price');
    });
  }

  async packageOriginalId(packageId: string, options: CallOptions = {}): Promise<string> {
    const read = { ...options, mask: ['bcs'], method: 'fetch_package_original_id' } as const;
    const object = await this.object(packageId, read);
    return originalPackageId(required(object.bcs, 'object bcs'), packageId);
  }

  /** Without a mask, as the reference asks for alias records. */
  async objectExists(objectId: string, options: CallOptions = {}): Promise<boolean> {
    const request = objectRequest(objectId, undefined);
    return (await this.#objectIfAny('object_exists', request, options)) !== undefined;
  }

  async object(objectId: string, options: ObjectReadOptions): Promise<ChainObject> {
    const { mask, method = 'get_object' } = options;
    const request = objectRequest(objectId, mask);
    const object = await this.#call(method, options, (abort) => this.#getObject(request, abort));
    return {
      objectId: normalizeAddress(objectId),
      bcs: object.bcs?.value,
      owner: object.owner === undefined ? undefined : objectOwner(object.owner, objectId),
      objectType: object.objectType,
    };
  }

  async simulate(
    request: SimulationRequest,
    options: CallOptions = {},
  ): Promise<SimulationOutcome> {
    const message = simulationRequest(request);
    return this.#call('simulate_transaction', options, async (abort) => {
      const stub = this.#client.transactionExecutionService;
      const { response } = await stub.simulateTransaction(message, { abort });
      return simulationOutcome(response);
    });
  }

  async verifyZkLogin(request: ZkLoginRequest, options: CallOptions = {}): Promise<boolean> {
    const message = GrpcTypes.VerifySignatureRequest.create({
      message: {
        name: 'PersonalMessage',
        value: encodeBcs((w) => w.byteVector(request.message)),
      },
      signature: { bcs: { value: request.signature }, signature: { oneofKind: undefined } },
      address: normalizeAddress(request.address),
    });
    return this.#call('verify_signature', options, async (abort) => {
      const stub = this.#client.signatureVerificationService;
      const { response } = await stub.verifySignature(message, { abort });
      return response.isValid === true && !response.reason;
    });
  }

  /** Version 2 if the object has it, else version 1 (seal-protocol.md §2.2). */
  async keyServer(objectId: string, options: CallOptions = {}): Promise<KeyServerInfo> {
    const id = normalizeAddress(objectId);
    const method = 'fetch_key_server_by_id';
    const request = (version: 1 | 2) => objectRequest(keyServerFieldId(id, version), ['bcs']);
    const v2 = await this.#objectIfAny(method, request(2), options);
    if (v2 !== undefined) {
      const contents = moveContents(required(v2.bcs?.value, 'object bcs'), id);
      return keyServerInfoV2(id, decodeContents(id, contents, decodeKeyServerFieldV2).value);
    }
    const v1 = await this.#call(method, options, (abort) =>
      this.#getObject(request(1), abort),
    ).catch((error: unknown) => {
      // The node names the field that was asked for, which nobody knows.
      throw isChainError(error) && error.code === 'NOT_FOUND' ? noKeyServer(id, error) : error;
    });
    const contents = moveContents(required(v1.bcs?.value, 'object bcs'), id);
    return keyServerInfoV1(id, decodeContents(id, contents, decodeKeyServerFieldV1).value);
  }

  events(query: EventQuery, options: CallOptions = {}): Promise<EventPage> {
    const { ledgerService } = this.#client;
    return this.#call('list_events', options, (abort) =>
      readEventPage(ledgerService, query, abort),
    );
  }

  /** For objects that need not exist: their absence is an answer, not a failed call. */
  #objectIfAny(
    method: RpcMethod,
    request: GrpcTypes.GetObjectRequest,
    options: CallOptions,
  ): Promise<GrpcTypes.Object | undefined> {
    return this.#call(method, options, async (abort) => {
      try {
        return await this.#getObject(request, abort);
      } catch (error) {
        if (error instanceof RpcError && error.code === 'NOT_FOUND') return undefined;
        throw error;
      }
    });
  }

  async #getObject(
    request: GrpcTypes.GetObjectRequest,
    abort: AbortSignal,
  ): Promise<GrpcTypes.Object> {
    const { response } = await this.#client.ledgerService.getObject(request, { abort });
    return required(response.object, 'object');
  }

  #call<T>(
    method: RpcMethod,
    options: CallOptions,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return withRetries(method, attempt, this.#retry, this.#deps, options.signal);
  }
}

/** Whether the account has address aliases, which Seal refuses (seal-protocol.md §3.4). */
export function hasAddressAliases(
  chain: Pick<ServerChain, 'objectExists'>,
  account: string,
  options: CallOptions = {},
): Promise<boolean> {
  return chain.objectExists(addressAliasId(account), options);
}

function noKeyServer(id: string, cause: ChainError): ChainError {
  const message =
    `fetch_key_server_by_id: there is no key server ${id} on the chain of this node; check the id, the ` +
    'network and the URL of the node (a network of your own that started anew has other objects)';
  return new ChainError('NOT_FOUND', message, { grpcStatus: cause.grpcStatus, cause });
}

function objectRequest(
  objectId: string,
  mask: readonly ObjectField[] | undefined,
): GrpcTypes.GetObjectRequest {
  const request = GrpcTypes.GetObjectRequest.create({ objectId: normalizeAddress(objectId) });
  if (mask !== undefined) request.readMask = { paths: [...mask] };
  return request;
}

function objectOwner(owner: GrpcTypes.Owner, objectId: string): ObjectOwner {
  const Kind = GrpcTypes.Owner_OwnerKind;
  switch (owner.kind) {
    case Kind.ADDRESS:
      return { kind: 'address', address: required(owner.address, 'owner address') };
    case Kind.OBJECT:
      return { kind: 'object', address: required(owner.address, 'owner address') };
    case Kind.SHARED:
      return { kind: 'shared', initialSharedVersion: required(owner.version, 'shared version') };
    case Kind.IMMUTABLE:
      return { kind: 'immutable' };
    case Kind.CONSENSUS_ADDRESS:
      return {
        kind: 'consensus',
        address: required(owner.address, 'owner address'),
        startVersion: required(owner.version, 'start version'),
      };
    default:
      throw new ChainError('MALFORMED', `${objectId}: unknown owner kind ${owner.kind}`);
  }
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ChainError('MALFORMED', `the node sent no ${what}`);
  return value;
}
