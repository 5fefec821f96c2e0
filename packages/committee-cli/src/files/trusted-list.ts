/**
 * What a member knows of a committee from its own, trusted sources: the addresses and the threshold that
 * were agreed on, written down by the member itself. Nothing in it may come from the coordinator's file.
 */
import { realpathSync } from 'node:fs';
import { type NetworkName, networkByName } from '@seal-ts/protocol';
import { readTextFile, YamlFile } from '@seal-ts/wallet/files';
import { CommitteeError, messageOf } from '../errors.ts';
import { MAX_THRESHOLD } from './ceremony-file.ts';
import { wholeAddress } from './hex.ts';
import { INIT_PARAMS, ROTATION_PARAMS } from './sections.ts';

/** Keys of a trusted list: at the top, or in the sections that people write in `dkg.yaml`. */
const KEYS = [
  'NETWORK',
  'THRESHOLD',
  'MEMBERS',
  'KEY_SERVER_OBJ_ID',
  'COORDINATOR_ADDRESS',
  'COMMITTEE_PKG',
] as const;
type Key = (typeof KEYS)[number];
const SECTIONS = [INIT_PARAMS, ROTATION_PARAMS];

export interface TrustedList {
  /** Where it comes from, for messages. */
  readonly name: string;
  readonly network: NetworkName | undefined;
  readonly threshold: number;
  /** In party order. */
  readonly members: readonly string[];
  /** In a rotation, the key server that is handed over. */
  readonly keyServerId: string | undefined;
  readonly coordinator: string | undefined;
  readonly packageId: string | undefined;
}

/** Options of `verify` that stand for a list. */
export interface TrustedOptions {
  readonly trusted?: string;
  readonly members?: string;
  readonly threshold?: string;
  readonly keyServerId?: string;
}

/**
 * The list that the options name, or undefined when they name none.
 * @param path of the list file, resolved
 * @param ceremonyFile path of dkg.yaml, which can never be the list
 * Errors: COMMITTEE_BAD_OPTION, COMMITTEE_CONFIG, and FILE or YAML of the wallet's file layer.
 */
export function trustedList(
  options: TrustedOptions,
  path: string | undefined,
  ceremonyFile: string,
): TrustedList | undefined {
  const { members, threshold, keyServerId } = options;
  if (path !== undefined) {
    if (members === undefined && threshold === undefined && keyServerId === undefined) {
      return readTrustedList(path, ceremonyFile);
    }
    throw badOption('give --trusted, or --members and --threshold, not both');
  }
  if (members === undefined && threshold === undefined) {
    if (keyServerId === undefined) return undefined;
    throw badOption('--key-server-id belongs to --members and --threshold');
  }
  if (members === undefined || threshold === undefined) {
    throw badOption('--members and --threshold belong together');
  }
  const values = new Map<Key, string>([['THRESHOLD', threshold]]);
  if (keyServerId !== undefined) values.set('KEY_SERVER_OBJ_ID', keyServerId);
  return build('the options', values, members.split(','), badOption);
}

function readTrustedList(path: string, ceremonyFile: string): TrustedList {
  const text = readTextFile(path);
  if (text === undefined) throw badOption(`--trusted: there is no file ${path}`);
  const fault = (problem: string) => new CommitteeError('COMMITTEE_CONFIG', `${path}: ${problem}`);
  if (sameFile(path, ceremonyFile) || text === readTextFile(ceremonyFile)) {
    throw fault(
      "this is the coordinator's file, which would be compared with itself. Write a list of your own, " +
        'from the addresses that were agreed on over the trusted channel',
    );
  }
  const file = YamlFile.parse(path, text, ['!Testnet', '!Mainnet', '!Devnet', '!Localnet']);
  refuseUnknown(file, fault);
  const values = new Map<Key, string>();
  let members: string[] | undefined;
  for (const key of KEYS) {
    const places = [[key], ...SECTIONS.map((section) => [section, key])];
    const found = places.filter((place) => file.has(place));
    if (found.length > 1) throw fault(`${key} stands there more than once; keep one`);
    const [place] = found;
    if (place === undefined) continue;
    if (key === 'MEMBERS') members = file.list(place);
    else {
      const value = file.text(place);
      if (value === undefined) throw fault(`${key} has no value; fill it in or remove it`);
      values.set(key, value);
    }
  }
  if (members === undefined) throw fault('MEMBERS is missing; list the addresses in party order');
  if (!values.has('THRESHOLD')) throw fault('THRESHOLD is missing');
  return build(path, values, members, fault);
}

/** A misspelt key would be a comparison that never happens. */
function refuseUnknown(file: YamlFile, fault: (problem: string) => CommitteeError): void {
  const names = file.keys([]).flatMap((key) => {
    return SECTIONS.includes(key) ? file.keys([key]).map((name) => `${key}.${name}`) : [key];
  });
  const unknown = names.filter((name) => !KEYS.some((key) => name.split('.').at(-1) === key));
  if (unknown.length === 0) return;
  throw fault(`unknown: ${unknown.join(', ')}. A list of your own has only ${KEYS.join(', ')}`);
}

function build(
  name: string,
  values: ReadonlyMap<Key, string>,
  listed: readonly string[],
  fault: (problem: string) => CommitteeError,
): TrustedList {
  const address = (text: string, what: string): string => {
    try {
      return wholeAddress(text);
    } catch (cause) {
      throw fault(`${what}: ${messageOf(cause)}`);
    }
  };
  const optional = (key: Key): string | undefined => {
    const text = values.get(key);
    return text === undefined ? undefined : address(text, key);
  };
  const members = listed.map((text, index) => address(text, `MEMBERS[${index}]`));
  const twice = members.find((member, index) => members.indexOf(member) !== index);
  if (twice !== undefined) throw fault(`MEMBERS names ${twice} twice`);
  return {
    name,
    network: networkOf(values.get('NETWORK'), fault),
    threshold: thresholdOf(values.get('THRESHOLD') ?? '', members.length, fault),
    members,
    keyServerId: optional('KEY_SERVER_OBJ_ID'),
    coordinator: optional('COORDINATOR_ADDRESS'),
    packageId: optional('COMMITTEE_PKG'),
  };
}

function networkOf(
  text: string | undefined,
  fault: (problem: string) => CommitteeError,
): NetworkName | undefined {
  if (text === undefined) return undefined;
  try {
    return networkByName(text.trim().toLowerCase()).name;
  } catch (cause) {
    throw fault(`NETWORK: ${messageOf(cause)}`);
  }
}

function thresholdOf(
  text: string,
  members: number,
  fault: (problem: string) => CommitteeError,
): number {
  const threshold = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (threshold < 2 || threshold > Math.min(members, MAX_THRESHOLD)) {
    throw fault(`THRESHOLD must be 2 to the number of MEMBERS (${members}), got ${text}`);
  }
  return threshold;
}

function sameFile(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}

function badOption(text: string): CommitteeError {
  return new CommitteeError('COMMITTEE_BAD_OPTION', text);
}
