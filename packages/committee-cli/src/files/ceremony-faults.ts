/**
 * Every fault of a `dkg.yaml` at once, so that a file that was written by hand is corrected in one go.
 */
import { plain } from '../ceremony/people.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import { type CeremonyFile, EXAMPLE_ID } from './ceremony-file.ts';

/** In words, without the file's path; empty when there is none. */
export function ceremonyFaults(file: CeremonyFile): string[] {
  const faults: string[] = [];
  const read = <T>(get: () => T): T | undefined => {
    try {
      return get();
    } catch (error) {
      faults.push(messageOf(error).replace(`${file.path}: `, ''));
      return undefined;
    }
  };
  read(() => file.network);
  const url = read(() => file.nodeUrl);
  if (url !== undefined && !isWebUrl(url)) faults.push(`NODE_URL: expected http:// or https://`);
  const threshold = read(() => file.threshold);
  const members = read(() => file.members);
  if (threshold !== undefined && members !== undefined && members.length < threshold) {
    faults.push(`THRESHOLD is ${threshold}, but there are only ${members.length} MEMBERS`);
  }
  read(() => file.sealPackage);
  const keyServer = read(() => file.keyServerId);
  if (keyServer === EXAMPLE_ID) faults.push('KEY_SERVER_OBJ_ID is still the zeros of the example');
  // Without a key server id, nothing says which section counts.
  if (!faults.some((fault) => fault.includes('KEY_SERVER_OBJ_ID'))) {
    read(() => file.publication);
    read(() => file.coordinator);
  }
  return faults;
}

/** Error: COMMITTEE_CONFIG with all of them. */
export function requireSound(file: CeremonyFile): void {
  const faults = ceremonyFaults(file);
  if (faults.length === 0) return;
  const { unknownKeys } = file;
  if (unknownKeys.length > 0) {
    faults.push(
      `not known here, perhaps misspelt: ${unknownKeys.map((key) => plain(key)).join(', ')}`,
    );
  }
  const [only] = faults;
  throw new CommitteeError(
    'COMMITTEE_CONFIG',
    faults.length === 1
      ? `${file.path}: ${only}`
      : `${file.path} has ${faults.length} faults:\n${faults.map((text) => `  ${text}`).join('\n')}`,
  );
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
