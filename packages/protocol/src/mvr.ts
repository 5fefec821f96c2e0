/** Move Registry names and records (seal-protocol.md §4.9). */
import { type BcsReader, decodeBcs } from './bcs/reader.ts';
import { structTag } from './bcs/type-tag.ts';
import { encodeBcs } from './bcs/writer.ts';
import { clip } from './encoding.ts';
import { ProtocolError } from './errors.ts';
import { dynamicFieldId } from './ids.ts';
import { MVR_REGISTRY } from './networks.ts';

/** Longest domain, in characters, dots and `.sui` included. */
export const MAX_MVR_DOMAIN_CHARS = 200;
/** Longest label, in characters. */
export const MAX_MVR_LABEL_CHARS = 63;
const TOP_LEVEL = 'sui';

export interface MvrName {
  /** Labels from the top level down, e.g. `['sui', 'org', 'sub']`. */
  readonly org: readonly string[];
  /** One label. */
  readonly app: readonly string[];
}

/**
 * `@org/app`, `sub.sub@org/app` or `sub.org.sui/app`; a version suffix is refused.
 * Error: INVALID_MVR_NAME.
 */
export function parseMvrName(text: string): MvrName {
  const slash = text.indexOf('/');
  const app = text.slice(slash + 1);
  if (slash < 0 || !isLabel(app)) throw badName(text);
  const domain = domainLabels(text.slice(0, slash));
  if (domain === undefined || domain.join('.').length > MAX_MVR_DOMAIN_CHARS) throw badName(text);
  if (!domain.every(isLabel)) throw badName(text);
  return { org: domain.toReversed(), app: [app] };
}

export function isMvrName(text: string): boolean {
  try {
    parseMvrName(text);
    return true;
  } catch {
    return false;
  }
}

export function encodeMvrName(name: MvrName): Uint8Array<ArrayBuffer> {
  return encodeBcs((w) => {
    w.vector(name.org, (v, label) => v.string(label));
    w.vector(name.app, (v, label) => v.string(label));
  });
}

/** Object id of the name's record in mainnet's registry. */
export function mvrRecordId(name: MvrName): string {
  const key = structTag(MVR_REGISTRY.corePackage, 'name', 'Name');
  return dynamicFieldId(MVR_REGISTRY.registryId, key, encodeMvrName(name));
}

export interface MvrAppInfo {
  readonly packageInfoId: string | undefined;
  readonly packageAddress: string | undefined;
  readonly upgradeCapId: string | undefined;
}

export interface MvrRecord {
  readonly name: MvrName;
  /** Entry for mainnet. */
  readonly appInfo: MvrAppInfo | undefined;
  /** Entries for other networks by chain identifier. */
  readonly networks: ReadonlyMap<string, MvrAppInfo>;
}

/** Contents of the record's `Field<Name, AppRecord>` object. Error: INVALID_BCS. */
export function decodeMvrRecord(bytes: Uint8Array): MvrRecord {
  return decodeBcs(bytes, (r) => {
    r.address();
    const name = { org: r.vector(string), app: r.vector(string) };
    r.address();
    r.address();
    const appInfo = r.option(readAppInfo);
    const networks = new Map(r.vector((v) => [v.string(), readAppInfo(v)] as const));
    r.vector((v) => [v.string(), v.string()]);
    r.address();
    return { name, appInfo, networks };
  });
}

export interface MvrPackageInfo {
  readonly id: string;
  readonly packageAddress: string;
  /** `metadata.default` must be the name that was asked for. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Contents of a `PackageInfo` object. Error: INVALID_BCS. */
export function decodeMvrPackageInfo(bytes: Uint8Array): MvrPackageInfo {
  return decodeBcs(bytes, (r) => {
    const id = r.address();
    for (let i = 0; i < DISPLAY_FIELDS; i++) r.string();
    r.address();
    const packageAddress = r.address();
    const metadata = new Map(r.vector((v) => [v.string(), v.string()] as const));
    r.address();
    r.u64();
    return { id, packageAddress, metadata };
  });
}

/** `gradient_from, gradient_to, text_color, name, uri_encoded_name`. */
const DISPLAY_FIELDS = 5;

function readAppInfo(r: BcsReader): MvrAppInfo {
  const id = (v: BcsReader): string => v.address();
  return { packageInfoId: r.option(id), packageAddress: r.option(id), upgradeCapId: r.option(id) };
}

const string = (r: BcsReader): string => r.string();

/** Labels from the leaf to `sui`; undefined when the text has neither form. */
function domainLabels(text: string): string[] | undefined {
  const at = text.indexOf('@');
  if (at < 0) {
    const labels = text.split('.');
    return labels.length >= 2 && labels.at(-1) === TOP_LEVEL ? labels : undefined;
  }
  const org = text.slice(at + 1);
  if (org.includes('.') || org.includes('@')) return undefined;
  const subdomains = at === 0 ? [] : text.slice(0, at).split('.');
  return [...subdomains, org, TOP_LEVEL];
}

function isLabel(text: string): boolean {
  return text.length <= MAX_MVR_LABEL_CHARS && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text);
}

function badName(text: string): ProtocolError {
  return new ProtocolError(
    'INVALID_MVR_NAME',
    `expected @org/app, sub@org/app or org.sui/app without a version, got ${clip(text)}`,
  );
}
