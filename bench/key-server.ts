/**
 * `fetch_key` of one key server process over HTTP, beside the bound that its cryptography sets: with
 * a chain in memory, and with an allowlist simulated on a localnet.
 */
import type { ClientWithCoreApi } from '@mysten/sui/client';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { fromBase64, fromHex, toBase64 } from '@mysten/sui/utils';
import type { Engine } from '@seal-ts/crypto';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import {
  CLIENT_SDK_TYPE,
  CLIENT_SDK_VERSION,
  HEADERS,
  PATHS,
  signedRequestBytes,
} from '@seal-ts/protocol';
import { SessionKey } from '@seal-ts/sdk';
import { BenchChild } from './child.ts';
import { approval, identityOf, PACKAGE, USER } from './client-world.ts';
import type { KeyServerTask, PrimitivesTask, RequestSample } from './key-server-child.ts';
import { type Load, send } from './load.ts';
import { approvalOf, innerIdOf } from './localnet.ts';
import type { LocalnetFacts } from './localnet-child.ts';
import { type Measurement, measurement } from './report.ts';
import { median } from './sampling.ts';
import type { Plan } from './suite.ts';

interface Effort {
  /** Requests before the first counted ones. */
  readonly warmUp: number;
  /** Requests of each counted batch, and batches. */
  readonly requests: number;
  readonly batches: number;
}

const QUICK: Effort = { warmUp: 400, requests: 200, batches: 2 };
const FULL: Effort = { warmUp: 1500, requests: 600, batches: 5 };
/** The slower engine gets fewer of each. */
const NOBLE_SHARE = 0.15;

/** Users with a running session each, and requests of each of them. */
const SESSIONS = 8;
const REQUESTS_PER_SESSION = 8;

const FAKE_CHAIN = 'key-server/fetch_key/fake-chain';
const FAKE_CHAIN_NOBLE = 'key-server/fetch_key/fake-chain/noble';
const FAKE_SEAL_PACKAGE = `0x${'5e'.repeat(32)}`;
const LOCALNET = 'key-server/fetch_key/localnet';

export async function* keyServerSuite({
  quick,
  wants,
  progress,
}: Plan): AsyncGenerator<Measurement> {
  const effort = quick ? QUICK : FULL;
  const client = await loadMclEngine();
  for (const [name, engine] of [
    [FAKE_CHAIN, 'mcl'],
    [FAKE_CHAIN_NOBLE, 'noble'],
  ] as const) {
    if (!wants(name)) continue;
    progress(name);
    const requests = await makeRequests(client, fakePolicy());
    yield await throughput(name, { engine, sealPackage: FAKE_SEAL_PACKAGE }, requests, effort);
  }
  if (!wants(LOCALNET)) return;
  progress('publishing to a localnet');
  const child = new BenchChild('./localnet-child.ts');
  try {
    const facts = await child.ask<LocalnetFacts>('start');
    const { sealPackage, url: nodeUrl } = facts;
    const requests = await makeRequests(client, localnetPolicy(facts));
    const task: KeyServerTask = { engine: 'mcl', sealPackage, nodeUrl };
    yield await throughput(LOCALNET, task, requests, effort);
    await child.ask('stop');
  } finally {
    child.close();
  }
}

/** Requests a second of CPU time, beside as many times the primitives; turn by turn. */
async function throughput(
  name: string,
  task: KeyServerTask,
  requests: Requests,
  effort: Effort,
): Promise<Measurement> {
  const child = new BenchChild('./key-server-child.ts');
  try {
    const url = await child.ask<string>('start', task);
    const load: Load = { ...requests.load, url: `${url}${PATHS.fetchKey}` };
    const share = task.engine === 'noble' ? NOBLE_SHARE : 1;
    const count = Math.round(effort.requests * share);
    const primitives: PrimitivesTask = { samples: requests.samples, engine: task.engine, count };
    await send(load, Math.round(effort.warmUp * share));
    const served: number[] = [];
    const bound: number[] = [];
    for (let i = 0; i <= effort.batches; i++) {
      const boundMs = await child.ask<number>('primitives', primitives);
      const before = await child.ask<number>('cpuMs');
      await send(load, count);
      const servedMs = (await child.ask<number>('cpuMs')) - before;
      // The primitives compile in the first turn.
      if (i === 0) continue;
      bound.push((count * 1000) / boundMs);
      served.push((count * 1000) / servedMs);
    }
    await child.ask('stop');
    return measurement(name, '/s', median(served), median(bound));
  } finally {
    child.close();
  }
}

/** Whose approval is asked for, and how. */
interface Policy {
  readonly packageId: string;
  readonly user: Ed25519Keypair;
  /** Kind bytes of the request number `i`. */
  approval(i: number): Promise<Uint8Array>;
  /** Inner identity of the request number `i`. */
  innerId(i: number): Uint8Array;
}

function fakePolicy(): Policy {
  return {
    packageId: PACKAGE,
    user: USER,
    approval: (i) => approval(identityOf(i)),
    innerId: (i) => fromHex(identityOf(i)),
  };
}

function localnetPolicy(facts: LocalnetFacts): Policy {
  const client = new SuiGrpcClient({ network: 'localnet', baseUrl: facts.url });
  return {
    packageId: facts.policyPackage,
    user: Ed25519Keypair.fromSecretKey(facts.member),
    approval: (i) => approvalOf(facts, i).build({ client, onlyTransactionKind: true }),
    innerId: (i) => innerIdOf(facts, i),
  };
}

interface Requests {
  readonly load: Omit<Load, 'url'>;
  /** What is in the bodies, for the primitives. */
  readonly samples: readonly RequestSample[];
}

/** DER prefix of an Ed25519 `SubjectPublicKeyInfo` (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Bodies as the SDK sends them, of several users' sessions. */
async function makeRequests(engine: Engine, policy: Policy): Promise<Requests> {
  const bodies: Uint8Array[] = [];
  const samples: RequestSample[] = [];
  for (let i = 0; i < SESSIONS; i++) {
    const session = await sessionOf(policy);
    const certificate = await session.getCertificate();
    for (let j = 0; j < REQUESTS_PER_SESSION; j++) {
      const nonce = i * REQUESTS_PER_SESSION + j;
      const ptb = (await policy.approval(nonce)).slice(1);
      const params = await session.createRequestParams(Uint8Array.of(0, ...ptb), { engine });
      const { encKeyPk: encKey, encVerificationKey, requestSignature } = params;
      const body = {
        ptb: toBase64(ptb),
        enc_key: toBase64(encKey),
        enc_verification_key: toBase64(encVerificationKey),
        request_signature: requestSignature,
        certificate,
      };
      bodies.push(new TextEncoder().encode(JSON.stringify(body)));
      samples.push({
        policyPackage: policy.packageId,
        innerId: policy.innerId(nonce),
        encKey,
        encVerificationKey,
        sessionKey: Buffer.concat([SPKI_PREFIX, fromBase64(certificate.session_vk)]),
        signedBytes: signedRequestBytes(ptb, encKey, encVerificationKey),
        signature: fromBase64(requestSignature),
      });
    }
  }
  const headers = {
    'content-type': 'application/json',
    [HEADERS.clientSdkType]: CLIENT_SDK_TYPE,
    [HEADERS.clientSdkVersion]: CLIENT_SDK_VERSION,
  };
  const isGood = (body: string) => body.includes('decryption_keys');
  return { load: { headers, bodies, isGood }, samples };
}

function sessionOf({ packageId, user }: Policy): Promise<SessionKey> {
  const core = { getObject: async () => ({ object: { version: '1' } }) };
  return SessionKey.create({
    address: user.toSuiAddress(),
    packageId,
    ttlMin: 30,
    signer: user,
    suiClient: { core } as unknown as ClientWithCoreApi,
  });
}
