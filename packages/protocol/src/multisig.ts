/**
 * Multisig signatures (seal-protocol.md §3.4) before they are verified: the legacy encoding is rewritten in
 * the current one, and signatures that do not belong to plain members are refused.
 */

import { bcs } from '@mysten/sui/bcs';
import { SIGNATURE_FLAG } from './constants.ts';
import { fromBase64, toHex } from './encoding.ts';

/** Schemes that a member of a multisig may sign with, by the flag of its public key. */
const MEMBER_SCHEMES = ['ED25519', 'Secp256k1', 'Secp256r1'] as const;

type Multisig = ReturnType<typeof bcs.MultiSig.parse>;

/**
 * The legacy encoding: members as Base64 text of flag and key, and the signers as a serialized
 * roaring bitmap. The rest is as in the current encoding, and so is the address.
 */
const LegacyMultisig = bcs.struct('LegacyMultisig', {
  sigs: bcs.vector(bcs.CompressedSignature),
  bitmap: bcs.vector(bcs.u8()),
  multisig_pk: bcs.struct('LegacyMultisigPublicKey', {
    pk_map: bcs.vector(bcs.tuple([bcs.string(), bcs.u8()])),
    threshold: bcs.u16(),
  }),
});

/**
 * A serialized multisig (flag first) in the current encoding; `undefined` when it must not be
 * accepted.
 */
export function plainMultisig(signature: Uint8Array): Uint8Array | undefined {
  const body = signature.subarray(1);
  const multisig = exactly(bcs.MultiSig, body) ?? fromLegacy(exactly(LegacyMultisig, body));
  if (multisig === undefined || !isPlain(multisig)) return undefined;
  return Uint8Array.of(SIGNATURE_FLAG.multisig, ...bcs.MultiSig.serialize(multisig).toBytes());
}

/**
 * Whether all members are of plain schemes, and every signature belongs to exactly one member and
 * is of that member's own scheme. The library reads a member's key by the scheme the *signature* names; without
 * this check a caller could have a key taken for one of another curve, or for a zkLogin identity,
 * which would also make the library reach out to a network.
 */
function isPlain({ sigs, bitmap, multisig_pk }: Multisig): boolean {
  const members = multisig_pk.pk_map.filter((_, i) => (bitmap & (1 << i)) !== 0);
  if (bitmap >>> multisig_pk.pk_map.length !== 0 || members.length !== sigs.length) return false;
  const isPlainScheme = (kind: string) => MEMBER_SCHEMES.some((scheme) => scheme === kind);
  if (!multisig_pk.pk_map.every(({ pubKey }) => isPlainScheme(pubKey.$kind))) return false;
  return sigs.every(({ $kind }, i) => members[i]?.pubKey.$kind === $kind);
}

/** Parses `bytes` if they are exactly one canonical value. */
function exactly<T, Input>(
  type: { parse(bytes: Uint8Array): T; serialize(value: Input): { toBytes(): Uint8Array } },
  bytes: Uint8Array,
): T | undefined {
  try {
    const value = type.parse(bytes);
    const again = type.serialize(value as unknown as Input).toBytes();
    return toHex(again) === toHex(bytes) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fromLegacy(legacy: ReturnType<typeof LegacyMultisig.parse> | undefined) {
  if (legacy === undefined) return undefined;
  const bitmap = fromRoaring(Uint8Array.from(legacy.bitmap));
  if (bitmap === undefined) return undefined;
  try {
    const pk_map = legacy.multisig_pk.pk_map.flatMap(([text, weight]) => {
      const [flag = MEMBER_SCHEMES.length, ...key] = fromBase64(text);
      const scheme = MEMBER_SCHEMES[flag];
      return scheme === undefined ? [] : [{ pubKey: { [scheme]: key }, weight }];
    });
    if (pk_map.length !== legacy.multisig_pk.pk_map.length) return undefined;
    const { threshold } = legacy.multisig_pk;
    const multisig = { sigs: legacy.sigs, bitmap, multisig_pk: { pk_map, threshold } };
    const bytes = bcs.MultiSig.serialize(multisig as unknown as Multisig).toBytes();
    return bcs.MultiSig.parse(bytes);
  } catch {
    return undefined;
  }
}

/** Roaring bitmap, portable format: containers of arrays, without runs. */
const ROARING_COOKIE = 12_346;
const ROARING_HEADER_BYTES = 16;
/** Most members of a multisig, and so the bits that a bitmap can have. */
const MAX_MEMBERS = 10;

/** One array container with key 0: cookie, count 1, key, cardinality − 1, offset, values. */
function fromRoaring(bytes: Uint8Array): number | undefined {
  if (bytes.length < ROARING_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const header = [view.getUint32(0, true), view.getUint32(4, true), view.getUint16(8, true)];
  const count = view.getUint16(10, true) + 1;
  if (header.join() !== `${ROARING_COOKIE},1,0`) return undefined;
  if (view.getUint32(12, true) !== ROARING_HEADER_BYTES) return undefined;
  if (bytes.length !== ROARING_HEADER_BYTES + 2 * count) return undefined;
  let bitmap = 0;
  let previous = -1;
  for (let i = 0; i < count; i++) {
    const index = view.getUint16(ROARING_HEADER_BYTES + 2 * i, true);
    if (index <= previous || index >= MAX_MEMBERS) return undefined;
    bitmap |= 1 << index;
    previous = index;
  }
  return bitmap;
}
