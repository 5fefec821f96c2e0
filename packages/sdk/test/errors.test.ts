/** Error classes, codes and texts (seal-protocol.md §9.3). */
import { readFileSync } from 'node:fs';
import * as official from '@mysten/seal';
import { SERVER_ERROR_NAMES, SealServerError } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import * as ours from '../src/index.ts';

const { parseMoveAbort, SealAPIError, toMajorityError } = ours;

async function errorFor(response: Response): Promise<ours.SealError> {
  return SealAPIError.assertResponse(response, 'req-1').then(
    () => {
      throw new Error('expected an error');
    },
    (error: unknown) => error as ours.SealError,
  );
}

const body = (value: unknown, status: number): Response =>
  new Response(JSON.stringify(value), { status });

describe('classes', () => {
  it('cover everything the official SDK exports, errors with the same parents', () => {
    const table = ours as unknown as Record<string, unknown>;
    expect(Object.keys(official).filter((name) => !(name in table))).toEqual([]);
    for (const [name, Theirs] of Object.entries(official)) {
      if (!name.endsWith('Error') || name.startsWith('to')) continue;
      const parentsOf = (Class: unknown): string[] =>
        ['SealError', 'UserError', 'SealAPIError'].filter((parent) => {
          const set = Class === Theirs ? official : ours;
          const Parent = (set as unknown as Record<string, { prototype: object }>)[parent];
          const { prototype } = Class as { prototype: object };
          return Object.prototype.isPrototypeOf.call(Parent?.prototype, prototype);
        });
      expect([name, parentsOf(table[name])]).toEqual([name, parentsOf(Theirs)]);
    }
  });

  it('are told apart by the name the server sends, as the official SDK does', async () => {
    for (const name of SERVER_ERROR_NAMES) {
      const refusal = new SealServerError(name, 'why');
      const theirs = await official.SealAPIError.assertResponse(
        body(refusal.toBody(), refusal.status),
        'req-1',
      ).catch((error: Error) => error.constructor.name);
      const error = await errorFor(body(refusal.toBody(), refusal.status));
      expect([name, error.name]).toEqual([name, theirs]);
      expect(error).toMatchObject({ requestId: 'req-1', status: refusal.status });
      expect(error.message).toContain(refusal.message);
    }
  });

  it('have stable codes and texts', async () => {
    const rows = await Promise.all(
      SERVER_ERROR_NAMES.map(async (name) => {
        const refusal = new SealServerError(name, 'why');
        const error = await errorFor(body(refusal.toBody(), refusal.status));
        const retry = error instanceof SealAPIError && error.retryable ? ' retryable' : '';
        return `${error.code}${retry}: ${error.message}`;
      }),
    );
    expect(rows).toMatchInlineSnapshot(`
      [
        "SEAL_INVALID_PTB: The transaction is not one key servers evaluate: only Move calls to seal_approve* functions of one package, with the identity as first argument, at most 100. Server: Invalid PTB: why",
        "SEAL_INVALID_PACKAGE: The package of the transaction does not exist or is not a package. Server: Invalid package ID",
        "SEAL_ACCESS_DENIED: User does not have access to one or more of the requested keys. Server: Access denied: why",
        "SEAL_INVALID_USER_SIGNATURE: The user’s signature on the session is not valid for this address, or the account has address aliases, which Seal refuses. Create a new session key. Server: Invalid user signature",
        "SEAL_INVALID_SESSION_SIGNATURE: The session key’s signature on the request is not valid. Server: Invalid session key signature",
        "SEAL_SESSION_EXPIRED: The session key has expired, or this machine’s clock is ahead of the server’s. Create a new session key. Server: Invalid certificate time or ttl",
        "SEAL_INVALID_PARAMETER retryable: An input of the transaction was not found by the server’s node; an object created moments ago may not have reached it yet, so try again. Server: Invalid parameter to PTB: why",
        "SEAL_INVALID_MVR_NAME: The MVR name of the session is malformed, not registered on this network, or names another package. Server: Invalid MVR name",
        "SEAL_INVALID_SDK_TYPE: The server did not understand the SDK type header. Server: Invalid SDK type",
        "SEAL_INVALID_SDK_VERSION: The server did not understand the SDK version header. Server: Invalid SDK version",
        "SEAL_SERVER_ERROR: Missing required header: why",
        "SEAL_INVALID_SERVER_ID: The server does not know this key server object id. Server: Invalid service ID",
        "SEAL_UNSUPPORTED_PACKAGE: The server is permissioned and does not list this package; ask its operator. Server: Unsupported package ID",
        "SEAL_DEPRECATED_SDK_VERSION: The server no longer accepts this SDK version; update the SDK. Server: Deprecated SDK version",
        "SEAL_SERVER_FAILURE retryable: Internal server error, try again later. Server: Internal server error, please try again later",
      ]
    `);
  });

  it('unknown names and pages become GeneralError', async () => {
    expect(await errorFor(body({ error: 'New', message: 'text' }, 503))).toMatchObject({
      name: 'GeneralError',
      message: 'text',
      retryable: true,
    });
    for (const value of ['x', null, [], { error: 1 }]) {
      expect(await errorFor(body(value, 404))).toMatchObject({
        name: 'GeneralError',
        message: 'HTTP 404',
        retryable: false,
      });
    }
    const inherited = await errorFor(body({ error: 'toString', message: 'm' }, 403));
    expect(inherited.name).toBe('GeneralError');
  });

  it('are documented: every code is in the README', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
    const codes = read('../src/errors/base.ts').match(/SEAL_[A-Z_]+[A-Z]/g) ?? [];
    expect(codes.length).toBeGreaterThan(30);
    const readme = read('../README.md');
    expect(codes.filter((code) => !readme.includes(code))).toEqual([]);
  });

  it('a good response throws nothing', async () => {
    await SealAPIError.assertResponse(new Response('{}'), 'r');
  });

  it('are recognised by code', () => {
    expect(ours.isSealError(new ours.UserError('x'))).toBe(true);
    expect(ours.isSealError(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false);
    expect(ours.isSealError('SEAL_TIMEOUT')).toBe(false);
  });

  it('are narrowed by a switch on the code', () => {
    const describeError = (error: unknown): string => {
      if (!ours.isSealError(error)) return 'other';
      switch (error.code) {
        case 'SEAL_ACCESS_DENIED':
          return `denied ${error.abort?.constantName}`;
        case 'SEAL_THRESHOLD_UNREACHABLE':
          return `${error.shares.length} servers failed`;
        case 'SEAL_TIMEOUT':
          return `retry ${error.retryable}`;
        default:
          return error.message;
      }
    };
    const serverMessage = "MoveAbort, 'ENo': text";
    expect(describeError(new ours.NoAccessError('r', { serverMessage }))).toBe('denied ENo');
    expect(describeError(toMajorityError([]))).toBe('0 servers failed');
    expect(describeError(new ours.UserError('plain'))).toBe('plain');
    expect(describeError(null)).toBe('other');
  });
});

describe('the majority', () => {
  const { InternalError, NoAccessError } = ours;

  it('is the class that first reaches the highest count, in its latest instance', () => {
    const errors = [new NoAccessError('1'), new InternalError('2'), new InternalError('3')];
    expect(toMajorityError(errors)).toBe(errors[2]);
    expect(toMajorityError([...errors, new NoAccessError('4')])).toBe(errors[2]);
  });

  it('of nothing is an error, not undefined', () => {
    expect(toMajorityError([])).toMatchObject({ code: 'SEAL_THRESHOLD_UNREACHABLE' });
  });
});

describe('Move aborts', () => {
  const place = { package: '0x2', module: 'm', function: 'f' };
  const none = { constantName: undefined, line: undefined };

  it.each([
    [
      "MoveAbort in 1st command, 'ENoAccess': no, in '0x2::m::f' (line 7)",
      { ...place, code: undefined, constantName: 'ENoAccess', line: 7 },
    ],
    [
      "MoveAbort in 1st command, abort code: 1, in '0x2::m::f' (instruction 3)",
      { ...place, ...none, code: 1n },
    ],
    [
      'Move Runtime Abort. Location: 0x2::m::f (function index 1) at offset 3, Abort Code: 42',
      { ...place, ...none, code: 42n },
    ],
    [
      'Access denied: Move runtime abort in 0x2::m::f (instruction 8) with code 1.',
      { ...place, ...none, code: 1n },
    ],
    [
      'MoveAbort(MoveLocation { module: ModuleId { address: 02, name: Identifier("m") }, ' +
        'function: 1, instruction: 3, function_name: Some("f") }, 5) in command 0',
      { ...place, ...none, package: '0x02', code: 5n },
    ],
    [
      'Move Runtime Abort. Location: 0x2::m, Abort Code: 9223373806381301759',
      { ...place, ...none, function: undefined, code: 9223373806381301759n, line: 411 },
    ],
  ])('%s', (text, expected) => {
    expect(parseMoveAbort(text)).toEqual(expected);
  });

  it.each(['', 'Insufficient Gas.', 'aborted', 'x'.repeat(100_000)])('nothing in %.20j', (text) => {
    expect(parseMoveAbort(text)).toBeUndefined();
  });

  it('survives JSON.stringify, which error reporters use: found by simulation, seed 1', () => {
    const abort = parseMoveAbort("MoveAbort in 1st command, abort code: 1, in '0x2::list::f'");
    const error = new SealAPIError('refused');
    error.shares = [
      {
        server: '0x1',
        name: 's',
        url: 'https://s.example',
        outcome: 'failed',
        code: 'SEAL_ACCESS_DENIED',
        message: 'refused',
        status: 403,
        requestId: 'r',
        retryable: false,
        abort,
      },
    ];
    expect(abort?.code).toBe(1n);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      shares: [{ abort: { module: 'list', code: '1' } }],
    });
    expect(Object.keys(abort ?? {})).not.toContain('toJSON');
  });
});
