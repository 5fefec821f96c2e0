/**
 * `dkg.key`: the keys of one member for one ceremony (seal-protocol.md §6.4). Made once and never
 * replaced: with another key the member could not open what the others encrypted to it.
 */
import { type Engine, type RandomSource, randomScalar } from '@seal-ts/crypto';
import { createPrivateFile, readTextFile } from '@seal-ts/wallet/files';
import { CommitteeError } from '../errors.ts';
import { bytesFromHex, G1_BYTES, G2_BYTES, hex, SCALAR_BYTES } from './hex.ts';

export interface DkgKey {
  /** ECIES secret scalar. */
  readonly encryptionSecret: Uint8Array;
  /** G1. */
  readonly encryptionKey: Uint8Array;
  /** BLS secret scalar. */
  readonly signingSecret: Uint8Array;
  /** G2. */
  readonly signingKey: Uint8Array;
}

/** Undefined when there is no such file. Errors: COMMITTEE_STATE, FILE. */
export function findDkgKey(engine: Engine, path: string): DkgKey | undefined {
  const text = readTextFile(path);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the file.
    throw new CommitteeError('COMMITTEE_STATE', `${path}: it is not JSON`);
  }
  const field = (name: string, length: number): Uint8Array => {
    const found = (value as Record<string, unknown> | null)?.[name];
    if (typeof found !== 'string') {
      throw new CommitteeError('COMMITTEE_STATE', `${path}: ${name} is missing`);
    }
    return bytesFromHex(found, length, `${path}: ${name}`, 'COMMITTEE_STATE');
  };
  const key: DkgKey = {
    encryptionSecret: field('enc_sk', SCALAR_BYTES),
    encryptionKey: field('enc_pk', G1_BYTES),
    signingSecret: field('signing_sk', SCALAR_BYTES),
    signingKey: field('signing_pk', G2_BYTES),
  };
  assertPairs(engine, path, key);
  return key;
}

/** Errors: COMMITTEE_STATE, also when there is none. */
export function readDkgKey(engine: Engine, path: string): DkgKey {
  const key = findDkgKey(engine, path);
  if (key !== undefined) return key;
  throw new CommitteeError(
    'COMMITTEE_STATE',
    `${path} does not exist; run genkey-and-register first, or restore the file from your backup`,
  );
}

/** Makes fresh keys and writes them before anybody else learns of them. Error: FILE. */
export function createDkgKey(engine: Engine, random: RandomSource, path: string): DkgKey {
  const encryptionSecret = randomScalar(random);
  const signingSecret = randomScalar(random);
  const { g1, g2 } = engine;
  const key: DkgKey = {
    encryptionSecret,
    encryptionKey: g1.toBytes(g1.mul(g1.generator, encryptionSecret)),
    signingSecret,
    signingKey: g2.toBytes(g2.mul(g2.generator, signingSecret)),
  };
  const content = {
    enc_sk: hex(encryptionSecret),
    enc_pk: hex(key.encryptionKey),
    signing_sk: hex(signingSecret),
    signing_pk: hex(key.signingKey),
  };
  createPrivateFile(path, `${JSON.stringify(content, null, 2)}\n`);
  return key;
}

function assertPairs({ g1, g2 }: Engine, path: string, key: DkgKey): void {
  const pairs: [string, string, () => Uint8Array][] = [
    [
      'enc_pk',
      hex(key.encryptionKey),
      () => g1.toBytes(g1.mul(g1.generator, key.encryptionSecret)),
    ],
    ['signing_pk', hex(key.signingKey), () => g2.toBytes(g2.mul(g2.generator, key.signingSecret))],
  ];
  for (const [name, listed, compute] of pairs) {
    let computed: string;
    try {
      computed = hex(compute());
    } catch {
      throw new CommitteeError('COMMITTEE_STATE', `${path}: the secret of ${name} is no scalar`);
    }
    if (computed !== listed) {
      throw new CommitteeError('COMMITTEE_STATE', `${path}: ${name} does not belong to its secret`);
    }
  }
}
