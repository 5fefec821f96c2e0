/**
 * Compiles the Move framework (0x1, 0x2, 0x3) into `framework/build/`. Run by set-up.
 *
 *   build-framework.ts [--if-changed]
 *
 * With `--if-changed` nothing is done when sources and compiler are those of the last build.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import {
  compilePackage,
  compilerVersion,
  formatDiagnostic,
  isMoveBuildError,
  type MoveFiles,
  memoryReader,
  stripTestAttributes,
  withoutTestFolder,
} from '@seal-ts/move-build';
import {
  FRAMEWORK_FILE_VERSION,
  type FrameworkFile,
  type FrameworkKind,
  frameworkFileUrl,
  frameworkSources,
  suiSystemSources,
} from '../src/framework.ts';
import {
  FRAMEWORK_STD_PATH,
  frameworkManifest,
  SUI_SYSTEM_ID,
  SUI_SYSTEM_MANIFEST,
  type SystemPackage,
  systemAddress,
} from '../src/framework-manifest.ts';

const SYSTEM_PACKAGES: readonly SystemPackage[] = ['std', 'sui'];

interface Sources {
  readonly std: MoveFiles;
  readonly sui: MoveFiles;
  readonly suiSystem: MoveFiles;
}

async function compile(
  kind: FrameworkKind,
  sources: Sources,
  inputs: string,
): Promise<FrameworkFile> {
  const packages: { id: string; modules: string[] }[] = [];
  const add = async (id: string, packagePath: string, files: MoveFiles) => {
    const compiled = await compilePackage({
      packagePath,
      reader: memoryReader({ [packagePath]: files, [FRAMEWORK_STD_PATH]: sources.std }),
      framework: sources,
      mode: 'unpublished',
      silenceWarnings: kind === 'test',
    });
    for (const warning of compiled.warnings) {
      process.stderr.write(`framework ${packagePath}: ${formatDiagnostic(warning)}\n`);
    }
    const modules = compiled.modules.map(({ bytes }) => Buffer.from(bytes).toString('base64'));
    packages.push({ id, modules });
  };
  for (const name of SYSTEM_PACKAGES) {
    const files = { ...sources[name], 'Move.toml': frameworkManifest(name) };
    await add(systemAddress(name), name, files);
  }
  if (kind === 'plain') {
    const files = { ...sources.suiSystem, 'Move.toml': SUI_SYSTEM_MANIFEST };
    await add(SUI_SYSTEM_ID, 'sui_system', files);
  }
  return { version: FRAMEWORK_FILE_VERSION, inputs, packages };
}

/** Everything that decides the output: sources, compiler, and this script's own rules. */
async function hashInputs(sources: Sources): Promise<string> {
  const hash = createHash('sha256');
  const rules = await readFile(new URL(import.meta.url), 'utf8');
  hash.update(JSON.stringify([FRAMEWORK_FILE_VERSION, await compilerVersion(), rules]));
  for (const files of [sources.std, sources.sui, sources.suiSystem]) {
    for (const path of Object.keys(files).sort()) hash.update(JSON.stringify([path, files[path]]));
  }
  return hash.digest('hex');
}

async function isCurrent(kind: FrameworkKind, inputs: string): Promise<boolean> {
  try {
    const file = JSON.parse(await readFile(frameworkFileUrl(kind), 'utf8')) as FrameworkFile;
    return file.inputs === inputs && file.version === FRAMEWORK_FILE_VERSION;
  } catch {
    return false;
  }
}

async function write(kind: FrameworkKind, file: FrameworkFile): Promise<void> {
  const target = frameworkFileUrl(kind);
  await mkdir(new URL('.', target), { recursive: true });
  const temporary = new URL(`${target.href}.${process.pid}`);
  await writeFile(temporary, JSON.stringify(file));
  await rename(temporary, target);
}

async function main(): Promise<void> {
  const sources = { ...(await frameworkSources()), suiSystem: await suiSystemSources() };
  const inputs = await hashInputs(sources);
  const onlyIfChanged = process.argv.includes('--if-changed');
  const kinds: [FrameworkKind, (files: MoveFiles) => MoveFiles][] = [
    ['plain', (files) => files],
    ['test', (files) => stripTestAttributes(withoutTestFolder(files)).files],
  ];
  for (const [kind, prepare] of kinds) {
    if (onlyIfChanged && (await isCurrent(kind, inputs))) continue;
    const prepared = {
      std: prepare(sources.std),
      sui: prepare(sources.sui),
      suiSystem: sources.suiSystem,
    };
    await write(kind, await compile(kind, prepared, inputs));
  }
}

try {
  await main();
} catch (error) {
  if (!isMoveBuildError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
