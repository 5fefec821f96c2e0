/**
 * Compiles the Move framework (0x1, 0x2) into `framework/build/`. Run by set-up.
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
} from '../src/framework.ts';
import {
  FRAMEWORK_STD_PATH,
  frameworkManifest,
  type SystemPackage,
  systemAddress,
} from '../src/framework-manifest.ts';

const SYSTEM_PACKAGES: readonly SystemPackage[] = ['std', 'sui'];

async function compile(
  kind: FrameworkKind,
  sources: { std: MoveFiles; sui: MoveFiles },
  inputs: string,
): Promise<FrameworkFile> {
  const packages: { id: string; modules: string[] }[] = [];
  for (const name of SYSTEM_PACKAGES) {
    const files = { ...sources[name], 'Move.toml': frameworkManifest(name) };
    const compiled = await compilePackage({
      packagePath: name,
      reader: memoryReader({ [name]: files, [FRAMEWORK_STD_PATH]: sources.std }),
      framework: sources,
      mode: 'unpublished',
      silenceWarnings: kind === 'test',
    });
    for (const warning of compiled.warnings) {
      process.stderr.write(`framework ${name}: ${formatDiagnostic(warning)}\n`);
    }
    packages.push({
      id: systemAddress(name),
      modules: compiled.modules.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
    });
  }
  return { version: FRAMEWORK_FILE_VERSION, inputs, packages };
}

/** Everything that decides the output: sources, compiler, and this script's own rules. */
async function hashInputs(sources: { std: MoveFiles; sui: MoveFiles }): Promise<string> {
  const hash = createHash('sha256');
  const rules = await readFile(new URL(import.meta.url), 'utf8');
  hash.update(JSON.stringify([FRAMEWORK_FILE_VERSION, await compilerVersion(), rules]));
  for (const files of [sources.std, sources.sui]) {
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
  const sources = await frameworkSources();
  const inputs = await hashInputs(sources);
  const onlyIfChanged = process.argv.includes('--if-changed');
  const kinds: [FrameworkKind, (files: MoveFiles) => MoveFiles][] = [
    ['plain', (files) => files],
    ['test', (files) => stripTestAttributes(withoutTestFolder(files)).files],
  ];
  for (const [kind, prepare] of kinds) {
    if (onlyIfChanged && (await isCurrent(kind, inputs))) continue;
    const prepared = { std: prepare(sources.std), sui: prepare(sources.sui) };
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
