/**
 * A Seal world without sockets: key servers on our own crypto behind a fake `fetch`, and a fake core
 * client with their objects. Both the SDK here and the official one run against it.
 */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import {
  elgamalEncrypt,
  extract,
  hashIdentity,
  proofOfPossession,
  publicKeyFromMasterKey,
} from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import {
  addressToBytes,
  certificateMessage,
  encodeKeyServer,
  encodeKeyServerV1,
  encodeKeyServerV2,
  type FetchKeyRequest,
  fetchKeyResponseToJson,
  fullIds,
  KEY_SERVER_VERSION,
  parseFetchKeyRequest,
  SealServerError,
  type ServerErrorName,
  type ServerType,
  signedRequestBytes,
  toBase64,
  validatePtbBase64,
  verifyUserSignature,
} from '@seal-ts/protocol';
import type { SealCompatibleClient } from '../../src/index.ts';

export const PACKAGE = `0x${'ab'.repeat(32)}`;
export const UPGRADED_PACKAGE = `0x${'ac'.repeat(32)}`;

/** How a server misbehaves. */
export type Fault =
  | { kind: 'error'; name: ServerErrorName | 'Brandnew'; detail?: string }
  | { kind: 'html'; status: number }
  | { kind: 'hang' }
  | { kind: 'network' }
  | { kind: 'wrongKey' }
  | { kind: 'noKeys' }
  | { kind: 'notJson' }
  | { kind: 'badShape' }
  | { kind: 'badPoint' }
  | { kind: 'wrongPop' }
  | { kind: 'wrongServiceId' }
  | { kind: 'version'; version: string | null }
  | { kind: 'slow'; ms: number };

export interface FakeServer {
  readonly objectId: string;
  readonly url: string;
  readonly masterKey: Uint8Array;
  readonly publicKey: Uint8Array;
  fault: Fault | undefined;
  requests: { path: string; headers: Headers; body: unknown; signal: AbortSignal | undefined }[];
  aborted: number;
}

export interface WorldOptions {
  readonly servers?: number;
  readonly serverType?: (i: number) => ServerType | undefined;
  readonly version?: 1 | 2;
  readonly versions?: { firstVersion: bigint; lastVersion: bigint };
  readonly keyType?: number;
  readonly publicKey?: Uint8Array;
}

export class World {
  readonly servers: FakeServer[];
  readonly reads: string[] = [];
  readonly suiClient: SealCompatibleClient;
  readonly #options: WorldOptions;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.servers = Array.from({ length: options.servers ?? 3 }, (_, i) => makeServer(i));
    this.suiClient = {
      core: {
        getObject: async (o: { objectId: string; signal?: AbortSignal }) => this.#object(o),
        getDynamicField: async (o: { parentId: string }) => this.#field(o.parentId),
      },
    } as unknown as SealCompatibleClient;
  }

  get configs(): { objectId: string; weight: number }[] {
    return this.servers.map(({ objectId }) => ({ objectId, weight: 1 }));
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input));
    const server = this.servers.find((s) => s.url === url.origin);
    if (server === undefined) throw new TypeError(`no server at ${url.origin}`);
    const signal = init?.signal ?? undefined;
    signal?.addEventListener('abort', () => server.aborted++);
    const body: unknown = init?.body ? JSON.parse(String(init.body)) : undefined;
    server.requests.push({
      path: url.pathname,
      headers: new Headers(init?.headers),
      body,
      signal,
    });
    const { fault } = server;
    if (fault?.kind === 'hang') return hang(signal);
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    if (fault?.kind === 'network') throw new TypeError('fetch failed');
    try {
      return await answer(server, url, body);
    } catch (error) {
      if (!(error instanceof SealServerError)) throw error;
      return json(error.toBody(), error.status);
    }
  };

  #object({ objectId, signal }: { objectId: string; signal?: AbortSignal }): unknown {
    signal?.throwIfAborted();
    this.reads.push(objectId);
    if (objectId === PACKAGE) return { object: { version: '1' } };
    if (objectId === UPGRADED_PACKAGE) return { object: { version: '2' } };
    if (!this.servers.some((server) => server.objectId === objectId)) {
      throw Object.assign(new Error(`Object ${objectId} not found`), { code: 'notExists' });
    }
    const version = BigInt(this.#options.version ?? 2);
    const range = this.#options.versions ?? { firstVersion: version, lastVersion: version };
    return { object: { version: '5', content: encodeKeyServer({ id: objectId, ...range }) } };
  }

  #field(parentId: string): unknown {
    this.reads.push(`${parentId}/field`);
    const index = this.servers.findIndex((server) => server.objectId === parentId);
    const server = this.servers[index] as FakeServer;
    const common = {
      name: `server ${index}`,
      keyType: this.#options.keyType ?? 0,
      publicKey: this.#options.publicKey ?? server.publicKey,
    };
    const independent: ServerType = { kind: 'independent', url: server.url };
    const bytes =
      this.#options.version === 1
        ? encodeKeyServerV1({ ...common, url: server.url })
        : encodeKeyServerV2({
            ...common,
            serverType: this.#options.serverType?.(index) ?? independent,
          });
    return { dynamicField: { value: { bcs: bytes } } };
  }
}

/** Kind bytes of a transaction that calls `allowlist::seal_approve` for each id. */
export async function approveTx(ids: readonly string[], packageId = PACKAGE): Promise<Uint8Array> {
  const tx = new Transaction();
  for (const id of ids) {
    tx.moveCall({
      target: `${packageId}::allowlist::seal_approve`,
      arguments: [tx.pure.vector('u8', Array.from(Buffer.from(id, 'hex')))],
    });
  }
  return tx.build({ onlyTransactionKind: true });
}

/** A promise that rejects when the signal aborts and never resolves. */
function hang(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}

function makeServer(i: number): FakeServer {
  const masterKey = new Uint8Array(32).fill(i + 1);
  return {
    objectId: `0x${(i + 1).toString(16).padStart(64, '0')}`,
    url: `https://server-${i}.example`,
    masterKey,
    publicKey: engine.g2.toBytes(publicKeyFromMasterKey(engine, masterKey)),
    fault: undefined,
    requests: [],
    aborted: 0,
  };
}

async function answer(server: FakeServer, url: URL, body: unknown): Promise<Response> {
  const { fault } = server;
  if (fault?.kind === 'html') return new Response('<html>', { status: fault.status });
  if (fault?.kind === 'error') {
    if (fault.name === 'Brandnew') return json({ error: 'Brandnew', message: 'new thing' }, 503);
    throw new SealServerError(fault.name, fault.detail);
  }
  const version = fault?.kind === 'version' ? fault.version : KEY_SERVER_VERSION;
  if (fault?.kind === 'notJson') return text('{', version);
  if (fault?.kind === 'badShape') return json({ decryption_keys: [{ id: 'x' }] }, 200, version);
  if (url.pathname === '/v1/service') return service(server, url, version);
  const request = parseFetchKeyRequest(body);
  const keys = await decide(server, request);
  return json(fetchKeyResponseToJson(fault?.kind === 'noKeys' ? [] : keys), 200, version);
}

/** What a key server does for a request, the policy excepted: everybody may. */
async function decide(server: FakeServer, request: FetchKeyRequest) {
  const valid = validatePtbBase64(request.ptb);
  const { certificate } = request;
  const verdict = await verifyUserSignature({
    message: certificateMessage(certificate, valid.packageId),
    signature: certificate.signature,
    address: certificate.user,
  });
  if (verdict !== 'valid') throw new SealServerError('InvalidSignature');
  await checkSessionSignature(request, valid.bytes);
  const masterKey =
    server.fault?.kind === 'wrongKey' ? new Uint8Array(32).fill(99) : server.masterKey;
  const encKey = engine.g1.fromBytes(request.encKey);
  return fullIds(valid.packageId, valid.innerIds).map((fullId) => {
    const key = extract(engine, masterKey, hashIdentity(engine, fullId));
    const { c1, c2 } = elgamalEncrypt({ engine }, encKey, key);
    const damaged = server.fault?.kind === 'badPoint';
    return {
      fullId,
      c1: damaged ? new Uint8Array(48) : engine.g1.toBytes(c1),
      c2: engine.g1.toBytes(c2),
    };
  });
}

async function checkSessionSignature(request: FetchKeyRequest, ptb: Uint8Array): Promise<void> {
  const { Ed25519PublicKey } = await import('@mysten/sui/keypairs/ed25519');
  const message = signedRequestBytes(ptb, request.encKey, request.encVerificationKey);
  const publicKey = new Ed25519PublicKey(request.certificate.sessionKey);
  const ok = await publicKey.verify(message, request.requestSignature);
  if (!ok) throw new SealServerError('InvalidSessionSignature');
}

function service(server: FakeServer, url: URL, version: string | null): Response {
  const serviceId = url.searchParams.get('service_id') ?? '';
  const key = server.fault?.kind === 'wrongPop' ? new Uint8Array(32).fill(98) : server.masterKey;
  const proof = proofOfPossession(engine, key, addressToBytes(serviceId));
  const body = {
    service_id: server.fault?.kind === 'wrongServiceId' ? '0x1' : serviceId,
    pop: toBase64(engine.g1.toBytes(proof)),
  };
  return json(body, 200, version);
}

function json(body: unknown, status: number, version: string | null = KEY_SERVER_VERSION) {
  return text(JSON.stringify(body), version, status);
}

function text(body: string, version: string | null, status = 200): Response {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (version !== null) headers['x-keyserver-version'] = version;
  return new Response(body, { status, headers });
}

export const user = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
