/** `status` through a ceremony of two, for each of them: it names the command that comes next, and that works. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Person, World } from './world.ts';

// A ceremony with a compilation in it, beside other tests on the same machine.
vi.setConfig({ testTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;
beforeAll(async () => {
  world = await World.start();
  [a, b] = [await world.person('a'), await world.person('b')];
}, 120_000);
afterAll(() => world?.close());

interface Status {
  readonly members: readonly Record<'registered' | 'sent' | 'proposed', boolean>[];
  readonly waitingFor?: { readonly for: string; readonly addresses?: readonly string[] };
  readonly next: { readonly command: string };
}
const look = async (person: Person) => JSON.parse(await person.run('status', '--json')) as Status;
/** First word of the next command. */
const next = async (person: Person) => (await look(person)).next.command.split(' ')[0];
const register = (person: Person) =>
  person.run('genkey-and-register', '-u', `https://${person.name}`, '-n', person.name);

it('leads from nothing to a key server', async () => {
  a.begin(world.config(2, [a, b]));
  expect(await next(a)).toBe('publish-and-init');
  await a.run('publish-and-init');
  b.begin(await a.run('export-public'));
  const agreed = ['--members', `${a.address},${b.address}`, '--threshold', '2'];
  for (const person of [a, b]) {
    expect(await next(person)).toBe('verify');
    await person.run('verify', ...agreed);
    expect(await next(person)).toBe('genkey-and-register');
  }
  await register(a);
  expect(await look(a)).toMatchObject({
    waitingFor: { for: 'registration', addresses: [b.address] },
    next: { command: 'status --watch' },
  });
  await register(b);
  for (const person of [a, b]) {
    expect(await next(person)).toBe('create-message');
    await person.run('create-message');
  }
  expect(await look(b)).toMatchObject({ waitingFor: { for: 'message' } });
  expect(await b.run('status')).toContain('send your message file to the coordinator');
  expect(await a.run('status')).toContain('collect the message files of all');

  const messages = new Map([a, b].map((p) => [p.messageFile(), p.read(p.messageFile())]));
  a.receive(new Map([...messages].slice(0, 1)));
  const some = await look(a);
  expect(some.members.map(({ sent }) => sent)).toEqual([true, false]);
  expect(some.waitingFor).toEqual({ for: 'message', addresses: [b.address] });
  // A file that is no message is nobody's.
  a.receive(new Map([...messages].slice(0, 1).concat([['junk.json', '{}']])));
  expect((await look(a)).members.map(({ sent }) => sent)).toEqual([true, false]);
  a.receive(messages);
  expect(await next(a)).toBe('choose-messages');
  const elsewhere = JSON.parse(await a.run('status', '-m', 'dkg-state/dkg-messages', '--json'));
  expect(elsewhere.next.command).toBe('choose-messages -m dkg-state/dkg-messages');
  await a.run('choose-messages');
  expect(await next(a)).toBe('process-all-and-propose');
  b.receive(messages);
  expect(await next(b)).toBe('process-all-and-propose');

  await a.run('process-all-and-propose');
  const one = await look(a);
  expect(one.members.map(({ proposed }) => proposed)).toEqual([true, false]);
  expect(one).toMatchObject({
    waitingFor: { for: 'proposal', addresses: [b.address] },
    next: { command: 'status --watch' },
  });
  expect(await next(b)).toBe('process-all-and-propose');
  await b.run('process-all-and-propose');
  for (const person of [a, b]) {
    const last = await look(person);
    expect(last.waitingFor).toBeUndefined();
    expect(last.next.command).toBe('verify');
    await person.run('verify');
  }
  const over = await a.run('status');
  expect(over).toContain('MASTER_SHARE_V0');
  expect(over).not.toContain('needed');
});
