/** Starting a Seal stack from a program, for end-to-end tests of applications. */
export { DevError, type DevErrorCode } from './errors.ts';
export type { AccountEntry, KeyServerEntry, Manifest } from './stack/manifest.ts';
export { readManifest } from './stack/manifest.ts';
export { type Stack, type StackDeps, type StackOptions, startStack } from './stack/stack.ts';
