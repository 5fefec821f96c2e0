/** The server's connection to mainnet for the move registry. */

import {
  type ConnectDeps,
  connectFullNode,
  type FullNodeOptions,
  type ServerChain,
} from '@seal-ts/chain';
import { NETWORKS } from '@seal-ts/protocol';

/**
 * Where move registry names are read: the server's own node on mainnet, otherwise the public
 * mainnet node. No header of the own node is sent there (protocol §4.9).
 */
export function connectRegistry(
  own: ServerChain,
  options: FullNodeOptions,
  deps: ConnectDeps,
): ServerChain {
  if (options.network === 'mainnet') return own;
  const { url } = NETWORKS.mainnet;
  return connectFullNode({ network: 'mainnet', url, retry: options.retry }, deps);
}
