/** What a person who is new to the tool gets wrong, and whether the answer says what to do. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Person } from './person.ts';
import { World } from './world.ts';

// Compilations and a chain, beside other tests on the same machine.
vi.setConfig({ testTimeout: 120_000 });

let world: World;
let a: Person;
let b: Person;
let poor: Person;
let text: string;
const register = ['genkey-and-register', '-u', 'https://x', '-n', 'x', '--unverified'];

beforeAll(async () => {
  world = await World.start();
  [a, b] = [await world.person('a'), await world.person('b')];
  poor = new Person('poor', join(world.dir, 'poor'), world.localnet.url);
}, 120_000);
afterAll(() => world?.close());

/** Another dkg.yaml for a, as far as the test goes. */
const change = (edit: (text: string) => string) => writeFileSync(a.path('dkg.yaml'), edit(text));

describe('a new user', () => {
  it('without a state directory is told where to put dkg.yaml', async () => {
    for (const args of [register, ['status'], ['verify'], ['create-message']]) {
      expect(await a.fail(...args)).toContain('put the coordinator');
    }
    mkdirSync(a.stateDir);
    expect(await a.fail('status')).toContain('seal-committee-cli example > ');
  });

  it('without gas is told which address needs it, and how it gets some', async () => {
    poor.begin(world.config(2, [poor, b]));
    const said = await poor.fail('publish-and-init');
    expect(said).toContain(`gas of ${poor.address} is not enough`);
    expect(said).toContain('faucet');
  });

  it('is told who acts first', async () => {
    const out = await poor.run('status');
    expect(out).toContain('State: not started');
    expect(out).toContain('Next: seal-committee-cli publish-and-init');
    expect(JSON.parse(await poor.run('status', '--json'))).toMatchObject({ state: 'none' });
    expect(await poor.fail('create-message')).toContain('COMMITTEE_ID not found');
  });

  it('with another wallet or address is told which there are', async () => {
    a.begin(world.config(2, [a, b]));
    const nowhere = await a.fail('--wallet', 'nowhere.yaml', 'publish-and-init');
    expect(nowhere).toContain('there is no wallet at');
    expect(nowhere).toContain('new-address');
    const other = await a.fail('--active-address', b.address, 'publish-and-init');
    expect(other).toContain(a.address);
    expect(other).toContain('--active-address');
    await a.run('publish-and-init');
    text = a.read('dkg.yaml');
    poor.begin(text);
    expect(await poor.fail(...register)).toContain(`${poor.address} is not a member`);
  });

  it('without an environment for the network is told how to add one', async () => {
    change((file) => file.replace('Localnet', 'Testnet'));
    const missing = await a.fail(...register);
    expect(missing).toContain('no environment called testnet');
    expect(missing).toContain('new-env');
    change((file) => file.replace('  NETWORK', '  NODE_URL: http://127.0.0.1:1\n  NETWORK'));
    expect(await a.fail(...register)).toContain('the choice of whoever wrote that file');
  });

  it.each<[string, () => string, string]>([
    ['a package', () => world.sealPackage, 'is no committee'],
    ['the clock', () => `0x${'6'.padStart(64, '0')}`, 'is no committee'],
    ['nothing', () => `0x${'7'.repeat(64)}`, 'does not exist there'],
  ])('with the id of %s for COMMITTEE_ID is told so', async (_, id, words) => {
    change((file) => file.replace(/(COMMITTEE_ID: ")0x\w+/, `$1${id()}`));
    for (const args of [['check-committee'], ['status'], register]) {
      const said = await a.fail(...args);
      expect(said).toContain(words);
      expect(said).toContain('check COMMITTEE_ID and NETWORK');
    }
    expect((await a.try(['verify'])).out).toContain(words);
  });

  it('with another id for the package seal, or a key server, is told where it comes from', async () => {
    const nothing = `0x${'7'.repeat(64)}`;
    poor.begin(world.config(2, [poor, b]).replace(world.sealPackage, nothing));
    expect(await poor.fail('publish-and-init')).toContain(`${nothing} is no package on localnet`);
    for (const [id, words] of [
      [nothing, 'does not exist there'],
      [world.sealPackage, 'is of no committee'],
    ] as const) {
      poor.begin(world.config(2, [poor, b], id));
      for (const args of [
        ['init-rotation'],
        ['check-key-server-status', '-k', id, '-n', 'localnet'],
      ]) {
        expect(await poor.fail(...args)).toContain(`the key server ${id} ${words}`);
      }
    }
    const short = await poor.fail('reset-proposal', '-k', nothing.slice(0, -1), '-n', 'localnet');
    expect(short).toContain('which has 63');
  });

  it('is told which node does not answer', async () => {
    change((file) => file);
    expect((await a.try(['verify', '--rpc-url', 'localhost'])).out).toContain(
      'is no URL of a node',
    );
    const { url } = world.localnet;
    await world.localnet.close();
    expect(await a.fail('status')).toContain(`the node ${url} does not answer`);
    expect(await a.fail(...register)).toContain(`the node ${url} does not answer`);
    expect((await a.try(['verify'])).out).toContain(`FAIL  node: ${url} does not answer`);
  });
});
