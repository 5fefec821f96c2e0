/** Sends one request, and judges the answer with nothing but the group public key. */

import { fromHex, hashIdentity, verifyUserSecretKey } from '@seal-ts/crypto';
import type { FetchKeyResponseJson } from '@seal-ts/protocol';
import { createRequest, openAnswer, post, type RequestOptions } from './client.ts';
import { engine as fast } from './engine.ts';
import { GROUP_KEY, type World } from './world.ts';

const groupKey = fast.g2.fromBytes(fromHex(GROUP_KEY));

export type Outcome =
  | { status: 200; ids: string[]; valid: boolean }
  | { status: number; error: string; message: string };

/** `valid`: every key is the user secret key of its identity under the group key. */
export async function fetchKeys(
  { app, engine }: Pick<World, 'app' | 'engine'>,
  options: Partial<RequestOptions> = {},
): Promise<Outcome> {
  const { body, secretKey } = await createRequest({ engine, ...options });
  const res = await app.request('/v1/fetch_key', post(body));
  const answer = await res.json();
  if (res.status !== 200) return { status: res.status, ...answer };
  const keys = openAnswer(answer as FetchKeyResponseJson, secretKey, engine);
  const valid = [...keys].every(([id, key]) =>
    verifyUserSecretKey(fast, {
      userSecretKey: fast.g1.fromBytes(fromHex(key)),
      identity: hashIdentity(fast, fromHex(id)),
      publicKey: groupKey,
    }),
  );
  return { status: 200, ids: [...keys.keys()].sort(), valid };
}

export const GOOD = { status: 200, valid: true };
