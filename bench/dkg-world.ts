/**
 * A fresh key generation of `n` members, with the messages that all of them sent as bytes, so that
 * each engine can do the work of one member.
 */
import {
  type Engine,
  fromHex,
  type G1Point,
  type G2Point,
  scalarFromBigint,
} from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';

const COMMITTEE = 0x5ea1;
const FIRST_ENCRYPTION_KEY = 1_000_003n ** 12n;
const FIRST_SIGNING_KEY = 1_000_033n ** 12n;
/**
 * The member whose work is measured, in the middle: the higher the index, the more a check of its
 * share costs. Its own message is among those it processes.
 */
const memberOf = ({ n }: DkgSize) => Math.floor(n / 2);
/** The member whose message is looked at. */
const DEALER = 0;

export interface DkgSize {
  readonly n: number;
  readonly t: number;
}

type Processed = dkg.ProcessedMessage<G1Point>;

/** One engine's view of the ceremony: what a member has before it starts. */
class Member {
  readonly ceremony: dkg.DkgCeremony<G1Point>;
  readonly #options: dkg.VerifySignedMessageOptions;
  readonly #id: number;

  constructor(engine: Engine, { n, t }: DkgSize, id: number) {
    const { g1, g2 } = engine;
    const ids = Array.from({ length: n }, (_, i) => i);
    const list = ids.map((i) => ({
      id: i,
      publicKey: g1.mulOnce(g1.generator, encryptionKeyOf(i)),
      weight: 1,
    }));
    const committee = `0x${COMMITTEE.toString(16).padStart(64, '0')}`;
    this.ceremony = {
      suite: dkg.deployedSuite(engine),
      nodes: dkg.makeNodes(g1, list),
      threshold: t,
      oracle: dkg.RandomOracle.forCommittee(committee),
    };
    const signingKeys = new Map<number, G2Point>(
      ids.map((i) => [i, g2.mulOnce(g2.generator, signingKeyOf(i))]),
    );
    this.#options = { committeeId: fromHex(committee.slice(2)), signingKeys };
    this.#id = id;
  }

  /** Deals: from randomness to the bytes that are sent. */
  async create(): Promise<Uint8Array> {
    const signed = await dkg.createSignedMessage(
      this.ceremony,
      { encryptionKey: encryptionKeyOf(this.#id) },
      { committeeId: this.#options.committeeId, signingKey: signingKeyOf(this.#id) },
    );
    return dkg.encodeSignedMessage(this.ceremony.suite, signed);
  }

  decode(bytes: Uint8Array): dkg.SignedDkgMessage<G1Point> {
    return dkg.decodeSignedMessage(this.ceremony.suite, bytes);
  }

  /** What anybody checks, from bytes. */
  verify(bytes: Uint8Array): void {
    dkg.verifySignedMessage(this.ceremony, this.decode(bytes), this.#options);
  }

  /** What a member does with a message. */
  process(signed: dkg.SignedDkgMessage<G1Point>): Promise<Processed> {
    const deps = { encryptionKey: encryptionKeyOf(this.#id) };
    return dkg.processSignedMessage(this.ceremony, deps, signed, this.#options);
  }

  /** What a member does when it has all messages: everything that it proposes on chain. */
  complete(
    signed: readonly dkg.SignedDkgMessage<G1Point>[],
    processed: readonly Processed[],
  ): void {
    const { ceremony } = this;
    const { g2 } = ceremony.suite.engine;
    const { used } = dkg.mergeMessages(ceremony, this.#id, processed);
    const { commitment } = dkg.completeFresh(ceremony, used);
    for (const key of dkg.partialPublicKeys(ceremony, commitment)) g2.toBytes(key);
    dkg.messagesHash(ceremony.suite, signed);
  }
}

/** The operations that are measured, on one engine. */
export interface DkgWork {
  create(): Promise<void>;
  verify(): Promise<void>;
  process(): Promise<void>;
  complete(): Promise<void>;
  ceremony(): Promise<void>;
}

/** The messages of all members, and what they hold for the measured one. */
export class DkgWorld {
  readonly #size: DkgSize;
  readonly #messages: readonly Uint8Array[];
  readonly #shares: readonly (readonly dkg.KeyShare[])[];

  private constructor(
    size: DkgSize,
    messages: readonly Uint8Array[],
    shares: readonly (readonly dkg.KeyShare[])[],
  ) {
    this.#size = size;
    this.#messages = messages;
    this.#shares = shares;
  }

  /** `engine` only prepares. */
  static async create(engine: Engine, size: DkgSize): Promise<DkgWorld> {
    const messages: Uint8Array[] = [];
    for (let id = 0; id < size.n; id++) messages.push(await new Member(engine, size, id).create());
    const me = new Member(engine, size, memberOf(size));
    const shares: (readonly dkg.KeyShare[])[] = [];
    for (const bytes of messages) shares.push((await me.process(me.decode(bytes))).shares);
    return new DkgWorld(size, messages, shares);
  }

  workOn(engine: Engine): DkgWork {
    const me = new Member(engine, this.#size, memberOf(this.#size));
    const messages = this.#messages;
    const signed = messages.map((bytes) => me.decode(bytes));
    const processed = signed.map(({ message }, i) => {
      return { message, shares: this.#shares[i] as readonly dkg.KeyShare[], complaint: undefined };
    });
    const one = messages[DEALER] as Uint8Array;
    return {
      create: async () => void (await me.create()),
      verify: async () => me.verify(one),
      process: async () => void (await me.process(me.decode(one))),
      complete: async () => me.complete(signed, processed),
      async ceremony() {
        await me.create();
        const received = messages.map((bytes) => me.decode(bytes));
        const results: Processed[] = [];
        for (const message of received) results.push(await me.process(message));
        me.complete(received, results);
      },
    };
  }
}

function encryptionKeyOf(id: number): Uint8Array {
  return scalarFromBigint(FIRST_ENCRYPTION_KEY + BigInt(id));
}

function signingKeyOf(id: number): Uint8Array {
  return scalarFromBigint(FIRST_SIGNING_KEY + BigInt(id));
}
