/** Protobuf filters to the ledger's predicates: an OR over terms of ANDs (spec sui-ledger §2.3). */
import type { GrpcTypes } from '@mysten/sui/grpc';
import type { EventPredicate, Filter, TransactionPredicate } from '../../ledger/api.ts';
import { addressField, quote } from '../arguments.ts';
import { invalidField, missingField, RpcError } from '../transport/status.ts';

/** Most literals in one filter. */
export const MAX_FILTER_LITERALS = 64;

type Predicate<L extends { predicate: unknown }> = L['predicate'];

/** @throws RpcError INVALID_ARGUMENT for bad values, UNIMPLEMENTED for predicates we lack */
export function transactionFilter(
  filter: GrpcTypes.TransactionFilter | undefined,
): Filter<TransactionPredicate> | undefined {
  if (filter === undefined) return undefined;
  return parseTerms(filter.terms, transactionPredicate);
}

/** @throws RpcError INVALID_ARGUMENT for bad values, UNIMPLEMENTED for predicates we lack */
export function eventFilter(
  filter: GrpcTypes.EventFilter | undefined,
): Filter<EventPredicate> | undefined {
  if (filter === undefined) return undefined;
  return parseTerms(filter.terms, eventPredicate);
}

function parseTerms<L extends { negated: boolean; predicate: unknown }, P>(
  terms: readonly { literals: readonly L[] }[],
  parse: (predicate: Predicate<L>, field: string) => P,
): Filter<P> {
  const count = terms.reduce((sum, term) => sum + term.literals.length, 0);
  if (count > MAX_FILTER_LITERALS) {
    throw invalidField('filter', `the filter has ${count} literals, limit ${MAX_FILTER_LITERALS}`);
  }
  return terms.map((term, t) =>
    term.literals.map((literal, l) => ({
      negated: literal.negated,
      predicate: parse(literal.predicate, `filter.terms[${t}].literals[${l}]`),
    })),
  );
}

function transactionPredicate(
  predicate: GrpcTypes.TransactionLiteral['predicate'],
  field: string,
): TransactionPredicate {
  switch (predicate.oneofKind) {
    case 'sender':
      return {
        kind: 'sender',
        address: addressField(`${field}.sender.address`, predicate.sender.address),
      };
    case 'affectedAddress':
      return {
        kind: 'affectedAddress',
        address: addressField(
          `${field}.affected_address.address`,
          predicate.affectedAddress.address,
        ),
      };
    case 'affectedObject':
      return {
        kind: 'affectedObject',
        objectId: addressField(
          `${field}.affected_object.object_id`,
          predicate.affectedObject.objectId,
        ),
      };
    case 'moveCall':
      return moveCall(`${field}.move_call.function`, predicate.moveCall.function);
    default:
      throw unsupported(field, predicate.oneofKind);
  }
}

function moveCall(field: string, path: string | undefined): TransactionPredicate {
  const [id, module, name] = pathOf(field, path, 3);
  const base = { kind: 'moveCall', package: addressField(field, id) } as const;
  return { ...base, module, function: name };
}

function eventPredicate(
  predicate: GrpcTypes.EventLiteral['predicate'],
  field: string,
): EventPredicate {
  switch (predicate.oneofKind) {
    case 'sender':
      return {
        kind: 'sender',
        address: addressField(`${field}.sender.address`, predicate.sender.address),
      };
    case 'emitModule': {
      const name = `${field}.emit_module.module`;
      const [id, module] = pathOf(name, predicate.emitModule.module, 2);
      return { kind: 'emitModule', package: addressField(name, id), module };
    }
    case 'eventType':
      return { kind: 'eventType', type: eventType(`${field}.event_type`, predicate.eventType) };
    default:
      throw unsupported(field, predicate.oneofKind);
  }
}

function eventType(field: string, { eventType: type }: GrpcTypes.EventTypeFilter): string {
  if (type === undefined || type === '') throw missingField(field);
  const [id, ...rest] = type.split('::');
  return [addressField(field, id), ...rest].join('::');
}

/** `pkg[::module[::function]]` in at most `most` parts, none of them empty. */
function pathOf(field: string, path: string | undefined, most: number): (string | undefined)[] {
  if (path === undefined || path === '') throw missingField(field);
  const parts = path.split('::');
  if (parts.length > most || parts.includes('')) {
    throw invalidField(field, `invalid ${field}: '${quote(path)}'`);
  }
  return parts;
}

function unsupported(field: string, kind: string | undefined): RpcError {
  if (kind === undefined) return missingField(`${field}.predicate`);
  return new RpcError('UNIMPLEMENTED', `filtering by ${kind} is not supported on localnet`);
}
