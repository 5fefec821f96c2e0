/**
 * Runs one seed: builds the world that the scenario describes around the real client and the real
 * servers, lets virtual time pass, and has everything judged.
 */
import { inspect } from 'node:util';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { type Engine, extract, fullIdentity, hashIdentity } from '@seal-ts/crypto';
import {
  addressToBytes,
  encodeBcs,
  encodePtb,
  fromHex,
  type Ptb,
  toBase64,
  toHex,
} from '@seal-ts/protocol';
import { type KeyServerConfig, SealClient, SessionKey } from '@seal-ts/sdk';
import { forge } from './attacker.ts';
import { coreClient, POLICY_PACKAGE } from './chain.ts';
import { Judge, type Outcome } from './judge.ts';
import { Network } from './network.ts';
import { drawPlan } from './plan.ts';
import { Random } from './random.ts';
import { type ClientSpec, drawScenario, type Scenario, type Step, USERS } from './scenario.ts';
import { SimServer } from './server.ts';
import { VirtualTime } from './time.ts';
import { Policy } from './timeline.ts';
import { SecretNet, Trace } from './trace.ts';

export interface Result {
  readonly seed: number;
  readonly digest: string;
  readonly violations: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface SimulateOptions {
  readonly seed: number;
  readonly engine: Engine;
  /** Receives the trace as it is written. */
  readonly print?: ((line: string) => void) | undefined;
}

interface Actor {
  readonly spec: ClientSpec;
  readonly client: SealClient;
  /** When reads from its full node failed. */
  readonly failedReads: number[];
}

interface Sealed {
  readonly data: Uint8Array;
  readonly encrypted: Uint8Array;
}

export async function simulate(options: SimulateOptions): Promise<Result> {
  const unhandled: string[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(inspect(reason));
  process.on('unhandledRejection', onUnhandled);
  try {
    const world = new World(options);
    try {
      await world.time.run(() => world.live());
    } catch (error) {
      world.judge.add(`the scenario broke: ${inspect(error)}`);
    }
    for (const reason of unhandled) world.judge.add(`unhandled rejection: ${reason}`);
    return world.result(options.seed);
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
}

class World {
  readonly time = new VirtualTime();
  readonly judge: Judge;
  readonly #random: Random;
  readonly #scenario: Scenario;
  readonly #engine: Engine;
  readonly #trace: Trace;
  readonly #net = new SecretNet();
  readonly #servers: SimServer[];
  readonly #network: Network;
  readonly #wallets: ReadonlyMap<string, Ed25519Keypair>;
  readonly #skews = new Map<string, number>();
  readonly #sessions = new Map<number, Promise<SessionKey>>();
  #actors: Actor[] = [];
  #sealed: Sealed[] = [];
  #calls = 0;

  constructor({ seed, engine, print }: SimulateOptions) {
    this.#engine = engine;
    this.#random = new Random(`seal-ts ${seed}`);
    this.#scenario = drawScenario(this.#random.fork('scenario'));
    this.#trace = new Trace(print);
    const { time } = this;
    const wallets = this.#random.fork('wallets');
    this.#wallets = new Map(
      USERS.map((user) => [user, Ed25519Keypair.fromSecretKey(wallets.bytes(32))]),
    );
    const grants = this.#scenario.grants.map((grant) => ({
      ...grant,
      user: this.#address(grant.user),
    }));
    const policy = new Policy(grants);
    this.#servers = this.#scenario.servers.map((spec) => {
      const random = this.#random.fork(`server ${spec.index}`);
      const log = (line: string): void => this.#net.collect(`the log of ${spec.index}`, line);
      return new SimServer(spec, { engine, time, random, policy, log });
    });
    this.#network = new Network({
      time,
      random: this.#random.fork('network'),
      trace: this.#trace,
      servers: this.#servers,
      partitions: this.#scenario.partitions,
      onAnswer: (server, body, arrivedMs, answer) =>
        this.judge.serverAnswered({ server, body, arrivedMs, nowMs: time.nowMs, answer }),
    });
    this.judge = new Judge({
      network: this.#network,
      servers: this.#servers,
      policy,
      skewOf: (sessionKey) => this.#skews.get(sessionKey) ?? 0,
    });
  }

  /** From the start of the servers to the end of the last call. */
  async live(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.start()));
    this.#actors = this.#scenario.clients.map((spec) => this.#actor(spec));
    this.#sealed = await this.#encryptAll();
    this.#collectSecrets();
    await Promise.all(
      this.#scenario.steps.map(async (step, i) => {
        await this.time.sleep(step.atMs - this.time.nowMs);
        if (step.kind === 'attack') await this.#attack(step);
        else if (step.kind === 'clear') this.#clear(step);
        else await this.#call(step, i);
      }),
    );
    const allowed = this.#servers.reduce((sum, server) => sum + server.timersAllowed, 0);
    const running = this.time.timers.size;
    if (running > allowed) this.judge.add(`${running} timers are left, ${allowed} explained`);
  }

  #clear({ client }: Step): void {
    const actor = this.#actors[client];
    actor?.client.clearKeys();
    if (actor !== undefined) this.judge.cleared(actor.spec.name, this.time.nowMs);
  }

  result(seed: number): Result {
    const { judge } = this;
    judge.finish(this.#calls);
    for (const found of this.#net.found()) judge.add(found);
    const requests = this.#network.attempts.length;
    return {
      seed,
      digest: this.#trace.digest(),
      violations: judge.violations,
      counts: { ...judge.counts, calls: this.#calls, requests, texts: this.#net.size },
    };
  }

  #address(user: string): string {
    return this.#wallet(user).toSuiAddress();
  }

  #wallet(user: string): Ed25519Keypair {
    const wallet = this.#wallets.get(user);
    if (wallet === undefined) throw new RangeError(`no user ${user}`);
    return wallet;
  }

  #actor(spec: ClientSpec): Actor {
    const failedReads: number[] = [];
    const { time } = this;
    const suiClient = coreClient(this.#servers, time, {
      random: this.#random.fork(`reads of ${spec.name}`),
      hostility: spec.readHostility,
      onFault: () => void failedReads.push(time.nowMs),
    });
    const client = new SealClient({
      suiClient,
      serverConfigs: this.#configs(spec.servers),
      verifyKeyServers: spec.verify,
      timeout: spec.timeoutMs,
      fetch: this.#network.fetchOf(spec.name),
      engine: this.#engine,
      random: this.#random.fork(`random of ${spec.name}`).bytes,
      logger: { warn: (...line) => this.#net.collect('the log of a client', inspect(line)) },
    });
    return { spec, client, failedReads };
  }

  #configs(indices: readonly number[]): KeyServerConfig[] {
    return indices.map((index) => {
      const { objectId, spec, committee, url } = this.#servers[index] as SimServer;
      const { weight } = spec;
      return committee === undefined
        ? { objectId, weight }
        : { objectId, weight, aggregatorUrl: url };
    });
  }

  /** A client whose full node never fails, for what must be there before the scenario starts. */
  #calmReads() {
    const random = this.#random.fork('calm reads');
    return coreClient(this.#servers, this.time, { random, hostility: 0, onFault: () => {} });
  }

  async #encryptAll(): Promise<Sealed[]> {
    const random = this.#random.fork('owner');
    const owner = new SealClient({
      suiClient: this.#calmReads(),
      serverConfigs: this.#configs(this.#servers.map(({ spec }) => spec.index)),
      engine: this.#engine,
      random: random.bytes,
    });
    const sealed: Sealed[] = [];
    for (const { id, threshold, bytes, dem } of this.#scenario.objects) {
      const data = random.bytes(bytes);
      const { encryptedObject, key } = await owner.encrypt({
        packageId: POLICY_PACKAGE,
        id,
        threshold,
        data,
        demType: dem,
        aad: random.bytes(3),
      });
      this.#net.add('a data key', key);
      if (bytes > 30) this.#net.add('a plaintext', data);
      sealed.push({ data, encrypted: encryptedObject });
    }
    return sealed;
  }

  #collectSecrets(): void {
    for (const user of USERS) this.#net.addText('an account', this.#address(user));
    for (const { masterKey, committee } of this.#servers) {
      for (const share of committee?.secrets ?? []) this.#net.add('a share', share);
      this.#net.add('a master key', masterKey);
      for (const { id } of this.#scenario.objects) {
        const fullId = fullIdentity(addressToBytes(POLICY_PACKAGE), fromHex(id));
        const key = extract(this.#engine, masterKey, hashIdentity(this.#engine, fullId));
        this.#net.add('a user secret key', this.#engine.g1.toBytes(key));
      }
    }
  }

  /** Created at its time, or at first use if that is later. */
  #session(index: number): Promise<SessionKey> {
    const known = this.#sessions.get(index) ?? this.#createSession(index);
    this.#sessions.set(index, known);
    return known;
  }

  async #createSession(index: number): Promise<SessionKey> {
    const spec = this.#scenario.sessions[index];
    if (spec === undefined) throw new RangeError(`no session ${index}`);
    await this.time.sleep(spec.createdMs - this.time.nowMs);
    const session = await SessionKey.create({
      address: this.#address(spec.user),
      packageId: POLICY_PACKAGE,
      ttlMin: spec.ttlMin,
      signer: this.#wallet(spec.user),
      suiClient: this.#calmReads(),
      now: () => this.time.nowMs + spec.skewMs,
      random: this.#random.fork(`session ${index}`).bytes,
    });
    const { session_vk, signature } = await session.getCertificate();
    this.#skews.set(toHex(Buffer.from(session_vk, 'base64')), spec.skewMs);
    this.#net.addText('a session secret', session.export().sessionKey);
    this.#net.addText('a signature', signature);
    return session;
  }

  async #call(step: Step, index: number): Promise<void> {
    const actor = this.#actors[step.client];
    if (actor === undefined) throw new RangeError(`no client ${step.client}`);
    const sessionKey = await this.#session(step.session);
    const objects = step.objects.map((i) => this.#scenario.objects[i]!);
    const ptb = encodePtb(approvalOf(objects.map(({ id }) => id)));
    const controller = new AbortController();
    const cancelReason = new DOMException('the user left', 'AbortError');
    if (step.cancelAfterMs !== undefined) {
      this.time.after(step.cancelAfterMs, () => controller.abort(cancelReason));
    }
    const label = `call ${index} (${step.kind} by ${actor.spec.user})`;
    const startMs = this.time.nowMs;
    this.#calls++;
    let error: unknown;
    let rightResult = false;
    try {
      const txBytes = Uint8Array.of(0, ...ptb);
      rightResult = await this.#act(actor, step, {
        sessionKey,
        txBytes,
        signal: controller.signal,
      });
    } catch (thrown) {
      error = thrown;
      this.#collectError(thrown);
    }
    const what = error === undefined ? 'ok' : String((error as { code?: unknown }).code);
    this.#trace.add(this.time.nowMs, `${label}: ${what}`, String(error));
    const { session_vk } = await sessionKey.getCertificate();
    const outcome: Outcome = {
      label,
      client: actor.spec,
      objects,
      ptb: toBase64(ptb),
      sessionKey: toHex(Buffer.from(session_vk, 'base64')),
      startMs,
      endMs: this.time.nowMs,
      cancelReason: controller.signal.aborted ? cancelReason : undefined,
      readFailed: actor.failedReads.some((atMs) => atMs >= startMs - PAST_READS_MS),
      error,
      rightResult,
    };
    this.judge.callEnded(outcome);
  }

  /** Does what the step says; true if the result is the right one. */
  async #act(
    { client }: Actor,
    step: Step,
    common: { sessionKey: SessionKey; txBytes: Uint8Array; signal: AbortSignal },
  ): Promise<boolean> {
    const [first] = step.objects;
    const objects = step.objects.map((i) => this.#scenario.objects[i]!);
    const threshold = Math.max(...objects.map((object) => object.threshold));
    const ids = objects.map(({ id }) => id);
    switch (step.kind) {
      case 'fetchKeys':
        await client.fetchKeys({ ...common, ids, threshold });
        return true;
      case 'derivedKeys': {
        const keys = await client.getDerivedKeys({ ...common, id: ids[0] ?? '', threshold });
        return this.#areRight(keys, ids[0] ?? '');
      }
      default: {
        const { data, encrypted } = this.#sealed[first ?? 0]!;
        const { checkConsistency: checkShareConsistency } = step;
        const plain = await client.decrypt({ ...common, data: encrypted, checkShareConsistency });
        return toHex(plain) === toHex(data);
      }
    }
  }

  #areRight(keys: Map<string, { toString(): string }>, id: string): boolean {
    const fullId = fullIdentity(addressToBytes(POLICY_PACKAGE), fromHex(id));
    const identity = hashIdentity(this.#engine, fullId);
    return this.#servers.every(({ objectId, masterKey }) => {
      const key = keys.get(objectId);
      if (key === undefined) return true;
      const right = this.#engine.g1.toBytes(extract(this.#engine, masterKey, identity));
      return key.toString() === toHex(right);
    });
  }

  async #attack(step: Step): Promise<void> {
    const random = this.#random.fork(`attack ${step.atMs} ${step.client}`);
    const up = this.#servers.filter(({ listening }) => listening);
    const seen = this.#network.attempts.map(({ body }) => body);
    if (seen.length === 0 || up.length === 0) return;
    const users = USERS.map((user) => this.#address(user));
    const body = await forge(seen, users, random, this.#engine);
    await this.#network.inject(random.pick(up), body, drawPlan(random, 0));
    this.judge.counts.forged++;
  }

  #collectError(error: unknown): void {
    this.#net.collect('an error', inspect(error, { depth: 8, showHidden: true }));
    this.#net.collect('an error as JSON', JSON.stringify(error) ?? '');
  }
}

/** A read that hangs still stands in the way this much later. */
const PAST_READS_MS = 20_000;

function approvalOf(ids: readonly string[]): Ptb {
  return {
    inputs: ids.map((id) => ({ kind: 'pure', bytes: encodeBcs((w) => w.byteVector(fromHex(id))) })),
    commands: ids.map((_, index) => ({
      kind: 'moveCall',
      package: POLICY_PACKAGE,
      module: 'list',
      function: 'seal_approve',
      typeArguments: [],
      arguments: [{ kind: 'input', index }],
    })),
  };
}
