/**
 * The localnet: from the start of its process to its first answer; policy simulations and
 * transactions over gRPC, as key servers and clients send them.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { fromHex } from '@mysten/sui/utils';
import { GrpcServerChain } from '@seal-ts/chain';
import { decodePtb, encodePtb, insertStalenessCheck } from '@seal-ts/protocol';
import { BenchChild } from './child.ts';
import { type Load, send } from './load.ts';
import type { LocalnetFacts } from './localnet-child.ts';
import { type Measurement, measurement } from './report.ts';
import { median } from './sampling.ts';
import type { Plan } from './suite.ts';

interface Effort {
  readonly starts: number;
  /** Requests before the first counted ones. */
  readonly warmUp: number;
  /** Requests of each counted batch, and batches. */
  readonly requests: number;
  readonly batches: number;
  /** Transactions of each batch; each needs a coin of its own, all made by one transaction. */
  readonly transactions: number;
}

const QUICK: Effort = { starts: 3, warmUp: 1500, requests: 1000, batches: 2, transactions: 100 };
const FULL: Effort = { starts: 9, warmUp: 4000, requests: 3000, batches: 5, transactions: 300 };
const COIN_MIST = 20_000_000;

const START = 'localnet/start';
const SIMULATE = 'localnet/simulate';
const EXECUTE = 'localnet/execute';

export async function* localnetSuite({
  quick,
  wants,
  progress,
}: Plan): AsyncGenerator<Measurement> {
  const effort = quick ? QUICK : FULL;
  if (wants(START)) {
    progress('starting localnets');
    const times: number[] = [];
    for (let i = 0; i < effort.starts; i++) times.push(await startMs());
    yield measurement(START, 'ms', median(times));
  }
  if (!wants(SIMULATE) && !wants(EXECUTE)) return;
  progress('publishing to a localnet');
  const child = new BenchChild('./localnet-child.ts');
  try {
    const facts = await child.ask<LocalnetFacts>('start');
    if (wants(SIMULATE)) {
      const load = await simulationLoad(facts);
      await send(load, effort.warmUp);
      const rates: number[] = [];
      for (let i = 0; i < effort.batches; i++) {
        rates.push(await rate(child, load, effort.requests));
      }
      yield measurement(SIMULATE, '/s', median(rates));
    }
    if (wants(EXECUTE)) {
      const rates: number[] = [];
      for (let i = 0; i <= effort.batches; i++) {
        const load = await transferLoad(facts, effort.transactions);
        const measured = await rate(child, load, effort.transactions);
        if (i > 0) rates.push(measured);
      }
      yield measurement(EXECUTE, '/s', median(rates));
    }
    await child.ask('stop');
  } finally {
    child.close();
  }
}

/** Requests for each second of the child's CPU time. */
async function rate(child: BenchChild, load: Load, count: number): Promise<number> {
  const before = await child.ask<number>('cpuMs');
  await send(load, count);
  return (count * 1000) / ((await child.ask<number>('cpuMs')) - before);
}

/** Milliseconds by the clock, from `spawn` to the answer of the first request. */
async function startMs(): Promise<number> {
  const entry = fileURLToPath(import.meta.resolve('@seal-ts/localnet/main'));
  const args = ['start', '--port', '0', '--faucet-port', '0', '--json'];
  const started = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, entry, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      child.once('exit', (code) => reject(new RangeError(`seal-localnet ended: ${code}`)));
    });
    const { url } = JSON.parse(line) as { url: string };
    const answer = await fetch(`${url}/ready`);
    if (!answer.ok) throw new RangeError(`seal-localnet is not ready: ${answer.status}`);
    await answer.text();
    return performance.now() - started;
  } finally {
    child.kill('SIGTERM');
  }
}

/** What a key server sends for a member who asks for one identity of the allowlist. */
async function simulationLoad(facts: LocalnetFacts): Promise<Load> {
  const client = new SuiGrpcClient({ network: 'localnet', baseUrl: facts.url });
  const kind = await approvalOf(facts, 1).build({ client, onlyTransactionKind: true });
  const checked = insertStalenessCheck(decodePtb(kind.subarray(1)), {
    sealPackage: facts.sealPackage,
    nowMs: BigInt(Date.now()),
    allowedStalenessMs: 3_600_000n,
  });
  const sender = Ed25519Keypair.fromSecretKey(facts.member).toSuiAddress();
  const request = { ptb: encodePtb(checked), sender, gasPrice: 1000n, gasBudget: 500_000_000n };
  const simulate = async (recorder: SuiGrpcClient) => {
    await new GrpcServerChain({ maxAttempts: 1 }, { client: recorder }).simulate(request);
  };
  const outcome = await new GrpcServerChain({}, { client }).simulate(request);
  if (!outcome.ok) throw new RangeError(`the policy refuses: ${outcome.description}`);
  return grpcLoad([await recorded(facts.url, simulate)]);
}

/** An identity of the allowlist. */
export function innerIdOf(facts: LocalnetFacts, nonce: number): Uint8Array {
  return Uint8Array.of(...fromHex(facts.allowlist), nonce);
}

/** A call of the policy for the identity that ends in `nonce`. */
export function approvalOf(facts: LocalnetFacts, nonce: number): Transaction {
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${facts.policyPackage}::allowlist::seal_approve`,
    arguments: [
      transaction.pure.vector('u8', innerIdOf(facts, nonce)),
      transaction.object(facts.allowlist),
    ],
  });
  return transaction;
}

/** Signed transfers, each paid by a coin of its own. */
async function transferLoad(facts: LocalnetFacts, count: number): Promise<Load> {
  const signer = Ed25519Keypair.fromSecretKey(facts.member);
  const sender = signer.toSuiAddress();
  const client = new SuiGrpcClient({ network: 'localnet', baseUrl: facts.url });
  const coins = await makeCoins(client, signer, count);
  const requests: Recorded[] = [];
  for (const coin of coins) {
    const transaction = new Transaction();
    transaction.transferObjects([transaction.splitCoins(transaction.gas, [1000])], sender);
    transaction.setSender(sender);
    transaction.setGasPayment([coin]);
    transaction.setGasPrice(1000);
    transaction.setGasBudget(5_000_000);
    const bytes = await transaction.build({ client });
    const { signature } = await signer.signTransaction(bytes);
    requests.push(
      await recorded(facts.url, async (recorder) => {
        const options = { transaction: bytes, signatures: [signature], include: { effects: true } };
        await recorder.core.executeTransaction(options);
      }),
    );
  }
  return grpcLoad(requests);
}

interface CoinRef {
  readonly objectId: string;
  readonly version: string;
  readonly digest: string;
}

async function makeCoins(
  client: SuiGrpcClient,
  signer: Ed25519Keypair,
  count: number,
): Promise<CoinRef[]> {
  const transaction = new Transaction();
  const amounts = Array.from({ length: count }, () => COIN_MIST);
  const made = transaction.splitCoins(transaction.gas, amounts);
  const all = amounts.map((_, i) => made[i] as (typeof made)[number]);
  transaction.transferObjects(all, signer.toSuiAddress());
  const include = { effects: true } as const;
  const result = await client.signAndExecuteTransaction({ transaction, signer, include });
  if (result.$kind !== 'Transaction') throw new RangeError('splitting coins failed');
  const coins: CoinRef[] = [];
  for (const change of result.Transaction.effects.changedObjects) {
    const { objectId, idOperation, outputVersion: version, outputDigest: digest } = change;
    if (idOperation !== 'Created' || version === null || digest === null) continue;
    coins.push({ objectId, version, digest });
  }
  return coins;
}

interface Recorded {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The request that `call` sends with the official client, caught before it leaves. */
async function recorded(
  baseUrl: string,
  call: (client: SuiGrpcClient) => Promise<void>,
): Promise<Recorded> {
  let caught: Recorded | undefined;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    caught = { url: request.url, headers: Object.fromEntries(request.headers), body };
    throw new TypeError('recorded');
  };
  await call(new SuiGrpcClient({ network: 'localnet', baseUrl, fetch })).catch(() => undefined);
  if (caught === undefined) throw new RangeError('the client sent nothing');
  return caught;
}

/** The trailer frame of a call that went well. */
const GOOD = 'grpc-status:0';

function grpcLoad(requests: readonly Recorded[]): Load {
  const { url, headers } = requests[0] as Recorded;
  const isText = headers['content-type']?.includes('grpc-web-text') ?? false;
  const isGood = (body: string) => Buffer.from(body, isText ? 'base64' : 'utf8').includes(GOOD);
  return { url, headers, bodies: requests.map(({ body }) => body), isGood };
}
