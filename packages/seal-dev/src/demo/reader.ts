/** Who opens the file in the demo: accounts of the stack with the SDK, asking every server anew each time. */
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import {
  isSealError,
  type KeyServerConfig,
  NoAccessError,
  SealClient,
  type SealError,
  SessionKey,
} from '@seal-ts/sdk';
import type { Manifest } from '../stack/manifest.ts';
import type { Allowlist } from './allowlist.ts';
import { mustHold } from './script.ts';

const SESSION_MINUTES = 10;

const UNREACHABLE: ReadonlySet<string> = new Set([
  'SEAL_THRESHOLD_UNREACHABLE',
  'SEAL_SERVER_FAILURE',
]);

/** The file that the demo is about. */
export interface Plain {
  readonly name: string;
  readonly content: Uint8Array;
}

export class Reader {
  readonly #rpc: SuiGrpcClient;
  readonly #servers: KeyServerConfig[];
  readonly #list: Allowlist;

  constructor(rpc: SuiGrpcClient, servers: KeyServerConfig[], list: Allowlist) {
    this.#rpc = rpc;
    this.#servers = servers;
    this.#list = list;
  }

  async encrypt(content: Uint8Array, id: string, threshold: number): Promise<Uint8Array> {
    const { packageId } = this.#list;
    const { encryptedObject } = await this.#client().encrypt({
      threshold,
      packageId,
      id,
      data: content,
    });
    return encryptedObject;
  }

  async open(sealed: Uint8Array, id: string, as: Ed25519Keypair): Promise<Uint8Array> {
    const sessionKey = await SessionKey.create({
      address: as.toSuiAddress(),
      packageId: this.#list.packageId,
      ttlMin: SESSION_MINUTES,
      signer: as,
      suiClient: this.#rpc,
    });
    const txBytes = await this.#list.approval(id);
    return this.#client().decrypt({ data: sealed, sessionKey, txBytes });
  }

  /** A client without anything cached: every step asks the key servers anew. */
  #client(): SealClient {
    return new SealClient({
      suiClient: this.#rpc,
      serverConfigs: this.#servers,
      verifyKeyServers: false,
    });
  }
}

export function denied(error: unknown): error is NoAccessError {
  return error instanceof NoAccessError;
}

/** Servers are missing; an aggregator without enough members says `Failure`. */
export function unreachable(error: unknown): error is SealError {
  return isSealError(error) && UNREACHABLE.has(error.code);
}

export function account(manifest: Manifest, name: string): Ed25519Keypair {
  const entry = manifest.accounts.find((candidate) => candidate.name === name);
  mustHold(entry !== undefined, `the manifest has no account ${name}`);
  return Ed25519Keypair.fromSecretKey(entry.privateKey);
}

export function mustEqual(opened: Uint8Array, content: Uint8Array): void {
  mustHold(Buffer.compare(opened, content) === 0, 'the opened bytes differ');
}

export function short(id: string): string {
  return `${id.slice(0, 8)}…${id.slice(-4)}`;
}
