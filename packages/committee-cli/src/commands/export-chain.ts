/**
 * `export-public --committee-id`: the public part of `dkg.yaml` from the chain alone, for whoever lost the
 * file. It says what the committee is, not that it is the right one: `verify` is still needed.
 */
import { handedOver } from '../ceremony/comparison.ts';
import { type CommitteeView, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { CeremonyFile } from '../files/ceremony-file.ts';
import { addressOption, type GlobalOptions, networkOption, Session } from '../session.ts';

export interface ChainExportOptions extends GlobalOptions {
  readonly committeeId: string;
  readonly network?: string;
  readonly rpcUrl?: string;
  /** The chain does not know who started a ceremony. */
  readonly coordinator?: string;
  readonly sealPackage?: string;
}

/** Errors: COMMITTEE_BAD_OPTION, COMMITTEE_CHAIN, ChainError. */
export async function publicTextOfChain(
  deps: CliDeps,
  options: ChainExportOptions,
): Promise<string> {
  const { coordinator, sealPackage } = options;
  if (options.network === undefined) {
    throw new CommitteeError('COMMITTEE_BAD_OPTION', '--committee-id needs --network');
  }
  const network = networkOption(options.network);
  const session = new Session(deps, options, { network, url: options.rpcUrl });
  const view = await readView(session.chain, addressOption(options.committeeId));
  if (coordinator === undefined) {
    deps.note('COORDINATOR_ADDRESS is missing: the chain does not know it; give --coordinator');
  }
  const text = fileText(view, {
    NETWORK: `${network.charAt(0).toUpperCase()}${network.slice(1)}`,
    SEAL_PKG: sealPackage === undefined ? undefined : addressOption(sealPackage),
    COORDINATOR_ADDRESS: coordinator === undefined ? undefined : addressOption(coordinator),
  });
  return CeremonyFile.parse('dkg.yaml', text).publicText();
}

function fileText(
  view: CommitteeView,
  given: Readonly<Record<'NETWORK' | 'SEAL_PKG' | 'COORDINATOR_ADDRESS', string | undefined>>,
): string {
  const { committee, packageId } = view;
  const { oldCommitteeId } = committee;
  const keyServerId = handedOver(view);
  const field = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`  ${name}: "${value}"`];
  return [
    'init-params:',
    `  NETWORK: ${given.NETWORK}`,
    ...field('SEAL_PKG', given.SEAL_PKG),
    `  THRESHOLD: ${committee.threshold}`,
    '  MEMBERS:',
    ...committee.members.map((member) => `    - "${member}"`),
    ...(keyServerId === undefined
      ? []
      : ['init-rotation-params:', ...field('KEY_SERVER_OBJ_ID', keyServerId)]),
    oldCommitteeId === undefined ? 'publish-and-init:' : 'init-rotation:',
    ...field('COMMITTEE_PKG', packageId),
    ...field('CURRENT_COMMITTEE_ID', oldCommitteeId),
    ...field('COMMITTEE_ID', committee.id),
    ...field('COORDINATOR_ADDRESS', given.COORDINATOR_ADDRESS),
    '',
  ].join('\n');
}
