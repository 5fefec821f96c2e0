/**
 * Building, signing and executing transactions on any gRPC endpoint. Gas coins are chosen by the node;
 * so is the budget where none is given, up to a limit, so that a fault cannot cost more.
 */
import type { SuiClientTypes } from '@mysten/sui/client';
import type { Keypair } from '@mysten/sui/cryptography';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Transaction, TransactionDataBuilder } from '@mysten/sui/transactions';
import { fromBase64, normalizeAddress, toBase64 } from '@seal-ts/protocol';
import { commandTexts } from './describe.ts';
import { messageOf, WalletError } from './errors.ts';

/** How long to wait until the node shows what was executed, in milliseconds. */
export const SETTLE_TIMEOUT_MS = 60_000;
/** Largest serialized transaction of the network (protocol 118). */
export const MAX_TRANSACTION_BYTES = 128 * 1024;
/** Most that a transaction may cost by the node's own estimate, in MIST: 1 SUI. */
export const MAX_ESTIMATED_BUDGET = 1_000_000_000n;
/**
 * Least budget of an address that has as much, in MIST: 0.1 SUI. Between the node's estimate and the
 * execution others may change a shared object, and the transaction cost more; only its cost is paid.
 */
export const ROOMY_BUDGET = 100_000_000n;
/** Coins listed for one address. */
export const MAX_COINS_LISTED = 10_000;

export interface CreatedObject {
  readonly objectId: string;
  /** Full type; the word `package` for a package. */
  readonly type: string;
}

export interface Executed {
  readonly digest: string;
  readonly created: readonly CreatedObject[];
}

export interface Spending {
  readonly sender: string;
  /** MIST. Without it the node estimates, from `ROOMY_BUDGET` to `MAX_ESTIMATED_BUDGET`. */
  readonly gasBudget?: bigint | undefined;
  /** What the transaction is for, for messages. */
  readonly purpose: string;
}

/**
 * BCS `TransactionData` with everything resolved, ready to be signed.
 * Errors: TRANSACTION_NOT_SENT (the node refused it or cannot be reached), NO_GAS.
 */
export async function buildTransaction(
  client: SuiGrpcClient,
  transaction: Transaction,
  { sender, gasBudget, purpose }: Spending,
): Promise<Uint8Array> {
  transaction.setSender(normalizeAddress(sender));
  if (gasBudget !== undefined) transaction.setGasBudget(gasBudget);
  const again = Transaction.from(transaction);
  let bytes: Uint8Array;
  try {
    bytes = await transaction.build({ client });
  } catch (cause) {
    throw notBuilt(cause, sender, purpose);
  }
  const budget = BigInt(transaction.getData().gasData.budget ?? 0);
  if (gasBudget === undefined && budget > MAX_ESTIMATED_BUDGET) {
    throw new WalletError(
      'TRANSACTION_NOT_SENT',
      `${purpose}: the node estimates ${budget} MIST, more than ${MAX_ESTIMATED_BUDGET}; ` +
        'if that is right, repeat with --gas-budget',
    );
  }
  if (gasBudget !== undefined || budget >= ROOMY_BUDGET) return bytes;
  again.setGasBudget(ROOMY_BUDGET);
  // Without coins for it, the estimate has to do.
  return again.build({ client }).catch(() => bytes);
}

function notBuilt(cause: unknown, sender: string, purpose: string): WalletError {
  const text = messageOf(cause);
  if (/insufficient (gas|sui)|insufficientgas|gas selection|no valid gas/i.test(text)) {
    return new WalletError(
      'NO_GAS',
      `${purpose}: gas of ${sender} is not enough (${text}); send it SUI, or give a higher ` +
        '--gas-budget',
      { cause },
    );
  }
  return new WalletError('TRANSACTION_NOT_SENT', `${purpose}: nothing was sent: ${text}`, {
    cause,
  });
}

/** Builds, signs and executes. Errors: those of `buildTransaction` and `executeBytes`. */
export async function execute(
  client: SuiGrpcClient,
  key: Keypair,
  transaction: Transaction,
  spending: Omit<Spending, 'sender'>,
): Promise<Executed> {
  const sender = key.toSuiAddress();
  const bytes = await buildTransaction(client, transaction, { ...spending, sender });
  return executeBytes(client, key, bytes, spending.purpose);
}

/** A transaction that can be sent, and sent again: the chain executes it once. */
export interface SignedTransaction {
  /** BCS `TransactionData`. */
  readonly bytes: Uint8Array;
  /** Base64. */
  readonly signature: string;
}

/** Signs and executes a built transaction. Errors: those of `executeSigned`. */
export async function executeBytes(
  client: SuiGrpcClient,
  key: Keypair,
  bytes: Uint8Array,
  purpose: string,
): Promise<Executed> {
  const { signature } = await key.signTransaction(bytes);
  return executeSigned(client, { bytes, signature }, purpose);
}

/**
 * Executes, and waits until the node shows the effects.
 * Errors: TRANSACTION_NOT_SENT (its outcome may be unknown: look at the chain before repeating),
 * TRANSACTION_FAILED with `digest`.
 */
export async function executeSigned(
  client: SuiGrpcClient,
  signed: SignedTransaction,
  purpose: string,
): Promise<Executed> {
  let result: TransactionOutcome;
  try {
    result = await client.executeTransaction({
      transaction: signed.bytes,
      signatures: [signed.signature],
      include: INCLUDE,
    });
  } catch (cause) {
    const text = `${purpose}: executing it failed: ${messageOf(cause)}`;
    throw new WalletError('TRANSACTION_NOT_SENT', text, { cause });
  }
  const executed = outcome(result, purpose);
  await settle(client, executed.digest, purpose);
  return executed;
}

/**
 * What became of a transaction, by its bytes; undefined when the node does not know it.
 * Errors: TRANSACTION_FAILED, TRANSACTION_NOT_SENT when the node cannot be asked.
 */
export async function findExecuted(
  client: SuiGrpcClient,
  bytes: Uint8Array,
  purpose: string,
): Promise<Executed | undefined> {
  const digest = TransactionDataBuilder.getDigestFromBytes(bytes);
  let result: TransactionOutcome;
  try {
    result = await client.getTransaction({ digest, include: INCLUDE });
  } catch (cause) {
    if ((cause as { reason?: unknown }).reason === 'notFound') return undefined;
    const text = `${purpose}: looking up ${digest} failed: ${messageOf(cause)}`;
    throw new WalletError('TRANSACTION_NOT_SENT', text, { cause });
  }
  return outcome(result, purpose);
}

/** A built transaction that came as text from elsewhere. */
export interface GivenTransaction {
  /** BCS `TransactionData`. */
  readonly bytes: Uint8Array;
  readonly sender: string;
  /** MIST; the sender's own gas pays when `gasOwner` is the sender. */
  readonly gasBudget: bigint;
  readonly gasOwner: string;
  /** What it does, one line for each command. */
  readonly commands: readonly string[];
}

/** Reads what `--unsigned` printed elsewhere, so that it can be shown. Error: BAD_INPUT. */
export function readTransaction(text: string): GivenTransaction {
  let bytes: Uint8Array;
  let transaction: Transaction;
  let canonical: Uint8Array;
  try {
    bytes = fromBase64(text.trim());
    if (bytes.length > MAX_TRANSACTION_BYTES) throw new RangeError(`${bytes.length} bytes`);
    transaction = Transaction.from(bytes);
    canonical = TransactionDataBuilder.fromBytes(bytes).build();
  } catch (cause) {
    throw new WalletError(
      'BAD_INPUT',
      `the transaction bytes are not Base64 of BCS TransactionData (${messageOf(cause)})`,
      { cause },
    );
  }
  // What is shown must be all that is signed.
  if (toBase64(canonical) !== toBase64(bytes)) {
    throw new WalletError('BAD_INPUT', 'the transaction bytes do not read back as they are');
  }
  const { sender, gasData } = transaction.getData();
  if (!sender) throw new WalletError('BAD_INPUT', 'the transaction bytes name no sender');
  return {
    bytes,
    sender: normalizeAddress(sender),
    gasBudget: BigInt(gasData.budget ?? 0),
    gasOwner: normalizeAddress(gasData.owner ?? sender),
    commands: commandTexts(transaction),
  };
}

/** Signs and executes what `--unsigned` printed elsewhere. Errors: BAD_INPUT and those above. */
export async function executeBase64(
  client: SuiGrpcClient,
  keyOf: (address: string) => Keypair,
  text: string,
): Promise<Executed> {
  const { bytes, sender } = readTransaction(text);
  return executeBytes(client, keyOf(sender), bytes, 'signed transaction');
}

/** What `--unsigned` prints. */
export async function buildUnsigned(
  client: SuiGrpcClient,
  transaction: Transaction,
  spending: Spending,
): Promise<string> {
  return toBase64(await buildTransaction(client, transaction, spending));
}

/** The one created object whose type passes `test`. Error: TRANSACTION_FAILED. */
export function createdObject(
  executed: Executed,
  test: (type: string) => boolean,
  what: string,
): string {
  const found = executed.created.filter((object) => test(object.type));
  if (found.length === 1) return (found[0] as CreatedObject).objectId;
  throw new WalletError(
    'TRANSACTION_FAILED',
    `transaction ${executed.digest} created ${found.length} objects of kind ${what}, expected 1`,
    { digest: executed.digest },
  );
}

export interface GasCoin {
  readonly objectId: string;
  /** MIST. */
  readonly balance: bigint;
}

/** SUI coins of an address. Error: TRANSACTION_NOT_SENT when the node cannot be asked. */
export async function gasCoins(client: SuiGrpcClient, owner: string): Promise<GasCoin[]> {
  const coins: GasCoin[] = [];
  let cursor: string | null = null;
  try {
    do {
      const page: Awaited<ReturnType<SuiGrpcClient['listCoins']>> = await client.listCoins({
        owner: normalizeAddress(owner),
        cursor,
      });
      for (const { objectId, balance } of page.objects) {
        coins.push({ objectId: normalizeAddress(objectId), balance: BigInt(balance) });
      }
      cursor = page.hasNextPage ? page.cursor : null;
    } while (cursor !== null && coins.length < MAX_COINS_LISTED);
  } catch (cause) {
    const text = `listing the coins of ${owner} failed: ${messageOf(cause)}`;
    throw new WalletError('TRANSACTION_NOT_SENT', text, { cause });
  }
  return coins.slice(0, MAX_COINS_LISTED);
}

const INCLUDE = { effects: true, objectTypes: true } as const;
type TransactionOutcome = SuiClientTypes.TransactionResult<typeof INCLUDE>;

function outcome(result: TransactionOutcome, purpose: string): Executed {
  if (result.$kind !== 'Transaction') {
    const { digest, status } = result.FailedTransaction;
    const reason = status.error?.message ?? 'no reason given';
    const text = `${purpose}: transaction ${digest} failed: ${reason}`;
    throw new WalletError('TRANSACTION_FAILED', text, { digest });
  }
  const { digest, effects, objectTypes } = result.Transaction;
  const created = effects.changedObjects
    .filter((object) => object.idOperation === 'Created' && object.outputState !== 'DoesNotExist')
    .map((object) => ({
      objectId: normalizeAddress(object.objectId),
      type:
        object.outputState === 'PackageWrite' ? 'package' : (objectTypes[object.objectId] ?? ''),
    }));
  return { digest, created };
}

async function settle(client: SuiGrpcClient, digest: string, purpose: string): Promise<void> {
  try {
    await client.waitForTransaction({ digest, timeout: SETTLE_TIMEOUT_MS });
  } catch (cause) {
    const text = `${purpose}: transaction ${digest} was executed, but the node does not show it yet`;
    throw new WalletError('TRANSACTION_NOT_SENT', `${text}; repeat the command in a while`, {
      cause,
      digest,
    });
  }
}
