/** `ceremony serve`: a message board for one ceremony, until it is told to end. */
import { resolve } from 'node:path';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { Lifecycle, type Listening, listen, ServiceError, silentLogger } from '@seal-ts/service';
import { boardApp } from '../board/app.ts';
import { BOARD_LIMITS } from '../board/limits.ts';
import { secretIn } from '../board/secrets.ts';
import { BoardStore } from '../board/store.ts';
import { checkSetCeremony } from '../ceremony/message-set.ts';
import { nameIn, type SenderName } from '../ceremony/people.ts';
import { checkAgreement, publicSnapshot } from '../ceremony/prepare.ts';
import { MessageCheck } from '../ceremony/process.ts';
import { type CommitteeView, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { messageFileName, parseMessage } from '../files/messages.ts';
import { type Ceremony, openCeremony, type StateOptions } from './common.ts';

export interface ServeOptions extends StateOptions {
  readonly host: string;
  readonly port: number;
  readonly boardDir?: string;
}

/** Resolves once it has ended. Errors: COMMITTEE_BOARD when the port is taken, and of its files. */
export async function ceremonyServe(deps: CliDeps, options: ServeOptions): Promise<void> {
  const ceremony = openCeremony(deps, options);
  const { file, session, stateDir } = ceremony;
  const { network, committeeId, coordinator } = file;
  if (coordinator === undefined) {
    throw new CommitteeError('COMMITTEE_CONFIG', `${file.path} has no COORDINATOR_ADDRESS`);
  }
  const view = await readView(session.chain, committeeId);
  checkAgreement(file, view);
  const parties = view.committee.members.length;
  const folder = resolve(deps.cwd, options.boardDir ?? `${stateDir}/board`);
  const store = new BoardStore(nobleEngine, folder, parties);
  const registered = new Registered(ceremony, view);
  await checkStored(store, ceremony, registered);
  const app = boardApp(
    {
      ceremonyText: publicText(ceremony),
      ceremony: { network, committeeId },
      coordinator,
      parties,
      threshold: view.committee.threshold,
    },
    {
      engine: nobleEngine,
      store,
      check: () => registered.check(),
      nameOf: (party) => registered.nameOf(party),
      log: (line) => deps.out(`${new Date(deps.now()).toISOString()} ${line}`),
    },
  );
  const listening = await open(app, options);
  deps.out(`Message board of committee ${committeeId}: ${urlOf(options.host, listening.port)}`);
  deps.out(`Files: ${folder} (${store.messages.length} messages, ${store.set ? 'a' : 'no'} set)`);
  await untilStopped(deps, listening);
}

/** Members and their keys as the chain has them; the chain is asked until all have registered. */
class Registered {
  readonly #ceremony: Ceremony;
  #view: CommitteeView;
  #check: MessageCheck | undefined;

  constructor(ceremony: Ceremony, view: CommitteeView) {
    this.#ceremony = ceremony;
    this.#view = view;
  }

  get isOver(): boolean {
    return this.#view.committee.state.kind === 'finalized';
  }

  readonly nameOf: SenderName = (party) => nameIn(this.#view)(party);

  /** Error: COMMITTEE_CHAIN while members are missing. */
  async check(): Promise<MessageCheck> {
    if (this.#check === undefined) {
      const { file, session } = this.#ceremony;
      this.#view = await readView(session.chain, file.committeeId);
      this.#check = new MessageCheck(nobleEngine, publicSnapshot(this.#view), this.nameOf);
    }
    return this.#check;
  }
}

/** What an earlier run kept must be of this ceremony: the first message of a sender stays. */
async function checkStored(
  store: BoardStore,
  { file }: Ceremony,
  registered: Registered,
): Promise<void> {
  try {
    if (store.set !== undefined) checkSetCeremony(store.set, file);
    // Keys of members are gone from the chain then, and nobody needs messages any more.
    if (registered.isOver || store.messages.length === 0) return;
    const check = await registered.check();
    for (const { party, text } of store.messages) {
      const name = messageFileName(party);
      check.verify({ file: name, signed: parseMessage(nobleEngine, name, text) });
    }
  } catch (cause) {
    if (!(cause instanceof CommitteeError)) throw cause;
    throw new CommitteeError(
      'COMMITTEE_BOARD',
      `${store.folder} is of another ceremony (${cause.message}); name an empty folder with --board-dir`,
      { cause },
    );
  }
}

function publicText({ file }: Ceremony): string {
  const text = file.publicText();
  const secret = secretIn(text);
  if (secret === undefined) return text;
  const problem = `the public part of ${file.path} looks like it holds ${secret}; nothing was served`;
  throw new CommitteeError('COMMITTEE_CONFIG', problem);
}

async function open(
  app: Parameters<typeof listen>[0],
  { host, port }: ServeOptions,
): Promise<Listening> {
  try {
    return await listen(app, { port, hostname: host });
  } catch (cause) {
    if (!(cause instanceof ServiceError)) throw cause;
    throw new CommitteeError('COMMITTEE_BOARD', `${cause.message} (--port, --host)`, { cause });
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The first signal ends it gracefully, a second one at once. */
function untilStopped(deps: CliDeps, listening: Listening): Promise<void> {
  return new Promise((resolve) => {
    const exit = (code: number) => {
      if (code !== 0) deps.exit(code);
      resolve();
    };
    const lifecycle = new Lifecycle({ drainMs: BOARD_LIMITS.drainMs }, { log: silentLogger, exit });
    lifecycle.onStop('http', () => listening.close());
    lifecycle.handleSignals(deps.signals);
    lifecycle.markReady();
  });
}
