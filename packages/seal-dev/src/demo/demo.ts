/**
 * The demo: a file is encrypted to an allowlist on a fresh stack, opened by a member, refused to a
 * stranger, and opened or not as key servers stop. Each step checks its outcome.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import {
  EncryptedObject,
  isSealError,
  NoAccessError,
  SealClient,
  type SealError,
  SessionKey,
} from '@seal-ts/sdk';
import { terminal } from '../cli/output.ts';
import { DevError, messageOf } from '../errors.ts';
import type { Manifest } from '../stack/manifest.ts';
import { Allowlist } from './allowlist.ts';
import { describeObject, describeRefusal, describeShares } from './describe.ts';
import { mustHold, Script } from './script.ts';
import { StackProcess } from './stack-process.ts';

export interface DemoOptions {
  readonly file: string | undefined;
  readonly dir: string | undefined;
  readonly keep: boolean;
}

const THRESHOLD = 2;
const SESSION_MINUTES = 10;

/** Runs the demo. Errors: DEV_DEMO_FAILED when a step did not do what it should. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const file = options.file ?? samplePicture();
  const content = readFile(file);
  const script = new Script((text) => process.stdout.write(text));
  const stack = await script.step('Start a chain and three key servers', () =>
    StackProcess.start(options.dir),
  );
  const release = stopOnSignal(stack);
  let kept = false;
  try {
    await tell(script, stack, { name: basename(file), content });
    if (options.keep) {
      await stack.keep();
      kept = true;
      script.detail(`\nThe stack goes on: ${stack.manifest.chain.rpcUrl}`);
      script.detail(`stop it with: seal-dev down --dir ${stack.dir}`);
    }
  } finally {
    release();
    if (!kept) await stack.stop().catch((error) => terminal.note(messageOf(error)));
  }
  script.end('Every step did what it should.');
}

interface Plain {
  readonly name: string;
  readonly content: Uint8Array;
}

async function tell(script: Script, stack: StackProcess, plain: Plain): Promise<void> {
  const { manifest } = stack;
  const rpc = new SuiGrpcClient({ network: 'localnet', baseUrl: manifest.chain.rpcUrl });
  const admin = account(manifest, 'admin');
  const alice = account(manifest, 'alice');
  const stranger = account(manifest, 'bob');
  for (const server of manifest.keyServers) {
    script.detail(`${server.name} at ${server.url}, object ${short(server.objectId)}`);
  }

  const list = await script.step(
    'Publish who may read: an allowlist on chain, with Alice on it',
    async () => {
      const created = await Allowlist.create(rpc, admin, manifest.packages.walrus);
      await created.change('add', alice.toSuiAddress());
      return created;
    },
  );
  script.detail(`allowlist ${short(list.objectId)}, policy ${short(list.packageId)}::allowlist`);

  const id = list.identity(randomBytes(5));
  const sealed = await script.step(
    `Encrypt ${plain.name}, ${THRESHOLD} of 3 key servers`,
    async () => {
      const { encryptedObject } = await client(rpc, manifest).encrypt({
        threshold: THRESHOLD,
        packageId: list.packageId,
        id,
        data: plain.content,
      });
      return encryptedObject;
    },
  );
  script.detail(describeObject(EncryptedObject.parse(sealed), manifest, plain.content, sealed));

  const open = async (as: Ed25519Keypair): Promise<Uint8Array> => {
    const sessionKey = await SessionKey.create({
      address: as.toSuiAddress(),
      packageId: list.packageId,
      ttlMin: SESSION_MINUTES,
      signer: as,
      suiClient: rpc,
    });
    const txBytes = await list.approval(id);
    return client(rpc, manifest).decrypt({ data: sealed, sessionKey, txBytes });
  };
  const opensAs = async (as: Ed25519Keypair) => {
    const opened = await open(as);
    mustHold(Buffer.compare(opened, plain.content) === 0, 'the opened bytes differ');
  };

  await script.step('Open it as Alice', () => opensAs(alice));
  script.detail(`${plain.content.length} bytes, equal to the original`);

  const refusal = await script.refused(
    'Try as Bob, who is not on the list',
    () => open(stranger),
    denied,
  );
  script.detail(describeRefusal(refusal));

  await list.change('remove', alice.toSuiAddress());
  const removed = await script.refused('Remove Alice and try as Alice', () => open(alice), denied);
  script.detail(describeRefusal(removed));

  await list.change('add', alice.toSuiAddress());
  const [first, second] = manifest.keyServers;
  mustHold(first !== undefined && second !== undefined, 'the stack has too few key servers');
  await stack.control.setKeyServer(first.name, false);
  await script.step(`Put Alice back, stop ${first.name}, open again`, () => opensAs(alice));
  script.detail('two of three are enough');

  await stack.control.setKeyServer(second.name, false);
  const failed = await script.refused(`Stop ${second.name} too`, () => open(alice), unreachable);
  script.detail(`refused: ${THRESHOLD} of 3 are needed, and these did not answer:`);
  script.detail(describeShares(failed, manifest));

  await script.step('Start both again, open again', async () => {
    await stack.control.setKeyServer(first.name, true);
    await stack.control.setKeyServer(second.name, true);
    await opensAs(alice);
  });
}

/** A client without anything cached: every step asks the key servers anew. */
function client(rpc: SuiGrpcClient, manifest: Manifest): SealClient {
  return new SealClient({
    suiClient: rpc,
    serverConfigs: manifest.keyServers.map(({ objectId }) => ({ objectId, weight: 1 })),
    verifyKeyServers: false,
  });
}

function denied(error: unknown): error is NoAccessError {
  return error instanceof NoAccessError;
}

function unreachable(error: unknown): error is SealError {
  return isSealError(error) && error.code === 'SEAL_THRESHOLD_UNREACHABLE';
}

function account(manifest: Manifest, name: string): Ed25519Keypair {
  const entry = manifest.accounts.find((candidate) => candidate.name === name);
  mustHold(entry !== undefined, `the manifest has no account ${name}`);
  return Ed25519Keypair.fromSecretKey(entry.privateKey);
}

function short(id: string): string {
  return `${id.slice(0, 8)}…${id.slice(-4)}`;
}

function samplePicture(): string {
  return fileURLToPath(new URL('../../../../examples/seal.png', import.meta.url));
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new DevError(
      'DEV_FILE',
      `cannot read ${path}: ${messageOf(error)}. Give the path of a readable file.`,
      { cause: error },
    );
  }
}

function stopOnSignal(stack: StackProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = () => {
    terminal.note('\nstopping');
    stack
      .stop()
      .catch(() => {})
      .finally(() => process.exit(130));
  };
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}
