/**
 * The faucet on the path of the official client: `POST /v2/gas` (spec sui-ledger §11).
 *
 * The body is JSON whatever happens, because the client parses it whatever the HTTP status.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LedgerWriter } from '../../ledger/api.ts';
import { canonicalAddress, quote } from '../arguments.ts';
import { toRpcError } from '../errors.ts';
import { closeAfterUnread } from '../transport/serve-call.ts';
import { invalidField, RpcError } from '../transport/status.ts';
import { httpStatus, readJsonObject, sendJson } from './json.ts';

const MIST_PER_SUI = 1_000_000_000n;
/** What one request gets: five coins, so that gas-coin tests are realistic. */
export const FAUCET_COINS = 5;
export const FAUCET_COIN_MIST = 200n * MIST_PER_SUI;
/** Requests that are worked on at the same time; more get HTTP 429. */
export const MAX_FAUCET_REQUESTS = 64;

/** Path of the faucet on whatever port it is served. */
export const FAUCET_PATH = '/v2/gas';

/** Serves faucet requests from the ledger's treasury. */
export class Faucet {
  readonly #ledger: Pick<LedgerWriter, 'fund'>;
  readonly #log: (entry: { method: string; error: unknown }) => void;
  #active = 0;

  constructor(
    ledger: Pick<LedgerWriter, 'fund'>,
    log: (entry: { method: string; error: unknown }) => void,
  ) {
    this.#ledger = ledger;
    this.#log = log;
  }

  /** Serves one POST; never rejects. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#active >= MAX_FAUCET_REQUESTS) {
      fail(response, 429, 'too many faucet requests at a time');
      return;
    }
    this.#active += 1;
    try {
      const recipient = recipientOf(await readJsonObject(request));
      const amounts = Array.from({ length: FAUCET_COINS }, () => FAUCET_COIN_MIST);
      const { digest, coins } = await this.#ledger.fund(recipient, amounts);
      const sent = coins.map(({ objectId, amount }) => ({
        amount: Number(amount),
        id: objectId,
        transferTxDigest: digest,
      }));
      sendJson(response, 200, { status: 'Success', coins_sent: sent }, { cors: true });
    } catch (error) {
      const known = toRpcError(error);
      if (known === undefined) this.#log({ method: FAUCET_PATH, error });
      const shown = known ?? new RpcError('INTERNAL', `internal error in ${FAUCET_PATH}`);
      closeAfterUnread(request, response);
      fail(response, httpStatus(shown), shown.message);
    } finally {
      this.#active -= 1;
    }
  }
}

function recipientOf(body: Record<string, unknown>): string {
  const fixed = body['FixedAmountRequest'];
  const recipient =
    typeof fixed === 'object' && fixed !== null
      ? (fixed as Record<string, unknown>)['recipient']
      : undefined;
  if (typeof recipient !== 'string') {
    throw invalidField(
      'FixedAmountRequest.recipient',
      'expected {"FixedAmountRequest":{"recipient":"0x…"}}',
    );
  }
  const address = canonicalAddress(recipient);
  if (address === undefined) {
    throw invalidField(
      'FixedAmountRequest.recipient',
      `invalid recipient: expected 0x and 1 to 64 hex digits, got '${quote(recipient)}'`,
    );
  }
  return address;
}

function fail(response: ServerResponse, status: number, text: string): void {
  const body = { status: { Failure: { internal: text } }, coins_sent: null };
  sendJson(response, status, body, { cors: true });
}
