/** A member who signs a message that holds a wrong share for one of the others. */
import {
  createSignedMessage,
  deployedSuite,
  encodeSignedMessage,
  makeNodes,
  RandomOracle,
} from '@seal-ts/crypto/dkg';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { fromHex, toHex } from '@seal-ts/protocol';
import type { Person } from './person.ts';

/** What is used of `state.json`. */
interface State {
  readonly config: {
    readonly nodes: { readonly nodes: readonly { readonly pk: string }[] };
    readonly committee_id: string;
    readonly threshold: number;
    readonly old_threshold: number;
    readonly my_old_share: string;
  };
}

/**
 * Text of a message file in a rotation: everything that all can check is right, and what only `victim`
 * can open was encrypted to somebody else.
 */
export async function dishonestMessage(dealer: Person, victim: number): Promise<string> {
  const { config } = JSON.parse(dealer.read('state.json')) as State;
  const keys = JSON.parse(dealer.read('dkg.key')) as { enc_sk: string; signing_sk: string };
  const suite = deployedSuite(nobleEngine);
  const elsewhere = suite.keys.mul(suite.keys.generator, new Uint8Array(32).fill(7));
  const nodes = config.nodes.nodes.map(({ pk }, id) => ({
    id,
    weight: 1,
    publicKey: id === victim ? elsewhere : suite.keys.fromBytes(Buffer.from(pk, 'base64')),
  }));
  const signed = await createSignedMessage(
    {
      suite,
      nodes: makeNodes(suite.keys, nodes),
      threshold: config.threshold,
      oldThreshold: config.old_threshold,
      oracle: RandomOracle.forCommittee(config.committee_id),
    },
    { encryptionKey: fromHex(keys.enc_sk) },
    {
      committeeId: fromHex(config.committee_id),
      signingKey: fromHex(keys.signing_sk),
      oldShare: Buffer.from(config.my_old_share, 'base64'),
    },
  );
  return JSON.stringify({ message: toHex(encodeSignedMessage(suite, signed)) });
}
