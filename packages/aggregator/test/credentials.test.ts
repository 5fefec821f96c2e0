/** Who gets an API key, and that nobody else ever sees it. */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Credentials } from '../src/index.ts';
import { refuse } from './support/member.ts';
import { fetchKeys, GOOD } from './support/outcome.ts';
import { API_KEY, createWorld, credentialFor, type Name, type World } from './support/world.ts';

/** Moves members to other URLs on chain. */
function moved(world: World, urls: Partial<Record<Name, string>>): void {
  world.chain.edit = (info) => {
    const { serverType } = info;
    if (serverType.kind !== 'committee') return info;
    const members = serverType.members.map((member) => ({
      ...member,
      url: urls[member.name as Name] ?? member.url,
    }));
    return { ...info, serverType: { ...serverType, members } };
  };
}
const warnings = (world: World) =>
  world.logs
    .map((text) => JSON.parse(text))
    .filter(({ msg }) => msg === 'member gets no requests')
    .map(({ member, reason }) => [member, reason]);

describe('an API key', () => {
  it('is missing: the member gets no request, and no upstream error is counted', async () => {
    const world = await createWorld({
      credentials: new Map([credentialFor('A'), credentialFor('B')]),
    });
    expect(warnings(world)).toEqual([['C', 'credential_missing']]);
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    world.member('A').behave = refuse('Failure');
    expect(await fetchKeys(world)).toMatchObject({ status: 503 });
    expect(world.member('C').requests).toHaveLength(0);
    const text = await world.metrics.registry.metrics();
    expect(text).not.toContain('upstream_key_server_errors{key_server_name="C"');
    expect(text).toContain('reason="credential_missing"} 2');
  });

  it('is missing: a refusal of the others is final all the same', async () => {
    const world = await createWorld({
      credentials: new Map([credentialFor('A'), credentialFor('B')]),
      minRefreshIntervalMs: 60_000,
    });
    world.member('A').behave = refuse('NoAccess', 'x');
    expect(await fetchKeys(world)).toMatchObject({ status: 403, error: 'NoAccess' });
    expect(world.chain.reads).toBe(1);
  });

  it('that nobody needs: the member is asked without', async () => {
    const world = await createWorld({ credentials: new Map([...'ABC'].map((n) => [n, {}])) });
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(Object.keys(world.member('A').requests[0]!.headers).sort()).toEqual([
      'Client-Sdk-Type',
      'Client-Sdk-Version',
      'Request-Id',
      'content-type',
    ]);
  });

  it('with a URL goes there and nowhere else', async () => {
    const world = await createWorld({
      credentials: new Map([
        credentialFor('A', 'https://a.example/'),
        credentialFor('B', 'HTTPS://B.example:443'),
        credentialFor('C', 'https://elsewhere.example'),
      ]),
    });
    expect(warnings(world)).toEqual([['C', 'credential_withheld']]);
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(world.member('C').requests).toHaveLength(0);
  });

  it('is withheld, with a warning, when a known name moves to another URL', async () => {
    const world = await createWorld();
    moved(world, { A: 'https://b.example' });
    await world.committees.refresh();
    expect(warnings(world)).toEqual([['A', 'credential_withheld']]);
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    for (const { headers } of world.member('B').requests) {
      expect(headers['x-api-key']).toBe(`${API_KEY}-B`);
    }
    moved(world, {});
    await world.committees.refresh();
    world.member('C').behave = refuse('Failure');
    expect(await fetchKeys(world)).toMatchObject(GOOD);
  });

  it('is for the URL that its name had first, also when another member takes the name', async () => {
    const world = await createWorld();
    world.chain.edit = (info) => {
      const { serverType } = info;
      if (serverType.kind !== 'committee') return info;
      const members = serverType.members.map((m) => (m.name === 'C' ? { ...m, name: 'A' } : m));
      return { ...info, serverType: { ...serverType, members } };
    };
    await world.committees.refresh();
    expect(warnings(world)).toEqual([['A', 'credential_withheld']]);
    expect(await fetchKeys(world)).toMatchObject(GOOD);
    expect(world.member('C').requests).toHaveLength(0);
  });
});

describe('a name that two members have from the start', () => {
  it('is ambiguous without a URL in the configuration', () => {
    const members = [
      { name: 'A', url: 'https://a.example' },
      { name: 'A', url: 'https://thief.example' },
    ];
    const open = new Credentials(new Map([credentialFor('A')]));
    expect(open.learn(members).map(({ url }) => url)).toEqual(members.map(({ url }) => url));
    const pinned = new Credentials(new Map([credentialFor('A', 'https://a.example')]));
    expect(pinned.learn(members).map(({ url }) => url)).toEqual(['https://thief.example']);
  });
});

describe('no secret shows', () => {
  it('in logs, metrics or answers, whatever members do', async () => {
    const world = await createWorld();
    const echo = (message: string) => () => ({
      status: 403,
      headers: {},
      body: JSON.stringify({ error: 'NoAccess', message }),
    });
    world.member('A').behave = echo(`your key is ${API_KEY}-A`);
    world.member('B').behave = echo(`${'x'.repeat(1010)}${API_KEY}-B`);
    world.member('C').behave = () => {
      throw new Error(`could not send x-api-key: ${API_KEY}-C`);
    };
    const outcome = await fetchKeys(world);
    expect(outcome).toMatchObject({ status: 403, error: 'NoAccess' });
    const texts = [
      JSON.stringify(outcome),
      world.logs.join(''),
      await world.metrics.registry.metrics(),
    ];
    for (const text of texts) expect(text).not.toContain(API_KEY.slice(0, 8));
  });

  it('when a member hides its key in a version or a name', async () => {
    const world = await createWorld();
    const version = (value: string) => ({
      status: 200,
      headers: { 'x-keyserver-version': value },
      body: '{}',
    });
    world.member('A').behave = () => version(`${API_KEY}-A`);
    world.member('B').behave = () => version(`0.1.0+${API_KEY}`);
    // Names have no hyphen; a key may not have one either.
    world.member('C').behave = () => ({
      status: 403,
      headers: {},
      body: JSON.stringify({ error: 'member_api', message: '' }),
    });
    const outcome = JSON.stringify(await fetchKeys(world));
    const texts = [outcome, world.logs.join(''), await world.metrics.registry.metrics()];
    for (const text of texts) expect(text).not.toContain(API_KEY.slice(0, 8));
  });

  it('in what holds it, however it is printed', async () => {
    const [, credential] = credentialFor('A');
    for (const text of [inspect(credential, { depth: 9 }), JSON.stringify(credential)]) {
      expect(text).not.toContain(API_KEY);
      expect(text).toContain('[secret]');
    }
  });

  it('nor the caller, in the logs', async () => {
    const world = await createWorld();
    await fetchKeys(world);
    const sent = JSON.parse(new TextDecoder().decode(world.member('A').requests[0]!.body));
    const { user, signature, session_vk } = sent.certificate;
    const text = world.logs.join('');
    for (const value of [user, signature, session_vk, sent.ptb, sent.enc_key]) {
      expect(text).not.toContain(value);
    }
  });
});
