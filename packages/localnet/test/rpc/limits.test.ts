/** Both sides of the bounds that no other test of this folder meets. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { GrpcTypes } from '@mysten/sui/grpc';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Dispatcher } from '../../src/rpc/dispatcher.ts';
import { MAX_PAGE_TOKEN_BYTES, PageTokens } from '../../src/rpc/page-token.ts';
import {
  MAX_COMMANDS,
  MAX_GAS_OBJECTS,
  MAX_INPUTS,
  resolveTransaction,
} from '../../src/rpc/resolve/transaction.ts';
import { MAX_FILTER_LITERALS, transactionFilter } from '../../src/rpc/services/filters.ts';
import { listTransactions, MAX_CURSOR_BYTES } from '../../src/rpc/services/listings.ts';
import {
  CallGate,
  HEADERS_TIMEOUT_MS,
  MAX_ACTIVE_CALLS,
  MAX_ACTIVE_STREAMS,
  SLOW_READER_TIMEOUT_MS,
} from '../../src/rpc/transport/limits.ts';
import { serveCall, type WireForm } from '../../src/rpc/transport/serve-call.ts';
import type { RpcError } from '../../src/rpc/transport/status.ts';
import { FakeLedger } from './support/fake-ledger.ts';
import { frame } from './support/raw.ts';
import { ALICE, id } from './support/values.ts';
import { populated, serve, type World } from './support/world.ts';

describe('transactions in a message', () => {
  const ledger = populated();
  const pure: GrpcTypes.Input = { kind: 1, pure: new Uint8Array(1) };
  const command: GrpcTypes.Command = {
    command: { oneofKind: 'splitCoins', splitCoins: { coin: { kind: 1 }, amounts: [] } },
  };
  const coin = { objectId: id(0xc01) };
  const resolve = (inputs: number, commands: number, coins: number) =>
    resolveTransaction(
      {
        sender: ALICE,
        kind: {
          data: {
            oneofKind: 'programmableTransaction',
            programmableTransaction: {
              inputs: Array.from({ length: inputs }, () => pure),
              commands: Array.from({ length: commands }, () => command),
            },
          },
        },
        gasPayment: { owner: ALICE, objects: Array.from({ length: coins }, () => coin) },
      },
      ledger,
    );

  it('have bounded inputs, commands and gas objects', () => {
    const { programmable } = resolve(MAX_INPUTS, MAX_COMMANDS, MAX_GAS_OBJECTS);
    expect(programmable.commands).toHaveLength(MAX_COMMANDS);
    expect(() => resolve(MAX_INPUTS + 1, 0, 0)).toThrow('2049 inputs, limit 2048');
    expect(() => resolve(0, MAX_COMMANDS + 1, 0)).toThrow('1025 commands, limit 1024');
    expect(() => resolve(0, 0, MAX_GAS_OBJECTS + 1)).toThrow('257 gas objects, limit 256');
  });
});

describe('listings', () => {
  it('have bounded filters', () => {
    const predicate = { oneofKind: 'sender', sender: { address: ALICE } } as const;
    const filter = (count: number): GrpcTypes.TransactionFilter => ({
      terms: Array.from({ length: count }, () => ({ literals: [{ negated: true, predicate }] })),
    });
    expect(transactionFilter(filter(MAX_FILTER_LITERALS))).toHaveLength(MAX_FILTER_LITERALS);
    expect(() => transactionFilter(filter(MAX_FILTER_LITERALS + 1))).toThrow(
      '65 literals, limit 64',
    );
  });

  it('have bounded cursors', () => {
    const list = (bytes: number) =>
      listTransactions({ options: { after: new Uint8Array(bytes).fill(48) } }, new FakeLedger());
    expect(() => list(MAX_CURSOR_BYTES)).not.toThrow();
    expect(() => list(MAX_CURSOR_BYTES + 1)).toThrow('invalid options.after');
  });

  it('have bounded page tokens', () => {
    const tokens = new PageTokens('x');
    const cursor = (length: number) => tokens.encode('c'.repeat(length)).nextPageToken;
    const fits = MAX_PAGE_TOKEN_BYTES - 8;
    expect(tokens.decode(cursor(fits))).toHaveLength(fits);
    expect(() => tokens.decode(cursor(fits + 1))).toThrow('invalid page_token');
    expect(() => tokens.decode(cursor(0))).toThrow('invalid page_token');
    expect(tokens.decode(new Uint8Array(0))).toBeUndefined();
    expect(tokens.encode(undefined)).toEqual({});
  });
});

it('the gate has room for all that it promises', () => {
  const gate = new CallGate();
  const leaves = Array.from({ length: MAX_ACTIVE_CALLS }, (_, i) =>
    gate.enter(i < MAX_ACTIVE_STREAMS ? 'stream' : 'unary'),
  );
  expect(() => gate.enter('unary')).toThrow(`at most ${MAX_ACTIVE_CALLS} calls`);
  for (const leave of leaves) leave();
  expect(gate.activeCalls).toBe(0);
});

describe('readers of a stream', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A stream of two checkpoints to a reader whose buffer is always full. */
  function stalled() {
    const request = Object.assign(new PassThrough(), {
      headers: {},
      httpVersionMajor: 1,
      complete: true,
    });
    const response = Object.assign(new EventEmitter(), {
      writableEnded: false,
      destroyed: false,
      headersSent: true,
      destroy() {
        response.destroyed = true;
      },
    });
    const seen: string[] = [];
    const wire: WireForm = {
      maxBodyBytes: 100,
      decodeBody: (body) => body,
      begin: () => seen.push('begin'),
      message: () => seen.push('message') < 0,
      unary: () => seen.push('unary'),
      finish: (error: RpcError | undefined) => seen.push(error?.code ?? 'OK'),
    };
    const service = {
      typeName: 'test.Stream',
      methods: [
        {
          name: 'List',
          localName: 'list',
          serverStreaming: true,
          I: GrpcTypes.ListCheckpointsRequest,
          O: GrpcTypes.ListCheckpointsResponse,
        },
      ],
    };
    const dispatcher = new Dispatcher().add(service, {
      async *list() {
        yield {};
        yield {};
      },
    });
    const { signal } = new AbortController();
    const gate = new CallGate();
    const served = serveCall(
      request as unknown as IncomingMessage,
      response as unknown as ServerResponse,
      '/test.Stream/List',
      wire,
      { dispatcher, gate, log: () => seen.push('log'), stop: signal },
    );
    request.end(frame(new Uint8Array(0)));
    return { response, seen, served, gate };
  }

  /** Lets everything that is ready happen, without moving the clock. */
  async function turns(): Promise<void> {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  it('may take their time, up to a limit', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { response, seen, served, gate } = stalled();
    await turns();
    expect(seen).toEqual(['begin', 'message']);
    await vi.advanceTimersByTimeAsync(SLOW_READER_TIMEOUT_MS - 1);
    response.emit('drain');
    await turns();
    expect(seen).toEqual(['begin', 'message', 'message']);
    expect(response.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(SLOW_READER_TIMEOUT_MS);
    await served;
    expect(response.destroyed).toBe(true);
    expect(seen).toEqual(['begin', 'message', 'message']);
    expect(gate.activeCalls).toBe(0);
  });
});

describe('connections', () => {
  let world: World;
  beforeAll(async () => {
    world = await serve(populated());
  });
  afterAll(() => world.close());

  it('that say nothing are given a limited time', async () => {
    const { hostname, port } = new URL(world.served.url);
    const timeouts: number[] = [];
    const original = (await import('node:net')).Socket.prototype.setTimeout;
    const spy = vi
      .spyOn((await import('node:net')).Socket.prototype, 'setTimeout')
      .mockImplementation(function (this: import('node:net').Socket, ms, callback) {
        timeouts.push(ms);
        return original.call(this, ms === HEADERS_TIMEOUT_MS ? 20 : ms, callback);
      });
    const socket = connect(Number(port), hostname);
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
    spy.mockRestore();
    expect(timeouts).toContain(HEADERS_TIMEOUT_MS);
  });
});
