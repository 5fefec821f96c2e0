/** One large operation of one library in a process of its own; started by memory.ts. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { SealClient as ReferenceClient, SessionKey as ReferenceSession } from '@mysten/seal';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { SealClient, SessionKey } from '@seal-ts/sdk';
import { answerParent } from './child.ts';
import {
  approval,
  ClientWorld,
  identityOf,
  PACKAGE,
  USER,
  withKnownResponseKey,
} from './client-world.ts';
import { cpuMs } from './sampling.ts';

const LARGE_BYTES = 64 * 1024 * 1024;
const SMALL_BYTES = 1024;
const [THRESHOLD, SERVERS] = [2, 3];
const MIB = 1024 * 1024;
const SETTLE_MS = 100;
const STATUS = '/proc/self/status';
/** Writing this to `clear_refs` sets the kernel's high-water mark back to the present size. */
const RESET_PEAK = '5';

export interface MemoryTask {
  readonly operation: 'encrypt' | 'decrypt';
  readonly library: 'ours' | 'reference';
  /** What to decrypt; where to leave what was encrypted. */
  readonly file?: string;
}

export interface MemoryResult {
  readonly cpuMs: number;
  /** Beyond what the process held, its input included, before the operation. */
  readonly peakMiB: number;
}

const world = new ClientWorld(nobleEngine, THRESHOLD, SERVERS);
const id = identityOf(0);
const target = { threshold: THRESHOLD, packageId: PACKAGE, id };
const txBytes = await approval(id);
const sessionOptions = {
  address: USER.toSuiAddress(),
  packageId: PACKAGE,
  ttlMin: 30,
  signer: USER,
};
world.serve(world.answersFor(id));
answerParent({ run });

async function run({ operation, library, file }: MemoryTask): Promise<MemoryResult> {
  const client = await (library === 'ours' ? ourClient() : referenceClient());
  // What is compiled and cached by a first small operation is not the large one's memory.
  const { encryptedObject: small } = await client.encrypt(new Uint8Array(SMALL_BYTES));
  await client.decrypt(small);
  if (operation === 'encrypt') {
    const data = new Uint8Array(LARGE_BYTES).fill(0x5e);
    const { result, ...measured } = await measure(() => client.encrypt(data));
    if (file !== undefined) writeFileSync(file, result.encryptedObject);
    return measured;
  }
  const data = readWhole(file as string);
  const { result, ...measured } = await measure(() => client.decrypt(data));
  if (result.length !== LARGE_BYTES) throw new RangeError(`${library} decrypted wrongly`);
  return measured;
}

/** Without a second copy that would be counted as held before the operation. */
function readWhole(file: string): Uint8Array {
  const handle = openSync(file, 'r');
  try {
    const data = new Uint8Array(fstatSync(handle).size);
    for (let at = 0; at < data.length; ) at += readSync(handle, data, at, data.length - at, null);
    return data;
  } finally {
    closeSync(handle);
  }
}

interface SmallClient {
  encrypt(data: Uint8Array): Promise<{ encryptedObject: Uint8Array }>;
  decrypt(data: Uint8Array): Promise<Uint8Array>;
}

async function ourClient(): Promise<SmallClient> {
  const { suiClient, configs, fetch } = world;
  const client = new SealClient({ suiClient, serverConfigs: configs, fetch });
  const session = await SessionKey.create({ ...sessionOptions, suiClient });
  const sessionKey = withKnownResponseKey(session, nobleEngine);
  return {
    encrypt: (data) => client.encrypt({ ...target, data }),
    decrypt: (data) => client.decrypt({ data, sessionKey, txBytes }),
  };
}

async function referenceClient(): Promise<SmallClient> {
  const { suiClient, configs, fetch } = world;
  const client = new ReferenceClient({ suiClient, serverConfigs: configs, fetch });
  const session = await ReferenceSession.create({ ...sessionOptions, suiClient });
  const sessionKey = withKnownResponseKey(session, nobleEngine);
  return {
    encrypt: (data) => client.encrypt({ ...target, data }),
    decrypt: (data) => client.decrypt({ data, sessionKey, txBytes }),
  };
}

async function measure<T>(operation: () => Promise<T>): Promise<{ result: T } & MemoryResult> {
  globalThis.gc?.();
  // What the collector gives back, it gives back on another thread.
  await pause(SETTLE_MS);
  const before = resetPeak();
  let result: T | undefined;
  const ms = await cpuMs(async () => {
    result = await operation();
  });
  const peakMiB = (peakBytes() - before) / MIB;
  return { result: result as T, cpuMs: ms, peakMiB };
}

/** Bytes held now; the kernel's peak starts from here where it can be set back (Linux). */
function resetPeak(): number {
  const { rss } = process.memoryUsage;
  try {
    writeFileSync('/proc/self/clear_refs', RESET_PEAK);
  } catch {
    // Elsewhere the peak counts from the start of the process, which is above zero and below this.
  }
  return rss();
}

function peakBytes(): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(STATUS, 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
