/**
 * Compiles Move source for the tests of `binary` and `verify`: the pinned compiler with a framework
 * of a few functions, so that these tests depend on nothing else in the repository.
 */
import { dumpMovePackage, MovePackageFetcher } from '@zktx.io/sui-move-builder/full';
import { STD_SOURCES, SUI_SOURCES } from './framework-sources.ts';

const REVISION = 'tests';

class TinyFramework extends MovePackageFetcher {
  override async fetch(
    _url: string,
    _revision: string,
    folder?: string,
  ): Promise<Record<string, string>> {
    if (folder?.endsWith('move-stdlib')) return { ...STD_SOURCES };
    if (folder?.endsWith('sui-framework')) return { ...SUI_SOURCES };
    throw new Error(`no sources for ${folder ?? 'a package'}`);
  }

  override fetchLocal = async (path: string): Promise<Record<string, string>> =>
    this.fetch('', REVISION, path);

  override async fetchFile(): Promise<null> {
    return null;
  }

  override getResolvedSha(): string {
    return REVISION;
  }
}

export interface CompiledPackage {
  /** In the order of the compiler. */
  modules: Uint8Array[];
  dependencies: string[];
  digest: Uint8Array;
}

/** Compiles `sources` (module file name to text) as one package called `pkg`. */
export async function compile(sources: Record<string, string>): Promise<CompiledPackage> {
  return compileFiles({
    'Move.toml': '[package]\nname = "pkg"\nedition = "2024"\n\n[addresses]\npkg = "0x0"\n',
    ...Object.fromEntries(Object.entries(sources).map(([n, t]) => [`sources/${n}.move`, t])),
  });
}

/** Compiles one package of the tiny framework; its own address is still zero. */
export async function compileFramework(which: 'std' | 'sui'): Promise<CompiledPackage> {
  return compileFiles(which === 'std' ? STD_SOURCES : SUI_SOURCES);
}

async function compileFiles(files: Record<string, string>): Promise<CompiledPackage> {
  const result = await dumpMovePackage({
    files,
    fetcher: new TinyFramework(),
    silenceWarnings: true,
    ansiColor: false,
    withUnpublishedDependencies: true,
  });
  if ('error' in result) throw new Error(result.error);
  return {
    modules: result.modules.map((text) => new Uint8Array(Buffer.from(text, 'base64'))),
    dependencies: result.dependencies,
    digest: Uint8Array.from(result.digest),
  };
}
