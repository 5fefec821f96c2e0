/** Key servers of a stack: one key, one on-chain object, one process each. */
import { join } from 'node:path';
import type { Keypair } from '@mysten/sui/cryptography';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Transaction } from '@mysten/sui/transactions';
import { publicKeyFromMasterKey, randomScalar, systemRandom } from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { DevError } from '../errors.ts';
import { Child, waitReady } from './child.ts';
import { makePrivateDir, type StackFiles, writePrivateFile } from './files.ts';
import { LOOPBACK, type ServerPorts } from './ports.ts';
import { run } from './transactions.ts';

export interface KeyServerPlan {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly publicKey: Uint8Array;
}

export interface RegisteredKeyServer extends KeyServerPlan {
  readonly objectId: string;
}

/** Makes a key, keeps it in a 0600 file of its own, and answers the public part. */
export function planKeyServer(files: StackFiles, name: string, ports: ServerPorts): KeyServerPlan {
  const masterKey = randomScalar(systemRandom);
  const dir = files.keyServer(name);
  makePrivateDir(dir);
  writePrivateFile(join(dir, 'master-key'), `0x${Buffer.from(masterKey).toString('hex')}\n`);
  const publicKey = nobleEngine.g2.toBytes(publicKeyFromMasterKey(nobleEngine, masterKey));
  masterKey.fill(0);
  return {
    name,
    url: `http://${LOOPBACK}:${ports.http}`,
    port: ports.http,
    metricsPort: ports.metrics,
    publicKey,
  };
}

/** Registers all servers in one transaction. */
export async function registerKeyServers(
  client: SuiGrpcClient,
  signer: Keypair,
  sealPackage: string,
  plans: readonly KeyServerPlan[],
): Promise<RegisteredKeyServer[]> {
  const transaction = new Transaction();
  for (const plan of plans) {
    transaction.moveCall({
      target: `${sealPackage}::key_server::create_and_transfer_v2_independent_server`,
      arguments: [
        transaction.pure.string(plan.name),
        transaction.pure.string(plan.url),
        transaction.pure.u8(0),
        transaction.pure.vector('u8', plan.publicKey),
      ],
    });
  }
  const executed = await run(client, signer, transaction, 'registering the key servers');
  const ids = executed.created
    .filter((object) => object.type === `${sealPackage}::key_server::KeyServer`)
    .map((object) => object.objectId);
  return assign(client, plans, ids);
}

/** Effects list objects by id: which is whose is read back from the chain. */
async function assign(
  client: SuiGrpcClient,
  plans: readonly KeyServerPlan[],
  ids: readonly string[],
): Promise<RegisteredKeyServer[]> {
  const keyOf = new Map<string, string>();
  for (const objectId of ids) {
    const field = await client.core.getDynamicField({
      parentId: objectId,
      name: { type: 'u64', bcs: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0) },
    });
    keyOf.set(Buffer.from(field.dynamicField.value.bcs).toString('hex'), objectId);
  }
  return plans.map((plan) => {
    const publicKey = Buffer.from(plan.publicKey).toString('hex');
    const objectId = [...keyOf].find(([content]) => content.includes(publicKey))?.[1];
    if (!objectId) {
      throw new DevError('DEV_TRANSACTION_FAILED', `no key server object holds ${plan.name}'s key`);
    }
    return { ...plan, objectId };
  });
}

export interface KeyServerSettings {
  readonly files: StackFiles;
  readonly rpcUrl: string;
  readonly sealPackage: string;
}

/** Writes the configuration of `server` and starts it; answers when it is ready. */
export async function startKeyServer(
  server: RegisteredKeyServer,
  settings: KeyServerSettings,
): Promise<Child> {
  const dir = settings.files.keyServer(server.name);
  const config = join(dir, 'config.yaml');
  writePrivateFile(config, configText(server, settings));
  const child = new Child({
    name: server.name,
    entry: import.meta.resolve('@seal-ts/key-server/main'),
    args: ['--config', config, '--host', LOOPBACK],
    env: {
      PORT: String(server.port),
      MASTER_KEY: `@${join(dir, 'master-key')}`,
    },
    logFile: join(settings.files.logs, `${server.name}.log`),
  });
  try {
    await waitReady(child, `${server.url}/ready`);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}

function configText(server: RegisteredKeyServer, settings: KeyServerSettings): string {
  return `network: !Localnet
  seal_package: '${settings.sealPackage}'
node_url: '${settings.rpcUrl}'
server_mode: !Open
  key_server_object_id: '${server.objectId}'
metrics_host_port: ${server.metricsPort}
`;
}
