/** The rate that key servers need: a thousand small policy simulations a second (localnet.md §3). */
import { expect, it } from 'vitest';
import { addressToBytes } from '../../src/ledger/vm.ts';
import { ALLOWLIST } from './support/lab.ts';
import { Ptb } from './support/ptb.ts';
import { createdObjects, World } from './support/world.ts';

/** Simulations a second that are asked for; a quiet machine does more than ten times as many. */
const REQUIRED_RATE = 1000;
const BATCH = 500;
/** Other work on the machine may spoil some batches. */
const ATTEMPTS = 5;

it('simulates seal_approve of an allowlist fast enough, and tells members from strangers', async () => {
  const world = await World.create();
  const { id } = await world.publish('allow', ALLOWLIST);
  const create = new Ptb();
  create.call(`${id}::allowlist::create`);
  const list = world.object(createdObjects(await world.ok(create)).get('Allowlist'));
  const ptb = new Ptb();
  const identity = new Uint8Array([...addressToBytes(list.objectId), 1, 2, 3, 4]);
  ptb.call(`${id}::allowlist::seal_approve`, [ptb.bytes(identity), ptb.object(list, 'immutable')]);
  const request = { selectGas: false, gas: { price: 1000n, budget: 500_000_000n } };
  const approve = (sender: string) => world.simulate(ptb, sender, request).effects.status;

  expect(approve(world.b)).toMatchObject({ error: { kind: 'MoveAbort', code: 2n }, command: 0 });
  let best = 0;
  for (let attempt = 0; attempt < ATTEMPTS && best < REQUIRED_RATE; attempt++) {
    const start = performance.now();
    for (let i = 0; i < BATCH; i++) expect(approve(world.a).success).toBe(true);
    best = Math.max(best, BATCH / ((performance.now() - start) / 1000));
  }
  expect(best).toBeGreaterThan(REQUIRED_RATE);
});
