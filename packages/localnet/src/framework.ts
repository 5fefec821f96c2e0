/**
 * The system packages 0x1, 0x2 and 0x3 that every localnet starts with: our own Move sources in
 * `framework/`, compiled once by `tools/build-framework.ts` into one file. Source: localnet.md §5.
 */
import { readFile } from 'node:fs/promises';
import type { FrameworkSources, MoveFiles } from '@seal-ts/move-build';
import { readPackageFolder } from '@seal-ts/move-build/node';

/** A system package as compiled bytes. */
export interface FrameworkPackage {
  /** `0x` + 64 hex digits. */
  readonly id: string;
  /** Module bytes, each after those it uses. */
  readonly modules: readonly Uint8Array[];
}

export type FrameworkErrorCode = 'FRAMEWORK_NOT_BUILT' | 'FRAMEWORK_MALFORMED' | 'FRAMEWORK_SOURCE';

export class FrameworkError extends Error {
  override readonly name = 'FrameworkError';
  readonly code: FrameworkErrorCode;

  constructor(code: FrameworkErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * `plain` runs on a chain; `test` also holds the `#[test_only]` parts, for the Move test runner, and
 * only what packages compile against (0x1 and 0x2).
 */
export type FrameworkKind = 'plain' | 'test';

/** Raised when the shape of the file changes. */
export const FRAMEWORK_FILE_VERSION = 1;

/** What `tools/build-framework.ts` writes, as JSON. */
export interface FrameworkFile {
  readonly version: typeof FRAMEWORK_FILE_VERSION;
  /** SHA-256 over the sources and the compiler version, hex. */
  readonly inputs: string;
  /** Dependencies first. */
  readonly packages: readonly { readonly id: string; readonly modules: readonly string[] }[];
}

const FOLDER = new URL('../framework/', import.meta.url);

/** Where the compiled framework of a kind lies. */
export function frameworkFileUrl(kind: FrameworkKind): URL {
  return new URL(`build/${kind}.json`, FOLDER);
}

/**
 * Compiled packages, dependencies first.
 * @throws FrameworkError `FRAMEWORK_NOT_BUILT` when set-up has not run, `FRAMEWORK_MALFORMED` when
 * the file is not what set-up writes
 */
export async function loadFramework(
  options: { kind?: FrameworkKind; file?: URL } = {},
): Promise<readonly FrameworkPackage[]> {
  const file = options.file ?? frameworkFileUrl(options.kind ?? 'plain');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FrameworkError(
      'FRAMEWORK_NOT_BUILT',
      `the compiled Move framework is not at ${file.pathname}; run: npm run setup`,
      { cause },
    );
  }
  return decode(text, file);
}

/** Move sources of the framework, as the compiler wants them. */
export async function frameworkSources(): Promise<FrameworkSources> {
  const [std, sui] = await Promise.all([
    readPackageFolder(packageFolder('std')),
    readPackageFolder(packageFolder('sui')),
  ]);
  return { std, sui };
}

/** Move sources of the package 0x3. */
export function suiSystemSources(): Promise<MoveFiles> {
  return readPackageFolder(packageFolder('sui_system'));
}

function packageFolder(name: string): string {
  return decodeURIComponent(new URL(name, FOLDER).pathname);
}

function decode(text: string, file: URL): FrameworkPackage[] {
  const malformed = (why: string, cause?: unknown) =>
    new FrameworkError(
      'FRAMEWORK_MALFORMED',
      `${file.pathname} ${why}; delete it and run: npm run setup`,
      { cause },
    );
  let content: Partial<FrameworkFile>;
  try {
    content = JSON.parse(text) as Partial<FrameworkFile>;
  } catch (cause) {
    throw malformed('is not JSON', cause);
  }
  if (content.version !== FRAMEWORK_FILE_VERSION || !Array.isArray(content.packages)) {
    throw malformed(`is not of version ${FRAMEWORK_FILE_VERSION}`);
  }
  return content.packages.map(({ id, modules }) => {
    if (!/^0x[0-9a-f]{64}$/.test(id) || !Array.isArray(modules) || modules.length === 0) {
      throw malformed('has a package without id or modules');
    }
    return { id, modules: modules.map((module) => new Uint8Array(Buffer.from(module, 'base64'))) };
  });
}
