/** The board's door: what is signed comes in once, and nothing else does. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { systemRandom } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { beforeAll, describe, expect, it } from 'vitest';
import { BOARD_LIMITS, maxMessageBytes } from '../src/board/limits.ts';
import { dealMessage } from '../src/ceremony/process.ts';
import type { LoadedMessage } from '../src/files/messages.ts';
import { CEREMONY, CEREMONY_TEXT, KEYS, openBoard, signedSet, textOf } from './board-fixture.ts';
import { hashOf, messagesOf, snapshotsOf } from './fixture.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
let messages: LoadedMessage[];
let others: LoadedMessage[];
beforeAll(async () => {
  messages = await messagesOf(KEYS);
  others = await messagesOf(KEYS);
});
const text = (party: number) => textOf(messages[party]!);
const board = () => openBoard(dir.path('board'));
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

describe('a board', () => {
  it('gives what it was given', async () => {
    const { get, put, lines } = board();
    expect((await get('/health')).status).toBe(200);
    expect(await (await get('/v1/ceremony')).text()).toBe(CEREMONY_TEXT);
    expect(await (await get('/v1/messages')).json()).toEqual({ messages: [] });
    for (const party of [2, 0, 1]) {
      expect((await put(`/v1/messages/${party}`, text(party))).status).toBe(201);
    }
    expect(await (await get('/v1/messages/1')).text()).toBe(text(1));
    const { messages: listed } = (await (await get('/v1/messages')).json()) as {
      messages: object[];
    };
    expect(listed).toMatchObject([{ party: 0 }, { party: 1 }, { party: 2 }]);
    const set = await signedSet(messages);
    expect((await put('/v1/set', set)).status).toBe(201);
    expect(await (await get('/v1/set')).text()).toBe(set);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('message of party 2');
  });

  it('goes on after it was killed', async () => {
    const { put } = board();
    await put('/v1/messages/0', text(0));
    // What a killed writer leaves behind.
    writeFileSync(dir.path('board', 'message_1.json.a1b2.incoming'), '{"mess');
    const again = board();
    expect(await (await again.get('/v1/messages/0')).text()).toBe(text(0));
    expect((await again.get('/v1/messages/1')).status).toBe(404);
    expect((await again.put('/v1/messages/0', textOf(others[0]!))).status).toBe(409);
    expect((await again.put('/v1/messages/1', text(1))).status).toBe(201);
    for (const name of readdirSync(dir.path('board')).filter((file) => file.endsWith('.json'))) {
      expect(statSync(dir.path('board', name)).mode & 0o777).toBe(0o600);
    }
  });

  it('does not start over damaged files', async () => {
    await board().put('/v1/messages/0', text(0));
    writeFileSync(dir.path('board', 'message_1.json'), text(0));
    expect(board).toThrow('message_1.json is of party 0');
    writeFileSync(dir.path('board', 'message_1.json'), '{');
    expect(board).toThrow('not JSON');
    writeFileSync(dir.path('board', 'message_1.json'), text(1));
    writeFileSync(dir.path('board', 'message-set.sig'), '{');
    expect(board).toThrow('message-set.sig');
  });

  it.each([
    '/',
    '/v1',
    '/v1/messages/3',
    '/v1/messages/-1',
    '/v1/messages/00',
    '/v1/messages/1e0',
    '/v1/messages/..%2f..%2fdkg.key',
    '/v1/state.json',
    '/v1/set',
  ])('has nothing at %s', async (path) => {
    const response = await board().get(path);
    expect(response.status).toBe(404);
    expect(await codeOf(response)).toBe('NOT_FOUND');
  });
});

describe('a message', () => {
  it('of a sender stays the first one', async () => {
    const { put, get, world } = board();
    expect((await put('/v1/messages/0', text(0))).status).toBe(201);
    expect((await put('/v1/messages/0', text(0))).status).toBe(200);
    const second = await put('/v1/messages/0', textOf(others[0]!));
    expect(second.status).toBe(409);
    expect(await codeOf(second)).toBe('CONFLICT');
    expect(await (await get('/v1/messages/0')).text()).toBe(text(0));
    // Only the first one cost a check of signatures.
    expect(world.checks).toBe(1);
  });

  it('is kept in its plainest form', async () => {
    const { put } = board();
    const { message } = JSON.parse(text(0)) as { message: string };
    const odd = ` ${JSON.stringify({ message: `0x${message.toUpperCase()}` })}`;
    expect((await put('/v1/messages/0', odd)).status).toBe(201);
    expect(readFileSync(dir.path('board', 'message_0.json'), 'utf8')).toBe(text(0));
  });

  it('waits until all members have registered', async () => {
    const { put, world } = board();
    world.ready = false;
    const early = await put('/v1/messages/0', text(0));
    expect(early.status).toBe(409);
    expect(await codeOf(early)).toBe('NOT_READY');
    world.ready = true;
    expect((await put('/v1/messages/0', text(0))).status).toBe(201);
  });

  const forged = async (what: 'stranger' | 'committee') => {
    const [snapshot] = snapshotsOf(KEYS, what === 'committee' ? hashOf(9) : undefined);
    const key = {
      ...KEYS[0]!,
      ...(what === 'stranger' ? { signingSecret: KEYS[1]!.signingSecret } : {}),
    };
    const signed = await dealMessage(engine, systemRandom, snapshot!, key);
    return textOf({ file: '', signed });
  };
  it.each<[string, () => string | Promise<string>, number, string]>([
    ['of somebody else', () => text(1), 422, 'INVALID_MESSAGE'],
    ['signed by another key', () => forged('stranger'), 422, 'INVALID_MESSAGE'],
    ['of another ceremony', () => forged('committee'), 422, 'INVALID_MESSAGE'],
    ['with a byte changed', () => text(0).replace(/"00/, '"01'), 422, 'INVALID_MESSAGE'],
    ['cut short', () => text(0).replace(/..",?\n/, '"\n'), 422, 'INVALID_MESSAGE'],
    ['that is no JSON', () => 'message', 422, 'INVALID_MESSAGE'],
    ['of null', () => 'null', 422, 'INVALID_MESSAGE'],
    ['of nothing', () => '', 422, 'INVALID_MESSAGE'],
    [
      'with more in it',
      () => JSON.stringify({ ...JSON.parse(text(0)), note: 'hello' }),
      400,
      'BAD_REQUEST',
    ],
  ])('%s is refused', async (_, body, status, code) => {
    const { put, store, lines } = board();
    const response = await put('/v1/messages/0', await body());
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toBe(code);
    expect(store.messages).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('must be JSON by its type, so that no web page can post one unasked', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
      expect((await board().put('/v1/messages/0', text(0), type)).status).toBe(400);
    }
    const typed = 'application/json; charset=utf-8';
    expect((await board().put('/v1/messages/0', text(0), typed)).status).toBe(201);
  });
});

describe('secrets', () => {
  it.each([
    '{"enc_sk":"0x01","signing_sk":"0x02"}',
    '{"config":{"my_old_share":null}}',
    'process-all-and-propose:\n  MASTER_SHARE_V0: 0x05',
    `0x${'ab'.repeat(32)}\n`,
    'suiprivkey1qzabc',
    `["${'A'.repeat(44)}"]`,
  ])('are refused and not repeated: %s', async (body) => {
    for (const path of ['/v1/messages/0', '/v1/set']) {
      const { put, lines } = board();
      const response = await put(path, body);
      expect(response.status).toBe(422);
      const answer = await response.text();
      expect(answer).toContain('"SECRET"');
      expect(answer).not.toContain('0x0');
      expect(readdirSync(dir.path('board'))).toEqual([]);
      expect(lines.join()).not.toContain(body);
    }
  });
});

describe('a set', () => {
  const filled = async () => {
    const opened = board();
    for (const party of [0, 1]) await opened.put(`/v1/messages/${party}`, text(party));
    return opened;
  };
  const first = () => messages.slice(0, 2);

  it('is the only one', async () => {
    const { put, get } = await filled();
    const set = await signedSet(first());
    expect((await put('/v1/set', set)).status).toBe(201);
    expect((await put('/v1/set', set)).status).toBe(200);
    const second = await put('/v1/set', await signedSet(messages.slice(0, 1)));
    expect(second.status).toBe(409);
    expect(await (await get('/v1/set')).text()).toBe(set);
    expect((await board().get('/v1/set')).status).toBe(200);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['by another key', () => signedSet(first(), CEREMONY, new Ed25519Keypair()), 'INVALID_SET'],
    [
      'of another committee',
      () => signedSet(first(), { ...CEREMONY, committeeId: hashOf(9) }),
      'INVALID_SET',
    ],
    [
      'of another network',
      () => signedSet(first(), { ...CEREMONY, network: 'mainnet' }),
      'INVALID_SET',
    ],
    [
      'that was changed',
      async () => (await signedSet(first())).replace('"party":1', '"party":2'),
      'INVALID_SET',
    ],
    ['with a message that nobody posted', () => signedSet(messages), 'CONFLICT'],
    ['with another message of a sender', () => signedSet(others.slice(0, 2)), 'CONFLICT'],
    ['that is none', async () => text(0), 'INVALID_SET'],
  ])('%s is refused', async (_, body, code) => {
    const { put, store } = await filled();
    expect(await codeOf(await put('/v1/set', await body()))).toBe(code);
    expect(store.set).toBeUndefined();
  });
});

describe('limits', () => {
  it('a message may be as long as the largest legal one', async () => {
    const most = maxMessageBytes(3, 2);
    expect(text(0).length).toBeLessThanOrEqual(most);
    expect(text(0).length).toBeGreaterThan(most - 64);
    const { put } = board();
    expect((await put('/v1/messages/0', text(0).padEnd(most + 1, ' '))).status).toBe(413);
    expect((await put('/v1/messages/0', text(0).padEnd(most, ' '))).status).toBe(201);
  });

  it('a set may be as long as that of the largest ceremony', async () => {
    const { put } = board();
    await put('/v1/messages/0', text(0));
    const set = await signedSet(messages.slice(0, 1));
    const { maxSetBytes } = BOARD_LIMITS;
    expect((await put('/v1/set', set.padEnd(maxSetBytes + 1, ' '))).status).toBe(413);
    expect((await put('/v1/set', set.padEnd(maxSetBytes, ' '))).status).toBe(201);
  });

  it('also without a length in front', async () => {
    const stream = (size: number) => new Blob([text(0).padEnd(size, ' ')]).stream();
    const { put } = board();
    const most = maxMessageBytes(3, 2);
    expect((await put('/v1/messages/0', stream(most + 1))).status).toBe(413);
    expect((await put('/v1/messages/0', stream(most))).status).toBe(201);
  });

  const never = () =>
    new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode('{')) });
  it('a body that never ends is given up', async () => {
    const { put } = openBoard(dir.path('board'), {
      limits: { maxRequests: 8, serverTimeoutMs: 100 },
    });
    const response = await put('/v1/messages/0', never());
    expect(response.status).toBe(503);
    expect(await codeOf(response)).toBe('TIMEOUT');
    expect((await put('/v1/messages/0', text(0))).status).toBe(201);
  });

  it('so many requests at once, and no more', async () => {
    const { put, get } = openBoard(dir.path('board'), {
      limits: { maxRequests: 2, serverTimeoutMs: 300 },
    });
    const one = put('/v1/messages/0', never());
    expect((await get('/health')).status).toBe(200);
    const two = put('/v1/messages/1', never());
    const refused = await get('/health');
    expect(refused.status).toBe(503);
    expect(await codeOf(refused)).toBe('BUSY');
    await Promise.all([one, two]);
    expect((await get('/health')).status).toBe(200);
  });
});
