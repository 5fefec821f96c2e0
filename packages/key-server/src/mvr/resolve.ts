/**
 * Where MVR names are looked up, as a function of the network (protocol §4.9): the registry is an
 * object on mainnet; a testnet server reads the entry for testnet there, and then the package's
 * information object on its own node. Other networks have no names.
 */

import {
  type CallOptions,
  isChainError,
  readMvrPackageInfo,
  readMvrRecord,
  type ServerChain,
} from '@seal-ts/chain';
import {
  isProtocolError,
  MVR_REGISTRY,
  type MvrRecord,
  type NetworkName,
  SealServerError,
} from '@seal-ts/protocol';
import type { MvrResolver } from './names.ts';

type Reader = Pick<ServerChain, 'object'>;

export interface MvrResolverDeps {
  /** The server's own full node. */
  chain: Reader;
  /** A mainnet full node. */
  registry: Reader;
}

type Lookup = (name: string, deps: MvrResolverDeps, options: CallOptions) => Promise<string>;

const LOOKUPS: Readonly<Record<NetworkName, Lookup>> = {
  mainnet: lookUpMainnet,
  testnet: lookUpTestnet,
  devnet: noNames,
  localnet: noNames,
};

export function mvrResolver(network: NetworkName, deps: MvrResolverDeps): MvrResolver {
  const lookUp = LOOKUPS[network];
  return (name, options) => lookUp(name, deps, options);
}

async function lookUpMainnet(name: string, { registry }: MvrResolverDeps, options: CallOptions) {
  const { appInfo } = await record(registry, name, options);
  if (appInfo === undefined) throw invalid('the record has no entry for mainnet');
  return known(appInfo.packageAddress, 'package address');
}

async function lookUpTestnet(name: string, deps: MvrResolverDeps, options: CallOptions) {
  const { networks } = await record(deps.registry, name, options);
  const entry = networks.get(MVR_REGISTRY.testnetKey);
  if (entry === undefined) throw invalid('the record has no entry for testnet');
  const infoId = known(entry.packageInfoId, 'package information id');
  const info = await refusing(readMvrPackageInfo(deps.chain, infoId, options));
  // Anybody can make an information object; its own record of the name is what binds the two.
  if (info.metadata.get('default') !== name) throw invalid('the package has another name');
  return info.packageAddress;
}

async function noNames(): Promise<string> {
  throw new SealServerError('Failure', 'this network has no move registry');
}

function record(registry: Reader, name: string, options: CallOptions): Promise<MvrRecord> {
  return refusing(readMvrRecord(registry, name, options));
}

async function refusing<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const unregistered = isChainError(cause) && cause.code === 'NOT_FOUND';
    if (unregistered || isProtocolError(cause)) throw invalid('no such name', cause);
    throw new SealServerError('Failure', 'move registry look-up failed', { cause });
  }
}

function known(value: string | undefined, what: string): string {
  if (value !== undefined) return value;
  throw new SealServerError('Failure', `the move registry record has no ${what}`);
}

function invalid(detail: string, cause?: unknown): SealServerError {
  return new SealServerError('InvalidMVRName', detail, { cause });
}
