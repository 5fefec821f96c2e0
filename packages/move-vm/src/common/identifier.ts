/**
 * Move identifiers: names of modules, functions, types, fields and variants. Source: move-vm.md §1.7.
 */

/** Longest identifier that the verifier accepts, in bytes (identifiers are ASCII). */
export const MAX_IDENTIFIER_LENGTH = 128;

const IDENTIFIER = /^(?:[A-Za-z][A-Za-z0-9_]*|_[A-Za-z0-9_]+)$/;

/** True for a well-formed identifier of any length. `<SELF>` is not one. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}
