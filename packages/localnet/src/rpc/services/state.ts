/** StateService: owned objects, dynamic fields, balances, coins (spec sui-ledger §2.3). */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { Balance, DynamicFieldEntry, LedgerReader, Page } from '../../ledger/api.ts';
import { typeText } from '../../ledger/type-text.ts';
import { addressField, pageSize, typeField } from '../arguments.ts';
import type { UnaryHandler } from '../dispatcher.ts';
import type { Mask } from '../masks/mask.ts';
import { masks, project } from '../masks/project.ts';
import type { TypeTag } from '../move-types.ts';
import { PageTokens } from '../page-token.ts';
import { compact } from '../render/compact.ts';
import { renderObject } from '../render/object.ts';
import { invalidField, RpcError } from '../transport/status.ts';

/** Encoded bytes after which a page of objects ends, even if more items would fit. */
export const MAX_PAGE_BYTES = 512 * 1024;
/** Objects that are rendered between two looks at the size. */
const RENDER_CHUNK = 50;

/** Handlers of StateService over a ledger. */
export function stateService(ledger: LedgerReader) {
  return {
    listOwnedObjects: listOwnedObjects(ledger),
    listDynamicFields: listDynamicFields(ledger),
    getBalance: getBalance(ledger),
    listBalances: listBalances(ledger),
    getCoinInfo: getCoinInfo(ledger),
  };
}

type Fetch<T> = (limit: number, cursor: string | undefined) => Page<T>;

/**
 * A page that ends at `limit` items or at {@link MAX_PAGE_BYTES}, whichever comes first; at least
 * one item is on it, so that a listing always moves on.
 */
function boundedPage<T, M>(
  fetch: Fetch<T>,
  start: string | undefined,
  limit: number,
  render: (item: T) => { message: M; size: number },
): { messages: M[]; nextCursor: string | undefined } {
  const messages: M[] = [];
  let bytes = 0;
  let cursor = start;
  while (messages.length < limit) {
    const chunk = Math.min(RENDER_CHUNK, limit - messages.length);
    const page = fetch(chunk, cursor);
    let taken = 0;
    for (const item of page.items) {
      const { message, size } = render(item);
      if (messages.length > 0 && bytes + size > MAX_PAGE_BYTES) break;
      messages.push(message);
      bytes += size;
      taken += 1;
    }
    if (taken < page.items.length) {
      // The page ends inside the chunk: ask again for the cursor at that place.
      return { messages, nextCursor: taken === 0 ? cursor : fetch(taken, cursor).nextCursor };
    }
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return { messages, nextCursor: cursor };
}

function listOwnedObjects(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.ListOwnedObjectsRequest, GrpcTypes.ListOwnedObjectsResponse> {
  return (request) => {
    const owner = addressField('owner', request.owner);
    const type = request.objectType === undefined ? undefined : objectType(request.objectType);
    const mask = masks.ownedObject(request.readMask);
    const tokens = new PageTokens('owned', owner, type ?? '');
    const { messages, nextCursor } = boundedPage(
      (limit, cursor) => ledger.ownedObjects({ owner, type, limit, cursor }),
      tokens.decode(request.pageToken),
      pageSize(request.pageSize),
      (object) => {
        const message = renderObject(object, mask, ledger);
        return { message, size: encodedSize(GrpcTypes.Object, message) };
      },
    );
    return { objects: messages, ...tokens.encode(nextCursor) };
  };
}

function encodedSize<T extends object>(
  type: { create(value: PartialMessage<T>): T; toBinary(message: T): Uint8Array },
  message: PartialMessage<T>,
): number {
  return type.toBinary(type.create(message)).length;
}

function objectType(text: string): string {
  const tag = typeField('object_type', text);
  if (tag.kind !== 'struct') {
    throw invalidField('object_type', `invalid object_type: ${typeText(tag)} is no struct`);
  }
  return typeText(tag);
}

function listDynamicFields(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.ListDynamicFieldsRequest, GrpcTypes.ListDynamicFieldsResponse> {
  return (request) => {
    const parent = addressField('parent', request.parent);
    const mask = masks.dynamicField(request.readMask);
    const tokens = new PageTokens('fields', parent);
    const { messages, nextCursor } = boundedPage(
      (limit, cursor) => ledger.dynamicFields({ parent, limit, cursor }),
      tokens.decode(request.pageToken),
      pageSize(request.pageSize),
      (entry) => {
        const message = renderDynamicField(entry, mask, ledger);
        return { message, size: encodedSize(GrpcTypes.DynamicField, message) };
      },
    );
    return { dynamicFields: messages, ...tokens.encode(nextCursor) };
  };
}

const FieldKind = GrpcTypes.DynamicField_DynamicFieldKind;

function renderDynamicField(
  entry: DynamicFieldEntry,
  mask: Mask,
  ledger: LedgerReader,
): PartialMessage<GrpcTypes.DynamicField> {
  return project(GrpcTypes.DynamicField, mask, {
    kind: () => (entry.kind === 'object' ? FieldKind.OBJECT : FieldKind.FIELD),
    parent: () => entry.parent,
    fieldId: () => entry.fieldId,
    fieldObject: (sub) => renderObject(entry.fieldObject, sub, ledger),
    name: () => ({ name: entry.nameType, value: entry.nameValue }),
    value: () => ({
      name: entry.kind === 'object' ? OBJECT_ID_TYPE : entry.valueType,
      value: entry.value,
    }),
    valueType: () => entry.valueType,
    childId: () => entry.childId,
    childObject: (sub) => {
      const child = entry.childId === undefined ? undefined : ledger.object(entry.childId);
      return child && renderObject(child, sub, ledger);
    },
  });
}

/** Type of what a dynamic object field holds inside its field object. */
const OBJECT_ID_TYPE = `0x${'2'.padStart(64, '0')}::object::ID`;

/** Total and coin balance are the same: this ledger keeps no address balances (§6.7). */
function renderBalance(balance: Balance): PartialMessage<GrpcTypes.Balance> {
  return {
    coinType: balance.coinType,
    balance: balance.balance,
    addressBalance: 0n,
    coinBalance: balance.balance,
  };
}

function getBalance(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.GetBalanceRequest, GrpcTypes.GetBalanceResponse> {
  return (request) => {
    const owner = addressField('owner', request.owner);
    const coinType = typeText(coinTypeField(request.coinType));
    return { balance: renderBalance(ledger.balance(owner, coinType)) };
  };
}

function coinTypeField(value: string | undefined): TypeTag {
  const tag = typeField('coin_type', value);
  if (tag.kind === 'struct') return tag;
  throw invalidField('coin_type', `invalid coin_type: ${typeText(tag)} is no struct`);
}

function listBalances(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.ListBalancesRequest, GrpcTypes.ListBalancesResponse> {
  return (request) => {
    const owner = addressField('owner', request.owner);
    const tokens = new PageTokens('balances', owner);
    const page = ledger.balances({
      owner,
      limit: pageSize(request.pageSize),
      cursor: tokens.decode(request.pageToken),
    });
    return { balances: page.items.map(renderBalance), ...tokens.encode(page.nextCursor) };
  };
}

function getCoinInfo(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.GetCoinInfoRequest, GrpcTypes.GetCoinInfoResponse> {
  return (request) => {
    const coinType = typeText(coinTypeField(request.coinType));
    const info = ledger.coinInfo(coinType);
    if (info === undefined) throw new RpcError('NOT_FOUND', `Coin type ${coinType} not found`);
    const { metadata, treasury } = info;
    return compact({
      coinType: info.coinType,
      metadata:
        metadata &&
        compact({
          id: metadata.objectId,
          decimals: metadata.decimals,
          name: metadata.name,
          symbol: metadata.symbol,
          description: metadata.description,
          iconUrl: metadata.iconUrl,
        }),
      treasury: treasury && { id: treasury.objectId, totalSupply: treasury.totalSupply },
    });
  };
}
