/** sui-ledger §2.3, ListTransactions, ListEvents and ListCheckpoints with the official client. */
import { GrpcTypes } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOf } from './support/fake-ledger.ts';
import { BOB, coin, id, PACKAGE } from './support/values.ts';
import { populated, serve, type World } from './support/world.ts';

const keypair = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
const SENDER = keypair.toSuiAddress();

let world: World;
beforeAll(async () => {
  const ledger = populated();
  ledger.put(coin(id(0xe1), SENDER, 10n ** 9n));
  world = await serve(ledger);
});
afterAll(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});

describe('lists', () => {
  beforeAll(async () => {
    world.ledger.events = [eventOf(PACKAGE, SENDER), eventOf(PACKAGE, SENDER)];
    for (let i = 0; i < 5; i++) {
      const tx = new Transaction();
      tx.setSender(SENDER);
      tx.setGasBudget(9_000_000 + i);
      tx.transferObjects([tx.gas], BOB);
      await world.client.signAndExecuteTransaction({ transaction: tx, signer: keypair });
    }
    world.ledger.createCheckpoint();
  });

  it.each([1, 2, 3, 50])('pages transactions by %i without loss', async (limit) => {
    const all = world.ledger.executed
      .filter((r) => r.checkpoint !== undefined)
      .map((r) => r.digest);
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Awaited<ReturnType<typeof world.client.listTransactions>> =
        await world.client.listTransactions({ limit, after, filter: { sender: SENDER } });
      seen.push(...page.transactions.map((t) => (t.Transaction ?? t.FailedTransaction)!.digest));
      if (!page.hasNextPage) break;
      after = page.endCursor;
    }
    expect(seen).toEqual(all);
  });

  it('has no phantom page when the limit fits exactly', async () => {
    const count = world.ledger.executed.filter((r) => r.checkpoint !== undefined).length;
    const page = await world.client.listTransactions({ limit: count });
    expect(page.transactions).toHaveLength(count);
    expect(page.hasNextPage).toBe(false);
  });

  it('lists events with their place', async () => {
    const { events, hasNextPage } = await world.client.listEvents({ limit: 3 });
    expect(hasNextPage).toBe(true);
    expect(events.map((event) => event.eventIndex)).toEqual([0, 1, 0]);
    expect(events[0]).toMatchObject({
      packageId: PACKAGE,
      module: 'm',
      sender: SENDER,
      eventType: `${PACKAGE}::m::Happened`,
    });
  });

  it('lists checkpoints', async () => {
    const { ledgerService } = world.client;
    const frames: GrpcTypes.ListCheckpointsResponse[] = [];
    for await (const frame of ledgerService.listCheckpoints({}).responses) frames.push(frame);
    expect(frames.at(-1)?.end?.reason).toBe(GrpcTypes.QueryEndReason.LEDGER_TIP);
    expect(frames[0]?.checkpoint?.sequenceNumber).toBe(0n);
  });

  it.each([
    [{ oneofKind: 'sender', sender: { address: 'x' } }, 'INVALID_ARGUMENT'],
    [{ oneofKind: 'moveCall', moveCall: { function: '0x1::a::b::c' } }, 'INVALID_ARGUMENT'],
    [{ oneofKind: 'moveCall', moveCall: { function: '0x1::' } }, 'INVALID_ARGUMENT'],
    [{ oneofKind: undefined }, 'INVALID_ARGUMENT'],
    [{ oneofKind: 'packageWrite', packageWrite: {} }, 'UNIMPLEMENTED'],
  ] satisfies [GrpcTypes.TransactionLiteral['predicate'], string][])(
    'refuses the filter %j',
    async (predicate, code) => {
      const call = world.client.ledgerService.listTransactions({
        filter: { terms: [{ literals: [{ negated: false, predicate }] }] },
      });
      await expect(call.responses[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code });
    },
  );
});
