/** The network's bound on the size of effects (sui-ledger.md §6.1), on both sides of it. */
import { describe, expect, it } from 'vitest';
import type { ObjectChange, ObjectChanges } from '../../src/ledger/changes.ts';
import { checkEffectsSize } from '../../src/ledger/collect.ts';
import { MAX_EFFECTS_BYTES } from '../../src/ledger/limits.ts';
import { ExecutionFailure } from '../../src/ledger/ptb/failure.ts';
import { LAB } from './support/lab.ts';
import { World } from './support/world.ts';

const REMOVED: ObjectChange = {
  kind: 'remove',
  before: undefined,
  how: 'wrapped',
  created: true,
  typeText: undefined,
};

function failure(changes: ObjectChanges, inputs: number): unknown {
  try {
    checkEffectsSize(changes, inputs);
  } catch (thrown) {
    if (thrown instanceof ExecutionFailure) return thrown.error;
    throw thrown;
  }
  return undefined;
}

describe('the effects size', () => {
  it('bounds how many objects a transaction may name and write', async () => {
    const world = await World.create();
    const { created } = await world.publish('lab', LAB);
    const before = world.object(created.get('Thing'));
    const { data, owner } = before;
    const written: ObjectChange = { kind: 'write', data, owner, before, created: false };
    const changes: ObjectChanges = new Map();
    // Fixed part 2210, two states of 128 bytes for each object that is changed.
    const most = Math.floor((MAX_EFFECTS_BYTES - 2210) / (2 * 128));
    for (let i = 0; i < most; i++) changes.set(String(i), written);
    const left = MAX_EFFECTS_BYTES - 2210 - most * 2 * 128;
    const inputs = Math.floor(left / 40);
    changes.set('free', REMOVED);
    expect(failure(changes, inputs)).toBeUndefined();
    expect(failure(changes, inputs + 1)).toMatchObject({ kind: 'EffectsTooLarge' });
    changes.set('more', written);
    expect(failure(changes, 0)).toEqual({
      kind: 'EffectsTooLarge',
      size: BigInt(2210 + (most + 1) * 2 * 128),
      maxSize: BigInt(MAX_EFFECTS_BYTES),
    });
  });
});
