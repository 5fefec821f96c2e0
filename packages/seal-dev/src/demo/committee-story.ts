/**
 * The long story: a file that needs independent servers and a committee together; members stop and come
 * back; the committee is rotated from 2 of 3 to 3 of 4 while Alice goes on opening the file, which is still
 * the same afterwards.
 */
import { randomBytes } from 'node:crypto';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { GrpcServerChain } from '@seal-ts/chain';
import { EncryptedObject } from '@seal-ts/sdk';
import { stepText } from '../cli/output.ts';
import type { CommitteeEntry, Manifest } from '../stack/manifest.ts';
import { Allowlist } from './allowlist.ts';
import type { Story } from './demo.ts';
import { describeObject, describeRefusal, describeShares } from './describe.ts';
import { Opening } from './opening.ts';
import { account, denied, mustEqual, type Plain, Reader, short, unreachable } from './reader.ts';
import { mustHold, type Script } from './script.ts';
import type { StackProcess } from './stack-process.ts';

const SERVERS = 2;
/** The committee counts twice: with it one independent server is needed, without it no number is enough. */
const COMMITTEE_WEIGHT = 2;
const THRESHOLD = 3;

/** Two members go on and two are new: see `chooseWay` for why nobody has to wait then. */
const ROTATION = { to: '3of4', continuing: 2 };

export const committeeStory: Story = {
  start: 'Start a chain, two key servers, and a committee of three by a real key ceremony',
  stack: ['--servers', String(SERVERS), '--committee', '2of3'],
  tell: (script, stack, plain) => new CommitteeStory(script, stack, plain).tell(),
};

class CommitteeStory {
  readonly #script: Script;
  readonly #stack: StackProcess;
  readonly #plain: Plain;
  readonly #manifest: Manifest;
  readonly #rpc: SuiGrpcClient;
  /** Opens the file as Alice; rejects unless it is the original. */
  #open: () => Promise<void> = async () => {};

  constructor(script: Script, stack: StackProcess, plain: Plain) {
    this.#script = script;
    this.#stack = stack;
    this.#plain = plain;
    this.#manifest = stack.manifest;
    const baseUrl = this.#manifest.chain.rpcUrl;
    this.#rpc = new SuiGrpcClient({ network: 'localnet', baseUrl });
  }

  async tell(): Promise<void> {
    const before = this.#committee();
    this.#describe(before);
    await this.#encryptAndOpen();
    await this.#membersStop(before);
    const factsBefore = await this.#onChain();
    await this.#rotate();
    const after = this.#committee();
    this.#describe(after);
    await this.#compare(factsBefore);
    await this.#script.step('Open the old file again', () => this.#open());
    this.#script.detail(`encrypted to version 0, opened by version ${after.version}`);
    await this.#membersStopAfter(after);
  }

  async #encryptAndOpen(): Promise<void> {
    const script = this.#script;
    const { name, content } = this.#plain;
    const manifest = this.#manifest;
    const alice = account(manifest, 'alice');
    const list = await script.step('Publish who may read: an allowlist, with Alice on it', () => {
      const members = [alice.toSuiAddress()];
      return Allowlist.create(
        this.#rpc,
        account(manifest, 'admin'),
        manifest.packages.walrus,
        members,
      );
    });
    const reader = new Reader(this.#rpc, this.#servers(), list);
    const id = list.identity(randomBytes(5));
    const total = SERVERS + COMMITTEE_WEIGHT;
    const sealed = await script.step(
      `Encrypt ${name} to ${total} shares, two of them the committee's; ${THRESHOLD} open it`,
      () => reader.encrypt(content, id, THRESHOLD),
    );
    script.detail(describeObject(EncryptedObject.parse(sealed), manifest, content, sealed));
    script.detail('neither the independent servers nor the committee are enough alone');

    this.#open = async () => mustEqual(await reader.open(sealed, id, alice), content);
    await script.step('Open it as Alice, through both together', () => this.#open());
    script.detail(`${content.length} bytes, equal to the original`);
    const bob = account(manifest, 'bob');
    const refusal = await script.refused(
      'Try as Bob, who is not on the list',
      () => reader.open(sealed, id, bob),
      denied,
    );
    script.detail(describeRefusal(refusal));
  }

  async #membersStop({ members }: CommitteeEntry): Promise<void> {
    const script = this.#script;
    const { control } = this.#stack;
    const [server] = this.#manifest.keyServers;
    const [first, , third] = members;
    mustHold(Boolean(server && first && third), 'the stack has too few servers');
    const names = [first, third, server].map((entry) => entry?.name as string);
    const [one, other, independent] = names as [string, string, string];
    await script.step(`Stop ${independent} and ${one}, open again`, async () => {
      await control.setKeyServer(independent, false);
      await control.setKeyServer(one, false);
      await this.#open();
    });
    script.detail('two members of three, and one independent server, are enough');

    const failed = await script.refused(
      `Start ${independent} again, stop ${other}`,
      async () => {
        await control.setKeyServer(independent, true);
        await control.setKeyServer(other, false);
        await this.#open();
      },
      unreachable,
    );
    script.detail('refused: one member alone has nothing that opens anything');
    script.detail(describeShares(failed, this.#manifest));
    await script.step('Start both members again, open again', async () => {
      await Promise.all([one, other].map((name) => control.setKeyServer(name, true)));
      await this.#open();
    });
  }

  /** The rotation itself, with Alice opening the file from before its start to after its end. */
  async #rotate(): Promise<void> {
    const script = this.#script;
    const opening = new Opening(() => this.#open());
    await script.step(
      'Rotate the committee from 2 of 3 to 3 of 4 while Alice goes on',
      async (tell) => {
        try {
          const request = { committee: this.#committee().name, ...ROTATION };
          await this.#stack.control.rotate(request, (step, ms) =>
            tell(`${stepText(step, ms)}; opened ${opening.opened} times so far`),
          );
        } finally {
          await opening.stop();
        }
        tell(`the file was ${opening.summary}`);
        const [failure] = opening.failures;
        mustHold(failure === undefined, `the file could not be opened meanwhile: ${failure}`);
        mustHold(opening.opened > 0, 'the file was never opened meanwhile');
      },
    );
  }

  async #compare(before: ChainFacts): Promise<void> {
    const after = await this.#script.step('Compare the key server on chain', async () => {
      const found = await this.#onChain();
      mustHold(found.objectId === before.objectId, 'the object id has changed');
      mustHold(found.publicKey === before.publicKey, 'the public key has changed');
      mustHold(found.version === before.version + 1, 'the version is not the next one');
      mustHold(found.size === '3 of 4', `the committee is ${found.size}`);
      return found;
    });
    this.#script.detail(`object id   ${after.objectId}, unchanged`);
    this.#script.detail(`public key  ${after.publicKey.slice(0, 64)}…, unchanged`);
    this.#script.detail(
      `version     ${before.version}, ${before.size} → ${after.version}, ${after.size}`,
    );
  }

  /** The new threshold is real: one of four may be missing, two may not. */
  async #membersStopAfter({ members }: CommitteeEntry): Promise<void> {
    const script = this.#script;
    const { control } = this.#stack;
    const [one, other] = members.map(({ name }) => name) as [string, string];
    await script.step(`Stop ${one}, open again`, async () => {
      await control.setKeyServer(one, false);
      await this.#open();
    });
    script.detail('three members of four are enough');
    await script.refused(
      `Stop ${other} too`,
      async () => {
        await control.setKeyServer(other, false);
        await this.#open();
      },
      unreachable,
    );
    script.detail('refused: two members were enough before, three are needed now');
    await script.step('Start both again, open again', async () => {
      await Promise.all([one, other].map((name) => control.setKeyServer(name, true)));
      await this.#open();
    });
  }

  #committee(): CommitteeEntry {
    const [entry] = this.#stack.manifest.committees;
    mustHold(entry !== undefined, 'the manifest has no committee');
    return entry;
  }

  #servers() {
    const { keyServerObjectId, aggregatorUrl } = this.#committee();
    return [
      ...this.#manifest.keyServers.map(({ objectId }) => ({ objectId, weight: 1 })),
      { objectId: keyServerObjectId, weight: COMMITTEE_WEIGHT, aggregatorUrl },
    ];
  }

  #describe({ name, version, threshold, members }: CommitteeEntry): void {
    const names = members.map((member) => member.name.replace(`${name}-`, '')).join(', ');
    this.#script.detail(`${name}, version ${version}: ${threshold} of ${members.length}, ${names}`);
  }

  async #onChain(): Promise<ChainFacts> {
    const { keyServerObjectId } = this.#committee();
    const chain = new GrpcServerChain({}, { client: this.#rpc });
    const { objectId, publicKey, serverType } = await chain.keyServer(keyServerObjectId);
    mustHold(serverType.kind === 'committee', `${short(objectId)} is not a committee's`);
    const { version, threshold, members } = serverType;
    return {
      objectId,
      publicKey: Buffer.from(publicKey).toString('hex'),
      version,
      size: `${threshold} of ${members.length}`,
    };
  }
}

/** What the chain says about the committee's key server. */
interface ChainFacts {
  readonly objectId: string;
  readonly publicKey: string;
  readonly version: number;
  readonly size: string;
}
