/**
 * The compiler itself: the Sui Move compiler as WebAssembly (npm `@zktx.io/sui-move-builder`). This
 * file is its only user. It asks a fetcher for git packages; ours answers with the framework
 * sources and refuses everything else, so that no build ever reaches the network.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  dumpMovePackage,
  getPinnedSuiVersion,
  type MovePackageFailure,
  MovePackageFetcher,
  type MovePackageInput,
  type MovePackageSuccess,
  prepareMovePackageUpgrade,
} from '@zktx.io/sui-move-builder';
import { parseDiagnostics } from './diagnostics.ts';
import { MoveBuildError } from './errors.ts';
import { RecentResults } from './recent-results.ts';
import type { FrameworkSources, MoveFiles } from './source.ts';
import { withoutTestFolder } from './test-source.ts';

/** What one run of the compiler gets: everything is resolved already. */
export interface CompilerJob {
  readonly rootFiles: MoveFiles;
  /**
   * Files of each local dependency by the path the compiler will ask for (relative to the root).
   */
  readonly localFiles: ReadonlyMap<string, MoveFiles>;
  readonly framework: FrameworkSources;
  readonly modes: readonly string[];
  readonly silenceWarnings: boolean;
}

/** Version of the Sui toolchain inside the WebAssembly, for example `1.71.1`. */
export function compilerVersion(): Promise<string> {
  return getPinnedSuiVersion();
}

type Intent = 'dump' | 'upgrade';

/** Results kept: members of a committee on one machine build the same package over and over. */
const RECENT_RESULTS = 4;
const recent = new RecentResults<MovePackageSuccess>(RECENT_RESULTS);

/**
 * Runs the compiler, or answers what it gave for the very same sources a moment ago.
 * @throws MoveBuildError `MOVE_BUILD_COMPILE` with diagnostics
 */
export function runCompiler(job: CompilerJob, intent: Intent): Promise<MovePackageSuccess> {
  return recent.get(keyOf(job, intent), () => compile(job, intent));
}

/** Equal for equal inputs, down to the text of every file. */
function keyOf(job: CompilerJob, intent: Intent): string {
  const { rootFiles, localFiles, framework, modes, silenceWarnings } = job;
  const sorted = (files: MoveFiles) => Object.entries(files).sort(byName);
  const local = [...localFiles].map(([path, files]) => [path, sorted(files)] as const);
  const text = JSON.stringify([
    intent,
    sorted(rootFiles),
    local.sort(byName),
    sorted(framework.std),
    sorted(framework.sui),
    modes,
    silenceWarnings,
  ]);
  return bytesToHex(blake2b(new TextEncoder().encode(text), { dkLen: 32 }));
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
  a < b ? -1 : 1;

async function compile(job: CompilerJob, intent: Intent): Promise<MovePackageSuccess> {
  const input = compilerInput(job);
  const result =
    intent === 'upgrade' ? await prepareMovePackageUpgrade(input) : await dumpMovePackage(input);
  if ('error' in result) throw failure(result);
  return result;
}

/** The compiler's input for a job; shared with the test runner of the full build. */
export function compilerInput(job: CompilerJob): MovePackageInput {
  return {
    files: { ...job.rootFiles },
    fetcher: new OfflineFetcher(job),
    modes: [...job.modes],
    silenceWarnings: job.silenceWarnings,
    ansiColor: false,
    // A dependency without an on-chain id is compiled at address 0; compilePackage decides whether
    // that is allowed, with an error that names it.
    withUnpublishedDependencies: true,
  };
}

/** Turns the compiler's failure record into our error. */
export function failure(result: MovePackageFailure): MoveBuildError {
  if (result.category === 'compile') {
    const diagnostics = parseDiagnostics(result.error);
    return new MoveBuildError('MOVE_BUILD_COMPILE', `Move compilation failed\n${result.error}`, {
      diagnostics,
    });
  }
  return new MoveBuildError(
    'MOVE_BUILD_COMPILER',
    `the Move compiler stopped at ${result.category ?? 'an unknown stage'}: ${result.error}`,
  );
}

class OfflineFetcher extends MovePackageFetcher {
  readonly #job: CompilerJob;

  constructor(job: CompilerJob) {
    super();
    this.#job = job;
    this.fetchLocal = async (path) => {
      const files = this.#job.localFiles.get(path);
      if (!files) throw unexpected(`local package "${path}"`);
      return { ...files };
    };
  }

  override async fetch(
    url: string,
    _revision: string,
    folder?: string,
  ): Promise<Record<string, string>> {
    const { std, sui } = this.#job.framework;
    // Tests of a dependency are never run, but they would be compiled: half of all the time.
    if (folder?.endsWith('/move-stdlib')) return withoutTestFolder(std);
    if (folder?.endsWith('/sui-framework')) return withoutTestFolder(sui);
    throw unexpected(`${url} ${folder ?? ''}`);
  }

  override async fetchFile(): Promise<null> {
    return null;
  }

  override getResolvedSha(_url: string, revision: string): string {
    return revision;
  }
}

function unexpected(what: string): MoveBuildError {
  return new MoveBuildError(
    'MOVE_BUILD_UNSUPPORTED_DEPENDENCY',
    `the compiler asked for ${what}, which is neither local nor the Sui framework`,
  );
}
