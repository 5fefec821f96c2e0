/** What everybody waits for and who does what next, state by state. */
import { describe, expect, it } from 'vitest';
import {
  firstStep,
  nextStep,
  type Standpoint,
  waitingFor,
  waitingText,
} from '../src/ceremony/progress.ts';
import type { CommitteeView } from '../src/chain/reading.ts';

const id = (digit: string) => `0x${digit.repeat(64)}`;
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(id) as [string, string, string, string];
const MEMBERS = [a, b, c];
const info = {
  encryptionKey: new Uint8Array(48),
  signingKey: new Uint8Array(96),
  url: '',
  name: '',
};

interface Shape {
  readonly members?: readonly string[];
  readonly registered?: readonly string[];
  /** Undefined before anybody proposed. */
  readonly approvals?: readonly string[];
  readonly finalized?: boolean;
  /** Members of the committee that hands over, 2 of them enough. */
  readonly old?: readonly string[];
}

function view(shape: Shape): CommitteeView {
  const { members = MEMBERS, registered = members, approvals, finalized, old } = shape;
  const infos = registered.map((member) => [member, info] as const);
  const state = finalized
    ? { kind: 'finalized' }
    : approvals === undefined
      ? { kind: 'init', members: infos }
      : { kind: 'postDkg', members: infos, approvals };
  const committee = { id: id('1'), threshold: 2, members, state, oldCommitteeId: old && id('2') };
  const keyServer = { objectId: id('3'), version: old && finalized ? 1 : 0 };
  return {
    packageId: id('4'),
    committee,
    keyServer: finalized ? keyServer : undefined,
    old: old && {
      committee: { id: id('2'), threshold: 2, members: old, state: { kind: 'finalized' } },
      keyServer,
    },
  } as unknown as CommitteeView;
}

const standpoint = (change: Partial<Standpoint>): Standpoint => ({
  me: a,
  coordinator: d,
  seen: undefined,
  verified: true,
  prepared: false,
  recorded: false,
  setSigned: false,
  ...change,
});
const seen = (...ids: number[]) => new Set(ids);
const prepared = { prepared: true };

describe('what everybody waits for', () => {
  it.each<[string, Shape, ReadonlySet<number> | undefined, unknown]>([
    ['registrations', { registered: [b] }, undefined, { for: 'registration', addresses: [a, c] }],
    ['unseen messages', {}, undefined, { for: 'message', addresses: undefined }],
    ['messages', {}, seen(1), { for: 'message', addresses: [a, c] }],
    ['proposals', {}, seen(0, 1, 2), { for: 'proposal', addresses: MEMBERS }],
    ['more proposals', { approvals: [b] }, undefined, { for: 'proposal', addresses: [a, c] }],
    ['nothing', { finalized: true }, seen(), undefined],
    ['continuing members', { old: [a, b] }, seen(0), { for: 'message', addresses: [b] }],
    ['the old threshold', { old: MEMBERS }, seen(0, 2), { for: 'proposal', addresses: MEMBERS }],
  ])('%s', (_, shape, messages, expected) => {
    expect(waitingFor(view(shape), messages)).toEqual(expected);
  });

  it('is said in words', () => {
    expect(waitingText({ for: 'registration', addresses: [a] })).toBe('1 has yet to register');
    expect(waitingText({ for: 'message', addresses: [a, b] })).toBe('2 have yet to send a message');
    expect(waitingText({ for: 'message', addresses: undefined })).toContain('not visible');
    expect(waitingText(undefined)).toBe('nothing');
  });
});

describe('what comes next', () => {
  it.each<[string, Shape, Partial<Standpoint>, string]>([
    ['unverified', { registered: [] }, { verified: false }, 'verify --trusted'],
    ['not registered', { registered: [b, c] }, {}, 'genkey-and-register'],
    ['registered, others not', { registered: [a] }, {}, 'status --watch'],
    ['registered, unverified, others not', { registered: [a] }, { verified: false }, 'status'],
    ['no message, unverified', {}, { verified: false }, 'verify --trusted'],
    ['no message', {}, {}, 'create-message'],
    ['in a rotation', { old: [a, b] }, {}, 'create-message -o'],
    ['new in a rotation', { old: [b, c] }, {}, 'init-state'],
    ['made a message', {}, prepared, 'status --watch'],
    ['too few messages', {}, { ...prepared, seen: seen(0, 1) }, 'status --watch'],
    ['all messages', {}, { ...prepared, seen: seen(0, 1, 2) }, 'process-all-and-propose'],
    ['the signed set', {}, { ...prepared, setSigned: true }, 'process-all-and-propose'],
    ['my proposal open', { approvals: [b] }, prepared, 'process-all-and-propose'],
    ['no message, and others proposed', { approvals: [b] }, {}, 'create-message'],
    ['others’ proposals open', { approvals: [a] }, prepared, 'status --watch'],
    ['complete, not recorded', { finalized: true }, prepared, 'process-all-and-propose'],
    ['complete', { finalized: true }, { ...prepared, recorded: true }, 'verify'],
    ['complete, elsewhere', { finalized: true }, {}, 'verify'],
  ])('for a member: %s', (_, shape, change, command) => {
    expect(nextStep(view(shape), standpoint(change)).command).toMatch(new RegExp(`^${command}`));
  });

  it.each<[string, Shape, Partial<Standpoint>, string]>([
    ['registrations', { registered: [a] }, {}, 'status --watch'],
    ['messages', {}, { seen: seen(1) }, 'status --watch'],
    ['unseen messages', {}, {}, 'status --watch'],
    ['the choice', {}, { seen: seen(0, 1, 2) }, 'choose-messages'],
    ['proposals', {}, { seen: seen(0, 1, 2), setSigned: true }, 'status --watch'],
    ['more proposals', { approvals: [a] }, { seen: seen(0, 1, 2) }, 'status --watch'],
    ['nothing', { finalized: true }, {}, 'check-committee'],
  ])('for a coordinator who is no member: %s', (_, shape, change, command) => {
    expect(nextStep(view(shape), standpoint({ me: d, ...change })).command).toBe(command);
  });

  it('a coordinator who is a member chooses before proposing', () => {
    const all = { me: a, coordinator: a, prepared: true, seen: seen(0, 1, 2) };
    expect(nextStep(view({}), standpoint(all)).command).toBe('choose-messages');
    const signed = standpoint({ ...all, setSigned: true });
    expect(nextStep(view({}), signed).command).toBe('process-all-and-propose');
  });

  it('a coordinator with more messages than count chooses, and goes on with what was chosen', () => {
    const rotation = view({ old: MEMBERS });
    const me = { me: a, coordinator: a, prepared: true, folder: 'x/messages' };
    const more = { ...me, seen: seen(2, 0, 1) };
    const next = nextStep(rotation, standpoint(more));
    expect(next.command).toBe('choose-messages --from 0,1 --output x/messages-chosen');
    expect(next.why).toContain('exactly 2 messages count, and there are 3');
    const onBoard = nextStep(rotation, standpoint({ ...more, folder: undefined }));
    expect(onBoard.command).toBe('choose-messages --from 0,1');
    const chosen = { folder: 'x/messages-chosen' };
    expect(nextStep(rotation, standpoint({ ...more, chosen })).command).toBe(
      'process-all-and-propose -m x/messages-chosen',
    );
    const over = standpoint({ ...more, chosen, recorded: true });
    expect(nextStep(view({ finalized: true, old: MEMBERS }), over).command).toBe(
      'verify -m x/messages-chosen',
    );
    const outside = standpoint({ ...more, coordinator: d, me: d, chosen });
    expect(nextStep(rotation, outside).command).toBe('status --watch');
  });

  it('messages of members who deal none are not proposed for the choice', () => {
    const joined = view({ old: [b, c], members: [a, b, c] });
    const me = { me: b, coordinator: b, prepared: true, folder: 'm', seen: seen(0, 1, 2) };
    expect(nextStep(joined, standpoint(me)).command).toContain('--from 1,2 ');
  });

  it('files that are passed by hand have a place', () => {
    const folder = 'dkg-state/dkg-messages';
    const why = (change: Partial<Standpoint>) =>
      nextStep(view({}), standpoint({ ...prepared, folder, ...change })).why;
    expect(why({})).toMatch(/^send your message file .* shares goes to dkg-state\/dkg-messages$/);
    for (const me of [a, d]) {
      expect(why({ me, coordinator: me })).toMatch(/^collect .* dkg-state\/dkg-messages; /);
      expect(why({ me, coordinator: me })).not.toContain('send');
    }
    expect(why({ folder: undefined })).not.toContain('dkg-state');
    expect(why({ me: d, setSigned: true })).not.toContain('collect');
  });

  it('strangers, and people without a wallet, wait', () => {
    for (const me of [undefined, id('9')]) {
      const { command } = nextStep(view({}), standpoint({ me, seen: seen(0, 1, 2) }));
      expect(command).toBe('status --watch');
    }
  });

  it('in a rotation, members are told what to run before the last proposal', () => {
    const rotation = { approvals: [a], old: [a, b] };
    expect(nextStep(view(rotation), standpoint(prepared)).why).toContain('both master shares');
    const joined = { approvals: [a], old: [b, c] };
    expect(nextStep(view(joined), standpoint(prepared)).why).toContain('your new master share');
    expect(nextStep(view({ approvals: [a] }), standpoint(prepared)).why).not.toContain('share');
  });

  it('a ceremony starts with the coordinator', () => {
    expect(firstStep(false).command).toBe('publish-and-init');
    expect(firstStep(true).command).toBe('init-rotation');
  });
});
