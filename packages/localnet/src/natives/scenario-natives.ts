/** Natives of `sui::test_scenario`. Source: move-vm.md §6.6. */
import {
  addressOf,
  idOf,
  type ModuleNatives,
  type NativeContext,
  type NativeFunction,
  optionValue,
  u64FromBigInt,
  type Value,
} from '@seal-ts/move-vm';
import { OBJECT_RUNTIME } from './object-runtime.ts';
import type { NewOwner } from './ports.ts';
import { addressOwner, SCENARIO, type ScenarioEffects } from './scenario.ts';

const E_INVALID_SHARED_OR_IMMUTABLE_USAGE = 1;
const E_OBJECT_NOT_FOUND = 4;
const E_RECEIVING_TICKET_ALREADY_ALLOCATED = 6;
const E_UNABLE_TO_DEALLOCATE_RECEIVING_TICKET = 7;

const SHARED: NewOwner = { kind: 'shared' };
const IMMUTABLE: NewOwner = { kind: 'immutable' };

function idValue(id: string): Value {
  return [id];
}

function ids(list: readonly string[]): Value {
  return list.map(idValue);
}

/** `VecMap { contents: vector<Entry { key, value }> }`. */
function vecMap(entries: readonly (readonly [Value, Value])[]): Value {
  return [entries.map(([key, value]): Value => [key, value])];
}

/** Fields in the order of the Move struct `TransactionEffects`. */
function effectsValue(effects: ScenarioEffects): Value {
  const { transferred } = effects;
  const toAccount = transferred.flatMap(({ id, owner }): [Value, Value][] =>
    'address' in owner ? [[idValue(id), owner.address]] : [],
  );
  const withOwner = (kind: NewOwner['kind']): string[] =>
    transferred.filter(({ owner }) => owner.kind === kind).map(({ id }) => id);
  return [
    ids(effects.created),
    ids(effects.written),
    ids(effects.deleted),
    vecMap(toAccount),
    vecMap([]),
    ids(withOwner('shared')),
    ids(withOwner('immutable')),
    effects.eventCount,
  ];
}

function takes(owner: (args: readonly Value[]) => { from: NewOwner; id: string }): NativeFunction {
  return (context, [type], args) => {
    const { from, id } = owner(args);
    const objects = context.extension(OBJECT_RUNTIME);
    const value = context.extension(SCENARIO).take(from, type!, id, context, objects);
    return value ?? context.abort(E_OBJECT_NOT_FOUND);
  };
}

function mostRecent(owner: (args: readonly Value[]) => NewOwner): NativeFunction {
  return (context, [type], args) => {
    const id = context.extension(SCENARIO).mostRecent(owner(args), type!);
    return optionValue(id === undefined ? undefined : idValue(id));
  };
}

function wasTaken(
  owner: (args: readonly Value[]) => { from: NewOwner; id: string },
): NativeFunction {
  return (context, _types, args) => {
    const { from, id } = owner(args);
    return context.extension(SCENARIO).wasTaken(from, id);
  };
}

function endTransaction(context: NativeContext): Value {
  const objects = context.extension(OBJECT_RUNTIME);
  const outcome = context.extension(SCENARIO).endTransaction(objects, context);
  if (outcome === 'invalidUsage') return context.abort(E_INVALID_SHARED_OR_IMMUTABLE_USAGE);
  return effectsValue(outcome);
}

export const scenarioNatives: ModuleNatives = {
  // The first argument of the takes is the scenario.
  take_from_address_by_id: takes(([, account, id]) => ({
    from: addressOwner(addressOf(account)),
    id: idOf(id),
  })),
  most_recent_id_for_address: mostRecent(([account]) => addressOwner(addressOf(account))),
  ids_for_address: (context, [type], [account]) =>
    ids(context.extension(SCENARIO).ids(addressOwner(addressOf(account)), type!)),
  was_taken_from_address: wasTaken(([account, id]) => ({
    from: addressOwner(addressOf(account)),
    id: idOf(id),
  })),

  take_immutable_by_id: takes(([, id]) => ({ from: IMMUTABLE, id: idOf(id) })),
  most_recent_immutable_id: mostRecent(() => IMMUTABLE),
  was_taken_immutable: wasTaken(([id]) => ({ from: IMMUTABLE, id: idOf(id) })),

  take_shared_by_id: takes(([, id]) => ({ from: SHARED, id: idOf(id) })),
  most_recent_id_shared: mostRecent(() => SHARED),
  was_taken_shared: wasTaken(([id]) => ({ from: SHARED, id: idOf(id) })),

  allocate_receiving_ticket_for_object(context, [type], [id]) {
    const scenario = context.extension(SCENARIO);
    const object = idOf(id);
    if (scenario.hasTicket(object)) context.abort(E_RECEIVING_TICKET_ALREADY_ALLOCATED);
    const version = scenario.allocateTicket(object, type!, context);
    return version === undefined ? context.abort(E_OBJECT_NOT_FOUND) : u64FromBigInt(version);
  },
  deallocate_receiving_ticket_for_object(context, _types, [id]) {
    if (!context.extension(SCENARIO).deallocateTicket(idOf(id))) {
      context.abort(E_UNABLE_TO_DEALLOCATE_RECEIVING_TICKET);
    }
    return undefined;
  },

  end_transaction: endTransaction,
};
