/**
 * Events of one type, in ledger order, through the node's event list (sui-ledger.md §2.3). Nodes
 * without that list answer with gRPC status UNIMPLEMENTED.
 */
import { GrpcTypes, type SuiGrpcClient } from '@mysten/sui/grpc';
import { ChainError } from './errors.ts';
import type { CallOptions } from './server-chain.ts';

/** Most events of one page. */
export const MAX_EVENT_PAGE = 50;

export interface EventQuery {
  /** Full type, `0x…::module::Name`. */
  readonly eventType: string;
  /** `next`: the oldest ones after the cursor. `latest`: the newest one, to start from its cursor. */
  readonly page: 'next' | 'latest';
  /** Where an earlier page ended; without it, a page starts at the beginning of the ledger. */
  readonly cursor?: Uint8Array | undefined;
}

export interface EventPage {
  /** BCS of the events. */
  readonly contents: readonly Uint8Array[];
  /** Where to go on; that of the query when nothing was scanned. */
  readonly cursor: Uint8Array | undefined;
}

/** Every method throws ChainError. */
export interface ChainEvents {
  events(query: EventQuery, options?: CallOptions): Promise<EventPage>;
}

/** One attempt at a page. */
export async function readEventPage(
  ledger: Pick<SuiGrpcClient['ledgerService'], 'listEvents'>,
  query: EventQuery,
  abort: AbortSignal,
): Promise<EventPage> {
  const contents: Uint8Array[] = [];
  let { cursor } = query;
  const call = ledger.listEvents(eventRequest(query), { abort });
  for await (const { event, watermark } of call.responses) {
    cursor = watermark?.cursor ?? cursor;
    if (event === undefined) continue;
    const value = event.contents?.value;
    if (value === undefined) throw new ChainError('MALFORMED', 'the node sent no event contents');
    if (contents.push(value) > MAX_EVENT_PAGE) {
      throw new ChainError('MALFORMED', `the node sent more than ${MAX_EVENT_PAGE} events`);
    }
  }
  return { contents, cursor };
}

function eventRequest({ eventType, page, cursor }: EventQuery): GrpcTypes.ListEventsRequest {
  const latest = page === 'latest';
  const { ASCENDING, DESCENDING } = GrpcTypes.Ordering;
  const predicate = { oneofKind: 'eventType', eventType: { eventType } } as const;
  return GrpcTypes.ListEventsRequest.create({
    readMask: { paths: ['contents'] },
    filter: { terms: [{ literals: [{ negated: false, predicate }] }] },
    options: {
      limit: latest ? 1 : MAX_EVENT_PAGE,
      ordering: latest ? DESCENDING : ASCENDING,
      ...(latest || cursor === undefined ? {} : { after: cursor }),
    },
  });
}
