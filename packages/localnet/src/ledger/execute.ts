/**
 * Executes the commands of a checked transaction and gathers what they did to objects
 * (sui-ledger.md §5, §6).
 */
import { OBJECT_RUNTIME, ObjectRuntime } from '../natives/index.ts';
import { BcsWriter } from './bcs/writer.ts';
import type { ObjectChanges } from './changes.ts';
import type { LoadedTransaction } from './checks/inputs.ts';
import { ChangeCollector } from './collect.ts';
import { digestToBytes } from './digests.ts';
import { affordableUnits } from './gas.ts';
import { OBJECT_READ_MILLIUNITS_PER_BYTE } from './limits.ts';
import { ExecutionFailure } from './ptb/failure.ts';
import { runCommands } from './ptb/interpreter.ts';
import { GAS_LOCATION, type Plan } from './ptb/plan.ts';
import type { EventRange, Run } from './ptb/run.ts';
import { typeCheck } from './ptb/typing.ts';
import { verifyPlan } from './ptb/verify.ts';
import { vmFailure } from './ptb/vm-failure.ts';
import { type Execution, type TransactionFrame, withBalance } from './settlement.ts';
import { SUI_ADDRESS, struct, typeText } from './type-text.ts';
import type { LedgerEvent } from './types/effects.ts';
import type { LedgerObject, MoveObjectData } from './types/object.ts';
import type { CommandOutput } from './types/records.ts';
import type { ProgrammableTransaction } from './types/transaction.ts';
import {
  gasMeter,
  type MovePackage,
  type MoveRuntime,
  type Session,
  type Slot,
  type StructTag,
} from './vm.ts';

const TX_CONTEXT = struct(SUI_ADDRESS, 'tx_context', 'TxContext');

interface ExecutionContext {
  readonly runtime: MoveRuntime;
  readonly live: (id: string) => LedgerObject | undefined;
  readonly epochTimestampMs: bigint;
  readonly referenceGasPrice: bigint;
  readonly checks: 'enabled' | 'disabled';
  readonly collectOutputs: boolean;
}

interface ExecutionOutcome extends Execution {
  readonly outputs: readonly CommandOutput[];
}

export function executeCommands(
  frame: TransactionFrame,
  programmable: ProgrammableTransaction,
  loaded: LoadedTransaction,
  context: ExecutionContext,
): ExecutionOutcome {
  return new Executor(frame, loaded, context).run(programmable);
}

class Executor {
  readonly #frame: TransactionFrame;
  readonly #loaded: LoadedTransaction;
  readonly #context: ExecutionContext;
  readonly #session: Session;
  readonly #objects: ObjectRuntime;
  readonly #published: MovePackage[] = [];
  readonly #eventRanges: EventRange[] = [];
  readonly #outputs: CommandOutput[] = [];

  constructor(frame: TransactionFrame, loaded: LoadedTransaction, context: ExecutionContext) {
    this.#frame = frame;
    this.#loaded = loaded;
    this.#context = context;
    this.#objects = this.#objectRuntime();
    this.#session = context.runtime.session({
      gas: gasMeter(affordableUnits(frame.gas.budget, frame.gas.price)),
      extensions: [{ key: OBJECT_RUNTIME, value: this.#objects }],
    });
  }

  run(programmable: ProgrammableTransaction): ExecutionOutcome {
    try {
      this.#chargeReads();
      const plan = typeCheck(programmable, this.#loaded, this.#session);
      verifyPlan(plan, this.#session, this.#context.checks);
      const run = this.#newRun(plan);
      runCommands(run);
      const changes = this.#collect(plan);
      const events = this.#events();
      const units = this.#session.gas.used;
      return { failure: undefined, units, changes, events, outputs: this.#outputs };
    } catch (error) {
      const failure = vmFailure(error, undefined, this.#session);
      const units = this.#session.gas.used;
      return { failure, units, changes: new Map(), events: [], outputs: [] };
    }
  }

  #objectRuntime(): ObjectRuntime {
    const { digest, sender, gas, epoch } = this.#frame;
    const { live, epochTimestampMs, referenceGasPrice } = this.#context;
    const sharedInputs: string[] = [];
    for (const input of this.#loaded.inputs) {
      if (input.kind === 'object' && input.object.owner.kind === 'shared') {
        sharedInputs.push(input.object.objectId);
      }
    }
    return new ObjectRuntime(
      {
        context: {
          sender,
          digest: digestToBytes(digest)!,
          epoch,
          epochTimestampMs,
          referenceGasPrice,
          gasPrice: gas.price,
          gasBudget: gas.budget,
          ...(gas.owner === sender ? {} : { sponsor: gas.owner }),
        },
        sharedInputs,
      },
      {
        reader: {
          readChild: (parent, id) => {
            const child = live(id);
            if (child?.owner.kind !== 'object' || child.owner.address !== parent) return undefined;
            return storedObject(child);
          },
          readReceived: (parent, id, version) => {
            const object = live(id);
            if (object?.owner.kind !== 'address' || object.owner.address !== parent) {
              return undefined;
            }
            return object.version === version ? storedObject(object) : undefined;
          },
        },
      },
    );
  }

  #chargeReads(): void {
    let bytes = 0;
    const add = ({ data }: LedgerObject): void => {
      if (data.kind === 'move') bytes += data.contents.length;
    };
    for (const input of this.#loaded.inputs) if (input.kind === 'object') add(input.object);
    this.#loaded.gasCoins.forEach(add);
    this.#session.gas.charge(Math.ceil((bytes * OBJECT_READ_MILLIUNITS_PER_BYTE) / 1000));
  }

  #newRun(plan: Plan): Run {
    const session = this.#session;
    const { live, checks, collectOutputs } = this.#context;
    return {
      plan,
      session,
      objects: this.#objects,
      checks,
      packageObject: (id) => {
        const object = live(id);
        if (object === undefined) return undefined;
        return object.data.kind === 'package' ? object.data.package : 'notAPackage';
      },
      published: this.#published,
      eventRanges: this.#eventRanges,
      outputs: collectOutputs ? this.#outputs : undefined,
      txContext: this.#txContext(),
      slot: (location) => this.#slot(plan, location),
    };
  }

  #txContext(): Slot {
    const { sender, digest, epoch } = this.#frame;
    const writer = new BcsWriter();
    writer.address(sender).bytes(digestToBytes(digest)!).u64(epoch);
    writer.u64(this.#context.epochTimestampMs).u64(0n);
    return this.#session.deserializeSlot(this.#session.typeOf(TX_CONTEXT), writer.toBytes());
  }

  #slot(plan: Plan, index: number): Slot {
    const location = plan.locations[index]!;
    location.slot ??= this.#session.deserializeSlot(location.type, this.#inputBytes(plan, index));
    return location.slot;
  }

  #inputBytes(plan: Plan, index: number): Uint8Array {
    const { origin } = plan.locations[index]!;
    switch (origin.kind) {
      case 'gasCoin':
        return this.#gasCoinData().contents;
      case 'object':
        return (origin.input.object.data as MoveObjectData).contents;
      case 'receiving': {
        const { objectId, version } = origin.input.object;
        return new BcsWriter().address(objectId).u64(version).toBytes();
      }
      case 'pure':
        return origin.bytes;
      case 'result':
        throw new ExecutionFailure({ kind: 'VMInvariantViolation' });
    }
  }

  /** The gas coin as commands see it: all payment coins together, less the budget. */
  #gasCoinData(): MoveObjectData {
    const { gasCoins, gas } = this.#frame;
    const total = gasCoins.reduce((sum, { coinBalance }) => sum + (coinBalance ?? 0n), 0n);
    const visible = total > gas.budget ? total - gas.budget : 0n;
    return withBalance(gasCoins[0]!.data as MoveObjectData, visible);
  }

  #events(): readonly LedgerEvent[] {
    const emitted = this.#objects.events;
    const events: LedgerEvent[] = [];
    for (const { package: packageId, module, end } of this.#eventRanges) {
      while (events.length < end) {
        const { tag, contents } = emitted[events.length]!;
        const type = tag as StructTag;
        const { sender } = this.#frame;
        events.push({ packageId, module, sender, type, typeText: typeText(tag), contents });
      }
    }
    return events;
  }

  #collect(plan: Plan): ObjectChanges {
    const known = this.#knownObjects();
    const collector = new ChangeCollector(
      this.#frame,
      this.#session,
      this.#objects.results(this.#session),
      known,
      this.#context.live,
    );
    collector.transfers();
    collector.children();
    collector.deletions();
    for (const [index, { slot, type, origin }] of plan.locations.entries()) {
      if (index === GAS_LOCATION) {
        collector.gasCoin(slot);
      } else if (origin.kind === 'object') {
        collector.input(origin.input.object, origin.input.access, slot, type);
      }
    }
    collector.leftovers();
    collector.packages(this.#published);
    collector.checkLimits(known.size + this.#loaded.packages.length);
    return collector.changes;
  }

  /** Input objects by id: what changes to them replace. */
  #knownObjects(): ReadonlyMap<string, LedgerObject> {
    const known = new Map<string, LedgerObject>();
    for (const input of this.#loaded.inputs) {
      if (input.kind === 'object') known.set(input.object.objectId, input.object);
    }
    for (const coin of this.#loaded.gasCoins) known.set(coin.objectId, coin);
    return known;
  }
}

function storedObject(object: LedgerObject): {
  id: string;
  version: bigint;
  type: StructTag;
  contents: Uint8Array;
} {
  const { type, contents } = object.data as MoveObjectData;
  return { id: object.objectId, version: object.version, type, contents };
}
