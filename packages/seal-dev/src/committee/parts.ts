/** The processes of a committee: a key server for each member, and the aggregator. */
import { join } from 'node:path';
import { Child, waitReady } from '../stack/child.ts';
import { type StackFiles, writePrivateFile } from '../stack/files.ts';
import { LOOPBACK, type ServerPorts, urlOf } from '../stack/ports.ts';
import type { Part } from '../stack/servers.ts';
import { type CeremonyChain, type Person, serverUrl, shareFileOf } from './people.ts';

export interface PartSettings {
  readonly files: StackFiles;
  readonly chain: CeremonyChain;
  readonly keyServerObjectId: string;
}

/** Which shares a member's server holds: one, or in a rotation the next one too. */
export type ShareState =
  | { readonly kind: 'active'; readonly version: number }
  | { readonly kind: 'rotation'; readonly target: number };

/**
 * New members change over as soon as the chain does. Continuing ones look less often: they are restarted
 * one after the other, and all at once they would leave a moment without enough shares of one version.
 */
export function memberPart(person: Person, state: ShareState, settings: PartSettings): Part {
  const versions = state.kind === 'active' ? [state.version] : [state.target - 1, state.target];
  const config = join(person.home, 'key-server.yaml');
  const text = `${common(settings, person.ports)}server_mode: !Committee
  member_address: "${person.address}"
  key_server_obj_id: "${settings.keyServerObjectId}"
  committee_state: ${
    state.kind === 'active' ? '!Active' : `!Rotation\n    target_version: ${state.target}`
  }
committee_poll_interval: ${state.kind === 'active' ? '1s' : '10s'}
`;
  const shares = versions.map(
    (version) => [`MASTER_SHARE_V${version}`, `@${shareFileOf(person, version)}`] as const,
  );
  return {
    name: person.name,
    start() {
      writePrivateFile(config, text);
      return startServer({
        name: person.name,
        entry: import.meta.resolve('@seal-ts/key-server/main'),
        config,
        env: Object.fromEntries(shares),
        ports: person.ports,
        logs: settings.files.logs,
      });
    },
  };
}

/** `members`: everybody who may be asked, those of the next committee included. */
export function aggregatorPart(
  committee: string,
  members: readonly Person[],
  ports: ServerPorts,
  settings: PartSettings,
): Part {
  const name = `${committee}-aggregator`;
  const config = join(settings.files.committee(committee), 'aggregator.yaml');
  const credentials = members.map(
    (member) => `  "${member.name}": {url: "${serverUrl(member)}"}\n`,
  );
  const text = `${common(settings, ports)}key_server_object_id: "${settings.keyServerObjectId}"
api_credentials:
${credentials.join('')}member_access:
  allow_addresses: ["127.0.0.0/8"]
`;
  return {
    name,
    start() {
      writePrivateFile(config, text);
      const entry = import.meta.resolve('@seal-ts/aggregator/main');
      return startServer({ name, entry, config, env: {}, ports, logs: settings.files.logs });
    },
  };
}

function common({ chain }: PartSettings, ports: ServerPorts): string {
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
  readonly logs: string;
}

async function startServer(server: ServerStart): Promise<Child> {
  const child = new Child({
    name: server.name,
    entry: server.entry,
    args: ['--config', server.config, '--host', LOOPBACK],
    env: { ...server.env, PORT: String(server.ports.http) },
    logFile: join(server.logs, `${server.name}.log`),
  });
  try {
    await waitReady(child, `${urlOf(server.ports)}/ready`);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}
