/**
 * Another member's software, part 2 of 5: dealing shares, checking those of others, and complaining
 * (dkg.md §6, §9 to §12). Every party has weight 1.
 */
import { createCipheriv } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import * as curve from './curve.ts';
import { blob, type Draw, G1, G2, join, mul1, mul2, Oracle, type P1, type P2 } from './curve.ts';

export interface Message {
  readonly sender: number;
  readonly vss: readonly P2[];
  readonly c: P1;
  readonly cHat: P1;
  readonly encs: readonly Uint8Array[];
  readonly proof: curve.TupleProof;
}

export interface Signed {
  readonly message: Message;
  readonly signature: P1;
  readonly knowledge: curve.KnowledgeProof;
}

/** What all members know of a ceremony. */
export interface Ceremony {
  /** `0x` and 64 hex digits. */
  readonly id: string;
  readonly threshold: number;
  readonly encryptionKeys: readonly P1[];
  readonly signingKeys: readonly P2[];
  /** In a rotation. */
  readonly old?: {
    readonly threshold: number;
    readonly newToOld: ReadonlyMap<number, number>;
    readonly partialKeys: ReadonlyMap<number, P2>;
  };
}

export interface Keys {
  readonly encryption: bigint;
  readonly signing: bigint;
}

// §4: the prefixes of a ceremony.
const root = ({ id }: Ceremony) => new Oracle(`SEAL_DKG_V0:${id}`);
const dealing = (of: Ceremony, sender: number) => root(of).extend(`encs ${sender}`);
const knowing = (of: Ceremony, sender: number) =>
  root(of).extend(`nizkpok of secret from ${sender}`);
const recovering = (of: Ceremony, accuser: number, accused: number) =>
  root(of).extend(`recovery of ${accuser} received from ${accused}`);

/** §6, 2: the second base of the ephemeral key. */
const secondBase = (oracle: Oracle, c: P1) =>
  curve.hashToG1(oracle.extend('g_hat').evaluate(c.toBytes()));

/** §6, 5: encrypts and decrypts; `shared` is the ephemeral key times the receiver's secret. */
function cipher(oracle: Oracle, receiver: number, shared: P1, data: Uint8Array): Uint8Array {
  const key = oracle.extend('encs').evaluate(curve.u64(receiver), shared.toBytes()).slice(0, 32);
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(data);
}

/** f(x) by Horner. */
const evaluate = (coefficients: readonly bigint[], x: bigint): bigint =>
  coefficients.reduceRight((sum, coefficient) => curve.mod(sum * x + coefficient), 0n);

/** f(x)·g2, from the commitments. */
export const evaluateKey = (vss: readonly P2[], x: bigint): P2 =>
  vss.reduceRight((sum, commitment) => mul2(sum, x).add(commitment), G2.ZERO);

/** §10. In a rotation `oldShare` is the secret. */
export function deal(of: Ceremony, me: number, keys: Keys, draw: Draw, oldShare?: bigint): Signed {
  const coefficients = Array.from({ length: of.threshold }, draw);
  if (oldShare !== undefined) coefficients[0] = oldShare;
  const oracle = dealing(of, me);
  const r = draw();
  const c = mul1(G1.BASE, r);
  const gHat = secondBase(oracle, c);
  const proof = curve.proveTuple(draw, r, gHat, oracle.extend('zk'));
  const encs = of.encryptionKeys.map((key, id) => {
    const share = curve.scalarBytes(evaluate(coefficients, BigInt(id + 1)));
    return cipher(oracle, id, mul1(key, r), curve.list([share]));
  });
  const vss = coefficients.map((coefficient) => mul2(G2.BASE, coefficient));
  const message = { sender: me, vss, c, cHat: mul1(gHat, r), encs, proof };
  const knowledge = curve.proveKnowledge(draw, coefficients[0] ?? 0n, knowing(of, me));
  return sign(of, keys, { message, knowledge });
}

/** §12. */
export function sign(of: Ceremony, keys: Keys, content: Omit<Signed, 'signature'>): Signed {
  return { ...content, signature: mul1(curve.hashToG1(payload(of, content)), keys.signing) };
}

function payload({ id }: Ceremony, { message, knowledge }: Omit<Signed, 'signature'>): Buffer {
  return join(
    blob(Buffer.from('SEAL_DKG_MESSAGE_SIGNATURE_V0')),
    Buffer.from(id.slice(2), 'hex'),
    encodeMessage(message),
    curve.encodeKnowledge(knowledge),
  );
}

function signatureHolds(of: Ceremony, key: P2, signed: Signed): boolean {
  if (key.is0()) return false;
  const hash = curve.hashToG1(payload(of, signed));
  const product = bls12_381.pairingBatch([
    { g1: signed.signature.negate(), g2: G2.BASE },
    { g1: hash, g2: key },
  ]);
  return bls12_381.fields.Fp12.eql(product, bls12_381.fields.Fp12.ONE);
}

/** Checks 1 to 7 of §11, and the signature: what needs no secret. Throws a TypeError with the reason. */
export function verify(of: Ceremony, signed: Signed): void {
  const { sender, vss, c, cHat, encs, proof } = signed.message;
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new TypeError(`message of party ${sender}: ${what}`);
  };
  const key = of.signingKeys[sender];
  if (key === undefined) throw new TypeError(`message of party ${sender}: unknown sender`);
  must(signatureHolds(of, key, signed), 'wrong signature');
  const [secretKey] = vss;
  if (secretKey === undefined) throw new TypeError(`message of party ${sender}: no commitments`);
  if (of.old !== undefined) {
    const expected = of.old.partialKeys.get(of.old.newToOld.get(sender) ?? -1);
    must(expected?.equals(secretKey) === true, 'it does not deal the old share');
  }
  must(curve.knowledgeHolds(signed.knowledge, secretKey, knowing(of, sender)), 'unknown secret');
  must(vss.length === of.threshold, 'wrong threshold');
  must(!secretKey.is0(), 'the secret is 0');
  must(encs.length === of.encryptionKeys.length, 'wrong number of shares');
  const oracle = dealing(of, sender);
  const gHat = secondBase(oracle, c);
  must(curve.tupleHolds(proof, gHat, c, cHat, oracle.extend('zk')), 'wrong encryption proof');
  must(
    encs.every(({ length }) => length > 0),
    'an empty share',
  );
}

/** Checks 8 and 9 of §11. */
function shareIn(message: Message, receiver: number, plaintext: Uint8Array): bigint | undefined {
  let share: bigint;
  try {
    const reader = new curve.Reader(plaintext);
    const shares = reader.end(reader.list(() => reader.scalar()));
    if (shares.length !== 1 || shares[0] === undefined) return undefined;
    [share] = shares;
  } catch {
    return undefined;
  }
  const expected = evaluateKey(message.vss, BigInt(receiver + 1));
  return mul2(G2.BASE, share).equals(expected) ? share : undefined;
}

/** §11: this member's share, or its complaint. Throws when the message is invalid for everybody. */
export function receive(
  of: Ceremony,
  me: number,
  keys: Keys,
  signed: Signed,
  draw: Draw,
): bigint | Uint8Array {
  verify(of, signed);
  const { message } = signed;
  const { c, encs, sender } = message;
  const shared = mul1(c, keys.encryption);
  const plaintext = cipher(dealing(of, sender), me, shared, encs[me] ?? new Uint8Array());
  return shareIn(message, me, plaintext) ?? complain(of, me, keys, message, draw);
}

/** §6, recovery package: opens this member's share for everybody, whatever it is. */
export function complain(
  of: Ceremony,
  me: number,
  keys: Keys,
  { c, sender }: Message,
  draw: Draw,
): Buffer {
  const shared = mul1(c, keys.encryption);
  const proof = curve.proveTuple(draw, keys.encryption, c, recovering(of, me, sender));
  return join(curve.u16(sender), shared.toBytes(), curve.encodeTuple(proof));
}

/** §11.4: whether a complaint shows that the sender of a valid message dealt a wrong share. */
export function justified(
  of: Ceremony,
  accuser: number,
  complaint: Uint8Array,
  { message }: Signed,
): boolean {
  const reader = new curve.Reader(complaint);
  const accused = reader.u16();
  const shared = reader.g1();
  const proof = reader.end(curve.readTuple(reader));
  const key = of.encryptionKeys[accuser];
  const { c, encs, sender } = message;
  if (accused !== sender || key === undefined) return false;
  const oracle = recovering(of, accuser, sender);
  if (!curve.tupleHolds(proof, c, key, shared, oracle)) return false;
  const data = encs[accuser] ?? new Uint8Array();
  return (
    shareIn(message, accuser, cipher(dealing(of, sender), accuser, shared, data)) === undefined
  );
}

// §9.
export function encodeMessage({ sender, vss, c, cHat, encs, proof }: Message): Buffer {
  return join(
    curve.u16(sender),
    curve.list(vss.map((point) => point.toBytes())),
    c.toBytes(),
    cHat.toBytes(),
    curve.list(encs.map(blob)),
    curve.encodeTuple(proof),
  );
}

export const encodeSigned = ({ message, signature, knowledge }: Signed): Buffer =>
  join(encodeMessage(message), signature.toBytes(), curve.encodeKnowledge(knowledge));

export function decodeSigned(bytes: Uint8Array): Signed {
  const reader = new curve.Reader(bytes);
  const message = {
    sender: reader.u16(),
    vss: reader.list(reader.g2),
    c: reader.g1(),
    cHat: reader.g1(),
    encs: reader.list(() => reader.take(reader.count())),
    proof: curve.readTuple(reader),
  };
  const signature = reader.g1();
  return reader.end({ message, signature, knowledge: curve.readKnowledge(reader) });
}
