/**
 * What others can make a person sign: by a file of a transaction under way, by a transaction that they
 * send, or by a node that says something else than the chain.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Transaction } from '@mysten/sui/transactions';
import { systemDeps, type Terminal } from '@seal-ts/committee-cli';
import { fromHex, toHex } from '@seal-ts/protocol';
import { buildUnsigned, Wallet } from '@seal-ts/wallet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Person, World } from './world.ts';

// Whole ceremonies with compilations in them, beside other tests on the same machine.
vi.setConfig({ testTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;
let c: Person;

beforeAll(async () => {
  world = await World.start();
  [a, b, c] = [await world.person('a'), await world.person('b'), await world.person('c')];
});
afterAll(() => world?.close());

/** A connection that dies before the transaction that starts the committee is sent. */
const withoutInit: Parameters<Person['try']>[1] = {
  connect: (network, url) => {
    const client = systemDeps.connect(network, url);
    const run = client.executeTransaction.bind(client);
    client.executeTransaction = ((input: Parameters<typeof run>[0]) => {
      if (existsSync(a.path('pending-init.json'))) throw new TypeError('connection lost');
      return run(input);
    }) as SuiGrpcClient['executeTransaction'];
    return client;
  },
};

/** A person at the keyboard who answers everything alike. */
function answering(answer: string, questions: string[] = []): Terminal {
  const ask = (question: string) => {
    questions.push(question);
    return Promise.resolve(answer);
  };
  return { ask, askSecret: ask };
}

describe('a transaction of an earlier attempt', () => {
  const pending = () => a.path('pending-init.json');
  let text: string;

  beforeAll(async () => {
    a.begin(world.config(3, [a, b, c]));
    expect((await a.try(['publish-and-init'], withoutInit)).notes).toContain('connection lost');
    text = readFileSync(pending(), 'utf8');
  }, 120_000);

  it.each([
    ['another threshold', (yaml: string) => yaml.replace(/THRESHOLD: "?3"?/, 'THRESHOLD: 2')],
    ['other members', (yaml: string) => yaml.replace(b.address, `0x${'77'.repeat(32)}`)],
  ])('is not sent when dkg.yaml has %s meanwhile', async (_, change) => {
    const yaml = a.read('dkg.yaml');
    writeFileSync(a.path('dkg.yaml'), change(yaml));
    const said = await a.fail('publish-and-init');
    expect(said).toContain('COMMITTEE_STATE');
    expect(said).toContain('does something else than this step');
    expect(readFileSync(pending(), 'utf8')).toBe(text);
    writeFileSync(a.path('dkg.yaml'), yaml);
  });

  it('is not sent for somebody else, or with a signature of somebody else', async () => {
    const other = Wallet.open(`${a.home}/client.yaml`);
    const stranger = other.newAddress();
    expect(await a.fail('publish-and-init')).toContain(`and you act as ${stranger}`);
    other.switchAddress(a.address);
    const { transaction } = JSON.parse(text);
    const key = Wallet.open(`${b.home}/client.yaml`).key(b.address);
    const { signature } = await key.signTransaction(Buffer.from(transaction, 'base64'));
    writeFileSync(pending(), JSON.stringify({ transaction, signature }));
    expect(await a.fail('publish-and-init')).toContain('you have not signed');
    writeFileSync(pending(), JSON.stringify({ transaction: 'AAAA', signature }));
    expect(await a.fail('publish-and-init')).toContain('cannot be read');
    writeFileSync(pending(), text);
  });

  it('is sent when it is what the step does', async () => {
    const ran = await a.try(['publish-and-init']);
    expect(ran.notes).toContain('sending the transaction of an earlier attempt again');
    expect(ran.out).toContain('Committee: 0x');
    expect(existsSync(pending())).toBe(false);
  });

  it('is forgotten when a run was killed just after its outcome was written down', async () => {
    writeFileSync(pending(), text);
    writeFileSync(a.path('pending-publish.json'), text);
    expect(await a.run('publish-and-init')).toContain('done already');
    expect(existsSync(pending())).toBe(false);
    expect(existsSync(a.path('pending-publish.json'))).toBe(false);
  });
});

describe('a transaction that somebody sends', () => {
  let bytes: string;

  beforeAll(async () => {
    const spending = { sender: a.address, gasBudget: 20_000_000n, purpose: 'a test' };
    bytes = await buildUnsigned(world.client, split(), spending);
  });

  function split(): Transaction {
    const transaction = new Transaction();
    const coin = transaction.splitCoins(transaction.gas, [77]);
    const call = { target: '0x2::coin::zero', typeArguments: ['0x2::sui::SUI'] };
    transaction.transferObjects([coin, transaction.moveCall(call)], b.address);
    return transaction;
  }

  const signing = () => ['sign-and-execute', '--tx-bytes', bytes];

  it('is shown, and not signed without a yes', async () => {
    const questions: string[] = [];
    const ran = await a.try(signing(), { terminal: answering('y', questions) });
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(questions).toHaveLength(1);
    expect(ran.notes).toContain(`Transaction of ${a.address}, which may cost 0.0200 SUI:`);
    expect(ran.notes).toContain('0: split the gas coin into 0x4d00000000000000');
    expect(ran.notes).toMatch(/1: call 0x0+2::coin::zero<0x0*2::sui::SUI>\(\)/);
    expect(ran.notes).toContain(`to ${b.address}`);
    expect(ran.notes).toContain('nothing was signed');
  });

  it('is not signed for another address than the one that was given', async () => {
    const ran = await a.try([...signing(), '--active-address', b.address, '--yes']);
    expect(ran.code).toBe(1);
    expect(ran.notes).toContain('nothing was signed');
  });

  it('is refused when more bytes follow than are shown', async () => {
    const longer = Buffer.concat([Buffer.from(bytes, 'base64'), Buffer.from([0])]);
    const said = await a.fail('sign-and-execute', '--tx-bytes', longer.toString('base64'));
    expect(said).toContain('BAD_INPUT');
  });

  it('is executed after a yes', async () => {
    const ran = await a.try(signing(), { terminal: answering('yes') });
    expect(ran.out).toContain('Transaction executed successfully');
  });
});

describe('a node that shows another package', () => {
  const other = '5c'.repeat(32);

  /** Everything as it is, but for one id. */
  function showing(honest: string, wrong: string): Parameters<Person['try']>[1] {
    return {
      connect: (network, url) => {
        const client = systemDeps.connect(network, url);
        const { ledgerService } = client;
        const get = ledgerService.getObject.bind(ledgerService);
        ledgerService.getObject = (async (...args: Parameters<typeof get>) => {
          const done = await get(...args);
          const object = done.response.object;
          if (object?.bcs?.value) {
            object.bcs.value = fromHex(toHex(object.bcs.value).replaceAll(honest, wrong));
          }
          if (object?.objectType) {
            object.objectType = object.objectType.replaceAll(honest, wrong);
          }
          return done;
        }) as unknown as SuiGrpcClient['ledgerService']['getObject'];
        return client;
      },
    };
  }

  it('gets no proposal, which would call that package in the name of the member', async () => {
    a.begin(world.config(2, [a, b]));
    await a.run('publish-and-init');
    b.begin(await a.run('export-public'));
    for (const member of [a, b]) {
      const args = ['-u', `https://${member.name}`, '-n', member.name, '--unverified'];
      await member.run('genkey-and-register', ...args);
    }
    for (const member of [a, b]) await member.run('create-message', '--unverified');
    b.receive(new Map([a, b].map((member) => [`${member.name}.json`, member.message()])));
    const packageId = b.value('publish-and-init', 'COMMITTEE_PKG').slice(2);
    const ran = await b.try(['process-all-and-propose'], showing(packageId, other));
    expect(ran.code).toBe(1);
    expect(ran.notes).toContain('COMMITTEE_MISMATCH: COMMITTEE_PKG');
    expect(b.recordedShare(0)).toBeUndefined();
    await b.run('process-all-and-propose');
  });
});
