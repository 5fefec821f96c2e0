import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveMasterKey, publicKeyFromMasterKey, toHex } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { ConfigError, type Environment } from '@seal-ts/service';
import { afterAll, describe, expect, it } from 'vitest';
import type { PermissionedClient } from '../src/config/file-schema.ts';
import { ANNOUNCED_UNASSIGNED_KEYS, loadMasterKeys, type OwnKeyMode } from '../src/keys/load.ts';
import type { MasterKey } from '../src/keys/master-key.ts';

const directory = mkdtempSync(join(tmpdir(), 'key-server-keys-'));
afterAll(() => rmSync(directory, { recursive: true }));

const id = (byte: string) => `0x${byte.repeat(32)}`;
const OPEN: OwnKeyMode = { tag: 'Open', key_server_object_id: id('ab') };
const KEY = '1f'.repeat(32);
const ORDER = '73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001';

function load(mode: OwnKeyMode, env: Environment) {
  const announced: Record<string, unknown>[] = [];
  const announce = (fields: Record<string, unknown>) => void announced.push(fields);
  return { keys: loadMasterKeys(mode, { engine, env, announce }), announced };
}
function problems(mode: OwnKeyMode, env: Environment): string {
  try {
    load(mode, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}
const hexOf = (key: MasterKey) => key.use(toHex);

describe('an open server', () => {
  it.each([
    ['hex', KEY],
    ['hex with 0x', `0x${KEY}`],
    ['upper-case hex', KEY.toUpperCase()],
    ['Base64', Buffer.from(KEY, 'hex').toString('base64')],
    ['white space around', ` ${KEY}\n`],
  ])('reads its key as %s and serves every package', (_name, text) => {
    const { keys } = load(OPEN, { MASTER_KEY: text });
    expect(hexOf(keys.forPackage(id('01')))).toBe(KEY);
    expect([...keys.services.keys()]).toEqual([id('ab')]);
  });

  it('reads its key from a file that only its owner can read', () => {
    const path = join(directory, 'key');
    writeFileSync(path, `${KEY}\n`, { mode: 0o600 });
    expect(hexOf(load(OPEN, { MASTER_KEY: `@${path}` }).keys.forPackage(id('01')))).toBe(KEY);
    chmodSync(path, 0o640);
    expect(problems(OPEN, { MASTER_KEY: `@${path}` })).toMatch(/mode 0640.*chmod 600/s);
  });

  it.each([
    ['unset', undefined, 'MASTER_KEY is not set'],
    ['blank', '  ', 'MASTER_KEY is not set'],
    ['31 bytes', '1f'.repeat(31), 'is not 32 bytes in hex'],
    ['33 bytes', '1f'.repeat(33), 'is not 32 bytes in hex'],
    ['no key at all', 'hunter2', 'is not 32 bytes in hex'],
    ['unpadded Base64', Buffer.from(KEY, 'hex').toString('base64').replace('=', ''), 'is not 32'],
    ['zero', '00'.repeat(32), 'is zero or not below the group order'],
    ['the group order', ORDER, 'is zero or not below the group order'],
    ['a missing file', '@/nonexistent/key', 'cannot read the secret file'],
  ])('refuses a key that is %s, without repeating it', (_name, text, problem) => {
    const message = problems(OPEN, { MASTER_KEY: text });
    expect(message).toContain(problem);
    if (text && !text.startsWith('@') && text.trim()) expect(message).not.toContain(text);
  });

  it('has the variable forgotten once it was read', () => {
    const env: Record<string, string> = { MASTER_KEY: KEY, OTHER: 'x' };
    const forget = (name: string) => void delete env[name];
    loadMasterKeys(OPEN, { engine, env, announce: () => undefined, forget });
    expect(env).toEqual({ OTHER: 'x' });
  });

  it('announces its public key', () => {
    const publicKey = publicKeyFromMasterKey(engine, Buffer.from(KEY, 'hex'));
    expect(load(OPEN, { MASTER_KEY: KEY }).announced).toEqual([
      { keyServerObjectId: id('ab'), publicKey: `0x${toHex(engine.g2.toBytes(publicKey))}` },
    ]);
  });
});

describe('a permissioned server', () => {
  const client = (
    name: string,
    source: PermissionedClient['client_master_key'],
    byte: number,
  ): PermissionedClient => ({
    name,
    client_master_key: source,
    key_server_object_id: id(`c${byte}`),
    package_ids: [id(`a${byte}`), id(`b${byte}`)],
  });
  const mode = (...client_configs: PermissionedClient[]): OwnKeyMode => ({
    tag: 'Permissioned',
    client_configs,
  });
  const derived = (i: number) => ({ tag: 'Derived', derivation_index: i }) as const;
  const ALL = mode(
    client('alice', derived(0), 0),
    client('bob', { tag: 'Imported', env_var: 'BOB' }, 1),
    client('carol', { tag: 'Exported', deprecated_derivation_index: 1 }, 2),
  );
  const env = { MASTER_KEY: KEY, BOB: '2e'.repeat(32) };
  const derivedHex = (i: number) => toHex(deriveMasterKey(Buffer.from(KEY, 'hex'), i));

  it('gives each client its own key, and exported or unknown ones none', () => {
    const { keys } = load(ALL, env);
    expect(hexOf(keys.forPackage(id('a0')))).toBe(derivedHex(0));
    expect(hexOf(keys.forPackage(id('b0')))).toBe(derivedHex(0));
    expect(hexOf(keys.forPackage(id('a1')))).toBe(env.BOB);
    for (const unknown of [id('a2'), id('ff')]) {
      expect(() => keys.forPackage(unknown)).toThrow('Unsupported package ID');
    }
    expect([...keys.services.keys()]).toEqual([id('c0'), id('c1')]);
  });

  it('announces its clients and the next ten free indices, exported ones counted', () => {
    const { announced } = load(ALL, env);
    const free = announced
      .map((fields) => fields['unassignedDerivationIndex'])
      .filter(Number.isInteger);
    expect(announced.map((fields) => fields['client']).filter(Boolean)).toEqual(['alice', 'bob']);
    expect(free).toEqual(Array.from({ length: ANNOUNCED_UNASSIGNED_KEYS }, (_, i) => i + 2));
  });

  it('does not start without a usable client, after announcing keys for the first ones', () => {
    const announced: unknown[] = [];
    const announce = (fields: unknown) => void announced.push(fields);
    for (const none of [
      mode(),
      mode(client('x', { tag: 'Exported', deprecated_derivation_index: 0 }, 0)),
    ]) {
      announced.length = 0;
      expect(() => loadMasterKeys(none, { engine, env, announce })).toThrow(
        'No clients found in the configuration',
      );
      expect(announced).toHaveLength(10);
    }
  });

  it('lists every missing key', () => {
    const message = problems(ALL, {});
    expect(message).toContain('$MASTER_KEY: ');
    expect(message).toContain('$BOB: ');
    expect(message).toContain('2 faults');
  });

  it('takes no Base64', () => {
    const base64 = Buffer.from(KEY, 'hex').toString('base64');
    expect(problems(ALL, { ...env, MASTER_KEY: base64 })).toContain('is not 32 bytes in hex');
    expect(problems(ALL, { ...env, BOB: base64 })).toContain('is not 32 bytes in hex');
  });
});
