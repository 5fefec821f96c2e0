/**
 * Whole-object BCS as nodes serve it under the mask `bcs` (sui-ledger.md §3.6): enough to reach a
 * Move object's contents and a package's original id.
 */
import { BcsReader, isProtocolError, readTypeTag } from '@seal-ts/protocol';
import { ChainError } from './errors.ts';
import { moduleSelfAddress } from './module-address.ts';

export type DecodedObject =
  | { readonly kind: 'move'; readonly version: bigint; readonly contents: Uint8Array }
  | {
      readonly kind: 'package';
      readonly id: string;
      readonly version: bigint;
      readonly modules: readonly (readonly [name: string, bytecode: Uint8Array])[];
    };

/** Reads `data`; owner, previous transaction and rebate behind it are not interpreted. */
export function decodeObject(bytes: Uint8Array): DecodedObject {
  return malformedIfInvalid('object', () => {
    const r = new BcsReader(bytes);
    return r.variant('Data', 2) === 0 ? readMove(r) : readPackage(r);
  });
}

/** Contents of a Move object. Error: MALFORMED. */
export function moveContents(bytes: Uint8Array, objectId: string): Uint8Array {
  const object = decodeObject(bytes);
  if (object.kind === 'package') {
    throw new ChainError('MALFORMED', `${objectId}: expected a Move object, got a package`);
  }
  return object.contents;
}

/** Original id of a package object. Errors: NOT_A_PACKAGE, MALFORMED. */
export function originalPackageId(bytes: Uint8Array, packageId: string): string {
  const object = decodeObject(bytes);
  if (object.kind !== 'package') {
    throw new ChainError('NOT_A_PACKAGE', `${packageId} is not a package`);
  }
  const [first] = object.modules;
  if (first === undefined) throw new ChainError('MALFORMED', `${packageId} has no modules`);
  return malformedIfInvalid(packageId, () => moduleSelfAddress(first[1]));
}

/** Decodes with a protocol decoder and gives failures a chain code. */
export function malformedIfInvalid<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!isProtocolError(cause)) throw cause;
    throw new ChainError('MALFORMED', `${what}: ${cause.message}`, { cause });
  }
}

/** `malformedIfInvalid` over a whole value. */
export function decodeContents<T>(
  what: string,
  contents: Uint8Array,
  read: (bytes: Uint8Array) => T,
): T {
  return malformedIfInvalid(what, () => read(contents));
}

function readMove(r: BcsReader): DecodedObject {
  switch (r.variant('MoveObjectType', 5)) {
    case 0:
      r.address();
      r.string();
      r.string();
      r.vector((v) => readTypeTag(v));
      break;
    case 3:
      readTypeTag(r);
      break;
    default:
      break;
  }
  r.bool();
  return { kind: 'move', version: r.u64(), contents: r.byteVector() };
}

function readPackage(r: BcsReader): DecodedObject {
  const id = r.address();
  const version = r.u64();
  const modules = r.vector((v) => [v.string(), v.byteVector()] as const);
  return { kind: 'package', id, version, modules };
}
