/** Whose messages a board says that it has, for watching a ceremony. It may lie; nothing depends on it. */
import type { MessagesSeen } from '../ceremony/progress.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { boardHasSet, postedMessages } from './sync.ts';

export class MessagesOnBoard {
  readonly #deps: CliDeps;
  readonly #url: string;
  #complaint = '';

  constructor(deps: CliDeps, url: string) {
    this.#deps = deps;
    this.#url = url;
  }

  /** Undefined while the board cannot be asked. */
  async seen(): Promise<MessagesSeen> {
    const posted = await this.#asked(() => postedMessages(this.#deps, this.#url));
    return posted && new Set(posted.map(({ party }) => party));
  }

  /** Whether the coordinator's set is there. */
  async hasSet(): Promise<boolean> {
    return (await this.#asked(() => boardHasSet(this.#deps, this.#url))) === true;
  }

  /** A board that is away must not hide what the chain says. */
  async #asked<T>(question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof CommitteeError) || error.code !== 'COMMITTEE_BOARD') throw error;
      if (error.message !== this.#complaint) this.#deps.note(error.message);
      this.#complaint = error.message;
      return undefined;
    }
  }
}
