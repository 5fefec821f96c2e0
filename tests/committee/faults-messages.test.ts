/**
 * Messages that arrive damaged, belong elsewhere, or are well signed and wrong. Nothing is recorded or
 * proposed because of them, and the client reads before, during and after.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Committee, fourPeople } from './committee.ts';
import { dishonestMessage } from './dishonest.ts';
import type { Person } from './person.ts';
import { type Messages, messagesOf, propose } from './steps.ts';
import type { World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;
let c: Person;
let d: Person;
let committee: Committee;

beforeAll(async () => {
  ({ world, a, b, c, d, committee } = await fourPeople());
}, 120_000);
afterAll(async () => {
  await committee?.close();
  await world?.close();
});

describe('a corrupted message', () => {
  const agreed = () => committee.next(2, a, b, c);
  let good: Messages;
  let elsewhere: string;

  beforeAll(async () => {
    await committee.rotation(a, agreed());
    for (const member of agreed().members) await committee.prepare(member);
    elsewhere = b.message();
    // The same people start over: what they signed before is of another committee now.
    await committee.rotation(a, agreed());
    for (const member of agreed().members) await committee.prepare(member);
    good = messagesOf(a, b);
    await committee.reader.reads();
  });

  /** The file of party 1 with one bit of its message changed; `place` counts from the end if negative. */
  function flipped(place: number): string {
    const { message } = JSON.parse(good.get('message_1.json') as string) as { message: string };
    const bytes = Buffer.from(message, 'hex');
    const at = place < 0 ? bytes.length + place : place;
    bytes[at] = (bytes[at] as number) ^ 1;
    return JSON.stringify({ message: bytes.toString('hex') });
  }
  const text = () => good.get('message_1.json') as string;

  it.each<[string, () => string]>([
    ['another sender', () => flipped(1)],
    ['a bit of the commitment', () => flipped(20)],
    ['a bit of the encrypted shares', () => flipped(350)],
    ['a bit of the signature', () => flipped(-150)],
    ['a bit of the proof', () => flipped(-1)],
    ['a letter that is no hex digit', () => text().replace(/[0-9a-f]{2}"/, 'zz"')],
    ['a hex digit less', () => text().replace(/[0-9a-f]"/, '"')],
    ['its end missing', () => text().replace(/[0-9a-f]{64}"/, '"')],
    ['its file cut off', () => text().slice(0, 300)],
    ['an empty file', () => ''],
    ['the message of another ceremony', () => elsewhere],
  ])('with %s is refused by everybody who looks', async (_, damaged) => {
    c.receive(new Map([...good, ['message_1.json', damaged()]]));
    const refused = await c.fail('process-all-and-propose');
    expect(refused).toMatch(/error COMMITTEE_MESSAGE(_SET)?: .*coordinator/s);
    expect(c.recordedShare(1)).toBeUndefined();
    a.receive(new Map([...good, ['message_1.json', damaged()]]));
    expect(await a.fail('choose-messages')).toMatch(/error COMMITTEE_MESSAGE(_SET)?: /);
    expect(await c.fail('verify')).toContain('COMMITTEE_VERIFY');
  });

  it('is got from its sender again, and the ceremony goes on', async () => {
    await committee.reader.reads();
    await committee.complete(agreed(), good);
    expect(await c.run('check-committee')).toContain('COMMITTEE_VERSION: 1');
  });
});

describe('a well-signed message with a wrong share', () => {
  const first = () => committee.next(2, a, b, c);
  const without = () => committee.next(2, b, c, d);
  let complaint: string;

  it('is seen by its victim alone, whose complaint anybody can check', async () => {
    await committee.rotation(b, first());
    for (const member of first().members) await committee.prepare(member);
    const messages = messagesOf(a, b);
    messages.set('message_0.json', await dishonestMessage(a, 2));
    b.receive(messages);
    expect(await b.run('choose-messages')).toContain('Message set hash');

    c.receive(messages);
    const refused = await c.fail('process-all-and-propose');
    expect(refused).toContain('error COMMITTEE_MESSAGE: ');
    expect(refused).toContain('Do not propose');
    expect(refused).toContain(a.address);
    expect(c.recordedShare(2)).toBeUndefined();
    complaint = /--complaint (0x[0-9a-f]+)/.exec(refused)?.[1] as string;
    expect(complaint).toBeDefined();
    await committee.reader.reads();
  });

  it('leads to whoever is at fault', async () => {
    const judged = (accuser: number, message: string) => [
      'check-complaint',
      ...['--accuser', String(accuser), '--message', `dkg-state/dkg-messages/${message}`],
      ...['--complaint', complaint],
    ];
    const verdict = await b.run(...judged(2, 'message_0.json'));
    expect(verdict).toContain('The complaint is right');
    expect(verdict.split('At fault:')[1]).toContain(a.address);
    const framed = await b.try(judged(1, 'message_0.json'));
    expect(framed.code).toBe(3);
    expect(framed.notes).toContain('COMMITTEE_COMPLAINT');
    expect(await b.fail(...judged(2, 'message_1.json'))).toContain('COMMITTEE_BAD_OPTION');
  });

  it('nobody can finish that ceremony, whoever proposed in it', async () => {
    // Only the victim sees the fault, so the others may have proposed before it spoke up.
    await propose(b, messagesFrom(b), 2);
    b.shares.delete(2);
    expect(await c.fail('process-all-and-propose')).toContain('COMMITTEE_MESSAGE');
    await committee.reader.reads();
  });

  it('the coordinator starts over without that member', async () => {
    await committee.rotation(b, without());
    for (const member of without().members) await committee.prepare(member);
    await committee.complete(without(), messagesOf(b, c));
    expect(await d.run('check-committee')).toContain('COMMITTEE_VERSION: 2');
  });
});

/** The folder that a person has of the others' messages. */
function messagesFrom(person: Person): Messages {
  const names = ['message_0.json', 'message_1.json'];
  return new Map(names.map((name) => [name, person.read('dkg-messages', name)]));
}
