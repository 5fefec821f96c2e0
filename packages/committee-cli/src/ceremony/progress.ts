/**
 * Where a ceremony stands for one person: what everybody waits for, and what this person does next. A
 * function of the chain and of what is on this person's disk, so that it can be told at any time.
 */
import type { CommitteeView } from '../chain/reading.ts';

/** Party ids whose messages were seen somewhere; undefined when nobody could look. */
export type MessagesSeen = ReadonlySet<number> | undefined;

export interface Standpoint {
  readonly me: string | undefined;
  readonly coordinator: string | undefined;
  readonly seen: MessagesSeen;
  /** `verify` recorded this committee. */
  readonly verified: boolean;
  /** Phase B is done here: there is a `state.json`. */
  readonly prepared: boolean;
  /** Phase C is done here: the result is in `dkg.yaml`. */
  readonly recorded: boolean;
  /** The coordinator's signed set is here. */
  readonly setSigned: boolean;
  /** The coordinator has signed a set before; a folder when it is known, and is not the usual one. */
  readonly chosen?: { readonly folder: string | undefined } | undefined;
  /** Where messages gather when files are passed by hand; undefined with a board. */
  readonly folder?: string | undefined;
}

export interface WaitingFor {
  readonly for: 'registration' | 'message' | 'proposal';
  /** Undefined when it is not known of whom. */
  readonly addresses: readonly string[] | undefined;
}

export interface Next {
  /** Arguments of the tool. */
  readonly command: string;
  readonly why: string;
}

const WAIT = 'status --watch';

/** Messages that phase C takes: all of a first key, as many as the old threshold of a rotation. */
export function messagesNeeded({ committee, old }: CommitteeView): number {
  return old?.committee.threshold ?? committee.members.length;
}

/** Undefined when the ceremony is over. */
export function waitingFor(view: CommitteeView, seen: MessagesSeen): WaitingFor | undefined {
  const { members, state } = view.committee;
  if (state.kind === 'finalized') return undefined;
  if (state.kind === 'postDkg') {
    const open = members.filter((member) => !state.approvals.includes(member));
    return { for: 'proposal', addresses: open };
  }
  const unregistered = missing(view);
  if (unregistered.length > 0) return { for: 'registration', addresses: unregistered };
  if (seen === undefined) return { for: 'message', addresses: undefined };
  if (seen.size >= messagesNeeded(view)) return { for: 'proposal', addresses: members };
  const open = members.filter((member, id) => deals(view, member) && !seen.has(id));
  return { for: 'message', addresses: open };
}

/** What the person does next, and why. */
export function nextStep(view: CommitteeView, standpoint: Standpoint): Next {
  const { me, coordinator } = standpoint;
  const member = me !== undefined && view.committee.members.includes(me);
  if (member) return memberStep(view, standpoint, me);
  const { state } = view.committee;
  if (state.kind === 'finalized') {
    const why =
      'it is complete; share KEY_SERVER_OBJ_ID, and collect API credentials from the members';
    return { command: 'check-committee', why };
  }
  const coordinates = me !== undefined && me === coordinator;
  const chosen = coordinates ? chooseStep(view, standpoint) : undefined;
  const collect = coordinates ? collecting(view, standpoint) : '';
  const why = `${collect}${waitingText(waitingFor(view, standpoint.seen))}`;
  return chosen ?? { command: WAIT, why };
}

/** Before there is a committee. */
export function firstStep(rotation: boolean): Next {
  const command = rotation ? 'init-rotation' : 'publish-and-init';
  const why =
    'no committee yet: the coordinator starts it; members wait for the dkg.yaml with its id';
  return { command, why };
}

export function waitingText(waiting: WaitingFor | undefined): string {
  if (waiting === undefined) return 'nothing';
  const { addresses } = waiting;
  const what = { registration: 'register', message: 'send a message', proposal: 'propose' };
  if (addresses === undefined) return 'messages are not visible from here';
  return `${addresses.length} ${addresses.length === 1 ? 'has' : 'have'} yet to ${what[waiting.for]}`;
}

function memberStep(view: CommitteeView, standpoint: Standpoint, me: string): Next {
  const { state } = view.committee;
  switch (state.kind) {
    case 'init':
      return missing(view).length > 0
        ? registrationStep(view, standpoint, me)
        : messageStep(view, standpoint, me);
    case 'postDkg': {
      if (!state.approvals.includes(me)) return proposalStep(view, standpoint, me);
      const shares = deals(view, me) ? 'both master shares' : 'your new master share';
      const servers =
        view.old === undefined
          ? ''
          : `; before the last one, your key server must run with ${shares}`;
      return { command: WAIT, why: `${waitingText(waitingFor(view, undefined))}${servers}` };
    }
    case 'finalized':
      return finishedStep(view, standpoint);
  }
}

function registrationStep(view: CommitteeView, { verified, seen }: Standpoint, me: string): Next {
  if (!missing(view).includes(me)) {
    return { command: WAIT, why: waitingText(waitingFor(view, seen)) };
  }
  if (!verified) return verifyStep('registering');
  const why = 'phase A: make your keys and register them';
  return { command: 'genkey-and-register -u <server URL> -n <server name>', why };
}

function messageStep(view: CommitteeView, standpoint: Standpoint, me: string): Next {
  const { prepared, setSigned, seen, coordinator } = standpoint;
  if (!prepared) return preparingStep(view, standpoint, me);
  if (me === coordinator) {
    const chosen = chooseStep(view, standpoint);
    if (chosen !== undefined) return chosen;
  }
  if (setSigned || (me === coordinator && standpoint.chosen !== undefined)) {
    return proposalStep(view, standpoint, me);
  }
  if (me !== coordinator && seen !== undefined && seen.size >= messagesNeeded(view)) {
    const why = 'the messages are here; go on when the coordinator has announced phase C';
    return { command: 'process-all-and-propose', why };
  }
  const waiting = waitingText(waitingFor(view, seen));
  if (me === coordinator)
    return { command: WAIT, why: `${collecting(view, standpoint)}${waiting}` };
  const send = deals(view, me) ? 'send your message file to the coordinator; ' : '';
  const { folder } = standpoint;
  const get =
    folder === undefined ? '' : `; the folder that the coordinator shares goes to ${folder}`;
  return { command: WAIT, why: `${send}${waiting}${get}` };
}

/** What the coordinator does in phase B, when files are passed by hand. */
function collecting(view: CommitteeView, { folder, setSigned, chosen }: Standpoint): string {
  const open = view.committee.state.kind === 'init' && missing(view).length === 0;
  if (!open || folder === undefined || setSigned || chosen !== undefined) return '';
  return `collect the message files of all who make one in ${folder}; `;
}

function preparingStep(view: CommitteeView, { verified }: Standpoint, me: string): Next {
  if (!verified) return verifyStep('making a message');
  if (!deals(view, me)) {
    return { command: 'init-state', why: 'phase B: you are new, and make no message' };
  }
  if (view.old === undefined)
    return { command: 'create-message', why: 'phase B: make your message' };
  const version = view.old.keyServer?.version ?? 0;
  const why = `phase B: deal your MASTER_SHARE_V${version}; it is asked for`;
  return { command: 'create-message -o', why };
}

function proposalStep(view: CommitteeView, standpoint: Standpoint, me: string): Next {
  if (!standpoint.prepared) return preparingStep(view, standpoint, me);
  const why = 'phase C: compute your share and propose';
  return { command: `process-all-and-propose${chosenFrom(standpoint)}`, why };
}

/** Only the coordinator has a choice of its own; everybody else gets it in the usual folder. */
function chosenFrom({ chosen }: Standpoint): string {
  return chosen?.folder === undefined ? '' : ` -m ${chosen.folder}`;
}

function finishedStep({ keyServer }: CommitteeView, standpoint: Standpoint): Next {
  const { prepared, recorded } = standpoint;
  const share = `MASTER_SHARE_V${keyServer?.version ?? 0}`;
  if (prepared && !recorded) {
    const why = `it is complete, but your ${share} is not recorded here yet`;
    return { command: `process-all-and-propose${chosenFrom(standpoint)}`, why };
  }
  const alone = (keyServer?.version ?? 0) > 0 ? ' alone' : '';
  const why =
    `it is complete: run your key server in !Active with ${share}${alone} for ` +
    `${keyServer?.objectId ?? 'the key server'}, back the share up, check everything, make an API key if ` +
    'the aggregator has none (api-key new), then delete the state directory';
  return { command: `verify${chosenFrom(standpoint)}`, why };
}

/** The coordinator's part of phase C; undefined while messages are missing, or when it is done. */
function chooseStep(view: CommitteeView, standpoint: Standpoint): Next | undefined {
  const { seen, setSigned, chosen, folder } = standpoint;
  if (view.committee.state.kind !== 'init' || setSigned || chosen !== undefined) return undefined;
  const needed = messagesNeeded(view);
  if (seen === undefined || missing(view).length > 0 || seen.size < needed) return undefined;
  if (seen.size > needed) {
    const { members } = view.committee;
    const dealers = [...seen].filter((id) => deals(view, members[id] ?? '')).sort((a, b) => a - b);
    const from = `choose-messages --from ${dealers.slice(0, needed).join(',')}`;
    const why = `exactly ${needed} messages count, and there are ${seen.size}: choose which, and sign them`;
    return { command: folder === undefined ? from : `${from} --output ${folder}-chosen`, why };
  }
  return { command: 'choose-messages', why: 'the messages are here: choose and sign the set' };
}

function verifyStep(before: string): Next {
  const why = `compare the committee with your own list before ${before}`;
  return { command: 'verify --trusted <your list>', why };
}

function missing({ committee }: CommitteeView): string[] {
  const { state, members } = committee;
  if (state.kind === 'finalized') return [];
  const known = new Map(state.members);
  return members.filter((member) => !known.has(member));
}

/** Whether a member makes a message. */
function deals({ old }: CommitteeView, member: string): boolean {
  return old === undefined || old.committee.members.includes(member);
}
