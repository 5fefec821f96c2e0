/** A board in a folder, for three members and a coordinator, without chain or socket. */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { type BoardSettings, boardApp } from '../src/board/app.ts';
import { BoardStore } from '../src/board/store.ts';
import { messageSetOf, signMessageSet } from '../src/ceremony/message-set.ts';
import { partyOnly } from '../src/ceremony/people.ts';
import { MessageCheck } from '../src/ceremony/process.ts';
import { CommitteeError } from '../src/errors.ts';
import { setText } from '../src/files/message-set-file.ts';
import { type LoadedMessage, messageText } from '../src/files/messages.ts';
import { COMMITTEE, keyOf, snapshotsOf } from './fixture.ts';

export const KEYS = [keyOf(0), keyOf(1), keyOf(2)];
export const COORDINATOR = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
export const CEREMONY = { network: 'testnet', committeeId: COMMITTEE } as const;
export const CEREMONY_TEXT = 'init-params:\n  THRESHOLD: 2\n';

export function openBoard(folder: string, more: Partial<BoardSettings> = {}) {
  const lines: string[] = [];
  const store = new BoardStore(engine, folder, KEYS.length);
  const check = new MessageCheck(engine, snapshotsOf(KEYS)[0]!);
  const world = { ready: true, checks: 0 };
  const app = boardApp(
    {
      ceremonyText: CEREMONY_TEXT,
      ceremony: CEREMONY,
      coordinator: COORDINATOR.toSuiAddress(),
      parties: KEYS.length,
      threshold: 2,
      ...more,
    },
    {
      engine,
      store,
      nameOf: partyOnly,
      log: (line) => lines.push(line),
      check: async () => {
        world.checks += 1;
        if (!world.ready) throw new CommitteeError('COMMITTEE_CHAIN', 'not registered yet');
        return check;
      },
    },
  );
  const get = (path: string) => app.request(path);
  const put = async (path: string, body: string | ReadableStream, type = 'application/json') => {
    const length = typeof body === 'string' ? { 'content-length': `${body.length}` } : {};
    const headers = { 'content-type': type, ...length };
    return app.request(path, { method: 'PUT', body, headers, ...({ duplex: 'half' } as object) });
  };
  return { app, store, lines, world, get, put };
}

export const textOf = (message: LoadedMessage) => messageText(engine, message.signed);

export async function signedSet(
  messages: readonly LoadedMessage[],
  ceremony: Parameters<typeof messageSetOf>[1] = CEREMONY,
  key = COORDINATOR,
): Promise<string> {
  return setText(await signMessageSet(messageSetOf(engine, ceremony, messages), key));
}
