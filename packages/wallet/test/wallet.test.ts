import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { toBase64 } from '@seal-ts/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultWalletPath, KEY_SCHEMES, Keystore, MAX_KEYS, Wallet } from '../src/index.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'seal-wallet-'));
  path = join(dir, 'client.yaml');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const SECRET = new Uint8Array(32).fill(7);
const PAIRS = [
  Ed25519Keypair.fromSecretKey(SECRET),
  Secp256k1Keypair.fromSecretKey(SECRET),
  Secp256r1Keypair.fromSecretKey(SECRET),
];
const entry = (flag: number) => toBase64(Uint8Array.of(flag, ...SECRET));
const keystorePath = () => join(dir, 'sui.keystore');

/** As the Sui command line writes it. */
function writeWallet(active = PAIRS[0]?.toSuiAddress() as string): void {
  writeFileSync(
    path,
    `---
keystore:
  File: ${keystorePath()}
external_keys: ~
envs:
  - alias: testnet
    rpc: "https://fullnode.testnet.sui.io:443"
    ws: ~
    basic_auth: ~
  - alias: local
    rpc: "http://127.0.0.1:9000"
    ws: ~
    basic_auth: ~
active_env: testnet
active_address: "${active}"
`,
  );
  writeFileSync(keystorePath(), JSON.stringify([entry(0), entry(1), entry(2)]));
}

describe('Wallet', () => {
  it('reads what the Sui command line wrote', () => {
    writeWallet();
    const wallet = Wallet.open(path);
    expect(wallet.addresses).toEqual(PAIRS.map((pair) => pair.toSuiAddress()));
    expect(wallet.activeAddress).toBe(PAIRS[0]?.toSuiAddress());
    expect(wallet.activeEnvironment.rpc).toBe('https://fullnode.testnet.sui.io:443');
    expect(wallet.environmentByUrl('http://127.0.0.1:9000/').alias).toBe('local');
    for (const pair of PAIRS) {
      expect(wallet.key(pair.toSuiAddress()).getSecretKey()).toBe(pair.getSecretKey());
    }
  });

  it('accepts the tagged keystore of older versions', () => {
    writeWallet();
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/keystore:\n {2}File: /, 'keystore: !File '));
    expect(Wallet.open(path).addresses).toHaveLength(3);
  });

  it('switches address and environment, and keeps everything else', () => {
    writeWallet();
    const before = readFileSync(path, 'utf8');
    const wallet = Wallet.open(path);
    const second = PAIRS[1]?.toSuiAddress() as string;
    wallet.switchAddress(second);
    wallet.switchEnvironment('local');
    expect(wallet.activeAddress).toBe(second);
    expect(readFileSync(path, 'utf8')).toBe(
      before
        .replace(PAIRS[0]?.toSuiAddress() as string, second)
        .replace('active_env: testnet', 'active_env: "local"'),
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('makes an address of every scheme, active at once, beside keys added meanwhile', () => {
    writeWallet();
    const wallet = Wallet.open(path);
    const other = Keystore.read(keystorePath()).generate('ed25519').toSuiAddress();
    for (const scheme of KEY_SCHEMES) {
      const address = wallet.newAddress(scheme);
      const again = Wallet.open(path);
      expect(again.activeAddress).toBe(address);
      expect(again.key(address).getKeyScheme().toLowerCase()).toBe(scheme);
    }
    expect(Wallet.open(path).addresses).toHaveLength(7);
    expect(Wallet.open(path).addresses).toContain(other);
    expect(statSync(keystorePath()).mode & 0o777).toBe(0o600);
  });

  it('names new keys where the Sui command line keeps names', () => {
    writeWallet();
    const aliases = join(dir, 'sui.aliases');
    writeFileSync(aliases, '[]');
    const wallet = Wallet.open(path);
    const address = wallet.newAddress();
    const [first] = JSON.parse(readFileSync(aliases, 'utf8'));
    expect(first).toEqual({
      alias: `key-${address.slice(2, 10)}`,
      public_key_base64: toBase64(wallet.key(address).getPublicKey().toSuiBytes()),
    });
  });

  it('is created once', () => {
    const envs = [{ alias: 'testnet', rpc: 'https://node.example' }];
    const wallet = Wallet.create(path, envs, 'testnet');
    expect(wallet.environments).toEqual(envs);
    expect(() => wallet.activeAddress).toThrow('no address is active');
    const address = wallet.newAddress();
    wallet.addEnvironment({ alias: 'local', rpc: 'http://127.0.0.1:9000' });
    expect(Wallet.open(path).activeAddress).toBe(address);
    expect(Wallet.open(path).environment('local').rpc).toBe('http://127.0.0.1:9000');
    expect(() => Wallet.create(path, envs, 'testnet')).toThrow('cannot create');
  });

  it('says what to do about what is missing', () => {
    expect(() => Wallet.open(path)).toThrow(expect.objectContaining({ code: 'WALLET_MISSING' }));
    writeWallet();
    const wallet = Wallet.open(path);
    const code = (text: string) => expect.objectContaining({ code: text });
    expect(() => wallet.environment('mainnet')).toThrow('sui client new-env --alias mainnet');
    expect(() => wallet.environmentByUrl('http://other')).toThrow('--rpc http://other');
    expect(() => wallet.key('0x5')).toThrow(code('WALLET_KEY_MISSING'));
    expect(() => wallet.switchAddress('0x5')).toThrow(code('WALLET_KEY_MISSING'));
    expect(() => wallet.switchEnvironment('x')).toThrow(code('WALLET_ENV_MISSING'));
    expect(() => wallet.addEnvironment({ alias: 'local', rpc: 'x' })).toThrow(
      code('WALLET_EXISTS'),
    );
  });

  it.each([
    ['no keystore', 'envs: []\n'],
    ['a keystore in memory', 'keystore: !InMem\nenvs: []\n'],
  ])('refuses %s', (_, text) => {
    writeFileSync(path, text);
    expect(() => Wallet.open(path)).toThrow(/keystore|!InMem/);
  });

  it('is found where the Sui command line looks', () => {
    expect(defaultWalletPath({ SUI_CONFIG_DIR: '/x' })).toBe(join('/x', 'client.yaml'));
    expect(defaultWalletPath({ SUI_CONFIG_DIR: '' })).toBe(defaultWalletPath({}));
    expect(defaultWalletPath({})).toMatch(/\.sui.sui_config.client\.yaml$/);
  });
});

describe('Keystore', () => {
  const read = (value: unknown) => {
    writeFileSync(keystorePath(), typeof value === 'string' ? value : JSON.stringify(value));
    return Keystore.read(keystorePath());
  };

  it('takes bech32 entries too', () => {
    expect(read([PAIRS[1]?.getSecretKey()]).addresses).toEqual([PAIRS[1]?.toSuiAddress()]);
  });

  it('is empty where there is no file', () => {
    expect(Keystore.read(join(dir, 'none')).addresses).toEqual([]);
  });

  it.each([
    ['no JSON', 'AAAA secret'],
    ['an object', { key: 'AAAA' }],
    ['a number in the list', [1]],
    ['an entry that is not Base64', ['*secret*']],
    ['an unknown scheme', [toBase64(Uint8Array.of(9, ...SECRET))]],
    ['an empty entry', ['']],
    ['a key too short', [toBase64(Uint8Array.of(0, ...SECRET.subarray(1)))]],
    ['a key too long', [toBase64(Uint8Array.of(0, ...SECRET, 1))]],
    ['a scalar of zero', [toBase64(Uint8Array.of(1, ...new Uint8Array(32)))]],
    ['a broken bech32 text', ['suiprivkey1secret']],
    ['too many keys', Array.from({ length: MAX_KEYS + 1 }, () => entry(0))],
  ])('refuses %s without quoting it', (_, value) => {
    let message = '';
    try {
      read(value);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(keystorePath());
    expect(message).not.toContain('secret');
    expect(message).not.toContain('BwcH');
  });
});
