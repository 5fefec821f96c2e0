/** What happens when a step is cut off in the middle, by a connection that dies. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { systemDeps } from '@seal-ts/committee-cli';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Person, World } from './world.ts';

// Whole ceremonies with compilations in them, beside other tests on the same machine.
vi.setConfig({ testTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;

beforeAll(async () => {
  world = await World.start();
  [a, b] = [await world.person('a'), await world.person('b')];
});
afterAll(() => world?.close());

/** A connection that dies after the node has taken the transaction. */
function cutOff(): Parameters<Person['try']>[1] {
  return {
    connect: (network, url) => {
      const client = systemDeps.connect(network, url);
      const run = client.executeTransaction.bind(client);
      client.executeTransaction = (async (input: Parameters<typeof run>[0]) => {
        await run(input);
        throw new TypeError('connection lost');
      }) as SuiGrpcClient['executeTransaction'];
      return client;
    },
  };
}

/** A connection that dies before anything is sent. */
function neverSent(): Parameters<Person['try']>[1] {
  return {
    connect: (network, url) => {
      const client = systemDeps.connect(network, url);
      client.executeTransaction = () => Promise.reject(new TypeError('connection lost'));
      return client;
    },
  };
}

describe('every step goes on where it stopped', () => {
  it('publishes once, whether or not the answer arrived', async () => {
    a.begin(world.config(2, [a, b]));
    const first = await a.try(['publish-and-init'], neverSent());
    expect(first.notes).toContain('TRANSACTION_NOT_SENT');
    const second = await a.try(['publish-and-init'], cutOff());
    expect(second.notes).toContain('sending the transaction of an earlier attempt again');
    const third = await a.try(['publish-and-init'], cutOff());
    expect(third.out).toContain('Package: 0x');
    expect(third.notes).toContain('an earlier attempt was executed');
    const last = await a.run('publish-and-init');
    expect(last).toContain('Committee: 0x');
    // A second publication would have left a second upgrade capability with the coordinator.
    const owned = await world.client.listOwnedObjects({ owner: a.address });
    expect(owned.objects.filter(({ type }) => type.endsWith('UpgradeCap'))).toEqual([]);
    b.begin(await a.run('export-public'));
    const agreed = ['--members', `${a.address},${b.address}`, '--threshold', '2'];
    for (const person of [a, b]) await person.run('verify', ...agreed);
  });

  it('registers with the keys of the first attempt', async () => {
    const args = (name: string) => ['genkey-and-register', '-u', `https://${name}`, '-n', name];
    await a.try(args('a'), neverSent());
    const key = a.read('dkg.key');
    await a.run(...args('a'));
    expect(a.read('dkg.key')).toBe(key);
    await b.try(args('b'), cutOff());
    expect(await b.run(...args('b'))).toContain('registered already');
  });

  it('refuses keys that are not the registered ones', async () => {
    const [key, yaml] = [b.read('dkg.key'), b.read('dkg.yaml')];
    rmSync(b.path('dkg.key'));
    const args = ['genkey-and-register', '-u', 'https://b', '-n', 'b'];
    expect(await b.fail(...args)).toContain('COMMITTEE_STATE');
    expect(await b.fail('create-message')).toContain('restore the file from your backup');
    writeFileSync(b.path('dkg.key'), a.read('dkg.key'), { mode: 0o600 });
    expect(await b.fail('create-message')).toContain('does not hold the keys');
    writeFileSync(b.path('dkg.key'), key);
    expect(b.read('dkg.yaml')).toBe(yaml);
  });

  it('makes one message only', async () => {
    await a.run('create-message');
    await b.run('create-message');
    const message = a.read('message_0.json');
    rmSync(a.path('state.json'));
    await a.run('create-message');
    expect(a.read('message_0.json')).toBe(message);
    rmSync(a.path('message_0.json'));
    expect(await a.fail('create-message')).toContain('Get it back from the coordinator');
    writeFileSync(a.path('message_0.json'), b.read('message_1.json'));
    rmSync(a.path('state.json'));
    expect(await a.fail('create-message')).toContain('is not this member');
    writeFileSync(a.path('message_0.json'), message);
    await a.run('create-message');
  });

  it('proposes the announced set of messages only', async () => {
    const own = (person: Person, id: number) => person.read(`message_${id}.json`);
    const messages = new Map([
      ['0.json', own(a, 0)],
      ['1.json', own(b, 1)],
    ]);
    a.receive(messages);
    b.receive(messages);
    const before = a.read('dkg.yaml');
    const other = `0x${'00'.repeat(32)}`;
    expect(await a.fail('process-all-and-propose', '--set-hash', other)).toContain('MESSAGE_SET');
    expect(a.read('dkg.yaml')).toBe(before);
    const doubled = new Map([...messages, ['2.json', own(a, 0)]]);
    a.receive(doubled);
    expect(await a.fail('process-all-and-propose')).toContain('both from party 0');
    a.receive(new Map([['0.json', own(a, 0)]]));
    expect(await a.fail('process-all-and-propose')).toContain('requires exactly 2 messages, got 1');
    a.receive(messages);
    const tampered = JSON.parse(own(b, 1)).message.replace(/..$/, '00');
    a.receive(new Map([...messages, ['1.json', JSON.stringify({ message: tampered })]]));
    expect(await a.fail('process-all-and-propose')).toContain('Do not propose');
    expect(a.read('dkg.yaml')).toBe(before);

    a.receive(messages);
    await a.try(['process-all-and-propose'], neverSent());
    const results = a.read('dkg.yaml');
    expect(results).toContain('MASTER_SHARE_V0');
    await a.run('process-all-and-propose');
    expect(a.read('dkg.yaml')).toBe(results);
    await b.try(['process-all-and-propose'], cutOff());
    expect(await b.run('process-all-and-propose')).toContain('nothing is left to do');
    const report = JSON.parse(await a.run('status', '--json'));
    expect(report.state).toBe('finalized');
  });

  it('never replaces a share', async () => {
    const yaml = b.read('dkg.yaml');
    const wrong = yaml.replace(/(MASTER_SHARE_V0: "0x)../, '$100');
    writeFileSync(b.path('dkg.yaml'), wrong);
    expect(await b.fail('process-all-and-propose')).toContain('already contains output field');
    expect(await b.fail('verify')).toContain('COMMITTEE_VERIFY');
    expect(b.read('dkg.yaml')).toBe(wrong);
    writeFileSync(b.path('dkg.yaml'), yaml);
    chmodSync(b.path('dkg.yaml'), 0o644);
    expect(await b.fail('verify')).toContain('permissions');
    chmodSync(b.path('dkg.yaml'), 0o600);
    expect(await b.run('verify')).not.toContain('FAIL');
  });
});

describe('the wallet', () => {
  it('is looked after without another tool', async () => {
    const fresh = await a.run('new-address', '--key-scheme', 'secp256r1');
    expect(await a.run('active-address')).toBe(fresh);
    await a.run('fund', '--faucet-url', world.localnet.faucetUrl);
    expect(await a.run('gas')).toMatch(/0x[0-9a-f]{64} {2}\d+\.\d{4} SUI/);
    await a.run('switch', '--address', a.address);
    expect(await a.run('active-address')).toBe(a.address);
    expect((await a.run('addresses')).split('\n')).toEqual([a.address, fresh]);
  });
});
