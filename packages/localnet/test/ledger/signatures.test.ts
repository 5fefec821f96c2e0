/** Signatures of every scheme, sponsors, and what is refused (sui-ledger.md §13). */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { MultiSigPublicKey } from '@mysten/sui/multisig';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { parseSigners, verifyAnySignature, verifySigners } from '../../src/ledger/signatures.ts';
import { GAS, Ptb } from './support/ptb.ts';
import { World } from './support/world.ts';

const secret = new Uint8Array(32).fill(7);
const ed = Ed25519Keypair.fromSecretKey(secret);
const k1 = Secp256k1Keypair.fromSecretKey(secret);
const r1 = Secp256r1Keypair.fromSecretKey(secret);
const message = new Uint8Array([1, 2, 3, 4]);
const multisig = MultiSigPublicKey.fromPublicKeys({
  threshold: 2,
  publicKeys: [ed, k1, r1].map((key) => ({ publicKey: key.getPublicKey(), weight: 1 })),
});

const sign = async (key: { signTransaction(bytes: Uint8Array): Promise<{ signature: string }> }) =>
  (await key.signTransaction(message)).signature;

async function combined(...keys: (typeof ed | typeof k1 | typeof r1)[]): Promise<Uint8Array> {
  const parts = await Promise.all(keys.map(sign));
  return base64.decode(multisig.combinePartialSignatures(parts));
}

describe('schemes', () => {
  for (const [name, key] of Object.entries({ ed, k1, r1 })) {
    it(`${name}: valid, wrong message, flipped bits`, async () => {
      const bytes = base64.decode(await sign(key));
      const address = key.toSuiAddress();
      await verifySigners(message, parseSigners([bytes], [address]));
      const parsed = parseSigners([bytes], [address]);
      await expect(verifySigners(new Uint8Array([9]), parsed)).rejects.toThrow(/not valid/);
      for (const at of [1, 33, 64]) {
        const wrong = bytes.slice();
        wrong[at]! ^= 1;
        const verdict = await verifyAnySignature({
          scope: 'transaction',
          message,
          signature: wrong,
        });
        expect(verdict.kind).toBe('invalid');
      }
    });
  }

  it('multisig: two of three in any pair, not one', async () => {
    const address = multisig.toSuiAddress();
    for (const pair of [
      [ed, k1],
      [k1, r1],
      [ed, r1],
    ] as const) {
      await verifySigners(message, parseSigners([await combined(...pair)], [address]));
    }
    const single = parseSigners([await combined(ed)], [address]);
    await expect(verifySigners(message, single)).rejects.toThrow(/not valid/);
  });

  it('multisig: bitmap and signatures must agree', async () => {
    const signature = await combined(ed, k1);
    // The bitmap stands after the flag and the two compressed signatures of 65 bytes each.
    const at = 1 + 1 + 2 * 65;
    expect(signature[at]).toBe(0b011);
    for (const bitmap of [0b001, 0b111, 0b101, 0b1011]) {
      const wrong = signature.slice();
      wrong[at] = bitmap;
      const verdict = await verifyAnySignature({ scope: 'transaction', message, signature: wrong });
      expect(verdict.kind).not.toBe('valid');
    }
  });

  it('zkLogin is refused by name', async () => {
    const zk = new Uint8Array([5, 1, 2, 3]);
    expect(() => parseSigners([zk], [ed.toSuiAddress()])).toThrow(
      'zkLogin signatures are not supported on localnet',
    );
    expect(await verifyAnySignature({ scope: 'transaction', message, signature: zk })).toEqual({
      kind: 'invalid',
      reason: 'zkLogin signatures are not supported on localnet',
    });
  });

  it('garbage is unparseable, whatever its first byte', async () => {
    for (const first of [0, 1, 2, 3, 4, 6, 7, 255]) {
      for (const length of [1, 33, 97, 98]) {
        const signature = new Uint8Array(length).fill(0x41);
        signature[0] = first;
        const verdict = await verifyAnySignature({ scope: 'transaction', message, signature });
        expect(verdict.kind).not.toBe('valid');
      }
    }
    const long = new Uint8Array(9000);
    expect(() => parseSigners([long], [ed.toSuiAddress()])).toThrow(/too long/);
  });
});

describe('signers', () => {
  it('counts and names them', async () => {
    const bytes = base64.decode(await sign(ed));
    const other = k1.toSuiAddress();
    expect(() => parseSigners([], [other])).toThrow('Expect 1 signer signatures but got 0');
    expect(() => parseSigners([bytes, bytes], [other])).toThrow(
      'Expect 1 signer signatures but got 2',
    );
    expect(() => parseSigners([bytes], [other])).toThrow(
      `Required Signature from ${other} is absent`,
    );
    expect(() => parseSigners([bytes, bytes], [ed.toSuiAddress(), other])).toThrow(/is absent/);
  });

  it('a sponsor pays, with both signatures in any order', async () => {
    const world = await World.create();
    const ptb = new Ptb();
    ptb.transfer([ptb.split(GAS, [ptb.u64(500)])], ptb.address(world.a));
    const { transaction } = world.simulate(ptb, world.a, { gas: { owner: world.b } });
    expect(transaction.gasData.owner).toBe(world.b);
    await expect(world.sign(transaction, world.alice)).rejects.toMatchObject({
      reason: 'SignatureCount',
      rejectionClass: 'signature',
    });
    const before = world.coins(world.a).length;
    const executed = await world.sign(transaction, world.bob, world.alice);
    expect(executed.effects.status).toEqual({ success: true });
    expect(world.coins(world.a)).toHaveLength(before + 1);
    const paid = executed.balanceChanges.find(({ address }) => address === world.b)!;
    expect(paid.amount).toBeLessThan(-500n);
  });
});
