/** The official Sui client, unmodified, as an application developer uses it. */

import { bcs } from '@mysten/sui/bcs';
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { coinWithBalance, Transaction } from '@mysten/sui/transactions';
import { frameworkSources } from '@seal-ts/localnet/framework';
import { compilePackage, memoryReader, publishPayload } from '@seal-ts/move-build';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, type TestStack, testStack } from '../support/stack.ts';

const SUI = '0x2::sui::SUI';
const PACKAGE = {
  'Move.toml': `[package]\nname = "shelf"\nedition = "2024"\n\n[addresses]\nshelf = "0x0"\n`,
  'sources/shelf.move': `
module shelf::shelf;

use std::string::String;
use sui::dynamic_field as df;
use sui::dynamic_object_field as dof;

const EFull: u64 = 7;
#[error]
const ENoSuchBook: vector<u8> = b"there is no such book";

public struct Shelf has key, store { id: UID, size: u64 }
public struct Book has key, store { id: UID, title: String }
public struct Added has copy, drop { title: String }

fun init(ctx: &mut TxContext) {
    transfer::public_transfer(Shelf { id: object::new(ctx), size: 0 }, ctx.sender());
}

public fun book(title: String, ctx: &mut TxContext): Book {
    Book { id: object::new(ctx), title }
}

public fun put(shelf: &mut Shelf, book: Book) {
    assert!(shelf.size < 2, EFull);
    shelf.size = shelf.size + 1;
    sui::event::emit(Added { title: book.title });
    df::add(&mut shelf.id, shelf.size, book.title);
    dof::add(&mut shelf.id, book.title, book);
}

public fun take(shelf: &mut Shelf, title: String): Book {
    assert!(dof::exists_(&shelf.id, title), ENoSuchBook);
    dof::remove(&mut shelf.id, title)
}

public fun sizes(shelf: &Shelf): (u64, vector<u64>) {
    (shelf.size, vector[shelf.size, 100])
}
`,
};

let stack: TestStack;
let packageId: string;
let shelf: string;

beforeAll(async () => {
  stack = await testStack(1);
  const compiled = await compilePackage({
    packagePath: 'shelf',
    reader: memoryReader({ shelf: PACKAGE }),
    framework: await frameworkSources(),
  });
  const { modules, dependencies } = publishPayload(compiled);
  const transaction = new Transaction();
  const cap = transaction.publish({
    modules: modules.map((module) => [...module]),
    dependencies: [...dependencies],
  });
  const alice = stack.account('alice');
  transaction.transferObjects([cap], alice.toSuiAddress());
  const { created } = await execute(stack.client, alice, transaction);
  packageId = created.get('package') as string;
  shelf = created.get('Shelf') as string;
});

afterAll(() => stack?.close());

async function put(title: string) {
  const transaction = new Transaction();
  const book = transaction.moveCall({
    target: `${packageId}::shelf::book`,
    arguments: [transaction.pure.string(title)],
  });
  transaction.moveCall({
    target: `${packageId}::shelf::put`,
    arguments: [transaction.object(shelf), book],
  });
  return stack.client.signAndExecuteTransaction({
    transaction,
    signer: stack.account('alice'),
    include: { events: true, effects: true, balanceChanges: true },
  });
}

describe('a published package', () => {
  it('has version 1 and its init has run', async () => {
    const { objects } = await stack.client.core.getObjects({ objectIds: [packageId, shelf] });
    expect(objects[0]).toMatchObject({ version: '1', type: 'package' });
    expect(objects[1]).toMatchObject({
      type: `${packageId}::shelf::Shelf`,
      owner: { $kind: 'AddressOwner', AddressOwner: stack.account('alice').toSuiAddress() },
    });
  });

  it('emits events and changes balances', async () => {
    const result = await put('Roughing It');
    expect(result.$kind).toBe('Transaction');
    const events = result.Transaction?.events ?? [];
    expect(events).toHaveLength(1);
    expect(events[0]?.eventType).toBe(`${packageId}::shelf::Added`);
    expect(bcs.string().parse(events[0]?.bcs as Uint8Array)).toBe('Roughing It');
    const change = result.Transaction?.balanceChanges?.[0];
    expect(change?.address).toBe(stack.account('alice').toSuiAddress());
    expect(BigInt(change?.amount ?? 0)).toBeLessThan(0n);
  });

  it('has dynamic fields and dynamic object fields that the client derives itself', async () => {
    const field = await stack.client.core.getDynamicField({
      parentId: shelf,
      name: { type: 'u64', bcs: bcs.u64().serialize(1).toBytes() },
    });
    expect(bcs.string().parse(field.dynamicField.value.bcs)).toBe('Roughing It');
    const book = await stack.client.core.getDynamicObjectField({
      parentId: shelf,
      name: { type: '0x1::string::String', bcs: bcs.string().serialize('Roughing It').toBytes() },
    });
    expect(book.object.type).toBe(`${packageId}::shelf::Book`);
    const listed = await stack.client.core.listDynamicFields({ parentId: shelf });
    expect(listed.dynamicFields.map((entry) => entry.$kind).sort()).toEqual([
      'DynamicField',
      'DynamicObject',
    ]);
    expect(listed.hasNextPage).toBe(false);
  });

  it('answers return values in a simulation, and changes nothing', async () => {
    const before = await stack.client.core.getObject({ objectId: shelf });
    const transaction = new Transaction();
    transaction.setSender(stack.account('alice').toSuiAddress());
    transaction.moveCall({
      target: `${packageId}::shelf::sizes`,
      arguments: [transaction.object(shelf)],
    });
    const result = await stack.client.core.simulateTransaction({
      transaction,
      include: { commandResults: true },
    });
    const [size, sizes] = result.commandResults?.[0]?.returnValues ?? [];
    expect(bcs.u64().parse(size?.bcs as Uint8Array)).toBe('1');
    expect(bcs.vector(bcs.u64()).parse(sizes?.bcs as Uint8Array)).toEqual(['1', '100']);
    const after = await stack.client.core.getObject({ objectId: shelf });
    expect(after.object.version).toBe(before.object.version);
  });

  it('aborts with the code, or with the name and text of a described error', async () => {
    await put('Following the Equator');
    await expect(put('Life on the Mississippi')).rejects.toThrow(
      new RegExp(`abort code: 7, in '0x0*${packageId.slice(2)}::shelf::put'`),
    );
    const transaction = new Transaction();
    const book = transaction.moveCall({
      target: `${packageId}::shelf::take`,
      arguments: [transaction.object(shelf), transaction.pure.string('Unwritten')],
    });
    transaction.transferObjects([book], stack.account('alice').toSuiAddress());
    await expect(
      stack.client.signAndExecuteTransaction({ transaction, signer: stack.account('alice') }),
    ).rejects.toThrow(/'ENoSuchBook': there is no such book/);
  });

  it('lists owned objects by type, page by page', async () => {
    const owner = stack.account('alice').toSuiAddress();
    const transaction = new Transaction();
    const books = ['a', 'b', 'c'].map((title) =>
      transaction.moveCall({
        target: `${packageId}::shelf::book`,
        arguments: [transaction.pure.string(title)],
      }),
    );
    transaction.transferObjects(books, owner);
    await execute(stack.client, stack.account('alice'), transaction);
    const type = `${packageId}::shelf::Book`;
    const first = await stack.client.core.listOwnedObjects({ owner, type, limit: 2 });
    expect(first.objects).toHaveLength(2);
    expect(first.hasNextPage).toBe(true);
    const second = await stack.client.core.listOwnedObjects({ owner, type, cursor: first.cursor });
    expect(second.objects).toHaveLength(1);
    expect(second.hasNextPage).toBe(false);
  });
});

describe('coins and gas', () => {
  it('come from the faucet and can be split, merged and sent', async () => {
    const sender = new Ed25519Keypair();
    const owner = sender.toSuiAddress();
    const host = stack.manifest.chain.faucetUrl;
    await requestSuiFromFaucetV2({ host, recipient: owner });
    const before = BigInt((await stack.client.core.getBalance({ owner })).balance.balance);
    expect(before).toBeGreaterThan(0n);
    const receiver = new Ed25519Keypair().toSuiAddress();
    const transaction = new Transaction();
    transaction.transferObjects([coinWithBalance({ balance: 1_000n })], receiver);
    const [coin] = transaction.splitCoins(transaction.gas, [500]);
    transaction.mergeCoins(transaction.gas, [coin]);
    const { gas } = await execute(stack.client, sender, transaction);
    const received = await stack.client.core.getBalance({ owner: receiver, coinType: SUI });
    expect(received.balance.balance).toBe('1000');
    const after = BigInt((await stack.client.core.getBalance({ owner })).balance.balance);
    const paid = gas.computation + gas.storage - gas.rebate;
    expect(after).toBe(before - 1_000n - paid);
  });

  it('are refused to who has none, with the reason', async () => {
    const poor = new Ed25519Keypair();
    const transaction = new Transaction();
    transaction.transferObjects(
      [transaction.splitCoins(transaction.gas, [1])],
      poor.toSuiAddress(),
    );
    await expect(
      stack.client.signAndExecuteTransaction({ transaction, signer: poor }),
    ).rejects.toThrow(/gas/i);
  });

  it('can be paid by a sponsor', async () => {
    const user = new Ed25519Keypair();
    const sponsor = stack.account('bob');
    const transaction = new Transaction();
    const book = transaction.moveCall({
      target: `${packageId}::shelf::book`,
      arguments: [transaction.pure.string('sponsored')],
    });
    transaction.transferObjects([book], user.toSuiAddress());
    transaction.setSender(user.toSuiAddress());
    transaction.setGasOwner(sponsor.toSuiAddress());
    const bytes = await transaction.build({ client: stack.client });
    const signatures = await Promise.all(
      [user, sponsor].map(async (key) => (await key.signTransaction(bytes)).signature),
    );
    const result = await stack.client.core.executeTransaction({ transaction: bytes, signatures });
    expect(result.$kind).toBe('Transaction');
    const digest = result.Transaction?.digest as string;
    const found = await stack.client.core.waitForTransaction({ digest });
    expect(found.Transaction?.digest).toBe(digest);
    const repeated = await stack.client.core.executeTransaction({ transaction: bytes, signatures });
    expect(repeated.Transaction?.digest).toBe(digest);
  });

  it('refuse a transaction that another account signed', async () => {
    const transfer = new Transaction();
    const alice = stack.account('alice');
    transfer.setSender(alice.toSuiAddress());
    transfer.transferObjects([transfer.splitCoins(transfer.gas, [1])], alice.toSuiAddress());
    const built = await transfer.build({ client: stack.client });
    const { signature } = await stack.account('bob').signTransaction(built);
    await expect(
      stack.client.core.executeTransaction({ transaction: built, signatures: [signature] }),
    ).rejects.toThrow(/signature/i);
  });
});
