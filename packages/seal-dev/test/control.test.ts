/** What another terminal can ask a running stack, and what it is told when it asks for nonsense. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DevError } from '../src/errors.ts';
import { MAX_CONTROL_BODY_BYTES, type StackControl, serveControl } from '../src/stack/control.ts';
import { type ControlClient, connectControl } from '../src/stack/control-client.ts';
import { stackFiles } from '../src/stack/files.ts';
import type { CommitteeEntry } from '../src/stack/manifest.ts';

const files = stackFiles(mkdtempSync(join(tmpdir(), 'seal-control-')));
const entry = { name: 'committee-1', version: 1 } as CommitteeEntry;
const asked: unknown[] = [];
let outcome: () => Promise<CommitteeEntry>;
let served: { close(): Promise<void> };
let client: ControlClient;

const control: StackControl = {
  stop: () => asked.push('stop'),
  async setKeyServer(name, running) {
    if (name === 'nobody') throw new DevError('DEV_BAD_OPTION', 'no server nobody');
    asked.push([name, running]);
  },
  async rotate(request, progress) {
    asked.push(request);
    progress('waiting');
    progress('done', 12);
    return outcome();
  },
};

beforeAll(async () => {
  served = await serveControl(files, control);
  client = (await connectControl(files)) as ControlClient;
});
beforeEach(() => {
  asked.length = 0;
  outcome = async () => entry;
});
afterAll(async () => {
  await served.close();
  rmSync(files.dir, { recursive: true, force: true });
});

/** A request of our own making. */
async function ask(path: string, init: RequestInit = {}, token?: string): Promise<Response> {
  const file = JSON.parse(readFileSync(files.control, 'utf8'));
  const authorization = `Bearer ${token ?? file.token}`;
  return fetch(`http://127.0.0.1:${file.port}${path}`, { ...init, headers: { authorization } });
}

describe('servers', () => {
  it('are stopped and started by name', async () => {
    await client.setKeyServer('key server/1', false);
    await client.setKeyServer('key-server-2', true);
    expect(asked).toEqual([
      ['key server/1', false],
      ['key-server-2', true],
    ]);
  });

  it('that do not exist are refused with the code of the stack', async () => {
    const refusal = { code: 'DEV_BAD_OPTION', message: 'no server nobody' };
    await expect(client.setKeyServer('nobody', true)).rejects.toMatchObject(refusal);
  });
});

describe('a rotation', () => {
  const request = { committee: 'committee-1', to: '3of4' };

  it('tells its steps and answers the entry', async () => {
    const steps: unknown[] = [];
    const found = await client.rotate({ ...request, continuing: 2, wait: false }, (...step) =>
      steps.push(step),
    );
    expect(found).toEqual(entry);
    expect(steps).toEqual([
      ['waiting', undefined],
      ['done', 12],
    ]);
    expect(asked).toEqual([{ ...request, continuing: 2, wait: false }]);
  });

  it('that fails does so with the code and the reason', async () => {
    outcome = async () => {
      throw new DevError('DEV_BUSY', 'committee-1 is being rotated');
    };
    const refusal = { code: 'DEV_BUSY', message: 'committee-1 is being rotated' };
    await expect(client.rotate(request)).rejects.toMatchObject(refusal);
  });

  it('that fails in a foreign way keeps the foreign code in its message', async () => {
    outcome = async () => {
      throw Object.assign(new TypeError('no room'), { code: 'ENOSPC' });
    };
    const failure = { code: 'DEV_CHILD_FAILED', message: 'ENOSPC: no room' };
    await expect(client.rotate(request)).rejects.toMatchObject(failure);
  });

  it.each([
    '',
    'null',
    '7',
    '[]',
    '{}',
    '{"committee":"committee-1"}',
    '{"committee":1,"to":"3of4"}',
    '{"committee":"committee-1","to":34}',
    '{"committee":"committee-1","to":"3of4","continuing":"2"}',
    '{"committee":"committee-1","to":"3of4","wait":"no"}',
  ])('is refused when it is %j', async (body) => {
    const answer = await ask('/rotate', { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'DEV_BAD_OPTION' });
    expect(asked).toEqual([]);
  });

  it('has a body up to the limit', async () => {
    const body = JSON.stringify(request).padEnd(MAX_CONTROL_BODY_BYTES);
    expect((await ask('/rotate', { method: 'POST', body })).status).toBe(200);
    const answer = await ask('/rotate', { method: 'POST', body: `${body} ` });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: 'a request has at most 10000 bytes' });
  });
});

describe('anything else', () => {
  it.each([
    ['GET', '/rotate'],
    ['GET', '/stop'],
    ['GET', '/'],
    ['POST', '/status'],
    ['POST', '/key-servers/key-server-1'],
    ['POST', '/key-servers/key-server-1/delete'],
  ])('is unknown: %s %s', async (method, path) => {
    expect((await ask(path, { method })).status).toBe(404);
    expect(asked).toEqual([]);
  });

  it.each(['', 'x', '0'.repeat(64)])('with the token %j is refused', async (token) => {
    expect((await ask('/stop', { method: 'POST' }, token)).status).toBe(401);
    expect(asked).toEqual([]);
  });
});
