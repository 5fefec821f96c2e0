/** `status`: where a ceremony stands, what everybody waits for, and what this person does next. */
import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { MessagesOnBoard } from '../board/messages-seen.ts';
import type { BoardOptions } from '../board/sync.ts';
import { changedSince, factsOf } from '../ceremony/comparison.ts';
import {
  firstStep,
  messagesNeeded,
  type Next,
  nextStep,
  type Standpoint,
  type WaitingFor,
  waitingFor,
  waitingText,
} from '../ceremony/progress.ts';
import { isPassing } from '../chain/explained.ts';
import { type CommitteeView, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import type { CeremonyFile } from '../files/ceremony-file.ts';
import { findSet, setPath } from '../files/message-set-file.ts';
import { findSignedSet } from '../files/set-record.ts';
import { findVerified } from '../files/verified.ts';
import { addressOption, type Session } from '../session.ts';
import {
  type Ceremony,
  DEFAULT_STATE_DIR,
  messagesFolder,
  openCeremony,
  type StateOptions,
  statePath,
} from './common.ts';
import { MessagesFolder, type MessagesSource } from './messages-seen.ts';
import { type CommitteeReport, type MemberReport, report, reportLines } from './report.ts';

export interface StatusOptions extends StateOptions, BoardOptions {
  readonly watch: boolean;
  readonly json: boolean;
  /** Seconds. */
  readonly interval: number;
  readonly messagesDir?: string;
}

/** Bounds of `--interval`, in seconds. */
export const MIN_INTERVAL_S = 1;
export const MAX_INTERVAL_S = 3600;
/** A watch ends by itself after this many looks: a day at the default interval. */
export const MAX_LOOKS = 17_280;

interface MemberStatus extends MemberReport {
  /** Whether a message of this member was seen; undefined when nobody could look. */
  readonly sent: boolean | undefined;
}

/** One JSON object of `status --json`. */
export type StatusReport = Omit<CommitteeReport, 'members'> & {
  readonly members: readonly MemberStatus[];
  /** Messages that phase C takes; undefined when it is over. */
  readonly messagesNeeded: number | undefined;
  readonly waitingFor: WaitingFor | undefined;
  readonly next: Next;
};

/** Before there is a committee. */
interface NotStarted {
  readonly state: 'none';
  readonly threshold: number;
  readonly members: readonly string[];
  readonly next: Next;
}

export async function status(deps: CliDeps, options: StatusOptions): Promise<void> {
  let last = '';
  let source: MessagesSource | undefined;
  for (let look = 0; look < MAX_LOOKS; look++) {
    // Read anew each time: other commands write the files meanwhile.
    const ceremony = openCeremony(deps, options);
    source ??=
      options.board === undefined
        ? new MessagesFolder(messagesFolder(deps, ceremony.stateDir, options.messagesDir))
        : new MessagesOnBoard(deps, options.board);
    const found = await lookOnce(deps, ceremony, options, source).catch((error: unknown) => {
      if (!options.watch || last === '' || !isPassing(error)) throw error;
      deps.note(`${messageOf(error)}; looking again`);
      return undefined;
    });
    const text = found === undefined ? last : JSON.stringify(found);
    if (found !== undefined && text !== last) print(deps, found, options.json);
    last = text;
    if (!options.watch || found?.state === 'finalized') return;
    await deps.sleep(options.interval * 1000);
  }
  throw new CommitteeError(
    'COMMITTEE_CHAIN',
    'the committee was not finalized while it was watched; start watching again',
  );
}

async function lookOnce(
  deps: CliDeps,
  ceremony: Ceremony,
  options: StatusOptions,
  source: MessagesSource,
): Promise<StatusReport | NotStarted> {
  const { file, session } = ceremony;
  const here = (next: Next): Next => ({ ...next, command: inState(next.command, options) });
  if (file.publication.committeeId === undefined) {
    const { threshold, members } = file;
    return { state: 'none', threshold, members, next: here(firstStep(file.isRotation)) };
  }
  const view = await readView(session.chain, file.committeeId);
  const seen = await source.seen();
  const found = report(view);
  const setSigned = await source.hasSet();
  const folder =
    options.board === undefined
      ? messagesFolder(deps, ceremony.stateDir, options.messagesDir)
      : undefined;
  const shown = (path: string) => typed(deps.cwd, path);
  const standpoint = standpointOf(ceremony, view, {
    seen,
    setSigned,
    folder: folder === undefined ? undefined : shown(folder),
    chosen: folder === undefined ? undefined : chosenElsewhere(ceremony, folder, shown),
  });
  return {
    ...found,
    members: found.members.map((member) => ({ ...member, sent: seen?.has(member.partyId) })),
    messagesNeeded: found.state === 'finalized' ? undefined : messagesNeeded(view),
    waitingFor: waitingFor(view, seen),
    next: here(nextStep(view, standpoint)),
  };
}

function standpointOf(
  { file, session, stateDir }: Ceremony,
  view: CommitteeView,
  gathered: Pick<Standpoint, 'seen' | 'setSigned' | 'chosen' | 'folder'>,
): Standpoint {
  return {
    me: addressOf(file, session),
    coordinator: file.coordinator,
    ...gathered,
    verified: isVerified(file, stateDir, view),
    prepared: existsSync(statePath(stateDir)),
    recorded: file.resultVersions.length > 0,
  };
}

/** Where the set is that this coordinator signed, when it is not among the messages. */
function chosenElsewhere(
  { file, stateDir }: Ceremony,
  messages: string,
  shown: (path: string) => string,
): Standpoint['chosen'] {
  try {
    const signed = findSignedSet(stateDir);
    if (signed === undefined || signed.committeeId !== file.committeeId) return undefined;
    const folder = [messages, `${messages}-chosen`, ...subfolders(stateDir)].find(
      (path) => findSet(setPath(path))?.messagesHash === signed.messagesHash,
    );
    return { folder: folder === undefined || folder === messages ? undefined : shown(folder) };
  } catch {
    // `choose-messages` says what is wrong with the record.
    return undefined;
  }
}

function subfolders(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
}

/** A path as one would type it. */
function typed(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** Who looks: as in `dkg.yaml`, else the wallet's; undefined when there is neither. */
function addressOf(file: CeremonyFile, session: Session): string | undefined {
  const { activeAddress } = session.options;
  if (activeAddress !== undefined) return addressOption(activeAddress);
  for (const find of [() => file.myAddress, () => session.address]) {
    try {
      return find();
    } catch {
      // Looking needs no wallet.
    }
  }
  return undefined;
}

function isVerified(file: CeremonyFile, stateDir: string, view: CommitteeView): boolean {
  try {
    const known = findVerified(stateDir);
    return known !== undefined && changedSince(known, factsOf(view, file)).length === 0;
  } catch {
    // `verify` says what is wrong with the record.
    return false;
  }
}

/** Folders that are not the default ones belong to the command. */
function inState(next: string, { stateDir, config, board, messagesDir }: StatusOptions): string {
  const reads = /^(choose-messages|process-all-and-propose|status|verify)/.test(next);
  const named = messagesDir !== undefined && reads && !next.includes(' -m ');
  const command = named ? `${next} -m ${messagesDir}` : next;
  const boardless = board === undefined || /^(publish-and-init|init-rotation|check)/.test(command);
  const whole = boardless ? command : `${command} --board ${board}`;
  if (config !== undefined) return `${whole} -c ${config}`;
  return stateDir === DEFAULT_STATE_DIR ? whole : `${whole} -s ${stateDir}`;
}

function print(deps: CliDeps, found: StatusReport | NotStarted, json: boolean): void {
  if (json) {
    deps.out(JSON.stringify(found));
    return;
  }
  const lines =
    found.state === 'none'
      ? [`State: not started (${found.members.length} members, threshold ${found.threshold})`]
      : [...reportLines(found), ...waitingLines(found)];
  for (const line of lines) deps.out(line);
  deps.out(`Next: seal-committee-cli ${found.next.command}`);
  deps.out(`  ${found.next.why}`);
}

function waitingLines(found: StatusReport): string[] {
  const { members, messagesNeeded: needed, waitingFor: waiting } = found;
  const lines: string[] = [];
  const sent = members.filter((member) => member.sent === true);
  // How many a rotation took is not on chain any more once it is over.
  const matters = waiting !== undefined && waiting.for !== 'registration';
  if (matters && sent.length > 0) {
    const ids = sent.map(({ partyId }) => partyId).join(', ');
    lines.push(`Messages seen (${sent.length}, ${needed} needed): parties ${ids}`);
  }
  if (waiting === undefined) return lines;
  lines.push(`Waiting: ${waitingText(waiting)}`);
  // Who has not registered, or not approved, stands in the report already.
  const listed = waiting.for === 'registration' || found.state === 'postDkg';
  const addresses = listed ? [] : (waiting.addresses ?? []);
  return [...lines, ...addresses.map((address) => `  ${address}`)];
}
