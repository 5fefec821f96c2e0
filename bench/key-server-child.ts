/** One key server in a process of its own, and its primitives; started by key-server.ts. */
import { createPublicKey, verify } from 'node:crypto';
import { connectFullNode, type ServerChain } from '@seal-ts/chain';
import { type Engine, elgamalEncrypt, extract, fullIdentity, hashIdentity } from '@seal-ts/crypto';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { createMetrics, GasPrice, keyServer, MasterKey, openMasterKeys } from '@seal-ts/key-server';
import { addressToBytes } from '@seal-ts/protocol';
import { createLogger, type Listening, listen, observeCalls } from '@seal-ts/service';
import { answerParent } from './child.ts';

export interface KeyServerTask {
  readonly engine: 'noble' | 'mcl';
  readonly sealPackage: string;
  /** Full node; without one, a chain in memory approves everything. */
  readonly nodeUrl?: string;
}

/** What a request makes a server compute, whatever stands around it. */
export interface RequestSample {
  readonly policyPackage: string;
  readonly innerId: Uint8Array;
  readonly encKey: Uint8Array;
  readonly encVerificationKey: Uint8Array;
  /** Ed25519, as a DER `SubjectPublicKeyInfo`. */
  readonly sessionKey: Buffer;
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

export interface PrimitivesTask {
  readonly engine: 'noble' | 'mcl';
  readonly samples: readonly RequestSample[];
  readonly count: number;
}

const MASTER_KEY = new Uint8Array(32).fill(0x1f);
const SERVICE_ID = `0x${'ab'.repeat(32)}`;
const RETRY = { maxAttempts: 1, minDelayMs: 1, maxDelayMs: 1, timeoutMs: 10_000 };

let listening: Listening | undefined;

answerParent({ start, cpuMs, primitives, stop });

async function start({ engine: name, sealPackage, nodeUrl }: KeyServerTask): Promise<string> {
  const metrics = createMetrics({ version: '0.6.10', gitVersion: 'bench' });
  const log = createLogger({ name: 'key-server', level: 'info', destination: { write: () => {} } });
  const chain =
    nodeUrl === undefined
      ? approvingChain
      : connectFullNode(
          { network: 'localnet', url: nodeUrl, retry: RETRY },
          { observe: observeCalls(metrics) },
        );
  const gasPrice = new GasPrice({ updateIntervalMs: 60_000 }, { chain, metrics, log });
  await gasPrice.start(new AbortController().signal);
  const app = keyServer(
    { sealPackage, allowedStalenessMs: 3_600_000, sessionTtlMaxMs: 1_800_000 },
    {
      chain,
      keys: openMasterKeys(SERVICE_ID, new MasterKey(MASTER_KEY.slice())),
      engine: await engineOf(name),
      gasPrice,
      resolveMvrName: async (mvrName) => mvrName,
      metrics,
      log,
      ready: () => true,
      now: Date.now,
    },
  );
  listening = await listen(app, { port: 0, hostname: '127.0.0.1' });
  return `http://127.0.0.1:${listening.port}`;
}

/** CPU time of this process so far. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * CPU ms of `count` times the cryptography of one request in a running session: both points of the
 * response key decoded, the session's signature verified, the identity hashed and multiplied by the
 * master key, the result encrypted and encoded.
 */
async function primitives(task: PrimitivesTask): Promise<number> {
  const engine = await engineOf(task.engine);
  const samples = task.samples.map((sample) => ({
    ...sample,
    packageId: addressToBytes(sample.policyPackage),
    session: createPublicKey({ key: sample.sessionKey, format: 'der', type: 'spki' }),
  }));
  const before = cpuMs();
  for (let i = 0; i < task.count; i++) {
    const sample = samples[i % samples.length] as (typeof samples)[number];
    const encKey = engine.g1.fromBytes(sample.encKey);
    engine.g2.fromBytes(sample.encVerificationKey);
    if (!verify(null, sample.signedBytes, sample.session, sample.signature)) {
      throw new RangeError('the session signature is wrong');
    }
    const identity = hashIdentity(engine, fullIdentity(sample.packageId, sample.innerId));
    const { c1, c2 } = elgamalEncrypt({ engine }, encKey, extract(engine, MASTER_KEY, identity));
    engine.g1.toBytes(c1);
    engine.g1.toBytes(c2);
  }
  return cpuMs() - before;
}

async function stop(): Promise<void> {
  await listening?.close();
}

async function engineOf(name: 'noble' | 'mcl'): Promise<Engine> {
  return name === 'mcl' ? loadMclEngine() : nobleEngine;
}

const approvingChain: ServerChain = {
  referenceGasPrice: async () => 1000n,
  packageOriginalId: async (packageId) => packageId,
  objectExists: async () => false,
  object: async () => notHere(),
  simulate: async () => ({ ok: true, computationCost: 1_000_000n }),
  verifyZkLogin: async () => true,
  keyServer: async () => notHere(),
};

function notHere(): never {
  throw new RangeError('the bench reads no objects');
}
