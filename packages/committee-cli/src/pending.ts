/**
 * Steps that create something on chain and must not be done twice. The signed transaction is on disk before
 * it is sent; a repetition asks what became of it, and sends the very same bytes again if nothing did.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Transaction } from '@mysten/sui/transactions';
import { fromBase64, normalizeAddress, toBase64 } from '@seal-ts/protocol';
import {
  buildTransaction,
  commandTexts,
  type Executed,
  executeSigned,
  findExecuted,
  type SignedTransaction,
  WalletError,
} from '@seal-ts/wallet';
import { readTextFile, writePrivateFile } from '@seal-ts/wallet/files';
import { CommitteeError } from './errors.ts';
import type { Session } from './session.ts';

export interface Step {
  /** Names the file that remembers the transaction. */
  readonly name: string;
  readonly purpose: string;
  readonly stateDir: string;
  /** Called when no transaction is under way. */
  readonly build: () => Promise<Transaction>;
  /** As `build` makes it, but for the ids of objects: what an earlier attempt must have been. */
  readonly like: () => Promise<Transaction>;
  /** Writes down what the step created; after it the transaction is forgotten. */
  readonly record: (executed: Executed) => void;
}

const pendingPath = (stateDir: string, name: string): string =>
  join(stateDir, `pending-${name}.json`);

/**
 * For a step whose outcome is written down already: a run that was killed just after that left its file,
 * which would be taken for the outcome if the step were ever started anew.
 */
export function forget(stateDir: string, name: string): void {
  rmSync(pendingPath(stateDir, name), { force: true });
}

/** Does a step once, over any number of attempts. */
export async function once(session: Session, step: Step): Promise<void> {
  const path = pendingPath(step.stateDir, step.name);
  const executed = (await resume(session, step, path)) ?? (await start(session, step, path));
  step.record(executed);
  rmSync(path, { force: true });
  session.deps.out(`Transaction executed successfully. Digest: ${executed.digest}`);
}

async function start(session: Session, step: Step, path: string): Promise<Executed> {
  const { client, options, address } = session;
  const key = session.wallet.key(address);
  const bytes = await buildTransaction(client, await step.build(), {
    sender: address,
    gasBudget: options.gasBudget,
    purpose: step.purpose,
  });
  const { signature } = await key.signTransaction(bytes);
  const content = { transaction: toBase64(bytes), signature };
  writePrivateFile(path, `${JSON.stringify(content, null, 2)}\n`);
  return forgetIfFailed(path, executeSigned(client, { bytes, signature }, step.purpose));
}

async function resume(session: Session, step: Step, path: string): Promise<Executed | undefined> {
  const signed = readPending(path);
  if (signed === undefined) return undefined;
  await checkPending(session, step, path, signed);
  const { client, deps } = session;
  try {
    const found = await forgetIfFailed(path, findExecuted(client, signed.bytes, step.purpose));
    if (found !== undefined) {
      deps.note(`${step.purpose}: an earlier attempt was executed (${found.digest}); going on`);
      return found;
    }
    deps.note(`${step.purpose}: sending the transaction of an earlier attempt again`);
    return await forgetIfFailed(path, executeSigned(client, signed, step.purpose));
  } catch (error) {
    if (!(error instanceof WalletError) || error.code !== 'TRANSACTION_NOT_SENT') throw error;
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `${error.message}. An earlier attempt may still be executed; repeat the command later. When ` +
        `you are sure that it never will be, delete ${path} to start the step anew`,
      { cause: error },
    );
  }
}

/**
 * The file may be older than a change of dkg.yaml, or put there by somebody: only what this person signed,
 * for this very step, is sent again. Error: COMMITTEE_STATE.
 */
async function checkPending(
  { wallet, address }: Session,
  step: Step,
  path: string,
  { bytes, signature }: SignedTransaction,
): Promise<void> {
  const fault = (problem: string) =>
    new CommitteeError(
      'COMMITTEE_STATE',
      `${path} holds a transaction of an earlier attempt that ${problem}. It was not sent again. To ` +
        'start the step anew, look on chain that it was not executed, and delete that file',
    );
  const earlier = transactionOf(path, bytes);
  const sender = normalizeAddress(earlier.getData().sender ?? '0x0');
  if (sender !== address) {
    throw fault(`is of ${sender}, and you act as ${address} (see --active-address)`);
  }
  const valid = await wallet
    .key(address)
    .getPublicKey()
    .verifyTransaction(bytes, signature)
    .catch(() => false);
  if (!valid) throw fault('you have not signed');
  const texts = (transaction: Transaction) => commandTexts(transaction, () => 'object').join('\n');
  if (texts(earlier) === texts(await step.like())) return;
  throw fault(
    'does something else than this step: dkg.yaml or the Move package was changed meanwhile, or it is ' +
      'the file of another ceremony',
  );
}

function transactionOf(path: string, bytes: Uint8Array): Transaction {
  try {
    return Transaction.from(bytes);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** A transaction that is on chain as failed is over: the next attempt makes another. */
async function forgetIfFailed<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WalletError && error.code === 'TRANSACTION_FAILED') {
      rmSync(path, { force: true });
    }
    throw error;
  }
}

function readPending(path: string): SignedTransaction | undefined {
  const text = readTextFile(path);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as { transaction?: unknown; signature?: unknown };
    if (typeof value.transaction !== 'string' || typeof value.signature !== 'string') {
      throw new TypeError('fields are missing');
    }
    return { bytes: fromBase64(value.transaction), signature: value.signature };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): CommitteeError {
  return new CommitteeError(
    'COMMITTEE_STATE',
    `${path} cannot be read; look on chain whether its transaction was executed, then delete it`,
    { cause },
  );
}
