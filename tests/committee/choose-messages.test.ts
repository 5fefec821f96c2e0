/** The coordinator's choice by hand, and the ways in which it goes wrong; complaints with their exit codes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { systemRandom } from '@seal-ts/crypto';
import {
  createSignedMessage,
  deployedSuite,
  encodeSignedMessage,
  makeNodes,
  RandomOracle,
} from '@seal-ts/crypto/dkg';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { addressToBytes, fromHex, toHex } from '@seal-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Person, World } from './world.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;
/** The messages of a and b, by file name. */
let messages: Map<string, string>;
let committeeId: string;

beforeAll(async () => {
  world = await World.start();
  a = await world.person('a');
  b = await world.person('b');
  a.begin(world.config(2, [a, b]));
  await a.run('publish-and-init');
  committeeId = a.value('publish-and-init', 'COMMITTEE_ID');
  b.begin(await a.run('export-public'));
  for (const member of [a, b]) {
    const name = member.name;
    await member.run(
      'genkey-and-register',
      '-u',
      `https://${name}.example`,
      '-n',
      name,
      '--unverified',
    );
  }
  for (const member of [a, b]) await member.run('create-message', '--unverified');
  messages = new Map(
    [a, b].map((member) => [member.messageFile(), member.read(member.messageFile())]),
  );
});
afterAll(() => world?.close());
beforeEach(() => a.receive(messages));

const folder = (name: string) => a.path('dkg-messages', name);

/** What party 0 would deal with other keys in mind; well signed all the same. */
async function wrongMessage(): Promise<string> {
  const keyOf = (person: Person, name: string) =>
    fromHex((JSON.parse(person.read('dkg.key')) as Record<string, string>)[name] ?? '');
  const suite = deployedSuite(engine);
  const stranger = engine.g1.mul(engine.g1.generator, new Uint8Array(32).fill(1));
  const own = suite.keys.fromBytes(keyOf(a, 'enc_pk'));
  const signed = await createSignedMessage(
    {
      suite,
      nodes: makeNodes(suite.keys, [
        { id: 0, publicKey: own, weight: 1 },
        { id: 1, publicKey: stranger, weight: 1 },
      ]),
      threshold: 2,
      oracle: RandomOracle.forCommittee(committeeId),
    },
    { encryptionKey: keyOf(a, 'enc_sk'), random: systemRandom },
    { committeeId: addressToBytes(committeeId), signingKey: keyOf(a, 'signing_sk') },
  );
  return JSON.stringify({ message: toHex(encodeSignedMessage(suite, signed)) });
}

describe('choose-messages before it signs', () => {
  it.each<[string, () => void, string[], string]>([
    ['too few', () => rmSync(folder('message_1.json')), [], 'exactly 2 messages, got 1'],
    ['a file that is none', () => writeFileSync(folder('x.json'), '{}'), [], 'x.json'],
    [
      'one twice',
      () => writeFileSync(folder('x.json'), messages.get('message_0.json') ?? ''),
      [],
      'both from party 0',
    ],
    [
      'a changed one',
      () => {
        const text = (messages.get('message_0.json') ?? '').replace(/(..)"\n/, '00"\n');
        writeFileSync(folder('message_0.json'), text);
      },
      [],
      'message_0.json',
    ],
    ['another choice of senders', () => undefined, ['--from', '0'], 'name a new folder'],
    ['a sender who sent nothing', () => undefined, ['--from', '0,5'], 'no message of party 5'],
    ['a sender twice', () => undefined, ['--from', '0,0'], 'each once'],
    ['no number', () => undefined, ['--from', '0,x'], '--from 0,x'],
    ['no folder', () => undefined, ['-m', 'nowhere'], 'nowhere'],
  ])('refuses %s', async (_, prepare, args, words) => {
    prepare();
    expect(await a.fail('choose-messages', ...args)).toContain(words);
    expect(existsSync(a.path('signed-set.json'))).toBe(false);
    expect(existsSync(folder('message-set.sig'))).toBe(false);
  });

  it('refuses anybody but the coordinator', async () => {
    b.receive(messages);
    const notes = await b.fail('choose-messages');
    expect(notes).toContain(`the coordinator of this ceremony is ${a.address}`);
    expect(readdirSync(b.path('dkg-messages'))).toHaveLength(2);
  });
});

describe('a complaint', () => {
  it('is judged, with exit codes for scripts', async () => {
    const wrong = await wrongMessage();
    b.receive(new Map([...messages, ['message_0.json', wrong]]));
    const notes = await b.fail('process-all-and-propose');
    expect(notes).toContain(`party 0 (${a.address}, a) dealt this member a wrong share`);
    const complaint = /--complaint (0x[0-9a-f]+)/.exec(notes)?.[1] ?? '';
    writeFileSync(`${a.home}/wrong.json`, wrong);
    const judge = (accuser: string, file: string, line: string) =>
      a.try([
        'check-complaint',
        '--json',
        '--accuser',
        accuser,
        '--message',
        file,
        '--complaint',
        line,
      ]);
    const right = await judge('1', 'wrong.json', complaint);
    expect(right.code).toBe(0);
    expect(JSON.parse(right.out)).toEqual({ accuser: 1, accused: 0, justified: true, atFault: 0 });
    const good = a.path('message_0.json');
    const lie = await judge('1', good, complaint);
    expect(lie.code).toBe(3);
    expect(JSON.parse(lie.out)).toMatchObject({ justified: false, atFault: 1 });
    expect(lie.notes).toContain(`Do not exclude party 0 (${a.address}, a)`);
    for (const [accuser, file, line] of [
      ['x', 'wrong.json', complaint],
      ['7', 'wrong.json', complaint],
      ['1', 'none.json', complaint],
      ['1', 'wrong.json', '0x'],
      ['1', 'wrong.json', complaint.slice(0, -2)],
      ['1', 'wrong.json', '@none'],
    ] as const) {
      expect((await judge(accuser, file, line)).code).toBe(1);
    }
    writeFileSync(`${a.home}/line`, `${complaint}\n`);
    const said = await a.run(
      ...['check-complaint', '--accuser', '1', '--message', 'wrong.json'],
      '--complaint',
      '@line',
    );
    expect(said).toContain(`At fault: party 0 (${a.address}, a)`);
    // Nothing of it came on chain, and the right message still works.
    expect(JSON.parse(await a.run('status', '--json'))).toMatchObject({ state: 'init' });
  });
});

describe('choose-messages', () => {
  it('leaves out what is no message when it copies, and signs once', async () => {
    writeFileSync(folder('x.json'), '{}');
    writeFileSync(folder('misnamed.json'), messages.get('message_1.json') ?? '');
    rmSync(folder('message_1.json'));
    const output = ['choose-messages', '--output', 'chosen'];
    mkdirSync(`${a.home}/chosen`);
    writeFileSync(`${a.home}/chosen/old.json`, '{}');
    expect(await a.fail(...output)).toContain('old.json, which was not chosen');
    rmSync(`${a.home}/chosen/old.json`);
    const ran = await a.try(output);
    expect(ran.code).toBe(0);
    expect(ran.notes).toContain('left out');
    expect(readdirSync(`${a.home}/chosen`).sort()).toEqual([
      'message-set.sig',
      'message_0.json',
      'message_1.json',
    ]);
    a.receive(messages);
    await a.run('choose-messages');
    expect(readFileSync(folder('message-set.sig'), 'utf8')).toBe(
      readFileSync(`${a.home}/chosen/message-set.sig`, 'utf8'),
    );
  });

  it('warns of names that members with other software read differently', async () => {
    expect((await a.try(['choose-messages'])).notes).not.toContain('other software');
    writeFileSync(folder('._message_0.json'), '\0');
    writeFileSync(folder('M1.JSON'), messages.get('message_1.json') ?? '');
    rmSync(folder('message_1.json'));
    const { code, notes } = await a.try(['choose-messages']);
    expect(code).toBe(0);
    expect(notes).toContain('other software would stumble over ._message_0.json, M1.JSON');
  });

  it('binds members, in words that say what is wrong', async () => {
    const sig = readFileSync(`${a.home}/chosen/message-set.sig`, 'utf8');
    const all = new Map([...messages, ['message-set.sig', sig]]);
    const cases: [Map<string, string>, string][] = [
      [new Map([...all, ['message_0.json', await wrongMessage()]]), 'party 0 is another one'],
      [new Map([...all, ['message-set.sig', 'signed']]), 'not JSON'],
      [
        new Map([...all, ['message-set.sig', sig.replace('localnet', 'testnet')]]),
        'of network testnet',
      ],
      [
        new Map([...all, ['message-set.sig', sig.replace(/"party":1/, '"party":2')]]),
        'was changed after the coordinator signed it',
      ],
    ];
    for (const [files, words] of cases) {
      b.receive(files);
      expect(await b.fail('process-all-and-propose')).toContain(words);
    }
    // A dkg.yaml that names another coordinator makes its signature worthless, and the right one too.
    b.receive(all);
    const text = b.read('dkg.yaml');
    writeFileSync(
      b.path('dkg.yaml'),
      text.replace(/(COORDINATOR_ADDRESS: "?)0x[0-9a-f]{64}/, `$1${b.address}`),
    );
    expect(await b.fail('process-all-and-propose')).toContain(
      `coordinator of this ceremony is ${b.address}`,
    );
    writeFileSync(b.path('dkg.yaml'), text);
    const unsigned = await b.try([
      '--sender-address',
      b.address,
      'process-all-and-propose',
      '--unsigned',
    ]);
    expect(unsigned.code).toBe(0);
    b.receive(messages);
    const warned = await b.try(['process-all-and-propose']);
    expect(warned.code).toBe(0);
    expect(warned.notes).toContain(
      'nothing shows that these are the messages the coordinator chose',
    );
  });

  it('goes on with what members have proposed, and with nothing else', async () => {
    rmSync(a.path('signed-set.json'));
    a.receive(new Map([...messages, ['message_0.json', await wrongMessage()]]));
    const notes = await a.fail('choose-messages');
    expect(notes).toContain('members have proposed on chain for the message set');
    expect(existsSync(a.path('signed-set.json'))).toBe(false);
    a.receive(messages);
    await a.run('choose-messages');
    expect(await a.run('verify')).toContain(`signed by the coordinator ${a.address}`);
    await a.run('process-all-and-propose');
    expect(JSON.parse(await a.run('status', '--json'))).toMatchObject({ state: 'finalized' });
  });
});
