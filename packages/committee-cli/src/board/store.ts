/**
 * What a board keeps: the first valid message of each sender, and the coordinator's set. Every file
 * appears whole and is never replaced, so a board that was killed goes on where it stopped.
 */
import { join } from 'node:path';
import type { Engine } from '@seal-ts/crypto';
import { createPrivateFile, makePrivateFolder } from '@seal-ts/wallet/files';
import { messageHash, type SignedMessageSet, setDifferences } from '../ceremony/message-set.ts';
import { CommitteeError } from '../errors.ts';
import { findSet, setPath, setText } from '../files/message-set-file.ts';
import {
  findMessage,
  messageFileName,
  messageText,
  type SignedMessage,
} from '../files/messages.ts';
import { BoardRefusal } from './refusal.ts';

export interface StoredMessage {
  readonly party: number;
  readonly hash: string;
  /** The file as clients get it. */
  readonly text: string;
}

export class BoardStore {
  readonly folder: string;
  readonly #engine: Engine;
  readonly #messages = new Map<number, StoredMessage>();
  #set: SignedMessageSet | undefined;

  /** Errors: FILE, and COMMITTEE_MESSAGE, COMMITTEE_MESSAGE_SET for a damaged file. */
  constructor(engine: Engine, folder: string, parties: number) {
    this.#engine = engine;
    this.folder = folder;
    makePrivateFolder(folder);
    for (let party = 0; party < parties; party++) {
      const path = join(folder, messageFileName(party));
      const signed = findMessage(engine, path);
      if (signed === undefined) continue;
      if (signed.message.sender !== party) {
        const text = `${path} is of party ${signed.message.sender}; move it away`;
        throw new CommitteeError('COMMITTEE_MESSAGE', text);
      }
      this.#remember(signed);
    }
    this.#set = findSet(setPath(folder));
  }

  /** In party order. */
  get messages(): StoredMessage[] {
    return [...this.#messages.values()].sort((a, b) => a.party - b.party);
  }

  message(party: number): StoredMessage | undefined {
    return this.#messages.get(party);
  }

  get set(): SignedMessageSet | undefined {
    return this.#set;
  }

  /** Whether the very same message is there. Error: CONFLICT when another one is. */
  holds(signed: SignedMessage): boolean {
    const { sender } = signed.message;
    const known = this.#messages.get(sender);
    if (known === undefined) return false;
    if (known.hash === messageHash(this.#engine, signed)) return true;
    throw new BoardRefusal(
      'CONFLICT',
      `the board has another message of party ${sender} (${known.hash}), and the first one stays`,
    );
  }

  /** Keeps a message that was checked. Error: CONFLICT. */
  addMessage(signed: SignedMessage): void {
    if (this.holds(signed)) return;
    const path = join(this.folder, messageFileName(signed.message.sender));
    createPrivateFile(path, messageText(this.#engine, signed));
    this.#remember(signed);
  }

  /** Whether the very same choice is there. Error: CONFLICT when another one is. */
  holdsSet(set: SignedMessageSet): boolean {
    if (this.#set === undefined) return false;
    const same = this.#set.messagesHash === set.messagesHash;
    if (same && setDifferences(this.#set, set).length === 0) return true;
    throw new BoardRefusal(
      'CONFLICT',
      `the board has the signed set ${this.#set.messagesHash}, and a ceremony has only one`,
    );
  }

  /** Keeps a set that was checked. Error: CONFLICT, also when a message of it is not here. */
  addSet(set: SignedMessageSet): void {
    if (this.holdsSet(set)) return;
    for (const { party, hash } of set.messages) {
      if (this.#messages.get(party)?.hash === hash) continue;
      throw new BoardRefusal(
        'CONFLICT',
        `the set names the message ${hash} of party ${party}, which the board does not have; let ` +
          'that member post it first',
      );
    }
    createPrivateFile(setPath(this.folder), setText(set));
    this.#set = set;
  }

  #remember(signed: SignedMessage): void {
    const party = signed.message.sender;
    const hash = messageHash(this.#engine, signed);
    this.#messages.set(party, { party, hash, text: messageText(this.#engine, signed) });
  }
}
