/** The server port on the official gRPC stubs: methods and read masks of seal-protocol.md §12. */
import { GrpcTypes, type SuiGrpcClient } from '@mysten/sui/grpc';
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
import { decodeContents, moveContents, originalPackageId } from './object-bcs.ts';
import {
  DEFAULT_RETRY,
  DEFAULT_RETRY_DEPS,
  type RetryDeps,
  type RetryOptions,
  withRetries,
} from './retry.ts';
import type {
  CallOptions,
  ChainObject,
  ObjectField,
  ObjectOwner,
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

export class GrpcServerChain implements ServerChain {
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
    const object = await this.object(packageId, { ...options, mask: ['bcs'] });
    return originalPackageId(required(object.bcs, 'object bcs'), packageId);
  }

  /** Without a mask, as the reference asks for alias records. */
  async objectExists(objectId: string, options: CallOptions = {}): Promise<boolean> {
    try {
      await this.#getObject('object_exists', objectId, undefined, options);
      return true;
    } catch (error) {
      if (isChainError(error) && error.code === 'NOT_FOUND') return false;
      throw error;
    }
  }

  async object(
    objectId: string,
    options: CallOptions & { readonly mask: readonly ObjectField[] },
  ): Promise<ChainObject> {
    const object = await this.#getObject('get_object', objectId, options.mask, options);
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
    try {
      const contents = await this.#contents(keyServerFieldId(id, 2), options);
      return keyServerInfoV2(id, decodeContents(id, contents, decodeKeyServerFieldV2).value);
    } catch (error) {
      if (!isChainError(error) || error.code !== 'NOT_FOUND') throw error;
    }
    const contents = await this.#contents(keyServerFieldId(id, 1), options);
    return keyServerInfoV1(id, decodeContents(id, contents, decodeKeyServerFieldV1).value);
  }

  async #contents(objectId: string, options: CallOptions): Promise<Uint8Array> {
    const object = await this.object(objectId, { ...options, mask: ['bcs'] });
    return moveContents(required(object.bcs, 'object bcs'), objectId);
  }

  async #getObject(
    method: string,
    objectId: string,
    mask: readonly ObjectField[] | undefined,
    options: CallOptions,
  ): Promise<GrpcTypes.Object> {
    const request = GrpcTypes.GetObjectRequest.create({ objectId: normalizeAddress(objectId) });
    if (mask !== undefined) request.readMask = { paths: [...mask] };
    return this.#call(method, options, async (abort) => {
      const { response } = await this.#client.ledgerService.getObject(request, { abort });
      return required(response.object, 'object');
    });
  }

  #call<T>(
    method: string,
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
