/**
 * Servers that do not do what they should. Most start from the answer of the real server, because
 * a lie close to the truth is the harder one to notice.
 */
import { type Engine, elgamalEncrypt, extract, hashIdentity } from '@seal-ts/crypto';
import {
  type FetchKeyRequestJson,
  type FetchKeyResponseJson,
  fromBase64,
  HEADERS,
  toBase64,
} from '@seal-ts/protocol';
import type { Random } from './random.ts';

export const LIES = [
  'wrongKey',
  'otherIdentity',
  'identityPoint',
  'echoedKey',
  'mixedLabels',
  'missingKey',
  'garbage',
  'oversized',
  'wrongVersion',
  'randomRefusal',
  'silent',
] as const;
/** `wrongKey`: a real server with another master key than the one on chain. */
export type Lie = (typeof LIES)[number];

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface LieDeps {
  readonly engine: Engine;
  readonly random: Random;
  readonly masterKey: Uint8Array;
}

const INFINITY = toBase64(Uint8Array.of(0xc0, ...new Uint8Array(47)));
/** Above what the SDK reads. */
const OVERSIZED_BYTES = 9 * 1024 * 1024;
const VERSIONS = ['0.1.0', '', 'latest', '0.5.0-rc.1', '99999999999999999999.0.0.0'];
const GARBAGE = [
  '',
  '{',
  'null',
  '[]',
  '"decryption_keys"',
  '{"decryption_keys":null}',
  '{"decryption_keys":{"length":1}}',
  '{"decryption_keys":[null]}',
  '{"decryption_keys":[{"id":[-1],"encrypted_key":["AA==","AA=="]}]}',
  '{"decryption_keys":[{"id":[1e999],"encrypted_key":[1,2]}]}',
  '{"__proto__":{"decryption_keys":[]},"decryption_keys":[]}',
  `${'['.repeat(50_000)}`,
  '<html><body>502 Bad Gateway</body></html>',
  '\u0000\uffff',
];
const REFUSALS: [number, string][] = [
  [403, '{"error":"NoAccess","message":"Access denied"}'],
  [403, '{"error":"InvalidCertificate","message":"expired"}'],
  [400, '{"error":"InvalidPTB","message":"Invalid PTB: no"}'],
  [503, '{"error":"Failure","message":"later"}'],
  [500, '{"error":"constructor","message":"__proto__"}'],
  [429, 'slow down'],
  [418, ''],
  [200, '{"error":"NoAccess","message":"Access denied"}'],
];

/** What a lying server sends instead of the real server's `answer`. Undefined: nothing, ever. */
export function lie(kind: Lie, answer: Answer, request: string, deps: LieDeps): Answer | undefined {
  const { random } = deps;
  switch (kind) {
    case 'wrongKey':
      return answer;
    case 'silent':
      return undefined;
    case 'garbage':
      return { ...answer, status: 200, body: random.pick(GARBAGE) };
    case 'oversized':
      return { ...answer, status: 200, body: `{"x":"${'x'.repeat(OVERSIZED_BYTES)}"}` };
    case 'wrongVersion': {
      const headers = new Headers(answer.headers);
      headers.set(HEADERS.keyServerVersion, random.pick(VERSIONS));
      if (random.chance(0.3)) headers.delete(HEADERS.keyServerVersion);
      return { ...answer, headers };
    }
    case 'randomRefusal': {
      const [status, body] = random.pick(REFUSALS);
      return { ...answer, status, body };
    }
    default:
      return answer.status === 200 ? twist(kind, answer, request, deps) : answer;
  }
}

type Twist = 'otherIdentity' | 'identityPoint' | 'echoedKey' | 'mixedLabels' | 'missingKey';

function twist(kind: Twist, answer: Answer, request: string, deps: LieDeps): Answer {
  const { decryption_keys: keys } = JSON.parse(answer.body) as FetchKeyResponseJson;
  const encKey = (JSON.parse(request) as FetchKeyRequestJson).enc_key;
  const change = {
    otherIdentity: () =>
      keys.map((key) => ({ ...key, encrypted_key: foreign(key.id, encKey, deps) })),
    identityPoint: () => keys.map((key) => ({ ...key, encrypted_key: [INFINITY, INFINITY] })),
    echoedKey: () => keys.map((key) => ({ ...key, encrypted_key: [encKey, encKey] })),
    mixedLabels: () =>
      keys.map((key, i) => ({ ...key, id: (keys[(i + 1) % keys.length] ?? key).id.toReversed() })),
    missingKey: () => keys.slice(1),
  }[kind];
  return { ...answer, body: JSON.stringify({ decryption_keys: change() }) };
}

/** The valid key of a neighbouring identity, under the label of the one that was asked for. */
function foreign(id: readonly number[], encKey: string, deps: LieDeps): [string, string] {
  const { engine, random, masterKey } = deps;
  const identity = hashIdentity(engine, Uint8Array.of(...id, 0));
  const key = extract(engine, masterKey, identity);
  const point = engine.g1.fromBytes(fromBase64(encKey));
  const { c1, c2 } = elgamalEncrypt({ engine, random: random.bytes }, point, key);
  return [toBase64(engine.g1.toBytes(c1)), toBase64(engine.g1.toBytes(c2))];
}
