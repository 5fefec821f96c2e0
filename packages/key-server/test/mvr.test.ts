import { ChainError, type ServerChain } from '@seal-ts/chain';
import { encodeBcs, mvrRecordId, parseMvrName } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { MAX_MVR_NAME_CHARACTERS, MvrNames } from '../src/mvr/names.ts';
import { mvrResolver } from '../src/mvr/resolve.ts';

const NAME = '@org/app';
const id = (byte: string) => `0x${byte.repeat(32)}`;
const [PACKAGE, INFO] = [id('a1'), id('b1')];

interface Entry {
  info?: string;
  address?: string;
}

type Writer = Parameters<Parameters<typeof encodeBcs>[0]>[0];

function writeEntry(w: Writer, { info, address }: Entry): void {
  const write = (v: Writer, value: string) => void v.address(value);
  w.option(info, write).option(address, write).option(undefined, write);
}

/** A Move object around `contents`, as nodes serve it. */
function moveObject(contents: Uint8Array): Uint8Array {
  return encodeBcs((w) => {
    w.uleb(0).uleb(1).bool(false).u64(1n).byteVector(contents);
  });
}

function record(mainnet: Entry | undefined, networks: Record<string, Entry>): Uint8Array {
  const { org, app } = parseMvrName(NAME);
  return moveObject(
    encodeBcs((w) => {
      w.address(id('01'))
        .vector(org, (v, s) => v.string(s))
        .vector(app, (v, s) => v.string(s));
      w.address(id('02')).address(id('03')).option(mainnet, writeEntry);
      w.vector(Object.entries(networks), (v, [key, entry]) => writeEntry(v.string(key), entry));
      w.uleb(0).address(id('04'));
    }),
  );
}

function packageInfo(name: string): Uint8Array {
  return moveObject(
    encodeBcs((w) => {
      w.address(INFO);
      for (const text of ['a', 'b', 'c', 'd', 'e']) w.string(text);
      w.address(id('05')).address(PACKAGE);
      w.vector([['default', name]], (v, [k, s]) => void v.string(k!).string(s!));
      w.address(id('06')).u64(0n);
    }),
  );
}

function reader(objects: Record<string, Uint8Array>, error?: Error): Pick<ServerChain, 'object'> {
  return {
    async object(objectId) {
      if (error !== undefined) throw error;
      const bcs = objects[objectId];
      if (bcs === undefined) throw new ChainError('NOT_FOUND', objectId);
      return { objectId, bcs };
    },
  };
}

const nothing = reader({});
const recordId = mvrRecordId(parseMvrName(NAME));
const registry = (bytes: Uint8Array) => reader({ [recordId]: bytes });
const testnetEntry = { '4c78adac': { info: INFO } };

async function resolve(
  network: 'mainnet' | 'testnet' | 'devnet' | 'localnet',
  deps: { registry?: Pick<ServerChain, 'object'>; chain?: Pick<ServerChain, 'object'> },
  name = NAME,
): Promise<string> {
  const resolver = mvrResolver(network, { registry: nothing, chain: nothing, ...deps });
  return await resolver(name, {}).catch((error) => error.code);
}

describe('move registry names', () => {
  it('resolve on mainnet through the record itself', async () => {
    expect(await resolve('mainnet', { registry: registry(record({ address: PACKAGE }, {})) })).toBe(
      PACKAGE,
    );
  });

  it('resolve on testnet through the package information on the own node', async () => {
    const deps = {
      registry: registry(record(undefined, testnetEntry)),
      chain: reader({ [INFO]: packageInfo(NAME) }),
    };
    expect(await resolve('testnet', deps)).toBe(PACKAGE);
  });

  it('do not resolve to a package that calls itself otherwise', async () => {
    const deps = {
      registry: registry(record(undefined, testnetEntry)),
      chain: reader({ [INFO]: packageInfo('@evil/app') }),
    };
    expect(await resolve('testnet', deps)).toBe('InvalidMVRName');
  });

  it.each([
    ['unknown name', 'mainnet', nothing, 'InvalidMVRName'],
    ['no mainnet entry', 'mainnet', registry(record(undefined, {})), 'InvalidMVRName'],
    ['mainnet entry without address', 'mainnet', registry(record({}, {})), 'Failure'],
    ['no testnet entry', 'testnet', registry(record({ address: PACKAGE }, {})), 'InvalidMVRName'],
    [
      'testnet entry without info',
      'testnet',
      registry(record(undefined, { '4c78adac': {} })),
      'Failure',
    ],
    ['undecodable record', 'mainnet', registry(Uint8Array.of(1, 2)), 'Failure'],
    ['registry down', 'mainnet', reader({}, new ChainError('UNAVAILABLE', 'x')), 'Failure'],
    ['devnet', 'devnet', nothing, 'Failure'],
    ['localnet', 'localnet', nothing, 'Failure'],
  ] as const)('%s → refused', async (_name, network, from, code) => {
    expect(await resolve(network, { registry: from })).toBe(code);
  });

  it.each(['org/app', '@org', '@org/app/1', '@Org/app', '@-org/app', '', `@${'a'.repeat(64)}/app`])(
    '"%s" is no name',
    async (name) => {
      expect(await resolve('mainnet', {}, name)).toBe('InvalidMVRName');
    },
  );
});

describe('the check against the request', () => {
  function names(answers: (string | Error)[]) {
    const clock = { ms: 1000 };
    const asked: string[] = [];
    const resolver = async (name: string) => {
      asked.push(name);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer!;
    };
    const mvr = new MvrNames({ resolve: resolver, monotonicMs: () => clock.ms });
    return { mvr, clock, asked };
  }

  it('caches a resolution for an hour even if it mismatches, but never a failure', async () => {
    const { mvr, clock, asked } = names([new Error('down'), id('ff'), PACKAGE]);
    await expect(mvr.requirePackage(NAME, PACKAGE)).rejects.toThrow('down');
    for (let i = 0; i < 2; i++) {
      await expect(mvr.requirePackage(NAME, PACKAGE)).rejects.toThrow('Invalid MVR name');
    }
    expect(asked).toHaveLength(2);
    clock.ms += 3_600_001;
    await mvr.requirePackage(NAME, PACKAGE);
    expect(asked).toHaveLength(3);
  });

  it('does not look up names that are too long', async () => {
    const { mvr, asked } = names([PACKAGE]);
    const name = 'a'.repeat(MAX_MVR_NAME_CHARACTERS);
    await mvr.requirePackage(name, PACKAGE);
    await expect(mvr.requirePackage(`${name}a`, PACKAGE)).rejects.toThrow('Invalid MVR name');
    expect(asked).toHaveLength(1);
  });
});
