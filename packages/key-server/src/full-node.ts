/** The server's connection to its full node, and to mainnet for the move registry. */

import { SuiGrpcClient } from '@mysten/sui/grpc';
import { GrpcServerChain, type RetryOptions, type ServerChain } from '@seal-ts/chain';
import { NETWORKS, type NetworkName } from '@seal-ts/protocol';
import type { KeyServerMetrics } from './metrics.ts';

export interface FullNodeOptions {
  network: NetworkName;
  url: string;
  retry: RetryOptions;
  /** Metadata for every call, such as an API key. */
  header?: { name: string; value: string } | undefined;
}
export interface FullNodeDeps {
  metrics: Pick<KeyServerMetrics, 'rpcDuration'>;
}

export function connectFullNode(options: FullNodeOptions, { metrics }: FullNodeDeps): ServerChain {
  const { network, url, retry, header } = options;
  const client = new SuiGrpcClient({
    network,
    baseUrl: url,
    ...(header === undefined ? {} : { meta: { [header.name]: header.value } }),
  });
  return new GrpcServerChain(retry, {
    client,
    observe: (method, status, durationMs) =>
      metrics.rpcDuration.observe({ method, status }, durationMs),
  });
}

/**
 * Where move registry names are read: the server's own node on mainnet, otherwise the public
 * mainnet node. No header of the own node is sent there (protocol §4.9).
 */
export function connectRegistry(
  own: ServerChain,
  options: FullNodeOptions,
  deps: FullNodeDeps,
): ServerChain {
  if (options.network === 'mainnet') return own;
  const { url } = NETWORKS.mainnet;
  return connectFullNode({ network: 'mainnet', url, retry: options.retry }, deps);
}
