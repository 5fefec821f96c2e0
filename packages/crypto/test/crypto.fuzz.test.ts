/**
 * Fuzz lane: the engines against each other on long random programs, and decoders on damaged input.
 * `FUZZ_RUNS` sets the number of runs of each property, `FUZZ_SEED` repeats one.
 */

import {
  type Engine,
  fromHex,
  GROUP_ORDER,
  type Group,
  isCryptoError,
  recoverDataKey,
  scalarFromBigint,
  toHex,
} from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import deployed from '../../../vectors/crypto/dkg-deployed.json' with { type: 'json' };
import published from '../../../vectors/crypto/envelopes.json' with { type: 'json' };
import { readEnvelope } from './support/bcs-reader.ts';
import { mcl, noble } from './support/engines.ts';

const runs = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 200),
  ...(process.env['FUZZ_SEED'] === undefined ? {} : { seed: Number(process.env['FUZZ_SEED']) }),
};
const TIMEOUT_MS = 600_000;

const scalars = fc.bigInt({ min: 0n, max: GROUP_ORDER - 1n }).map(scalarFromBigint);
const step = fc.oneof(
  fc.record({ op: fc.constantFrom('mul', 'mulOnce', 'mulPublic' as const), k: scalars }),
  fc.record({ op: fc.constantFrom('add', 'sub' as const), with: fc.nat(9) }),
  fc.record({ op: fc.constant('neg' as const) }),
  fc.record({ op: fc.constant('hash' as const), message: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ op: fc.constant('reencode' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Runs a program on one group: a stack of points, each step pushing a new one. */
function run(group: Group<unknown>, program: readonly Step[]): string[] {
  const points = [group.generator, group.identity];
  for (const s of program) {
    const top = points.at(-1);
    switch (s.op) {
      case 'add':
      case 'sub':
        points.push(group[s.op](top, points[s.with % points.length]));
        break;
      case 'neg':
        points.push(group.neg(top));
        break;
      case 'hash':
        points.push(group.hash(s.message));
        break;
      case 'reencode':
        points.push(group.fromBytes(group.toBytes(top)));
        break;
      default:
        points.push(group[s.op](top, s.k));
    }
  }
  return points.map((point) => toHex(group.toBytes(point)));
}

describe('engines', () => {
  it.each(['g1', 'g2'] as const)('run the same programs on %s', { timeout: TIMEOUT_MS }, (name) => {
    const on = (engine: Engine) => engine[name] as Group<unknown>;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (program) => {
        expect(run(on(mcl), program)).toEqual(run(on(noble), program));
      }),
      runs,
    );
  });
});

/**
 * Where V2 has the share index of its third service: after version, package, id and two services.
 */
const UNUSED_INDEX_AT = 1 + 32 + 33 + 1 + 2 * 33 + 32;

/** A position and a mask for it. */
const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
  minLength: 1,
  maxLength: 3,
});

function damaged(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const out = bytes.slice();
  for (const [position, mask] of changes) out[position % out.length]! ^= mask;
  return out;
}

describe('damaged input', () => {
  it('signed DKG messages decode to themselves or fail with a code', {
    timeout: TIMEOUT_MS,
  }, () => {
    const suite = dkg.deployedSuite(mcl);
    const good = fromHex(deployed.fresh.messages[0]!.signed_message);
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = damaged(good, changes);
        try {
          const decoded = dkg.decodeSignedMessage(suite, bytes);
          expect(dkg.encodeSignedMessage(suite, decoded)).toEqual(bytes);
        } catch (error) {
          if (!isCryptoError(error)) throw error;
          expect(error.code).toBe('INVALID_DKG_MESSAGE');
        }
      }),
      runs,
    );
  });

  it('envelopes never decrypt after damage', { timeout: TIMEOUT_MS }, () => {
    const v = published.find(({ name }) => name === 'V2')!;
    const good = fromHex(v.object);
    const keys = v.userSecretKeys!.map((key) => mcl.g1.fromBytes(fromHex(key)));
    const services = readEnvelope(good).services;
    const userSecretKeys = new Map(
      keys.map((key, i) => [`0x${toHex(services[i]!.objectId)}`, key]),
    );
    // The payload (variant, blob of 13 bytes, aad of 32, mac of 32) is not damaged here.
    const payloadStart = good.length - (1 + 14 + 34 + 32);
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = damaged(good.subarray(0, payloadStart), changes);
        let envelope: ReturnType<typeof readEnvelope>;
        try {
          envelope = readEnvelope(Uint8Array.of(...bytes, ...good.subarray(payloadStart)));
        } catch {
          return; // not an envelope at all
        }
        // The index of a service whose key is not used is bound by the consistency check only.
        if (bytes.every((byte, i) => byte === good[i] || i === UNUSED_INDEX_AT)) return;
        let code: string | undefined;
        try {
          recoverDataKey({ engine: mcl }, { envelope, userSecretKeys });
        } catch (error) {
          if (!isCryptoError(error)) throw error;
          code = error.code;
        }
        expect(code).toBeDefined();
      }),
      runs,
    );
  });
});
