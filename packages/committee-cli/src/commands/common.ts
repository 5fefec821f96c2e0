/** What commands of a ceremony share: options, files and the session. */
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { requireSound } from '../files/ceremony-faults.ts';
import { CeremonyFile, ceremonyPath } from '../files/ceremony-file.ts';
import { type GlobalOptions, Session } from '../session.ts';

export const DEFAULT_STATE_DIR = 'dkg-state';

export interface StateOptions extends GlobalOptions {
  readonly stateDir: string;
  /** The older name of the option: path of dkg.yaml itself. */
  readonly config?: string;
}

export interface Ceremony {
  readonly file: CeremonyFile;
  readonly session: Session;
  /** Folder of everything that belongs to this member. */
  readonly stateDir: string;
}

/** A command that works in a state directory. */
export function stateCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('-s, --state-dir <dir>', 'folder of the ceremony', DEFAULT_STATE_DIR)
    .option('-c, --config <file>', 'path of dkg.yaml; its folder is the state directory');
}

export function ceremonyFilePath(deps: CliDeps, options: StateOptions): string {
  const { config, stateDir } = options;
  return config === undefined
    ? ceremonyPath(resolve(deps.cwd, stateDir))
    : resolve(deps.cwd, config);
}

export function openCeremony(deps: CliDeps, options: StateOptions): Ceremony {
  const file = CeremonyFile.read(ceremonyFilePath(deps, options));
  const place = { network: file.network, url: file.nodeUrl };
  return { file, session: new Session(deps, options, place), stateDir: dirname(file.path) };
}

/** As `openCeremony`, for commands that act on a file that was written by hand: all faults at once. */
export function openSoundCeremony(deps: CliDeps, options: StateOptions): Ceremony {
  requireSound(CeremonyFile.read(ceremonyFilePath(deps, options)));
  return openCeremony(deps, options);
}

/**
 * Nobody but the coordinator that a file written by hand names starts its ceremony: another wallet is a
 * mistake, and would end up as the coordinator. Zeros, as in examples, name nobody.
 * Error: COMMITTEE_BAD_OPTION.
 */
export function checkStarter({ file, session }: Ceremony): void {
  const { coordinator, publication } = file;
  if (publication.packageId !== undefined || coordinator === undefined) return;
  if (coordinator === session.address || /^0x0+$/.test(coordinator)) return;
  throw new CommitteeError(
    'COMMITTEE_BAD_OPTION',
    `${file.path} names ${coordinator} as COORDINATOR_ADDRESS, and you act as ${session.address}. Use ` +
      '--active-address or `switch --address`, or correct the file',
  );
}

export function keyPath(deps: CliDeps, stateDir: string, given: string | undefined): string {
  return given === undefined ? join(stateDir, 'dkg.key') : resolve(deps.cwd, given);
}

export const statePath = (stateDir: string): string => join(stateDir, 'state.json');

/** Folder of all messages: `--messages-dir`, or the one in the state directory. */
export function messagesFolder(deps: CliDeps, stateDir: string, given?: string): string {
  return given === undefined ? join(stateDir, 'dkg-messages') : resolve(deps.cwd, given);
}

/** `--share-file`, where the master share is when not in dkg.yaml. */
export function shareFilePath(
  deps: CliDeps,
  { shareFile }: { readonly shareFile?: string },
): string | undefined {
  return shareFile === undefined ? undefined : resolve(deps.cwd, shareFile);
}
