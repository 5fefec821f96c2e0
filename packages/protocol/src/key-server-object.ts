/** Key server objects on chain (seal-protocol.md §2.2), read strictly and written for tests. */
import { type BcsReader, decodeBcs } from './bcs/reader.ts';
import { type BcsWriter, encodeBcs } from './bcs/writer.ts';

/** Object versions we read, best first. */
export const SUPPORTED_KEY_SERVER_VERSIONS = [2, 1] as const;

export interface KeyServerObject {
  readonly id: string;
  /** Supported versions are `firstVersion..lastVersion`, both included. */
  readonly firstVersion: bigint;
  readonly lastVersion: bigint;
}

export interface KeyServerV1 {
  readonly name: string;
  readonly url: string;
  readonly keyType: number;
  /** G2, 96 bytes when valid. */
  readonly publicKey: Uint8Array;
}

export interface PartialKeyServer {
  readonly name: string;
  readonly url: string;
  /** G2, 96 bytes when valid. */
  readonly partialPublicKey: Uint8Array;
  /** 0-based position in the committee. */
  readonly partyId: number;
}

export type ServerType =
  | { readonly kind: 'independent'; readonly url: string }
  | {
      readonly kind: 'committee';
      /** Starts at 0; each rotation adds 1. */
      readonly version: number;
      readonly threshold: number;
      readonly members: readonly PartialKeyServer[];
    };

export interface KeyServerV2 {
  readonly name: string;
  readonly keyType: number;
  readonly publicKey: Uint8Array;
  readonly serverType: ServerType;
}

/** What readers of the chain hand out: one shape for both versions. */
export interface KeyServerInfo extends KeyServerV2 {
  readonly objectId: string;
  /** Version of the field it was read from. */
  readonly version: 1 | 2;
}

/** Dynamic field object `id ‖ name: u64 ‖ value`. */
export interface KeyServerField<T> {
  readonly id: string;
  readonly version: bigint;
  readonly value: T;
}

/** Contents of a `KeyServer`. Error: INVALID_BCS. */
export function decodeKeyServer(bytes: Uint8Array): KeyServerObject {
  return decodeBcs(bytes, (r) => ({
    id: r.address(),
    firstVersion: r.u64(),
    lastVersion: r.u64(),
  }));
}

export function encodeKeyServer(value: KeyServerObject): Uint8Array<ArrayBuffer> {
  return encodeBcs((w) => w.address(value.id).u64(value.firstVersion).u64(value.lastVersion));
}

/** The highest version both sides know; undefined when there is none. */
export function pickKeyServerVersion(
  object: Pick<KeyServerObject, 'firstVersion' | 'lastVersion'>,
): 1 | 2 | undefined {
  return SUPPORTED_KEY_SERVER_VERSIONS.find(
    (version) => object.firstVersion <= BigInt(version) && BigInt(version) <= object.lastVersion,
  );
}

export function decodeKeyServerV1(bytes: Uint8Array): KeyServerV1 {
  return decodeBcs(bytes, readV1);
}

export function decodeKeyServerV2(bytes: Uint8Array): KeyServerV2 {
  return decodeBcs(bytes, readV2);
}

/** Contents of the dynamic field object of version 1. */
export function decodeKeyServerFieldV1(bytes: Uint8Array): KeyServerField<KeyServerV1> {
  return decodeBcs(bytes, (r) => readField(r, readV1));
}

/** Contents of the dynamic field object of version 2. */
export function decodeKeyServerFieldV2(bytes: Uint8Array): KeyServerField<KeyServerV2> {
  return decodeBcs(bytes, (r) => readField(r, readV2));
}

export function encodeKeyServerV1(value: KeyServerV1): Uint8Array<ArrayBuffer> {
  return encodeBcs((w) => {
    w.string(value.name).string(value.url).u8(value.keyType).byteVector(value.publicKey);
  });
}

export function encodeKeyServerV2(value: KeyServerV2): Uint8Array<ArrayBuffer> {
  return encodeBcs((w) => {
    w.string(value.name).u8(value.keyType).byteVector(value.publicKey);
    writeServerType(w, value.serverType);
  });
}

/** One shape for a V1 value: an independent server. */
export function keyServerInfoV1(objectId: string, value: KeyServerV1): KeyServerInfo {
  const { name, url, keyType, publicKey } = value;
  const serverType: ServerType = { kind: 'independent', url };
  return { objectId, version: 1, name, keyType, publicKey, serverType };
}

export function keyServerInfoV2(objectId: string, value: KeyServerV2): KeyServerInfo {
  return { objectId, version: 2, ...value };
}

function readV1(r: BcsReader): KeyServerV1 {
  return { name: r.string(), url: r.string(), keyType: r.u8(), publicKey: r.byteVector() };
}

function readV2(r: BcsReader): KeyServerV2 {
  return {
    name: r.string(),
    keyType: r.u8(),
    publicKey: r.byteVector(),
    serverType: readServerType(r),
  };
}

function readServerType(r: BcsReader): ServerType {
  if (r.variant('ServerType', 2) === 0) return { kind: 'independent', url: r.string() };
  return {
    kind: 'committee',
    version: r.u32(),
    threshold: r.u16(),
    members: r.vector((v) => ({
      name: v.string(),
      url: v.string(),
      partialPublicKey: v.byteVector(),
      partyId: v.u16(),
    })),
  };
}

function writeServerType(w: BcsWriter, value: ServerType): void {
  if (value.kind === 'independent') {
    w.uleb(0).string(value.url);
    return;
  }
  w.uleb(1).u32(value.version).u16(value.threshold);
  w.vector(value.members, (v, member) => {
    v.string(member.name).string(member.url);
    v.byteVector(member.partialPublicKey).u16(member.partyId);
  });
}

function readField<T>(r: BcsReader, value: (reader: BcsReader) => T): KeyServerField<T> {
  return { id: r.address(), version: r.u64(), value: value(r) };
}
