/**
 * Whether an object is what it looks like. Anybody can publish a package with a committee of the same
 * layout, name any members in it, and write its id into a `dkg.yaml`.
 */
import { decodeObject, type ServerChain } from '@seal-ts/chain';
import { fromHex } from '@seal-ts/protocol';
import { isCommittee } from '../chain/calls.ts';
import type { CommitteeView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import type { CeremonyFile } from '../files/ceremony-file.ts';
import { hex } from '../files/hex.ts';
import { compileCommittee, packageFolder, sealPublication } from '../move-package.ts';

/** Everything about the object that does not need a list. Error: COMMITTEE_MISMATCH. */
export async function checkGenuine(
  chain: ServerChain,
  view: CommitteeView,
  coordinator: string | undefined,
): Promise<void> {
  const { committee, packageId, old } = view;
  const fault = (text: string) =>
    new CommitteeError('COMMITTEE_MISMATCH', `${committee.id} ${text}. Do not go on`);
  const { objectType, owner } = await chain.object(committee.id, {
    mask: ['object_type', 'owner'],
  });
  if (!isCommittee(objectType ?? '')) {
    throw fault(`is no committee: its type is ${objectType}`);
  }
  if (owner?.kind !== 'shared') throw fault(`is no shared object (owner: ${owner?.kind})`);
  const { members, threshold } = committee;
  if (threshold < 2 || threshold > members.length || new Set(members).size < members.length) {
    throw fault(`has ${members.length} members and threshold ${threshold}, which no committee has`);
  }
  if (old === undefined) return;
  // Only the old committee's own package decides who may take its key server over.
  if (old.packageId !== packageId) {
    throw fault(
      `is of package ${packageId}, but the committee that it claims to take over from is of ` +
        `${old.packageId}: it was not made by init-rotation`,
    );
  }
  if (coordinator !== undefined && !old.committee.members.includes(coordinator)) {
    throw fault(
      `was made by a member of the old committee, and COORDINATOR_ADDRESS ${coordinator} in dkg.yaml ` +
        'is none',
    );
  }
}

/** Whether the published bytecode is what this tool would publish. */
export interface BytecodeCompared {
  readonly same: boolean;
  readonly text: string;
}

/** Errors: of compiling, ChainError. */
export async function compareBytecode(
  deps: CliDeps,
  chain: ServerChain,
  { network, sealPackage }: CeremonyFile,
  packageId: string,
): Promise<BytecodeCompared> {
  const folder = packageFolder(deps, undefined);
  const seal = await sealPublication(network, sealPackage, () => chain);
  const compiled = await compileCommittee(deps, folder, seal);
  const { bcs } = await chain.object(packageId, { mask: ['bcs'] });
  const published = bcs === undefined ? undefined : decodeObject(bcs);
  if (published?.kind !== 'package') {
    throw new CommitteeError('COMMITTEE_CHAIN', `${packageId} is no package`);
  }
  const own = new Map(compiled.modules.map(({ name, bytes }) => [name, hex(bytes)]));
  const same =
    published.modules.length === own.size &&
    published.modules.every(([name, bytes]) => own.get(name) === unpublished(bytes, packageId));
  const source = `built from ${folder}, digest ${hex(compiled.digest)}`;
  if (same) return { same, text: `${packageId} is byte for byte the code ${source}` };
  return {
    same,
    text:
      `${packageId} is not byte for byte the code ${source}. Other versions and other compilers give ` +
      "other bytes, so this need not be wrong; but only the package's bytecode decides what the " +
      'committee can do. Ask the coordinator which sources it was built from',
  };
}

/** Publishing wrote the package's id over the zeros of its own address. */
function unpublished(bytes: Uint8Array, packageId: string): string {
  const id = hex(fromHex(packageId)).slice(2);
  return hex(bytes).replace(id, '0'.repeat(id.length));
}
