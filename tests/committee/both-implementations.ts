/** One ceremony as our implementation and the independent one see it, side by side. */
import { sha3_512 } from '@noble/hashes/sha3.js';
import { fromHex, toHex } from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { nobleEngine } from '@seal-ts/crypto/noble';
import * as completion from '../support/independent-member/completion.ts';
import * as curve from '../support/independent-member/curve.ts';
import { type Draw, G1, G2, mod, mul1, mul2 } from '../support/independent-member/curve.ts';
import { hex } from '../support/independent-member/files.ts';
import * as theirs from '../support/independent-member/message.ts';

export const suite = dkg.deployedSuite(nobleEngine);

/** The randomness of dkg.md §17.3: the k-th draw of a label is SHA3-512 of `label:k`. */
function labelled(label: string): (n: number) => Uint8Array {
  let k = 0;
  return (n) => sha3_512(Buffer.from(`${label}:${k++}`)).slice(0, n);
}
export const drawn = (label: string): Draw => {
  const random = labelled(label);
  return () => mod(curve.bigEndian(random(64)));
};

/** A ceremony as both sides see it. */
export class Both {
  readonly theirs: theirs.Ceremony;
  readonly ours: dkg.DkgCeremony<ReturnType<typeof suite.keys.fromBytes>>;
  readonly keys: readonly theirs.Keys[];

  constructor(of: {
    readonly id: string;
    readonly threshold: number;
    readonly keys: readonly theirs.Keys[];
    readonly old?: theirs.Ceremony['old'];
  }) {
    const { id, threshold, keys, old } = of;
    this.keys = keys;
    const encryptionKeys = keys.map(({ encryption }) => mul1(G1.BASE, encryption));
    const signingKeys = keys.map(({ signing }) => mul2(G2.BASE, signing));
    this.theirs = { id, threshold, encryptionKeys, signingKeys, ...(old && { old }) };
    const nodes = encryptionKeys.map((key, party) => {
      return { id: party, publicKey: suite.keys.fromBytes(key.toBytes()), weight: 1 };
    });
    this.ours = {
      suite,
      threshold,
      nodes: dkg.makeNodes(suite.keys, nodes),
      oracle: dkg.RandomOracle.forCommittee(id),
      ...(old && { oldThreshold: old.threshold }),
    };
  }

  /** Of a committee with made-up keys. */
  static of(label: string, parties: number, threshold: number, old?: theirs.Ceremony['old']): Both {
    const draw = drawn(label);
    const keys = Array.from({ length: parties }, () => ({ encryption: draw(), signing: draw() }));
    const id = `0x${toHex(sha3_512(Buffer.from(label)).slice(0, 32))}`;
    return new Both({ id, threshold, keys, old });
  }

  key(party: number): theirs.Keys {
    return this.keys[party] as theirs.Keys;
  }

  dealTheirs(party: number, label: string, oldShare?: bigint): Uint8Array {
    const signed = theirs.deal(this.theirs, party, this.key(party), drawn(label), oldShare);
    return theirs.encodeSigned(signed);
  }

  async dealOurs(party: number, label: string, oldShare?: bigint): Promise<Uint8Array> {
    const { encryption, signing } = this.key(party);
    const signed = await dkg.createSignedMessage(
      this.ours,
      { encryptionKey: curve.scalarBytes(encryption), random: labelled(label) },
      {
        committeeId: fromHex(this.theirs.id),
        signingKey: curve.scalarBytes(signing),
        ...(oldShare !== undefined && { oldShare: curve.scalarBytes(oldShare) }),
      },
    );
    return dkg.encodeSignedMessage(suite, signed);
  }

  /** What a receiver makes of a message: its share, its complaint, or nothing but a refusal. */
  receiveTheirs(party: number, bytes: Uint8Array, label: string): string {
    try {
      const signed = theirs.decodeSigned(bytes);
      const found = theirs.receive(this.theirs, party, this.key(party), signed, drawn(label));
      return typeof found === 'bigint' ? `share ${found}` : `complaint ${hex(found)}`;
    } catch {
      return 'refused';
    }
  }

  async receiveOurs(party: number, bytes: Uint8Array, label: string): Promise<string> {
    try {
      const { complaint, shares } = await this.processOurs(party, bytes, label);
      if (complaint !== undefined) return `complaint ${hex(dkg.encodeComplaint(suite, complaint))}`;
      return `share ${curve.bigEndian(shares[0]?.value ?? new Uint8Array())}`;
    } catch {
      return 'refused';
    }
  }

  processOurs(party: number, bytes: Uint8Array, label = 'unused') {
    const { old, id, signingKeys } = this.theirs;
    const signed = dkg.decodeSignedMessage(suite, bytes);
    const expected = old?.partialKeys.get(old.newToOld.get(signed.message.sender) ?? -1);
    const { g2 } = nobleEngine;
    return dkg.processSignedMessage(
      this.ours,
      { encryptionKey: curve.scalarBytes(this.key(party).encryption), random: labelled(label) },
      signed,
      {
        committeeId: fromHex(id),
        signingKeys: new Map(signingKeys.map((key, i) => [i, g2.fromBytes(key.toBytes())])),
        ...(expected && { expectedPartialKey: g2.fromBytes(expected.toBytes()) }),
      },
    );
  }

  /** What both make of all messages, as text. */
  async complete(party: number, messages: readonly Uint8Array[]): Promise<[string, string]> {
    const dealt = messages.map((bytes) => {
      const signed = theirs.decodeSigned(bytes);
      const share = theirs.receive(this.theirs, party, this.key(party), signed, drawn('unused'));
      if (typeof share !== 'bigint') throw new TypeError('a wrong share');
      return { signed, share };
    });
    const key = completion.complete(this.theirs, dealt);
    const hash = completion.messagesHash(dealt.map(({ signed }) => signed));
    const processed = [];
    for (const bytes of messages) processed.push(await this.processOurs(party, bytes));
    const { used } = dkg.mergeMessages(this.ours, party, processed);
    const { old } = this.theirs;
    const output = old
      ? dkg.completeRotation(this.ours, used, old.newToOld)
      : dkg.completeFresh(this.ours, used);
    const { g2 } = nobleEngine;
    const partials = dkg.partialPublicKeys(this.ours, output.commitment);
    const decoded = messages.map((bytes) => dkg.decodeSignedMessage(suite, bytes));
    return [
      describeKey(
        key.publicKey.toBytes(),
        key.partialKeys.map((one) => one.toBytes()),
        {
          share: curve.scalarBytes(key.masterShare),
          hash,
        },
      ),
      describeKey(g2.toBytes(output.commitment[0] ?? g2.identity), partials.map(g2.toBytes), {
        share: output.shares?.[0]?.value ?? new Uint8Array(),
        hash: dkg.messagesHash(suite, decoded),
      }),
    ];
  }
}

function describeKey(
  key: Uint8Array,
  partials: readonly Uint8Array[],
  { share, hash }: { readonly share: Uint8Array; readonly hash: Uint8Array },
): string {
  return [key, ...partials, share, hash].map(hex).join('\n');
}
