/**
 * Indexes over live objects: by owner address, by parent, by coin type, by package lineage.
 *
 * Derived from the store at start and kept up to date by every commit. Orders are fixed: coins
 * first by (type, balance descending, id), then other objects by (type, id); children by id.
 */
import { isStruct, SUI_ADDRESS, typeText } from '../type-text.ts';
import type { LedgerObject, Owner } from '../types/object.ts';

interface Group {
  readonly objects: Map<string, LedgerObject>;
  /** In listing order; dropped by every change and rebuilt by the next listing. */
  sorted: readonly LedgerObject[] | undefined;
}

/** Kinds of objects that describe a coin type. */
type CoinRole = 'metadata' | 'treasury' | 'currency';

export class LiveIndexes {
  readonly #owned = new Map<string, Group>();
  readonly #children = new Map<string, Group>();
  /** `role coinType` to object ids. */
  readonly #coinRoles = new Map<string, Set<string>>();
  /** Original package id to storage ids, oldest first. */
  readonly #lineages = new Map<string, { storageId: string; version: bigint }[]>();

  constructor(live: Iterable<LedgerObject>) {
    const packages: LedgerObject[] = [];
    for (const object of live) {
      if (object.data.kind === 'package') packages.push(object);
      else this.add(object);
    }
    packages.sort((a, b) => (a.version < b.version ? -1 : 1));
    for (const pkg of packages) this.add(pkg);
  }

  /** Replaces `before` (the live version until now) by `after`. */
  replace(before: LedgerObject | undefined, after: LedgerObject | undefined): void {
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.add(after);
  }

  add(object: LedgerObject): void {
    if (object.data.kind === 'package') {
      this.#addPackage(object);
      return;
    }
    const group = this.#groupOf(object.owner, true);
    if (group !== undefined) {
      group.objects.set(object.objectId, object);
      group.sorted = undefined;
    }
    const role = coinRole(object);
    if (role !== undefined) {
      const ids = this.#coinRoles.get(role) ?? new Set();
      ids.add(object.objectId);
      this.#coinRoles.set(role, ids);
    }
  }

  #remove(object: LedgerObject): void {
    const group = this.#groupOf(object.owner, false);
    if (group !== undefined) {
      group.objects.delete(object.objectId);
      group.sorted = undefined;
    }
    const role = coinRole(object);
    if (role !== undefined) this.#coinRoles.get(role)?.delete(object.objectId);
  }

  #addPackage(object: LedgerObject): void {
    if (object.data.kind !== 'package') return;
    const { originalId, storageId, version } = object.data.package;
    const lineage = this.#lineages.get(originalId) ?? [];
    lineage.push({ storageId, version });
    this.#lineages.set(originalId, lineage);
  }

  #groupOf(owner: Owner, create: boolean): Group | undefined {
    const isChild = owner.kind === 'object';
    if (!isChild && owner.kind !== 'address' && owner.kind !== 'consensusAddress') return undefined;
    const groups = isChild ? this.#children : this.#owned;
    let group = groups.get(owner.address);
    if (group === undefined && create) {
      group = { objects: new Map(), sorted: undefined };
      groups.set(owner.address, group);
    }
    return group;
  }

  /** Address-owned objects in listing order. */
  owned(address: string): readonly LedgerObject[] {
    return sortedGroup(this.#owned.get(address), compareOwned);
  }

  /** Objects owned by an object, by id. */
  children(parent: string): readonly LedgerObject[] {
    return sortedGroup(this.#children.get(parent), compareIds);
  }

  /** Id of the first object in this role for a coin type. */
  coinObject(role: CoinRole, coinType: string): string | undefined {
    return this.#coinRoles.get(`${role} ${coinType}`)?.values().next().value;
  }

  lineage(originalId: string): readonly { storageId: string; version: bigint }[] {
    return this.#lineages.get(originalId) ?? [];
  }
}

function sortedGroup(
  group: Group | undefined,
  compare: (a: LedgerObject, b: LedgerObject) => number,
): readonly LedgerObject[] {
  if (group === undefined) return [];
  group.sorted ??= [...group.objects.values()].sort(compare);
  return group.sorted;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareIds(a: LedgerObject, b: LedgerObject): number {
  return compareText(a.objectId, b.objectId);
}

/** Coins first by type, then richest first: gas selection wants the largest coins. */
function compareOwned(a: LedgerObject, b: LedgerObject): number {
  const balanceA = a.coinBalance;
  const balanceB = b.coinBalance;
  if (balanceA === undefined || balanceB === undefined) {
    if (balanceA !== undefined) return -1;
    if (balanceB !== undefined) return 1;
    return compareText(a.objectType, b.objectType) || compareIds(a, b);
  }
  const byType = compareText(a.objectType, b.objectType);
  if (byType !== 0) return byType;
  if (balanceA !== balanceB) return balanceA > balanceB ? -1 : 1;
  return compareIds(a, b);
}

function coinRole(object: LedgerObject): string | undefined {
  if (object.data.kind !== 'move') return undefined;
  const type = object.data.type;
  const coin = type.typeArgs[0];
  if (coin === undefined || type.address !== SUI_ADDRESS) return undefined;
  if (isStruct(type, SUI_ADDRESS, 'coin', 'CoinMetadata')) return `metadata ${typeText(coin)}`;
  if (isStruct(type, SUI_ADDRESS, 'coin', 'TreasuryCap')) return `treasury ${typeText(coin)}`;
  if (isStruct(type, SUI_ADDRESS, 'coin_registry', 'Currency')) return `currency ${typeText(coin)}`;
  return undefined;
}
