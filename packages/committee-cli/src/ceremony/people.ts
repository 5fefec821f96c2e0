/** What a party id is called in messages to people. */
import type { CommitteeView } from '../chain/reading.ts';

export type SenderName = (partyId: number) => string;

/** Longest part of a server's name that is shown: members choose their names. */
const MAX_NAME = 64;

/** For where nothing but the party id is known. */
export const partyOnly: SenderName = (partyId) => `party ${partyId}`;

/** Party id, address, and the name of its server when the chain has one. */
export function nameIn({ committee, keyServer }: CommitteeView): SenderName {
  const { state, members } = committee;
  const infos = new Map(state.kind === 'finalized' ? [] : state.members);
  return (partyId) => {
    const address = members[partyId];
    if (address === undefined) return `party ${partyId}, who is no member`;
    const name = keyServer?.partials[partyId]?.name ?? infos.get(address)?.name;
    return `party ${partyId} (${address}${name === undefined ? '' : `, ${plain(name)}`})`;
  };
}

/** Names are foreign text: nothing in them may look like another line, or move the cursor. */
export function plain(text: string, longest = MAX_NAME): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, longest);
}
