/**
 * One running stack: localnet, Move packages, key servers, manifest. Parts start in dependency order
 * and stop in the reverse one; a part that ends on its own takes the stack down.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Committees } from '../committee/committees.ts';
import type { CeremonyChain } from '../committee/people.ts';
import { type CommitteePlan, parseCommittees } from '../committee/plan.ts';
import type { RotationRequest } from '../committee/rotation.ts';
import { DevError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { type Account, createAccounts } from './accounts.ts';
import { Child, waitReady } from './child.ts';
import { serveControl } from './control.ts';
import { connectControl } from './control-client.ts';
import { makePrivateDir, type StackFiles, stackFiles, writePrivateFile } from './files.ts';
import {
  type KeyServerSettings,
  planKeyServer,
  type RegisteredKeyServer,
  registerKeyServers,
  startKeyServer,
} from './key-servers.ts';
import { takeFolder } from './lock.ts';
import { type CommitteeEntry, type Manifest, manifestOf } from './manifest.ts';
import { publishAll } from './move-packages.ts';
import { choosePorts, LOOPBACK, type StackPorts } from './ports.ts';
import { Servers, stopped } from './servers.ts';

/** Key servers a stack may have. */
export const MIN_SERVERS = 1;
export const MAX_SERVERS = 20;

export interface StackOptions {
  readonly dir: string;
  /** Independent key servers to start, MIN_SERVERS…MAX_SERVERS. */
  readonly servers: number;
  /** Committees to make, such as `2of3`. */
  readonly committees?: readonly string[];
  /** First of the consecutive ports to use; free ones when undefined. */
  readonly portBase?: number;
}

export interface StackDeps {
  readonly progress?: Progress;
}

export interface Stack {
  /** As it is now: a rotation changes the entry of its committee. */
  readonly manifest: Manifest;
  readonly manifestPath: string;
  /** Resolves when the stack has stopped; rejects when a part ended on its own. */
  readonly finished: Promise<void>;
  /**
   * Hands a committee's key over to another committee while it goes on answering; answers the new entry.
   * Errors: DEV_BAD_OPTION, DEV_BUSY, DEV_CEREMONY_FAILED, DEV_CHILD_FAILED, DEV_STOPPED.
   */
  rotate(request: RotationRequest, progress?: Progress): Promise<CommitteeEntry>;
  stop(): Promise<void>;
}

/**
 * Starts a stack in `options.dir`. Errors: DEV_ALREADY_RUNNING, DEV_BAD_OPTION, DEV_PORT_IN_USE,
 * DEV_CHILD_FAILED, DEV_TRANSACTION_FAILED, DEV_FILE; nothing is left running then.
 */
export async function startStack(options: StackOptions, deps: StackDeps = {}): Promise<Stack> {
  checkServers(options.servers);
  const committees = parseCommittees(options.committees ?? []);
  const files = stackFiles(options.dir);
  const running = await connectControl(files);
  if (running) {
    throw new DevError(
      'DEV_ALREADY_RUNNING',
      `a stack is already running in ${files.dir} (process ${running.pid}); ` +
        `stop it with \`seal-dev down --dir ${options.dir}\` or choose another --dir`,
    );
  }
  const members = committees.reduce((sum, plan) => sum + plan.members, 0);
  const demand = { servers: options.servers + members, gateways: committees.length };
  const ports = await choosePorts(demand, options.portBase);
  makePrivateDir(files.dir);
  const folder = takeFolder(files.lock);
  // What an earlier stack left would describe a chain that is gone.
  for (const stale of [files.manifest, files.control]) rmSync(stale, { force: true });
  for (const dir of ['key-servers', 'committees', 'logs', 'publications.json', 'admin-token']) {
    rmSync(join(files.dir, dir), { recursive: true, force: true });
  }
  makePrivateDir(files.logs);
  const plan = { servers: options.servers, committees };
  const stack = new RunningStack(files, plan, ports, deps);
  void stack.finished.catch(() => {}).finally(() => folder.release());
  try {
    await stack.start();
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

function checkServers(servers: number): void {
  if (!Number.isInteger(servers) || servers < MIN_SERVERS || servers > MAX_SERVERS) {
    throw new DevError(
      'DEV_BAD_OPTION',
      `--servers ${servers}: a stack has ${MIN_SERVERS} to ${MAX_SERVERS} key servers`,
    );
  }
}

interface StackPlan {
  readonly servers: number;
  readonly committees: readonly CommitteePlan[];
}

class RunningStack implements Stack {
  readonly finished: Promise<void>;
  readonly #files: StackFiles;
  readonly #plan: StackPlan;
  readonly #ports: StackPorts;
  readonly #progress: Progress;
  /** Key servers and aggregators. */
  readonly #servers: Servers;
  #committees: Committees | undefined;
  #localnet: Child | undefined;
  #control: { close(): Promise<void> } | undefined;
  #manifest: Manifest | undefined;
  #stopping: Promise<void> | undefined;
  #finish: (error?: unknown) => void = () => {};

  constructor(files: StackFiles, plan: StackPlan, ports: StackPorts, deps: StackDeps) {
    this.#files = files;
    this.#plan = plan;
    this.#ports = ports;
    this.#progress = deps.progress ?? (() => {});
    this.finished = new Promise((resolve, reject) => {
      this.#finish = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever only starts and stops need not look at `finished`.
    this.finished.catch(() => {});
    this.#servers = new Servers((failure) => this.#fail(failure));
  }

  get manifest(): Manifest {
    return this.#manifest as Manifest;
  }

  get manifestPath(): string {
    return this.#files.manifest;
  }

  async start(): Promise<void> {
    const rpcUrl = `http://${LOOPBACK}:${this.#ports.rpc}`;
    const faucetUrl = `http://${LOOPBACK}:${this.#ports.faucet}`;
    await this.#step('localnet', () => this.#startLocalnet(rpcUrl));
    const client = new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl });
    const accounts = await this.#step('accounts', () => createAccounts(faucetUrl));
    const admin = (accounts[0] as Account).keypair;
    const published = await this.#step('Move packages', () => publishAll(client, admin));
    const sealPackage = published['seal']?.publishedAt as string;
    const settings = { files: this.#files, rpcUrl, sealPackage };
    const keyServers = await this.#step('key servers', () =>
      this.#startKeyServers(client, admin, settings),
    );
    const committees = this.#newCommittees({ rpcUrl, faucetUrl, sealPackage });
    this.#committees = committees;
    await this.#makeCommittees(committees);
    const { chainIdentifier } = await client.core.getChainIdentifier();
    const chain = { rpcUrl, faucetUrl, chainId: chainIdentifier };
    this.#manifest = manifestOf(chain, published, keyServers, committees.entries, accounts);
    this.#writeManifest();
    this.#control = await serveControl(this.#files, {
      stop: () => void this.stop(),
      setKeyServer: (name, running) => this.#servers.set(name, running),
      rotate: (request, progress) => this.rotate(request, progress),
    });
  }

  async rotate(request: RotationRequest, progress: Progress = () => {}): Promise<CommitteeEntry> {
    if (!this.#committees || this.#stopping) throw stopped();
    return this.#committees.rotate(request, (step, ms) => {
      this.#progress(step, ms);
      progress(step, ms);
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll().finally(() => this.#finish());
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    rmSync(this.#files.control, { force: true });
    await this.#committees?.interrupt();
    await this.#servers.stopAll();
    await this.#committees?.close();
    await this.#localnet?.stop();
    rmSync(this.#files.manifest, { force: true });
    await this.#control?.close();
  }

  async #step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.#progress(name, performance.now() - started);
    return result;
  }

  async #startLocalnet(rpcUrl: string): Promise<void> {
    const { rpc, faucet, admin } = this.#ports;
    const flags = {
      port: rpc,
      'faucet-port': faucet,
      'admin-port': admin,
      'admin-token-file': join(this.#files.dir, 'admin-token'),
    };
    const child = new Child({
      name: 'localnet',
      entry: import.meta.resolve('@seal-ts/localnet/main'),
      args: ['start', ...Object.entries(flags).flatMap(([k, v]) => [`--${k}`, String(v)])],
      logFile: join(this.#files.logs, 'localnet.log'),
    });
    this.#localnet = child;
    this.#watch(child);
    await waitReady(child, `${rpcUrl}/ready`);
  }

  async #startKeyServers(
    client: SuiGrpcClient,
    admin: Account['keypair'],
    settings: KeyServerSettings,
  ): Promise<RegisteredKeyServer[]> {
    const plans = this.#ports.servers
      .slice(0, this.#plan.servers)
      .map((ports, i) => planKeyServer(this.#files, `key-server-${i + 1}`, ports));
    const servers = await registerKeyServers(client, admin, settings.sealPackage, plans);
    const parts = servers.map((server) => ({
      name: server.name,
      start: () => startKeyServer(server, settings),
    }));
    await Promise.all(parts.map((part) => this.#servers.start(part)));
    return servers;
  }

  #newCommittees(chain: CeremonyChain): Committees {
    const [files, servers] = [this.#files, this.#servers];
    return new Committees({ files, chain, servers, onChange: () => this.#committeesChanged() });
  }

  /** One ceremony after the other. */
  async #makeCommittees(committees: Committees): Promise<void> {
    let used = this.#plan.servers;
    for (const [i, plan] of this.#plan.committees.entries()) {
      const ports = this.#ports.servers.slice(used, used + plan.members);
      used += plan.members;
      await this.#step(`${plan.name}, ${plan.threshold} of ${plan.members}`, () =>
        committees.make(plan, ports, this.#ports.gateways[i] as number),
      );
    }
  }

  #committeesChanged(): void {
    this.#manifest = { ...this.manifest, committees: this.#committees?.entries ?? [] };
    if (!this.#stopping) this.#writeManifest();
  }

  #writeManifest(): void {
    writePrivateFile(this.#files.manifest, `${JSON.stringify(this.#manifest, null, 2)}\n`);
  }

  #watch(child: Child): void {
    void child.exited.then((code) => {
      if (!child.stopping) this.#fail(child.failure(code));
    });
  }

  /** A part has ended on its own. */
  #fail(failure: DevError): void {
    if (this.#stopping) return;
    this.#finish(failure);
    void this.stop();
  }
}
