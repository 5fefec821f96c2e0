/**
 * User signatures (sui-ledger.md §3.3, §3.4, §13), on the client library's own verifiers.
 *
 * Ed25519 asks Node's native verifier first, ten times faster: what it accepts, the library accepts
 * too (cofactorless acceptance implies ZIP-215 acceptance). Only its refusals are checked again.
 */
import { createPublicKey, verify as nativeVerify } from 'node:crypto';
import {
  messageWithIntent,
  type PublicKey,
  parseSerializedSignature,
} from '@mysten/sui/cryptography';
import { MultiSigPublicKey } from '@mysten/sui/multisig';
import { publicKeyFromRawBytes } from '@mysten/sui/verify';
import { base64 } from '@scure/base';
import type { SignatureScope, SignatureVerdict } from './api.ts';
import { blake2b256 } from './digests.ts';
import { RejectedTransaction } from './errors.ts';
import { MAX_SIGNATURE_BYTES } from './limits.ts';
import { normalizeAddress } from './vm.ts';

const FLAG_ED25519 = 0x00;
const FLAG_ZKLOGIN = 0x05;
const ED25519_SIGNATURE_BYTES = 64;
const ED25519_SERIALIZED_BYTES = 97;
/** DER head of an Ed25519 SubjectPublicKeyInfo (RFC 8410); the raw key follows. */
const ED25519_SPKI_HEAD = Uint8Array.from([48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0]);

const ZKLOGIN_UNSUPPORTED = 'zkLogin signatures are not supported on localnet';

interface ParsedSignature {
  readonly serialized: Uint8Array;
  readonly text: string;
  readonly publicKey: PublicKey;
  readonly address: string;
}

class UnparseableSignature {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Checks number and form of the signatures; answers them parsed, for `verifySigners`. */
export function parseSigners(
  signatures: readonly Uint8Array[],
  required: readonly string[],
): readonly ParsedSignature[] {
  if (signatures.length !== required.length) {
    signatureProblem(
      'SignatureCount',
      `Expect ${required.length} signer signatures but got ${signatures.length}`,
    );
  }
  const parsed = signatures.map((bytes, index) => {
    const signature = parse(bytes);
    if (signature instanceof UnparseableSignature) {
      signatureProblem('InvalidSignature', signature.reason, index);
    }
    return signature;
  });
  for (const address of required) {
    if (!parsed.some((signature) => signature.address === address)) {
      signatureProblem('InvalidSignature', `Required Signature from ${address} is absent`);
    }
  }
  return parsed;
}

/** Throws RejectedTransaction unless every signature is valid over the transaction bytes. */
export async function verifySigners(
  transactionBytes: Uint8Array,
  signatures: readonly ParsedSignature[],
): Promise<void> {
  for (const signature of signatures) {
    const valid = await isValid('transaction', transactionBytes, signature);
    if (!valid) {
      signatureProblem(
        'InvalidSignature',
        `Signature is not valid: signer ${signature.address} did not sign these bytes`,
      );
    }
  }
}

/** VerifySignature of the RPC (§2.3). */
export async function verifyAnySignature(request: {
  readonly scope: SignatureScope;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly address?: string | undefined;
}): Promise<SignatureVerdict> {
  if (request.signature[0] === FLAG_ZKLOGIN) {
    return { kind: 'invalid', reason: ZKLOGIN_UNSUPPORTED };
  }
  const signature = parse(request.signature);
  if (signature instanceof UnparseableSignature) {
    return { kind: 'unparseable', reason: signature.reason };
  }
  if (request.address !== undefined && normalizeAddress(request.address) !== signature.address) {
    return {
      kind: 'invalid',
      reason: `signature is by ${signature.address}, not by ${request.address}`,
    };
  }
  if (await isValid(request.scope, request.message, signature)) return { kind: 'valid' };
  return { kind: 'invalid', reason: 'signature does not match the message' };
}

function signatureProblem(
  reason: 'SignatureCount' | 'InvalidSignature',
  message: string,
  signatureIndex?: number,
): never {
  throw new RejectedTransaction(reason, message, {
    rejectionClass: 'signature',
    ...(signatureIndex === undefined ? {} : { signatureIndex }),
  });
}

function parse(serialized: Uint8Array): ParsedSignature | UnparseableSignature {
  if (serialized.length > MAX_SIGNATURE_BYTES) {
    return new UnparseableSignature(`signature of ${serialized.length} bytes is too long`);
  }
  if (serialized[0] === FLAG_ZKLOGIN) return new UnparseableSignature(ZKLOGIN_UNSUPPORTED);
  const text = base64.encode(serialized);
  try {
    const parsed = parseSerializedSignature(text);
    if (parsed.signatureScheme === 'MultiSig') {
      const problem = multisigProblem(parsed.multisig);
      if (problem !== undefined) return new UnparseableSignature(problem);
    }
    const publicKey =
      parsed.signatureScheme === 'MultiSig'
        ? new MultiSigPublicKey(parsed.multisig.multisig_pk)
        : publicKeyFromRawBytes(parsed.signatureScheme, parsed.publicKey);
    return { serialized, text, publicKey, address: publicKey.toSuiAddress() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown form';
    return new UnparseableSignature(`cannot parse signature: ${detail}`);
  }
}

interface MultisigForm {
  readonly bitmap: number;
  readonly sigs: readonly object[];
  readonly multisig_pk: { readonly pk_map: readonly { readonly pubKey: object }[] };
}

/** Form rules that the library's verifier leaves open (§13.3). */
function multisigProblem({ bitmap, sigs, multisig_pk }: MultisigForm): string | undefined {
  const members = multisig_pk.pk_map;
  if (bitmap >= 2 ** members.length) return 'multisig bitmap names a member that is not there';
  const signers = members.filter((_, index) => (bitmap & (1 << index)) !== 0);
  if (signers.length !== sigs.length) return 'multisig bitmap and signatures differ in number';
  for (const [index, signature] of sigs.entries()) {
    const scheme = schemeOf(signature);
    if (scheme === 'ZkLogin') return ZKLOGIN_UNSUPPORTED;
    if (scheme !== schemeOf(signers[index]!.pubKey)) {
      return 'multisig signature and member differ in scheme';
    }
  }
  return undefined;
}

/** The variant name of a decoded enum value. */
function schemeOf(value: object): string | undefined {
  return Object.keys(value).find((key) => key !== '$kind');
}

async function isValid(
  scope: SignatureScope,
  message: Uint8Array,
  signature: ParsedSignature,
): Promise<boolean> {
  const intent = scope === 'transaction' ? 'TransactionData' : 'PersonalMessage';
  const digest = blake2b256(messageWithIntent(intent, message));
  if (isNativelyValid(digest, signature.serialized)) return true;
  try {
    return await signature.publicKey.verify(digest, signature.text);
  } catch {
    // The library throws for some malformed proofs (points off the curve, bad multisig members).
    return false;
  }
}

function isNativelyValid(digest: Uint8Array, serialized: Uint8Array): boolean {
  if (serialized[0] !== FLAG_ED25519 || serialized.length !== ED25519_SERIALIZED_BYTES)
    return false;
  const proof = serialized.subarray(1, 1 + ED25519_SIGNATURE_BYTES);
  const key = new Uint8Array(ED25519_SPKI_HEAD.length + 32);
  key.set(ED25519_SPKI_HEAD);
  key.set(serialized.subarray(1 + ED25519_SIGNATURE_BYTES), ED25519_SPKI_HEAD.length);
  try {
    const spki = createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' });
    return nativeVerify(null, digest, spki, proof);
  } catch {
    return false;
  }
}
