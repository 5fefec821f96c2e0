/** localnet §5: a chain on another framework than ours, from a folder or from another node. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { compilePackage, memoryReader } from '@seal-ts/move-build';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameworkSources, loadFramework } from '../../src/framework.ts';
import {
  FRAMEWORK_STD_PATH,
  frameworkManifest,
  systemAddress,
} from '../../src/framework-manifest.ts';
import { type Localnet, startLocalnet } from '../../src/rpc/start.ts';

/** What our framework does not have: a module of its own, and a native that no machine knows. */
const EXTRA = `module sui::extra;
public fun answer(): u64 { 42 }
public fun unknown(): u64 { unknown_native() }
native fun unknown_native(): u64;
`;

const SENDER = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7)).toSuiAddress();
const SUI = systemAddress('sui');

let root = '';
let framework = '';
let first: Localnet;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'framework-from-'));
  framework = join(root, 'framework');
  const [std] = await loadFramework();
  await writeModules('0x1', std!.modules);
  await writeModules('0x2', await otherSui());
  first = await startLocalnet({ frameworkFrom: framework });
});
afterAll(async () => {
  await first.close();
  await rm(root, { recursive: true });
});

async function otherSui(): Promise<readonly Uint8Array[]> {
  const sources = await frameworkSources();
  const sui = {
    ...sources.sui,
    'Move.toml': frameworkManifest('sui'),
    'sources/extra.move': EXTRA,
  };
  const { modules } = await compilePackage({
    packagePath: 'sui',
    reader: memoryReader({ sui, [FRAMEWORK_STD_PATH]: sources.std }),
    framework: { ...sources, sui },
    mode: 'unpublished',
    silenceWarnings: true,
  });
  return modules.map(({ bytes }) => bytes);
}

async function writeModules(name: string, modules: readonly Uint8Array[]): Promise<void> {
  await mkdir(join(framework, name), { recursive: true });
  for (const [i, bytes] of modules.entries()) {
    await writeFile(join(framework, name, `${i}.mv`), bytes);
  }
}

async function call(net: Localnet, name: string) {
  const client = new SuiGrpcClient({ network: 'localnet', baseUrl: net.url });
  const transaction = new Transaction();
  transaction.setSender(SENDER);
  transaction.moveCall({ target: `0x2::extra::${name}` });
  return client.simulateTransaction({ transaction, include: { commandResults: true } });
}

async function expectOtherFramework(net: Localnet): Promise<void> {
  const { commandResults } = await call(net, 'answer');
  expect(commandResults?.[0]?.returnValues[0]?.bcs).toEqual(
    new Uint8Array([42, 0, 0, 0, 0, 0, 0, 0]),
  );
}

describe('a chain on another framework', () => {
  it('runs what a folder holds', () => expectOtherFramework(first));

  it('fails a call of a native that this machine lacks, and says which', async () => {
    const { FailedTransaction } = await call(first, 'unknown');
    expect(FailedTransaction?.status.error?.message).toBe(
      "MoveAbort in 1st command, abort code: 121364843951717, in '" +
        `${SUI}::extra::unknown_native' (instruction 0)`,
    );
  });

  it('runs what another node has', async () => {
    const second = await startLocalnet({ frameworkFrom: first.url });
    await expectOtherFramework(second);
    const modules = ({ ledger }: Localnet) => ledger.package(SUI)?.modules;
    expect(modules(second)).toEqual(modules(first));
    await second.close();
  });

  it('keeps it across restarts, without the source', async () => {
    const dataDir = join(root, 'chain');
    const made = await startLocalnet({ dataDir, frameworkFrom: framework });
    await made.close();
    const kept = await startLocalnet({ dataDir, frameworkFrom: join(root, 'gone') });
    expect(kept.chainId).toBe(made.chainId);
    await expectOtherFramework(kept);
    await kept.close();
  });

  it('does not start on a source that is none', async () => {
    await expect(startLocalnet({ frameworkFrom: join(root, 'gone') })).rejects.toMatchObject({
      code: 'FRAMEWORK_SOURCE',
    });
    await expect(startLocalnet({ frameworkFrom: 'http://127.0.0.1:1' })).rejects.toThrow(
      'cannot read package 0x1 of http://127.0.0.1:1: ',
    );
  });
});
