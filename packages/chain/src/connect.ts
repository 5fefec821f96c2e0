/** A server's connection to its full node: the server port on an official gRPC client. */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { NetworkName } from '@seal-ts/protocol';
import type { ChainEvents } from './events.ts';
import { GrpcServerChain } from './grpc-server-chain.ts';
import type { AttemptObserver, RetryOptions } from './retry.ts';
import type { ServerChain } from './server-chain.ts';

export interface FullNodeOptions {
  readonly network: NetworkName;
  readonly url: string;
  readonly retry: RetryOptions;
  /** Metadata for every call, such as an API key. */
  readonly header?: { readonly name: string; readonly value: string } | undefined;
}
export interface ConnectDeps {
  /** Sees every attempt. */
  readonly observe: AttemptObserver;
}

export function connectFullNode(
  options: FullNodeOptions,
  { observe }: ConnectDeps,
): ServerChain & ChainEvents {
  const { network, url, retry, header } = options;
  const client = new SuiGrpcClient({
    network,
    baseUrl: url,
    ...(header === undefined ? {} : { meta: { [header.name]: header.value } }),
  });
  return new GrpcServerChain(retry, { client, observe });
}
