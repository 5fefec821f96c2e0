/** `example` and `export-public`: files to start from, and files to share. */
import { resolve } from 'node:path';
import { readTextFile, writePrivateFile } from '@seal-ts/wallet/files';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { CeremonyFile, EXAMPLE_ID } from '../files/ceremony-file.ts';
import { ceremonyFilePath, type StateOptions } from './common.ts';
import { type ChainExportOptions, publicTextOfChain } from './export-chain.ts';

/** Starting points for `dkg.yaml` (seal-protocol.md §6.4.1). */
export function exampleText(rotation: boolean): string {
  const count = rotation ? 4 : 3;
  const lines = [
    'init-params:',
    '  NETWORK: Testnet # Testnet or Mainnet',
    '  # NODE_URL: "https://fullnode.testnet.sui.io:443"',
    `  THRESHOLD: ${rotation ? 3 : 2} # shares that open`,
    '  MEMBERS: # addresses; the position is the party id',
    ...Array.from({ length: count }, () => `    - "${EXAMPLE_ID}"`),
  ];
  if (rotation) {
    lines.push(
      'init-rotation-params:',
      `  KEY_SERVER_OBJ_ID: "${EXAMPLE_ID}" # of the current committee`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export interface ExportOptions extends StateOptions, Omit<ChainExportOptions, 'committeeId'> {
  readonly output?: string;
  /** Read from the chain instead of from dkg.yaml. */
  readonly committeeId?: string;
}

/**
 * The coordinator's part of dkg.yaml, without anything of a member. Only what was exported before is
 * replaced: any other file could be a dkg.yaml, with the only copy of a share.
 * Errors: COMMITTEE_BAD_OPTION, and those of reading dkg.yaml or the chain.
 */
export async function exportPublic(deps: CliDeps, options: ExportOptions): Promise<void> {
  const { committeeId } = options;
  const text =
    committeeId === undefined
      ? CeremonyFile.read(ceremonyFilePath(deps, options)).publicText()
      : await publicTextOfChain(deps, { ...options, committeeId });
  if (options.output === undefined) {
    deps.out(text.trimEnd());
    return;
  }
  const path = resolve(deps.cwd, options.output);
  const known = readTextFile(path);
  if (known !== undefined && !isExported(path, known)) {
    throw new CommitteeError(
      'COMMITTEE_BAD_OPTION',
      `--output ${path}: the file exists and was not made by export-public; it was left as it is. Name ` +
        'another file, or remove that one',
    );
  }
  writePrivateFile(path, text);
  deps.note(`wrote ${path}`);
}

/** Whether a file holds the public part of some ceremony and nothing else. */
function isExported(path: string, text: string): boolean {
  try {
    return CeremonyFile.parse(path, text).publicText() === text;
  } catch {
    return false;
  }
}
