/**
 * The committee's package is upgraded by vote: rejected, changed, reset, approved and executed; then the
 * key goes to another committee. The client reads before, during and after.
 */
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Committee, fourPeople } from './committee.ts';
import { messagesOf } from './steps.ts';
import { MOVE, type Person, type World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;
let c: Person;
let d: Person;
let committee: Committee;

beforeAll(async () => {
  ({ world, a, b, c, d, committee } = await fourPeople());
  // Everybody pulls the new sources; the tool looks in ./move/committee first.
  for (const person of [a, b, c, d]) pull(person, 'public fun version(): u64 { 2 }');
}, 120_000);
afterAll(async () => {
  await committee?.close();
  await world?.close();
});

function pull(person: Person, addition: string): void {
  cpSync(MOVE, join(person.home, 'move'), { recursive: true });
  const source = join(person.home, 'move/committee/sources/seal_committee.move');
  appendFileSync(source, `\n${addition}\n`);
}

const place = () => ['-k', committee.keyServerId, '-n', 'localnet'];
const built = () => [...place(), '--seal-package', world.sealPackage];
const status = (person: Person) => person.run('check-key-server-status', ...place());

describe('a proposal', () => {
  it('can be rejected, and votes can be changed', async () => {
    expect(await status(a)).toContain('No active upgrade');
    expect(await a.fail('reject-upgrade', ...place())).toContain('ENoProposalForDigest');
    await a.run('approve-upgrade', ...built());
    await committee.reader.reads();
    await a.run('reject-upgrade', ...place(), '-p', 'move/committee');
    expect(await status(b)).toContain(`${a.address}: reject`);
    await a.run('approve-upgrade', ...built());
    await a.run('reject-upgrade', ...place());
    expect(await c.fail('reset-proposal', ...place())).toContain('ENotEnoughVotes');
    await b.run('reject-upgrade', ...place());
    const refused = await b.fail('authorize-and-upgrade', ...built());
    expect(refused).toContain('COMMITTEE_CHAIN');
    expect(refused).toContain('0 members approved the upgrade, 2 are needed');
    await committee.reader.reads();
  });

  it('makes room for another once enough have rejected it', async () => {
    await c.run('reset-proposal', ...place());
    expect(await status(a)).toContain('No active upgrade');
    const none = await a.fail('authorize-and-upgrade', ...built());
    expect(none).toContain('COMMITTEE_CHAIN');
    expect(none).toContain('use approve-upgrade first');
    await committee.reader.reads();
  });

  it('is executed as it was approved', async () => {
    const seal = ['--seal-package', world.sealPackage];
    const digest = await a.run('package-digest', '-n', 'localnet', ...seal);
    expect(digest).toMatch(/^Digest for package 'committee': 0x[0-9a-f]{64}$/);
    expect(await a.run('approve-upgrade', ...built())).toContain(digest);
    const published = ['-p', join(MOVE, 'committee')];
    const other = await b.fail('approve-upgrade', ...built(), ...published);
    expect(other).toContain('COMMITTEE_MISMATCH');
    expect(other).toContain('another upgrade is proposed');
    expect(await d.fail('approve-upgrade', ...built())).toContain('ENotAuthorized');
    const early = await a.fail('authorize-and-upgrade', ...built());
    expect(early).toContain('1 members approved the upgrade, 2 are needed');
    await b.run('approve-upgrade', ...built());
    const wrong = await c.fail('authorize-and-upgrade', ...built(), ...published);
    expect(wrong).toContain('COMMITTEE_MISMATCH');
    await committee.reader.reads();
    expect(await c.run('authorize-and-upgrade', ...built())).toContain('New package: 0x');
    expect(await status(a)).toContain('(version 2)');
    const again = await c.fail('authorize-and-upgrade', ...built());
    expect(again).toContain('the package is at version 2');
    await committee.reader.reads();
  });

  it('can be voted on with keys that are elsewhere', async () => {
    for (const person of [a, b, c, d]) pull(person, 'public fun version(): u64 { 3 }');
    const unsigned = ['approve-upgrade', ...built(), '--unsigned'];
    expect(await b.fail(...unsigned)).toContain('--unsigned needs --sender-address');
    const out = await b.run(...unsigned, '--sender-address', a.address);
    const bytes = out.split('\n').at(-1) as string;
    expect(await b.fail('sign-and-execute', '--tx-bytes', bytes)).toContain('WALLET_KEY_MISSING');
    await a.run('sign-and-execute', '--tx-bytes', bytes);
    expect(await status(b)).toContain(`${a.address}: approve`);
  });
});

describe('a rotation after the upgrade', () => {
  it('hands the key over, and drops what was proposed', async () => {
    const agreed = committee.next(2, b, c, d);
    await committee.rotation(a, agreed);
    for (const member of agreed.members) await committee.prepare(member);
    await committee.complete(agreed, messagesOf(b, c));
    const said = await status(d);
    expect(said).toContain('COMMITTEE_VERSION: 1');
    expect(said).toContain('(version 2)');
    expect(said).toContain('No active upgrade');
  });

  it('lets the new committee vote, and the old one no more', async () => {
    expect(await a.fail('approve-upgrade', ...built())).toContain('ENotAuthorized');
    await d.run('approve-upgrade', ...built());
    await b.run('approve-upgrade', ...built());
    expect(await d.run('authorize-and-upgrade', ...built())).toContain('New package: 0x');
    expect(await status(b)).toContain('(version 3)');
    await committee.reader.reads();
  });
});

describe("a member's server that moves", () => {
  const moved = 'https://moved.example';
  const move = (url: string) => ['update-url', ...place(), '-u', url];

  it('is found at the URL that its member tells the chain', async () => {
    const old = committee.site(b).url;
    expect(await b.run(...move(moved))).toContain(`${old} -> ${moved}`);
    expect(await status(c)).toContain(`URL: ${moved}`);
    expect(await b.run(...move(moved))).toContain('already');
    // Its credential is for the old place; the others are enough.
    await committee.reader.reads();
    expect(await b.run(...move(old))).toContain(`${moved} -> ${old}`);
    await committee.reader.reads();
  });

  it('is nobody else’s business, and needs a URL', async () => {
    const stranger = await a.fail(...move(moved));
    expect(stranger).toContain('COMMITTEE_CHAIN');
    expect(stranger).toContain(`${a.address} is not a member`);
    for (const url of ['', 'moved.example', 'ftp://moved.example']) {
      expect(await c.fail(...move(url))).toContain('COMMITTEE_BAD_OPTION');
    }
    const unsigned = [...move(moved), '--unsigned', '--sender-address', c.address];
    expect((await b.run(...unsigned)).split('\n').at(-1)).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(await status(c)).not.toContain(moved);
  });
});
