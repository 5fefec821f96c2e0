import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { describe, expect, it } from 'vitest';
import { fetchKeys, GOOD } from './support/outcome.ts';
import { createWorld, PACKAGE } from './support/world.ts';

const id = (...bytes: number[]) => Uint8Array.from(bytes);

describe.each([
  ['noble', async () => nobleEngine],
  ['mcl', loadMclEngine],
])('with engine %s, a committee answers', (_name, load) => {
  it.each([0, 1] as const)('in version %d with the key of the group', async (version) => {
    const world = await createWorld({ engine: await load(), version });
    expect(await fetchKeys(world)).toMatchObject(GOOD);
  });

  it('for many identities at once, one of them empty', async () => {
    const world = await createWorld({ engine: await load() });
    const outcome = await fetchKeys(world, { ids: [id(), id(1), id(2, 3)] });
    const prefix = PACKAGE.slice(2);
    expect(outcome).toEqual({ ...GOOD, ids: [prefix, `${prefix}01`, `${prefix}0203`] });
  });
});
