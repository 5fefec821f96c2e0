/**
 * The chain as a key server's full node and as a client's full node show it. The policy is judged
 * on the transaction that the real server built, staleness check included.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type CallOptions,
  ChainError,
  type ServerChain,
  type SimulationOutcome,
  type SimulationRequest,
} from '@seal-ts/chain';
import {
  decodeBcs,
  decodePtb,
  encodeKeyServer,
  encodeKeyServerV2,
  type Ptb,
  type ServerType,
  STALENESS_ABORT_CODE,
  toHex,
} from '@seal-ts/protocol';
import type { SealCompatibleClient } from '@seal-ts/sdk';
import type { Plan } from './plan.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './time.ts';
import { type Lag, lagAt, type Policy } from './timeline.ts';

export const SEAL_PACKAGE = `0x${'5e'.repeat(32)}`;
export const POLICY_PACKAGE = `0x${'a1'.repeat(32)}`;
const GAS_PRICE = 1_000n;
const COMPUTATION_COST = 1_000_000n;

/** The plan of the request that a server is working on. */
export const currentPlan = new AsyncLocalStorage<{ plan: Plan; calls: number }>();

export interface NodeView {
  readonly lags: readonly Lag[];
  /** Approves whatever it is asked. */
  readonly complicit: boolean;
  /** How often the gas price fails before it is known. */
  gasPriceFailures: number;
}

export class SimChain implements ServerChain {
  readonly #view: NodeView;
  readonly #policy: Policy;
  readonly #time: VirtualTime;

  constructor(view: NodeView, policy: Policy, time: VirtualTime) {
    this.#view = view;
    this.#policy = policy;
    this.#time = time;
  }

  async referenceGasPrice(options?: CallOptions): Promise<bigint> {
    await this.#call(options);
    if (this.#view.gasPriceFailures-- > 0) throw unavailable();
    return GAS_PRICE;
  }

  async packageOriginalId(packageId: string, options?: CallOptions): Promise<string> {
    await this.#call(options);
    if (packageId !== POLICY_PACKAGE) throw new ChainError('NOT_FOUND', `${packageId} not found`);
    return packageId;
  }

  async objectExists(_objectId: string, options?: CallOptions): Promise<boolean> {
    await this.#call(options);
    return false;
  }

  async object(objectId: string, options?: CallOptions): Promise<never> {
    await this.#call(options);
    throw new ChainError('NOT_FOUND', `${objectId} not found`);
  }

  async keyServer(objectId: string, options?: CallOptions): Promise<never> {
    return this.object(objectId, options);
  }

  async verifyZkLogin(_request: unknown, options?: CallOptions): Promise<boolean> {
    await this.#call(options);
    return false;
  }

  async simulate(request: SimulationRequest, options?: CallOptions): Promise<SimulationOutcome> {
    await this.#call(options);
    const ptb = decodePtb(request.ptb);
    const nodeMs = this.#time.nowMs - lagAt(this.#view.lags, this.#time.nowMs);
    const [check, ...approvals] = ptb.commands.map((_, i) => moveCall(ptb, i));
    if (check?.target !== `${SEAL_PACKAGE}::time::check_staleness`) {
      throw new ChainError('INVALID_ARGUMENT', 'the staleness check is missing');
    }
    if (u64(check.inputs[0]) > BigInt(nodeMs) + u64(check.inputs[1])) {
      return aborted(SEAL_PACKAGE, 'time', 'check_staleness', STALENESS_ABORT_CODE);
    }
    for (const { target, inputs } of approvals) {
      if (target !== `${POLICY_PACKAGE}::list::seal_approve`) {
        return { ok: false, kind: 'FUNCTION_NOT_FOUND', description: `${target} not found` };
      }
      const id = toHex(decodeBcs(inputs[0] ?? new Uint8Array(), (r) => r.byteVector()));
      if (!this.#view.complicit && !this.#policy.allows(request.sender, id, nodeMs)) {
        return aborted(POLICY_PACKAGE, 'list', 'seal_approve', 1n);
      }
    }
    return { ok: true, computationCost: COMPUTATION_COST };
  }

  async #call(options: CallOptions = {}): Promise<void> {
    const current = currentPlan.getStore();
    const fault =
      current?.plan.nodeFault?.call === current?.calls ? current?.plan.nodeFault?.kind : undefined;
    if (current !== undefined) current.calls++;
    if (fault === 'hangs') await untilAborted(options.signal);
    await pauseFor(this.#time, current?.plan.nodeMs ?? 1, options.signal);
    if (fault === 'unavailable') throw unavailable();
    if (fault === 'invalid') throw new ChainError('INVALID_ARGUMENT', 'the node finds it invalid');
    if (fault === 'notFound') throw new ChainError('NOT_FOUND', 'an input was not found');
  }
}

function unavailable(): ChainError {
  return new ChainError('UNAVAILABLE', 'the node is down', {
    grpcStatus: 'UNAVAILABLE',
    retryable: true,
  });
}

function cancelled(): ChainError {
  return new ChainError('CANCELLED', 'the caller left');
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(cancelled());
    signal?.addEventListener('abort', () => reject(cancelled()), { once: true });
  });
}

/** Waits, unless the caller leaves before. */
function pauseFor(time: VirtualTime, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    const event = time.after(ms, resolve);
    const onAbort = (): void => {
      time.cancel(event);
      reject(cancelled());
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function moveCall(ptb: Ptb, index: number): { target: string; inputs: (Uint8Array | undefined)[] } {
  const command = ptb.commands[index];
  if (command?.kind !== 'moveCall') throw new ChainError('INVALID_ARGUMENT', 'not a call');
  const inputs = command.arguments.map((argument) => {
    const input = argument.kind === 'input' ? ptb.inputs[argument.index] : undefined;
    return input?.kind === 'pure' ? input.bytes : undefined;
  });
  return { target: `${command.package}::${command.module}::${command.function}`, inputs };
}

function u64(bytes: Uint8Array | undefined): bigint {
  return decodeBcs(bytes ?? new Uint8Array(), (r) => r.u64());
}

function aborted(packageId: string, module: string, name: string, code: bigint): SimulationOutcome {
  return {
    ok: false,
    kind: 'MOVE_ABORT',
    description: `MoveAbort in command, abort code: ${code}, in '${packageId}::${module}::${name}'`,
    abort: { package: packageId, module, function: name, code },
  };
}

export interface OnChain {
  readonly objectId: string;
  readonly url: string;
  readonly publicKey: Uint8Array;
  readonly committee: { serverType(): ServerType } | undefined;
}

/** What the client's full node does with a read. */
export interface ReadFaults {
  readonly random: Random;
  readonly hostility: number;
  /** Called before a read fails or hangs. */
  readonly onFault: () => void;
}

/** The official core client of an SDK user, as far as the SDK uses it. */
export function coreClient(
  servers: readonly OnChain[],
  time: VirtualTime,
  faults: ReadFaults,
): SealCompatibleClient {
  const read = async <T>(options: { signal?: AbortSignal }, answer: () => T): Promise<T> => {
    const { random } = faults;
    const fault = random.chance(faults.hostility) ? random.pick(['error', 'hang']) : '';
    if (fault !== '') faults.onFault();
    if (fault === 'hang') await untilAborted(options.signal);
    await pauseFor(time, random.integer(1, 200), options.signal);
    if (fault === 'error') throw new Error('connection lost');
    return answer();
  };
  const find = (objectId: string): OnChain => {
    const server = servers.find((candidate) => candidate.objectId === objectId);
    if (server !== undefined) return server;
    throw Object.assign(new Error(`Object ${objectId} not found`), { code: 'notExists' });
  };
  const keyServer = (objectId: string) => {
    const content = encodeKeyServer({
      id: find(objectId).objectId,
      firstVersion: 2n,
      lastVersion: 2n,
    });
    return { object: { version: '5', content } };
  };
  const core = {
    getObject: (options: { objectId: string; signal?: AbortSignal }) =>
      read(options, () =>
        options.objectId === POLICY_PACKAGE
          ? { object: { version: '1' } }
          : keyServer(options.objectId),
      ),
    getDynamicField: (options: { parentId: string; signal?: AbortSignal }) =>
      read(options, () => {
        const { publicKey, url, objectId, committee } = find(options.parentId);
        const value = encodeKeyServerV2({
          name: `server ${objectId.slice(-2)}`,
          keyType: 0,
          publicKey,
          serverType: committee?.serverType() ?? { kind: 'independent', url },
        });
        return { dynamicField: { value: { bcs: value } } };
      }),
  };
  // The SDK uses these two methods of the core API and no others.
  return { core } as unknown as SealCompatibleClient;
}
