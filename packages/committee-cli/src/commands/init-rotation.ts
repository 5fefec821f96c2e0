/** `init-rotation`: the coordinator's first step of a rotation (seal-protocol.md §6.3.2). */
import { createdObject } from '@seal-ts/wallet';
import { initRotationCall, isCommittee } from '../chain/calls.ts';
import { readHolder } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { forget, once } from '../pending.ts';
import { checkStarter, openSoundCeremony, type StateOptions } from './common.ts';

export async function initRotation(deps: CliDeps, options: StateOptions): Promise<void> {
  const ceremony = openSoundCeremony(deps, options);
  const { file, session, stateDir } = ceremony;
  const { keyServerId } = file;
  if (keyServerId === undefined) {
    throw new CommitteeError(
      'COMMITTEE_CONFIG',
      `${file.path}: KEY_SERVER_OBJ_ID not found in config`,
    );
  }
  if (file.publication.committeeId !== undefined) {
    forget(stateDir, 'rotation');
    deps.out(`init-rotation is done already: committee ${file.publication.committeeId}`);
    return;
  }
  checkStarter(ceremony);
  const { members, threshold } = file;
  const { committee: current, packageId } = await readHolder(session.chain, keyServerId);
  const coordinator = session.address;
  if (!current.members.includes(coordinator)) {
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `${coordinator} is no member of the current committee ${current.id}; only its members ` +
        `(${current.members.join(', ')}) can start a rotation`,
    );
  }
  const continuing = members.filter((member) => current.members.includes(member)).length;
  if (continuing < current.threshold) {
    throw new CommitteeError(
      'COMMITTEE_CONFIG',
      `only ${continuing} MEMBERS are in the current committee, whose threshold is ` +
        `${current.threshold}; at least that many must go on`,
    );
  }
  const record = { packageId, currentCommitteeId: current.id, coordinator };
  file.recordPublication(record);
  const build = async () =>
    initRotationCall({ packageId, committeeId: current.id }, threshold, members);
  await once(session, {
    name: 'rotation',
    purpose: 'initializing the rotation',
    stateDir,
    build,
    like: build,
    record: (executed) => {
      const committeeId = createdObject(executed, isCommittee, 'Committee');
      file.recordPublication({ ...record, committeeId });
      deps.out(`Current committee: ${current.id}`);
      deps.out(`Committee: ${committeeId}`);
      deps.out(`${file.path} is complete; share what \`export-public\` prints with all members.`);
    },
  });
}
