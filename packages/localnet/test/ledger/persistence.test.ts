/** The store on disk: reopening, killing, sharing (localnet.md §3, §6). */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFramework } from '../../src/framework.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { SqliteStore } from '../../src/ledger/store/sqlite.ts';

const TO = `0x${'1'.repeat(64)}`;
/** Payments that the killed process must have acknowledged. */
const ENOUGH = 25;

let folder: string;
let files = 0;
const newFile = () => join(folder, `ledger-${files++}.db`);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = async (file: string) =>
  Ledger.create(
    {},
    { framework: await loadFramework(), store: new SqliteStore(file), timers: null },
  );

describe('reopening', () => {
  it('finds everything as it was left', async () => {
    const file = newFile();
    const first = await open(file);
    const { digest, coins } = await first.fund(TO, [5n, 7n]);
    first.advanceEpoch();
    const before = {
      info: first.info(),
      transaction: first.transaction(digest)!,
      coin: first.object(coins[0]!.objectId)!,
      epochs: [first.epoch(0n), first.epoch()],
      owned: first.ownedObjects({ owner: TO, limit: 10 }).items.map(({ objectId }) => objectId),
    };
    first.close();

    const second = await open(file);
    expect(second.info()).toEqual(before.info);
    const { effects, ...rest } = second.transaction(digest)!;
    const { effects: effectsBefore, ...restBefore } = before.transaction;
    expect(rest).toEqual(restBefore);
    expect(JSON.stringify(effects, text)).toBe(JSON.stringify(effectsBefore, text));
    expect(second.object(coins[0]!.objectId)?.bcs).toEqual(before.coin.bcs);
    expect([second.epoch(0n), second.epoch()]).toEqual(before.epochs);
    expect(
      second.ownedObjects({ owner: TO, limit: 10 }).items.map(({ objectId }) => objectId),
    ).toEqual(before.owned);
    await second.fund(TO, [9n]);
    expect(second.balance(TO, '0x2::sui::SUI').balance).toBe(21n);
    second.close();
  });

  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
});

describe('the file', () => {
  it('is for its owner only, and for one process', async () => {
    const file = newFile();
    const ledger = await open(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => new SqliteStore(file)).toThrow(
      expect.objectContaining({ code: 'LEDGER_STORE_IN_USE' }),
    );
    ledger.close();
    new SqliteStore(file).close();
  });

  it('of another form is refused', () => {
    const garbage = newFile();
    writeFileSync(garbage, 'this is no database, whatever its name says; '.repeat(50));
    const wrong = expect.objectContaining({ code: 'LEDGER_STORE_FORMAT' });
    expect(() => new SqliteStore(garbage)).toThrow(wrong);
    const newer = newFile();
    new SqliteStore(newer).close();
    const database = new DatabaseSync(newer);
    database.exec("UPDATE meta SET value = x'63' WHERE key = 'format'");
    database.close();
    expect(() => new SqliteStore(newer)).toThrow(wrong);
  });
});

describe('kill -9', () => {
  it('loses nothing that was acknowledged, and leaves nothing half done', async () => {
    const file = newFile();
    const acknowledged = await killedAfter(file, ENOUGH);
    const ledger = await open(file);
    const known = acknowledged.map((digest) => ledger.transaction(digest)?.digest);
    expect(known).toEqual(acknowledged);
    // The payments are 1, 2, 3, …: what arrived is a prefix, with at most one unacknowledged.
    const { coinCount, balance } = ledger.balance(TO, '0x2::sui::SUI');
    expect(coinCount - acknowledged.length).toBeGreaterThanOrEqual(0);
    expect(coinCount - acknowledged.length).toBeLessThanOrEqual(1);
    expect(balance).toBe((BigInt(coinCount) * BigInt(coinCount + 1)) / 2n);
    ledger.createCheckpoint();
    const { items } = ledger.listTransactions({ limit: 100_000 });
    for (const [i, { item }] of items.entries()) expect(item.sequence).toBe(BigInt(i));
    expect(items.length).toBe(Number(ledger.checkpoint('latest')!.networkTotalTransactions));
    ledger.close();
  });
});

/** Digests that a child printed before it was killed. */
function killedAfter(file: string, count: number): Promise<string[]> {
  const script = fileURLToPath(new URL('support/crash-child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=seal-ts-source', script, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (output.split('\n').length > count) child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== null) reject(new TypeError(`the child ended by itself: ${errors}`));
      else resolve(output.split('\n').slice(0, -1));
    });
  });
}
