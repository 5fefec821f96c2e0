/**
 * Semantic versions and version requirements with the meaning Rust's `semver` gives them: comma
 * lists, and a bare version is a caret requirement (seal-protocol.md §4.2, §4.3).
 */
import { KEY_SERVER_VERSION } from './constants.ts';
import { clip } from './encoding.ts';
import { ProtocolError } from './errors.ts';
import { SealServerError } from './server-errors.ts';

/** Most comparators in one requirement, as in the `semver` crate. */
export const MAX_COMPARATORS = 32;
/** Longest version or requirement text looked at. */
export const MAX_VERSION_CHARS = 256;

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Dot-separated identifiers; empty for a release. */
  readonly pre: string;
}

type Operator = '=' | '>' | '>=' | '<' | '<=' | '~' | '^' | '*';

interface Comparator {
  readonly operator: Operator;
  readonly major: number;
  readonly minor: number | undefined;
  readonly patch: number | undefined;
  readonly pre: string;
}

/** A parsed requirement; every comparator must hold. Empty list = any release (`*`). */
export type VersionRequirement = readonly Comparator[];

const NUMBER = '(0|[1-9]\\d*)';
const PRE_IDENTIFIER = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const PRE = `(?:-(${PRE_IDENTIFIER}(?:\\.${PRE_IDENTIFIER})*))?`;
const BUILD = '(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?';
const VERSION = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}${PRE}${BUILD}$`);
const COMPARATOR = new RegExp(
  `^(=|>=|>|<=|<|~|\\^)? *${NUMBER}(?:\\.(\\d+|[*xX])(?:\\.(\\d+|[*xX])${PRE}${BUILD})?)?$`,
);

/** Strict semver 2.0. Error: INVALID_VERSION. */
export function parseVersion(text: string): Version {
  const match = text.length <= MAX_VERSION_CHARS ? VERSION.exec(text) : null;
  if (match === null) {
    throw new ProtocolError('INVALID_VERSION', `expected a version like 1.2.3, got ${clip(text)}`);
  }
  const [, major, minor, patch, pre = ''] = match;
  return { major: integer(major), minor: integer(minor), patch: integer(patch), pre };
}

/** Error: INVALID_REQUIREMENT. */
export function parseRequirement(text: string): VersionRequirement {
  const trimmed = text.trim();
  if (/^[*xX]$/.test(trimmed)) return [];
  const parts = trimmed.split(',');
  if (text.length > MAX_VERSION_CHARS || parts.length > MAX_COMPARATORS) throw badRequirement(text);
  return parts.map((part) => parseComparator(part.trim(), text));
}

/** Rust semantics: a pre-release matches only a comparator that names the same triple with one. */
export function satisfies(version: Version, requirement: VersionRequirement): boolean {
  if (!requirement.every((comparator) => holds(version, comparator))) return false;
  return (
    version.pre === '' ||
    requirement.some(
      (c) =>
        c.pre !== '' &&
        c.major === version.major &&
        c.minor === version.minor &&
        c.patch === version.patch,
    )
  );
}

/** Precedence of semver 2.0: negative, zero or positive. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePre(a.pre, b.pre);
}

/** Client types whose versions are gated; anything else is "other" and passes. */
export type GatedClientType = 'typescript' | 'rust' | 'python' | 'aggregator';

export type VersionGates = Readonly<Record<GatedClientType, VersionRequirement>>;

/** Defaults of §4.2. */
export const DEFAULT_VERSION_REQUIREMENTS: Readonly<Record<GatedClientType, string>> = {
  typescript: '>=0.4.5',
  rust: '>=0.0.0',
  python: '>=0.0.0',
  aggregator: '>=0.6.2',
};

/** What members must advertise to an aggregator (§4.3). */
export const DEFAULT_MEMBER_REQUIREMENT = '>=0.6.2';

/** Parses one requirement for each gated type; missing ones take the default. */
export function versionGates(
  requirements: Partial<Record<GatedClientType, string>> = {},
): VersionGates {
  const gate = (type: GatedClientType): VersionRequirement =>
    parseRequirement(requirements[type] ?? DEFAULT_VERSION_REQUIREMENTS[type]);
  return {
    typescript: gate('typescript'),
    rust: gate('rust'),
    python: gate('python'),
    aggregator: gate('aggregator'),
  };
}

/**
 * The gate in front of every `/v1` route (§4.2). Throws SealServerError MissingRequiredHeader,
 * InvalidSDKVersion or DeprecatedSDKVersion.
 */
export function checkClientVersion(
  version: string | null | undefined,
  type: string | null | undefined,
  gates: VersionGates,
): Version {
  if (version === null || version === undefined) {
    throw new SealServerError('MissingRequiredHeader', 'Client-Sdk-Version');
  }
  let parsed: Version;
  try {
    parsed = parseVersion(version);
  } catch (cause) {
    throw new SealServerError('InvalidSDKVersion', '', { cause });
  }
  if (isGatedType(type) && !satisfies(parsed, gates[type])) {
    throw new SealServerError('DeprecatedSDKVersion');
  }
  return parsed;
}

/** Client types an aggregator serves (§5.4). */
export type AggregatorClientType = Exclude<GatedClientType, 'aggregator'>;

/**
 * The stricter gate of an aggregator (§5.4), which checks in this order: type present, version
 * present, version valid, type known, version high enough. Throws SealServerError InvalidSDKType,
 * MissingRequiredHeader, InvalidSDKVersion or DeprecatedSDKVersion.
 */
export function checkAggregatorClient(
  version: string | null | undefined,
  type: string | null | undefined,
  gates: Readonly<Record<AggregatorClientType, VersionRequirement>>,
): Version {
  if (type === null || type === undefined) throw new SealServerError('InvalidSDKType');
  // "Other" types pass this gate with any valid version; they are refused below.
  const parsed = checkClientVersion(version, 'other', versionGates());
  if (!isGatedType(type) || type === 'aggregator') throw new SealServerError('InvalidSDKType');
  if (!satisfies(parsed, gates[type])) throw new SealServerError('DeprecatedSDKVersion');
  return parsed;
}

/** Largest value of a version component in a metric label: bounds the number of series. */
export const MAX_VERSION_LABEL_COMPONENT = 20;

/** `major.minor.patch`, each at most 20, or `other` (protocol §4.16). */
export function versionLabel(text: string): string {
  let version: Version;
  try {
    version = parseVersion(text);
  } catch {
    return 'other';
  }
  return [version.major, version.minor, version.patch]
    .map((part) => Math.min(part, MAX_VERSION_LABEL_COMPONENT))
    .join('.');
}

export function isGatedType(type: string | null | undefined): type is GatedClientType {
  return typeof type === 'string' && Object.hasOwn(DEFAULT_VERSION_REQUIREMENTS, type);
}

/**
 * What the client does with `X-KeyServer-Version`: three plain integers, at least `minimum`
 * (§4.3, §9.1). Error: INVALID_VERSION.
 */
export function isSupportedKeyServerVersion(text: string, minimum: string): boolean {
  const version = parseVersion(text);
  if (version.pre !== '' || text.includes('+')) {
    throw new ProtocolError('INVALID_VERSION', `expected three plain integers, got ${clip(text)}`);
  }
  return compareVersions(version, parseVersion(minimum)) >= 0;
}

/** The version our servers advertise, parsed once so that a bad constant fails at load. */
export const ADVERTISED_VERSION: Version = /* @__PURE__ */ parseVersion(KEY_SERVER_VERSION);

function parseComparator(text: string, whole: string): Comparator {
  const match = COMPARATOR.exec(text);
  if (match === null) throw badRequirement(whole);
  const [, operator, major, minor, patch, pre = ''] = match;
  const wild = isWildcard(minor) || isWildcard(patch);
  // `1.*.3` and `>=1.*` mean nothing in Rust's syntax, except that a trailing wildcard is allowed.
  if (isWildcard(minor) && patch !== undefined && !isWildcard(patch)) throw badRequirement(whole);
  if (wild && pre !== '') throw badRequirement(whole);
  return {
    operator: wild && operator === undefined ? '*' : ((operator ?? '^') as Operator),
    major: integer(major),
    minor: part(minor, whole),
    patch: part(patch, whole),
    pre,
  };
}

function isWildcard(text: string | undefined): boolean {
  return text !== undefined && /^[*xX]$/.test(text);
}

function part(text: string | undefined, whole: string): number | undefined {
  if (text === undefined || isWildcard(text)) return undefined;
  if (text.length > 1 && text.startsWith('0')) throw badRequirement(whole);
  return integer(text);
}

function integer(text: string | undefined): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new ProtocolError('INVALID_VERSION', `number too large: ${clip(text ?? '')}`);
  }
  return value;
}

function badRequirement(text: string): ProtocolError {
  return new ProtocolError(
    'INVALID_REQUIREMENT',
    `expected a version requirement like ">=0.4.5" or ">=1, <3", got ${clip(text)}`,
  );
}

function holds(v: Version, c: Comparator): boolean {
  switch (c.operator) {
    case '=':
    case '*':
      return matchesExact(v, c);
    case '>':
      return matchesGreater(v, c);
    case '>=':
      return matchesExact(v, c) || matchesGreater(v, c);
    case '<':
      return matchesLess(v, c);
    case '<=':
      return matchesExact(v, c) || matchesLess(v, c);
    case '~':
      return matchesTilde(v, c);
    case '^':
      return matchesCaret(v, c);
  }
}

function matchesExact(v: Version, c: Comparator): boolean {
  return (
    v.major === c.major &&
    (c.minor === undefined || v.minor === c.minor) &&
    (c.patch === undefined || v.patch === c.patch) &&
    (c.patch === undefined || v.pre === c.pre)
  );
}

function matchesGreater(v: Version, c: Comparator): boolean {
  if (v.major !== c.major) return v.major > c.major;
  if (c.minor === undefined) return false;
  if (v.minor !== c.minor) return v.minor > c.minor;
  if (c.patch === undefined) return false;
  if (v.patch !== c.patch) return v.patch > c.patch;
  return comparePre(v.pre, c.pre) > 0;
}

function matchesLess(v: Version, c: Comparator): boolean {
  if (v.major !== c.major) return v.major < c.major;
  if (c.minor === undefined) return false;
  if (v.minor !== c.minor) return v.minor < c.minor;
  if (c.patch === undefined) return false;
  if (v.patch !== c.patch) return v.patch < c.patch;
  return comparePre(v.pre, c.pre) < 0;
}

function matchesTilde(v: Version, c: Comparator): boolean {
  if (v.major !== c.major) return false;
  if (c.minor !== undefined && v.minor !== c.minor) return false;
  if (c.patch !== undefined && v.patch !== c.patch) return v.patch > c.patch;
  return c.patch === undefined || comparePre(v.pre, c.pre) >= 0;
}

/** Same left-most non-zero part, and not older. */
function matchesCaret(v: Version, c: Comparator): boolean {
  if (v.major !== c.major) return false;
  if (c.minor === undefined) return true;
  if (c.patch === undefined) return c.major > 0 ? v.minor >= c.minor : v.minor === c.minor;
  if (c.major > 0) {
    if (v.minor !== c.minor) return v.minor > c.minor;
    if (v.patch !== c.patch) return v.patch > c.patch;
  } else if (c.minor > 0) {
    if (v.minor !== c.minor) return false;
    if (v.patch !== c.patch) return v.patch > c.patch;
  } else if (v.minor !== c.minor || v.patch !== c.patch) {
    return false;
  }
  return comparePre(v.pre, c.pre) >= 0;
}

function comparePre(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareIdentifiers(left[i] as string, right[i] as string);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numericA = /^\d+$/.test(a);
  const numericB = /^\d+$/.test(b);
  if (numericA && numericB) return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
  if (numericA !== numericB) return numericA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
