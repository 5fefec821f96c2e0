/**
 * Cryptographic natives against known answers: RFCs, and the vectors of Sui's framework tests.
 * Source: move-vm.md §6.4.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, it } from 'vitest';
import { ByteVector, type Value } from '../../src/index.ts';
import { vmError } from '../binary/expect-error.ts';
import { call, hex, toHex, utf8 } from './call.ts';

const abortCode = (work: () => unknown): bigint | undefined => vmError(work).subStatus;

/** The bytes with one bit changed. */
function flipped(bytes: ByteVector, at: number): ByteVector {
  const copy = bytes.copy();
  copy.set(at, copy.at(at) ^ 1);
  return copy;
}

describe('hash and hmac', () => {
  it.each([
    [
      'blake2b256',
      'hello world!',
      '4fccfb4d98d069558aa93e9565f997d81c33b080364efd586e77a433ddffc5e2',
    ],
    ['keccak256', '', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
  ])('%s', (name, text, expected) => {
    expect(toHex(call(`0x2::hash::${name}`, [utf8(text)]))).toBe(expected);
  });

  it('hmac_sha3_256 (NIST sample: 32-byte key)', () => {
    const key = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
    const message = utf8('Sample message for keylen<blocklen');
    expect(toHex(call('0x2::hmac::hmac_sha3_256', [key, message]))).toBe(
      '4fe8e202c4f058e8dddc23d8c34e467343e23555e24fc2f025d598f558f67205',
    );
  });
});

describe('address', () => {
  it('converts', () => {
    const seven = `0x${'7'.padStart(64, '0')}`;
    expect(call('0x2::address::from_u256', [7n])).toBe(seven);
    expect(call('0x2::address::to_u256', [seven])).toBe(7n);
    expect(call('0x2::address::from_bytes', [hex('07'.padStart(64, '0'))])).toBe(seven);
    expect(call('0x2::address::to_u256', [`0x${'f'.repeat(64)}`])).toBe((1n << 256n) - 1n);
  });

  it.each([31, 33, 0])('aborts with 0 for %i bytes', (length) => {
    expect(abortCode(() => call('0x2::address::from_bytes', [hex('00'.repeat(length))]))).toBe(0n);
  });
});

describe('ed25519', () => {
  const verify = (...args: Value[]) => call('0x2::ed25519::ed25519_verify', args);
  // RFC 8032, test 2.
  const key = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = hex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );

  it('verifies, and refuses what was changed', () => {
    expect(verify(signature, key, hex('72'))).toBe(true);
    expect(verify(signature, key, hex('73'))).toBe(false);
    expect(verify(flipped(signature, 3), key, hex('72'))).toBe(false);
    expect(verify(signature, flipped(key, 0), hex('72'))).toBe(false);
    expect(verify(hex('00'.repeat(63)), key, hex('72'))).toBe(false);
    expect(verify(signature, hex('00'), hex('72'))).toBe(false);
  });

  it('takes small-order keys as ZIP-215 does', () => {
    const identity = hex(`01${'00'.repeat(31)}`);
    expect(verify(hex(`01${'00'.repeat(63)}`), identity, utf8('anything'))).toBe(true);
    expect(ed25519.Point.fromHex(`01${'00'.repeat(31)}`).equals(ed25519.Point.ZERO)).toBe(true);
  });
});

describe('ecdsa_k1', () => {
  const recover = (...args: Value[]) => call('0x2::ecdsa_k1::secp256k1_ecrecover', args);
  const key = '02337cca2171fdbfcfd657fa59881f46269f1e590b5ffab6023686c7ad2ecc2c1c';
  const message = utf8('Hello, world!');
  const keccak = hex(
    '7e4237ebfbc36613e166bfc5f6229360a9c1949242da97ca04867e4de57b2df30c8340bcb320328cf46d71bda51fcb519e3ce53b348eec62de852e350edbd88600',
  );
  const sha = hex(
    'e5847245b38548547f613aaea3421ad47f5b95a222366fb9f9b8c57568feb19c7077fc31e7d83e00acc1347d08c3e1ad50a4eeb6ab044f25c861ddc7be5b8f9f01',
  );
  const compact = (signature: ByteVector): ByteVector => {
    const short = signature.copy();
    short.pop();
    return short;
  };

  it('recovers', () => {
    expect(toHex(recover(keccak, message, 0))).toBe(key);
    expect(toHex(recover(sha, message, 1))).toBe(key);
  });

  it('aborts with 1 for bad signature bytes, 0 when there is no key', () => {
    expect(abortCode(() => recover(compact(sha), message, 1))).toBe(1n);
    expect(abortCode(() => recover(hex('00'.repeat(65)), message, 1))).toBe(1n);
    const badRecovery = sha.copy();
    badRecovery.set(64, 4);
    expect(abortCode(() => recover(badRecovery, message, 1))).toBe(1n);
    expect(abortCode(() => recover(sha, message, 2))).toBe(0n);
  });

  it('verifies', () => {
    const verify = (...args: Value[]) => call('0x2::ecdsa_k1::secp256k1_verify', args);
    expect(verify(compact(sha), hex(key), message, 1)).toBe(true);
    expect(verify(compact(keccak), hex(key), message, 0)).toBe(true);
    expect(verify(compact(sha), hex(key), message, 0)).toBe(false);
    expect(verify(compact(sha), hex(key), message, 2)).toBe(false);
    expect(verify(flipped(compact(sha), 5), hex(key), message, 1)).toBe(false);
    expect(verify(sha, hex(key), message, 1)).toBe(false);
    expect(verify(compact(sha), hex(key.slice(2)), message, 1)).toBe(false);
    const { r, s } = secp256k1.Signature.fromBytes(compact(sha).view(), 'compact');
    const high = new secp256k1.Signature(r, secp256k1.Point.Fn.ORDER - s).toBytes('compact');
    expect(verify(hex(Buffer.from(high).toString('hex')), hex(key), message, 1)).toBe(false);
  });

  it('decompresses keys', () => {
    const decompress = (bytes: Value) => call('0x2::ecdsa_k1::decompress_pubkey', [bytes]);
    const expected = secp256k1.Point.fromHex(key).toHex(false);
    expect(toHex(decompress(hex(key)))).toBe(expected);
    expect(abortCode(() => decompress(hex(expected)))).toBe(2n);
    expect(abortCode(() => decompress(hex(`05${key.slice(2)}`)))).toBe(2n);
  });

  it('signs for tests, with what it verifies', () => {
    const pair = call('0x2::ecdsa_k1::secp256k1_keypair_from_seed', [
      hex('42'.repeat(32)),
    ]) as Value[];
    const sign = (recoverable: boolean, hash = 1, secret = pair[0]!) =>
      call('0x2::ecdsa_k1::secp256k1_sign', [secret, message, hash, recoverable])!;
    expect(toHex(recover(sign(true), message, 1))).toBe(toHex(pair[1]));
    expect(call('0x2::ecdsa_k1::secp256k1_verify', [sign(false), pair[1]!, message, 1])).toBe(true);
    expect(abortCode(() => sign(false, 1, hex('00'.repeat(32))))).toBe(3n);
    expect(abortCode(() => sign(false, 2))).toBe(4n);
    expect(abortCode(() => call('0x2::ecdsa_k1::secp256k1_keypair_from_seed', [hex('42')]))).toBe(
      5n,
    );
  });
});

describe('ecdsa_r1', () => {
  const key = '0227322b3a891a0a280d6bc1fb2cbb23d28f54906fd6407f5f741f6def5762609a';
  const message = utf8('Hello, world!');
  const recover = (...args: Value[]) => call('0x2::ecdsa_r1::secp256r1_ecrecover', args);

  it.each([
    [
      0,
      '209841acabd0fdf6d25fa0948b2f5c6c74f930eede89c6fce59502218a3134a147535921bf0cdf5d1990f6f0b3dadb8c05069ddc531db057d325857ce198a52900',
    ],
    [
      1,
      '26d84720652d8bc4ddd1986434a10b3b7b69f0e35a17c6a5987e6d1cba69652f4384a342487642df5e44592d304bea0ceb0fae2e347fa3cec5ce1a8144cfbbb200',
    ],
  ])('recovers and verifies with hash %i', (hash, signature) => {
    expect(toHex(recover(hex(signature), message, hash))).toBe(key);
    const compact = hex(signature.slice(0, 128));
    expect(call('0x2::ecdsa_r1::secp256r1_verify', [compact, hex(key), message, hash])).toBe(true);
    expect(call('0x2::ecdsa_r1::secp256r1_verify', [compact, hex(key), message, 1 - hash])).toBe(
      false,
    );
    expect(p256.Point.fromHex(key).toHex()).toBe(key);
  });

  it('refuses a high s, as the network does on both curves', () => {
    const low = p256.Signature.fromBytes(
      hex(
        '26d84720652d8bc4ddd1986434a10b3b7b69f0e35a17c6a5987e6d1cba69652f4384a342487642df5e44592d304bea0ceb0fae2e347fa3cec5ce1a8144cfbbb2',
      ).view(),
      'compact',
    );
    const signature = (s: bigint): ByteVector =>
      new ByteVector(new p256.Signature(low.r, s).toBytes('compact'));
    const verify = (s: bigint) =>
      call('0x2::ecdsa_r1::secp256r1_verify', [signature(s), hex(key), message, 1]);
    expect(verify(low.s)).toBe(true);
    expect(verify(p256.Point.Fn.ORDER - low.s)).toBe(false);
  });

  it('aborts with 1 for bad signature bytes', () => {
    expect(abortCode(() => recover(hex('00'.repeat(64)), message, 1))).toBe(1n);
  });
});

describe('ecvrf', () => {
  const verify = (...args: Value[]) => call('0x2::ecvrf::ecvrf_verify', args);
  const output = hex(
    '4fad431c7402fa1d4a7652e975aeb9a2b746540eca0b1b1e59c8d19c14a7701918a8249136e355455b8bc73851f7fc62c84f2e39f685b281e681043970026ed8',
  );
  const key = hex('1ea6f0f467574295a2cd5d21a3fd3a712ade354d520d3bd0fe6088d7b7c2e00e');
  const proof = hex(
    'd8ad2eafb4f2eaf317447726e541359f26dfce248431fe09984fdc73144abb6ceb006c57a29a742eae5a81dd04239870769e310a81046cbbaff8b0bd27a6d6affee167ebba50549b58ffdf9aa192f506',
  );
  const alpha = utf8('Hello, world!');

  it('verifies the published vector', () => {
    expect(verify(output, alpha, key, proof)).toBe(true);
    expect(verify(output, utf8('Hello'), key, proof)).toBe(false);
    expect(verify(flipped(output, 9), alpha, key, proof)).toBe(false);
    expect(verify(output, alpha, key, flipped(proof, 33))).toBe(false);
    expect(verify(output, alpha, hex('00'.repeat(32)), proof)).toBe(false);
  });

  it('aborts with 1, 2 or 3 for a bad hash length, key or proof', () => {
    expect(abortCode(() => verify(hex('00'), alpha, key, proof))).toBe(1n);
    expect(abortCode(() => verify(output, alpha, hex('ff'.repeat(32)), proof))).toBe(2n);
    expect(abortCode(() => verify(output, alpha, key, hex('00')))).toBe(3n);
    expect(abortCode(() => verify(output, alpha, key, hex('ff'.repeat(80))))).toBe(3n);
  });
});

describe('poseidon', () => {
  const littleEndian = (value: bigint): ByteVector => {
    const text = value.toString(16).padStart(64, '0');
    return hex((text.match(/../g) ?? []).reverse().join(''));
  };
  const hash = (inputs: readonly bigint[]) =>
    call('0x2::poseidon::poseidon_bn254_internal', [inputs.map(littleEndian)]);
  const upTo = (count: number): bigint[] => Array.from({ length: count }, (_, i) => BigInt(i + 1));

  it.each<[bigint[], bigint]>([
    [[1n], 18586133768512220936620570745912940619677854269274689475585506675881198879027n],
    [[0n], 19014214495641488759237505126948346942972912379615652741039992445865937985820n],
    [upTo(2), 7853200120776062878684798364095072458815029376092732009249414926327459813530n],
    [upTo(15), 4203130618016961831408770638653325366880478848856764494148034853759773445968n],
  ])('hashes the published vectors (%#)', (inputs, expected) => {
    expect(toHex(hash(inputs))).toBe(toHex(littleEndian(expected)));
  });

  it('aborts for none, too many and non-canonical inputs', () => {
    expect(abortCode(() => hash([]))).toBe(1n);
    expect(abortCode(() => hash(upTo(17)))).toBe(2n);
    expect(abortCode(() => hash([(1n << 256n) - 1n]))).toBe(0n);
    expect(toHex(hash(upTo(16)))).toHaveLength(64);
  });
});
