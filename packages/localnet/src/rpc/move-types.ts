/** What the RPC side takes from the Move VM package: type tags and their text. */
export { normalizeAddress, parseTypeTag, type TypeTag } from '@seal-ts/move-vm';
