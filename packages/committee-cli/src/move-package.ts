/**
 * Compiling `seal_committee`: the folder of the working directory first, then the copy that comes with
 * this tool. The package links to the network's `seal` (seal-protocol.md §6.3.7).
 */
import { existsSync } from 'node:fs';
import { basename, join, parse, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isChainError, type ServerChain } from '@seal-ts/chain';
import { type CompiledPackage, compilePackage, type PublishedPackage } from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { NETWORKS, type NetworkName } from '@seal-ts/protocol';
import type { CliDeps } from './deps.ts';
import { CommitteeError } from './errors.ts';

export const DEFAULT_PACKAGE_PATH = 'move/committee';
/** In the repository, and in the published npm package. */
const CARRIED = ['../../../move/committee', '../move/committee'];

/** Folder of the package, for messages and the compiler. */
export function packageFolder(deps: CliDeps, path: string | undefined): string {
  const given = resolve(deps.cwd, path ?? DEFAULT_PACKAGE_PATH);
  if (existsSync(join(given, 'Move.toml'))) return given;
  if (path === undefined) {
    const carried = CARRIED.map((item) => fileURLToPath(new URL(item, import.meta.url)));
    const found = carried.find((item) => existsSync(join(item, 'Move.toml')));
    if (found !== undefined) return found;
  }
  throw new CommitteeError(
    'COMMITTEE_BAD_OPTION',
    `there is no Move package in ${given}; name its folder with --package-path`,
  );
}

/** The name that `package-digest` prints. */
export const folderName = (folder: string): string => basename(folder);

/** Errors: COMMITTEE_CONFIG when it is unknown where `seal` is; MoveBuildError. */
export async function compileCommittee(
  deps: CliDeps,
  folder: string,
  seal: PublishedPackage,
): Promise<CompiledPackage> {
  const workspace = parse(folder).root;
  return compilePackage({
    packagePath: relative(workspace, folder).split(sep).join('/'),
    reader: directoryReader(workspace),
    framework: await deps.framework(),
    published: { seal },
  });
}

/**
 * Where `seal` is on a network: the table's row, or the id that was given.
 * @param chain asked for the first version of a given id
 */
export async function sealPublication(
  network: NetworkName,
  given: string | undefined,
  chain: () => ServerChain,
): Promise<PublishedPackage> {
  if (given !== undefined) {
    return { publishedAt: given, originalId: await originalOf(chain(), given, network) };
  }
  const row = NETWORKS[network].seal;
  if (row !== undefined) return { publishedAt: row.latest, originalId: row.original };
  throw new CommitteeError(
    'COMMITTEE_CONFIG',
    `the package seal has no fixed address on ${network}; give it with --seal-package, or as ` +
      'SEAL_PKG in init-params of dkg.yaml',
  );
}

async function originalOf(chain: ServerChain, given: string, network: string): Promise<string> {
  try {
    return await chain.packageOriginalId(given);
  } catch (cause) {
    if (!isChainError(cause) || !['NOT_FOUND', 'NOT_A_PACKAGE'].includes(cause.code)) throw cause;
    throw new CommitteeError(
      'COMMITTEE_CONFIG',
      `${given} is no package on ${network}; SEAL_PKG (or --seal-package) is the id of the package seal`,
      { cause },
    );
  }
}
