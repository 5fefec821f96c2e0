/**
 * A ceremony over a message board, and over one that lies in every way that a board can: whatever it
 * does, no member proposes anything but the set that the coordinator signed, and once it behaves, the
 * ceremony completes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { CliDeps } from '@seal-ts/committee-cli';
import { Wallet } from '@seal-ts/wallet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Lie, LyingBoard } from './lying-board.ts';
import { type Person, type Ran, World } from './world.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let world: World;
let people: Person[];
let lying: LyingBoard;

interface Served {
  readonly url: string;
  readonly lines: string[];
  stop(): Promise<number>;
}
let served: Served | undefined;

/** `ceremony serve` in this process. */
async function serve(person: Person, deps: Partial<CliDeps> = {}): Promise<Served> {
  const signals = new EventEmitter();
  const lines: string[] = [];
  const running = person.try(['ceremony', 'serve', '--port', '0'], {
    signals,
    out: (line) => lines.push(line),
    exit: () => undefined,
    ...deps,
  });
  let ended: Ran | undefined;
  running.then((ran) => {
    ended = ran;
  });
  const url = () => lines.map((line) => /http:\/\/\S+/.exec(line)?.[0]).find(Boolean);
  while (url() === undefined) {
    if (ended !== undefined) throw new TypeError(`the board ended: ${ended.notes}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    url: url() as string,
    lines,
    stop: async () => {
      signals.emit('SIGTERM');
      return (await running).code;
    },
  };
}

const PATIENCE_MS = 500;

/** No waiting between tries, and answers that never end are given up soon. */
const patience: Partial<CliDeps> = {
  sleep: async () => undefined,
  fetch: (input, init) =>
    fetch(input, {
      ...init,
      signal: AbortSignal.any([init?.signal ?? [], AbortSignal.timeout(PATIENCE_MS)].flat()),
    }),
};

async function run(person: Person, ...args: string[]): Promise<string> {
  const ran = await person.try(args, patience);
  if (ran.code !== 0) throw new TypeError(`${args.join(' ')}: ${ran.notes}\n${ran.out}`);
  return ran.out;
}

async function fail(person: Person, ...args: string[]): Promise<string> {
  const ran = await person.try(args, patience);
  if (ran.code === 0) throw new TypeError(`${args.join(' ')} succeeded: ${ran.out}`);
  return ran.notes;
}

const board = (person: Person) => ['--board', lying.urlFor(person.name)];
const url = (person: Person) => `https://${person.address.slice(2, 8)}.example`;
const register = (person: Person) => [
  'genkey-and-register',
  ...['-u', url(person), '-n', person.address.slice(2, 8), '--unverified', ...board(person)],
];
const status = async (person: Person) => JSON.parse(await person.run('status', '--json'));

async function serveBehindLies(person: Person): Promise<void> {
  await lying?.close();
  await served?.stop();
  served = await serve(person);
  lying = await LyingBoard.start(served.url);
}

beforeAll(async () => {
  world = await World.start();
  people = [];
  for (const name of ['a', 'b', 'c', 'd']) people.push(await world.person(name));
});
afterAll(async () => {
  await lying?.close();
  await served?.stop();
  await world?.close();
});

let firstSet = '';
let keyServerId = '';

describe('a fresh key over a board', () => {
  it('needs no file to be passed by hand', async () => {
    const [a, b, c] = people as [Person, Person, Person, Person];
    const members = [a, b, c];
    a.begin(world.config(2, members));
    await a.run('publish-and-init');
    await serveBehindLies(a);
    for (const member of members) {
      if (member !== a) rmSync(member.stateDir, { recursive: true, force: true });
      expect(await fail(member, 'process-all-and-propose', ...board(member))).not.toBe('');
      await run(member, ...register(member));
    }
    expect(b.read('dkg.yaml')).toContain('COMMITTEE_ID');
    expect(await fail(b, 'choose-messages', ...board(b))).toContain('the coordinator');
    for (const member of members) {
      await run(member, 'create-message', '--unverified', ...board(member));
      const again = await run(member, 'create-message', '--unverified', ...board(member));
      expect(again).toContain('has this message already');
    }
    expect(await fail(b, 'process-all-and-propose', ...board(b))).toContain('no signed set yet');
    const chosen = await run(a, 'choose-messages', ...board(a));
    const hash = /Message set hash: (0x[0-9a-f]{64})/.exec(chosen)?.[1] ?? '';
    expect(await run(a, 'choose-messages', ...board(a))).toContain(hash);
    const before = c.read('dkg.yaml');
    for (const member of members) {
      const args = member === c ? ['--share-file', 'share'] : [];
      const out = await run(member, 'process-all-and-propose', ...board(member), ...args);
      expect(out).toContain(hash);
      expect(out).toContain(`The coordinator ${a.address} signed this set.`);
    }
    const again = ['process-all-and-propose', '--share-file', 'share'];
    expect(await run(c, ...again)).toContain('nothing is left to do');
    // As if the machine had stopped between the share and dkg.yaml, or had lost the share's file.
    writeFileSync(c.path('dkg.yaml'), before);
    expect(await run(c, ...again)).toContain('nothing is left to do');
    expect(c.read('dkg.yaml')).toContain('PARTIAL_PKS_V0');
    const share = readFileSync(`${c.home}/share`, 'utf8');
    rmSync(`${c.home}/share`);
    expect(await run(c, ...again)).toContain('nothing is left to do');
    expect(readFileSync(`${c.home}/share`, 'utf8')).toBe(share);
    writeFileSync(`${c.home}/taken`, 'something else');
    const taken = await fail(c, 'process-all-and-propose', '--share-file', 'taken');
    expect(taken).toContain('COMMITTEE_MISMATCH');
    expect(readFileSync(`${c.home}/taken`, 'utf8')).toBe('something else');
    expect(await fail(c, 'process-all-and-propose', '--share-file', 'none/x')).toContain('none');
    expect(c.read('dkg.yaml')).not.toContain('MASTER_SHARE');
    expect(await c.run('verify', '--share-file', 'share')).toContain('MASTER_SHARE_V0 belongs to');
    expect(served?.lines.filter((line) => line.includes('message of party'))).toHaveLength(3);
    ({ keyServerId } = await status(a));
    firstSet = a.read('dkg-messages', 'message-set.sig');
    expect(await served?.stop()).toBe(0);
    cpSync(a.path('board'), `${a.home}/old-board`, { recursive: true });
  });
});

const asJson = (text: string) =>
  new Response(text, { headers: { 'content-type': 'application/json' } });

/** The same set, signed by the key of whoever runs the board. */
async function otherSet(text: string, person: Person): Promise<string> {
  const set = JSON.parse(text);
  const wallet = Wallet.open(`${person.home}/client.yaml`);
  const lines = [
    'Seal committee message set, version 1',
    `network ${set.network}`,
    `committee ${set.committee}`,
    `messages-hash ${set.messages_hash}`,
    `messages ${set.messages.length}`,
    ...set.messages.map(
      ({ party, hash }: { party: number; hash: string }) => `party ${party} ${hash}`,
    ),
    '',
  ];
  const { signature } = await wallet
    .key(person.address)
    .signPersonalMessage(new TextEncoder().encode(lines.join('\n')));
  return JSON.stringify({ ...set, signature });
}

describe('a rotation to 3 of 4, with three senders of whom two are chosen', () => {
  let hash = '';

  it('gets as far as a signed set', async () => {
    const [a, b, c, d] = people as [Person, Person, Person, Person];
    const shares = new Map([a, b].map((person) => [person, person.keepShare(0)]));
    shares.set(c, readFileSync(`${c.home}/share`, 'utf8').trim());
    const members = [b, d, a, c];
    a.begin(world.config(3, members, keyServerId));
    await a.run('init-rotation');
    for (const member of [b, c, d]) rmSync(member.stateDir, { recursive: true, force: true });
    const serveOld = ['ceremony', 'serve', '--port', '0', '--board-dir', 'old-board'];
    expect(await a.fail(...serveOld)).toContain('old-board is of another ceremony');
    rmSync(`${a.home}/old-board/message-set.sig`);
    expect(await a.fail(...serveOld)).toContain('old-board is of another ceremony');
    await serveBehindLies(a);

    lying.lie = () => new Response('MEMBERS: 5', { headers: { 'content-type': 'text/plain' } });
    expect(await fail(b, 'status', ...board(b))).toContain('a dkg.yaml that cannot be used');
    lying.lie = () => {
      const text = `process-all-and-propose:\n  MASTER_SHARE_V0: '5'\n`;
      return new Response(text, { headers: { 'content-type': 'text/plain' } });
    };
    expect(await fail(b, 'status', ...board(b))).toContain('with a master share or key in it');
    expect(existsSync(b.stateDir)).toBe(false);

    // Other members: the member's own list tells.
    lying.lie = async ({ path, honest }) => {
      if (path !== '/v1/ceremony') return undefined;
      const text = await (await honest()).text();
      return new Response(text.replace(d.address, `0x${'5'.repeat(64)}`), {
        headers: { 'content-type': 'text/plain' },
      });
    };
    const list = ['--members', members.map(({ address }) => address).join(), '--threshold', '3'];
    const verify = ['verify', ...list, '--key-server-id', keyServerId];
    expect(await fail(b, ...verify, ...board(b))).toContain('COMMITTEE_VERIFY');
    lying.lie = () => undefined;
    const stale = b.read('dkg.yaml');
    // What is there is never replaced, also not by something better.
    expect(await fail(b, ...verify, ...board(b))).toContain('COMMITTEE_VERIFY');
    expect(b.read('dkg.yaml')).toBe(stale);
    rmSync(b.stateDir, { recursive: true });
    expect(await run(b, ...verify, ...board(b))).not.toContain('FAIL');

    for (const member of members) await run(member, ...register(member));
    for (const [member, share] of shares) {
      writeFileSync(`${member.home}/old`, share, { mode: 0o600 });
      await run(member, 'create-message', '-o', '@old', '--unverified', ...board(member));
    }
    await run(d, 'init-state', '--unverified', ...board(d));

    expect(await fail(a, 'choose-messages', ...board(a))).toContain('exactly 2 messages, got 3');
    const from = ['choose-messages', '--from', '0,3', ...board(a)];
    expect(await fail(a, ...from)).toContain('--output');
    const out = await run(a, ...from, '--output', 'dkg-state/chosen');
    hash = /Message set hash: (0x[0-9a-f]{64})/.exec(out)?.[1] ?? '';
    expect(readdirSync(a.path('chosen')).sort()).toEqual([
      'message-set.sig',
      'message_0.json',
      'message_3.json',
    ]);
    const other = ['choose-messages', '--from', '0,2', '--output', 'dkg-state/other'];
    expect(await fail(a, ...other)).toContain('you signed the message set');
    expect(existsSync(a.path('other'))).toBe(false);
  });

  const answer =
    (path: string, make: (honest: () => Promise<Response>) => Promise<Response> | Response): Lie =>
    (question) =>
      question.path === path && question.method === 'GET' ? make(question.honest) : undefined;

  const lies: [string, Lie, string][] = [
    [
      'withholds the set',
      answer('/v1/set', () => new Response('{}', { status: 404 })),
      'no signed set',
    ],
    [
      'withholds a message',
      answer('/v1/messages/3', () => new Response('{}', { status: 404 })),
      'does not give the message of party 3',
    ],
    [
      'gives the message of another sender',
      ({ path, honest }) => (path === '/v1/messages/3' ? honest('/v1/messages/2') : undefined),
      'gives a message of party 2 for party 3',
    ],
    [
      'gives the messages of another choice',
      answer('/v1/set', async (honest) => {
        const set = JSON.parse(await (await honest()).text());
        set.messages[1].party = 4;
        return asJson(JSON.stringify(set));
      }),
      'was changed after the coordinator signed it',
    ],
    [
      'signs a set itself',
      answer('/v1/set', async (honest) => {
        return asJson(await otherSet(await (await honest()).text(), people[3] as Person));
      }),
      'but the coordinator of this ceremony is',
    ],
    [
      'gives the set of an older ceremony',
      answer('/v1/set', () => asJson(firstSet)),
      'is of committee',
    ],
    [
      'answers with a web page',
      () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
      'text/html instead of application/json',
    ],
    ['gives half of an answer', answer('/v1/set', () => asJson('{"format":')), 'it is not JSON'],
    [
      'breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{');
        setTimeout(() => response.destroy(), 20);
        return 'answered';
      },
      'after 3 tries',
    ],
    [
      'never ends',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write(' ');
        return 'answered';
      },
      'after 3 tries',
    ],
    ['says too much', () => asJson(' '.repeat(2_000_000)), 'the answer is longer than'],
    [
      'sends to a file',
      () => new Response(null, { status: 302, headers: { location: 'file:///etc/passwd' } }),
      'sends to another address',
    ],
    [
      'sends to another host',
      () => new Response(null, { status: 307, headers: { location: 'http://127.0.0.1:1/' } }),
      'sends to another address',
    ],
    ['is broken', () => new Response('oops', { status: 500 }), 'status 500 (after 3 tries)'],
  ];

  it.each(lies)('nobody proposes when the board %s', async (_, lie, words) => {
    for (const member of people) {
      // Each lie starts from nothing.
      if (member.name !== 'a')
        rmSync(member.path('dkg-messages'), { recursive: true, force: true });
    }
    lying.lie = lie;
    const [, b, , d] = people as [Person, Person, Person, Person];
    for (const member of [b, d]) {
      const notes = await fail(member, 'process-all-and-propose', ...board(member));
      expect(notes).toContain(words);
    }
    expect((await status(b)).state).toBe('init');
  });

  it('nobody proposes when the board tells members different things', async () => {
    const [, b, , d] = people as [Person, Person, Person, Person];
    // b hears of parties 0 and 3, d of 0 and 2, both with the set that the coordinator signed.
    lying.lie = ({ who, path, honest }) =>
      who === 'd' && path === '/v1/messages/3' ? honest('/v1/messages/2') : undefined;
    expect(await fail(d, 'process-all-and-propose', ...board(d))).toContain('COMMITTEE_BOARD');
    // By hand, the messages of another legal choice beside the signed set: refused in words.
    const folder = d.path('dkg-messages');
    for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`);
    for (const party of [0, 2]) {
      const text = await (await fetch(`${served?.url}/v1/messages/${party}`)).text();
      writeFileSync(`${folder}/m${party}.json`, text);
    }
    writeFileSync(
      `${folder}/message-set.sig`,
      readFileSync(people[0]!.path('chosen', 'message-set.sig')),
    );
    const notes = await fail(d, 'process-all-and-propose');
    expect(notes).toContain('the message of party 3 is missing; party 2 was not chosen');
    expect((await status(b)).state).toBe('init');
    for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`);
  });

  it('a coordinator who signs twice is found out', async () => {
    const [a, b] = people as [Person, Person, Person, Person];
    lying.lie = () => undefined;
    const out = await run(
      b,
      '--sender-address',
      b.address,
      'process-all-and-propose',
      '--unsigned',
      ...board(b),
    );
    expect(out).toContain(hash);
    const record = a.read('signed-set.json');
    rmSync(a.path('signed-set.json'));
    const from = ['choose-messages', '--from', '0,2', '--output', 'dkg-state/second'];
    await a.run(...from);
    expect(await fail(a, ...from, ...board(a))).toContain('a ceremony has only one');
    for (const party of [0, 3]) rmSync(b.path('dkg-messages', `message_${party}.json`));
    for (const name of readdirSync(a.path('second'))) {
      writeFileSync(b.path('dkg-messages', name), readFileSync(a.path('second', name)));
    }
    const notes = await fail(b, 'process-all-and-propose');
    expect(notes).toContain('there are two sets');
    expect(notes).toContain(hash);
    rmSync(b.path('dkg-messages'), { recursive: true });
    writeFileSync(a.path('signed-set.json'), record);
  });

  it('completes when the board behaves, also after it was killed', async () => {
    const [a, b, c, d] = people as [Person, Person, Person, Person];
    await serveBehindLies(a);
    expect(served?.lines.join('\n')).toContain('(3 messages, a set)');
    for (const member of [d, b, c]) {
      expect(await run(member, 'process-all-and-propose', ...board(member))).toContain(hash);
    }
    expect(await a.run('process-all-and-propose', '-m', 'dkg-state/chosen')).toContain(hash);
    const report = await status(a);
    expect(report).toMatchObject({ state: 'finalized', keyServerId, committeeVersion: 1 });
  });
});

describe('a board that is not there', () => {
  it('leaves everything as it is, and files still work', async () => {
    const [, , , d] = people as [Person, Person, Person, Person];
    const messages = d.path('dkg-messages');
    const kept = readdirSync(messages).map((name) => [name, readFileSync(`${messages}/${name}`)]);
    rmSync(messages, { recursive: true });
    const before = readdirSync(d.stateDir).sort();
    const notes = await fail(d, 'process-all-and-propose', '--board', 'http://127.0.0.1:1');
    expect(notes).toContain('COMMITTEE_BOARD');
    expect(notes).toContain('pass the files by hand');
    expect(readdirSync(d.stateDir).sort()).toEqual(before);
    expect(await d.run('status', '--board', 'http://127.0.0.1:1')).toContain('Finalized');
    d.receive(new Map(kept.map(([name, bytes]) => [String(name), String(bytes)])));
    expect(await d.run('process-all-and-propose')).toContain('nothing is left to do');
  });
});

describe('ceremony serve', () => {
  it('says when its port is taken', async () => {
    const [a] = people as [Person, Person, Person, Person];
    const other = await serve(a);
    const port = new URL(other.url).port;
    const notes = await a.fail('ceremony', 'serve', '--port', port);
    expect(notes).toContain('COMMITTEE_BOARD');
    expect(notes).toContain('address already in use');
    expect(notes).toContain('--port');
    expect(await other.stop()).toBe(0);
  });

  it('ends at once when it is told twice, whatever is under way', async () => {
    const [a] = people as [Person, Person, Person, Person];
    const signals = new EventEmitter();
    const codes: number[] = [];
    const board = await serve(a, { signals, exit: (code) => codes.push(code) });
    const hanging = request(`${board.url}/v1/messages/0`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'content-length': '500' },
    });
    hanging.on('error', () => undefined);
    await new Promise((resolve) => hanging.write('{', resolve));
    signals.emit('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(codes).toEqual([]);
    signals.emit('SIGINT');
    expect(codes).toEqual([1]);
    hanging.destroy();
  });

  it('as a process of its own survives being killed, and ends well when asked', async () => {
    const [a] = people as [Person, Person, Person, Person];
    const first = await spawnBoard(a);
    expect((await fetch(`${first.url}/v1/set`)).status).toBe(200);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await spawnBoard(a);
    const { messages } = (await (await fetch(`${second.url}/v1/messages`)).json()) as {
      messages: unknown[];
    };
    expect(messages).toHaveLength(3);
    second.child.kill('SIGTERM');
    const [code] = await once(second.child, 'exit');
    expect(code).toBe(0);
  });
});

const MAIN = new URL('../../packages/committee-cli/src/main.ts', import.meta.url).pathname;

/** Nobody reads its output after the first line. */
async function spawnBoard(person: Person): Promise<{ url: string; child: ChildProcess }> {
  const args = ['--conditions=seal-ts-source', MAIN, 'ceremony', 'serve', '--port', '0'];
  const child = spawn(process.execPath, args, {
    cwd: person.home,
    env: { ...process.env, SUI_CONFIG_DIR: person.home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    const url = /http:\/\/\S+/.exec(chunk)?.[0];
    if (url !== undefined) return { url, child };
  }
  throw new TypeError('the board ended before it listened');
}
