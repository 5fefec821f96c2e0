/**
 * The development registry: what MVR and the name service answer with (spec sui-ledger §12, §2.3).
 *
 * Filled by the admin port or by whoever starts the ledger in process; nothing of it is on chain.
 */

import type { Address } from '../ledger/api.ts';
import { canonicalAddress, quote } from './arguments.ts';
import { invalidField } from './transport/status.ts';

/** Most names of each kind. */
export const MAX_REGISTERED_NAMES = 10_000;
/** Longest name, in characters. */
export const MAX_NAME_LENGTH = 256;

/** MVR packages and account names by name. */
export class DevRegistry {
  readonly #packages = new Map<string, Address>();
  readonly #names = new Map<string, Address>();

  /** Names an MVR package (`@org/app`), or changes what it names. */
  setPackage(name: string, packageId: string): void {
    put(this.#packages, name, packageId, /^[@\w.-]+\/[\w./-]+$/, 'an MVR name like @org/app');
  }

  /** Removes an MVR name; tells whether it was there. */
  removePackage(name: string): boolean {
    return this.#packages.delete(name);
  }

  package(name: string): Address | undefined {
    return this.#packages.get(name);
  }

  /** Names an account (`alice.sui`), or changes whom it names. */
  setName(name: string, address: string): void {
    put(this.#names, name, address, /^[\w.@-]+$/, 'a name like alice.sui');
  }

  /** Removes an account name; tells whether it was there. */
  removeName(name: string): boolean {
    return this.#names.delete(name);
  }

  address(name: string): Address | undefined {
    return this.#names.get(name);
  }

  /** The name of an address that was registered first. */
  nameOf(address: Address): string | undefined {
    for (const [name, target] of this.#names) if (target === address) return name;
    return undefined;
  }

  /** Everything, for the admin port. */
  snapshot(): { packages: Record<string, Address>; names: Record<string, Address> } {
    return {
      packages: Object.fromEntries(this.#packages),
      names: Object.fromEntries(this.#names),
    };
  }
}

function put(
  table: Map<string, Address>,
  name: string,
  target: string,
  form: RegExp,
  expected: string,
): void {
  if (name.length > MAX_NAME_LENGTH || !form.test(name)) {
    throw invalidField('name', `invalid name: expected ${expected}, got '${quote(name)}'`);
  }
  const address = canonicalAddress(target);
  if (address === undefined) {
    throw invalidField('target', `invalid target of ${quote(name)}: '${quote(target)}'`);
  }
  if (!table.has(name) && table.size >= MAX_REGISTERED_NAMES) {
    throw invalidField('name', `the registry holds ${MAX_REGISTERED_NAMES} names, its limit`);
  }
  table.set(name, address);
}
