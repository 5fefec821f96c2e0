/** Committees of a stack: the ceremony, then a process for each member and one for the aggregator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DevError } from '../errors.ts';
import { type CeremonyChain, type Member, runCeremony } from './ceremony.ts';
import { Child, waitReady } from './child.ts';
import type { CommitteePlan } from './committee-plan.ts';
import { makePrivateDir, type StackFiles, writePrivateFile } from './files.ts';
import type { CommitteeEntry } from './manifest.ts';
import { LOOPBACK, type ServerPorts } from './ports.ts';

/** A part of the stack that can be stopped and started by name. */
export interface Part {
  readonly name: string;
  start(): Promise<Child>;
}

export interface Committee {
  readonly entry: CommitteeEntry;
  /** Members first, then the aggregator. */
  readonly parts: readonly Part[];
}

const urlOf = (ports: ServerPorts) => `http://${LOOPBACK}:${ports.http}`;

/** Makes a committee's key. `ports`: one for each member, then the aggregator's. */
export async function makeCommittee(
  files: StackFiles,
  plan: CommitteePlan,
  ports: readonly ServerPorts[],
  chain: CeremonyChain,
): Promise<Committee> {
  const home = files.committee(plan.name);
  makePrivateDir(home);
  const memberPorts = ports.slice(0, plan.members);
  const aggregatorPorts = ports[plan.members] as ServerPorts;
  const ceremony = await runCeremony(home, plan, memberPorts.map(urlOf), chain);
  const { keyServerObjectId, committeeId, packageId, members } = ceremony;
  const settings = { files, chain, keyServerObjectId };
  const entry: CommitteeEntry = {
    name: plan.name,
    keyServerObjectId,
    aggregatorUrl: urlOf(aggregatorPorts),
    threshold: plan.threshold,
    publicKey: publicKeyOf(members[0] as Member),
    packageId,
    committeeId,
    members,
  };
  const parts = members.map((member, i) =>
    memberPart(member, memberPorts[i] as ServerPorts, settings),
  );
  return { entry, parts: [...parts, aggregatorPart(entry, aggregatorPorts, settings)] };
}

interface Settings {
  readonly files: StackFiles;
  readonly chain: CeremonyChain;
  readonly keyServerObjectId: string;
}

function memberPart(member: Member, ports: ServerPorts, settings: Settings): Part {
  return {
    name: member.name,
    start() {
      // The share goes from the ceremony's file to a 0600 file that only this server reads.
      const share = join(member.stateDir, '..', 'master-share-v0');
      writePrivateFile(share, `${outputOf(member, 'MASTER_SHARE_V0')}\n`);
      const config = join(member.stateDir, '..', 'key-server.yaml');
      writePrivateFile(
        config,
        `${common(settings, ports)}server_mode: !Committee
  member_address: "${member.address}"
  key_server_obj_id: "${settings.keyServerObjectId}"
  committee_state: !Active
`,
      );
      const entry = import.meta.resolve('@seal-ts/key-server/main');
      const env = { MASTER_SHARE_V0: `@${share}` };
      return startServer({ name: member.name, entry, config, env, ports, settings });
    },
  };
}

function aggregatorPart(entry: CommitteeEntry, ports: ServerPorts, settings: Settings): Part {
  const name = `${entry.name}-aggregator`;
  return {
    name,
    start() {
      const config = join(settings.files.committee(entry.name), 'aggregator.yaml');
      const members = entry.members.map((member) => `  "${member.name}": {url: "${member.url}"}\n`);
      writePrivateFile(
        config,
        `${common(settings, ports)}key_server_object_id: "${entry.keyServerObjectId}"
api_credentials:
${members.join('')}member_access:
  allow_addresses: ["127.0.0.0/8"]
`,
      );
      const program = import.meta.resolve('@seal-ts/aggregator/main');
      return startServer({ name, entry: program, config, env: {}, ports, settings });
    },
  };
}

function common({ chain }: Settings, ports: ServerPorts): string {
  return `network: !Localnet
  seal_package: "${chain.sealPackage}"
node_url: "${chain.rpcUrl}"
metrics_host_port: ${ports.metrics}
`;
}

interface ServerStart {
  readonly name: string;
  readonly entry: string;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: ServerPorts;
  readonly settings: Settings;
}

async function startServer(server: ServerStart): Promise<Child> {
  const child = new Child({
    name: server.name,
    entry: server.entry,
    args: ['--config', server.config, '--host', LOOPBACK],
    env: { ...server.env, PORT: String(server.ports.http) },
    logFile: join(server.settings.files.logs, `${server.name}.log`),
  });
  try {
    await waitReady(child, `${urlOf(server.ports)}/ready`);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}

/** A hex value that the ceremony left in the member's `dkg.yaml`. */
function outputOf(member: Member, key: string): string {
  const file = readFileSync(join(member.stateDir, 'dkg.yaml'), 'utf8');
  const value = new RegExp(`^ *${key}: ["']?(0x[0-9a-f]+)`, 'm').exec(file)?.[1];
  if (value) return value;
  throw new DevError('DEV_FILE', `${member.stateDir}/dkg.yaml has no ${key}`);
}

function publicKeyOf(member: Member): string {
  return Buffer.from(outputOf(member, 'KEY_SERVER_PK').slice(2), 'hex').toString('base64');
}
