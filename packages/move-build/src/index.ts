/** Move compiler without network or file system: packages in, bytecode and payloads out. */
export {
  type CompiledModule,
  type CompiledPackage,
  type CompileMode,
  type CompileOptions,
  compilePackage,
} from './compile.ts';
export { compilerVersion } from './compiler.ts';
export { formatDiagnostic, type MoveDiagnostic, parseDiagnostics } from './diagnostics.ts';
export { packageDigest } from './digest.ts';
export { isMoveBuildError, MoveBuildError, type MoveBuildErrorCode } from './errors.ts';
export { type MoveDependency, type MoveManifest, parseManifest } from './manifest.ts';
export { type ModuleHeader, type ModuleId, readModuleHeader } from './module-header.ts';
export {
  type PublishPayload,
  publishPayload,
  type UpgradePayload,
  upgradePayload,
} from './payload.ts';
export { type PublishedPackage, placeholderIds } from './publication.ts';
export { type PackageGraph, type ResolvedPackage, resolvePackages } from './resolve.ts';
export {
  type FrameworkSources,
  type MoveFiles,
  memoryReader,
  type PackageReader,
} from './source.ts';
export { formatOutcome, type TestOutcome } from './test-outcome.ts';
export {
  type ExpectedFailure,
  type MoveTest,
  type StrippedSources,
  stripTestAttributes,
  withoutTestFolder,
} from './test-source.ts';
