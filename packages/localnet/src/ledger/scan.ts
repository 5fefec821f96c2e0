/**
 * Listings over the total order of transactions, events and checkpoints (sui-ledger.md §2.3).
 *
 * Cursors are positions (`sequence` or `sequence.index`), exclusive on both sides.
 */
import { greatest, least } from './bigints.ts';
import { LedgerError } from './errors.ts';
import type { LedgerState } from './state.ts';
import { typeText } from './type-text.ts';
import type { Checkpoint, ExecutedTransaction } from './types/records.ts';
import type {
  EventItem,
  EventPredicate,
  Filter,
  Scan,
  ScanEnd,
  ScanOptions,
  TransactionPredicate,
} from './types/requests.ts';
import { isVmError, normalizeAddress, parseTypeTag } from './vm.ts';

type Position = readonly [bigint, number];

export function scanTransactions(
  state: LedgerState,
  options: ScanOptions<TransactionPredicate>,
): Scan<ExecutedTransaction> {
  const matches = matcher(options.filter, matchesTransaction);
  return scan(state, options, (transaction) =>
    matches(transaction) ? [{ index: 0, item: transaction }] : [],
  );
}

export function scanEvents(
  state: LedgerState,
  options: ScanOptions<EventPredicate>,
): Scan<EventItem> {
  const matches = matcher(options.filter, eventMatcher());
  return scan(state, options, (transaction) =>
    transaction.events
      .map((event, index) => ({ index, item: { event, transaction, index } }))
      .filter(({ item }) => matches(item)),
  );
}

export function scanCheckpoints(state: LedgerState, options: ScanOptions<never>): Scan<Checkpoint> {
  const { store } = state;
  const count = store.checkpointCount();
  const after = parseCursor(options.after)?.[0];
  const before = parseCursor(options.before)?.[0];
  let low = greatest(options.startCheckpoint ?? 0n, after === undefined ? 0n : after + 1n);
  let high = least(options.endCheckpoint ?? count - 1n, before === undefined ? count : before - 1n);
  high = least(high, count - 1n);
  const items: { cursor: string; item: Checkpoint }[] = [];
  while (low <= high && items.length < options.limit) {
    const sequence = options.descending === true ? high-- : low++;
    items.push({ cursor: `${sequence}`, item: store.checkpoint(sequence)! });
  }
  return { items, end: low <= high ? 'itemLimit' : endReason(options) };
}

/** Why a scan that ran to its end ended. */
function endReason(options: ScanOptions<unknown>): ScanEnd {
  const bound = options.descending === true ? options.after : options.before;
  const checkpoint = options.descending === true ? options.startCheckpoint : options.endCheckpoint;
  if (bound !== undefined) return 'cursorBound';
  return checkpoint !== undefined ? 'checkpointBound' : 'ledgerTip';
}

function scan<T>(
  state: LedgerState,
  options: ScanOptions<unknown>,
  select: (transaction: ExecutedTransaction) => readonly { index: number; item: T }[],
): Scan<T> {
  const descending = options.descending === true;
  const after = parseCursor(options.after);
  const before = parseCursor(options.before);
  const [first, last] = bounds(state, options, after, before);
  const items: { cursor: string; item: T }[] = [];
  for (let step = 0n; step <= last - first; step++) {
    const sequence = descending ? last - step : first + step;
    const selected = [...select(state.store.transactionAt(sequence)!)];
    if (descending) selected.reverse();
    for (const { index, item } of selected) {
      const position: Position = [sequence, index];
      if (after !== undefined && compare(position, after) <= 0) continue;
      if (before !== undefined && compare(position, before) >= 0) continue;
      if (items.length >= options.limit) return { items, end: 'itemLimit' };
      items.push({ cursor: `${sequence}.${index}`, item });
    }
  }
  return { items, end: endReason(options) };
}

/** First and last transaction that can matter; only those that are in checkpoints. */
function bounds(
  { store }: LedgerState,
  options: ScanOptions<unknown>,
  after: Position | undefined,
  before: Position | undefined,
): [bigint, bigint] {
  const count = store.checkpointCount();
  const total = (sequence: bigint): bigint => {
    if (sequence < 0n) return 0n;
    const at = sequence >= count ? count - 1n : sequence;
    return store.checkpoint(at)?.networkTotalTransactions ?? 0n;
  };
  let first = total((options.startCheckpoint ?? 0n) - 1n);
  let last = total(options.endCheckpoint ?? count - 1n) - 1n;
  if (options.startCheckpoint !== undefined && options.startCheckpoint >= count) first = last + 1n;
  if (after !== undefined) first = greatest(first, after[0]);
  if (before !== undefined) last = least(last, before[0]);
  return [first, last];
}

function parseCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const match = /^(\d{1,18})(?:\.(\d{1,9}))?$/.exec(cursor);
  if (match === null) throw new LedgerError('LEDGER_INVALID_CURSOR', 'cursor: not one of ours');
  return [BigInt(match[1]!), Number(match[2] ?? 0)];
}

function compare(a: Position, b: Position): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] - b[1];
}

function matcher<T, P>(
  filter: Filter<P> | undefined,
  matches: (item: T, predicate: P) => boolean,
): (item: T) => boolean {
  if (filter === undefined || filter.length === 0) return () => true;
  return (item) =>
    filter.some((term) =>
      term.every(({ negated, predicate }) => matches(item, predicate) !== negated),
    );
}

function matchesTransaction(
  { transaction, effects, balanceChanges }: ExecutedTransaction,
  predicate: TransactionPredicate,
): boolean {
  switch (predicate.kind) {
    case 'sender':
      return transaction.sender === predicate.address;
    case 'moveCall':
      if (transaction.kind.kind !== 'programmable') return false;
      return transaction.kind.commands.some(
        (command) =>
          command.kind === 'moveCall' &&
          command.package === predicate.package &&
          (predicate.module === undefined || command.module === predicate.module) &&
          (predicate.function === undefined || command.function === predicate.function),
      );
    case 'affectedAddress':
      return (
        transaction.sender === predicate.address ||
        transaction.gasData.owner === predicate.address ||
        balanceChanges.some(({ address }) => address === predicate.address) ||
        effects.changedObjects.some(
          ({ output }) =>
            output.kind === 'objectWrite' &&
            output.owner.kind === 'address' &&
            output.owner.address === predicate.address,
        )
      );
    case 'affectedObject':
      return effects.changedObjects.some(({ objectId }) => objectId === predicate.objectId);
  }
}

/** Matches events; event types given as text are normalized once for each scan. */
function eventMatcher(): (item: EventItem, predicate: EventPredicate) => boolean {
  const normalized = new Map<string, string>();
  return ({ event }, predicate) => {
    switch (predicate.kind) {
      case 'sender':
        return event.sender === predicate.address;
      case 'emitModule':
        return (
          event.packageId === predicate.package &&
          (predicate.module === undefined || event.module === predicate.module)
        );
      case 'eventType': {
        let wanted = normalized.get(predicate.type);
        if (wanted === undefined) {
          wanted = normalizeTypePrefix(predicate.type);
          normalized.set(predicate.type, wanted);
        }
        const text = event.typeText;
        return text === wanted || text.startsWith(`${wanted}::`) || text.startsWith(`${wanted}<`);
      }
    }
  };
}

/** `pkg`, `pkg::module` or a type, with a full address. */
export function normalizeTypePrefix(text: string): string {
  try {
    const parts = text.split('::');
    if (parts.length > 2) return typeText(parseTypeTag(text));
    return [normalizeAddress(parts[0]!), ...parts.slice(1)].join('::');
  } catch (error) {
    if (!isVmError(error)) throw error;
    throw new LedgerError('LEDGER_INVALID_ARGUMENT', `type: cannot read '${text}'`, {
      cause: error,
    });
  }
}
