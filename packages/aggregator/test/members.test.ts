/** Members that fail, one way at a time: each costs at most its own share (protocol §5.5). */

import { fetchKeyResponseToJson } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  type Behaviour,
  liar,
  ok,
  refuse,
  silent,
  slow,
  unreachable,
} from './support/member.ts';
import { fetchKeys, GOOD } from './support/outcome.ts';
import { API_KEY, createWorld, shareOf, type World } from './support/world.ts';

const edited =
  (change: (answer: Answer) => Answer): Behaviour =>
  (honest) =>
    change(honest());
const header = (value: string | undefined): Behaviour =>
  edited((answer) => {
    const { 'x-keyserver-version': _dropped, ...headers } = answer.headers;
    return { ...answer, headers: value ? { ...headers, 'x-keyserver-version': value } : headers };
  });
const foreign = new Uint8Array(35).fill(0xb2);

/** Every way to be useless, with the reason that log and metrics give. */
const FAULTS: [string, string, Behaviour][] = [
  ['does not answer', 'timeout', silent],
  ['is down', 'unreachable', unreachable],
  ['holds another share', 'invalid_share', liar],
  [
    'holds the share of another party',
    'invalid_share',
    (_honest, member, request) => member.honest(request, shareOf('B', 0)!),
  ],
  [
    'holds its share of another version',
    'invalid_share',
    (_h, member, request) => member.honest(request, shareOf('A', 1)!),
  ],
  ['is too old', 'version_unsupported', header('0.6.1')],
  ['is a pre-release', 'version_unsupported', header('0.6.10-beta')],
  ['has no version', 'version_missing', header(undefined)],
  ['has a version that is none', 'version_invalid', header('new')],
  ['answers no JSON', 'malformed_answer', edited((a) => ({ ...a, body: '<html>' }))],
  ['answers other JSON', 'malformed_answer', edited((a) => ({ ...a, body: '{"keys":[]}' }))],
  ['answers null', 'malformed_answer', edited((a) => ({ ...a, body: 'null' }))],
  ['redirects', 'redirected', edited((a) => ({ ...a, status: 307, body: '' }))],
  ['breaks', 'http_status', edited((a) => ({ ...a, status: 502, body: 'bad gateway' }))],
  ['has lost its node', 'refused', refuse('Failure')],
  ['answers no key', 'wrong_ids', () => ok([])],
  [
    'answers a key too many',
    'wrong_ids',
    (_h, m, r) => ok([...m.keys(r, m.share!), { ...m.keys(r, m.share!)[0]!, fullId: foreign }]),
  ],
  [
    'answers an id twice',
    'wrong_ids',
    (_h, m, r) => ok([...m.keys(r, m.share!).slice(0, 1), ...m.keys(r, m.share!).slice(0, 1)]),
  ],
  [
    'answers another id',
    'wrong_ids',
    (_h, m, r) => ok(m.keys(r, m.share!).map((key) => ({ ...key, fullId: foreign }))),
  ],
  [
    'answers an id without the package',
    'wrong_ids',
    (_h, m, r) => ok(m.keys(r, m.share!).map((k) => ({ ...k, fullId: k.fullId.slice(32) }))),
  ],
  [
    'answers a point outside the group',
    'malformed_answer',
    (_h, m, r) => ok(m.keys(r, m.share!).map((k) => ({ ...k, c1: new Uint8Array(48).fill(1) }))),
  ],
  [
    'answers the identity',
    'invalid_share',
    (_h, m, r) => {
      const identity = Uint8Array.from([0xc0, ...new Uint8Array(47)]);
      return ok(m.keys(r, m.share!).map((k) => ({ ...k, c1: identity, c2: identity })));
    },
  ],
  [
    'swaps the halves of a key',
    'invalid_share',
    (_h, m, r) => ok(m.keys(r, m.share!).map((k) => ({ ...k, c1: k.c2, c2: k.c1 }))),
  ],
  [
    'swaps the keys of two ids',
    'invalid_share',
    (_h, m, r) => {
      const [a, b] = m.keys(r, m.share!);
      return ok([
        { ...a!, fullId: b!.fullId },
        { ...b!, fullId: a!.fullId },
      ]);
    },
  ],
];
const IDS = [Uint8Array.of(1), Uint8Array.of(2)];

/** Lets the faulty member answer before the others. */
function others(world: World, ...faulty: ('A' | 'B' | 'C')[]) {
  for (const name of ['A', 'B', 'C'] as const) {
    if (!faulty.includes(name)) world.member(name).behave = slow(30);
  }
}
async function count(world: World, metric: string, labels: string): Promise<boolean> {
  return (await world.metrics.registry.metrics()).includes(`${metric}{${labels}} 1`);
}

describe('one member of three that', () => {
  it.each(FAULTS)('%s costs nothing (%s)', async (_name, reason, behave) => {
    const world = await createWorld();
    others(world, 'A');
    world.member('A').behave = behave;
    expect(await fetchKeys(world, { ids: IDS })).toMatchObject(GOOD);
    if (reason === 'timeout') return;
    expect(
      await count(world, 'member_failures_total', `key_server_name="A",reason="${reason}"`),
    ).toBe(true);
    const line = world.logs.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'request');
    expect(line).toMatchObject({
      status: 200,
      committeeVersion: 0,
      members: ['B', 'C'],
      failures: [{ member: 'A', reason }],
    });
  });
});

describe('two members of three that', () => {
  it.each(FAULTS)('%s leave too few (%s)', async (_name, reason, behave) => {
    const world = await createWorld({ memberTimeoutMs: 100 });
    world.member('A').behave = behave;
    world.member('B').behave = behave;
    const outcome = await fetchKeys(world, { ids: IDS });
    if (reason === 'invalid_share' && _name === 'holds the share of another party') {
      // For B that share is its own.
      expect(outcome).toMatchObject(GOOD);
      return;
    }
    expect(outcome).toEqual({
      status: 503,
      error: 'Failure',
      message: 'Internal server error, please try again later',
    });
    const text = world.logs.join('');
    expect(text).toContain(`"member":"A","reason":"${reason}"`);
    expect(text).toContain(`"member":"B","reason":"${reason}"`);
  });
});

describe('the members decide', () => {
  it.each([
    ['NoAccess', 403, 'Access denied: not in the list'],
    ['InvalidParameter', 403, 'Invalid parameter to PTB: not in the list'],
    ['InvalidSignature', 403, 'Invalid user signature'],
    ['InvalidCertificate', 403, 'Invalid certificate time or ttl'],
    ['UnsupportedPackageId', 400, 'Unsupported package ID'],
    ['DeprecatedSDKVersion', 426, 'Deprecated SDK version'],
  ] as const)('%s is passed on with its status and text', async (error, status, message) => {
    const world = await createWorld();
    for (const name of ['A', 'B', 'C'] as const) {
      world.member(name).behave = refuse(error, 'not in the list');
    }
    expect(await fetchKeys(world)).toEqual({ status, error, message });
    // A refusal is final: nobody is asked twice, and the chain is not read again.
    expect(world.member('C').requests.length).toBeLessThanOrEqual(1);
    expect(world.chain.reads).toBe(1);
  });

  it('the most frequent refusal wins, ties go to the first', async () => {
    const world = await createWorld({ version: 1 });
    world.member('B').behave = refuse('InvalidCertificate');
    world.member('A').behave = refuse('NoAccess', 'x');
    expect(await fetchKeys(world)).toMatchObject({ error: 'InvalidCertificate' });
  });

  it('failures of the network do not outvote a refusal', async () => {
    const world = await createWorld({ memberTimeoutMs: 100 });
    world.member('A').behave = unreachable;
    world.member('B').behave = unreachable;
    world.member('C').behave = refuse('NoAccess', 'x');
    expect(await fetchKeys(world)).toMatchObject({ status: 403, error: 'NoAccess' });
  });

  it('a name from a newer server is passed on as 503', async () => {
    const world = await createWorld();
    const answer = { status: 418, headers: {}, body: '{"error":"Teapot","message":"short"}' };
    for (const name of ['A', 'B', 'C'] as const) world.member(name).behave = () => answer;
    expect(await fetchKeys(world)).toEqual({ status: 503, error: 'Teapot', message: 'short' });
    expect(
      await count(world, 'upstream_key_server_errors', 'key_server_name="A",error_type="other"'),
    ).toBe(true);
    // Whoever names refusals must not be able to add labels.
    expect(await count(world, 'internal_errors', 'internal_error_type="other"')).toBe(true);
    expect(await world.metrics.registry.metrics()).not.toContain('Teapot');
  });

  it.each([
    ['is not an identifier', { error: 'a b', message: '' }],
    ['is too long', { error: 'x'.repeat(65), message: '' }],
    ['is not text', { error: 1, message: '' }],
    ['has no text', { error: 'NoAccess' }],
  ])('a refusal whose name %s is none', async (_name, body) => {
    const world = await createWorld();
    const answer = { status: 403, headers: {}, body: JSON.stringify(body) };
    for (const name of ['A', 'B', 'C'] as const) world.member(name).behave = () => answer;
    expect(await fetchKeys(world)).toMatchObject({ status: 503, error: 'Failure' });
  });

  it('a long text is cut', async () => {
    const world = await createWorld();
    for (const name of ['A', 'B', 'C'] as const) {
      world.member(name).behave = refuse('NoAccess', 'x'.repeat(5000));
    }
    const { message } = (await fetchKeys(world)) as { message: string };
    expect(message).toHaveLength(1024);
  });
});

describe('asking', () => {
  it('stops as soon as enough have answered, and cancels the rest', async () => {
    const world = await createWorld();
    world.member('C').behave = silent;
    const startedMs = performance.now();
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(performance.now() - startedMs).toBeLessThan(350);
    expect(world.member('C').aborted).toBe(1);
    // Being slower than the others is no failure.
    expect(world.logs.join('')).not.toContain('"failures"');
  });

  it('stops as soon as the threshold is out of reach, and cancels the rest', async () => {
    const world = await createWorld({ memberTimeoutMs: 2000 });
    world.member('A').behave = refuse('NoAccess', 'x');
    world.member('B').behave = refuse('NoAccess', 'x');
    world.member('C').behave = silent;
    const startedMs = performance.now();
    expect(await fetchKeys(world)).toMatchObject({ error: 'NoAccess' });
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(world.member('C').aborted).toBe(1);
  });

  it('sends what members expect, and the same request to all', async () => {
    const world = await createWorld();
    await fetchKeys(world);
    const [a, b] = ['A', 'B'].map((name) => world.member(name as 'A').requests[0]!);
    expect(a!.url.href).toBe('https://a.example/v1/fetch_key');
    expect(a!.headers).toMatchObject({
      'Client-Sdk-Type': 'aggregator',
      'Client-Sdk-Version': '0.6.10',
      'content-type': 'application/json',
      'x-api-key': `${API_KEY}-A`,
    });
    expect(b!.headers['x-api-key']).toBe(`${API_KEY}-B`);
    expect(a!.headers['Request-Id']).toBe(b!.headers['Request-Id']);
    expect(a!.body).toEqual(b!.body);
    const body = JSON.parse(new TextDecoder().decode(a!.body));
    expect(body.certificate.mvr_name).toBeNull();
    // Room for the answer, and not much more.
    const honest = fetchKeyResponseToJson(world.member('A').keys(a!, shareOf('A', 0)!));
    expect(a!.maxBytes).toBeGreaterThan(JSON.stringify(honest).length * 2);
    expect(a!.maxBytes).toBeLessThan(10_000);
  });
});
