/**
 * The short story: a file is encrypted to an allowlist on three independent key servers, opened by a
 * member, refused to a stranger, and opened or not as key servers stop.
 */
import { randomBytes } from 'node:crypto';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { EncryptedObject } from '@seal-ts/sdk';
import { Allowlist } from './allowlist.ts';
import type { Story } from './demo.ts';
import { describeObject, describeRefusal, describeShares } from './describe.ts';
import { account, denied, mustEqual, type Plain, Reader, short, unreachable } from './reader.ts';
import { mustHold, type Script } from './script.ts';
import type { StackProcess } from './stack-process.ts';

const SERVERS = 3;
const THRESHOLD = 2;

export const serversStory: Story = {
  start: 'Start a chain and three key servers',
  stack: ['--servers', String(SERVERS)],
  tell,
};

async function tell(script: Script, stack: StackProcess, plain: Plain): Promise<void> {
  const { manifest } = stack;
  const rpc = new SuiGrpcClient({ network: 'localnet', baseUrl: manifest.chain.rpcUrl });
  const admin = account(manifest, 'admin');
  const alice = account(manifest, 'alice');
  const stranger = account(manifest, 'bob');
  for (const server of manifest.keyServers) {
    script.detail(`${server.name} at ${server.url}, object ${short(server.objectId)}`);
  }

  const list = await script.step(
    'Publish who may read: an allowlist on chain, with Alice on it',
    () => Allowlist.create(rpc, admin, manifest.packages.walrus, [alice.toSuiAddress()]),
  );
  script.detail(`allowlist ${short(list.objectId)}, policy ${short(list.packageId)}::allowlist`);

  const servers = manifest.keyServers.map(({ objectId }) => ({ objectId, weight: 1 }));
  const reader = new Reader(rpc, servers, list);
  const id = list.identity(randomBytes(5));
  const sealed = await script.step(
    `Encrypt ${plain.name}, ${THRESHOLD} of ${SERVERS} key servers`,
    () => reader.encrypt(plain.content, id, THRESHOLD),
  );
  script.detail(describeObject(EncryptedObject.parse(sealed), manifest, plain.content, sealed));

  const open = (as: Ed25519Keypair) => reader.open(sealed, id, as);
  const opensAs = async (as: Ed25519Keypair) => mustEqual(await open(as), plain.content);

  await script.step('Open it as Alice', () => opensAs(alice));
  script.detail(`${plain.content.length} bytes, equal to the original`);

  const refusal = await script.refused(
    'Try as Bob, who is not on the list',
    () => open(stranger),
    denied,
  );
  script.detail(describeRefusal(refusal));

  const removed = await script.refused(
    'Remove Alice and try as Alice',
    async () => {
      await list.change('remove', alice.toSuiAddress());
      await open(alice);
    },
    denied,
  );
  script.detail(describeRefusal(removed));

  const [first, second] = manifest.keyServers;
  mustHold(first !== undefined && second !== undefined, 'the stack has too few key servers');
  await script.step(`Put Alice back, stop ${first.name}, open again`, async () => {
    await list.change('add', alice.toSuiAddress());
    await stack.control.setKeyServer(first.name, false);
    await opensAs(alice);
  });
  script.detail('two of three are enough');

  const failed = await script.refused(
    `Stop ${second.name} too`,
    async () => {
      await stack.control.setKeyServer(second.name, false);
      await open(alice);
    },
    unreachable,
  );
  script.detail(`refused: ${THRESHOLD} of ${SERVERS} are needed, and these did not answer:`);
  script.detail(describeShares(failed, manifest));

  await script.step('Start both again, open again', async () => {
    await stack.control.setKeyServer(first.name, true);
    await stack.control.setKeyServer(second.name, true);
    await opensAs(alice);
  });
}
