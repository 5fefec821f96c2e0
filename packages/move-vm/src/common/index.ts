/** Vocabulary shared by the parts of the Move VM. */
export * from './address.ts';
export * from './errors.ts';
export * from './identifier.ts';
export * from './package.ts';
export * from './status.ts';
export * from './type-tag.ts';
export { MAX_TYPE_TEXT_LENGTH, parseTypeTag } from './type-tag-text.ts';
