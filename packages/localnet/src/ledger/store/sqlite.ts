/**
 * The store on disk: `node:sqlite` behind the store in memory (localnet.md §3).
 *
 * Everything is read at start and answered from memory; each commit is one SQLite transaction, done
 * before memory changes, so that a process killed at any moment has either all of a commit or none,
 * and nothing was answered that is not on disk. Records are in V8's own serialization: this file
 * belongs to one machine and is no exchange format.
 */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import { LedgerError } from '../errors.ts';
import { type ObjectInit, ObjectRecord } from '../object.ts';
import type { LedgerObject } from '../types/object.ts';
import type { Checkpoint, EpochRecord, ExecutedTransaction } from '../types/records.ts';
import { MemoryStore } from './memory.ts';
import type { CommitBatch, StorePort } from './port.ts';

/** Raised when the tables or the records change their form. */
export const STORE_FORMAT = 1;
const OWNER_ONLY = 0o600;

const TABLES = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB) STRICT;
  CREATE TABLE IF NOT EXISTS objects
    (id TEXT, version INTEGER, data BLOB, PRIMARY KEY (id, version)) STRICT;
  CREATE TABLE IF NOT EXISTS removed (id TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS transactions (sequence INTEGER PRIMARY KEY, data BLOB) STRICT;
  CREATE TABLE IF NOT EXISTS checkpoints (sequence INTEGER PRIMARY KEY, data BLOB) STRICT;
  CREATE TABLE IF NOT EXISTS epochs (epoch INTEGER PRIMARY KEY, data BLOB) STRICT;
`;

export class SqliteStore implements StorePort {
  readonly #memory = new MemoryStore();
  readonly #database: DatabaseSync;
  readonly #statements: {
    readonly meta: StatementSync;
    readonly object: StatementSync;
    readonly remove: StatementSync;
    readonly revive: StatementSync;
    readonly transaction: StatementSync;
    readonly checkpoint: StatementSync;
    readonly epoch: StatementSync;
  };

  /**
   * Opens or creates the file at `path`, readable by its owner only.
   * @throws LedgerError `LEDGER_STORE_IN_USE` while another process has it,
   * `LEDGER_STORE_FORMAT` for
   * a file that is not of this format
   */
  constructor(path: string) {
    closeSync(openSync(path, 'a', OWNER_ONLY));
    this.#database = openDatabase(path);
    const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
    this.#statements = {
      meta: prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
      object: prepare('INSERT INTO objects VALUES (?, ?, ?)'),
      remove: prepare('INSERT OR REPLACE INTO removed VALUES (?)'),
      revive: prepare('DELETE FROM removed WHERE id = ?'),
      transaction: prepare('INSERT OR REPLACE INTO transactions VALUES (?, ?)'),
      checkpoint: prepare('INSERT INTO checkpoints VALUES (?, ?)'),
      epoch: prepare('INSERT OR REPLACE INTO epochs VALUES (?, ?)'),
    };
    this.#load();
  }

  #load(): void {
    const rows = <T>(sql: string): T[] =>
      this.#database
        .prepare(sql)
        .all()
        .map(({ data }) => deserialize(data as Uint8Array) as T);
    const objects = rows<ObjectInit>('SELECT data FROM objects ORDER BY id, version');
    const removed = this.#database.prepare('SELECT id FROM removed').all();
    this.#memory.commit({
      written: objects.map((init) => new ObjectRecord(init)),
      removed: removed.map(({ id }) => id as string),
      transactions: rows<ExecutedTransaction>('SELECT data FROM transactions ORDER BY sequence'),
      epochs: rows<EpochRecord>('SELECT data FROM epochs ORDER BY epoch'),
    });
    for (const checkpoint of rows<Checkpoint>('SELECT data FROM checkpoints ORDER BY sequence')) {
      this.#memory.commit({ written: [], removed: [], transactions: [], checkpoint });
    }
    const seed = this.#database.prepare("SELECT value FROM meta WHERE key = 'seed'").get();
    if (seed !== undefined) {
      const value = new Uint8Array(seed['value'] as Uint8Array);
      this.#memory.commit({ written: [], removed: [], transactions: [], seed: value });
    }
  }

  commit(batch: CommitBatch): void {
    this.#database.exec('BEGIN');
    try {
      this.#write(batch);
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#memory.commit(batch);
  }

  #write(batch: CommitBatch): void {
    const { meta, object, remove, revive, transaction, checkpoint, epoch } = this.#statements;
    for (const record of batch.written) {
      object.run(record.objectId, record.version, serialize(initOf(record)));
      revive.run(record.objectId);
    }
    for (const id of batch.removed) remove.run(id);
    for (const record of batch.transactions) transaction.run(record.sequence, serialize(record));
    if (batch.checkpoint !== undefined) {
      checkpoint.run(batch.checkpoint.sequenceNumber, serialize(batch.checkpoint));
    }
    for (const record of batch.epochs ?? []) epoch.run(record.epoch, serialize(record));
    if (batch.seed !== undefined) meta.run('seed', batch.seed);
  }

  live(id: string): LedgerObject | undefined {
    return this.#memory.live(id);
  }
  atVersion(id: string, version: bigint): LedgerObject | undefined {
    return this.#memory.atVersion(id, version);
  }
  liveObjects(): Iterable<LedgerObject> {
    return this.#memory.liveObjects();
  }
  transaction(digest: string): ExecutedTransaction | undefined {
    return this.#memory.transaction(digest);
  }
  transactionAt(sequence: bigint): ExecutedTransaction | undefined {
    return this.#memory.transactionAt(sequence);
  }
  transactionCount(): bigint {
    return this.#memory.transactionCount();
  }
  checkpoint(sequence: bigint): Checkpoint | undefined {
    return this.#memory.checkpoint(sequence);
  }
  checkpointByDigest(digest: string): Checkpoint | undefined {
    return this.#memory.checkpointByDigest(digest);
  }
  checkpointCount(): bigint {
    return this.#memory.checkpointCount();
  }
  epoch(epoch: bigint): EpochRecord | undefined {
    return this.#memory.epoch(epoch);
  }
  epochCount(): bigint {
    return this.#memory.epochCount();
  }
  seed(): Uint8Array | undefined {
    return this.#memory.seed();
  }
  close(): void {
    this.#database.close();
  }
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = NORMAL; BEGIN EXCLUSIVE; ${TABLES} COMMIT`);
    checkFormat(database, path);
    return database;
  } catch (error) {
    database.close();
    throw storeError(error, path);
  }
}

function checkFormat(database: DatabaseSync, path: string): void {
  const row = database.prepare("SELECT value FROM meta WHERE key = 'format'").get();
  if (row === undefined) {
    const format = new Uint8Array([STORE_FORMAT]);
    database.prepare("INSERT INTO meta VALUES ('format', ?)").run(format);
    return;
  }
  const [format] = row['value'] as Uint8Array;
  if (format !== STORE_FORMAT) {
    throw new LedgerError(
      'LEDGER_STORE_FORMAT',
      `store: ${path} has format ${format}, this reads ${STORE_FORMAT}; use a new directory`,
    );
  }
}

/** SQLite's numbers for "another connection holds it". */
const BUSY = [5, 6];

function storeError(error: unknown, path: string): LedgerError {
  if (error instanceof LedgerError) return error;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  if (BUSY.includes(code)) {
    return new LedgerError(
      'LEDGER_STORE_IN_USE',
      `store: ${path} is open in another process; stop that one, or use another directory`,
      { cause: error },
    );
  }
  return new LedgerError(
    'LEDGER_STORE_FORMAT',
    `store: ${path} cannot be opened as a ledger; use a new directory`,
    { cause: error },
  );
}

/** The plain fields of an object record; digest and bytes are computed again when needed. */
function initOf(object: LedgerObject): ObjectInit {
  const { objectId, version, owner, data, previousTransaction, storageRebate } = object;
  return { objectId, version, owner, data, previousTransaction, storageRebate };
}
