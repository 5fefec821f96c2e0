/**
 * Executes the commands of a checked transaction and gathers what they did to objects
 * (sui-ledger.md §5, §6).
 */
import { OBJECT_RUNTIME, ObjectRuntime, type ObjectRuntimeResults } from '../natives/index.ts';
import { BcsWriter } from './bcs/writer.ts';
import { type ObjectChange, type ObjectChanges, resolveOwner } from './changes.ts';
import type { LoadedTransaction } from './checks/inputs.ts';
import { digestToBytes } from './digests.ts';
import { affordableUnits } from './gas.ts';
import { MAX_OBJECT_BYTES, MAX_WRITTEN_BYTES, OBJECT_READ_MILLIUNITS_PER_BYTE } from './limits.ts';
import { moveData, packageData } from './object.ts';
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
  ABILITY,
  gasMeter,
  type MovePackage,
  type MoveRuntime,
  type MoveType,
  type Session,
  type Slot,
  type StructTag,
} from './vm.ts';

const TX_CONTEXT = struct(SUI_ADDRESS, 'tx_context', 'TxContext');

export interface ExecutionContext {
  readonly runtime: MoveRuntime;
  readonly live: (id: string) => LedgerObject | undefined;
  readonly epochTimestampMs: bigint;
  readonly referenceGasPrice: bigint;
  readonly checks: 'enabled' | 'disabled';
  readonly collectOutputs: boolean;
}

export interface ExecutionOutcome extends Execution {
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
    const collector = new ChangeCollector(
      this.#frame,
      this.#session,
      this.#objects.results(this.#session),
      this.#knownObjects(),
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
    collector.checkLimits();
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

class ChangeCollector {
  readonly changes: ObjectChanges = new Map();
  readonly #frame: TransactionFrame;
  readonly #session: Session;
  readonly #results: ObjectRuntimeResults;
  readonly #known: ReadonlyMap<string, LedgerObject>;
  readonly #live: (id: string) => LedgerObject | undefined;

  constructor(
    frame: TransactionFrame,
    session: Session,
    results: ObjectRuntimeResults,
    known: ReadonlyMap<string, LedgerObject>,
    live: (id: string) => LedgerObject | undefined,
  ) {
    this.#frame = frame;
    this.#session = session;
    this.#results = results;
    this.#known = known;
    this.#live = live;
  }

  /** The version that a change of `id` replaces. */
  #before(id: string): LedgerObject | undefined {
    const input = this.#known.get(id);
    if (input !== undefined) return input;
    const { loadedChildren, received } = this.#results;
    return loadedChildren.has(id) || received.has(id) ? this.#live(id) : undefined;
  }

  #data(type: MoveType, contents: Uint8Array): MoveObjectData {
    const tag = this.#session.tagOf(type) as StructTag;
    return moveData(tag, contents, (type.abilities & ABILITY.store) !== 0);
  }

  transfers(): void {
    for (const { id, owner, type, value } of this.#results.transfers.values()) {
      const before = this.#before(id);
      this.changes.set(id, {
        kind: 'write',
        data: this.#data(type, this.#session.serialize(type, value)),
        owner: resolveOwner(owner, before, this.#frame.lamport),
        before,
        created: this.#results.createdIds.has(id),
      });
    }
  }

  children(): void {
    for (const { id, after } of this.#results.children) {
      if (after === undefined) continue;
      this.changes.set(id, {
        kind: 'write',
        data: this.#data(after.type, after.contents),
        owner: { kind: 'object', address: after.parent },
        before: this.#before(id),
        created: this.#results.createdIds.has(id),
      });
    }
    this.#checkCircles();
  }

  /** No object may own itself, through however many others. */
  #checkCircles(): void {
    const parents = new Map<string, string>();
    for (const { id, after } of this.#results.children) {
      if (after !== undefined) parents.set(id, after.parent);
    }
    for (const start of parents.keys()) {
      let at: string | undefined = parents.get(start);
      for (let steps = 0; at !== undefined && steps <= parents.size; steps++) {
        if (at === start) {
          throw new ExecutionFailure({ kind: 'CircularObjectOwnership', objectId: start });
        }
        at = parents.get(at);
      }
    }
  }

  deletions(): void {
    for (const id of this.#results.deletedIds) this.#remove(id, 'deleted');
  }

  #remove(id: string, how: 'deleted' | 'wrapped'): void {
    const created = this.#results.createdIds.has(id);
    const before = this.#before(id);
    this.changes.set(id, { kind: 'remove', before, how, created, typeText: undefined });
  }

  gasCoin(slot: Slot | undefined): void {
    const coin = this.#frame.gasCoins[0];
    if (coin === undefined || slot === undefined) return;
    const { budget } = this.#frame.gas;
    const sent = this.changes.get(coin.objectId);
    if (sent?.kind === 'write') {
      const data = addBalance(sent.data as MoveObjectData, budget);
      this.changes.set(coin.objectId, { ...sent, data });
    } else if (!slot.isEmpty) {
      const contents = slot.serialize();
      const data = addBalance({ ...(coin.data as MoveObjectData), contents }, budget);
      const change = { data, owner: coin.owner, before: coin, created: false };
      this.changes.set(coin.objectId, { kind: 'write', ...change });
    }
  }

  /** An object input: still in its place, or moved somewhere, or wrapped. */
  input(
    object: LedgerObject,
    access: 'owned' | 'immutable' | 'sharedMutable' | 'sharedReadOnly',
    slot: Slot | undefined,
    type: MoveType,
  ): void {
    if (access === 'immutable' || access === 'sharedReadOnly' || slot === undefined) return;
    if (this.changes.has(object.objectId)) return;
    if (slot.isEmpty) {
      this.#remove(object.objectId, 'wrapped');
      return;
    }
    const data = this.#data(type, slot.serialize());
    const change = { data, owner: object.owner, before: object, created: false };
    this.changes.set(object.objectId, { kind: 'write', ...change });
  }

  /** Ids that ended up inside other values. */
  leftovers(): void {
    const { createdIds, children, received } = this.#results;
    for (const id of createdIds) if (!this.changes.has(id)) this.#remove(id, 'wrapped');
    for (const { id, after } of children) {
      if (after === undefined && !this.changes.has(id)) this.#remove(id, 'wrapped');
    }
    for (const id of received.keys()) if (!this.changes.has(id)) this.#remove(id, 'wrapped');
  }

  packages(published: readonly MovePackage[]): void {
    for (const pkg of published) {
      this.changes.set(pkg.storageId, {
        kind: 'write',
        data: packageData(pkg),
        owner: { kind: 'immutable' },
        before: undefined,
        created: true,
      });
    }
  }

  checkLimits(): void {
    let total = 0;
    for (const change of this.changes.values()) total += contentsSize(change);
    if (total > MAX_WRITTEN_BYTES) tooBig('WrittenObjectsTooLarge', total, MAX_WRITTEN_BYTES);
  }
}

function contentsSize(change: ObjectChange): number {
  if (change.kind !== 'write' || change.data.kind !== 'move') return 0;
  const size = change.data.contents.length;
  if (size > MAX_OBJECT_BYTES) tooBig('MoveObjectTooBig', size, MAX_OBJECT_BYTES);
  return size;
}

function tooBig(
  kind: 'MoveObjectTooBig' | 'WrittenObjectsTooLarge',
  size: number,
  max: number,
): never {
  throw new ExecutionFailure({ kind, size: BigInt(size), maxSize: BigInt(max) });
}

function addBalance(data: MoveObjectData, amount: bigint): MoveObjectData {
  const balance = new DataView(data.contents.buffer, data.contents.byteOffset).getBigUint64(
    32,
    true,
  );
  return withBalance(data, balance + amount);
}
