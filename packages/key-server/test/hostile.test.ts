/** Whatever is sent, the answer is a refusal of the caller, never a failure of the server. */

import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { decodePtb, encodePtb, fromBase64, toBase64 } from '@seal-ts/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRequest, post } from './support/client.ts';
import { createWorld, type World } from './support/world.ts';

const PATH = '/v1/fetch_key';
const REFUSALS = [400, 403, 422];
let world: World;
let body: Record<string, unknown>;

beforeAll(async () => {
  world = await createWorld({ logLevel: 'info' });
  body = { ...(await createRequest({ engine })).body };
});

async function send(value: unknown): Promise<number> {
  return (await world.app.request(PATH, post(value))).status;
}

describe('hostile input', () => {
  it('as any JSON is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(REFUSALS).toContain(await send(JSON.stringify(value)));
      }),
      { numRuns: 150 },
    );
  });

  it('in any one field is refused', async () => {
    const certificate = body['certificate'] as Record<string, unknown>;
    const field = fc.constantFrom(
      ...Object.keys(body).map((name) => [name]),
      ...Object.keys(certificate).map((name) => ['certificate', name]),
    );
    const value = fc.oneof(fc.jsonValue(), fc.base64String(), fc.string());
    await fc.assert(
      fc.asyncProperty(field, value, async ([outer, inner], replaced) => {
        const changed =
          inner === undefined
            ? { ...body, [outer!]: replaced }
            : { ...body, certificate: { ...certificate, [inner]: replaced } };
        expect(REFUSALS).toContain(await send(changed));
      }),
      { numRuns: 200 },
    );
  });

  it('as a transaction with any changed byte is refused', async () => {
    const ptb = fromBase64(String(body['ptb']));
    await fc.assert(
      fc.asyncProperty(fc.nat(ptb.length - 1), fc.integer({ min: 1, max: 255 }), async (i, x) => {
        const changed = ptb.slice();
        changed[i]! ^= x;
        expect(await send({ ...body, ptb: toBase64(changed) })).toBe(403);
      }),
      { numRuns: 200 },
    );
  });

  it('as another spelling of the same transaction is not taken for it', () => {
    const ptb = fromBase64(String(body['ptb']));
    expect(encodePtb(decodePtb(ptb))).toEqual(ptb);
    // The count of inputs in two bytes instead of one.
    const padded = Uint8Array.of(ptb[0]! | 0x80, 0, ...ptb.subarray(1));
    expect(() => decodePtb(padded)).toThrow();
  });
});
