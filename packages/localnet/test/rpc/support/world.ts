/** A served fake ledger and the official client, with every call counted. */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { LedgerApi } from '../../../src/ledger/api.ts';
import { type Served, type ServeOptions, serveLedger } from '../../../src/rpc/stack.ts';
import { FakeLedger } from './fake-ledger.ts';
import {
  ALICE,
  addressOwner,
  coin,
  id,
  moveObject,
  PACKAGE,
  packageObject,
  packageRecord,
} from './values.ts';

export interface World<L extends LedgerApi = FakeLedger> {
  ledger: L;
  served: Served;
  client: SuiGrpcClient;
  /** Method names of the calls so far. */
  calls: string[];
  /** Unexpected failures that the server logged. */
  failures: unknown[];
  close(): Promise<void>;
}

/** Serves a ledger on free ports. */
export async function serve<L extends LedgerApi>(
  ledger: L,
  options: ServeOptions = {},
): Promise<World<L>> {
  const failures: unknown[] = [];
  const served = await serveLedger(ledger, options, { log: ({ error }) => failures.push(error) });
  const calls: string[] = [];
  const countingFetch: typeof fetch = (input, init) => {
    calls.push(String(input).split('/').at(-1)!);
    return fetch(input, init);
  };
  const client = new SuiGrpcClient({
    network: 'localnet',
    baseUrl: served.url,
    fetch: countingFetch,
    mvr: { url: served.url },
  } as ConstructorParameters<typeof SuiGrpcClient>[0]);
  return { ledger, served, client, calls, failures, close: () => served.close() };
}

export const SHARED_ID = id(0x5a);
export const FROZEN_ID = id(0xf0);
export const OWNED_ID = id(0x0b);
export const CHILD_ID = id(0xc4);
export const CONSENSUS_ID = id(0xca);

/** A fake ledger with one object of each owner kind, a package and some coins. */
export function populated(): FakeLedger {
  const ledger = new FakeLedger();
  const type = `${PACKAGE}::m::Thing`;
  ledger.put(
    packageObject(PACKAGE),
    coin(id(0xc01), ALICE, 5_000_000_000n),
    coin(id(0xc02), ALICE, 1_000_000_000n),
    moveObject({ objectId: OWNED_ID, owner: addressOwner(ALICE), type }),
    moveObject({ objectId: SHARED_ID, owner: { kind: 'shared', initialSharedVersion: 2n }, type }),
    moveObject({ objectId: FROZEN_ID, owner: { kind: 'immutable' }, type }),
    moveObject({ objectId: CHILD_ID, owner: { kind: 'object', address: SHARED_ID }, type }),
    moveObject({
      objectId: CONSENSUS_ID,
      owner: { kind: 'consensusAddress', startVersion: 2n, address: ALICE },
      type,
    }),
  );
  ledger.packages.set(PACKAGE, packageRecord(PACKAGE));
  return ledger;
}
