/**
 * The member's own node. What a committee is has to be asked of a node that the member chose: the one
 * that `dkg.yaml` names is chosen by whoever wrote that file.
 */
import { GrpcServerChain, type ServerChain } from '@seal-ts/chain';
import { NETWORKS, type NetworkName } from '@seal-ts/protocol';
import { WalletError } from '@seal-ts/wallet';
import type { CliDeps } from '../deps.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import { type GlobalOptions, openWallet } from '../session.ts';
import { explained } from './explained.ts';

/** Digests of the genesis checkpoints, by which the public networks are known. */
const CHAINS: Partial<Record<NetworkName, string>> = {
  mainnet: '4btiuiMPvEENsttpZC7CZ53DruC3MAgfznDbASZ7DR6S',
  testnet: '69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD',
};

export interface OwnNode {
  readonly url: string;
  /** Digest of the genesis checkpoint. */
  readonly chainId: string;
  readonly chain: ServerChain;
}

/** The node of `--rpc-url`, of the wallet's environment for the network, or the network's public one. */
export function ownNodeUrl(
  deps: CliDeps,
  options: GlobalOptions & { readonly rpcUrl?: string },
  network: NetworkName,
): string {
  if (options.rpcUrl !== undefined) return options.rpcUrl;
  return walletNode(deps, options, network) ?? NETWORKS[network].url;
}

function walletNode(
  deps: CliDeps,
  options: GlobalOptions,
  network: NetworkName,
): string | undefined {
  try {
    const { environments } = openWallet(deps, options);
    return environments.find(({ alias }) => alias === network)?.rpc;
  } catch (error) {
    if (error instanceof WalletError && error.code === 'WALLET_MISSING') return undefined;
    throw error;
  }
}

/** Errors: COMMITTEE_CHAIN when it cannot be asked, COMMITTEE_MISMATCH when it is of another network. */
export async function connectOwnNode(
  deps: CliDeps,
  network: NetworkName,
  url: string,
): Promise<OwnNode> {
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol)) {
    const text = `${url} is no URL of a node; expected http:// or https://`;
    throw new CommitteeError('COMMITTEE_BAD_OPTION', text);
  }
  const client = deps.connect(network, url);
  const { chainIdentifier: chainId } = await client.core
    .getChainIdentifier()
    .catch((cause: unknown) => {
      const text =
        `${url} does not answer (${messageOf(cause)}). It is the node that you trust for ${network}: ` +
        `name another with \`verify --rpc-url\`, or as the environment ${network} of your wallet`;
      throw new CommitteeError('COMMITTEE_CHAIN', text, { cause });
    });
  const expected = CHAINS[network];
  if (expected !== undefined && chainId !== expected) {
    throw new CommitteeError(
      'COMMITTEE_MISMATCH',
      `${url} is no node of ${network}: its chain is ${chainId}, not ${expected}`,
    );
  }
  return { url, chainId, chain: explained(new GrpcServerChain({}, { client }), url) };
}
