/**
 * The Move packages that come with the stack, and publishing a package to a chain.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Keypair } from '@mysten/sui/cryptography';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Transaction } from '@mysten/sui/transactions';
import { frameworkSources } from '@seal-ts/localnet/framework';
import {
  type CompiledPackage,
  compilePackage,
  type PublishedPackage,
  placeholderIds,
  publishPayload,
  resolvePackages,
} from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { DevError } from '../errors.ts';
import { createdObject, type Executed, run } from './transactions.ts';

/** Published packages by name, for packages that depend on them. */
export type Publications = Readonly<Record<string, PublishedPackage>>;

/** In the order in which they can be published. */
export const STACK_PACKAGES = ['seal', 'patterns', 'walrus'] as const;

/** Folder with the Move sources: the repository's, or the copy inside the published npm package. */
export function moveSources(): string {
  const candidates = ['../../../../move', '../move'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(join(path, 'seal', 'Move.toml')));
  if (found) return found;
  throw new DevError(
    'DEV_FILE',
    `the Move sources are missing: looked in ${candidates.join(', ')}`,
  );
}

/** Compiles the package in folder `packagePath` below `workspace`. */
export async function compileFrom(
  workspace: string,
  packagePath: string,
  published: Publications,
  mode: 'publish' | 'unpublished' = 'publish',
): Promise<CompiledPackage> {
  const reader = directoryReader(workspace);
  const graph = await resolvePackages(packagePath, reader);
  const linked = graph.dependencies.flatMap(({ manifest: { name } }) => {
    const ids = published[name];
    return ids ? [[name, ids] as const] : [];
  });
  const placeholders = mode === 'unpublished' ? placeholderIds(graph) : {};
  return compilePackage({
    packagePath,
    reader,
    framework: await frameworkSources(),
    published: { ...placeholders, ...Object.fromEntries(linked) },
    mode,
  });
}

export interface PublishResult extends Executed {
  readonly packageId: string;
  readonly upgradeCapId: string;
}

/** Publishes `compiled` as `signer`, who keeps the upgrade capability. */
export async function publish(
  client: SuiGrpcClient,
  signer: Keypair,
  compiled: CompiledPackage,
): Promise<PublishResult> {
  const payload = publishPayload(compiled);
  const transaction = new Transaction();
  const upgradeCap = transaction.publish({
    modules: payload.modules.map((module) => Array.from(module)),
    dependencies: [...payload.dependencies],
  });
  transaction.transferObjects([upgradeCap], signer.toSuiAddress());
  const executed = await run(client, signer, transaction, `publishing ${compiled.name}`);
  return {
    ...executed,
    packageId: createdObject(executed, (type) => type === 'package', 'package'),
    upgradeCapId: createdObject(
      executed,
      (type) => /^0x0*2::package::UpgradeCap$/.test(type),
      'upgrade capability',
    ),
  };
}

/** The publication record of a package's first version. */
export function firstVersion(packageId: string): PublishedPackage {
  return { publishedAt: packageId, originalId: packageId, version: 1 };
}

/** Publishes every package that comes with the stack. */
export async function publishAll(client: SuiGrpcClient, admin: Keypair): Promise<Publications> {
  let published: Publications = {};
  for (const name of STACK_PACKAGES) {
    const compiled = await compileFrom(moveSources(), name, published);
    const { packageId } = await publish(client, admin, compiled);
    published = { ...published, [name]: firstVersion(packageId) };
  }
  return published;
}
