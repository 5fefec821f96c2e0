/** `publish-and-init`: the coordinator's first step of a fresh key (seal-protocol.md §6.3.1). */

import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { publishPayload } from '@seal-ts/move-build';
import { createdObject, WalletError } from '@seal-ts/wallet';
import { initCommitteeCall, isCommittee, publishCall } from '../chain/calls.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { compileCommittee, packageFolder, sealPublication } from '../move-package.ts';
import { forget, once } from '../pending.ts';
import type { Session } from '../session.ts';
import { type Ceremony, checkStarter, openSoundCeremony, type StateOptions } from './common.ts';

const UPGRADE_CAP = `0x${'2'.padStart(64, '0')}::package::UpgradeCap`;
/** Upgrade capabilities of the coordinator that are looked through. */
export const MAX_CAPS = 1000;

export async function publishAndInit(deps: CliDeps, options: StateOptions): Promise<void> {
  const ceremony = openSoundCeremony(deps, options);
  const { file, session, stateDir } = ceremony;
  if (file.isRotation) {
    throw new CommitteeError(
      'COMMITTEE_CONFIG',
      `${file.path} has KEY_SERVER_OBJ_ID, so this is a rotation: use init-rotation`,
    );
  }
  const { packageId, committeeId } = file.publication;
  if (packageId !== undefined) forget(stateDir, 'publish');
  if (committeeId !== undefined) {
    forget(stateDir, 'init');
    deps.out(`publish-and-init is done already: committee ${committeeId}, package ${packageId}`);
    return;
  }
  checkStarter(ceremony);
  const { members, threshold } = file;
  deps.out(`Coordinator: ${session.address}`);
  deps.out(`Network: ${file.network}`);
  deps.out(`RPC: ${session.environment.rpc}`);
  deps.out(`Members: ${members.length}`);
  deps.out(`Threshold: ${threshold}`);
  if (packageId === undefined) await publish(deps, ceremony, packageFolder(deps, undefined));
  await initialize(ceremony);
}

async function publish(
  deps: CliDeps,
  { file, session, stateDir }: Ceremony,
  folder: string,
): Promise<void> {
  // Whatever stands in the working directory comes first: members will ask what it was built from.
  deps.out(`Package source: ${folder}`);
  const coordinator = session.address;
  const build = async () => {
    const seal = await sealPublication(file.network, file.sealPackage, () => session.chain);
    const compiled = await compileCommittee(deps, folder, seal);
    return publishCall(publishPayload(compiled), coordinator);
  };
  await once(session, {
    name: 'publish',
    purpose: 'publishing seal_committee',
    stateDir,
    build,
    like: build,
    record: (executed) => {
      const packageId = createdObject(executed, (type) => type === 'package', 'package');
      file.recordPublication({ packageId, coordinator });
      deps.out(`Package: ${packageId}`);
    },
  });
}

async function initialize({ file, session, stateDir }: Ceremony): Promise<void> {
  const { deps, address: coordinator } = session;
  const packageId = file.publication.packageId as string;
  const { members, threshold } = file;
  await once(session, {
    name: 'init',
    purpose: 'initializing the committee',
    stateDir,
    build: async () => {
      const upgradeCapId = await findUpgradeCap(session, packageId);
      deps.out(`Upgrade capability: ${upgradeCapId}`);
      return initCommitteeCall({ packageId, upgradeCapId, threshold, members });
    },
    // The capability is gone once the transaction was executed.
    like: async () => initCommitteeCall({ packageId, upgradeCapId: '0x0', threshold, members }),
    record: (executed) => {
      const committeeId = createdObject(executed, isCommittee, 'Committee');
      file.recordPublication({ packageId, committeeId, coordinator });
      deps.out(`Committee: ${committeeId}`);
      deps.out(`${file.path} is complete; share what \`export-public\` prints with all members.`);
    },
  });
}

/** The coordinator's capability for the package. Error: COMMITTEE_CHAIN. */
async function findUpgradeCap({ client, address }: Session, packageId: string): Promise<string> {
  let cursor: string | null = null;
  let seen = 0;
  try {
    do {
      const page: Awaited<ReturnType<SuiGrpcClient['listOwnedObjects']>> =
        await client.core.listOwnedObjects({
          owner: address,
          type: UPGRADE_CAP,
          cursor,
          include: { content: true },
        });
      for (const { objectId, content } of page.objects) {
        // UpgradeCap: id ‖ package ‖ version ‖ policy.
        const bytes = content as Uint8Array | undefined;
        if (
          bytes !== undefined &&
          `0x${Buffer.from(bytes.subarray(32, 64)).toString('hex')}` === packageId
        ) {
          return objectId;
        }
      }
      seen += page.objects.length;
      cursor = page.hasNextPage ? page.cursor : null;
    } while (cursor !== null && seen < MAX_CAPS);
  } catch (cause) {
    const text = `listing the objects of ${address} failed: ${String(cause)}`;
    throw new WalletError('TRANSACTION_NOT_SENT', text, { cause });
  }
  throw new CommitteeError(
    'COMMITTEE_CHAIN',
    `${address} does not own the upgrade capability of package ${packageId}; run this as the ` +
      'address that published it, or remove COMMITTEE_PKG from dkg.yaml to publish again',
  );
}
