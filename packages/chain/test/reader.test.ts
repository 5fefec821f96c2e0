/** The reading port on the core client: the two calls of `@mysten/seal`, errors with codes. */
import type { ClientWithCoreApi } from '@mysten/sui/client';
import { encodeKeyServer, encodeKeyServerV1, encodeKeyServerV2 } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { coreReader } from '../src/index.ts';

const A = `0x${'a1'.repeat(32)}`;
const PK = new Uint8Array(96);

interface Fake {
  version?: string;
  content?: Uint8Array;
  field?: Uint8Array;
  error?: unknown;
}

function reader(fake: Fake, calls: unknown[] = []) {
  const answer = <T>(options: unknown, value: T): T => {
    calls.push(options);
    if (fake.error !== undefined) throw fake.error;
    return value;
  };
  return coreReader({
    core: {
      getObject: async (o: unknown) =>
        answer(o, { object: { version: fake.version, content: fake.content } }),
      getDynamicField: async (o: unknown) =>
        answer(o, { dynamicField: { value: { bcs: fake.field } } }),
    },
  } as unknown as ClientWithCoreApi);
}

const range = (firstVersion: bigint, lastVersion: bigint): Uint8Array =>
  encodeKeyServer({ id: A, firstVersion, lastVersion });
const v1 = encodeKeyServerV1({ name: 'n', url: 'u', keyType: 0, publicKey: PK });
const v2 = encodeKeyServerV2({
  name: 'n',
  keyType: 0,
  publicKey: PK,
  serverType: { kind: 'independent', url: 'u' },
});

describe('package versions', () => {
  it('are numbers', async () => {
    expect(await reader({ version: '12' }).packageVersion(A)).toBe(12n);
  });

  it('that are not are MALFORMED', async () => {
    const reading = reader({ version: 'x' }).packageVersion(A);
    await expect(reading).rejects.toMatchObject({ code: 'MALFORMED' });
  });
});

describe('key servers', () => {
  it('ask for content, then for the highest version', async () => {
    const calls: unknown[] = [];
    const info = await reader({ content: range(1n, 2n), field: v2 }, calls).keyServer(A);
    expect(info).toMatchObject({ objectId: A, version: 2 });
    expect(calls).toEqual([
      { objectId: A, include: { content: true } },
      { parentId: A, name: { type: 'u64', bcs: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0) } },
    ]);
  });

  it('of version 1 look like the others', async () => {
    const info = await reader({ content: range(1n, 1n), field: v1 }).keyServer(A);
    expect(info).toMatchObject({ version: 1, serverType: { kind: 'independent', url: 'u' } });
  });

  it('of unknown versions say which', async () => {
    const reading = reader({ content: range(3n, 4n) }).keyServer(A);
    await expect(reading).rejects.toMatchObject({
      code: 'UNSUPPORTED_VERSION',
      message: `Key server ${A} supports versions between 3 and 4 (inclusive)`,
    });
  });

  it.each<[string, Fake]>([
    ['another object', { content: new Uint8Array(47) }],
    ['a longer object', { content: new Uint8Array(49) }],
    ['a damaged field', { content: range(2n, 2n), field: v1.subarray(1) }],
    ['the field of the other version', { content: range(2n, 2n), field: v1 }],
  ])('refuse %s', async (_name, fake) => {
    await expect(reader(fake).keyServer(A)).rejects.toMatchObject({ code: 'MALFORMED' });
  });
});

describe('errors', () => {
  it.each([
    [{ reason: 'notFound', message: 'x' }, 'NOT_FOUND'],
    [Object.assign(new Error('gone'), { code: 'notExists' }), 'NOT_FOUND'],
    [new Error('socket'), 'RPC'],
    ['text', 'RPC'],
    [null, 'RPC'],
  ])('%s becomes %s', async (error, code) => {
    const reading = reader({ error }).packageVersion(A);
    await expect(reading).rejects.toMatchObject({ name: 'ChainError', code });
  });

  it('a cancelled read says so', async () => {
    const reading = reader({ error: new Error('aborted') }).packageVersion(A, {
      signal: AbortSignal.abort(),
    });
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
