import { ChainError } from '@seal-ts/chain';
import { addressAliasId, encodePtb, STALENESS_ABORT_CODE, toBase64 } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import {
  approveCall,
  approvePtb,
  createRequest,
  HEADERS,
  post,
  type RequestOptions,
  USER,
} from './support/client.ts';
import { createWorld, PACKAGE, SEAL_PACKAGE, type World } from './support/world.ts';

const PATH = '/v1/fetch_key';
const UNKNOWN_PACKAGE = `0x${'99'.repeat(32)}`;

interface Fault {
  name: string;
  request?: Partial<RequestOptions>;
  /** Changes the finished body. */
  body?: (body: Record<string, unknown>) => void;
  world?: (world: World) => void;
  headers?: Record<string, string>;
  status: number;
  error: string;
  message: string;
}

function refusal(status: number, error: string, message: string) {
  return { status, error, message };
}

const FAILURE = refusal(503, 'Failure', 'Internal server error, please try again later');
const ptb = approvePtb([Uint8Array.of(1)]);

/** In the order of protocol §4.5: each fault is found before all later ones. */
const FAULTS: Fault[] = [
  {
    name: 'no version header',
    headers: { 'content-type': 'application/json' },
    ...refusal(400, 'MissingRequiredHeader', 'Missing required header: Client-Sdk-Version'),
  },
  {
    name: 'old client',
    headers: { ...HEADERS, 'client-sdk-version': '0.4.4' },
    ...refusal(426, 'DeprecatedSDKVersion', 'Deprecated SDK version'),
  },
  {
    name: 'ptb not Base64',
    body: (body) => {
      body['ptb'] = '!!';
    },
    ...refusal(403, 'InvalidPTB', 'Invalid PTB: Invalid Base64'),
  },
  {
    name: 'ptb not BCS',
    body: (body) => {
      body['ptb'] = toBase64(Uint8Array.of(1, 2, 3));
    },
    ...refusal(403, 'InvalidPTB', 'Invalid PTB: Invalid BCS'),
  },
  {
    name: 'wrong function',
    request: { ptb: { ...ptb, commands: [approveCall(PACKAGE, 0, 'approve')] } },
    ...refusal(403, 'InvalidPTB', 'Invalid PTB: Invalid function or package id'),
  },
  {
    name: 'unknown package',
    request: { packageId: UNKNOWN_PACKAGE },
    ...refusal(403, 'InvalidPackage', 'Invalid package ID'),
  },
  {
    name: 'name of another package',
    request: { mvrName: '@other/app' },
    ...refusal(403, 'InvalidMVRName', 'Invalid MVR name'),
  },
  {
    name: 'ttl too long',
    request: { ttlMin: 31 },
    ...refusal(403, 'InvalidCertificate', 'Invalid certificate time or ttl'),
  },
  {
    name: 'account with aliases',
    world: ({ chain }) => void chain.existing.add(addressAliasId(USER.toSuiAddress())),
    ...refusal(403, 'InvalidSignature', 'Invalid user signature'),
  },
  {
    name: 'signature for another package',
    request: { packageName: UNKNOWN_PACKAGE },
    ...refusal(403, 'InvalidSignature', 'Invalid user signature'),
  },
  {
    name: 'wrong request signature',
    body: (body) => {
      body['request_signature'] = toBase64(new Uint8Array(64).fill(1));
    },
    ...refusal(403, 'InvalidSessionSignature', 'Invalid session key signature'),
  },
  {
    name: 'policy aborts',
    world: ({ chain }) => {
      chain.outcome = { ok: false, kind: 'MOVE_ABORT', description: 'ENoAccess' };
    },
    ...refusal(403, 'NoAccess', 'Access denied: ENoAccess'),
  },
];

async function send(...faults: Fault[]): Promise<Response> {
  const resolveMvrName = async () => UNKNOWN_PACKAGE;
  const world = await createWorld({ resolveMvrName });
  const options = Object.assign({}, ...faults.map((fault) => fault.request ?? {}));
  const { body } = await createRequest({ engine: world.engine, ...options });
  const sent = { ...body } as Record<string, unknown>;
  for (const fault of faults) {
    fault.body?.(sent);
    fault.world?.(world);
  }
  const headers = faults.find((fault) => fault.headers !== undefined)?.headers ?? HEADERS;
  return await world.app.request(PATH, post(sent, headers));
}

async function expectRefusal(res: Response, { status, error, message }: Fault): Promise<void> {
  expect(await res.text()).toBe(JSON.stringify({ error, message }));
  expect(res.status).toBe(status);
  expect(res.headers.get('content-type')).toBe('application/json');
  expect(res.headers.get('x-keyserver-version')).toBe('0.6.10');
}

describe('a faulty request is refused with the exact body', () => {
  it.each(FAULTS)('$name', async (fault) => {
    await expectRefusal(await send(fault), fault);
  });
});

describe('of two faults the earlier one is answered', () => {
  // Faults that set the same part of a request cannot be combined.
  const pairs = FAULTS.flatMap((first, i) =>
    FAULTS.slice(i + 1).map((second) => ({ first, second })),
  ).filter(({ first, second }) => {
    const parts = (fault: Fault) =>
      [
        ...Object.keys(fault.request ?? {}).map((key) => (key === 'packageId' ? 'ptb' : key)),
        fault.body && /ptb/.test(fault.name) ? 'ptb' : '',
        fault.headers ? 'headers' : '',
        fault.name === 'name of another package' ? 'packageName' : '',
      ].filter((part) => part !== '');
    return !parts(first).some((part) => parts(second).includes(part));
  });

  it.each(pairs)('$first.name before $second.name', async ({ first, second }) => {
    await expectRefusal(await send(first, second), first);
  });
});

describe('what the full node says', () => {
  const staleAbort = (abort: object) => ({
    ok: false as const,
    kind: 'MOVE_ABORT',
    description: 'aborted',
    abort: { package: SEAL_PACKAGE, module: 'time', code: STALENESS_ABORT_CODE, ...abort },
  });
  const outcome = (value: World['chain']['outcome']) => (world: World) => {
    world.chain.outcome = value;
  };
  const packageError = (error: Error) => (world: World) => {
    world.chain.packageError = error;
  };
  const existsError = (error: Error) => (world: World) => {
    world.chain.existsError = error;
  };
  const denied = refusal(403, 'NoAccess', 'Access denied: aborted');
  const cases: [string, (world: World) => void, ReturnType<typeof refusal>][] = [
    ['stale node', outcome(staleAbort({})), FAILURE],
    ['same code elsewhere', outcome(staleAbort({ package: PACKAGE })), denied],
    ['same code, other module', outcome(staleAbort({ module: 't' })), denied],
    ['other code in time', outcome(staleAbort({ code: 1n })), denied],
    [
      'no description',
      outcome({ ok: false, kind: 'INSUFFICIENT_GAS', description: '' }),
      refusal(403, 'NoAccess', 'Access denied: INSUFFICIENT_GAS'),
    ],
    [
      'function not found',
      outcome({ ok: false, kind: 'FUNCTION_NOT_FOUND', description: 'x' }),
      refusal(
        403,
        'InvalidPTB',
        'Invalid PTB: The seal_approve function was not found on the module',
      ),
    ],
    [
      'invalid argument',
      outcome(new ChainError('INVALID_ARGUMENT', 'no object 0x5')),
      refusal(403, 'InvalidParameter', 'Invalid parameter to PTB: no object 0x5'),
    ],
    [
      'not found',
      outcome(new ChainError('NOT_FOUND', 'no object 0x6')),
      refusal(403, 'InvalidParameter', 'Invalid parameter to PTB: no object 0x6'),
    ],
    ['unavailable', outcome(new ChainError('UNAVAILABLE', 'down')), FAILURE],
    ['unexpected error', outcome(new TypeError('boom')), FAILURE],
    [
      'not a package',
      packageError(new ChainError('NOT_A_PACKAGE', 'an object')),
      refusal(403, 'InvalidPackage', 'Invalid package ID'),
    ],
    [
      'undecodable package',
      packageError(new ChainError('MALFORMED', 'bytes')),
      refusal(403, 'InvalidPackage', 'Invalid package ID'),
    ],
    ['package RPC down', packageError(new ChainError('RPC', 'down')), FAILURE],
    ['alias RPC down', existsError(new ChainError('RPC', 'down')), FAILURE],
  ];
  it.each(cases)('%s', async (_name, arrange, { status, error, message }) => {
    const world = await createWorld();
    arrange(world);
    const { body } = await createRequest({ engine: world.engine });
    const res = await world.app.request(PATH, post(body));
    expect([res.status, await res.json()]).toEqual([status, { error, message }]);
  });

  it('counts staleness, and logs the cause that the caller does not see', async () => {
    const world = await createWorld();
    world.chain.outcome = staleAbort({});
    const { body } = await createRequest({ engine: world.engine });
    await world.app.request(PATH, post(body));
    const text = await world.metrics.registry.metrics();
    expect(text).toContain('requests_failed_due_to_staleness 1');
    expect(text).toContain('internal_errors{internal_error_type="Failure"} 1');
    expect(world.logs.join('')).toContain('Fullnode is stale');
  });
});

describe('transaction limits', () => {
  const many = (count: number) => ({
    ...ptb,
    commands: Array.from({ length: count }, () => approveCall(PACKAGE, 0)),
  });
  it('accepts 100 commands and refuses 101', async () => {
    const { app, engine } = await createWorld();
    for (const [count, status] of [
      [100, 200],
      [101, 403],
    ] as const) {
      const { body } = await createRequest({ engine, ptb: many(count) });
      expect((await app.request(PATH, post(body))).status).toBe(status);
    }
  }, 20_000);

  it('survives type arguments nested to the limit of a body', async () => {
    const { app, engine } = await createWorld();
    const { body } = await createRequest({ engine });
    const head = encodePtb({ inputs: ptb.inputs, commands: [approveCall(PACKAGE, 0)] });
    // The call ends in `00` type arguments and `01 01 0000` arguments: a type goes in between.
    const start = head.subarray(0, head.length - 5);
    const nested = Uint8Array.of(...start, 1, ...new Uint8Array(100_000).fill(6), 1, 1, 1, 0, 0);
    const res = await app.request(PATH, post({ ...body, ptb: toBase64(nested) }));
    expect(await res.json()).toEqual({ error: 'InvalidPTB', message: 'Invalid PTB: Invalid BCS' });
  });

  it('does not take bytes behind the transaction', async () => {
    const { app, engine } = await createWorld();
    const { body } = await createRequest({ engine });
    const longer = toBase64(Uint8Array.of(...encodePtb(ptb), 0));
    const res = await app.request(PATH, post({ ...body, ptb: longer }));
    expect(await res.json()).toEqual({ error: 'InvalidPTB', message: 'Invalid PTB: Invalid BCS' });
  });
});
