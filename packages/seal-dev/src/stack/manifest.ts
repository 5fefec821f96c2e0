/** `manifest.json`: what other programs need to use a running stack. Holds no server key. */
import { DevError } from '../errors.ts';
import type { Account } from './accounts.ts';
import { readJson } from './files.ts';
import type { RegisteredKeyServer } from './key-servers.ts';
import type { Publications } from './move-packages.ts';

export interface KeyServerEntry {
  readonly name: string;
  readonly objectId: string;
  readonly url: string;
  readonly mode: 'open';
  /** Base64 of the 96-byte public key. */
  readonly publicKey: string;
}

export interface CommitteeEntry {
  readonly name: string;
  readonly keyServerObjectId: string;
  readonly aggregatorUrl: string;
  /** Of the committee: 0 at first, one more with each rotation. */
  readonly version: number;
  readonly threshold: number;
  /** Base64 of the 96-byte public key. */
  readonly publicKey: string;
  /** The committee's own copy of the Move package. */
  readonly packageId: string;
  readonly committeeId: string;
  /** In the order of their party ids. */
  readonly members: readonly {
    readonly name: string;
    readonly address: string;
    readonly url: string;
    /** Folder of the ceremony that made this version: `dkg.yaml`, `dkg.key`, messages. */
    readonly stateDir: string;
  }[];
}

export interface AccountEntry {
  readonly name: string;
  readonly address: string;
  /** `suiprivkey…` form. The account exists on this chain only. */
  readonly privateKey: string;
}

export interface Manifest {
  readonly version: 1;
  readonly chain: { readonly rpcUrl: string; readonly faucetUrl: string; readonly chainId: string };
  readonly packages: { readonly seal: string; readonly patterns: string; readonly walrus: string };
  readonly keyServers: readonly KeyServerEntry[];
  readonly committees: readonly CommitteeEntry[];
  readonly accounts: readonly AccountEntry[];
}

/** Reads a manifest written by a stack. Errors: DEV_NOT_RUNNING when there is none. */
export function readManifest(path: string): Manifest {
  const value = readJson(path) as Manifest | undefined;
  if (value === undefined) {
    throw new DevError(
      'DEV_NOT_RUNNING',
      `${path} does not exist: no stack is running there. Start one with \`seal-dev up\`.`,
    );
  }
  if (value.version !== 1 || !value.chain?.rpcUrl || !value.packages?.seal) {
    throw new DevError('DEV_FILE', `${path} is not a manifest of version 1`);
  }
  return value;
}

/** What a stack is made of, as others get to see it. */
export function manifestOf(
  chain: Manifest['chain'],
  published: Publications,
  servers: readonly RegisteredKeyServer[],
  committees: readonly CommitteeEntry[],
  accounts: readonly Account[],
): Manifest {
  const id = (name: string) => published[name]?.publishedAt as string;
  return {
    version: 1,
    chain,
    packages: { seal: id('seal'), patterns: id('patterns'), walrus: id('walrus') },
    keyServers: servers.map((server) => ({
      name: server.name,
      objectId: server.objectId,
      url: server.url,
      mode: 'open',
      publicKey: Buffer.from(server.publicKey).toString('base64'),
    })),
    committees,
    accounts: accounts.map(({ name, keypair }) => ({
      name,
      address: keypair.toSuiAddress(),
      privateKey: keypair.getSecretKey(),
    })),
  };
}
