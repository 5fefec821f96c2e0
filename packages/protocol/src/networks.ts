/**
 * Networks as data (seal-protocol.md §4.7, §4.9, §8, §11). Nothing in the code branches on which
 * network it is; a network is a row. Facts from the published documentation of Seal.
 */
import { ProtocolError } from './errors.ts';

export type NetworkName = 'mainnet' | 'testnet' | 'devnet' | 'localnet';

export interface SealPackageIds {
  /** First published version: type names. */
  readonly original: string;
  /** Newest version: calls. */
  readonly latest: string;
}

export interface PublishedServer {
  readonly name: string;
  readonly objectId: string;
  readonly url: string;
  readonly kind: 'independent' | 'committee';
}

export interface NetworkRow {
  readonly name: NetworkName;
  /** Full node, gRPC-web. */
  readonly url: string;
  /** Package `seal`; undefined where the operator publishes it. */
  readonly seal: SealPackageIds | undefined;
  /** Servers the documentation lists; object ids are authoritative, URLs may change. */
  readonly servers: readonly PublishedServer[];
}

/** Where MVR names live: mainnet for every network (§4.9). */
export const MVR_REGISTRY = {
  registryId: '0xe8417c530cde59eddf6dfb760e8a0e3e2c6f17c69ddaab5a73dd6a6e65fc463b',
  corePackage: '0x62c1f5b1cb9e3bfc3dd1f73c95066487b662048a6358eabdbf67f6cdeca6db4b',
  /** Key of testnet's entry in a record's `networks`. */
  testnetKey: '4c78adac',
} as const;

const independent = (name: string, objectId: string, url: string): PublishedServer => ({
  name,
  objectId,
  url,
  kind: 'independent',
});

const TESTNET_SERVERS: readonly PublishedServer[] = [
  independent(
    'mysten-testnet-1',
    '0x73d05d62c18d9374e3ea529e8e0ed6161da1a141a94d3f76ae3fe4e99356db75',
    'https://seal-key-server-testnet-1.mystenlabs.com',
  ),
  independent(
    'mysten-testnet-2',
    '0xf5d14a81a982144ae441cd7d64b09027f116a468bd36e7eca494f750591623c8',
    'https://seal-key-server-testnet-2.mystenlabs.com',
  ),
  independent(
    'Ruby Nodes',
    '0x6068c0acb197dddbacd4746a9de7f025b2ed5a5b6c1b1ab44dade4426d141da2',
    'https://seal-testnet.api.rubynodes.io',
  ),
  independent(
    'NodeInfra',
    '0x5466b7df5c15b508678d51496ada8afab0d6f70a01c10613123382b1b8131007',
    'https://open-seal-testnet.nodeinfra.com',
  ),
  independent(
    'Studio Mirai',
    '0x164ac3d2b3b8694b8181c13f671950004765c23f270321a45fdd04d40cccf0f2',
    'https://open.key-server-testnet.seal.mirai.cloud',
  ),
  independent(
    'Overclock',
    '0x9c949e53c36ab7a9c484ed9e8b43267a77d4b8d70e79aa6b39042e3d4c434105',
    'https://seal-testnet-open.overclock.run',
  ),
  independent(
    'H2O Nodes',
    '0x39cef09b24b667bc6ed54f7159d82352fe2d5dd97ca9a5beaa1d21aa774f25a2',
    'https://seal-open.sui-testnet.h2o-nodes.com',
  ),
  independent(
    'Triton One',
    '0x4cded1abeb52a22b6becb42a91d3686a4c901cf52eee16234214d0b5b2da4c46',
    'https://seal.testnet.sui.rpcpool.com',
  ),
  independent(
    'Natsai',
    '0x3c93ec1474454e1b47cf485a4e5361a5878d722b9492daf10ef626a76adc3dad',
    'https://seal-open-test.natsai.xyz',
  ),
  independent(
    'Mhax.io',
    '0x6a0726a1ea3d62ba2f2ae51104f2c3633c003fb75621d06fde47f04dc930ba06',
    'https://seal-testnet-open.suiftly.io',
  ),
  {
    name: 'committee, 3 of 5',
    objectId: '0xb012378c9f3799fb5b1a7083da74a4069e3c3f1c93de0b27212a5799ce1e1e98',
    url: 'https://seal-aggregator-testnet.mystenlabs.com',
    kind: 'committee',
  },
];

const MAINNET_SERVERS: readonly PublishedServer[] = [
  {
    name: 'committee, 5 of 8',
    objectId: '0x686098f1439237fff9f36b99c7329683c22979d2005c2465cb891acb012a7595',
    url: 'https://seal-aggregator-mainnet.mystenlabs.com',
    kind: 'committee',
  },
];

export const NETWORKS: Readonly<Record<NetworkName, NetworkRow>> = {
  mainnet: {
    name: 'mainnet',
    url: 'https://fullnode.mainnet.sui.io:443',
    seal: {
      original: '0x9636e0c761e7476b8579cb13d543838e3732ca482dc0a64f086f57b60c024e23',
      latest: '0x931739224160073d8e391c9aa6e7ade9818e9814b4907066b7efa058636c4e45',
    },
    servers: MAINNET_SERVERS,
  },
  testnet: {
    name: 'testnet',
    url: 'https://fullnode.testnet.sui.io:443',
    seal: {
      original: '0x4614e5da0136ee7d464992ddd3719d388ae2bfdb48dfec6d9ad579f87341f2e1',
      latest: '0xdccbeb87767be2b2346af5575eb139807205e4c23ec53dc616f951fe1d814112',
    },
    servers: TESTNET_SERVERS,
  },
  devnet: {
    name: 'devnet',
    url: 'https://fullnode.devnet.sui.io:443',
    seal: undefined,
    servers: [],
  },
  localnet: { name: 'localnet', url: 'http://127.0.0.1:9000', seal: undefined, servers: [] },
};

/** Error: UNKNOWN_NETWORK. */
export function networkByName(name: string): NetworkRow {
  if (!Object.hasOwn(NETWORKS, name)) {
    const known = Object.keys(NETWORKS).join(', ');
    throw new ProtocolError('UNKNOWN_NETWORK', `network ${JSON.stringify(name)}: use ${known}`);
  }
  return NETWORKS[name as NetworkName];
}
