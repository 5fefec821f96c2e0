/** `check-committee`: where a ceremony stands on chain (seal-protocol.md §6.3.6). */
import { readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { openCeremony, type StateOptions } from './common.ts';
import { report, reportLines } from './report.ts';

export async function checkCommittee(deps: CliDeps, options: StateOptions): Promise<void> {
  const { file, session } = openCeremony(deps, options);
  const found = report(await readView(session.chain, file.committeeId));
  for (const line of reportLines(found)) deps.out(line);
}
