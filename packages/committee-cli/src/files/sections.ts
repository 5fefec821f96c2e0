/**
 * Where the keys of `dkg.yaml` belong, and how the older form without sections (seal-protocol.md
 * §6.4.2) is brought into sections.
 */
import type { YamlFile } from '@seal-ts/wallet/files';
import { CommitteeError } from '../errors.ts';

export const INIT_PARAMS = 'init-params';
export const ROTATION_PARAMS = 'init-rotation-params';
export const PUBLISH = 'publish-and-init';
export const ROTATION = 'init-rotation';
export const MEMBER = 'genkey-and-register';
export const RESULT = 'process-all-and-propose';

/** Outputs that carry the version in their name. */
const VERSIONED = /^(PARTIAL_PKS|MASTER_SHARE)_V\d+$/;

const HOME: Readonly<Record<string, string>> = {
  NETWORK: INIT_PARAMS,
  NODE_URL: INIT_PARAMS,
  SEAL_PKG: INIT_PARAMS,
  THRESHOLD: INIT_PARAMS,
  MEMBERS: INIT_PARAMS,
  KEY_SERVER_OBJ_ID: ROTATION_PARAMS,
  CURRENT_COMMITTEE_ID: ROTATION,
  MY_ADDRESS: MEMBER,
  MY_SERVER_URL: MEMBER,
  MY_SERVER_NAME: MEMBER,
  DKG_ENC_PK: MEMBER,
  DKG_SIGNING_PK: MEMBER,
  KEY_SERVER_PK: RESULT,
};

/** Keys whose section depends on the kind of ceremony. */
const BY_CEREMONY = ['COMMITTEE_PKG', 'COMMITTEE_ID', 'COORDINATOR_ADDRESS'];

/** Moves every known key at the top into its section. Does nothing to a file in sections. */
export function intoSections(file: YamlFile): void {
  const rotates =
    file.text([ROTATION_PARAMS, 'KEY_SERVER_OBJ_ID']) ?? file.text(['KEY_SERVER_OBJ_ID']);
  for (const key of file.keys([])) {
    const section = sectionOf(key, rotates !== undefined);
    if (section !== undefined) move(file, key, section);
  }
}

/** Keys that stand in each section. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  [INIT_PARAMS]: ['NETWORK', 'NODE_URL', 'SEAL_PKG', 'THRESHOLD', 'MEMBERS'],
  [ROTATION_PARAMS]: ['KEY_SERVER_OBJ_ID'],
  [PUBLISH]: BY_CEREMONY,
  [ROTATION]: [...BY_CEREMONY, 'CURRENT_COMMITTEE_ID'],
  [MEMBER]: Object.keys(HOME).filter((key) => HOME[key] === MEMBER),
  [RESULT]: ['KEY_SERVER_PK'],
};

/** Keys that mean nothing to this tool, as `section.key`: misspelt, or of somebody else. */
export function unknownKeys(file: YamlFile): string[] {
  return file.keys([]).flatMap((section) => {
    const known = Object.hasOwn(KNOWN, section) ? KNOWN[section] : undefined;
    if (known === undefined) return [section];
    return file
      .keys([section])
      .filter((key) => !known.includes(key) && !(section === RESULT && VERSIONED.test(key)))
      .map((key) => `${section}.${key}`);
  });
}

function sectionOf(key: string, rotation: boolean): string | undefined {
  if (VERSIONED.test(key)) return RESULT;
  if (BY_CEREMONY.includes(key)) return rotation ? ROTATION : PUBLISH;
  return Object.hasOwn(HOME, key) ? HOME[key] : undefined;
}

function move(file: YamlFile, key: string, section: string): void {
  const list = key === 'MEMBERS' || key.startsWith('PARTIAL_PKS_');
  const value = list ? file.list([key]) : file.text([key]);
  const known = list ? file.list([section, key]) : file.text([section, key]);
  if (value !== undefined && known !== undefined && String(value) !== String(known)) {
    throw new CommitteeError(
      'COMMITTEE_CONFIG',
      `${file.name}: ${key} stands at the top and in ${section} with different values; ` +
        'remove the wrong one',
    );
  }
  if (value !== undefined && known === undefined) file.move([key], [section, key]);
  else file.delete([key]);
}
