/**
 * Bytes of two implementations of a member that share no code: given the same randomness they are equal,
 * and on every message, right or wrong, both come to the same verdict.
 */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, toHex } from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { afterAll, describe, expect, it } from 'vitest';
import deployed from '../../vectors/crypto/dkg-deployed.json' with { type: 'json' };
import { temporaryFolder } from '../support/execute.ts';
import * as curve from '../support/independent-member/curve.ts';
import { G1, G2, mod, mul2 } from '../support/independent-member/curve.ts';
import { Config, hex, readKeys, writeKeys } from '../support/independent-member/files.ts';
import * as theirs from '../support/independent-member/message.ts';
import { Both, drawn, suite } from './both-implementations.ts';

const scalar = (text: string) => curve.bigEndian(fromHex(text));

/** Old shares of parties who go on, on the line 5 + 7x. */
function handOver(threshold: number, newToOld: readonly (readonly [number, number])[]) {
  const shareOf = (oldId: number) => 5n + 7n * BigInt(oldId + 1);
  const keys = newToOld.map(([, oldId]) => [oldId, mul2(G2.BASE, shareOf(oldId))] as const);
  return {
    old: { threshold, newToOld: new Map(newToOld), partialKeys: new Map(keys) },
    shareOf,
  };
}

describe('the vectors of the specification', () => {
  const { fresh, rotation, complaint } = deployed;
  const both = (of: typeof fresh | typeof rotation, old?: theirs.Ceremony['old']) =>
    new Both({
      id: of.committee_id,
      threshold: of.t,
      keys: of.parties.map(({ enc_sk, signing_sk }) => {
        return { encryption: scalar(enc_sk), signing: scalar(signing_sk) };
      }),
      old,
    });

  it('are what the other implementation makes, too', async () => {
    const first = both(fresh);
    for (const { sender, signed_message } of fresh.messages) {
      expect(toHex(first.dealTheirs(sender, `fresh/rng/${sender}`))).toBe(signed_message);
    }
    const { signed_message } = fresh.messages[complaint.accused] as (typeof fresh.messages)[0];
    const accused = theirs.decodeSigned(fromHex(signed_message));
    const { accuser } = complaint;
    const key = first.key(accuser);
    const draw = drawn('complaint/rng');
    const made = theirs.complain(first.theirs, accuser, key, accused.message, draw);
    expect(toHex(made)).toBe(complaint.complaint);
    expect(theirs.justified(first.theirs, accuser, made, accused)).toBe(false);

    const messages = fresh.messages.map((one) => fromHex(one.signed_message));
    const [found] = await first.complete(1, messages);
    const { key_server_pk, partial_pks, master_shares } = fresh.output;
    const expected = [key_server_pk, ...partial_pks, master_shares[1], fresh.messages_hash];
    expect(found).toBe(expected.map((text) => `0x${text}`).join('\n'));

    const newToOld = Object.entries(rotation.new_to_old).map(
      ([id, old]) => [Number(id), old] as const,
    );
    const partialKeys = new Map(
      fresh.output.partial_pks.map((text, id) => [id, G2.fromHex(text)] as const),
    );
    const old = { threshold: rotation.old_t, newToOld: new Map(newToOld), partialKeys };
    const second = both(rotation, old);
    for (const { sender, signed_message: text } of rotation.messages) {
      const share = scalar(fresh.output.master_shares[old.newToOld.get(sender) ?? -1] ?? '');
      expect(toHex(second.dealTheirs(sender, `rotation/rng/${sender}`, share))).toBe(text);
    }
    const dealt = rotation.messages.map((one) => fromHex(one.signed_message));
    const [rotated] = await second.complete(3, dealt);
    const { output, messages_hash } = rotation;
    const wanted = [
      output.key_server_pk,
      ...output.partial_pks,
      output.master_shares[3],
      messages_hash,
    ];
    expect(rotated).toBe(wanted.map((text) => `0x${text}`).join('\n'));
  });
});

describe('with the same randomness', () => {
  it.each([
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 5],
  ])('%i parties of threshold %i make the same first key', async (parties, threshold) => {
    const both = Both.of(`fresh ${parties} ${threshold}`, parties, threshold);
    const messages: Uint8Array[] = [];
    for (let party = 0; party < parties; party += 1) {
      const made = both.dealTheirs(party, `party ${party}`);
      expect(hex(await both.dealOurs(party, `party ${party}`))).toBe(hex(made));
      expect(hex(theirs.encodeSigned(theirs.decodeSigned(made)))).toBe(hex(made));
      const decoded = dkg.decodeSignedMessage(suite, made);
      expect(hex(dkg.encodeSignedMessage(suite, decoded))).toBe(hex(made));
      messages.push(made);
    }
    const [other, own] = await both.complete(parties - 1, messages);
    expect(own).toBe(other);
  });

  it.each<[string, number, number, readonly (readonly [number, number])[]]>([
    [
      '2 of old parties 0 and 1',
      3,
      2,
      [
        [0, 0],
        [1, 1],
      ],
    ],
    [
      '2 of old parties 4 and 2, in another order',
      4,
      3,
      [
        [3, 4],
        [1, 2],
      ],
    ],
    [
      '3 of old parties 9, 0 and 5',
      3,
      3,
      [
        [0, 9],
        [1, 0],
        [2, 5],
      ],
    ],
  ])('parties who hand over make the same messages and keys: %s', async (label, n, t, newToOld) => {
    const { old, shareOf } = handOver(newToOld.length, newToOld);
    const both = Both.of(label, n, t, old);
    const messages: Uint8Array[] = [];
    for (const [party, oldId] of newToOld) {
      const made = both.dealTheirs(party, `party ${party}`, shareOf(oldId));
      expect(hex(await both.dealOurs(party, `party ${party}`, shareOf(oldId)))).toBe(hex(made));
      messages.push(made);
    }
    const [other, own] = await both.complete(n - 1, messages);
    expect(own).toBe(other);
    const [key] = other.split('\n');
    expect(key).toBe(hex(mul2(G2.BASE, 5n).toBytes()));
  });
});

describe('verdicts on messages that are signed and wrong', () => {
  const { old, shareOf } = handOver(2, [
    [0, 1],
    [2, 0],
  ]);
  const fresh = Both.of('verdicts, fresh', 3, 2);
  const rotation = Both.of('verdicts, rotation', 3, 2, old);
  type Change = (honest: theirs.Signed) => Partial<theirs.Message> & Partial<theirs.Signed>;

  const CHANGES: readonly (readonly [string, 'share' | 'complaint' | 'refused', Change])[] = [
    ['nothing', 'share', () => ({})],
    ['the share of receiver 1', 'complaint', ({ message }) => ({ encs: swap(message.encs, 1, 2) })],
    [
      'the share of another receiver',
      'share',
      ({ message }) => ({ encs: swap(message.encs, 0, 2) }),
    ],
    ['a longer share', 'complaint', ({ message: { encs } }) => ({ encs: put(encs, 1, longer) })],
    ['a shorter share', 'complaint', ({ message: { encs } }) => ({ encs: put(encs, 1, shorter) })],
    [
      'no share',
      'refused',
      ({ message: { encs } }) => ({ encs: put(encs, 2, () => new Uint8Array()) }),
    ],
    ['too few shares', 'refused', ({ message }) => ({ encs: message.encs.slice(0, 2) })],
    ['too many shares', 'refused', ({ message: { encs } }) => ({ encs: [...encs, ...encs] })],
    ['a higher degree', 'refused', ({ message }) => ({ vss: [...message.vss, G2.BASE] })],
    ['a lower degree', 'refused', ({ message }) => ({ vss: message.vss.slice(0, 1) })],
    ['no commitments', 'refused', () => ({ vss: [] })],
    ['another secret', 'refused', ({ message }) => ({ vss: [G2.BASE, ...message.vss.slice(1)] })],
    ['no secret', 'refused', ({ message }) => ({ vss: [G2.ZERO, ...message.vss.slice(1)] })],
    [
      'another slope',
      'complaint',
      ({ message: { vss } }) => ({ vss: [...vss.slice(0, 1), G2.BASE] }),
    ],
    ['no slope', 'complaint', ({ message: { vss } }) => ({ vss: [...vss.slice(0, 1), G2.ZERO] })],
    ['another ephemeral key', 'refused', () => ({ c: G1.BASE })],
    ['no ephemeral key', 'refused', () => ({ c: G1.ZERO, cHat: G1.ZERO })],
    ['another second key', 'refused', () => ({ cHat: G1.BASE })],
    [
      'a wrong proof of the ephemeral key',
      'refused',
      ({ message: { proof } }) => ({ proof: { ...proof, z: mod(proof.z + 1n) } }),
    ],
    [
      'a wrong proof of the secret',
      'refused',
      ({ knowledge }) => ({ knowledge: { ...knowledge, z: mod(knowledge.z + 1n) } }),
    ],
    ['an empty proof', 'refused', ({ knowledge }) => ({ knowledge: { ...knowledge, z: 0n } })],
    ['another party as sender', 'refused', () => ({ sender: 1 })],
    ['a sender who is no party', 'refused', () => ({ sender: 3 })],
  ];

  it.each(CHANGES)('%s', async (_, expected, change) => {
    for (const [kind, both] of [
      ['fresh', fresh],
      ['rotation', rotation],
    ] as const) {
      const oldShare = kind === 'fresh' ? undefined : shareOf(1);
      const honest = theirs.deal(both.theirs, 0, both.key(0), drawn('dealer'), oldShare);
      const changes = change(honest);
      const message = { ...honest.message, ...changes } as theirs.Message;
      const content = { message, knowledge: changes.knowledge ?? honest.knowledge };
      const bytes = theirs.encodeSigned(theirs.sign(both.theirs, both.key(0), content));
      const verdict = both.receiveTheirs(1, bytes, 'complaint');
      expect(verdict.split(' ')[0]).toBe(expected);
      expect(await both.receiveOurs(1, bytes, 'complaint')).toBe(verdict);
      if (expected === 'complaint') await expectJustified(both, bytes, verdict);
    }
  });

  /** Everybody sees that receiver 1 is right, and that nobody else can say the same. */
  async function expectJustified(both: Both, bytes: Uint8Array, verdict: string): Promise<void> {
    const complaint = fromHex(verdict.split(' ')[1] ?? '');
    const signed = dkg.decodeSignedMessage(suite, bytes);
    const decoded = dkg.decodeComplaint(suite, complaint);
    for (const accuser of [0, 1, 2]) {
      const right = accuser === 1;
      expect(theirs.justified(both.theirs, accuser, complaint, theirs.decodeSigned(bytes))).toBe(
        right,
      );
      expect(await dkg.isComplaintValid(both.ours, accuser, decoded, signed.message)).toBe(right);
    }
  }

  it('a rotation takes only the old share of the sender, from who has one', async () => {
    for (const [party, secret] of [
      [0, 99n],
      [0, shareOf(0)],
      [1, shareOf(1)],
    ] as const) {
      const bytes = rotation.dealTheirs(party, 'dealer', secret);
      expect(rotation.receiveTheirs(2, bytes, 'x')).toBe('refused');
      expect(await rotation.receiveOurs(2, bytes, 'x')).toBe('refused');
    }
  });

  it('and on a message of another committee', async () => {
    const other = Both.of('verdicts, fresh', 3, 2);
    const renamed = new Both({ ...other.theirs, keys: other.keys, id: `0x${'1'.repeat(64)}` });
    const bytes = renamed.dealTheirs(0, 'dealer');
    expect(fresh.receiveTheirs(1, bytes, 'x')).toBe('refused');
    expect(await fresh.receiveOurs(1, bytes, 'x')).toBe('refused');
  });
});

describe('verdicts on bytes', () => {
  const both = Both.of('bytes', 3, 2);
  const good = both.dealTheirs(0, 'dealer');
  const SIGNATURE = good.length - 176;
  const changed = (at: number, bytes: readonly number[]) => {
    const copy = Uint8Array.from(good);
    copy.set(bytes, at);
    return copy;
  };
  /** sender 2, count 1, two commitments 192: then c. */
  const C = 195;
  const R_BYTES = [...curve.join(fromHex(curve.R.toString(16)))];

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['one byte less', good.slice(0, -1)],
    ['one byte more', Uint8Array.from([...good, 0])],
    [
      'a count that is not minimal',
      Uint8Array.from([...good.slice(0, 2), 0x82, 0, ...good.slice(3)]),
    ],
    ['a count beyond the end', changed(2, [0xff, 0xff, 0xff, 0xff])],
    ['a point without the flag of compression', changed(C, [(good[C] ?? 0) & 0x7f])],
    ['infinity with the flag of a sign', changed(C, [0xe0, ...Array<number>(47).fill(0)])],
    ['infinity with more after it', changed(C, [0xc0, ...Array<number>(46).fill(0), 1])],
    ['a point outside the subgroup', changed(C, [0x80, ...Array<number>(46).fill(0), 4])],
    [
      'a point with a coordinate beyond the field',
      changed(C, [0x9f, ...Array<number>(47).fill(0xff)]),
    ],
    ['a scalar beyond the order', changed(good.length - 32, R_BYTES)],
    ['a signature that is infinity', changed(SIGNATURE, [0xc0, ...Array<number>(47).fill(0)])],
    ['a signature of another sign', changed(SIGNATURE, [(good[SIGNATURE] ?? 0) ^ 0x20])],
  ])('%s is refused by both', async (_, bytes) => {
    expect(both.receiveTheirs(1, bytes, 'x')).toBe('refused');
    expect(await both.receiveOurs(1, bytes, 'x')).toBe('refused');
  });

  it('a bit changed anywhere is refused by both', async () => {
    for (let at = 0; at < good.length; at += 41) {
      const bytes = changed(at, [(good[at] ?? 0) ^ (1 << (at % 8))]);
      expect(both.receiveTheirs(1, bytes, 'x')).toBe('refused');
      expect(await both.receiveOurs(1, bytes, 'x')).toBe('refused');
    }
  });
});

describe('the other software', () => {
  it('shares no code with ours', () => {
    const source = new URL('../support/independent-member/', import.meta.url);
    for (const file of readdirSync(source)) {
      const text = readFileSync(new URL(file, source), 'utf8');
      const imported = [...text.matchAll(/ from '([^']+)'/g)].map(([, name]) => name);
      for (const name of imported) {
        expect(name).toMatch(/^(node:|@noble\/|@mysten\/sui\/|yaml$|\.\/\w+\.ts$)/);
      }
    }
  });

  const folder = temporaryFolder('other-software-');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes dkg.yaml in the form of serde_yaml', () => {
    const id = `0x${'ab'.repeat(32)}`;
    const ours = `# a note\ninit-params:\n  NETWORK: Testnet # here\n  THRESHOLD: 2\n  MEMBERS:\n    - "${id}"\n    - ${id}\n`;
    writeFileSync(join(folder, 'dkg.yaml'), ours);
    const config = new Config(folder);
    config.put('genkey-and-register', { MY_ADDRESS: id, MY_SERVER_URL: 'http://a.example:2024' });
    config.put('genkey-and-register', {
      MY_SERVER_NAME: Config.plain('12'),
      OTHER: '12',
    });
    config.put('process-all-and-propose', { PARTIAL_PKS_V0: [id, id] });
    const expected = `init-params:
  NETWORK: Testnet
  THRESHOLD: 2
  MEMBERS:
  - ${id}
  - ${id}
genkey-and-register:
  MY_ADDRESS: ${id}
  MY_SERVER_URL: http://a.example:2024
  MY_SERVER_NAME: 12
  OTHER: '12'
process-all-and-propose:
  PARTIAL_PKS_V0:
  - ${id}
  - ${id}
`;
    expect(readFileSync(join(folder, 'dkg.yaml'), 'utf8')).toBe(expected);
  });

  it('writes dkg.key as hex, for its owner only', () => {
    const keys = { encryption: 1n, signing: 2n };
    writeKeys(folder, keys);
    expect(readKeys(folder)).toEqual(keys);
    const { enc_sk, enc_pk } = JSON.parse(readFileSync(join(folder, 'dkg.key'), 'utf8'));
    expect([enc_sk, enc_pk]).toEqual([`0x${'1'.padStart(64, '0')}`, hex(G1.BASE.toBytes())]);
    expect(statSync(join(folder, 'dkg.key')).mode & 0o777).toBe(0o600);
  });
});

type Bytes = readonly Uint8Array[];
const put = (list: Bytes, at: number, change: (bytes: Uint8Array) => Uint8Array): Bytes =>
  list.map((bytes, i) => (i === at ? change(bytes) : bytes));
const longer = (bytes: Uint8Array) => Uint8Array.from([...bytes, 0]);
const shorter = (bytes: Uint8Array) => bytes.slice(0, -1);
const swap = (list: Bytes, i: number, j: number): Bytes =>
  list.map((bytes, at) => (at === i ? list[j] : at === j ? list[i] : bytes) as Uint8Array);
