/** Whose messages can be seen in a folder, for watching it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nobleEngine } from '@seal-ts/crypto/noble';
import type { MessagesSeen } from '../ceremony/progress.ts';
import { CommitteeError } from '../errors.ts';
import { setPath } from '../files/message-set-file.ts';
import { scanMessages } from '../files/messages.ts';

/** A place where messages gather. */
export interface MessagesSource {
  readonly seen: () => MessagesSeen | Promise<MessagesSeen>;
  /** Whether the coordinator's signed set is there. */
  readonly hasSet: () => boolean | Promise<boolean>;
}

export class MessagesFolder implements MessagesSource {
  readonly #path: string;
  #state = '';
  #seen: MessagesSeen;

  constructor(path: string) {
    this.#path = path;
  }

  hasSet(): boolean {
    return existsSync(setPath(this.#path));
  }

  /** Undefined when there is no folder. Decodes again only when something changed there. */
  seen(): MessagesSeen {
    const state = folderState(this.#path);
    if (state === undefined) return undefined;
    if (state !== this.#state) this.#seen = senders(this.#path);
    this.#state = state;
    return this.#seen;
  }
}

/** A file that is no message is nobody's; whoever uses the messages says what is wrong with it. */
function senders(path: string): ReadonlySet<number> {
  try {
    const found = scanMessages(nobleEngine, path);
    return new Set(found.flatMap((item) => ('signed' in item ? [item.signed.message.sender] : [])));
  } catch (error) {
    if (error instanceof CommitteeError) return new Set();
    throw error;
  }
}

function folderState(path: string): string | undefined {
  try {
    return readdirSync(path)
      .sort()
      .map((name) => {
        const { size, mtimeMs } = statSync(join(path, name));
        return `${name} ${size} ${mtimeMs}`;
      })
      .join('\n');
  } catch {
    return undefined;
  }
}
