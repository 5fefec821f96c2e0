/** Key fetching: thresholds, cancellation, deadlines, caches, what each server did (§9.1, §9.3). */
import { describe, expect, it, vi } from 'vitest';
import {
  GeneralError,
  InternalError,
  InvalidKeyServerVersionError,
  InvalidThresholdError,
  MAX_RESPONSE_BYTES,
  NoAccessError,
  SealAPIError,
  type SealError,
  type ShareOutcome,
  TooManyFailedFetchKeyRequestsError,
} from '../src/index.ts';
import { clientOf, ID, type Scene, scene, sealErrorOf } from './support/setup.ts';
import { approveTx, type Fault, user } from './support/world.ts';

const fetching = ({ client, sessionKey, txBytes }: Scene, threshold = 2, signal?: AbortSignal) =>
  client.fetchKeys({
    ids: [ID],
    txBytes,
    sessionKey,
    threshold,
    ...(signal === undefined ? {} : { signal }),
  });

/** Entries of the servers that failed. */
function failuresOf(error: SealError): readonly ShareOutcome[] {
  return error.shares.filter(({ outcome }) => outcome === 'failed');
}

describe('requests', () => {
  it('carry the protocol’s headers, API key and body', async () => {
    const base = await scene();
    const [first, ...others] = base.world.configs;
    const keyed = { ...first!, apiKeyName: 'X-API-Key', apiKey: 'secret' };
    const client = clientOf(base.world, { serverConfigs: [keyed, ...others] });
    await fetching({ ...base, client }, 3);
    const [asked, other] = base.world.servers.map((server) => server.requests[0]!);
    expect(asked?.path).toBe('/v1/fetch_key');
    expect(asked?.headers.get('content-type')).toBe('application/json');
    expect(asked?.headers.get('client-sdk-type')).toBe('typescript');
    expect(asked?.headers.get('client-sdk-version')).toBe('1.4.12');
    expect(asked?.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked?.headers.get('x-api-key')).toBe('secret');
    expect(other?.headers.has('x-api-key')).toBe(false);
    expect(other?.headers.get('request-id')).not.toBe(asked?.headers.get('request-id'));
    expect(Object.keys(asked?.body as object)).toEqual([
      'ptb',
      'enc_key',
      'enc_verification_key',
      'request_signature',
      'certificate',
    ]);
    expect(asked?.body).not.toHaveProperty('certificate.mvr_name');
  });

  it('are not repeated for cached keys, and stop being cached on request', async () => {
    const s = await scene();
    await fetching(s, 3);
    await fetching(s, 3);
    expect(s.world.servers.map((server) => server.requests.length)).toEqual([1, 1, 1]);
    s.client.clearKeys();
    await fetching(s, 3);
    expect(s.world.servers.map((server) => server.requests.length)).toEqual([2, 2, 2]);
  });

  it('after a failure go only to servers that have not answered', async () => {
    const s = await scene({ timeout: 500 });
    s.world.servers[2]!.fault = { kind: 'hang' };
    expect(failuresOf(await sealErrorOf(fetching(s, 3)))[0]?.code).toBe('SEAL_TIMEOUT');
    s.world.servers[2]!.fault = undefined;
    await fetching(s, 3);
    expect(s.world.servers.map((server) => server.requests.length)).toEqual([1, 1, 2]);
  });

  it('are shared by concurrent callers', async () => {
    const s = await scene();
    await Promise.all([fetching(s), fetching(s), fetching(s)]);
    expect(s.world.servers[0]!.requests).toHaveLength(1);
  });

  it('fetch several identities at once, each once', async () => {
    const s = await scene();
    const ids = ['01', '02', '0x01'];
    const txBytes = await approveTx(['01', '02']);
    const { client, sessionKey } = s;
    await client.fetchKeys({ ids, txBytes, sessionKey, threshold: 3 });
    const derived = await client.getDerivedKeys({ id: '02', txBytes, sessionKey, threshold: 3 });
    expect(derived.size).toBe(3);
    expect(s.world.servers[0]!.requests).toHaveLength(1);
  });

  it('keep no more keys than allowed', async () => {
    const s = await scene({ maxCachedKeys: 1 });
    await fetching(s, 3);
    await fetching(s, 3);
    expect(s.world.servers.reduce((sum, server) => sum + server.requests.length, 0)).toBe(5);
  });

  it('sign with one prompt when the session has a signer', async () => {
    const s = await scene();
    const sign = vi.spyOn(user, 'signPersonalMessage');
    await Promise.all([fetching(s, 1), fetching(s, 2), fetching(s, 3)]);
    expect(sign).toHaveBeenCalledTimes(1);
    sign.mockRestore();
  });
});

describe('the threshold', () => {
  it.each([0, 4, -1, 1.5, Number.NaN])('refuses %s of 3', async (threshold) => {
    const s = await scene();
    expect(await sealErrorOf(fetching(s, threshold))).toBeInstanceOf(InvalidThresholdError);
  });

  it('met: the other requests are cancelled at once', async () => {
    const s = await scene();
    s.world.servers[2]!.fault = { kind: 'hang' };
    await fetching(s, 2);
    expect(s.world.servers[2]!.aborted).toBe(1);
    expect(s.world.servers[2]!.requests[0]?.signal?.aborted).toBe(true);
  });

  it('unreachable: the other requests are cancelled at once', async () => {
    const s = await scene();
    s.world.servers[0]!.fault = { kind: 'error', name: 'NoAccess' };
    s.world.servers[1]!.fault = { kind: 'error', name: 'NoAccess' };
    s.world.servers[2]!.fault = { kind: 'hang' };
    const error = await sealErrorOf(fetching(s, 2));
    expect(error).toBeInstanceOf(NoAccessError);
    expect(error.shares.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'cancelled']);
    expect(s.world.servers[2]!.aborted).toBe(1);
  });

  it('counts weights, not servers', async () => {
    const s = await scene();
    const [heavy, ...light] = s.world.configs;
    const serverConfigs = [{ ...heavy!, weight: 2 }, ...light];
    s.world.servers[0]!.fault = { kind: 'error', name: 'Failure' };
    s.world.servers[1]!.fault = { kind: 'hang' };
    const client = clientOf(s.world, { serverConfigs });
    const error = await sealErrorOf(fetching({ ...s, client }, 3));
    expect(error).toBeInstanceOf(InternalError);
  });

  it('gives just enough derived keys', async () => {
    const { client, sessionKey, txBytes } = await scene();
    const options = { id: ID, txBytes, sessionKey };
    const two = await client.getDerivedKeys({ ...options, threshold: 2 });
    expect(two.size).toBe(2);
    const [key] = two.values();
    expect(key?.toString()).toMatch(/^[0-9a-f]{96}$/);
    expect(key?.toBytes()).toHaveLength(48);
  });
});

describe('cancellation and deadlines', () => {
  it('a caller’s signal ends the call with its reason and stops the requests', async () => {
    const s = await scene();
    for (const server of s.world.servers) server.fault = { kind: 'hang' };
    const controller = new AbortController();
    const work = fetching(s, 2, controller.signal);
    const reason = new Error('user left');
    setTimeout(() => controller.abort(reason), 20);
    await expect(work).rejects.toBe(reason);
    await vi.waitFor(() => {
      expect(s.world.servers.map((server) => server.aborted)).toEqual([1, 1, 1]);
    });
  });

  it('one caller leaving does not disturb another', async () => {
    const s = await scene();
    for (const server of s.world.servers) server.fault = { kind: 'slow', ms: 50 };
    const controller = new AbortController();
    const leaving = fetching(s, 2, controller.signal);
    const staying = fetching(s, 2);
    setTimeout(() => controller.abort(), 10);
    await expect(leaving).rejects.toMatchObject({ name: 'AbortError' });
    await staying;
    expect(s.world.servers[0]!.requests).toHaveLength(1);
  });

  it('an aborted signal asks nobody', async () => {
    const s = await scene();
    await expect(fetching(s, 2, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(s.world.servers[0]!.requests).toHaveLength(0);
  });

  it('the timeout holds, even for a fetch that ignores its signal', async () => {
    const s = await scene();
    const client = clientOf(s.world, { timeout: 30, fetch: () => new Promise(() => {}) });
    const error = await sealErrorOf(fetching({ ...s, client }, 2));
    expect(error).toBeInstanceOf(TooManyFailedFetchKeyRequestsError);
    expect(error.code).toBe('SEAL_THRESHOLD_UNREACHABLE');
    const text = 'No answer within 30 ms; try again or raise `timeout`';
    expect(error.message).toBe(
      'Too few key servers gave a usable answer, weight 2 is missing: ' +
        `server 0 (https://server-0.example): ${text}; server 1 (https://server-1.example): ${text}`,
    );
    expect(failuresOf(error)).toHaveLength(2);
    expect(failuresOf(error)[0]).toMatchObject({ code: 'SEAL_TIMEOUT', retryable: true });
    expect(error.cause).toBeInstanceOf(GeneralError);
  });

  it('the timeout covers a body that never ends', async () => {
    const s = await scene();
    const endless = async (): Promise<Response> => new Response(new ReadableStream({}));
    const client = clientOf(s.world, { timeout: 30, fetch: endless });
    const error = await sealErrorOf(fetching({ ...s, client }, 2));
    expect(failuresOf(error)[0]?.code).toBe('SEAL_TIMEOUT');
  });
});

describe('what a server did', () => {
  const cases: [string, Fault, string, boolean][] = [
    ['denied', { kind: 'error', name: 'NoAccess' }, 'SEAL_ACCESS_DENIED', false],
    ['failed', { kind: 'error', name: 'Failure' }, 'SEAL_SERVER_FAILURE', true],
    ['said something new', { kind: 'error', name: 'Brandnew' }, 'SEAL_SERVER_ERROR', true],
    ['sent a page', { kind: 'html', status: 404 }, 'SEAL_SERVER_ERROR', false],
    ['is overloaded', { kind: 'html', status: 429 }, 'SEAL_SERVER_ERROR', true],
    ['is unreachable', { kind: 'network' }, 'SEAL_NETWORK', true],
    ['sent no JSON', { kind: 'notJson' }, 'SEAL_INVALID_RESPONSE', false],
    ['sent another shape', { kind: 'badShape' }, 'SEAL_INVALID_RESPONSE', false],
    ['sent points off the curve', { kind: 'badPoint' }, 'SEAL_INVALID_RESPONSE', false],
    ['left out a key', { kind: 'noKeys' }, 'SEAL_INVALID_RESPONSE', false],
    ['sent a wrong key', { kind: 'wrongKey' }, 'SEAL_INVALID_SHARE', false],
    [
      'has no version',
      { kind: 'version', version: null },
      'SEAL_INVALID_KEY_SERVER_VERSION',
      false,
    ],
    ['is too old', { kind: 'version', version: '0.4.0' }, 'SEAL_INVALID_KEY_SERVER_VERSION', false],
    [
      'is a beta',
      { kind: 'version', version: '1.0.0-b' },
      'SEAL_INVALID_KEY_SERVER_VERSION',
      false,
    ],
  ];

  it.each(cases)('%s', async (_name, fault, code, retryable) => {
    const warn = vi.fn();
    const s = await scene({ logger: { warn } });
    s.world.servers[1]!.fault = fault;
    const error = await sealErrorOf(fetching(s, 3));
    const silent = /NETWORK|INVALID_RESPONSE|INVALID_SHARE/.test(code);
    expect(error.code).toBe(silent ? 'SEAL_THRESHOLD_UNREACHABLE' : code);
    expect(failuresOf(error)).toEqual([
      expect.objectContaining({
        server: s.world.servers[1]!.objectId,
        name: 'server 1',
        url: 'https://server-1.example',
        code,
        retryable,
      }),
    ]);
    expect(warn).toHaveBeenCalledTimes(fault.kind === 'wrongKey' ? 1 : 0);
  });

  it.each(cases)('does not stop the others: %s', async (_name, fault) => {
    const s = await scene();
    s.world.servers[1]!.fault = fault;
    await fetching(s, 2);
  });

  it('shows why a connection failed', async () => {
    const s = await scene();
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:1');
    const client = clientOf(s.world, {
      fetch: async () => {
        throw new TypeError('fetch failed', { cause });
      },
    });
    const error = await sealErrorOf(fetching({ ...s, client }, 3));
    expect(failuresOf(error)[0]?.message).toBe(`No connection: fetch failed (${cause.message})`);
  });

  it('keeps status and request id, and finds the abort of the policy', async () => {
    const s = await scene();
    const detail =
      "MoveAbort in 1st command, 'ENoAccess': not on the list, in '0xab::allowlist::seal_approve' (line 31)";
    s.world.servers[0]!.fault = { kind: 'error', name: 'NoAccess', detail };
    const error = await sealErrorOf(fetching(s, 3));
    expect(error).toBeInstanceOf(NoAccessError);
    expect(error.message).toBe(
      'User does not have access to one or more of the requested keys: allowlist::seal_approve ' +
        `aborted (ENoAccess, line 31). Server: Access denied: ${detail}`,
    );
    const [failure] = failuresOf(error);
    expect(failure).toMatchObject({
      status: 403,
      requestId: s.world.servers[0]!.requests[0]?.headers.get('request-id'),
      abort: { module: 'allowlist', function: 'seal_approve', constantName: 'ENoAccess' },
    });
    expect(error).toMatchObject({ status: 403, abort: { line: 31 } });
    expect(error instanceof SealAPIError && error.requestId).toBe(failure?.requestId);
  });

  it('the most frequent error is thrown, all are listed', async () => {
    const s = await scene({}, { servers: 5 });
    const names = ['NoAccess', 'Failure', 'Failure'] as const;
    names.forEach((name, i) => {
      s.world.servers[i]!.fault = { kind: 'error', name };
    });
    const error = await sealErrorOf(fetching(s, 3));
    expect(error).toBeInstanceOf(InternalError);
    expect(failuresOf(error).map((failure) => failure.code)).toEqual([
      'SEAL_ACCESS_DENIED',
      'SEAL_SERVER_FAILURE',
      'SEAL_SERVER_FAILURE',
    ]);
    expect(() => JSON.stringify(error.shares)).not.toThrow();
  });

  it('a version error is a version error', async () => {
    const s = await scene({}, { servers: 1 });
    s.world.servers[0]!.fault = { kind: 'version', version: null };
    const error = await sealErrorOf(fetching(s, 1));
    expect(error).toBeInstanceOf(InvalidKeyServerVersionError);
  });

  it('an answer beyond the limit is not read to its end', async () => {
    const s = await scene();
    let sent = 0;
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    const flood = async (): Promise<Response> =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            sent += chunk.length;
            controller.enqueue(chunk);
          },
        }),
      );
    const client = clientOf(s.world, { fetch: flood, serverConfigs: s.world.configs.slice(0, 1) });
    const error = await sealErrorOf(fetching({ ...s, client }, 1));
    expect(failuresOf(error)[0]?.code).toBe('SEAL_INVALID_RESPONSE');
    expect(sent).toBeLessThan(MAX_RESPONSE_BYTES + 4 * chunk.length);
  });
});
