/** User signatures (seal-protocol.md §3.4) and the table of refusals (§4.4). */
import { bcs } from '@mysten/sui/bcs';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { MultiSigPublicKey } from '@mysten/sui/multisig';
import { describe, expect, it } from 'vitest';
import {
  fromBase64,
  isServerErrorName,
  MAX_SIGNATURE_BYTES,
  parseServerErrorBody,
  SERVER_ERROR_NAMES,
  SealServerError,
  statusOfServerError,
  toBase64,
  verifyUserSignature,
} from '../src/index.ts';

const message = new TextEncoder().encode('Accessing keys of package …');
const seed = new Uint8Array(32).fill(9);
const keypairs = {
  Ed25519: Ed25519Keypair.fromSecretKey(seed),
  Secp256k1: Secp256k1Keypair.fromSecretKey(seed),
  Secp256r1: Secp256r1Keypair.fromSecretKey(seed),
};

describe.each(Object.entries(keypairs))('%s', (_name, keypair) => {
  const address = keypair.toSuiAddress();
  const sign = async (): Promise<Uint8Array> =>
    fromBase64((await keypair.signPersonalMessage(message)).signature);

  it('verifies for its own message and address only', async () => {
    const signature = await sign();
    expect(await verifyUserSignature({ message, signature, address })).toBe('valid');
    const other = `0x${'1'.repeat(64)}`;
    expect(await verifyUserSignature({ message, signature, address: other })).toBe('invalid');
    const changed = new TextEncoder().encode('other');
    expect(await verifyUserSignature({ message: changed, signature, address })).toBe('invalid');
  });

  it('refuses damage, truncation and extension', async () => {
    const signature = await sign();
    const damaged = Uint8Array.from(signature);
    damaged[5]! ^= 1;
    for (const bad of [damaged, signature.subarray(0, -1), Uint8Array.of(...signature, 0)]) {
      expect(await verifyUserSignature({ message, signature: bad, address })).toBe('invalid');
    }
  });
});

describe('multisig', () => {
  const publicKey = MultiSigPublicKey.fromPublicKeys({
    threshold: 2,
    publicKeys: Object.values(keypairs).map((keypair) => ({
      publicKey: keypair.getPublicKey(),
      weight: 1,
    })),
  });
  const address = publicKey.toSuiAddress();

  it('needs its threshold', async () => {
    const signatures = await Promise.all(
      Object.values(keypairs).map(async (k) => (await k.signPersonalMessage(message)).signature),
    );
    const combine = (n: number): Uint8Array =>
      fromBase64(publicKey.combinePartialSignatures(signatures.slice(0, n)));
    const verdict = (n: number) => verifyUserSignature({ message, signature: combine(n), address });
    expect(await verdict(2)).toBe('valid');
    expect(await verdict(3)).toBe('valid');
    expect(await verdict(1)).toBe('invalid');
  });

  /** A valid one of the first two members, changed. */
  const changed = async (change: (parsed: ReturnType<typeof bcs.MultiSig.parse>) => void) => {
    const signers = Object.values(keypairs).slice(0, 2);
    const signatures = await Promise.all(
      signers.map(async (k) => (await k.signPersonalMessage(message)).signature),
    );
    const parsed = bcs.MultiSig.parse(
      fromBase64(publicKey.combinePartialSignatures(signatures)).subarray(1),
    );
    change(parsed);
    return Uint8Array.of(3, ...bcs.MultiSig.serialize(parsed).toBytes());
  };
  const verdictOn = (signature: Uint8Array) => verifyUserSignature({ message, signature, address });

  it.each([
    ['a signature counted for a member that did not sign', 0b101],
    ['a bit behind the last member', 0b1011],
    ['fewer bits than signatures', 0b001],
    ['no bits', 0],
  ])('is refused with %s', async (_name, bitmap) => {
    const signature = await changed((parsed) => {
      parsed.bitmap = bitmap;
    });
    expect(await verdictOn(signature)).toBe('invalid');
  });

  it.each(['ZkLogin', 'Secp256r1', 'Passkey'] as const)(
    'is refused when it takes a member key for a %s key',
    async (scheme) => {
      const signature = await changed((parsed) => {
        const bytes = [...(Object.values(parsed.sigs[1]!)[0] as Iterable<number>)];
        parsed.sigs[1] = { $kind: scheme, [scheme]: bytes } as never;
      });
      expect(await verdictOn(signature)).toBe('invalid');
    },
  );

  it.each(['ZkLogin', 'Passkey'] as const)('is refused with a %s member', async (scheme) => {
    const signature = await changed((parsed) => {
      const bytes = [
        ...(Object.values(parsed.multisig_pk.pk_map[2]!.pubKey)[0] as Iterable<number>),
      ];
      parsed.multisig_pk.pk_map[2]!.pubKey = { $kind: scheme, [scheme]: bytes } as never;
    });
    const parsed = bcs.MultiSig.parse(signature.subarray(1));
    const account = new MultiSigPublicKey(parsed.multisig_pk).toSuiAddress();
    expect(await verifyUserSignature({ message, signature, address: account })).toBe('invalid');
  });

  it('is what those are made from', async () => {
    expect(await verdictOn(await changed(() => undefined))).toBe('valid');
  });

  describe('in the legacy encoding', () => {
    const Legacy = bcs.struct('Legacy', {
      sigs: bcs.vector(bcs.CompressedSignature),
      bitmap: bcs.vector(bcs.u8()),
      pk_map: bcs.vector(bcs.tuple([bcs.string(), bcs.u8()])),
      threshold: bcs.u16(),
    });
    /** Roaring bitmap: cookie 12346, one container, key 0, cardinality − 1, offset 16, values. */
    const bitmapOf = (...indices: number[]) => {
      const header = [12_346, 0, 1, 0, 0, indices.length - 1, 16, 0];
      return [...header, ...indices].flatMap((word) => [word & 0xff, word >> 8]);
    };
    async function legacy(bitmap: number[], tail: number[] = []): Promise<Uint8Array> {
      const current = bcs.MultiSig.parse((await changed(() => undefined)).subarray(1));
      const pk_map = publicKey
        .getPublicKeys()
        .map((member) => [toBase64(member.publicKey.toSuiBytes()), member.weight] as const);
      const { sigs } = current;
      const value = { sigs, bitmap, pk_map, threshold: publicKey.getThreshold() };
      const bytes = Legacy.serialize(value as never).toBytes();
      return Uint8Array.of(3, ...bytes, ...tail);
    }

    it('is accepted for the same account', async () => {
      expect(await verdictOn(await legacy(bitmapOf(0, 1)))).toBe('valid');
    });
    it.each([
      ['other signers', bitmapOf(0, 2)],
      ['one signer twice', bitmapOf(0, 0)],
      ['signers out of order', bitmapOf(1, 0)],
      ['a signer behind the last', bitmapOf(0, 10)],
      ['too few signers', bitmapOf(0)],
      ['too many signers', bitmapOf(0, 1, 2)],
      ['no bitmap', []],
      ['a bitmap with a tail', [...bitmapOf(0, 1), 0]],
    ])('is refused with %s', async (_name, bitmap) => {
      expect(await verdictOn(await legacy(bitmap))).toBe('invalid');
    });
    it('is refused with bytes behind it', async () => {
      expect(await verdictOn(await legacy(bitmapOf(0, 1), [0]))).toBe('invalid');
    });
  });
});

describe('other signatures', () => {
  const address = keypairs.Ed25519.toSuiAddress();

  it('zkLogin needs a node', async () => {
    const signature = Uint8Array.of(5, 1, 2, 3);
    expect(await verifyUserSignature({ message, signature, address })).toBe('needsNode');
  });

  it.each([
    ['empty', new Uint8Array()],
    ['unknown flag', Uint8Array.of(4, ...new Uint8Array(96))],
    ['flag 255', Uint8Array.of(255)],
    ['broken multisig', Uint8Array.of(3, 9, 9, 9)],
    ['broken passkey', Uint8Array.of(6, 1, 2)],
    ['too long', new Uint8Array(MAX_SIGNATURE_BYTES + 1)],
  ])('%s is invalid', async (_name, signature) => {
    expect(await verifyUserSignature({ message, signature, address })).toBe('invalid');
  });

  it('a malformed address is invalid, not an exception', async () => {
    const { signature } = await keypairs.Ed25519.signPersonalMessage(message);
    const input = { message, signature: fromBase64(signature), address: 'nobody' };
    expect(await verifyUserSignature(input)).toBe('invalid');
  });
});

describe('refusals', () => {
  it('carry the names, statuses and texts of the protocol', () => {
    const table = SERVER_ERROR_NAMES.map((name) => {
      const error = new SealServerError(name, 'DETAIL');
      return `${error.status} ${JSON.stringify(error.toBody())}`;
    });
    expect(table).toMatchInlineSnapshot(`
      [
        "403 {"error":"InvalidPTB","message":"Invalid PTB: DETAIL"}",
        "403 {"error":"InvalidPackage","message":"Invalid package ID"}",
        "403 {"error":"NoAccess","message":"Access denied: DETAIL"}",
        "403 {"error":"InvalidSignature","message":"Invalid user signature"}",
        "403 {"error":"InvalidSessionSignature","message":"Invalid session key signature"}",
        "403 {"error":"InvalidCertificate","message":"Invalid certificate time or ttl"}",
        "403 {"error":"InvalidParameter","message":"Invalid parameter to PTB: DETAIL"}",
        "403 {"error":"InvalidMVRName","message":"Invalid MVR name"}",
        "400 {"error":"InvalidSDKType","message":"Invalid SDK type"}",
        "400 {"error":"InvalidSDKVersion","message":"Invalid SDK version"}",
        "400 {"error":"MissingRequiredHeader","message":"Missing required header: DETAIL"}",
        "400 {"error":"InvalidServiceId","message":"Invalid service ID"}",
        "400 {"error":"UnsupportedPackageId","message":"Unsupported package ID"}",
        "426 {"error":"DeprecatedSDKVersion","message":"Deprecated SDK version"}",
        "503 {"error":"Failure","message":"Internal server error, please try again later"}",
      ]
    `);
  });

  it('keep internal details out of the answer', () => {
    const error = new SealServerError('Failure', 'secret node name');
    expect(JSON.stringify(error.toBody())).not.toContain('secret');
    expect(error.detail).toBe('secret node name');
  });

  it('give unknown names 503', () => {
    expect(isServerErrorName('toString')).toBe(false);
    expect(statusOfServerError('Brandnew')).toBe(503);
    expect(statusOfServerError('NoAccess')).toBe(403);
  });

  it('are read from bodies of exactly that shape', () => {
    expect(parseServerErrorBody({ error: 'A', message: 'b', x: 1 })).toEqual({
      error: 'A',
      message: 'b',
    });
    for (const bad of [null, 'x', [], {}, { error: 'A' }, { error: 1, message: 'b' }]) {
      expect(parseServerErrorBody(bad)).toBeUndefined();
    }
  });
});
