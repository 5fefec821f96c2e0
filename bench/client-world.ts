/**
 * A world without sockets for both clients: key servers whose answers were computed beforehand, and
 * a core client with their objects. Deterministic, so that a child process can rebuild it.
 */
import type { ClientWithCoreApi } from '@mysten/sui/client';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import {
  type Engine,
  elgamalEncrypt,
  elgamalKeyPairFromSecret,
  extract,
  fullIdentity,
  hashIdentity,
  publicKeyFromMasterKey,
} from '@seal-ts/crypto';
import {
  addressToBytes,
  encodeKeyServer,
  encodeKeyServerV2,
  fetchKeyResponseToJson,
  fromHex,
  KEY_SERVER_VERSION,
} from '@seal-ts/protocol';

export const PACKAGE = `0x${'ab'.repeat(32)}`;
export const USER = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));

/** The response key of every request; its secret opens the answers. */
const RESPONSE_SECRET = new Uint8Array(32).fill(5);

interface Server {
  readonly objectId: string;
  readonly url: string;
  readonly masterKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

export class ClientWorld {
  readonly suiClient: ClientWithCoreApi;
  readonly #servers: readonly Server[];
  readonly #engine: Engine;
  readonly #threshold: number;
  /** Answers of the identity that is being fetched, by server URL. */
  #answers = new Map<string, string>();

  /** `engine` computes keys and answers; it is not what is measured. */
  constructor(engine: Engine, threshold: number, servers: number) {
    this.#engine = engine;
    this.#threshold = threshold;
    this.#servers = Array.from({ length: servers }, (_, i) => serverOf(engine, i));
    this.suiClient = {
      core: {
        getObject: async ({ objectId }: { objectId: string }) => this.#object(objectId),
        getDynamicField: async ({ parentId }: { parentId: string }) => this.#field(parentId),
      },
    } as unknown as ClientWithCoreApi;
  }

  get configs(): { objectId: string; weight: number }[] {
    return this.#servers.map(({ objectId }) => ({ objectId, weight: 1 }));
  }

  /**
   * The answers for one identity of the servers that are needed. The others stay silent until they
   * are told to stop: neither client gets more answers than it has to verify.
   */
  answersFor(id: string): ReadonlyMap<string, string> {
    const engine = this.#engine;
    const fullId = fullIdentity(addressToBytes(PACKAGE), fromHex(id));
    const identity = hashIdentity(engine, fullId);
    const { publicKey } = elgamalKeyPairFromSecret(engine, RESPONSE_SECRET);
    return new Map(
      this.#servers.slice(0, this.#threshold).map(({ url, masterKey }) => {
        const key = extract(engine, masterKey, identity);
        const { c1, c2 } = elgamalEncrypt({ engine }, publicKey, key);
        const entry = { fullId, c1: engine.g1.toBytes(c1), c2: engine.g1.toBytes(c2) };
        return [url, JSON.stringify(fetchKeyResponseToJson([entry]))];
      }),
    );
  }

  /** What `fetch` answers from now on. */
  serve(answers: ReadonlyMap<string, string>): void {
    this.#answers = new Map(answers);
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const body = this.#answers.get(new URL(String(input)).origin);
    if (body === undefined) return silence(init?.signal ?? undefined);
    return new Response(body, {
      headers: {
        'content-type': 'application/json',
        'x-keyserver-version': KEY_SERVER_VERSION,
      },
    });
  };

  #object(objectId: string): unknown {
    if (objectId === PACKAGE) return { object: { version: '1' } };
    const content = encodeKeyServer({ id: objectId, firstVersion: 2n, lastVersion: 2n });
    return { object: { version: '5', content } };
  }

  #field(parentId: string): unknown {
    const server = this.#servers.find(({ objectId }) => objectId === parentId);
    if (server === undefined) throw new RangeError(`no key server ${parentId}`);
    const { publicKey, url } = server;
    const bcs = encodeKeyServerV2({
      name: 'bench',
      keyType: 0,
      publicKey,
      serverType: { kind: 'independent', url },
    });
    return { dynamicField: { value: { bcs } } };
  }
}

interface ResponseKey {
  encKey: Uint8Array<ArrayBuffer>;
  encKeyPk: Uint8Array<ArrayBuffer>;
  encVerificationKey: Uint8Array<ArrayBuffer>;
}

interface RequestSigner<Params extends ResponseKey> {
  createRequestParams(txBytes: Uint8Array, deps?: unknown): Promise<Params>;
}

/**
 * A session key that does all the work of a request, and then hands out a response key that is
 * known beforehand in place of the fresh one.
 */
export function withKnownResponseKey<Session extends RequestSigner<ResponseKey>>(
  session: Session,
  engine: Engine,
): Session {
  const pair = elgamalKeyPairFromSecret(engine, RESPONSE_SECRET);
  const encKeyPk = engine.g1.toBytes(pair.publicKey);
  const encVerificationKey = engine.g2.toBytes(pair.verificationKey);
  const createRequestParams: Session['createRequestParams'] = async (...args) => ({
    ...(await session.createRequestParams(...args)),
    encKey: RESPONSE_SECRET.slice(),
    encKeyPk: encKeyPk.slice(),
    encVerificationKey: encVerificationKey.slice(),
  });
  return new Proxy(session, {
    get(target, property) {
      if (property === 'createRequestParams') return createRequestParams;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Kind bytes of a transaction that asks for `id`. */
export async function approval(id: string): Promise<Uint8Array> {
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${PACKAGE}::allowlist::seal_approve`,
    arguments: [transaction.pure.vector('u8', fromHex(id))],
  });
  return transaction.build({ onlyTransactionKind: true });
}

/** A fresh inner identity for each round. */
export function identityOf(round: number): string {
  return (round + 1).toString(16).padStart(16, '0');
}

function serverOf(engine: Engine, i: number): Server {
  const masterKey = new Uint8Array(32).fill(i + 1);
  return {
    objectId: `0x${(i + 1).toString(16).padStart(64, '0')}`,
    url: `https://server-${i}.example`,
    masterKey,
    publicKey: engine.g2.toBytes(publicKeyFromMasterKey(engine, masterKey)),
  };
}

function silence(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}
