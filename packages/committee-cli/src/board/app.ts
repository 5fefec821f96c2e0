/**
 * The message board of one ceremony over HTTP. It is not trusted with anything: what it takes is signed
 * by members and coordinator, it keeps no secret, and because members use only the coordinator's signed
 * set, a board that lies can delay a ceremony and do no more.
 */
import type { Engine } from '@seal-ts/crypto';
import { bodyLimit, deadline, inFlight, type ServiceEnv } from '@seal-ts/service';
import { type Context, Hono } from 'hono';
import { checkSetCeremony, checkSetSignature, type MessageSet } from '../ceremony/message-set.ts';
import type { SenderName } from '../ceremony/people.ts';
import type { MessageCheck } from '../ceremony/process.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import { parseSet, setText } from '../files/message-set-file.ts';
import { parseMessage, type SignedMessage } from '../files/messages.ts';
import { BOARD_LIMITS, maxMessageBytes } from './limits.ts';
import { BoardRefusal } from './refusal.ts';
import { secretIn } from './secrets.ts';
import type { BoardStore } from './store.ts';

export interface BoardSettings {
  /** Public part of dkg.yaml. */
  readonly ceremonyText: string;
  readonly ceremony: Pick<MessageSet, 'network' | 'committeeId'>;
  readonly coordinator: string;
  readonly parties: number;
  readonly threshold: number;
  readonly limits?: { readonly maxRequests: number; readonly serverTimeoutMs: number };
}

export interface BoardDeps {
  readonly engine: Engine;
  readonly store: BoardStore;
  /** From the chain, once all members have registered. Error: COMMITTEE_CHAIN before. */
  readonly check: () => Promise<MessageCheck>;
  readonly nameOf: SenderName;
  /** Progress for the person who runs the board. */
  readonly log: (line: string) => void;
}

export function boardApp(options: BoardSettings, deps: BoardDeps): Hono<ServiceEnv> {
  const { maxRequests, serverTimeoutMs } = options.limits ?? BOARD_LIMITS;
  const { store } = deps;
  const app = new Hono<ServiceEnv>();
  const refuse = (c: Context, refusal: BoardRefusal) => c.json(refusal.toBody(), refusal.status);
  const busy = new BoardRefusal('BUSY', 'too many requests at once; try again');
  const late = new BoardRefusal('TIMEOUT', `no whole request within ${serverTimeoutMs} ms`);
  app.use(inFlight({ max: maxRequests, onFull: (c) => refuse(c, busy) }));
  app.use(deadline({ timeoutMs: serverTimeoutMs, onTimeout: (c) => refuse(c, late) }));
  app.onError((error, c) => refuse(c, asRefusal(error, deps)));
  app.notFound((c) => refuse(c, new BoardRefusal('NOT_FOUND', 'there is no such resource')));

  app.get('/health', (c) => c.json({ status: 'up' }));
  app.get('/v1/ceremony', (c) => c.text(options.ceremonyText));
  app.get('/v1/messages', (c) => {
    return c.json({ messages: store.messages.map(({ party, hash }) => ({ party, hash })) });
  });
  app.get('/v1/messages/:party', (c) => {
    const found = store.message(partyOf(c, options));
    if (found === undefined) throw new BoardRefusal('NOT_FOUND', 'no message of this party yet');
    return json(found.text);
  });
  const messageLimit = bodyLimit({ maxBytes: maxMessageBytes(options.parties, options.threshold) });
  app.put('/v1/messages/:party', messageLimit, async (c) => {
    const party = partyOf(c, options);
    const isNew = await putMessage(deps, party, await bodyText(c));
    return c.json({ party }, isNew ? 201 : 200);
  });
  app.get('/v1/set', () => {
    if (store.set === undefined) {
      throw new BoardRefusal('NOT_FOUND', 'the coordinator has not signed a set yet');
    }
    return json(setText(store.set));
  });
  app.put('/v1/set', bodyLimit({ maxBytes: BOARD_LIMITS.maxSetBytes }), async (c) => {
    const set = parseSet('the body', await bodyText(c));
    checkSetCeremony(set, options.ceremony);
    if (store.holdsSet(set)) return c.json({ hash: set.messagesHash }, 200);
    await checkSetSignature(set, options.coordinator);
    store.addSet(set);
    deps.log(`set ${set.messagesHash} signed by the coordinator`);
    return c.json({ hash: set.messagesHash }, 201);
  });
  return app;
}

/** Whether it was new. */
async function putMessage(deps: BoardDeps, party: number, text: string): Promise<boolean> {
  const { engine, store, check, nameOf, log } = deps;
  const signed = onlyMessage(engine, text);
  const { sender } = signed.message;
  if (sender !== party) {
    const reason = `this is the message of party ${sender}, not of party ${party}`;
    throw new BoardRefusal('INVALID_MESSAGE', reason);
  }
  if (store.holds(signed)) return false;
  const checker = await check();
  checker.verify({ file: 'the body', signed });
  store.addMessage(signed);
  log(`message of ${nameOf(party)}`);
  return true;
}

/** Other tools ignore further fields of a message file; here nothing unknown passes. */
function onlyMessage(engine: Engine, text: string): SignedMessage {
  const signed = parseMessage(engine, 'the body', text);
  if (Object.keys(JSON.parse(text) as object).length === 1) return signed;
  throw new BoardRefusal('BAD_REQUEST', 'a message has the field "message" and no other');
}

function partyOf(c: Context, { parties }: BoardSettings): number {
  const text = c.req.param('party') ?? '';
  const party = /^(0|[1-9]\d{0,4})$/.test(text) ? Number(text) : parties;
  if (party < parties) return party;
  throw new BoardRefusal('NOT_FOUND', `the ceremony has the parties 0 to ${parties - 1}`);
}

async function bodyText(c: Context): Promise<string> {
  if (c.req.header('content-type')?.split(';', 1)[0]?.trim() !== 'application/json') {
    throw new BoardRefusal('BAD_REQUEST', 'expected Content-Type: application/json');
  }
  const text = await c.req.text();
  const secret = secretIn(text);
  if (secret === undefined) return text;
  throw new BoardRefusal(
    'SECRET',
    `this looks like ${secret}, which must stay with its owner; it was not kept. It has travelled to ` +
      'this board: if others can read the way there, treat it as known to them',
  );
}

const json = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'application/json' } });

const BY_COMMITTEE_CODE = {
  COMMITTEE_MESSAGE: 'INVALID_MESSAGE',
  COMMITTEE_MESSAGE_SET: 'INVALID_SET',
  COMMITTEE_CHAIN: 'NOT_READY',
} as const;

function asRefusal(error: unknown, { log }: BoardDeps): BoardRefusal {
  if (error instanceof BoardRefusal) return error;
  if (error instanceof CommitteeError && error.code in BY_COMMITTEE_CODE) {
    const code = BY_COMMITTEE_CODE[error.code as keyof typeof BY_COMMITTEE_CODE];
    return new BoardRefusal(code, error.message, { cause: error });
  }
  log(`failed: ${messageOf(error)}`);
  return new BoardRefusal('FAILED', 'the board failed; its operator sees why', { cause: error });
}
