import { bcs } from '@mysten/sui/bcs';
import type { Signer } from '@mysten/sui/cryptography';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { MultiSigPublicKey, MultiSigSigner } from '@mysten/sui/multisig';
import { blake2b } from '@noble/hashes/blake2.js';
import { ChainError } from '@seal-ts/chain';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { fromBase64, MAX_SIGNATURE_BYTES, personalMessage, toBase64 } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { VERIFIED_SIGNATURES_MAX, VerifiedSignatures } from '../src/fetch-key/signatures.ts';
import { createRequest, post, type RequestOptions, SESSION, USER } from './support/client.ts';
import { createWorld, PACKAGE, T0, type World } from './support/world.ts';

const PATH = '/v1/fetch_key';
const MINUTE = 60_000;
const OTHER = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(8));

async function outcome(world: World, body: unknown): Promise<string> {
  const res = await world.app.request(PATH, post(body));
  return res.status === 200 ? 'ok' : (await res.json()).error;
}

async function ask(options: Partial<RequestOptions>, world?: World): Promise<string> {
  const { body } = await createRequest({ engine, ...options });
  return await outcome(world ?? (await createWorld()), body);
}

describe('time rules', () => {
  it.each([
    ['created now', { creationTimeMs: T0 }, 'ok'],
    ['created 1 ms in the future', { creationTimeMs: T0 + 1 }, 'InvalidCertificate'],
    ['at its last millisecond', { creationTimeMs: T0 - 10 * MINUTE }, 'ok'],
    ['1 ms after', { creationTimeMs: T0 - 10 * MINUTE - 1 }, 'InvalidCertificate'],
    ['with the longest ttl', { ttlMin: 30 }, 'ok'],
    ['with a longer ttl', { ttlMin: 31 }, 'InvalidCertificate'],
    ['with a ttl that wraps in 16 bits', { ttlMin: 1093 }, 'InvalidCertificate'],
    ['with the largest ttl', { ttlMin: 65_535 }, 'InvalidCertificate'],
    ['with no ttl, created now', { ttlMin: 0, creationTimeMs: T0 }, 'ok'],
    ['with no ttl, created 1 ms ago', { ttlMin: 0, creationTimeMs: T0 - 1 }, 'InvalidCertificate'],
    ['created at the epoch', { creationTimeMs: 0 }, 'InvalidCertificate'],
  ] as const)('a session %s → %s', async (_name, options, expected) => {
    expect(await ask(options)).toBe(expected);
  });

  it('follows session_key_ttl_max, in fractions of a minute too', async () => {
    const world = await createWorld({ sessionTtlMaxMs: 90_000 });
    expect(await ask({ ttlMin: 1 }, world)).toBe('ok');
    expect(await ask({ ttlMin: 2 }, world)).toBe('InvalidCertificate');
  });

  it('expires a session that was good before, although its signature is remembered', async () => {
    const world = await createWorld();
    const { body } = await createRequest({ engine, creationTimeMs: T0 });
    expect(await outcome(world, body)).toBe('ok');
    world.clock.nowMs += 10 * MINUTE + 1;
    expect(await outcome(world, body)).toBe('InvalidCertificate');
  });
});

describe('signature schemes', () => {
  const ed = USER;
  const k1 = Secp256k1Keypair.fromSecretKey(new Uint8Array(32).fill(3));
  const r1 = Secp256r1Keypair.fromSecretKey(new Uint8Array(32).fill(4));
  const multisig = MultiSigPublicKey.fromPublicKeys({
    threshold: 2,
    publicKeys: [ed, k1, r1].map((pair) => ({ publicKey: pair.getPublicKey(), weight: 1 })),
  });
  const address = multisig.toSuiAddress();
  const signers = (a: Signer, b: Signer) => new MultiSigSigner(multisig, [a, b]);

  it.each([
    ['Ed25519', ed],
    ['Secp256k1', k1],
    ['Secp256r1', r1],
    ['multisig', signers(ed, r1)],
  ] as const)('%s is accepted, and refused for another account', async (_name, user) => {
    expect(await ask({ user })).toBe('ok');
    expect(await ask({ user, address: OTHER.toSuiAddress() })).toBe('InvalidSignature');
  });

  const multisigOf = async (change: (parsed: ReturnType<typeof bcs.MultiSig.parse>) => unknown) => {
    const message = (await createRequest({ engine, user: signers(ed, k1) })).message;
    const { signature } = await signers(ed, k1).signPersonalMessage(message);
    const parsed = bcs.MultiSig.parse(fromBase64(signature).subarray(1));
    change(parsed);
    const bytes = bcs.MultiSig.serialize(parsed as never).toBytes();
    return toBase64(Uint8Array.of(3, ...bytes));
  };
  it.each(['ZkLogin', 'Secp256r1', 'Passkey'] as const)(
    'refuses a multisig that takes a member key for a %s key',
    async (scheme) => {
      const signature = await multisigOf((parsed) => {
        const bytes = [...(Object.values(parsed.sigs[1]!)[0] as Iterable<number>)];
        parsed.sigs[1] = { $kind: scheme, [scheme]: bytes } as never;
      });
      expect(await ask({ signature, address })).toBe('InvalidSignature');
    },
  );

  it('accepts the multisig those are made from', async () => {
    const signature = await multisigOf(() => undefined);
    expect(await ask({ signature, address })).toBe('ok');
  });

  it('refuses an Ed25519 key that is no point, for the account of that key', async () => {
    const key = Uint8Array.of(2, ...new Uint8Array(31));
    const account = blake2b(Uint8Array.of(0, ...key), { dkLen: 32 });
    const signature = toBase64(Uint8Array.of(0, ...new Uint8Array(64), ...key));
    const options = { signature, address: `0x${Buffer.from(account).toString('hex')}` };
    expect(await ask(options)).toBe('InvalidSignature');
  });

  it.each([
    ['empty', new Uint8Array()],
    ['unknown flag 4', Uint8Array.of(4, ...new Uint8Array(96))],
    ['flag 255', Uint8Array.of(255)],
    ['Ed25519, cut', Uint8Array.of(0, ...new Uint8Array(95))],
    ['Ed25519, longer', Uint8Array.of(0, ...new Uint8Array(97))],
    ['Ed25519, zeros', Uint8Array.of(0, ...new Uint8Array(96))],
    ['Secp256k1, zeros', Uint8Array.of(1, ...new Uint8Array(97))],
    ['multisig, garbage', Uint8Array.of(3, 1, 2, 3)],
    ['passkey, garbage', Uint8Array.of(6, ...new Uint8Array(200))],
  ])('refuses %s', async (_name, bytes) => {
    expect(await ask({ signature: toBase64(bytes) })).toBe('InvalidSignature');
  });

  it('refuses a transaction signature over the same bytes', async () => {
    const { message } = await createRequest({ engine });
    const { signature } = await USER.signWithIntent(message, 'TransactionData');
    expect(await ask({ signature })).toBe('InvalidSignature');
  });
});

describe('zkLogin', () => {
  const signature = toBase64(Uint8Array.of(5, ...new Uint8Array(300)));
  const address = `0x${'77'.repeat(32)}`;

  it('is decided by the full node, on every request', async () => {
    const world = await createWorld();
    const { body, message } = await createRequest({ engine, signature, address });
    expect(await outcome(world, body)).toBe('ok');
    expect(world.chain.zkLogins[0]).toMatchObject({ message, address });
    world.chain.zkLogin = false;
    expect(await outcome(world, body)).toBe('InvalidSignature');
  });

  it('is not asked about signatures of absurd size', async () => {
    const world = await createWorld();
    const large = (size: number) => toBase64(Uint8Array.of(5, ...new Uint8Array(size - 1)));
    expect(await ask({ signature: large(MAX_SIGNATURE_BYTES), address }, world)).toBe('ok');
    const refused = await ask({ signature: large(MAX_SIGNATURE_BYTES + 1), address }, world);
    expect(refused).toBe('InvalidSignature');
    expect(world.chain.zkLogins).toHaveLength(1);
  });

  it('fails when the full node cannot be asked', async () => {
    const world = await createWorld();
    world.chain.zkLogin = new ChainError('UNAVAILABLE', 'down');
    expect(await ask({ signature, address }, world)).toBe('Failure');
  });
});

describe('forged and replayed certificates', () => {
  async function tampered(fields: Record<string, unknown>): Promise<string> {
    const world = await createWorld();
    const { body } = await createRequest({ engine });
    expect(await outcome(world, body)).toBe('ok');
    const certificate = { ...body.certificate, ...fields };
    return await outcome(world, { ...body, certificate });
  }
  it.each([
    ['user', OTHER.toSuiAddress()],
    ['ttl_min', 11],
    ['creation_time', T0],
    ['session_vk', toBase64(OTHER.getPublicKey().toRawBytes())],
    ['mvr_name', '@my/app'],
  ])('a changed %s invalidates the user signature', async (field, value) => {
    expect(await tampered({ [field]: value })).toBe('InvalidSignature');
  });

  it('another key for the answer needs a new request signature', async () => {
    const world = await createWorld();
    const mine = await createRequest({ engine });
    const theirs = await createRequest({ engine });
    for (const field of ['enc_key', 'enc_verification_key'] as const) {
      const body = { ...mine.body, [field]: theirs.body[field] };
      expect(await outcome(world, body)).toBe('InvalidSessionSignature');
    }
  });

  it('a certificate does not open another transaction', async () => {
    const world = await createWorld();
    const mine = await createRequest({ engine });
    const other = await createRequest({ engine, ids: [Uint8Array.of(9)] });
    expect(await outcome(world, { ...mine.body, ptb: other.body.ptb })).toBe(
      'InvalidSessionSignature',
    );
  });

  it('a session key signed by another user opens nothing', async () => {
    const { body } = await createRequest({ engine, session: SESSION, user: OTHER });
    const mine = await createRequest({ engine });
    const certificate = { ...mine.body.certificate, signature: body.certificate.signature };
    expect(await outcome(await createWorld(), { ...mine.body, certificate })).toBe(
      'InvalidSignature',
    );
  });

  it('a name in the certificate replaces the package in the signed text', async () => {
    const world = await createWorld();
    expect(await ask({ mvrName: '@my/app' }, world)).toBe('ok');
    expect(await ask({ mvrName: '@my/app', packageName: PACKAGE }, world)).toBe('InvalidSignature');
    expect(await ask({ mvrName: null }, world)).toBe('ok');
  });
});

describe('remembered signatures', () => {
  const message = personalMessage({
    packageName: PACKAGE,
    ttlMin: 1,
    creationTimeMs: T0,
    sessionKey: new Uint8Array(32),
  });
  const signed = { address: `0x${'11'.repeat(32)}`, message, signature: Uint8Array.of(1, 2, 3) };

  it('remembers successes only', async () => {
    const verified = new VerifiedSignatures();
    const results = [false, true];
    let calls = 0;
    const verify = async () => results[calls++] ?? false;
    expect(await verified.check(signed, verify)).toBe(false);
    expect(await verified.check(signed, verify)).toBe(true);
    expect(await verified.check(signed, verify)).toBe(true);
    expect(calls).toBe(2);
  });

  it('tells apart what differs in any byte, or in where one part ends', async () => {
    const verified = new VerifiedSignatures();
    await verified.check(signed, async () => true);
    const no = async () => false;
    const shifted = {
      ...signed,
      message: Uint8Array.of(...signed.message, 1),
      signature: Uint8Array.of(2, 3),
    };
    for (const other of [
      { ...signed, address: `0x${'12'.repeat(32)}` },
      { ...signed, signature: Uint8Array.of(1, 2, 4) },
      shifted,
    ]) {
      expect(await verified.check(other, no)).toBe(false);
    }
  });

  it('is bounded', async () => {
    const verified = new VerifiedSignatures();
    for (let i = 0; i <= VERIFIED_SIGNATURES_MAX; i++) {
      const signature = Uint8Array.of(i & 255, i >> 8);
      await verified.check({ ...signed, signature }, async () => true);
    }
    expect(verified.size).toBe(VERIFIED_SIGNATURES_MAX);
  });

  it('still looks up aliases on every request', async () => {
    const world = await createWorld();
    const { body } = await createRequest({ engine });
    await outcome(world, body);
    await outcome(world, body);
    expect(world.chain.calls.filter((call) => call === 'objectExists')).toHaveLength(2);
  });
});
