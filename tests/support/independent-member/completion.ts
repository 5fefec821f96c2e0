/**
 * Another member's software, part 3 of 5: from everybody's messages to a key (dkg.md §11.2, §11.3, §14).
 */
import { blake2b } from '@noble/hashes/blake2.js';
import * as curve from './curve.ts';
import { G2, mod, mul2, type P2 } from './curve.ts';
import { type Ceremony, encodeSigned, evaluateKey, type Signed } from './message.ts';

export interface Dealt {
  readonly signed: Signed;
  /** This member's. */
  readonly share: bigint;
}

export interface Key {
  readonly publicKey: P2;
  readonly partialKeys: readonly P2[];
  /** This member's. */
  readonly masterShare: bigint;
}

/** §14, 5. */
export function messagesHash(messages: readonly Signed[]): Uint8Array {
  const sorted = messages.toSorted((a, b) => a.message.sender - b.message.sender);
  return blake2b(curve.list(sorted.map(encodeSigned)), { dkLen: 32 });
}

/** λ of each point at zero (§11.3). */
export function lagrange(points: readonly bigint[]): bigint[] {
  return points.map((own) =>
    points
      .filter((other) => other !== own)
      .reduce((product, other) => mod(product * other * curve.inverse(other - own)), 1n),
  );
}

/** §11.2 without, §11.3 with an old committee. */
export function complete(of: Ceremony, dealt: readonly Dealt[]): Key {
  const weights = weightsOf(of, dealt);
  const weighted = <T>(combine: (one: Dealt, weight: bigint) => T): T[] =>
    dealt.map((one, i) => combine(one, weights[i] ?? 0n));
  const vss = Array.from({ length: of.threshold }, (_, k) =>
    weighted(({ signed }, weight) => mul2(signed.message.vss[k] ?? G2.ZERO, weight)).reduce(
      (sum, point) => sum.add(point),
      G2.ZERO,
    ),
  );
  return {
    publicKey: vss[0] ?? G2.ZERO,
    partialKeys: of.encryptionKeys.map((_, id) => evaluateKey(vss, BigInt(id + 1))),
    masterShare: mod(weighted(({ share }, weight) => share * weight).reduce((a, b) => a + b, 0n)),
  };
}

function weightsOf({ old, encryptionKeys }: Ceremony, dealt: readonly Dealt[]): bigint[] {
  const needed = old?.threshold ?? encryptionKeys.length;
  if (dealt.length !== needed) throw new TypeError(`requires exactly ${needed} messages`);
  if (old === undefined) return dealt.map(() => 1n);
  const points = dealt.map(({ signed }) => {
    const oldId = old.newToOld.get(signed.message.sender);
    if (oldId === undefined) throw new TypeError('Invalid new party ID');
    return BigInt(oldId + 1);
  });
  return lagrange(points);
}
