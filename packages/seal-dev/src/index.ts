/** Starting a Seal stack from a program, for end-to-end tests of applications. */
export type { RotationRequest } from './committee/rotation.ts';
export { DevError, type DevErrorCode } from './errors.ts';
export type { Progress } from './progress.ts';
export type {
  AccountEntry,
  CommitteeEntry,
  KeyServerEntry,
  Manifest,
} from './stack/manifest.ts';
export { readManifest } from './stack/manifest.ts';
export { type Stack, type StackDeps, type StackOptions, startStack } from './stack/stack.ts';
