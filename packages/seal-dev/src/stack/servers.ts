/**
 * The servers of a stack by name: each can be stopped, started and replaced while the others run. What is
 * asked of one server happens in turn, so that two who ask at once never start it twice.
 */
import { DevError } from '../errors.ts';
import type { Child } from './child.ts';

/** A server as it is to run now; starting resolves when it answers. */
export interface Part {
  readonly name: string;
  start(): Promise<Child>;
}

interface Entry {
  part: Part;
  child: Child | undefined;
  /** Ends when everything asked of this server so far is done; never rejects. */
  turn: Promise<void>;
}

export class Servers {
  readonly #entries = new Map<string, Entry>();
  readonly #onEnd: (failure: DevError) => void;
  #stopping = false;

  /** `onEnd` is told when a server ended that nobody stopped. */
  constructor(onEnd: (failure: DevError) => void) {
    this.#onEnd = onEnd;
  }

  isRunning(name: string): boolean {
    return this.#entries.get(name)?.child?.running === true;
  }

  /** Adds a server and starts it. Errors: DEV_CHILD_FAILED, DEV_STOPPED. */
  async start(part: Part): Promise<void> {
    const entry: Entry = { part, child: undefined, turn: Promise.resolve() };
    this.#entries.set(part.name, entry);
    await this.#inTurn(entry, () => this.#run(entry, part));
  }

  /** Stops or starts a server. Errors: DEV_BAD_OPTION for an unknown one, DEV_CHILD_FAILED. */
  async set(name: string, running: boolean): Promise<void> {
    const entry = this.#entries.get(name);
    if (!entry) {
      const known = [...this.#entries.keys()].join(', ');
      throw new DevError('DEV_BAD_OPTION', `no server ${name}; there are ${known}`);
    }
    await this.#inTurn(entry, async () => {
      if (!running) await entry.child?.stop();
      else if (!entry.child?.running) await this.#run(entry, entry.part);
    });
  }

  /** From now on the server is `part`: restarted if it runs; one that was stopped stays stopped. */
  async replace(part: Part): Promise<void> {
    const entry = this.#known(part);
    await this.#inTurn(entry, async () => {
      const wasRunning = entry.child?.running === true;
      await entry.child?.stop();
      entry.part = part;
      if (wasRunning) await this.#run(entry, part);
    });
  }

  /** As `replace`, with the new process beside the old one until `takeOver` has been called. */
  async relieve(part: Part, takeOver: () => void): Promise<void> {
    const entry = this.#known(part);
    await this.#inTurn(entry, async () => {
      const old = entry.child;
      if (old?.running) await this.#run(entry, part);
      entry.part = part;
      takeOver();
      await old?.stop();
    });
  }

  /** Stops a server for good. */
  async remove(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (!entry) return;
    await this.#inTurn(entry, async () => entry.child?.stop());
    this.#entries.delete(name);
  }

  /** Stops all; nothing starts any more. */
  async stopAll(): Promise<void> {
    this.#stopping = true;
    await Promise.all(
      [...this.#entries.values()].map((entry) =>
        this.#inTurn(entry, async () => entry.child?.stop()),
      ),
    );
  }

  #known({ name }: Part): Entry {
    const entry = this.#entries.get(name);
    if (entry) return entry;
    throw new DevError('DEV_BAD_OPTION', `no server ${name} to replace`);
  }

  #inTurn(entry: Entry, work: () => Promise<void>): Promise<void> {
    const done = entry.turn.then(work);
    entry.turn = done.catch(() => {});
    return done;
  }

  async #run(entry: Entry, part: Part): Promise<void> {
    if (this.#stopping) throw stopped();
    const child = await part.start();
    entry.child = child;
    void child.exited.then((code) => {
      if (!child.stopping && !this.#stopping) this.#onEnd(child.failure(code));
    });
  }
}

/** What whoever works on a stack gets to hear when it is stopped meanwhile. */
export function stopped(cause?: unknown): DevError {
  return new DevError('DEV_STOPPED', 'the stack was stopped before this was done', { cause });
}
