/** A simulated committee member: holds a share, and behaves as a test tells it to. */

import { elgamalEncrypt, extract, fromHex, fullIdentity, hashIdentity } from '@seal-ts/crypto';

import {
  addressToBytes,
  type EncryptedKey,
  fetchKeyResponseToJson,
  parseFetchKeyRequest,
  SealServerError,
  validatePtbBase64,
} from '@seal-ts/protocol';
import type { MemberRequest, MemberResponse } from '../../src/index.ts';
import { engine } from './engine.ts';

export type Answer = { status: number; headers: Record<string, string>; body: string };
/** Changes an honest answer, or takes its place. */
export type Behaviour = (
  honest: () => Answer,
  member: SimulatedMember,
  request: MemberRequest,
) => Answer | Promise<Answer>;

export class SimulatedMember {
  readonly name: string;
  readonly url: string;
  /** Hex of the share in use; none while it waits for the chain. */
  share: string | undefined;
  behave: Behaviour = (honest) => honest();
  readonly requests: MemberRequest[] = [];
  /** Requests that the aggregator gave up. */
  aborted = 0;
  packageId: string;

  constructor(name: string, share: string | undefined, packageId: string) {
    this.name = name;
    this.url = `https://${name.toLowerCase()}.example`;
    this.share = share;
    this.packageId = packageId;
  }

  async answer(request: MemberRequest): Promise<MemberResponse> {
    this.requests.push(request);
    const onAbort = () => {
      this.aborted += 1;
    };
    request.signal.addEventListener('abort', onAbort, { once: true });
    const { share } = this;
    const honest = () => (share === undefined ? refusal('Failure') : this.honest(request, share));
    const answer = await unlessAborted(
      Promise.resolve(this.behave(honest, this, request)),
      request.signal,
    );
    request.signal.removeEventListener('abort', onAbort);
    return {
      status: answer.status,
      header: (name) => answer.headers[name],
      body: new TextEncoder().encode(answer.body),
    };
  }

  /** What the reference member answers. */
  honest(request: MemberRequest, share: string): Answer {
    return ok(this.keys(request, share));
  }

  keys(request: MemberRequest, share: string): EncryptedKey[] {
    const parsed = parseFetchKeyRequest(JSON.parse(new TextDecoder().decode(request.body)));
    const { innerIds } = validatePtbBase64(parsed.ptb);
    const encKey = engine.g1.fromBytes(parsed.encKey);
    return innerIds.map((innerId) => {
      const fullId = fullIdentity(addressToBytes(this.packageId), innerId);
      const key = extract(engine, fromHex(share), hashIdentity(engine, fullId));
      const { c1, c2 } = elgamalEncrypt({ engine }, encKey, key);
      return { fullId, c1: engine.g1.toBytes(c1), c2: engine.g1.toBytes(c2) };
    });
  }
}

export function ok(keys: readonly EncryptedKey[]): Answer {
  return {
    status: 200,
    headers: { 'x-keyserver-version': '0.6.10' },
    body: JSON.stringify(fetchKeyResponseToJson(keys)),
  };
}

export function refusal(
  code: ConstructorParameters<typeof SealServerError>[0],
  detail = '',
): Answer {
  const error = new SealServerError(code, detail);
  return {
    status: error.status,
    headers: { 'x-keyserver-version': '0.6.10' },
    body: JSON.stringify(error.toBody()),
  };
}

export const refuse =
  (code: Parameters<typeof refusal>[0], detail?: string): Behaviour =>
  () =>
    refusal(code, detail);

/** Answers never. */
export const silent: Behaviour = () => new Promise<never>(() => {});
/** Answers honestly after a while. */
export const slow =
  (ms: number): Behaviour =>
  async (honest) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return honest();
  };
export const unreachable: Behaviour = () => {
  throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
};
/** A well-formed answer under a share that nobody registered. */
export const liar: Behaviour = (_honest, member, request) =>
  member.honest(request, '01'.repeat(32));

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    work.then(resolve, reject);
  });
}
