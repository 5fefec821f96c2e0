/**
 * Pages over sorted lists, with cursors that name the last item given.
 */
import { LedgerError } from './errors.ts';
import type { Page } from './types/requests.ts';

/**
 * The page after `cursor`, which is the key of the last item of the page before. The list may have
 * changed in between: the page starts behind where that item is or was.
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Page<T> {
  if (!Number.isSafeInteger(query.limit) || query.limit < 1) {
    throw new LedgerError(
      'LEDGER_INVALID_ARGUMENT',
      `limit: expected a whole number of at least 1, got ${query.limit}`,
    );
  }
  const start = query.cursor === undefined ? 0 : startAfter(items, keyOf, query.cursor);
  const page = items.slice(start, start + query.limit);
  const last = page.at(-1);
  const more = start + page.length < items.length;
  if (!more || last === undefined) return { items: page, nextCursor: undefined };
  return { items: page, nextCursor: encodeCursor(start + page.length, keyOf(last)) };
}

function encodeCursor(position: number, key: string): string {
  return `${position}.${key}`;
}

function startAfter<T>(items: readonly T[], keyOf: (item: T) => string, cursor: string): number {
  const match = /^(\d{1,15})\.(.*)$/s.exec(cursor);
  if (match === null) throw new LedgerError('LEDGER_INVALID_CURSOR', 'cursor: not one of ours');
  const position = Number(match[1]);
  const key = match[2]!;
  // Where the item was, if nothing has changed; else wherever it is now; else its old position.
  const before = items[position - 1];
  if (before !== undefined && keyOf(before) === key) return position;
  const index = items.findIndex((item) => keyOf(item) === key);
  return index < 0 ? Math.min(Math.max(position - 1, 0), items.length) : index + 1;
}
