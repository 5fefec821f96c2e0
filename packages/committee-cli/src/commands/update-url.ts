/**
 * `update-url`: a member tells the chain where its key server answers from now on. The aggregator
 * withholds a pinned credential from an unknown URL, so its operator has to be told as well.
 */
import { updateUrlCall } from '../chain/calls.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { committeeTarget, openSession, type VoteOptions } from './upgrade.ts';

export interface UpdateUrlOptions extends VoteOptions {
  readonly serverUrl: string;
}

export async function updateUrl(deps: CliDeps, options: UpdateUrlOptions): Promise<void> {
  const url = serverUrl(options.serverUrl);
  const session = openSession(deps, options);
  const { target, view } = await committeeTarget(session, options);
  const sender = session.sender(options.unsigned);
  const partyId = view.committee.members.indexOf(sender);
  if (partyId < 0) {
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `${sender} is not a member of committee ${view.committee.id}; use --active-address`,
    );
  }
  const known = view.keyServer?.partials.find((partial) => partial.partyId === partyId);
  if (known?.url === url) {
    deps.out(`The URL of ${known.name} is ${url} already.`);
    return;
  }
  const { unsigned } = options;
  const call = updateUrlCall(target, url);
  const done = await session.submit(call, { purpose: "changing the server's URL", unsigned });
  if (done === undefined) return;
  deps.out(`URL of ${known?.name ?? sender}: ${known?.url ?? 'none'} -> ${url}`);
  deps.note(
    'Tell the operator of the aggregator: a URL pinned to your credential must change too.',
  );
}

/** Error: COMMITTEE_BAD_OPTION for what an aggregator could not call. */
export function serverUrl(text: string): string {
  const url = text.trim();
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'https:' || protocol === 'http:') return url;
  const problem = `--server-url ${JSON.stringify(text)}: expected a URL such as https://seal.example.com`;
  throw new CommitteeError('COMMITTEE_BAD_OPTION', problem);
}
