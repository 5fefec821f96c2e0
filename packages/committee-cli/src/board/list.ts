/** The list of messages that a board has. */
import { MAX_SET_MESSAGES } from '../files/message-set-file.ts';

export interface Posted {
  readonly party: number;
  /** BLAKE2b-256 of the message. */
  readonly hash: string;
}

/** Strict: parties ascend and each hash is whole. Undefined for anything else. */
export function parseList(text: string): Posted[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const messages = (value as { messages?: unknown } | null)?.messages;
  if (!Array.isArray(messages) || messages.length > MAX_SET_MESSAGES) return undefined;
  let last = -1;
  const found: Posted[] = [];
  for (const item of messages as ({ party?: unknown; hash?: unknown } | null)[]) {
    const { party, hash } = item ?? {};
    if (typeof party !== 'number' || !Number.isInteger(party) || party <= last) return undefined;
    if (party >= 65_536 || typeof hash !== 'string' || !/^0x[0-9a-f]{64}$/.test(hash))
      return undefined;
    last = party;
    found.push({ party, hash });
  }
  return found;
}
