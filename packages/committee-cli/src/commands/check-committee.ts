/** `check-committee` and `status`: where a ceremony stands on chain (seal-protocol.md §6.3.6). */
import { readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { openCeremony, type StateOptions } from './common.ts';
import { type CommitteeReport, report, reportLines } from './report.ts';

export interface StatusOptions extends StateOptions {
  readonly watch: boolean;
  readonly json: boolean;
  /** Seconds. */
  readonly interval: number;
}

/** Bounds of `--interval`, in seconds. */
export const MIN_INTERVAL_S = 1;
export const MAX_INTERVAL_S = 3600;
/** A watch ends by itself after this many looks: a day at the default interval. */
export const MAX_LOOKS = 17_280;

export async function checkCommittee(deps: CliDeps, options: StateOptions): Promise<void> {
  const { file, session } = openCeremony(deps, options);
  const { committeeId } = file;
  const found = report(await readView(session.chain, committeeId));
  for (const line of reportLines(found)) deps.out(line);
}

export async function status(deps: CliDeps, options: StatusOptions): Promise<void> {
  const { file, session } = openCeremony(deps, options);
  const { committeeId } = file;
  let last = '';
  for (let look = 0; look < MAX_LOOKS; look++) {
    const found = report(await readView(session.chain, committeeId));
    const text = JSON.stringify(found);
    if (text !== last) print(deps, found, options.json);
    last = text;
    if (!options.watch || found.state === 'finalized') return;
    await deps.sleep(options.interval * 1000);
  }
  throw new CommitteeError(
    'COMMITTEE_CHAIN',
    `committee ${committeeId} was not finalized while it was watched; start watching again`,
  );
}

function print(deps: CliDeps, found: CommitteeReport, json: boolean): void {
  if (json) deps.out(JSON.stringify(found));
  else for (const line of reportLines(found)) deps.out(line);
}
