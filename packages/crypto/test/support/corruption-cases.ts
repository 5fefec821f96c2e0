/** A fresh and a rotation message of small committees, to be damaged. */

import type { G2Point } from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { type Ceremony, ceremonyOf } from './committees.ts';
import { scalar } from './helpers.ts';
import { dealSigned, type OnChain, type Signed, signingKeysOf } from './protocol.ts';

export interface CorruptionCase {
  readonly name: string;
  readonly ceremony: Ceremony;
  readonly onChain: OnChain;
  readonly dealer: number;
  readonly signed: Signed;
  readonly bytes: Uint8Array;
}

const DEALER = 1;

async function caseOf(
  name: string,
  ceremony: Ceremony,
  oldShare?: Uint8Array,
): Promise<CorruptionCase> {
  const { g2 } = ceremony.suite.engine;
  const signed = await dealSigned(ceremony, name, DEALER, oldShare);
  const partialKeys: [number, G2Point][] =
    oldShare === undefined
      ? []
      : ceremony.nodes.list.map(({ id }) => [id, g2.mul(g2.generator, oldShare)]);
  return {
    name,
    ceremony,
    onChain: { signingKeys: signingKeysOf(ceremony), partialKeys: new Map(partialKeys) },
    dealer: DEALER,
    signed,
    bytes: dkg.encodeSignedMessage(ceremony.suite, signed),
  };
}

/** 2 of 3, and a rotation from threshold 2 to 3 of 4. */
export const corruptionCases: readonly CorruptionCase[] = [
  await caseOf('fresh', ceremonyOf(3, 2)),
  await caseOf('rotation', ceremonyOf(4, 3, 2), scalar(0xa1d5ba4e)),
];
