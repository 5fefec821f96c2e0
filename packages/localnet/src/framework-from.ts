/**
 * Runs a localnet on another framework than ours: compiled modules on disk, or the packages 0x1 and
 * 0x2 of a full node. Source: localnet.md §5. A native that our machine lacks aborts only when it
 * is called.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { isVmError, parseModule, selfId } from '@seal-ts/move-vm';
import { FrameworkError, type FrameworkPackage } from './framework.ts';
import { type SystemPackage, systemAddress } from './framework-manifest.ts';

/** Most modules of one system package. */
export const MAX_SYSTEM_MODULES = 500;
/** Most bytes of one module. */
export const MAX_SYSTEM_MODULE_BYTES = 1024 * 1024;

const FOLDERS: readonly (readonly [SystemPackage, string])[] = [
  ['std', '0x1'],
  ['sui', '0x2'],
];

/** Longest wait for one package of a full node. */
export const NODE_TIMEOUT_MS = 30_000;

const WANTED =
  'expected the gRPC URL of a full node, or a folder with compiled modules in 0x1/*.mv and 0x2/*.mv';

/** Fetches the module bytes of a package from a full node. */
export type PackageFetcher = (url: string, packageId: string) => Promise<readonly Uint8Array[]>;

/**
 * @param source an http(s) URL of a full node's gRPC, or a folder with `0x1/*.mv` and `0x2/*.mv`
 * @throws FrameworkError `FRAMEWORK_SOURCE`
 */
export async function loadFrameworkFrom(
  source: string,
  deps: { fetchPackage?: PackageFetcher } = {},
): Promise<readonly FrameworkPackage[]> {
  const fetchPackage = deps.fetchPackage ?? packageOverGrpc;
  const fromNode = /^https?:\/\//.test(source);
  const packages: FrameworkPackage[] = [];
  for (const [name, folder] of FOLDERS) {
    const id = systemAddress(name);
    const where = fromNode ? `package ${folder} of ${source}` : join(source, folder);
    const modules = await read(where, () =>
      fromNode ? fetchPackage(source, id) : modulesInFolder(where),
    );
    packages.push({ id, modules: checked(modules, id, where) });
  }
  return packages;
}

async function read(
  where: string,
  load: () => Promise<readonly Uint8Array[]>,
): Promise<readonly Uint8Array[]> {
  try {
    return await load();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FrameworkError('FRAMEWORK_SOURCE', `cannot read ${where}: ${reason}; ${WANTED}`, {
      cause,
    });
  }
}

async function modulesInFolder(folder: string): Promise<Uint8Array[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mv')).sort();
  return Promise.all(
    names
      .slice(0, MAX_SYSTEM_MODULES + 1)
      .map(async (name) => new Uint8Array(await readFile(join(folder, name)))),
  );
}

async function packageOverGrpc(url: string, packageId: string): Promise<Uint8Array[]> {
  const client = new SuiGrpcClient({ network: 'custom', baseUrl: url });
  const { response } = await client.movePackageService.getPackage(
    { packageId },
    { timeout: NODE_TIMEOUT_MS },
  );
  return (response.package?.modules ?? []).map((module) => module.contents ?? new Uint8Array());
}

function checked(modules: readonly Uint8Array[], id: string, where: string): readonly Uint8Array[] {
  const bad = (why: string, cause?: unknown) =>
    new FrameworkError('FRAMEWORK_SOURCE', `${where} ${why}; ${WANTED}`, { cause });
  if (modules.length === 0) throw bad('has no modules');
  if (modules.length > MAX_SYSTEM_MODULES) throw bad(`has more than ${MAX_SYSTEM_MODULES} modules`);
  for (const module of modules) {
    if (module.length > MAX_SYSTEM_MODULE_BYTES) {
      throw bad(`has a module of more than ${MAX_SYSTEM_MODULE_BYTES} bytes`);
    }
    const address = addressOf(module, (error) => {
      throw bad(`has a module that this machine cannot read (${error.message})`, error);
    });
    if (address !== id) throw bad(`has a module of ${address}, not of ${id}`);
  }
  return modules;
}

function addressOf(module: Uint8Array, unreadable: (error: Error) => never): string {
  try {
    return selfId(parseModule(module)).address;
  } catch (error) {
    if (isVmError(error)) return unreadable(error);
    throw error;
  }
}
