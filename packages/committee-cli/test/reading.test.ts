/** Committees that name each other: the chain lets anybody make objects that look like a rotation. */
import { ChainError, type ServerChain } from '@seal-ts/chain';
import { type Committee, encodeBcs, encodeCommittee } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { readView } from '../src/chain/reading.ts';

const [A, B] = ['a', 'b'].map((digit) => `0x${digit.repeat(64)}`) as [string, string];
const TYPE = `0x${'5'.repeat(64)}::seal_committee::Committee`;

function committee(id: string, oldCommitteeId: string | undefined): Committee {
  return {
    id,
    threshold: 2,
    members: [A, B],
    state: { kind: 'init', members: [] },
    oldCommitteeId,
  };
}

/** A node with these committees, which counts what it is asked. */
function node(...committees: Committee[]) {
  const asked: string[] = [];
  const object = async (id: string) => {
    asked.push(id);
    const found = committees.find((one) => one.id === id);
    if (found === undefined) throw new ChainError('NOT_FOUND', id);
    const contents = encodeCommittee(found);
    // As nodes serve a Move object: its kind, no public transfer, a version, and the contents.
    const bcs = encodeBcs((w) => w.uleb(0).uleb(1).bool(false).u64(1n).byteVector(contents));
    return { objectId: id, bcs, objectType: TYPE };
  };
  return { chain: { object } as unknown as ServerChain, asked };
}

describe('a committee that rotates from', () => {
  it('one that rotates from it is refused after one step back', async () => {
    const { chain, asked } = node(committee(A, B), committee(B, A));
    await expect(readView(chain, A)).rejects.toMatchObject({
      code: 'COMMITTEE_CHAIN',
      message: expect.stringContaining(`${B}, which has no key yet`),
    });
    expect(asked).toEqual([A, B]);
  });

  it('itself is refused', async () => {
    const { chain, asked } = node(committee(A, A));
    await expect(readView(chain, A)).rejects.toMatchObject({ code: 'COMMITTEE_CHAIN' });
    expect(asked).toEqual([A, A]);
  });

  it('one that is gone is told as a rotation that another one overtook', async () => {
    const { chain } = node(committee(A, B));
    await expect(readView(chain, A)).rejects.toMatchObject({
      code: 'COMMITTEE_CHAIN',
      message: expect.stringContaining('Start a new rotation with init-rotation'),
    });
  });

  it('nobody needs no second reading', async () => {
    const { chain, asked } = node(committee(A, undefined));
    const view = await readView(chain, A);
    expect([view.old, view.keyServer, asked]).toEqual([undefined, undefined, [A]]);
  });
});
